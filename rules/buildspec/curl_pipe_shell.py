"""Rule buildspec-curl-pipe-shell."""

import re
from collections.abc import Iterator, Mapping

from validator.buildspec import Buildspec
from validator.buildspec.calls import Call
from validator.buildspec.downloads import downloads, is_local
from validator.buildspec.output import destination
from validator.buildspec.shell import Part
from validator.rule import Finding, Severity, rule

_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash"})
_RUNNERS = re.compile(r"(?:ba|da|z|k|a)?sh|python[23]?(?:\.\d+)?|perl|ruby|node")
# What hands on what it reads, as it is or unpacked.
_COPIERS = frozenset({"cat", "tee", "gunzip", "zcat", "tr"})
_HELP = "download it, compare its checksum with one that stands here, and run it then"


@rule("buildspec-curl-pipe-shell", Severity.WARNING)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A build runs what a server answers, whatever that is.

    Nobody has seen it, no checksum holds it to what it was, and a connection that breaks leaves half a program that is
    run all the same.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        commands:
          - curl -sSL https://example.com/install.sh | bash
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        commands:
          - curl -fsSLo install.sh https://example.com/install.sh
          - echo "$INSTALL_SHA256  install.sh" | sha256sum -c
          - bash install.sh
          - curl -fsS https://example.com/status | python3 -m json.tool
    ```
    """
    calls = {call.part: call for call in buildspec.calls}
    for call in buildspec.calls:
        for found in downloads(call):
            if is_local(found.address) and "*" not in found.address:
                continue
            if (runner := _runner(call, calls)) is not None:
                message = f"{runner!r} runs what {found.part.text.strip(chr(34) + chr(39))!r} answers, whatever it is"
                yield Finding(found.part.node, message, _HELP)
            break


def _runner(call: Call, calls: Mapping[Part, Call]) -> str | None:
    """Give the program that runs what a call writes; None if none is seen to."""
    part: Part | None = call.part
    while part is not None:
        found = destination(part)
        if isinstance(found, str):
            return None
        if found.kind in {"command_substitution", "process_substitution"}:
            return _run_by(found, calls)
        while found.kind == "redirected_statement" and (body := found.field("body")) is not None:
            found = body
        reader = calls.get(found)
        if reader is None:
            return None
        words = _unwrapped(reader)
        if _RUNNERS.fullmatch(words[0]):
            return words[0] if _reads(words) else None
        part = found if words[0] in _COPIERS else None
    return None


def _run_by(substitution: Part, calls: Mapping[Part, Call]) -> str | None:
    """Give the shell that runs what a substitution is replaced by: `sh -c "$(…)"`, `bash <(…)`, `eval "$(…)"`."""
    part: Part | None = substitution
    while part is not None and part.kind not in {"command", "variable_assignment", "test_command"}:
        part = part.parent
    call = calls.get(part) if part is not None else None
    if call is None:
        return None
    words = _unwrapped(call)
    at = next((at for at, place in enumerate(call.parts) if place.start <= substitution.start < place.end), 0)
    if words[0] == "eval" or (words[0] in {"source", "."} and substitution.kind == "process_substitution"):
        return words[0]
    if words[0] not in _SHELLS or not at:
        return None
    before = call.words[at - 1][0]
    run = (
        re.fullmatch("-[a-z]*c", before)
        if substitution.kind == "command_substitution"
        else call.parts[at].text[:1] == "<"
    )
    return words[0] if run else None


def _unwrapped(call: Call) -> list[str]:
    """Give the words of a call, without `sudo -E` and its like before them."""
    words = [word[0] for word in call.words]
    if words[0] in {"sudo", "env", "exec"}:
        while len(words) > 1 and (words[0] in {"sudo", "env", "exec"} or words[0].startswith("-") or "=" in words[0]):
            words = words[1:]
    return [words[0].rpartition("/")[2], *words[1:]]


def _reads(words: list[str]) -> bool:
    """Whether a shell, or its like, reads its program from standard input."""
    for word in words[1:]:
        if word in {"-s", "-", "/dev/stdin"} or (words[0] in _SHELLS and re.fullmatch("-[a-z]*s", word)):
            return True
        if (re.fullmatch("-[a-zA-Z]*[cme]|--.*", word) and word not in {"-e", "--login"}) or not word.startswith("-"):
            return False
    return True
