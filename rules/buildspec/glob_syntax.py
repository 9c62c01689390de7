"""Rule buildspec-glob-syntax."""

from collections.abc import Iterator

from validator.buildspec.spec import Buildspec
from validator.rule import Finding, Severity, rule

_CLOSING = {"[": "]", "{": "}"}


@rule("buildspec-glob-syntax", Severity.WARNING)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A pattern for files has a bracket that nothing closes.

    It stands for itself then, which hardly any file is called, or the whole pattern is refused.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    artifacts:
      files:
        - 'dist/*.[ch'
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    artifacts:
      files:
        - 'dist/*.[ch]'
    ```
    """
    for node in buildspec.globs():
        if isinstance(node.value, str) and not buildspec.is_open(node) and (bracket := _unclosed(node.value)):
            yield Finding(
                node, f"{bracket!r} has no partner", f"write {_CLOSING.get(bracket, bracket)!r} where it ends"
            )


def _unclosed(glob: str) -> str:
    """Give the first bracket without a partner; what a shell would put in is not looked at."""
    if "$" in glob or "`" in glob:
        return ""
    waiting: list[str] = []
    for character in glob:
        if character in _CLOSING:
            waiting.append(character)
        elif waiting and character == _CLOSING[waiting[-1]]:
            waiting.pop()
    return waiting[0] if waiting else ""
