"""Rule environment-regex-invalid."""

import re
from collections.abc import Iterator

from validator.cloudformation import patterns
from validator.environment import EnvironmentSpec, read
from validator.environment.references import is_open
from validator.rule import Finding, Severity, rule


@rule("environment-regex-invalid", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A regular expression is broken, or cannot be matched in bounded time.

    Expressions are matched against the whole of a text, without backtracking, so that none hangs. Look-behind, named
    groups, word boundaries and back-references are not known; `(?i)` may stand at the start.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: url, output: Url, expect: {matches: "https://[a-z.+"}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: url, output: Url, expect: {matches: "https://[a-z.]+"}}
    ```
    """
    for one in read(spec)[0].checks:
        for each in (one, one.also):
            for matcher in (found for whole in (each.matchers if each else ()) for found in whole.walk()):
                pattern = matcher.operand
                if matcher.operator != "matches" or not isinstance(pattern, str) or is_open(pattern):
                    continue
                if patterns.matches(pattern, "") is None:
                    yield Finding(matcher.at, *_told(pattern))


def _told(pattern: str) -> tuple[str, str]:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"{pattern!r} is no regular expression: {error}", "mend it"
    advice = (
        "write it without look-behind, named groups, boundaries, back-references and large repetitions of repetitions"
    )
    return f"{pattern!r} cannot be matched in bounded time", advice
