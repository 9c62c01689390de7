"""Rule iam-oidc-trust."""

import json
from typing import Any

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-oidc-trust"
GITHUB = "token.actions.githubusercontent.com"
AUD = {f"{GITHUB}:aud": "sts.amazonaws.com"}


def trust(host: str, condition: Any = None, federated: Any = None, *others: Any) -> dict[str, str]:
    federated = federated or f"arn:aws:iam::123456789012:oidc-provider/{host}"
    statement = {
        "Effect": "Allow",
        "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        "Principal": {"Federated": federated},
        "Condition": condition or {},
    }
    document = {"Version": "2012-10-17", "Statement": [statement, *others]}
    return {"trust.json": json.dumps({"AssumeRolePolicyDocument": document})}


def sub(*values: Any, operator: str = "StringLike") -> dict[str, Any]:
    return {"ForAnyValue:StringEquals": AUD, operator: {f"{GITHUB}:sub": list(values)}}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("host", "condition"),
    [
        (GITHUB, None),
        (GITHUB, {"StringEquals": AUD}),
        (GITHUB, {"Null": {f"{GITHUB}:sub": "false"}}),
        (GITHUB, {"StringNotLike": {f"{GITHUB}:sub": "repo:evil/*"}}),
        (GITHUB, {"StringEquals": {f"{GITHUB}:environment": "production"}}),
        ("gitlab.com", {"StringEquals": {"gitlab.com:aud": "https://gitlab.com"}}),
        ("app.terraform.io", {"StringEquals": {"app.terraform.io:aud": "aws.workload.identity"}}),
    ],
)
def test_no_claim_tells_customers_apart(host: str, condition: Any) -> None:
    [finding] = findings(RULE, trust(host, condition))
    assert (finding.at.name, finding.severity) == ("Federated", None)


@pytest.mark.parametrize("host", ["cognito-identity.amazonaws.com", "accounts.google.com"])
def test_no_audience_of_ones_own(host: str) -> None:
    [finding] = findings(RULE, trust(host, federated=host))
    assert finding.help.startswith(f"compare {host}:aud with ")


@pytest.mark.parametrize(
    "value", ["*", "repo:*", "r*", "repo:acme*", "repo:*/shop:*", "*:ref:refs/heads/main", "repo:acm?/shop:*"]
)
def test_other_customers_fit_the_pattern(value: str) -> None:
    [finding] = findings(RULE, trust(GITHUB, sub("repo:acme/shop:*", value)))
    assert (finding.at.value, finding.severity) == (value, None)
    assert finding.message.startswith(f"{value!r} fits tokens of strangers: ")


@pytest.mark.parametrize(
    "condition",
    [
        sub("repo:acme/shop:*"),
        sub("repo:acme/shop:ref:refs/heads/main", operator="StringEquals"),
        sub("repo:acme/*", operator="StringEquals"),
        sub("repo:acme/sh*"),
        sub("repo:acme@42/shop@4711:*"),
        sub("repository_owner:acme:*"),
        sub({"Fn::Sub": "repo:${Organization}/*"}),
        sub("repo:acme/shop:*", operator="ForAnyValue:StringLike"),
        {"StringEquals": AUD | {f"{GITHUB}:repository_owner_id": "4711"}},
        {"StringEquals": AUD | {f"{GITHUB}:sub": "repo:${aws:PrincipalTag/x}/shop"}},
        {"Fn::If": ["A", {}, {}]},
    ],
)
def test_one_customer_is_meant(condition: Any) -> None:
    assert not findings(RULE, trust(GITHUB, condition))


@pytest.mark.parametrize(
    "files",
    [
        trust("token.actions.githubusercontent.com/acme"),
        trust("oidc.circleci.com/org/1234"),
        trust("login.example.com"),
        trust(GITHUB, {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}),
        trust(GITHUB, {"StringEquals": AUD}, {"Fn::GetAtt": ["Elsewhere", "Arn"]}),
        trust(
            GITHUB,
            {"StringEquals": AUD},
            None,
            {
                "Effect": "Deny",
                "Action": "sts:*",
                "Principal": "*",
                "Condition": {"StringNotLike": {f"{GITHUB}:sub": "repo:acme/*"}},
            },
        ),
    ],
)
def test_strangers_are_kept_out_otherwise(files: dict[str, str]) -> None:
    assert not findings(RULE, files)


@pytest.mark.parametrize(
    ("host", "condition", "message"),
    [
        (GITHUB, sub("repo:acme/*"), "'repo:acme/*' lets every repository of the organization assume the role"),
        (
            GITHUB,
            {"StringLike": {f"{GITHUB}:sub": "repo:acme/shop:*"}},
            "the audience of the token is not looked at",
        ),
        (
            "cognito-identity.amazonaws.com",
            {"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-central-1:1"}},
            "guests of the identity pool may assume the role too",
        ),
    ],
)
def test_notes(host: str, condition: Any, message: str) -> None:
    [finding] = findings(RULE, trust(host, condition))
    assert (finding.message, finding.severity) == (message, Severity.NOTE)


@pytest.mark.parametrize("values", [(), ("*",), ("system:serviceaccount:*:*",)])
def test_every_pod_of_a_cluster_is_a_warning(values: tuple[str, ...]) -> None:
    host = "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF"
    [finding] = findings(RULE, trust(host, {"StringLike": {f"{host}:sub": list(values)}} if values else None))
    assert finding.severity is Severity.WARNING
    assert finding.message.endswith("every pod that the EKS cluster runs can assume the role")


def test_a_namespace_of_a_cluster_is_one_customer() -> None:
    host = "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF"
    assert not findings(RULE, trust(host, {"StringLike": {f"{host}:sub": "system:serviceaccount:shop:*"}}))


@pytest.mark.parametrize(
    "federated",
    [
        f"!Sub 'arn:aws:iam::${{AWS::AccountId}}:oidc-provider/{GITHUB}'",
        "!Ref Provider",
        "!GetAtt Provider.Arn",
        f"!Join ['', ['arn:aws:iam::', !Ref 'AWS::AccountId', ':oidc-provider/{GITHUB}']]",
    ],
)
def test_finds_the_provider_behind_a_function(federated: str) -> None:
    text = f"""\
Resources:
  Provider:
    Type: AWS::IAM::OIDCProvider
    Properties: {{Url: 'https://{GITHUB}'}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRoleWithWebIdentity
            Principal: {{Federated: {federated}}}
            Condition: {{StringEquals: {{'{GITHUB}:aud': sts.amazonaws.com}}}}
"""
    [finding] = findings(RULE, {"template.yml": text})
    assert finding.at.span.line == 12
