"""Rule iam-sid-characters."""

import re
from collections.abc import Iterator

from validator.iam.actions import has_placeholder
from validator.iam.policy import Policy
from validator.rule import Edit, Finding, Severity, rule


@rule("iam-sid-characters", Severity.ERROR, supersedes=("cfn-lint/E3510",))
def check(policy: Policy) -> Iterator[Finding]:
    """A Sid has characters other than letters and digits.

    IAM refuses a policy with one: "Statement IDs (SID) must be alpha-numeric". It is a warning where that is not known
    for sure: in service control policies, in trust policies, and for spaces, which inline policies are said to get away
    with. Policies of resources, where services differ, are left alone: S3 and KMS take spaces, and their consoles write
    them.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Sid": "read-logs", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Sid": "ReadLogs", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}]}
    ```
    """
    if policy.kind == "resource":
        return
    statements = policy.statements()
    sids = (statement.element("Sid") for statement in statements)
    if not any(isinstance(sid, str) and _WRONG.search(sid) for sid in sids):
        return
    taken = {statement.sid for statement in statements}
    for statement in statements:
        sid, node = statement.sid, statement.node.get("Sid")
        wrong = dict.fromkeys(_WRONG.findall(sid))
        if not wrong or node is None or has_placeholder(sid):
            continue
        words = "".join(word[:1].upper() + word[1:] for word in _WRONG.split(sid))
        free = words if words and words not in taken else ""
        taken.add(words)
        sure = policy.kind in _SURE and not policy.guessed and set(wrong) != {" "}
        named = " and ".join(map(repr, list(wrong)[:2])) if len(wrong) < 3 else f"{len(wrong)} characters"
        message = f"the Sid {sid!r} has {named}, and IAM takes letters and digits only"
        fix = (Edit.value(node, free),) if free and node.text.strip("'\"") == sid else ()
        advice = f"write {free!r}" if free else "use letters A to Z and digits only"
        yield Finding(node, message, advice, severity=None if sure else Severity.WARNING, fix=fix)


_SURE = {"identity", "boundary"}
_WRONG = re.compile(r"[^A-Za-z0-9]")
