import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

RULE = "cloudformation-parameter-type-mismatch"
PARENT = """\
Parameters:
  VpcId: {{Type: 'AWS::EC2::VPC::Id'}}
  SubnetIds: {{Type: 'List<AWS::EC2::Subnet::Id>'}}
  Text: {{Type: String}}
  Ami: {{Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>'}}
Conditions:
  Old: !Equals [!Ref Text, old]
Resources:
  Vpc: {{Type: AWS::EC2::VPC}}
  Subnet: {{Type: AWS::EC2::Subnet}}
  Group: {{Type: AWS::EC2::SecurityGroup, Properties: {{VpcId: !Ref Vpc}}}}
  Queue: {{Type: AWS::SQS::Queue}}
  Mine: {{Type: Custom::Mine}}
  Made:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: made.yml
      Parameters: {{Vpc: !Ref Vpc}}
  Web:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yml
      Parameters:
        Thing: {passed}
"""
MADE = """\
Parameters: {Vpc: {Type: String}}
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Vpc: {Type: AWS::EC2::VPC}
Outputs:
  QueueArn: {Value: !GetAtt Queue.Arn}
  VpcId: {Value: !Ref Vpc}
"""
CHILD = "Parameters: {{Thing: {{Type: '{type}'}}}}\nResources: {{}}\n"


def found(passed: str, kind: str = "AWS::EC2::Subnet::Id") -> list[Finding]:
    files = {"parent.yml": PARENT.format(passed=passed), "made.yml": MADE, "child.yml": CHILD.format(type=kind)}
    return findings(RULE, files)


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    "passed",
    [
        "!Ref VpcId",
        "!Sub '${VpcId}'",
        "!Ref Vpc",
        "!GetAtt Vpc.VpcId",
        "!GetAtt Group.GroupId",
        "!GetAtt Queue.Arn",
        "!Sub '${Queue.Arn}'",
        "!GetAtt Made.Outputs.QueueArn",
        "!GetAtt Made.Outputs.VpcId",
        "!Ref Ami",
    ],
)
def test_reports(passed: str) -> None:
    [finding] = found(passed)
    assert (finding.at.span.line, finding.severity) == (24, None)


@pytest.mark.parametrize(
    "passed",
    [
        "!Ref Subnet",
        "!GetAtt Subnet.SubnetId",
        "!Select [0, !Ref SubnetIds]",
        "!Ref Text",
        "!GetAtt Mine.Arn",
        "!GetAtt Made.Outputs.Nothing",
        "!Sub '${Queue.Arn}-x'",
        "!ImportValue x",
        "!Join ['', [!Ref VpcId, x]]",
    ],
)
def test_accepts(passed: str) -> None:
    assert not found(passed)


@pytest.mark.parametrize("kind", ["String", "CommaDelimitedList", "AWS::SSM::Parameter::Value<AWS::EC2::Subnet::Id>"])
def test_accepts_anything_where_the_type_asks_for_nothing(kind: str) -> None:
    assert not found("!Ref VpcId", kind)


def test_looks_into_lists() -> None:
    [finding] = found("!Join [',', [!Ref Subnet, !Ref Vpc]]", "List<AWS::EC2::Subnet::Id>")
    assert finding.message.endswith("and gets the id of a VPC, 'vpc-…'")


def test_accepts_a_list_of_the_right_things() -> None:
    assert not found("!Join [',', !Ref SubnetIds]", "List<AWS::EC2::Subnet::Id>")


def test_is_a_warning_under_a_condition() -> None:
    [finding] = found("!If [Old, !Ref Vpc, !Ref Subnet]")
    assert finding.severity is Severity.WARNING


def test_follows_a_thing_through_a_template_that_takes_any_text() -> None:
    middle = """\
Parameters: {Any: {Type: String}}
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: grand.yml, Parameters: {Thing: !Ref Any}}
"""
    parent = PARENT.replace("Thing:", "Any:").format(passed="!Ref Vpc")
    [finding] = findings(
        RULE,
        {
            "parent.yml": parent,
            "made.yml": MADE,
            "child.yml": middle,
            "grand.yml": CHILD.format(type="AWS::EC2::Subnet::Id"),
        },
    )
    places = [(node.span.path, node.span.line) for node, _ in finding.related]
    assert (finding.at.span.path, finding.at.span.line) == ("parent.yml", 24)
    assert places == [("parent.yml", 9), ("child.yml", 5), ("grand.yml", 1)]


def test_names_the_output_that_gives_the_thing() -> None:
    [finding] = found("!GetAtt Made.Outputs.QueueArn")
    assert [(node.span.path, node.span.line) for node, _ in finding.related] == [("made.yml", 6), ("child.yml", 1)]


def test_does_not_take_a_group_outside_a_vpc_for_its_id() -> None:
    parent = PARENT.format(passed="!Ref Group").replace(", Properties: {VpcId: !Ref Vpc}", "")
    files = {"parent.yml": parent, "made.yml": MADE, "child.yml": CHILD.format(type="AWS::EC2::Subnet::Id")}
    assert not findings(RULE, files)


def test_ends_where_siblings_read_each_other_in_a_circle() -> None:
    parent = """\
Resources:
  A:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yml, Parameters: {Thing: !GetAtt B.Outputs.Out}}
  B:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yml, Parameters: {Thing: !GetAtt A.Outputs.Out}}
"""
    child = """\
Parameters: {Thing: {Type: String}}
Resources:
  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: grand.yml, Parameters: {Thing: !Ref Thing}}}
Outputs: {Out: {Value: !If [C, !Ref Thing, !Ref Thing]}}
Conditions: {C: !Equals [!Ref Thing, x]}
"""
    grand = CHILD.format(type="AWS::EC2::Subnet::Id")
    assert not findings(RULE, {"parent.yml": parent, "child.yml": child, "grand.yml": grand})
