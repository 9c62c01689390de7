"""Rule buildspec-secret-transform."""

from collections.abc import Iterator
from typing import NamedTuple

from validator.buildspec import Buildspec
from validator.buildspec.calls import Call
from validator.buildspec.credentials import put_in
from validator.buildspec.output import PRINTERS, destination, is_silenced, logged
from validator.buildspec.shell import Part
from validator.document import Node
from validator.project.secrets import Held, held, secret_like
from validator.rule import Finding, Severity, rule

# What they write, anybody can turn back, or holds parts of what they read.
_PROGRAMS = frozenset({"base64", "base32", "rev", "xxd", "od", "hexdump", "cut", "fold", "tr", "gzip", "jq"})
_HELP = "keep it out of the log; to compare two secrets, write their checksums"


@rule("buildspec-secret-transform", Severity.WARNING)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A secret is written into the log in another form, which CodeBuild does not hide.

    CodeBuild looks for the value of a secret word for word. In base64, backwards, cut into pieces, or taken out of a
    document, it is not found.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      secrets-manager:
        DB_PASSWORD: prod/db:password
    phases:
      build:
        commands:
          - echo "$DB_PASSWORD" | base64
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      secrets-manager:
        DB_PASSWORD: prod/db:password
    phases:
      build:
        commands:
          - echo "$DB_PASSWORD" | base64 > password.b64
          - echo "$DB_PASSWORD" | sha256sum
    ```
    """
    secrets = held(buildspec)
    if not secrets or is_silenced(buildspec):
        return
    calls = {call.part: call for call in buildspec.calls}
    for call in buildspec.calls:
        for name, part, whole in put_in(call) if call.program in PRINTERS else ():
            if (one := secrets.get(name)) is None:
                continue
            reader = destination(call.part)
            while not isinstance(reader, str) and reader.kind == "redirected_statement":
                reader = reader.field("body") or "unknown"
            changing = calls.get(reader) if not isinstance(reader, str) else None
            if not whole and logged(call):
                yield _finding(part.node, f"a part of {name!r} is written into the log", one)
            elif changing is not None and _changes(changing, one) and logged(changing):
                at = changing.parts[0].node
                yield _finding(
                    at, f"{name!r} is written into the log in the form that {changing.program!r} gives it", one
                )
        for name, part in _fed(call) if call.program in _PROGRAMS else ():
            if (one := secrets.get(name)) is not None and _changes(call, one) and logged(call):
                at = part.node
                yield _finding(at, f"{name!r} is written into the log in the form that {call.program!r} gives it", one)


def _finding(at: Node, message: str, secret: Held) -> Finding:
    return Finding(
        at, f"{message}, where CodeBuild does not know it", _HELP, related=((secret.node, "it is from here"),)
    )


class _Fed(NamedTuple):
    name: str
    part: Part


def _fed(call: Call) -> Iterator[_Fed]:
    """Yield the variables that a program reads from a word behind `<<<`."""
    for redirect in _redirects(call.part):
        for part in redirect.walk() if redirect.kind == "herestring_redirect" else ():
            if part.kind == "variable_name":
                yield _Fed(part.text, part.parent or part)


def _redirects(part: Part) -> tuple[Part, ...]:
    above = part.parent
    return (*part.fields("redirect"), *(above.parts if above and above.kind == "redirected_statement" else ()))


def _changes(call: Call, secret: Held) -> bool:
    """Whether a program writes what it reads in another form, from which the secret can be had."""
    if call.program != "jq":
        return call.program in _PROGRAMS and not ({("-d",), ("--decode",)} & {*call.words} and call.program == "tr")
    # Of a document, one of its values: `.password`.
    filters = [word[0] for word in call.words[1:] if not word[0].startswith("-")]
    return secret.whole and any(secret_like(each) for each in filters)
