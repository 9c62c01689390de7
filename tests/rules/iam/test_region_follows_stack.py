"""Rule iam-region-follows-stack."""

import pytest

from validator.testing import check_rule, findings

RULE = "iam-region-follows-stack"
CONFIG = 'approved-regions = ["eu-central-1", "eu-west-1"]\ndeploy-regions = {}\n'
TEMPLATE = """\
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: {action}
            Resource: {resource}
          - Effect: Allow
            Action: ec2:*
            Resource: "*"
            Condition: {{StringEquals: {{"aws:RequestedRegion": {region}}}}}
"""
HERE = "!Ref AWS::Region"
ARN = "!Sub arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:q"


def files(deployed: str, resource: str = ARN, region: str = HERE, action: str = "sqs:*") -> dict[str, str]:
    template = TEMPLATE.format(resource=resource, region=region, action=action)
    return {"t.yml": template, "stackproof.toml": CONFIG.format(deployed)}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_is_said_once_for_a_policy_and_names_the_regions_of_the_stack() -> None:
    [finding] = findings(RULE, files('["eu-central-1", "us-east-1", "us-west-2"]'))
    assert finding.at.span.line == 14
    assert finding.message == (
        "the region is that of the stack, which may be deployed to us-east-1, us-west-2: not approved"
    )
    assert [node.span.line for node, _ in finding.related] == [10]


DENIED = {
    "t.yml": TEMPLATE.format(resource=ARN, region=HERE, action="sqs:*")
    + """\
          - Effect: Deny
            Action: "*"
            Resource: "*"
            Condition: {StringNotEquals: {"aws:RequestedRegion": eu-central-1}}
"""
}


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(files('["eu-central-1", "eu-west-1"]'), id="approved"),
        pytest.param(files('["us-east-1"]', resource="arn:aws:sqs:us-east-1:1:q", region="us-east-1"), id="fixed"),
        pytest.param(
            files('["us-east-1"]', resource="!Sub arn:aws:sqs:us-east-1:${AWS::AccountId}:q", region="eu-west-1"),
            id="fixed, beside a function",
        ),
        pytest.param(files('["us-east-1"]') | DENIED, id="denied there"),
    ],
)
def test_accepts(given: dict[str, str]) -> None:
    assert not findings(RULE, given)


def test_a_policy_that_is_a_file_has_no_stack() -> None:
    policy = '{"Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:us-east-1:1:q"}]}'
    assert not findings(RULE, {"p.json": policy, "stackproof.toml": CONFIG.format('["us-east-1"]')})
