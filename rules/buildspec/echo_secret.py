"""Rule buildspec-echo-secret."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from validator.buildspec import Buildspec, Command
from validator.buildspec.calls import Call
from validator.buildspec.credentials import put_in
from validator.buildspec.flow import Assigned
from validator.buildspec.output import COPIERS, PRINTERS, is_silenced, logged
from validator.buildspec.shell import Part
from validator.project.secrets import Held, held
from validator.rule import Finding, Severity, rule

# Of AWS's own: what CodeBuild does not hide, as it does the id of an access key.
_OF_AWS = frozenset({"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
_COPIERS = COPIERS | {"sort"}
_HELP = "to see that it is there, write '${%s:+set}'"


@rule("buildspec-echo-secret", Severity.ERROR)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A command writes a secret into the log.

    Whoever may read the log of the build then has it. What CodeBuild fetches itself, by `parameter-store` and
    `secrets-manager`, it writes as `***`, where it stands word for word: for that it is a warning. What a command
    fetches, it knows nothing of.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - TOKEN=$(aws secretsmanager get-secret-value --secret-id ci --query SecretString --output text)
          - echo "using $TOKEN"
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - TOKEN=$(aws secretsmanager get-secret-value --secret-id ci --query SecretString --output text)
          - echo "the token is ${TOKEN:+set}"
          - echo "$TOKEN" | docker login --username ci --password-stdin registry.example.com
    ```
    """
    secrets = held(buildspec)
    if is_silenced(buildspec) or not (secrets or any(used.name in _OF_AWS for used in buildspec.flow.used)):
        return
    for call in buildspec.calls:
        shown = dict(_printed(call, secrets))
        if shown and logged(call):
            yield from (_finding(buildspec, call, name, at, secrets) for name, at in shown.items())
    if unmasked := [name for name, one in secrets.items() if not one.masked]:
        yield from _dumped(buildspec, unmasked)
        yield from _traced(buildspec, unmasked)


def _printed(call: Call, secrets: Mapping[str, Held]) -> Iterator[tuple[str, Part]]:
    """Yield the secrets that a call prints, and where it names them."""
    if call.program in PRINTERS and call.words[1:2] != (("-v",),):
        for name, part, whole in put_in(call):
            if whole and (name in secrets or name in _OF_AWS):
                yield name, part
    elif call.program == "printenv" and len(call.words) == 2:
        (name, *_), part = call.words[1], call.parts[1]
        if name in secrets or name in _OF_AWS:
            yield name, part


def _finding(buildspec: Buildspec, call: Call, name: str, at: Part, secrets: Mapping[str, Held]) -> Finding:
    one, advice = secrets.get(name), _HELP % name
    if one is None:
        # The build has its rights without these variables; a project or a command may set them.
        certain = any(assigned.name == name for assigned in buildspec.flow.assigned)
        return Finding(at.node, f"{name!r} is written into the log", advice, None if certain else Severity.WARNING)
    related = ((one.node, "it is fetched here"),)
    if one.masked:
        message = f"{name!r} is written into the log, where CodeBuild hides it only if it stands there word for word"
        return Finding(at.node, message, advice, Severity.WARNING, related=related)
    severity = None if one.lasting and not call.perhaps else Severity.WARNING
    message = f"{name!r} is written into the log in clear: CodeBuild hides only what it fetches itself"
    return Finding(at.node, message, advice, severity, related=related)


def _dumped(buildspec: Buildspec, names: list[str]) -> Iterator[Finding]:
    """Report calls that print all variables, behind the commands that set these and export them."""
    order = {command: at for at, command in enumerate(buildspec.commands())}

    def place(command: Command | None, part: Part) -> tuple[int, int]:
        return (order[command] if command is not None else -1, part.start)

    known = [(place(one.command, one.part), one) for one in buildspec.flow.assigned if one.name in names]
    first = {"set": min(known, default=None, key=_first)}
    first["env"] = first["printenv"] = min((pair for pair in known if pair[1].exported), default=None, key=_first)
    for call in buildspec.calls:
        found = first.get(call.program) if len(call.words) == 1 else None
        if found is not None and found[0] < place(call.command, call.part) and logged(call, copiers=_COPIERS):
            message = f"{call.program!r} writes all variables into the log, {found[1].name!r} among them"
            yield Finding(call.node, message, "name the variables that matter", Severity.WARNING)


def _first(pair: tuple[tuple[int, int], Assigned]) -> tuple[int, int]:
    return pair[0]


def _traced(buildspec: Buildspec, names: list[str]) -> Iterator[Finding]:
    """Report `set -x` where the rest of the command sets or uses one of these, up to `set +x`."""
    places = [(one.command, one.name, one.part) for one in buildspec.flow.assigned]
    places += [(one.command, one.name, one.part) for one in buildspec.flow.used]
    seen: dict[Command | None, list[tuple[int, str]]] = defaultdict(list)
    for command, name, part in places:
        if name in names:
            seen[command].append((part.start, name))
    tracing: dict[Command | None, Call] = {}
    for call in buildspec.calls:
        if call.program != "set":
            continue
        if _sets(call, "-"):
            tracing.setdefault(call.command, call)
        elif _sets(call, "+") and (begun := tracing.pop(call.command, None)) is not None:
            yield from _trace(begun, call.part.start, seen[call.command])
    for command, begun in tracing.items():
        yield from _trace(begun, len(begun.part.script.text), seen[command])


def _trace(call: Call, end: int, seen: list[tuple[int, str]]) -> Iterator[Finding]:
    name = next((name for at, name in sorted(seen) if call.part.end < at < end), None)
    if name is not None:
        message = f"from here on the shell writes each command into the log, with {name!r} put in"
        yield Finding(call.node, message, "leave it out, or write 'set +x' before", Severity.WARNING)


def _sets(call: Call, sign: str) -> bool:
    words = [word[0] for word in call.words]
    short = any(word[:1] == sign and word[1:].isalpha() and "x" in word for word in words[1:])
    return short or (f"{sign}o", "xtrace") in pairwise(words)
