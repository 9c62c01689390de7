"""Rule buildspec-ref-injection."""

import re
from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.buildspec.calls import Call
from validator.buildspec.flow import Assigned
from validator.buildspec.shell import Part
from validator.rule import Finding, Severity, rule

# Names of branches and tags: whoever opens a pull request chooses them. Source: environment variables in builds.
_CHOSEN = frozenset({"CODEBUILD_WEBHOOK_HEAD_REF", "CODEBUILD_WEBHOOK_BASE_REF", "CODEBUILD_WEBHOOK_TRIGGER"})
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash"})
# Programs that run a text, by the option in front of it.
_RUN = {**dict.fromkeys(_SHELLS, re.compile(r"-[a-z]*c")), "python": re.compile("-c"), "python3": re.compile("-c")}
_CLEANED = frozenset({"//", "/", ":+", "+", ":"})
_RUN |= {"node": re.compile("-e|--eval|-p|--print"), "perl": re.compile("-[a-z]*e"), "ruby": re.compile("-e")}


@rule("buildspec-ref-injection", Severity.WARNING)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A branch's name is put into a text that is run as a program.

    Who opens a pull request chooses the name of its branch. Git allows `$(…)`, `;` and `|` in it, and what stands there
    is run with the rights of the build. As a word of its own, `git checkout "$REF"`, it does no harm.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - bash -c "./deploy.sh $CODEBUILD_WEBHOOK_HEAD_REF"
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - bash -c './deploy.sh "$1"' deploy "$CODEBUILD_WEBHOOK_HEAD_REF"
          - ./deploy.sh "$CODEBUILD_WEBHOOK_HEAD_REF"
    ```
    """
    tainted = _tainted(buildspec)
    for call in buildspec.calls:
        for program in _programs(call):
            for name, at in _read(program):
                if name in tainted:
                    origin = "" if name in _CHOSEN else f", which comes from {tainted[name]!r},"
                    message = f"{name!r}{origin} is put into a text that is run: a branch's name can be a program"
                    yield Finding(
                        at.node, message, "hand it over as a word of its own, and leave it out of the program"
                    )


def _programs(call: Call) -> Iterator[Part]:
    """Yield the words of a call that are run as programs."""
    if call.program == "eval":
        yield from call.parts[1:]
        return
    words = [word[0].rpartition("/")[2] for word in call.words]
    for at, word in enumerate(words[:-2]):
        if word in _RUN and _RUN[word].fullmatch(words[at + 1]):
            yield call.parts[at + 2]


def _tainted(buildspec: Buildspec) -> dict[str, str]:
    """Give the variables that hold such a name, or a part of one, with the one that it is from."""
    found = {name: name for name in _CHOSEN}
    for assigned in buildspec.flow.assigned:
        if assigned.name not in _CHOSEN and (value := _value(assigned)) is not None:
            for name, _ in _read(value):
                if name in found:
                    found.setdefault(assigned.name, found[name])
    return found


def _value(assigned: Assigned) -> Part | None:
    statement = assigned.part.parent
    return statement.field("value") if statement is not None and statement.kind == "variable_assignment" else None


def _read(part: Part) -> Iterator[tuple[str, Part]]:
    """Yield the variables that are put into a word as they are, but for what other programs make of them."""
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if one.kind in {"simple_expansion", "expansion"}:
            name = next((below for below in one.parts if below.kind == "variable_name"), None)
            # `${REF//[^a-z]/}` may leave nothing that does harm; `${#REF}` and `${REF:+x}` leave nothing of it.
            kinds = [token.kind for token in one.tokens[1:]]
            if name is not None and kinds[0] != "#" and not _CLEANED.intersection(kinds):
                yield name.text, one
        elif one.kind not in {"command_substitution", "process_substitution", "arithmetic_expansion"}:
            waiting += reversed(one.parts)
