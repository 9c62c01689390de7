"""Rule buildspec-env-not-expanded."""

import re
from collections.abc import Iterator

from validator.buildspec.spec import Buildspec, Variable
from validator.document import Region
from validator.rule import Finding, Severity, rule

_REFERENCE = re.compile(r"(?<![\\$])\$(?:[A-Za-z_]\w*|\{[A-Za-z_][^{}]{0,100}\}|\([^)]*\)?)|`[^`]+`")
# What programs read without being told.
_READ_ANYWAY = re.compile(r"(?:.*_)?(?:PATH|HOME)|[A-Z]+PATH|TMPDIR")
# What may well put in values later on.
_EXPANDS = re.compile(
    r"\b(?:eval|envsubst|gomplate|dockerize)\b|\b(?:sh|bash|dash|zsh|cmd|powershell)\s+[-/][A-Za-z]*c\b|@P\}"
)
_SHOWS = re.compile(r"\s*(?:echo|printf)\b[^;&|>]*")


@rule("buildspec-env-not-expanded", Severity.WARNING)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A variable is set to text with a `$`, and nothing expands it.

    CodeBuild takes the values in `env.variables` as they stand. `$PATH:/opt/bin` replaces the path by that very text,
    and no program is found any more; `cd $DIR` looks for a folder that is called `$HOME`.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      variables:
        PATH: $PATH:/opt/tool/bin
    phases:
      build:
        commands:
          - tool
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - export PATH=$PATH:/opt/tool/bin
          - tool
    ```
    """
    commands = [command.text for command in buildspec.commands() if command.text]
    if any(_EXPANDS.search(text) for text in commands):
        return
    for variable in buildspec.variables():
        text = variable.node.value
        if variable.source != "plaintext" or not isinstance(text, str) or buildspec.is_open(variable.node):
            continue
        found = _REFERENCE.search(text)
        if found and _is_used(variable, text, commands):
            characters = variable.node.characters
            at = variable.node
            if len(characters) == len(text):
                at = at.pin(Region(characters[found.start()].start, characters[found.end() - 1].end))
            message = f"{found[0]!r} stays as it is in {variable.name}: CodeBuild expands nothing here"
            yield Finding(at, message, f"set it in a command: export {variable.name}=…")


def _is_used(variable: Variable, text: str, commands: list[str]) -> bool:
    """Say whether the value is used as it is, where something else must be meant: as a path, or part of a name."""
    name = re.escape(variable.name)
    if any(re.search(rf"(?<![\w$]){name}=|\bread\b[^;&|\n]{{0,80}}\b{name}\b", each) for each in commands):
        return False
    if _READ_ANYWAY.fullmatch(variable.name):
        return True
    use = re.compile(rf"\$(?:{name}\b|\{{{name}\b)")
    used = [each for each in commands if use.search(each) and not _SHOWS.fullmatch(each)]
    in_folder = any(re.search(rf"(?:\bcd\s+[\"']?{use.pattern}|{use.pattern}\}}?[\"']?/)", each) for each in used)
    return in_folder or bool(used and ("/" in text or _is_substitution(text)))


def _is_substitution(text: str) -> bool:
    return text.startswith(("$(", "`"))
