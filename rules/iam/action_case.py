"""Rule iam-action-case."""

from collections.abc import Iterator

from validator.iam.actions import documented
from validator.iam.catalogue import is_as_documented
from validator.iam.policy import Statement
from validator.rule import Edit, Finding, Severity, rule


@rule("iam-action-case", Severity.NOTE)
def check(statement: Statement) -> Iterator[Finding]:
    """A statement spells an action in other case than AWS does.

    To IAM it is the same action. To whoever searches the repository for it, and to tools that compare names as they
    stand, it is another one.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:getObject", "Resource": "arn:aws:s3:::b/*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}
    ```
    """
    if all(is_as_documented(action) or documented(action) in {action, ""} for action in statement.action_texts.texts):
        return
    for node in statement.actions.values if statement.actions is not None else ():
        action = str(node.value)
        right = documented(action)
        if right and right != action:
            plain = node.text.strip("'\"") == action and "?" not in action
            fix = (Edit.value(node, right),) if plain else ()
            yield Finding(node, f"{action!r} is documented as {right!r}", f"write {right!r}", fix=fix)
