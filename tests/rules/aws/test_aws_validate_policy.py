import json
from typing import Any

import pytest

from validator.rule import Finding, Severity
from validator.testing import findings, undecided

RULE = "aws-validate-policy"
ROLE = """\
Parameters:
  Bucket: {{Type: String}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Fn::Sub: '{{"Statement": "${{AWS::Partition}}"}}'}}
      Policies:
        - PolicyName: read
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - !If [Never, {{Effect: Deny}}, !Ref AWS::NoValue]
              - Effect: Allow
                Action: ["s3:GetObject", s3:ListBucket]
                Resource: {resource}
Conditions:
  Never: !Equals [a, b]
"""
PARENT = """\
Resources:
  {name}:
    Type: AWS::CloudFormation::Stack
    Properties: {{TemplateURL: role.yml, Parameters: {{Bucket: {name}}}}}
"""


def fault(*path: dict[str, Any], **fields: str) -> dict[str, Any]:
    plain = {"findingType": "ERROR", "issueCode": "CODE", "findingDetails": "It is wrong.", "learnMoreLink": ""}
    return {**plain, **fields, "locations": [{"path": list(path)}]}


def found(files: dict[str, str], *replies: list[dict[str, Any]]) -> list[Finding]:
    answers = json.dumps({"ValidatePolicy": [{"findings": each} for each in replies]})
    return findings(RULE, {**files, "aws.json": answers})


def test_counts_elements_without_those_that_are_absent() -> None:
    path = ({"value": "Statement"}, {"index": 0}, {"value": "Action"}, {"index": 1})
    [finding] = found({"role.yml": ROLE.format(resource="'*'")}, [fault(*path)])
    assert (finding.at.span.line, finding.at.span.column) == (15, 42)


def test_points_at_the_part_of_a_text() -> None:
    part = {"substring": {"start": 3, "length": 9}}
    path = ({"value": "Statement"}, {"index": 0}, {"value": "Action"}, {"index": 0}, part)
    [finding] = found({"role.yml": ROLE.format(resource="'*'")}, [fault(*path)])
    assert (finding.at.span.line, finding.at.span.column, finding.at.span.end_column) == (15, 30, 39)


def test_points_at_the_function_that_makes_a_value() -> None:
    path = ({"value": "Statement"}, {"index": 0}, {"value": "Resource"}, {"substring": {"start": 0, "length": 3}})
    [finding] = found({"role.yml": ROLE.format(resource="!Sub 'arn:${AWS::Partition}:s3:::b/*'")}, [fault(*path)])
    assert (finding.at.span.line, finding.at.span.column) == (16, 27)


def test_points_into_a_policy_in_a_text() -> None:
    template = (
        "Resources:\n  Key:\n    Type: AWS::KMS::Key\n    Properties:\n"
        '      KeyPolicy: \'{"Statement": {"Effect": "Allow"}}\'\n'
    )
    path = ({"value": "Statement"}, {"index": 0}, {"key": "Effect"})
    [finding] = found({"key.yml": template}, [fault(*path)])
    assert (finding.at.span.line, finding.at.span.column) == (5, 34)


@pytest.mark.parametrize(
    "resource", ["!Sub 'arn:aws:s3:::${Bucket}/*'", "!GetAtt Store.Arn", "'${bucket_arn}'", "'{{b}}'"]
)
def test_a_policy_that_holds_what_nobody_knows_is_undecided(resource: str) -> None:
    files = {"role.yml": ROLE.format(resource=resource), "aws.json": "{}"}
    assert len(undecided(RULE, files)) == 2
    assert not findings(RULE, files)


def test_a_policy_variable_is_a_plain_text() -> None:
    files = {"role.yml": ROLE.format(resource="'arn:aws:s3:::b/${aws:username}/${*}'"), "aws.json": "{}"}
    [trust] = undecided(RULE, files)
    assert trust.at.span.line == 7


def test_what_a_parent_gives_is_known() -> None:
    files = {"role.yml": ROLE.format(resource="!Sub 'arn:aws:s3:::${Bucket}/*'"), "a.yml": PARENT.format(name="A")}
    [finding] = found(files, [fault()])
    assert finding.severity is Severity.ERROR


def test_what_is_wrong_in_one_stack_of_several_is_a_warning() -> None:
    files = {"role.yml": ROLE.format(resource="!Sub 'arn:aws:s3:::${Bucket}/*'")}
    files |= {f"{name}.yml": PARENT.format(name=name) for name in ("A", "B")}
    [finding] = found(files, [], [fault()])
    assert finding.severity is Severity.WARNING


def test_the_first_sentence_is_the_message_and_the_rest_the_help() -> None:
    said = fault(findingDetails="It can be too much. We recommend less.", learnMoreLink="https://example.com/more")
    [finding] = found({"role.yml": ROLE.format(resource="'*'")}, [said])
    assert (finding.message, finding.help) == ("It can be too much", "We recommend less.\nsee https://example.com/more")


@pytest.mark.parametrize(
    ("level", "severity"),
    [
        ("ERROR", "error"),
        ("SECURITY_WARNING", "warning"),
        ("WARNING", "warning"),
        ("SUGGESTION", "note"),
        ("NEW", "note"),
    ],
)
def test_the_level_is_that_of_access_analyzer(level: str, severity: str) -> None:
    [finding] = found({"role.yml": ROLE.format(resource="'*'")}, [fault(findingType=level)])
    assert finding.severity == severity


def test_locations_behind_the_first_are_related() -> None:
    said = fault({"value": "Version"})
    said["locations"].append({"path": [{"value": "Statement"}]})
    [finding] = found({"role.yml": ROLE.format(resource="'*'")}, [said])
    assert (finding.at.span.line, [node.span.line for node, _ in finding.related]) == (11, [13])
