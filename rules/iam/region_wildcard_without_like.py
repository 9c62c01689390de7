"""Rule iam-region-wildcard-without-like."""

from collections.abc import Iterator

from validator.iam.guards import is_pattern, matching, names, region_tests
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-wildcard-without-like", Severity.ERROR)
def check(statement: Statement, *, settings: Settings) -> Iterator[Finding]:
    """A condition has a wildcard for regions under an operator that takes it for a letter.

    Only StringLike and StringNotLike know `*` and `?`. To the others, a region would have to have a star in its name.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Action": "*", "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-*"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Action": "*", "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}}]}
    ```
    """
    for test in region_tests(statement):
        if test.operator.family != "string" or test.operator.like:
            continue
        for node in names(test):
            text = str(node.value)
            if is_pattern(text):
                meant = [name for name in settings.approved_regions if name in matching(text.lower())]
                like = "StringNotLike" if test.operator.negated else "StringLike"
                advice = f"name the regions: {listed(meant)}" if meant else f"name the regions, or write {like!r}"
                message = f"{test.written!r} compares {text!r} letter by letter, and no region is called so"
                yield Finding(node, message, advice)
