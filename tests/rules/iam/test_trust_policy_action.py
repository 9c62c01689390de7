"""Rule iam-trust-policy-action."""

import json
from typing import Any

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-trust-policy-action"
CONFIG = '[[policies]]\nfiles = "*.json"\nkind = "trust"\n'
OIDC = {"Federated": "arn:aws:iam::111111111111:oidc-provider/example.com"}
SAML = {"Federated": "arn:aws:iam::111111111111:saml-provider/ours"}
SERVICE = {"Service": "ec2.amazonaws.com"}
ACCOUNT = {"AWS": "arn:aws:iam::111111111111:root"}


def found(principal: object, action: object, **elements: Any) -> list[tuple[str, str]]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action} | elements
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    results = findings(RULE, {"t.json": text, "stackproof.toml": CONFIG})
    return [(result.severity or "error", result.message) for result in results]


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("principal", "action", "result"),
    [
        (ACCOUNT, "s3:GetObject", ("error", "'s3:GetObject' is no action by which a role is assumed")),
        (
            ACCOUNT,
            "sts:GetCallerIdentity",
            ("error", "'sts:GetCallerIdentity' is no action by which a role is assumed"),
        ),
        (ACCOUNT, "sts:Get*", ("error", "'sts:Get*' is no action by which a role is assumed")),
        (OIDC, "sts:AssumeRole", ("error", "'sts:AssumeRole' cannot be called by an OpenID Connect provider")),
        (
            {"Federated": "cognito-identity.amazonaws.com"},
            ["STS:assumerole", "sts:TagSession"],
            ("error", "'STS:assumerole' cannot be called by an OpenID Connect provider"),
        ),
        (
            SAML,
            "sts:AssumeRoleWithWebIdentity",
            ("error", "'sts:AssumeRoleWithWebIdentity' cannot be called by a SAML provider"),
        ),
        (
            SERVICE,
            "sts:AssumeRoleWithWebIdentity",
            ("error", "'sts:AssumeRoleWithWebIdentity' cannot be called by a service"),
        ),
        (
            ACCOUNT,
            ["sts:AssumeRole", "sts:AssumeRoleWithSAML"],
            ("note", "'sts:AssumeRoleWithSAML' cannot be called by an AWS principal"),
        ),
        (
            {"Federated": {"Ref": "Provider"}},
            "sts:AssumeRole",
            ("error", "'sts:AssumeRole' cannot be called by an OpenID Connect provider or a SAML provider"),
        ),
    ],
)
def test_reports(principal: object, action: object, result: tuple[str, str]) -> None:
    assert found(principal, action) == [result]


@pytest.mark.parametrize(
    ("principal", "action"),
    [
        (SERVICE, ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"]),
        (SERVICE, "sts:AssumeRole*"),
        (SERVICE, "sts:TagSession"),
        (OIDC, "sts:*"),
        (OIDC, "*"),
        (OIDC, "sts:AssumeRoleWith*"),
        (SERVICE | OIDC, ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"]),
        ({"AWS": "*"}, "sts:AssumeRoleWithSAML"),
        ("*", "sts:AssumeRoleWithSAML"),
        ({"Federated": {"Ref": "Provider"}}, "sts:AssumeRoleWithSAML"),
        ({"Federated": {"Fn::Sub": "arn:aws:iam::${A}:oidc-provider/${B}"}}, "sts:AssumeRoleWithWebIdentity"),
        ({"Federated": "${Provider}"}, "sts:AssumeRoleWithSAML"),
        ({"Fn::If": ["A", OIDC, ACCOUNT]}, "sts:AssumeRole"),
        ({"Federated": {"Fn::If": ["A", "x", "y"]}}, {"Ref": "Action"}),
        (ACCOUNT, "sts:AssumeRol"),  # iam-unknown-action says so
        (ACCOUNT, "${Action}"),
        ([], []),
    ],
)
def test_accepts(principal: object, action: object) -> None:
    assert not found(principal, action)


def test_what_is_denied_need_not_fit() -> None:
    assert not found(OIDC, "sts:AssumeRole", Effect="Deny")


def test_a_trust_policy_that_is_guessed_gives_warnings() -> None:
    statement = {"Effect": "Allow", "Principal": OIDC, "Action": "sts:AssumeRole", "Resource": "*"}
    [finding] = findings(RULE, {"t.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})})
    assert finding.severity is Severity.WARNING


def test_other_policies_are_none_of_its_business() -> None:
    statement = {"Effect": "Allow", "Principal": OIDC, "Action": "s3:GetObject", "Resource": "*"}
    assert not findings(RULE, {"t.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})})


ANYWHERE = {"Service": "rolesanywhere.amazonaws.com"}


def test_some_services_need_more_than_one_action() -> None:
    assert found(ANYWHERE, "sts:AssumeRole") == [
        (
            "warning",
            "'rolesanywhere.amazonaws.com' cannot assume the role without 'sts:SetSourceIdentity' and 'sts:TagSession'",
        )
    ]
    for enough in (["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"], "sts:*", "*"):
        assert not found(ANYWHERE, enough)


def test_what_they_need_may_stand_in_several_statements() -> None:
    statements = [
        {"Effect": "Allow", "Principal": {"Service": ["pods.eks.amazonaws.com"]}, "Action": action}
        for action in ("sts:AssumeRole", "sts:tagsession")
    ]
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    assert not findings(RULE, {"t.json": text, "stackproof.toml": CONFIG})
