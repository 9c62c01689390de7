"""Rule iam-hard-coded-account."""

import re
from collections.abc import Iterator

from validator.iam.policy import Statement
from validator.iam.targets import fields, targets
from validator.rule import Finding, Severity, rule


@rule("iam-hard-coded-account", Severity.NOTE, default=False, supersedes=("cfn-lint/I3042",))
def check(statement: Statement) -> Iterator[Finding]:
    """A Resource in a template names an account by its number.

    The template fits that account only, or reaches into it from wherever it is deployed, which may be meant. So this
    rule runs only where it is selected by its own id.

    Bad:

    ```yaml title="template.yml"
    Resources:
      Policy:
        Type: AWS::IAM::ManagedPolicy
        Properties:
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: "sqs:SendMessage", Resource: "arn:aws:sqs:*:111122223333:orders"}]
    ```

    Good:

    ```yaml title="template.yml"
    Resources:
      Policy:
        Type: AWS::IAM::ManagedPolicy
        Properties:
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: "sqs:SendMessage"
                Resource: !Sub "arn:aws:sqs:*:${AWS::AccountId}:orders"
    ```
    """
    document = statement.node.document
    while document.outer is not None:
        document = document.outer.document
    if not isinstance(document.value, dict) or "Resources" not in document.value:
        return
    for target in targets(statement):
        if _ACCOUNT.fullmatch(account := "".join(fields(target.text)[4:5])):
            advice = "write '${AWS::AccountId}' in an Fn::Sub, or take it from a parameter"
            yield Finding(target.node, f"{target.called} names account {account!r}", advice)


_ACCOUNT = re.compile("[0-9]{12}")
