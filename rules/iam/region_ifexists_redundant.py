"""Rule iam-region-ifexists-redundant."""

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


@rule("iam-region-ifexists-redundant", Severity.NOTE)
def check(statement: Statement) -> Iterator[Finding]:
    """A condition allows for a request without a region, which there is not.

    Every request carries `aws:RequestedRegion`, and every one to EC2 `ec2:Region`, so `IfExists` changes nothing: the
    plain operator says the same, and does not look like a hole. Where it serves another key under the same operator,
    or `ec2:Region` in a statement about more than EC2, it is not reported.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*",
       "Condition": {"StringEqualsIfExists": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*",
       "Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}}]}
    ```
    """
    for test in region_tests(statement):
        if test.if_exists and test.operator.family == "string" and always_present(test, statement):
            operator, plain = operator_key(test), test.written[: -len("IfExists")]
            same = not has_twin(test, statement) and is_spelled_out(operator)
            fix = (Edit.value(operator, plain),) if same else ()
            every = "every request to EC2" if test.key == "ec2:region" else "every request"
            message = f"{test.name} is in {every}, so that 'IfExists' changes nothing"
            yield Finding(operator_at(test), message, f"write {plain!r}", fix=fix)
