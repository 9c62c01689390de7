"""Rule iam-action-needs-star."""

from collections.abc import Iterator

from validator.iam.policy import Policy, Statement
from validator.iam.targets import Reached, Target, fields, is_about_all, takes_star, targets
from validator.rule import Finding, Severity, rule
from validator.suggest import listed


@rule("iam-action-needs-star", Severity.WARNING, supersedes=("cfn-lint/I3510",))
def check(policy: Policy) -> Iterator[Finding]:
    """An action that is about no resource in particular stands in a statement that names some.

    Such an action, `ec2:DescribeInstances` or `s3:ListAllMyBuckets`, is allowed by `"Resource": "*"` only. With any ARN
    the statement does nothing for it. Reported for services that AWS's own policies bear out, where no other statement
    has the action; a warning, as AWS's documentation may still lack a resource type.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:DescribeInstances", "Resource": "arn:aws:ec2:*:*:instance/i-0*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "ec2:DescribeInstances", "Resource": "*"}]}
    ```
    """
    reached = Reached(policy)
    for statement in policy.statements():
        if not is_about_all(statement) and any(map(takes_star, statement.action_texts.texts)):
            yield from _astray(statement, reached)


def _astray(statement: Statement, reached: Reached) -> Iterator[Finding]:
    actions, resources = statement.actions, statement.resources
    if actions is None or resources is None or actions.negated or resources.negated:
        return
    named = targets(statement)
    if not named or any(_may_be_any(target) for target in named):
        return
    effect = str(statement.effect.value) if statement.effect is not None else ""
    astray = [
        node for node in actions.values if takes_star(str(node.value)) and not reached.has(str(node.value), effect)
    ]
    if not astray:
        return
    does = "denies" if effect == "Deny" else "allows"
    first = astray[0].value
    more = f", nor {listed((str(node.value) for node in astray[1:]), most=3)}" if astray[1:] else ""
    message = f"the statement {does} no {first}{more}: {first if more else 'it'} is about no resource that has an ARN"
    yield Finding(astray[0], message, "move it to a statement whose Resource is '*'")


def _may_be_any(target: Target) -> bool:
    """Say whether a value is `*`, or all that a service has: S3 takes `arn:aws:s3:::*` for a list of the buckets."""
    split = fields(target.text)
    return target.everything or not target.parts[-1] or len(split) < 6 or split[5] == "*"
