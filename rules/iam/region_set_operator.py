"""Rule iam-region-set-operator."""

from collections.abc import Iterator

from validator.iam.guards import (
    always_present,
    has_twin,
    is_spelled_out,
    operator_at,
    operator_key,
    region_tests,
)
from validator.iam.policy import Statement
from validator.rule import Edit, Finding, Severity, rule


@rule("iam-region-set-operator", Severity.WARNING)
def check(statement: Statement) -> Iterator[Finding]:
    """A condition compares the requested region as if there were several.

    `ForAllValues` and `ForAnyValue` are for keys with several values. A request is made in one region, so the plain
    operator says the same of `aws:RequestedRegion`, and does not look like the hole that `ForAllValues` is where a key
    is absent. `ec2:Region` is absent in all requests but EC2's.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*",
       "Condition": {"ForAllValues:StringEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*",
       "Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}}]}
    ```
    """
    for test in region_tests(statement):
        if test.quantifier and test.operator.family == "string":
            prefix, _, plain = test.written.partition(":")
            at, operator = operator_at(test), operator_key(test)
            # Under an operator of their own they are the same; other keys may need the prefix.
            same = always_present(test, statement) and not has_twin(test, statement)
            fix = (Edit.value(operator, plain),) if same and is_spelled_out(operator) else ()
            advice = f"write {plain!r}" if at == operator else f"compare it by {plain!r}, apart from the other keys"
            yield Finding(at, f"{prefix!r} is for keys with several values, and {test.name} has one", advice, fix=fix)
