"""Rule iam-principal-format."""

import json
from typing import Any

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-principal-format"


def policy(principal: Any, **elements: Any) -> dict[str, str]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sqs:SendMessage", "Resource": "*"} | elements
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    "principal",
    [
        "*",
        {"AWS": "*"},
        {"AWS": ["*", "123456789012"]},
        {"AWS": "arn:aws:iam::123456789012:root"},
        {"AWS": "arn:aws-cn:iam::123456789012:role/path/to/name"},
        {"AWS": "arn:aws:iam::123456789012:user/someone@example.com"},
        {"AWS": "arn:aws:sts::123456789012:assumed-role/name/session"},
        {"AWS": "arn:aws:sts::123456789012:federated-user/name"},
        {"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1ABCDEFGHIJK"},
        {"Service": ["lambda.amazonaws.com", "logs.eu-central-1.amazonaws.com", "ec2.amazonaws.com"]},
        {"Service": "delivery.logs.amazonaws.com"},
        {"Service": "emr.amazonaws.com"},
        {"Service": "something-new.amazonaws.com"},
        {"Federated": "cognito-identity.amazonaws.com"},
        {"Federated": "arn:aws:iam::123456789012:saml-provider/ADFS"},
        {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
        {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"},
        {"Services": "lambda.amazonaws.com"},
        {"AWS": [123456789012, None, {"Ref": "Account"}, ["arn:x"]]},
        {"Fn::If": ["A", {"AWS": "x"}, {"AWS": "y"}]},
        5,
    ],
)
def test_accepts(principal: Any) -> None:
    assert not findings(RULE, policy(principal))


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:iam::${AccountId}:root",
        "arn:aws:iam::<account>:root",
        "arn:aws:iam::{{ account }}:role/*",
        "arn:aws:iam::ACCOUNT_ID:role/x",
        "arn:aws:iam::AWS-account-ID:root",
        "${Principal}",
    ],
)
def test_what_a_tool_fills_in_is_not_judged(text: str) -> None:
    assert not findings(RULE, policy({"AWS": text}))


@pytest.mark.parametrize(
    ("principal", "message", "advice"),
    [
        (
            {"AWS": "arn:aws:iam::123456789012:role/*"},
            "no wildcard can stand in a principal, and 'arn:aws:iam::123456789012:role/*' has one",
            "name the account, and compare aws:PrincipalArn by ArnLike in a condition",
        ),
        ({"AWS": "1234-5678-9012"}, "the account '1234-5678-9012' has not 12 digits", "write '123456789012'"),
        ({"AWS": "12345678901"}, "the account '12345678901' has not 12 digits", ""),
        (
            {"AWS": "arn:aws:iam::123456789012:group/admins"},
            "a group cannot be a principal",
            "name the users or roles, or the account",
        ),
        (
            {"AWS": "lambda.amazonaws.com"},
            "'lambda.amazonaws.com' is a service, not a principal of an account",
            "write it under 'Service'",
        ),
        (
            {"AWS": "deployer"},
            "'deployer' is no account, user, role or session",
            "write the account's number, or an ARN such as 'arn:aws:iam::<account>:role/<name>'",
        ),
        (
            {"Service": "lamda.amazonaws.com"},
            "no service has the principal 'lamda.amazonaws.com'",
            "did you mean 'lambda.amazonaws.com'?",
        ),
        (
            {"Service": "ecs-task.amazonaws.com"},
            "no service has the principal 'ecs-task.amazonaws.com'",
            "did you mean 'ecs-tasks.amazonaws.com'?",
        ),
        ({"Service": "lambda"}, "'lambda' is no service principal", "write 'lambda.amazonaws.com'"),
        ({"Service": "123456789012"}, "'123456789012' is no service", "write it under 'AWS'"),
        (
            {"Federated": "https://token.actions.githubusercontent.com"},
            "'https://token.actions.githubusercontent.com' is an identity provider's address, not its ARN",
            "write 'arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com'",
        ),
        (
            {"Federated": "arn:aws:iam::123456789012:oidc-provider/https://gitlab.com"},
            "the ARN of an identity provider is written without 'https://'",
            "leave it out",
        ),
        (
            {"CanonicalUser": "123456789012"},
            "'123456789012' is no canonical user id",
            "write the id in hexadecimal digits, or the account under 'AWS'",
        ),
        (
            "arn:aws:iam::123456789012:root",
            "the principal 'arn:aws:iam::123456789012:root' has no type",
            """write {"AWS": "arn:aws:iam::123456789012:root"}; only '*' stands alone""",
        ),
    ],
)
def test_says_what_is_wrong_and_what_to_write(principal: Any, message: str, advice: str) -> None:
    [finding] = findings(RULE, policy(principal))
    assert (finding.message, finding.help, finding.severity) == (message, advice, None)


@pytest.mark.parametrize(
    ("principal", "message"),
    [
        ({"AWS": "AROA1234567890EXAMPLE"}, "'AROA1234567890EXAMPLE' is what is left of a deleted role"),
        ({"AWS": "AIDA1234567890EXAMPLE"}, "'AIDA1234567890EXAMPLE' is what is left of a deleted user"),
        (
            {"Service": "ec2.amazonaws.com.cn"},
            "'ec2.amazonaws.com.cn' is a service principal of the partition aws-cn",
        ),
    ],
)
def test_warns(principal: Any, message: str) -> None:
    [finding] = findings(RULE, policy(principal))
    assert (finding.message, finding.severity) == (message, Severity.WARNING)


def test_points_at_the_value() -> None:
    text = "Statement:\n  - Effect: Allow\n    Action: sqs:*\n    Principal:\n      AWS: ['*', root]\n"
    [finding] = findings(RULE, {"policy.yml": text})
    assert (finding.at.span.line, finding.at.span.column) == (5, 18)


def test_leaves_an_identity_policy_in_a_template_to_another_rule() -> None:
    statement = "{Effect: Allow, Action: 'sqs:*', Resource: '*', Principal: {AWS: root}}"
    resource = f"{{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {{Statement: [{statement}]}}}}}}"
    assert not findings(RULE, {"template.yml": f"Resources: {{P: {resource}}}\n"})
