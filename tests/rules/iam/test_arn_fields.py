"""Rules iam-arn-missing-region-or-account and iam-arn-region-not-allowed: empty fields that must not be, and others."""

import json

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

MISSING = "iam-arn-missing-region-or-account"
FILLED = "iam-arn-region-not-allowed"


def policy(*resources: str) -> dict[str, str]:
    statement = {"Effect": "Allow", "Action": "*", "Resource": list(resources)}
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def template(resource: str) -> dict[str, str]:
    statement = f"{{Effect: Allow, Action: '*', Resource: {resource}}}"
    body = f"R: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {{Statement: [{statement}]}}}}}}"
    return {"template.yml": f"Conditions: {{C: !Equals [a, b]}}\nResources:\n  {body}\n"}


@pytest.mark.parametrize("rule", [MISSING, FILLED])
def test_does_what_its_documentation_says(rule: str) -> None:
    check_rule(rule)


@pytest.mark.parametrize(
    ("resource", "message", "advice", "severity"),
    [
        (
            "arn:aws:secretsmanager:::secret:x",
            "'arn:aws:secretsmanager:::secret:x' names nothing: its region and account are empty",
            "write 'arn:aws:secretsmanager:*:*:secret:x'",
            None,
        ),
        (
            "arn:aws:sqs::111122223333:q",
            "'arn:aws:sqs::111122223333:q' names nothing: its region is empty",
            "write 'arn:aws:sqs:*:111122223333:q'",
            None,
        ),
        (
            "arn:aws:iam:::role/x",
            "'arn:aws:iam:::role/x' names nothing: its account is empty",
            "write 'arn:aws:iam::*:role/x'",
            Severity.WARNING,
        ),
    ],
)
def test_says_what_is_missing(resource: str, message: str, advice: str, severity: Severity | None) -> None:
    [found] = findings(MISSING, policy(resource))
    assert (found.message, found.help, found.severity) == (message, advice, severity)


@pytest.mark.parametrize(
    ("resource", "message", "advice"),
    [
        (
            "arn:aws:s3:eu-west-1:111122223333:b/*",
            "'arn:aws:s3:eu-west-1:111122223333:b/*' names nothing: ARNs of its kind have no region and no account",
            "write 'arn:aws:s3:::b/*'",
        ),
        (
            "arn:aws:iam:eu-west-1:111122223333:role/x",
            "'arn:aws:iam:eu-west-1:111122223333:role/x' names nothing: ARNs of its kind have no region",
            "write 'arn:aws:iam::111122223333:role/x'",
        ),
        (
            "arn:aws:s3::111122223333:b",
            "'arn:aws:s3::111122223333:b' names nothing: ARNs of its kind have no account",
            "write 'arn:aws:s3:::b'",
        ),
    ],
)
def test_says_what_is_too_much(resource: str, message: str, advice: str) -> None:
    [found] = findings(FILLED, policy(resource))
    assert (found.message, found.help, found.severity) == (message, advice, None)


def test_is_less_sure_of_a_service_that_is_documented_in_part() -> None:
    [found] = findings(FILLED, policy("arn:aws:ec2:eu-west-1:111122223333:image/ami-1"))
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        "arn:aws:*",
        "arn:aws:s3:::b/*",
        "arn:aws:s3:*:*:b",
        "arn:aws:s3:eu-west-1:111122223333:accesspoint/a/object/*",
        "arn:aws:s3::111122223333:accesspoint/a",
        "arn:aws:iam::*:role/*",
        "arn:aws:iam::aws:policy/*",
        "arn:aws:apigateway:eu-west-1::/restapis/*",
        "arn:aws:execute-api:eu-west-1:111122223333:a/*",
        "arn:aws:ec2:*::image/*",
        "arn:aws:ec2:eu-west-1::snapshot/*",
        "arn:aws:route53:::hostedzone/Z1",
        "arn:aws:globalaccelerator::111122223333:accelerator/x",
        "arn:aws:ssm:eu-west-1::parameter/aws/service/ami-amazon-linux-latest/*",
        "arn:aws:ssm:*::document/AWS-RunShellScript",
        "arn:aws:bedrock:*::foundation-model/*",
        "arn:aws:cloudfront::111122223333:distribution/E1",
        "arn:aws:organizations::111122223333:ou/o-1/ou-1",
        "arn:aws:kms:*:*:key/*",
        "arn:aws:frobnicator:::x",
        "arn:aws:sqs:${region}:${account}:q",
        "arn:aws:secretsmanager:::thing:x",
        "arn:aws:s3::b",
    ],
)
@pytest.mark.parametrize("rule", [MISSING, FILLED])
def test_accepts(rule: str, resource: str) -> None:
    assert not findings(rule, policy(resource))


@pytest.mark.parametrize(
    ("rule", "resource", "advice"),
    [
        (
            MISSING,
            "!Sub 'arn:${AWS::Partition}:sqs:::q'",
            "write 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:q'",
        ),
        (MISSING, "!Join [':', [arn, !Ref 'AWS::Partition', sqs, '', '', q]]", "give its region and account, or '*'"),
        (FILLED, "!Sub 'arn:aws:s3:${AWS::Region}:${AWS::AccountId}:b/*'", "write 'arn:aws:s3:::b/*'"),
    ],
)
def test_reads_functions(rule: str, resource: str, advice: str) -> None:
    [finding] = findings(rule, template(resource))
    assert (finding.help, finding.severity) == (advice, None)


@pytest.mark.parametrize(
    "resource", ["!Sub 'arn:aws:sqs:${R}::q'", "!Sub 'arn:aws:${S}:::q'", "!GetAtt [Q, Arn]", "!Ref X"]
)
@pytest.mark.parametrize("rule", [MISSING, FILLED])
def test_what_is_not_known_may_be_right(rule: str, resource: str) -> None:
    assert not findings(rule, template(resource))


def test_the_branch_of_a_condition_may_never_be_deployed() -> None:
    [finding] = findings(MISSING, template("!If [C, 'arn:aws:sqs:::q', '*']"))
    assert finding.severity is Severity.WARNING
