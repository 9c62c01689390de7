"""Outputs, properties and coverage against the templates and CloudFormation's schemas."""

import pytest

from validator.rule import Severity
from validator.testing import findings

OUTPUT = "environment-output-not-in-template"
UNKNOWN = "environment-unknown-property"
WRITE_ONLY = "environment-write-only-property"
UNCHECKED = "environment-template-resource-without-check"
TEMPLATE = """\
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Db: {Type: AWS::RDS::DBInstance}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: web}}
Outputs:
  QueueUrl: {Value: !Ref Queue}
"""


def found(rule: str, *checks: str) -> list[tuple[str, str]]:
    spec = "envspec: 1\nchecks:\n" + "".join(f"- {{id: c{at}, {one}}}\n" for at, one in enumerate(checks))
    return [(one.at.text, one.help) for one in findings(rule, {"template.yml": TEMPLATE, "spec.yml": spec})]


@pytest.mark.parametrize(
    ("check", "result"),
    [
        ("output: QueueURL, expect: {exists: true}", [("QueueURL", "did you mean 'QueueUrl'?")]),
        ('resource: Queue, expect: {QueueName: "${output:Url}"}', [("${output:Url}", "there: 'QueueUrl'")]),
        ("output: QueueUrl, expect: {exists: true}", []),
        ('resource: Queue, expect: {QueueName: "${output:QueueUrl}"}', []),
        ("output: QueueURL, absent: true", []),
        ("stack: ., expect: {Outputs.QueueURL: a}", [("QueueURL", "did you mean 'QueueUrl'?")]),
        ("stack: ., expect: {Outputs: {QueueUrl: a}, Outputs.QueueUrl: a}", []),
    ],
)
def test_outputs(check: str, result: list[tuple[str, str]]) -> None:
    assert found(OUTPUT, check) == result


@pytest.mark.parametrize(
    ("check", "result"),
    [
        ("resource: Queue, expect: {DelaySecond: 1}", [("DelaySecond", "did you mean 'DelaySeconds'?")]),
        (
            'resource: Group, expect: {"SecurityGroupIngress[0].FromPrt": 1}',
            [("FromPrt", "did you mean 'FromPort'?")],
        ),
        (
            "resource: Group, expect: {SecurityGroupIngress: {contains: {CidrIP: 10.0.0.0/8}}}",
            [("CidrIP", "did you mean 'CidrIp'?")],
        ),
        ("resources: {type: 'AWS::SQS::Queue'}, each: {FifoQeue: true}", [("FifoQeue", "did you mean 'FifoQueue'?")]),
        ("resource: Queue, expect: {DelaySeconds: 1, 'Tags[0].Key': a}", []),
        ("resource: Group, expect: {SecurityGroupIngress: [{FromPort: 1}], GroupId: {exists: true}}", []),
        # A policy is whatever it is; another expression than a path is not followed.
        ("resource: Queue, expect: {RedrivePolicy: {maxReceiveCount: 3}}", []),
        ("resource: Group, expect: {'length(SecurityGroupIngress)': 1}", []),
        # Of types that nobody knows.
        ("resource: X, type: 'Custom::Thing', expect: {Anything: 1}", []),
    ],
)
def test_properties(check: str, result: list[tuple[str, str]]) -> None:
    assert found(UNKNOWN, check) == result


def test_a_property_that_is_like_no_other_may_be_new() -> None:
    spec = "envspec: 1\nchecks:\n- {id: a, resource: Queue, type: 'AWS::SQS::Queue', expect: {Brightness: 1}}\n"
    [one] = findings(UNKNOWN, {"spec.yml": spec})
    assert one.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("check", "texts"),
    [
        ("resource: Db, expect: {MasterUserPassword: {exists: true}}", ["MasterUserPassword"]),
        ("resource: Db, expect: {Engine: mysql, AllowMajorVersionUpgrade: true}", ["AllowMajorVersionUpgrade"]),
        ("resource: Db, expect: {Engine: mysql}", []),
    ],
)
def test_what_cannot_be_read_back(check: str, texts: list[str]) -> None:
    assert [text for text, _ in found(WRITE_ONLY, check)] == texts


@pytest.mark.parametrize(
    ("checks", "left"),
    [
        (["resource: Queue"], ["Db", "Group"]),
        (["resource: Queue", "resources: {type: 'AWS::RDS::DBInstance'}, count: 1"], ["Group"]),
        (["resources: {logical: '*'}, count: 3"], []),
    ],
)
def test_resources_that_nothing_checks(checks: list[str], left: list[str]) -> None:
    assert [text for text, _ in found(UNCHECKED, *checks)] == left
