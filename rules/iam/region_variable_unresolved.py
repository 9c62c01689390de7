"""Rule iam-region-variable-unresolved."""

import re
from collections.abc import Iterator

from validator.iam.guards import region_tests
from validator.iam.keys import key
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule
from validator.settings import Settings


@rule("iam-region-variable-unresolved", Severity.WARNING)
def check(statement: Statement, *, settings: Settings) -> Iterator[Finding]:
    """A condition compares the requested region with a policy variable, so that the document does not say where.

    Whoever sets the tag, or the other key that the variable stands for, chooses the region. A warning where that is the
    caller of the request, who can put in any; otherwise a note, as it can well be meant: AWS has policies of this kind.
    With `approved-regions`, `iam-region-escape` is undecided about such a policy and gives the same reason, so the note
    is left out.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*",
       "Condition": {"StringEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/TargetRegion}"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:*", "Resource": "*",
       "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```
    """
    if not region_tests(statement) or not statement.policy.variables:
        return
    for test in region_tests(statement):
        for node in test.operands:
            for name in _VARIABLE.findall(node.value) if isinstance(node.value, str) else ():
                if name.lower() == test.key or key(name) is None:
                    continue
                if name.lower().startswith(_CALLERS):
                    message = f"the caller chooses {name!r}, and with it the region"
                    yield Finding(node, message, "name the regions, or compare with a key that others set")
                elif not settings.approved_regions:
                    message = f"the region depends on {name!r}, which is known only when a request is made"
                    yield Finding(
                        node, message, "name the regions, or make sure who can set it", severity=Severity.NOTE
                    )


# `${aws:PrincipalTag/team}`, with a default perhaps; `${AWS::Region}` is CloudFormation's.
_VARIABLE = re.compile(r"\$\{\s*([\w.-]+:[^:${},]+?)\s*(?:,[^{}]*)?\}")
# What a caller puts into the request.
_CALLERS = ("aws:requesttag/", "aws:useragent", "aws:referer")
