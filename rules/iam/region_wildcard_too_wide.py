"""Rule iam-region-wildcard-too-wide."""

from collections.abc import Iterator

from validator.document import Node
from validator.iam.guards import Guard, guards, is_pattern, matching, speaks_of_region, sweeping_guards
from validator.iam.policy import PolicySet
from validator.iam.sets import deployments, prove_set
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-wildcard-too-wide", Severity.ERROR)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """A pattern of allowed regions matches some that are not approved.

    `eu-*` is all of Europe, and whatever AWS launches there. The approved regions come from the configuration; without
    them, only a pattern that matches every region is reported, since it limits nothing. It is silent where other
    statements close what the pattern opens, and about a Deny of a few actions of many.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*",
       "Condition": {"StringLike": {"aws:RequestedRegion": "eu-*"}}}]}
    ```

    ```toml title="stackproof.toml"
    approved-regions = ["eu-central-1", "eu-west-1"]
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*",
       "Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}}]}
    ```

    ```toml title="stackproof.toml"
    approved-regions = ["eu-central-1", "eu-west-1"]
    ```
    """
    if not any(speaks_of_region(policy) for policy in policies.policies):
        return
    found: dict[tuple[Node, str], list[str]] = {}
    for _, layers in deployments(policies, settings):
        denials = [guard for guard in sweeping_guards(layers) if guard.form == "denies-elsewhere"]
        allowing = [guard for guard in guards(layers) if guard.form == "allows-in"]
        for guard in (*allowing, *denials):
            others = [each.test for each in denials if each is not guard and not each.others]
            for value in filter(is_pattern, guard.test.values if guard.test.operator.like else ()):
                found[_place(guard, value), value] = [
                    name
                    for name in matching(value, settings.partition)
                    if name not in settings.approved_regions and not any(test.holds(name) for test in others)
                ]
    verdict = prove_set(policies, settings).verdict if found and settings.approved_regions else "escapes"
    for (node, value), opened in found.items():
        matched = matching(value, settings.partition)
        unlimited = len(matched) == len(matching("*", settings.partition))
        if not opened or verdict == "confined" or not (settings.approved_regions or unlimited):
            continue
        # A parameter's default is not what everybody deploys with.
        sure = verdict == "escapes" and node.value == value and not policies.guessed
        message = f"matches {listed(opened)}, which {'is' if len(opened) == 1 else 'are'} not approved"
        yield Finding(
            node,
            f"{value!r} {'matches every region, so that the condition limits nothing' if unlimited else message}",
            _advice([name for name in settings.approved_regions if name in matched], settings),
            severity=None if sure else Severity.WARNING,
        )


def _advice(meant: list[str], settings: Settings) -> str:
    if not settings.approved_regions:
        return "name the regions that are meant"
    return f"name the regions: {listed(meant)}" if meant else "remove it: it matches no approved region"


def _place(guard: Guard, value: str) -> Node:
    """Give the place of a value; that of all, where a function makes it."""
    return next((node for node in guard.test.operands if node.value == value), guard.test.node)
