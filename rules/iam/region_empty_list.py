"""Rule iam-region-empty-list."""

from collections.abc import Iterator

from validator.iam.guards import region_tests
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-empty-list", Severity.ERROR)
def check(statement: Statement, *, settings: Settings) -> Iterator[Finding]:
    """A condition compares the requested region with an empty list.

    What AWS makes of it is not documented. Most likely no region is in the list: a Deny of all other regions denies
    everything, and an Allow allows nothing.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Action": "*", "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": []}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Action": "*", "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1"]}}}]}
    ```
    """
    for test in region_tests(statement):
        if test.node.value == [] and test.operator.family != "null":
            approved = settings.approved_regions
            advice = f"name the regions: {listed(approved)}" if approved else "name the regions that are meant"
            yield Finding(test.node, f"{test.name} is compared with no region at all", advice)
