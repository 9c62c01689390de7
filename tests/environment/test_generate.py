"""What is generated for single properties: as AWS shows them, and never what is not surely shown so."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from validator.cli import main

PLACE = ("--stack", "web", "--region", "eu-west-1", "--account", "123456789012")


@pytest.fixture
def generate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Generate a spec of one template; give what is expected of the resource X, and what is said about it."""
    monkeypatch.chdir(tmp_path)

    def run(template: str, *place: str) -> tuple[dict[str, Any], list[str]]:
        Path("template.yml").write_text(template)
        assert main(["spec", "generate", "--template", "template.yml", *place]) == 0
        text = capsys.readouterr().out
        found = {one["id"]: one for one in yaml.safe_load(text)["checks"]}
        comments = [line.removeprefix("# X: ") for line in text.splitlines() if line.startswith("# X: ")]
        return found["X"].get("expect", {}), comments

    return run


def made(type_: str, properties: str, *more: str) -> str:
    return "\n".join([f"Resources:\n  X: {{Type: {type_}, Properties: {properties}}}", *more]) + "\n"


GROUP = "  G: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: g%s}}"


def test_the_id_of_a_group_is_a_reference_to_it(generate: Any) -> None:
    template = made("AWS::EC2::Instance", "{SecurityGroupIds: [!GetAtt G.GroupId]}", GROUP % ", VpcId: vpc-1")
    assert generate(template)[0] == {"SecurityGroupIds": ["${resource:G}"]}


def test_a_group_without_a_vpc_may_go_by_its_name(generate: Any) -> None:
    template = made("AWS::EC2::Instance", "{SecurityGroupIds: [!GetAtt G.GroupId]}", GROUP % "")
    assert generate(template) == ({}, ["SecurityGroupIds left out, known only after deployment"])


ROLE = "  R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}"
FUNCTION = "{Role: !GetAtt R.Arn, Handler: a.b}"


def test_an_attribute_that_an_output_has_is_read_there(generate: Any) -> None:
    template = made("AWS::Lambda::Function", FUNCTION, ROLE, "Outputs: {RoleArn: {Value: !GetAtt R.Arn}}")
    assert generate(template)[0] == {"Role": "${output:RoleArn}", "Handler": "a.b"}


@pytest.mark.parametrize(
    "outputs",
    [
        "Outputs: {}",
        "Conditions: {C: !Equals [!Ref 'AWS::Region', a]}\nOutputs: {A: {Condition: C, Value: !GetAtt R.Arn}}",
    ],
)
def test_an_attribute_that_no_output_surely_has_is_left_out(generate: Any, outputs: str) -> None:
    expected, comments = generate(made("AWS::Lambda::Function", FUNCTION, ROLE, outputs))
    assert expected == {"Handler": "a.b"}
    assert comments == ["Role left out, known only after deployment"]


def test_what_a_service_shows_as_a_text_is_read_as_json(generate: Any) -> None:
    expected, _ = generate(made("AWS::Events::Rule", "{EventPattern: {source: [aws.s3]}}"))
    assert expected == {"EventPattern": {"json": {"source": ["aws.s3"]}}}


def test_a_policy_is_compared_as_one(generate: Any) -> None:
    statement = "{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'}"
    document = f"{{Version: '2012-10-17', Statement: [{statement}]}}"
    expected, _ = generate(made("AWS::S3::BucketPolicy", f"{{Bucket: b, PolicyDocument: {document}}}"))
    assert list(expected["PolicyDocument"]) == ["policy"]


@pytest.mark.parametrize(
    ("key", "kept"),
    [("alias/app", False), ("1234abcd-12ab-34cd-56ef-1234567890ab", False), ("arn:aws:kms:eu-west-1:1:key/k", True)],
)
def test_a_key_is_expected_only_by_its_arn(generate: Any, key: str, kept: bool) -> None:  # noqa: FBT001  # a parameter of the test
    expected, comments = generate(made("AWS::RDS::DBInstance", f"{{Engine: mysql, KmsKeyId: '{key}'}}"))
    assert expected == {"Engine": "mysql"} | ({"KmsKeyId": key} if kept else {})
    assert bool(comments) is not kept


def test_names_that_a_service_writes_small_are_expected_small(generate: Any) -> None:
    expected, _ = generate(made("AWS::RDS::DBInstance", "{DBInstanceIdentifier: WebDb, DBName: WebDb}"))
    assert expected == {"DBInstanceIdentifier": "webdb", "DBName": "WebDb"}


def test_what_scales_by_itself_is_left_out(generate: Any) -> None:
    template = made("AWS::DynamoDB::Table", "{TableName: t, ProvisionedThroughput: {ReadCapacityUnits: 1}}", TARGET)
    assert generate(template) == ({"TableName": "t"}, ["ProvisionedThroughput left out, it changes after deployment"])
    assert generate(template.replace(TARGET, ""))[0]["ProvisionedThroughput"] == {"ReadCapacityUnits": 1}


TARGET = "  T: {Type: AWS::ApplicationAutoScaling::ScalableTarget, Properties: {MinCapacity: 1}}"


def test_what_the_place_says_is_written(generate: Any) -> None:
    template = made(
        "AWS::IAM::Role",
        "{RoleName: !Sub 'r-${AWS::StackName}', Path: !Sub '/${AWS::AccountId}/',"
        " ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/P'], Description: !Ref AWS::Region}",
    )
    assert generate(template, *PLACE)[0] == {
        "RoleName": "r-web",
        "Path": "/123456789012/",
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/P"],
        "Description": "${target.region}",
    }
    assert generate(template)[0] == {}


def test_the_name_of_a_stack_with_others_below_is_not_taken_for_theirs(
    generate: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "child.yml").write_text(made("AWS::SNS::Topic", "{TopicName: !Ref 'AWS::StackName'}"))
    (tmp_path / "root.yml").write_text(made("AWS::CloudFormation::Stack", "{TemplateURL: child.yml}"))
    assert main(["spec", "generate", "--template", "root.yml", *PLACE]) == 0
    assert "# X/X: TopicName left out, known only after deployment\n" in capsys.readouterr().out


def test_a_script_is_hidden_wherever_it_stands(generate: Any) -> None:
    expected, comments = generate(
        made("AWS::EC2::LaunchTemplate", "{LaunchTemplateData: {InstanceType: t3.small, UserData: aGk=}}")
    )
    assert expected == {"LaunchTemplateData": {"InstanceType": "t3.small"}}
    assert comments == ["LaunchTemplateData.UserData left out, it may hold a secret"]


def test_members_that_no_answer_has_are_left_out(generate: Any) -> None:
    index = "{IndexName: i, ContributorInsightsSpecification: {Enabled: true}}"
    expected, comments = generate(made("AWS::DynamoDB::Table", f"{{TableName: t, GlobalSecondaryIndexes: [{index}]}}"))
    assert expected == {"TableName": "t", "GlobalSecondaryIndexes": [{"IndexName": "i"}]}
    assert comments == [
        "GlobalSecondaryIndexes[0].ContributorInsightsSpecification left out, the table of types does not have it"
    ]


def test_what_is_given_as_empty_is_expected_so(generate: Any) -> None:
    expected, _ = generate(made("AWS::Lambda::Function", "{Handler: a.b, Description: '', Layers: []}"))
    assert expected == {"Handler": "a.b", "Description": "", "Layers": []}


def test_a_policy_of_which_a_part_is_not_known_is_left_out(generate: Any) -> None:
    statement = "{Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: '*', Condition: %s}"
    document = f"{{Version: '2012-10-17', Statement: [{statement}]}}"
    given = made("AWS::S3::BucketPolicy", f"{{Bucket: b, PolicyDocument: {document}}}", ROLE)
    expected, comments = generate(given % "{StringEquals: {'aws:PrincipalArn': !GetAtt R.Arn}}")
    assert expected == {"Bucket": "b"}
    assert comments == ["PolicyDocument left out, a part of the policy is not known before deployment"]
    expected, comments = generate(given % "{StringEquals: {'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/r'}}")
    assert list(expected) == ["Bucket", "PolicyDocument"]
    assert comments == []
