"""Rule cfn-lint: what it leaves out of what cfn-lint says."""

from validator.testing import findings

RING = """\
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !GetAtt B.Outputs.Name}}
  B:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yml, Parameters: {Arn: !GetAtt A.Outputs.Arn}}
  A:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yml, Parameters: {Arn: !Ref Topic}}
  One: {Type: AWS::SNS::Topic, DependsOn: Two}
  Two: {Type: AWS::SNS::Topic, DependsOn: One}
"""
CHILD = """\
Parameters: {Arn: {Type: String}}
Resources: {Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Arn}}}
Outputs: {Arn: {Value: !GetAtt Queue.Arn}, Name: {Value: !GetAtt Queue.QueueName}}
"""


def test_a_ring_is_told_once_at_a_nested_stack_if_one_is_in_it() -> None:
    found = findings("cfn-lint", {"parent.yml": RING, "child.yml": CHILD})
    assert [(one.at.name, one.at.span.line) for one in found if one.code == "E3004"] == [("B", 3), ("One", 9)]
