"""Rule cloudformation-unused-output."""

import pytest

from validator.testing import check_rule, findings

RULE = "cloudformation-unused-output"
PARENT = """\
Resources:
  Web:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yml}
Outputs:
  Url: {Value: READ}
"""
CHILD = """\
Resources: {T: {Type: AWS::SNS::Topic}}
Outputs:
  Read: {Value: !Ref T}
  Exported: {Value: !Ref T, Export: {Name: x}}
  Unread: {Value: !Ref T}
"""


def names(read: str = "!GetAtt Web.Outputs.Read", **files: str) -> list[object]:
    given = {"parent.yml": PARENT.replace("READ", read), "child.yml": CHILD, **files}
    return [one.at.value for one in findings(RULE, given)]


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize("read", ["!GetAtt Web.Outputs.Read", "!Sub '${Web.Outputs.Read}'"])
def test_points_at_the_name(read: str) -> None:
    assert names(read) == ["Unread"]


def test_what_any_parent_reads_is_read() -> None:
    assert names(**{"other.yml": PARENT.replace("READ", "!GetAtt Web.Outputs.Unread")}) == []


def test_a_macro_above_may_read_it() -> None:
    assert names("{'Fn::Transform': {Name: Mine, Parameters: {}}}") == []


def test_a_template_that_is_deployed_itself_has_readers_outside() -> None:
    config = '[[stacks]]\ntemplate = "child.yml"\nparameters = "*.json"\n'
    assert names(**{"x.json": '{"Parameters": {}}', "stackproof.toml": config}) == []


def test_a_root_is_left_alone() -> None:
    assert not findings(RULE, {"child.yml": CHILD})
