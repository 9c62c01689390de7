"""Rule iam-region-wrong-partition."""

from collections.abc import Iterator

from validator.document import Node
from validator.iam import regions
from validator.iam.guards import is_pattern, matching, names, region_tests, speaks_of_region
from validator.iam.policy import Policy
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-wrong-partition", Severity.ERROR)
def check(policy: Policy, *, settings: Settings) -> Iterator[Finding]:
    """A condition names a region of another partition than the policy is written for.

    An account lives in one partition, and its requests never go to a region of another: China and GovCloud are
    partitions of their own. What partition the policy is for is told by its ARNs. Where they do not say, it is the one
    of most regions in the list, or that of the configuration, and the finding is a warning.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::reports/*",
       "Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-central-1", "cn-north-1"]}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::reports/*",
       "Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}}]}
    ```
    """
    if not speaks_of_region(policy):
        return
    lists = [
        [(node, where) for node in names(test) if (where := _partitions_of(str(node.value)))]
        for statement in policy.statements()
        for test in region_tests(statement)
    ]
    if not any(lists):
        return
    told = _told_by_arns(policy.node)
    spelled = told - {""}
    if len(spelled) > 1:
        return  # nobody can say which is meant
    certain = spelled == told and bool(told)
    for values in lists:
        partition, why = next(iter(spelled), ""), "the policy's ARNs are of"
        if not partition:
            partition, why = _most(values), "most regions beside it are of"
        if not partition and {regions.partition_of(name) for name in settings.approved_regions} == {settings.partition}:
            partition, why = settings.partition, "the approved regions are of"
        for node, where in values if partition else ():
            if partition not in where:
                message = f"{node.value!r} is in {listed(where)}, but {why} {partition}"
                advice = f"name a region of {partition}, or remove it: no request of this policy is made there"
                yield Finding(node, message, advice, severity=None if certain else Severity.WARNING)


def _partitions_of(text: str) -> list[str]:
    """List the partitions with a known region that a name or a pattern means, in any case."""
    name = text.lower()
    found = matching(name) if is_pattern(name) else (name,)
    return [each for each in regions.partitions() if not {*found}.isdisjoint(regions.regions(each))]


def _most(values: list[tuple[Node, list[str]]]) -> str:
    """Give the partition of more than half of the values in a list; empty where there is none."""
    certain = [where[0] for _, where in values if len(where) == 1]
    return next((each for each in dict.fromkeys(certain) if 2 * certain.count(each) > len(values)), "")


def _told_by_arns(node: Node) -> set[str]:
    """Collect the partitions of a policy's ARNs; an empty one for what is not spelled out."""
    found = set()
    for each in node.walk():
        if isinstance(each.value, str) and each.value.startswith("arn:"):
            partition = each.value.split(":")[1]
            found.add(partition if partition in regions.partitions() else "")
    return found
