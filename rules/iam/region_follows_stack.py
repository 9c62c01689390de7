"""Rule iam-region-follows-stack."""

from collections.abc import Iterator, Sequence

from validator.document import Node
from validator.iam.catalogue import Universe
from validator.iam.clause import REGION_KEYS, Clause, Layer
from validator.iam.decision import decide
from validator.iam.footprint import Grants, values
from validator.iam.policy import PolicySet
from validator.iam.sets import deployments, variants
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-follows-stack", Severity.NOTE)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """A region is taken from the stack, which is deployed to one that is not approved as well.

    An ARN or a condition with `AWS::Region` keeps a policy to the region of its stack, whatever that is. So it is as
    good as `deploy-regions`: here one of these is not among the approved regions.

    Bad:

    ```yaml title="template.yml"
    Resources:
      Policy:
        Type: AWS::IAM::ManagedPolicy
        Properties:
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: sqs:SendMessage
                Resource: !Sub arn:aws:sqs:${AWS::Region}:111122223333:orders
    ```

    ```toml title="stackproof.toml"
    approved-regions = ["eu-central-1"]
    deploy-regions = ["eu-central-1", "us-east-1"]
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
                Action: sqs:SendMessage
                Resource: !Sub arn:aws:sqs:${AWS::Region}:111122223333:orders
    ```

    ```toml title="stackproof.toml"
    approved-regions = ["eu-central-1"]
    deploy-regions = ["eu-central-1"]
    ```
    """
    unapproved = [one for one in settings.deploy_regions if one not in settings.approved_regions]
    if not settings.approved_regions or not unapproved:
        return
    found: dict[Node, list[str]] = {}
    anywhere = {pair for given in variants(policies, "", settings) for pair in _named(given).items()}
    for region, deployed in deployments(policies, settings):
        if region in unapproved:
            for node in _following(deployed, region, settings):
                if (node, region) not in anywhere and region not in found.setdefault(node, []):
                    found[node].append(region)
    if found:
        node, reached = next(iter(found.items()))
        yield Finding(
            node,
            f"the region is that of the stack, which may be deployed to {listed(reached)}: not approved",
            "name the approved regions here, or take the others out of deploy-regions",
            related=tuple((other, "this region is that of the stack too") for other in list(found)[1:6]),
        )


def _named(given: Sequence[Layer]) -> dict[Node, str | None]:
    """Give the regions in the ARNs that do not depend on the stack."""
    return {value.node: value.region for one in given for clause in one.clauses for value in values(clause)}


def _following(deployed: Sequence[Layer], region: str, settings: Settings) -> Iterator[Node]:
    """Yield what limits a statement to the region of the stack, and lets it be used there."""
    for clause in (clause for one in deployed for clause in one.clauses):
        for atom in clause.conditions:
            made = any(not isinstance(operand.value, str) for operand in atom.operands)
            if atom.key in REGION_KEYS and made and region in atom.values and _acts(deployed, clause, region, settings):
                yield atom.node
    grants = Grants(deployed, settings)
    for clause in grants.clauses():
        for value in values(clause):
            made = not isinstance(value.node.value, str) and value.region == region
            if made and any(grants.use(clause, value, [region], reads=reads) for reads in (False, True)):
                yield value.node


def _acts(deployed: Sequence[Layer], clause: Clause, region: str, settings: Settings) -> bool:
    """Say whether something that a statement allows can be called in a region; of a Deny, that is not asked."""
    if not clause.allows or clause.but:
        return True
    shown = Universe(clause.patterns).matching(*clause.patterns).best(1)
    return any(decide(deployed, action, region, partition=settings.partition).kind != "never" for action in shown)
