"""Rule iam-action-redundant."""

from collections.abc import Iterator

from validator.iam.policy import Statement
from validator.iam.redundancy import covered, cut, includes_action
from validator.rule import Edit, Finding, Severity, rule


@rule("iam-action-redundant", Severity.NOTE)
def check(statement: Statement) -> Iterator[Finding]:
    """A statement lists an action that another pattern of the same list covers.

    Nothing changes when it is removed, and it misleads: whoever removes it believes that the action is gone, and it
    counts towards the size that a policy may have. Compared are the patterns themselves, so that it also holds for
    actions that AWS has yet to invent. Case does not count.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": ["s3:Get*", "s3:GetObject"], "Resource": "arn:aws:s3:::b/*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": ["s3:Get*", "s3:PutObject"], "Resource": "arn:aws:s3:::b/*"}]}
    ```
    """
    texts = [action.lower() for action in statement.action_texts.texts]
    if len(texts) < 2:
        return
    for at, wider in covered(texts, lambda wide, narrow: includes_action(texts[wide], texts[narrow])):
        assert statement.actions is not None
        nodes = statement.actions.values
        name, other = nodes[at].value, nodes[wider].value
        what = "is listed twice" if texts[at] == texts[wider] else f"is covered by {other!r}"
        fix = (Edit(span, ""),) if (span := cut(nodes[at])) is not None else ()
        yield Finding(nodes[at], f"{name!r} {what}", "remove it", related=((nodes[wider], "covered by this"),), fix=fix)
