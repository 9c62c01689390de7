"""Rule iam-arn-malformed."""

import json

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-arn-malformed"


def policy(*resources: object, action: str = "s3:GetObject", element: str = "Resource") -> dict[str, str]:
    statement = {"Effect": "Allow", "Action": action, element: list(resources)}
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def template(resource: str) -> dict[str, str]:
    statement = f"{{Effect: Allow, Action: 's3:GetObject', Resource: {resource}}}"
    body = f"R: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {{Statement: [{statement}]}}}}}}"
    return {"template.yml": f"Conditions: {{C: !Equals [a, b]}}\nResources:\n  {body}\n"}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("resource", "message", "advice"),
    [
        ("reports/*", "'reports/*' is no ARN: it does not begin with 'arn:'", "write an ARN, or '*'"),
        (
            "ARN:aws:s3:::b",
            "'ARN:aws:s3:::b' is no ARN: it does not begin with 'arn:'",
            "did you mean 'arn:aws:s3:::b'?",
        ),
        (
            " arn:aws:s3:::b",
            "' arn:aws:s3:::b' is no ARN: it does not begin with 'arn:'",
            "did you mean 'arn:aws:s3:::b'?",
        ),
        ("", "'' is no ARN: it does not begin with 'arn:'", "write an ARN, or '*'"),
        ("arn:aws:s3::: b", "", ""),
        ("arn:aws: s3:::b", "'arn:aws: s3:::b' has a blank where an ARN has none", "did you mean 'arn:aws:s3:::b'?"),
        ("arn:aws-gov:s3:::b", "there is no partition 'aws-gov'", None),
        ("arn:aw:s3:::b", "there is no partition 'aw'", "did you mean 'aws'?"),
        ("arn:aws:S3:::b", "no service is called 'S3'", "did you mean 's3'?"),
        (
            "arn:aws:secretmanager:*:*:secret:x",
            "no service's ARNs are known to have 'secretmanager'",
            "did you mean 'secretsmanager'?",
        ),
        ("arn:aws::::b", "'arn:aws::::b' names no service", ""),
        ("arn:aws:sqs:eu-centrl-1:111122223333:q", "there is no region 'eu-centrl-1'", "did you mean 'eu-central-1'?"),
        ("arn:aws:sqs:frankfurt:111122223333:q", "there is no region 'frankfurt'", None),
        ("arn:aws:sqs:cn-north-1:111122223333:q", "'cn-north-1' is a region of another partition than the ARN's", None),
        ("arn:aws:sqs:*:11112222333:q", "'11112222333' is no account id: it has 11 digits, not 12", ""),
        (
            "arn:aws:sqs:*:1111-2222-3333:q",
            "'1111-2222-3333' is no account id: there are no hyphens in one",
            "did you mean '111122223333'?",
        ),
        ("arn:aws:iam:::role/x", "", ""),
        (
            "arn:aws:iam::*::role/x",
            "'arn:aws:iam::*::role/x' has a colon too many",
            "did you mean 'arn:aws:iam::*:role/x'?",
        ),
        ("arn:aws:s3::b", "'arn:aws:s3::b' lacks a field before its resource", "did you mean 'arn:aws:s3:::b'?"),
        ("arn:aws:s3:b", "'arn:aws:s3:b' lacks a field before its resource", "did you mean 'arn:aws:s3:::b'?"),
        (
            "arn:aws:sqs:eu-west-1:orders",
            "'arn:aws:sqs:eu-west-1:orders' lacks a field before its resource",
            "did you mean 'arn:aws:sqs:eu-west-1:*:orders'?",
        ),
        (
            "arn:aws:lambda:eu-west-1:function:f",
            "'arn:aws:lambda:eu-west-1:function:f' lacks a field before its resource",
            "did you mean 'arn:aws:lambda:eu-west-1:*:function:f'?",
        ),
    ],
)
def test_says_what_is_wrong(resource: str, message: str, advice: str | None) -> None:
    found = findings(RULE, policy(resource))
    if not message:
        assert not found
        return
    [finding] = found
    assert (finding.message, finding.severity) == (message, None)
    assert advice is None or finding.help == advice


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:sqs:eu-central-7:111122223333:q",
        "arn:aws:frobnicator:*:*:x",
        "arn:aws:*:*:*:*",
        "arn:aws:dynamodb:*:table/x",
    ],
)
def test_is_less_sure_of_what_may_be(resource: str) -> None:
    [finding] = findings(RULE, policy(resource))
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        "**",
        "arn:*",
        "arn:aws:s3",
        "arn:aws:s3:::b",
        "arn:aws:s3:::b/a folder/*",
        "arn:*:ec2:*:*:instance/*",
        "arn:aws:sqs",
        "arn:aws:logs:*:*",
        "arn:aws:sqs:eu-west-1:111122223333",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1",
        "arn:aws:iam::<account-id>:role/x",
        "arn:aws:iam::ACCOUNT_ID:role/x",
        "arn:aws:sqs:REGION:*:q",
        "arn:aws:sqs:<region>:*:q",
        "arn:aws:iam::${AccountId}:role/x",
        "arn:{{ partition }}:iam::{{ account }}:role/x",
        "${bucket_arn}/*",
        "arn:aws:s3:::b/${aws:username}/*",
        "arn:${Partition}:s3:::b",
        "arn:aws:health:global::event/*",
        "arn:aws:states:us-gov-?:*:x",
        "arn:aws:elasticloadbalancing:*:*:loadbalancer/*",
        "arn:aws:catalog:*:*:product/*",
        "execute-api:/prod/GET/*",
        "Fn::Something arn:aws:s3:::${bucket}",
    ],
)
def test_accepts(resource: str) -> None:
    assert not findings(RULE, policy(resource))


def test_accepts_the_logical_ids_of_a_stack_policy() -> None:
    assert not findings(RULE, policy("LogicalResourceId/Db", action="Update:*"))


def test_looks_at_not_resource_too() -> None:
    assert findings(RULE, policy("arn:aws:s3::b", element="NotResource"))


@pytest.mark.parametrize(
    "resource",
    [
        "!Ref P",
        "!GetAtt [X, Arn]",
        "!Sub '${X.Arn}/*'",
        "!Sub 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:q'",
        "!Sub 'arn:aws:s3:::${Bucket}'",
        "!Sub ['arn:aws:s3:::${B}/*', {B: !ImportValue x}]",
        "!Join [':', [arn, !Ref 'AWS::Partition', s3, '', '', !Ref B]]",
        "!Join [':', !Ref Parts]",
        "!FindInMap [A, B, C]",
        "{'Fn::Sub': 5}",
        "{'Fn::Join': [1, 2]}",
        "[[], [5, null], {Ref: [x]}]",
        "!If [C, !Ref P, !Ref 'AWS::NoValue']",
    ],
)
def test_functions_are_not_misread(resource: str) -> None:
    assert not findings(RULE, template(resource))


@pytest.mark.parametrize(
    ("resource", "severity", "column"),
    [
        ("!Sub 'arn:aws:s3::b-${X}'", None, 125),
        ("!Join [':', [arn, aws, S3, '', '', b]]", None, 125),
        ("!If [C, !Ref P, 'arn:aws:s3::b']", Severity.WARNING, 141),
    ],
)
def test_points_at_the_value_in_a_template(resource: str, severity: Severity | None, column: int) -> None:
    [finding] = findings(RULE, template(resource))
    assert (finding.severity, finding.at.span.line) == (severity, 3)
    assert abs(finding.at.span.column - column) < 8


def test_a_template_in_text_is_filled_in_by_sub() -> None:
    inner = json.dumps(
        {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:sqs:${AWS::Region}:${A}:q"}]}
    )
    body = f"R: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: !Sub '{inner}'}}}}"
    assert not findings(RULE, {"template.yml": f"Resources:\n  {body}\n"})
