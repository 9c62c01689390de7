"""Rule buildspec-unpinned-image."""

from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.buildspec.downloads import images, is_pinned
from validator.rule import Finding, Severity, rule

_HELP = "name a version, or a digest"


@rule("buildspec-unpinned-image", Severity.WARNING, default=False)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A build runs whatever container image is the newest on its day.

    An image without a tag is `latest`, and a tag can be moved to another image: only a digest names one for good.
    Images that the build makes itself are left out, as are AWS's images for CodeBuild.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - docker run --rm -v $PWD:/src hadolint/hadolint hadolint /src/Dockerfile
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - docker run --rm -v $PWD:/src hadolint/hadolint:v2.14.0 hadolint /src/Dockerfile
          - docker build -t app .
          - docker run --rm app make test
    ```
    """
    own = set(_made(buildspec))
    for call in buildspec.calls:
        for image in images(call):
            if not is_pinned(image.name) and image.name.partition(":")[0] not in own:
                yield Finding(image.part.node, f"{image.name!r} is another image from day to day", _HELP)
    for task in buildspec.tasks():
        node = task.get("env", "image")
        if node is not None and isinstance(node.value, str) and "$" not in node.value:
            if node.value.startswith("aws/codebuild/") or "@" in node.value:
                continue
            message = f"the tag of {node.value!r} can be moved to another image"
            yield Finding(node, message, "add the digest: 'name@sha256:…'")


def _made(buildspec: Buildspec) -> Iterator[str]:
    """Yield the names of the images that the build makes itself; an unknown part of one is `*`."""
    for call in buildspec.calls:
        if call.starts("docker", "build") or call.starts("docker", "buildx"):
            for name in (*(call.option("-t", "--tag") or ()), "" if call.option("-t", "--tag") else "*"):
                yield name.partition(":")[0]
        elif call.starts("docker", "tag") or call.starts("docker", "load"):
            yield from (word[0].partition(":")[0] for word in call.words[2:])
