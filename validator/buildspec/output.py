"""Where the output of a program goes: into the build's log, into a file, or to another program."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from validator.buildspec.calls import Call
from validator.buildspec.shell import Part, Script
from validator.buildspec.spec import Buildspec

# What is written there is in the log.
_SHOWN = frozenset({"/dev/stdout", "/dev/stderr", "/dev/tty", "/proc/self/fd/1", "/proc/self/fd/2"})
# Programs that write what they read.
COPIERS = frozenset({"cat", "tee"})
# Programs that write their words.
PRINTERS = frozenset({"echo", "printf"})


def is_silenced(buildspec: Buildspec) -> bool:
    """Whether a command sends the output of all that follow elsewhere: `exec > build.log`."""
    return any(call.program == "exec" and call.writes for call in buildspec.calls)


def logged(call: Call, *, copiers: frozenset[str] = COPIERS) -> bool:
    """Say whether what a call writes to its standard output surely ends in the build's log.

    Args:
        call: The call.
        copiers: Programs that write what they read, so that it is logged behind them, too.
    """
    part: Part | None = call.part
    while part is not None:
        found = destination(part)
        if isinstance(found, str):
            return found == "log"
        printed = found.kind == "command_substitution"
        part = _printer(found) if printed else found if program(found) in copiers else None
    return False


def destination(part: Part) -> "Destination":
    """Say where a program's standard output goes.

    Returns:
        The part of the pipeline that reads it, or the substitution that it is put in by.
    """
    return _destinations(part.script).get(_place(part), "unknown")


Destination = Part | Literal["log", "file", "unknown"]
_Place = tuple[int, int, str]
_SUBSTITUTIONS = frozenset({"command_substitution", "process_substitution"})
_ELSEWHERE = frozenset({"function_definition", "heredoc_redirect", "ERROR"})


def _place(part: Part) -> _Place:
    return part.start, part.end, part.kind


@lru_cache(maxsize=4)
def _destinations(script: Script) -> dict[_Place, Destination]:
    """Say it for all parts of a program, from the top: to ask for what is above one takes long in a long one."""
    found: dict[_Place, Destination] = {}
    waiting: list[tuple[Part, Destination]] = [(script.root, "log")]
    while waiting:
        part, goes = waiting.pop()
        if part.kind == "command" and _leave(part.fields("redirect")):
            goes = "file"
        found[_place(part)] = goes
        below = part.parts
        if part.kind == "pipeline":
            waiting += zip(below, (*below[1:], goes), strict=True)
        elif part.kind == "redirected_statement":
            body = part.field("body")
            redirects = tuple(one for one in below if one != body)
            inside = "file" if _leave(redirects) else _behind_here(redirects) or goes
            waiting += [(one, inside if one == body else goes) for one in below]
        else:
            inside = part if part.kind in _SUBSTITUTIONS else "unknown" if part.kind in _ELSEWHERE else goes
            waiting += [(one, inside) for one in below]
    return found


def program(part: Part) -> str:
    """Give the name of the program that a stage of a pipeline calls; empty if it is more than a call."""
    while part.kind == "redirected_statement" and (body := part.field("body")) is not None:
        part = body
    words = [one.text for one in part.parts if one.kind in {"command_name", "word"}] if part.kind == "command" else []
    while len(words) > 1 and (words[0] in {"sudo", "env", "command", "exec"} or words[0].startswith("-")):
        words = words[1:]
    return words[0].rpartition("/")[2] if words else ""


def _printer(substitution: Part) -> Part | None:
    """Give the call that prints what a substitution is replaced by; None if none is known to."""
    part: Part | None = substitution
    while part is not None and part.kind not in {"command", "variable_assignment", "test_command"}:
        part = part.parent
    return part if part is not None and part.kind == "command" and program(part) in PRINTERS else None


def _leave(redirects: Iterable[Part]) -> bool:
    """Say whether redirections take standard output away from the log."""
    for redirect in redirects:
        if redirect.kind == "heredoc_redirect":
            if _leave(redirect.parts):
                return True
            continue
        target = redirect.field("destination")
        if redirect.kind != "file_redirect" or target is None:
            continue
        sort = next((token.kind for token in redirect.tokens if set(token.kind) & {"<", ">"}), "")
        descriptor = redirect.field("descriptor")
        if ">" not in sort or (descriptor is not None and descriptor.text != "1"):
            continue
        if not (target.text in _SHOWN or (sort == ">&" and target.text in {"1", "2"})):
            return True
    return False


def _behind_here(redirects: Iterable[Part]) -> Part | None:
    """Give what reads the output of a program behind whose here-document a pipe stands."""
    for redirect in redirects:
        for below in redirect.parts if redirect.kind == "heredoc_redirect" else ():
            if below.kind == "pipeline" and below.parts:
                return below.parts[0]
    return None
