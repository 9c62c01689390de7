"""Rule iam-region-case-sensitive-value."""

from collections.abc import Iterator

from validator.iam.guards import is_pattern, is_spelled_out, known_regions, matching, may_add, names, region_tests
from validator.iam.policy import Statement
from validator.rule import Edit, Finding, Severity, rule
from validator.settings import Settings


@rule("iam-region-case-sensitive-value", Severity.ERROR)
def check(statement: Statement, *, settings: Settings) -> Iterator[Finding]:
    """A condition names a region in capital letters, which its operator does not take for the region.

    Names of regions are in small letters, and values are compared with their case, other than keys. So no request has
    this value.

    It is corrected unasked where that opens nothing, as in iam-region-unknown-value: in a list of denied regions, or
    where the region is one of the `approved-regions`.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*",
       "Condition": {"StringEquals": {"aws:RequestedRegion": ["EU-Central-1", "eu-west-1"]}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*",
       "Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}}]}
    ```
    """
    for test in region_tests(statement):
        if test.operator.family != "string" or test.operator.ignore_case:
            continue
        for node in names(test):
            text, right = str(node.value), str(node.value).lower()
            if text == right or (is_pattern(text) and not test.operator.like):
                continue
            if not (matching(right) if is_pattern(text) else right in known_regions()):
                continue
            known = not is_pattern(text) and is_spelled_out(node)
            may = known and may_add(right, statement, test, settings.approved_regions)
            fix = (Edit.value(node, right),) if may else ()
            yield Finding(node, f"{test.written!r} does not take {text!r} for {right!r}", f"write {right!r}", fix=fix)
