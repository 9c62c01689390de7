"""Rule environment-impossible-expectation."""

from collections.abc import Iterator

from validator.environment import Check, EnvironmentSpec, read
from validator.environment.checks import Wait
from validator.environment.possible import impossible, kinds
from validator.rule import Finding, Severity, rule


@rule("environment-impossible-expectation", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A check asks for what nothing can be: a range without values, one of no values, a wait without a second look.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: size, resource: Group, expect: {MaxSize: {between: [5, 1]}}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: size, resource: Group, expect: {MaxSize: {between: [1, 5]}}}
    ```
    """
    waits: dict[object, Wait] = {}
    for one in read(spec)[0].checks:
        for each in (one, one.also):
            if each is not None:
                yield from _asked(each)
        if one.wait is not None:
            waits.setdefault(one.wait.at, one.wait)
    for wait in waits.values():
        yield from _waited(wait)


def _asked(one: Check) -> Iterator[Finding]:
    for matcher in one.matchers:
        for at, message in impossible(matcher):
            yield Finding(at, message, "write what the value can be")
    # Of a plain value that is no number, environment-shape says so.
    if one.count is not None and one.count.at != one.at.get("count") and "number" not in kinds(one.count):
        yield Finding(one.count.at, "a count is a number, which this never matches", "write a number, without quotes")
    count = one.count.operand if one.count is not None else None
    if one.count is not None and isinstance(count, int | float):
        operator = one.count.operator
        if (operator in {"equals", "lt", "lte"} and count < 0) or (operator == "lt" and count == 0):
            yield Finding(one.count.at, "there cannot be fewer than none", "write a count from 0")
    expect = one.at.get("expect")
    if one.absent and expect is not None and one.kind != "resources":
        yield Finding(expect.key, "nothing can be expected of what must be absent", "remove `expect` or `absent`")


def _waited(wait: Wait) -> Iterator[Finding]:
    interval = wait.at.get("interval")
    if interval is None or wait.interval is None or wait.timeout is None or wait.interval <= wait.timeout:
        return
    message = f"an interval of {wait.interval:g} s leaves no second look within {wait.timeout:g} s"
    yield Finding(interval, message, "write an interval that is shorter than the timeout")
