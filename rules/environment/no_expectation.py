"""Rule environment-no-expectation."""

from collections.abc import Iterator

from validator.document import Node
from validator.environment import Check, EnvironmentSpec, read
from validator.environment.matchers import Matcher
from validator.environment.possible import always
from validator.rule import Finding, Severity, rule

# Asked for one thing by its name, these fail if there is none.
_OF_ONE = ("get_", "head_")


@rule("environment-no-expectation", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A check cannot fail: nothing is expected, or only what is always so.

    It looks as if something were guarded.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: groups
      call: ec2.describe_security_groups
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: groups
      call: ec2.describe_security_groups
      select: SecurityGroups
      count: {gte: 1}
    ```
    """
    for one in read(spec)[0].checks:
        if one.literal:
            continue
        for each in (one, one.also):
            if each is not None:
                yield from _call(each)
                yield from _vacuous(each)


def _call(one: Check) -> Iterator[Finding]:
    if one.call is None or one.expected or one.count is not None or one.also is not None:
        return
    if one.at.get("absent") is not None:
        return
    given = bool(one.call.parameters)
    if given and one.call.operation.startswith(_OF_ONE):
        return
    message = "nothing is expected of what the call answers"
    # With parameters some operations refuse what does not exist, and others answer with an empty list.
    yield Finding(
        _named(one), message, "add `expect`, `count` or `absent`", severity=Severity.WARNING if given else None
    )


def _named(one: Check) -> Node:
    return one.call.at if one.call is not None else one.at


def _vacuous(one: Check) -> Iterator[Finding]:
    for matcher in one.matchers:
        if always(matcher) or (matcher is one.count and _any_number(matcher)):
            yield Finding(matcher.at, "this holds whatever is found", "say what must be so")


def _any_number(matcher: Matcher) -> bool:
    """Say whether any number of things will do."""
    operand = matcher.operand
    if not isinstance(operand, int | float) or isinstance(operand, bool):
        return False
    return (matcher.operator == "gte" and operand <= 0) or (matcher.operator == "gt" and operand < 0)
