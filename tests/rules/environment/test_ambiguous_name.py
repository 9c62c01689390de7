"""Rule environment-ambiguous-name."""

import pytest

from validator.testing import findings

RULE = "environment-ambiguous-name"
TEMPLATE = """\
Parameters: {Env: {Type: String}}
Resources:
  WebFront: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: a, GroupName: web-front}}
  WebBack: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: b, GroupName: web-back}}
  Loose: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: c, GroupName: !Ref Env}}
  ConfigOne: {Type: AWS::AutoScaling::LaunchConfiguration, Properties: {ImageId: ami-1, InstanceType: t3.small}}
  ConfigTwo: {Type: AWS::AutoScaling::LaunchConfiguration, Properties: {ImageId: ami-1, InstanceType: t3.small}}
  One: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}, RoleName: web}}
  Two: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}, RoleName: web-2}}
"""


def found(operation: str, name: str) -> list[tuple[str, str]]:
    spec = f"{operation}:\n  Name: {name}\n  Properties: {{}}\n"
    every = findings(RULE, {"template.yml": TEMPLATE, "env-details.yml": spec})
    return [(one.at.text, one.message) for one in every]


def test_names_what_it_can_be() -> None:
    assert found("describe_security_groups", "web") == [
        ("web", "'web' is in the names of 2 resources: 'WebFront', 'WebBack'")
    ]


def test_names_that_cloudformation_makes_up_hold_the_logical_id() -> None:
    assert len(found("describe_launch_configurations", "Config")) == 1


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("describe_security_groups", "web-front"),
        ("describe_security_groups", "elsewhere"),
        ("describe_launch_configurations", "ConfigOne"),
        # Of a role the name is the whole.
        ("get_role", "web"),
    ],
)
def test_accepts(operation: str, name: str) -> None:
    assert not found(operation, name)
