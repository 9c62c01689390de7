"""Rule iam-region-operator-type."""

from collections.abc import Iterator

from validator.iam.condition import Atom
from validator.iam.guards import is_pattern, names, operator_at, region_tests
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule


@rule("iam-region-operator-type", Severity.ERROR)
def check(statement: Statement) -> Iterator[Finding]:
    """A condition compares the requested region by an operator for another type.

    A region is a string. What an operator for ARNs, numbers, dates, Booleans, addresses or binary values makes of it is
    not documented, and tools that imitate AWS do not agree. The right operator can change what the policy does, so it
    is not put in unasked.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Action": "*", "Resource": "*",
       "Condition": {"ArnNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Action": "*", "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}}]}
    ```
    """
    for test in region_tests(statement):
        if test.operator.family not in {"string", "null"}:
            message = f"{test.written!r} compares {_COMPARED[test.operator.family]}, and {test.name} is a string"
            yield Finding(operator_at(test), message, f"write {_meant(test)}")


_COMPARED = {
    "arn": "ARNs",
    "number": "numbers",
    "date": "dates",
    "bool": "Booleans",
    "ip": "addresses",
    "binary": "binary values",
}


def _meant(test: Atom) -> str:
    if test.operator.family == "bool" or test.operator.compare not in "=!":
        return "'StringEquals' or 'StringNotEquals'"
    like = any(is_pattern(str(node.value)) for node in names(test))
    return repr(f"String{'Not' if test.operator.negated else ''}{'Like' if like else 'Equals'}")
