"""Rule buildspec-docker-push-untagged."""

from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.buildspec.calls import Call
from validator.buildspec.shell import Part
from validator.rule import Finding, Severity, rule

_ALL = frozenset({"-a", "--all-tags"})


@rule("buildspec-docker-push-untagged", Severity.WARNING)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """An image is tagged, and pushed without a tag.

    Without a tag `docker push` pushes `latest`, which is another image, or none at all: "An image does not exist
    locally with the tag". Before version 20.10 it pushed all tags.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - docker build -t web .
          - docker tag web $REPOSITORY:$VERSION
          - docker push $REPOSITORY
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - docker build -t web .
          - docker tag web $REPOSITORY:$VERSION
          - docker push $REPOSITORY:$VERSION
    ```
    """
    calls = buildspec.calls
    given = [(call, part, _plain(part)) for call in calls for part in _tags(call)]
    names = {text for _, _, text in given}
    for call in calls:
        if not call.starts("docker", "push") or any(word[0] in _ALL for word in call.words):
            continue
        part = call.parts[-1]
        name = _plain(part)
        tagged = [(other, other_part) for other, other_part, text in given if text.startswith(name + ":")]
        if tagged and not names & {name, name + ":latest"}:
            shown = _plain(tagged[0][1])
            yield Finding(
                part.node,
                f"{name!r} is pushed as 'latest', and tagged {shown.removeprefix(name + ':')!r}",
                f"push {shown!r}, or all tags with '--all-tags'",
                related=((tagged[0][1].node, "it is tagged here"),),
            )


def _tags(call: Call) -> Iterator[Part]:
    """Yield the words that name the images that a call makes or tags."""
    if call.starts("docker", "tag"):
        yield call.parts[-1]
    elif call.starts("docker", "build") or call.starts("docker", "buildx", "build"):
        for at, word in enumerate(call.words[:-1]):
            if word in {("-t",), ("--tag",)}:
                yield call.parts[at + 1]


def _plain(part: Part) -> str:
    """Give a word as it is written, without quotes and braces."""
    return part.text.translate({ord(letter): None for letter in "\"'{}"})
