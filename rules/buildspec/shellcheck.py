"""Rule shellcheck."""

from collections.abc import Iterator

from validator.buildspec.shellcheck import ShellcheckError, remarks
from validator.buildspec.spec import Buildspec
from validator.rule import Finding, Result, Severity, Undecided, rule


@rule("shellcheck", Severity.ERROR, default=False)
def check(buildspec: Buildspec, *, seconds: float = 30.0) -> Iterator[Result]:
    """A command does not hold up to shellcheck.

    Runs only if it is selected by its id, and where the program `shellcheck` is found; `pip install
    'stackproof[shellcheck]'` brings it. Its findings are reported with its own codes; its info and style are notes.
    Left out are SC1090, SC1091, SC2034, SC2086 and SC2154, which say little of commands whose variables and files come
    from elsewhere, and SC2164 at the end of a command, which fails as its `cd` does.

    A buildspec that takes shellcheck longer than `seconds` is listed as undecided.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - rm -rf "$STEAMROOT/"*
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - rm -rf "${STEAMROOT:?}/"*
    ```
    """
    try:
        found = remarks(buildspec, seconds=seconds)
    except ShellcheckError as error:
        yield Undecided(buildspec.node, str(error))
        return
    for remark in found:
        url = f"https://www.shellcheck.net/wiki/{remark.code}"
        yield Finding(remark.at, remark.message, url, severity=Severity(remark.level), code=remark.code)
