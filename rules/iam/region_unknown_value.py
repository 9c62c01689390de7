"""Rule iam-region-unknown-value."""

from collections.abc import Iterator

from validator.iam import regions
from validator.iam.guards import is_pattern, is_spelled_out, known_regions, matching, may_add, names, region_tests
from validator.iam.policy import Statement
from validator.rule import Edit, Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed, one_edit_apart


@rule("iam-region-unknown-value", Severity.ERROR)
def check(statement: Statement, *, settings: Settings) -> Iterator[Finding]:
    """A condition names a region that AWS does not have.

    No request is ever made there: a region that was meant to be allowed is not, or one that was meant to be denied
    stays open. A warning where the name may be that of a region newer than this tool, and where a pattern matches
    nothing that is known.

    As written, the name is true of no request, and one edit away from a single region it can have been meant for no
    other. It is corrected unasked where that opens nothing: in a list of denied regions, or where the region is one of
    the `approved-regions`.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*",
       "Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-centrl-1", "eu-west-1"]}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*",
       "Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}}]}
    ```
    """
    if not (tests := region_tests(statement)):
        return
    known = known_regions().union(settings.approved_regions)
    for test in tests:
        for node in names(test) if test.operator.family == "string" else ():
            text = str(node.value)
            # What is wrong in its case only, or a wildcard to no such operator, is the business of rules of their own.
            if text.lower() in known or (is_pattern(text) and not test.operator.like):
                continue
            if is_pattern(text):
                if not matching(text.lower()):
                    message = f"{text!r} matches no region that is known"
                    yield Finding(node, message, "name the regions that are meant", severity=Severity.WARNING)
                continue
            near = _near(text, settings.partition)
            if _may_be_new(text, near):
                message = f"{text!r} is no region that is known, unless it is newer than this tool"
                yield Finding(node, message, _meant(near) or "check the name", severity=Severity.WARNING)
                continue
            sure = len(near) == 1 and one_edit_apart(text, near[0]) and is_spelled_out(node)
            fixable = sure and may_add(near[0], statement, test, settings.approved_regions)
            yield Finding(
                node,
                f"no region is called {text!r}",
                _advice(text, near, settings.partition),
                # What AWS's own tools call it where there is one endpoint for all regions.
                severity=Severity.WARNING if text.lower().endswith("global") else None,
                fix=(Edit.value(node, near[0]),) if fixable else (),
            )


def _near(text: str, partition: str) -> list[str]:
    """List the regions that are one edit away, or else the one that is spelled most alike."""
    if edits := [name for name in sorted(known_regions()) if one_edit_apart(text, name)]:
        return edits
    found = (regions.suggest(text, each) for each in (partition, *regions.partitions()))
    return [name for name in found if name][:1]


def _may_be_new(text: str, near: list[str]) -> bool:
    """Say whether AWS may have launched it since: not with a direction that is misspelled."""
    directions = {name.split("-")[-2] for name in known_regions()}
    return regions.could_be(text) and not (near and text.split("-")[-2] not in directions)


def _advice(text: str, near: list[str], partition: str) -> str:
    if "," in text and {part.strip().lower() for part in text.split(",")} <= known_regions():
        return "write a list, with one value for each region"
    if text.lower().endswith("global") and (home := regions.home("iam", partition)):
        return f"global services are called in a region as well, IAM in {listed(sorted(home))}"
    return _meant(near)


def _meant(near: list[str]) -> str:
    return f"did you mean {' or '.join(map(repr, near[:3]))}?" if near else ""
