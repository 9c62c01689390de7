"""Rules iam-privilege-escalation, iam-passrole-star and iam-full-admin."""

import json
from typing import Any

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

ADMIN, PASS, TAKE = "iam-full-admin", "iam-passrole-star", "iam-privilege-escalation"
ANY_ROLE = "arn:aws:iam::123456789012:role/*"
TO_LAMBDA = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}


def allow(*actions: str, resource: Any = "*", **elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource} | elements


def deny(*actions: str, **elements: Any) -> dict[str, Any]:
    return allow(*actions, **elements) | {"Effect": "Deny"}


def files(*statements: dict[str, Any], path: str = "policy.json") -> dict[str, str]:
    return {path: json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=1)}


def role(*documents: list[dict[str, Any]], **properties: Any) -> dict[str, str]:
    policies = [{"PolicyName": f"p{at}", "PolicyDocument": {"Statement": one}} for at, one in enumerate(documents)]
    resource = {"Type": "AWS::IAM::Role", "Properties": {"Policies": policies} | properties}
    return {"template.json": json.dumps({"Resources": {"R": resource}}, indent=1)}


@pytest.mark.parametrize("rule_id", [ADMIN, PASS, TAKE])
def test_does_what_its_documentation_says(rule_id: str) -> None:
    check_rule(rule_id)


# --- everything ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["*", "*:*", "**"])
def test_a_star_for_everything_is_one_finding_of_one_rule(action: str) -> None:
    given = files(allow("s3:GetObject", action, resource=["*"]))
    [finding] = findings(ADMIN, given)
    assert (finding.at.value, finding.severity) == (action, None)
    assert not [*findings(PASS, given), *findings(TAKE, given)]


@pytest.mark.parametrize(
    "statement",
    [
        allow("*", resource="arn:aws:s3:::a"),
        allow("*", Condition={"StringEquals": {"aws:PrincipalTag/admin": "yes"}}),
        allow("s3:*", "iam:*"),
        deny("*"),
        {"Effect": "Allow", "NotAction": "*", "Resource": "*"},
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
        allow("*", resource={"Ref": "All"}),
        {"Effect": {"Ref": "E"}, "Action": "*", "Resource": "*"},
    ],
)
def test_less_than_everything_is_not_everything(statement: dict[str, Any]) -> None:
    assert not findings(ADMIN, files(statement))


@pytest.mark.parametrize(
    "given",
    [
        role([allow("*")], PermissionsBoundary={"Ref": "Boundary"}),
        role([allow("*")], [deny("iam:*")]),
        files(allow("*"), deny("iam:Attach*", Condition={"Bool": {"aws:ViaAWSService": "false"}})),
    ],
)
def test_a_boundary_or_a_deny_makes_it_a_note(given: dict[str, str]) -> None:
    [finding] = findings(ADMIN, given)
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize("path", ["scp/full.json", "boundary.json"])
def test_what_grants_nothing_is_no_finding(path: str) -> None:
    given = files(allow("*", "iam:PassRole", "iam:PutRolePolicy"), path=path)
    assert not [found for rule_id in (ADMIN, PASS, TAKE) for found in findings(rule_id, given)]


# --- passing roles ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        ANY_ROLE,
        "arn:aws:iam::*:role/*",
        "arn:aws:iam::210987654321:*",
        {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/*"},
        {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":role/*"]]},
    ],
)
def test_any_role_may_be_passed(resource: Any) -> None:
    [finding] = findings(PASS, role([allow("iam:GetRole", "iam:PassRole", resource=resource)]))
    assert finding.message == "iam:PassRole is allowed for every role and every service"
    assert finding.at.value == "iam:PassRole"


@pytest.mark.parametrize(
    "statements",
    [
        [allow("iam:PassRole", resource="arn:aws:iam::123456789012:role/app-*")],
        [allow("iam:PassRole", resource={"Fn::GetAtt": ["Other", "Arn"]})],
        [allow("iam:PassRole", resource={"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/${Name}"})],
        [allow("iam:PassRole", resource="arn:aws:iam::*:role/${aws:PrincipalTag/team}-*")],
        [allow("iam:PassRole", Condition=TO_LAMBDA)],
        [allow("iam:PassRole", Condition={"StringLike": {"iam:PassedToService": ["ecs*.amazonaws.com"]}})],
        [allow("iam:PassRole"), deny("iam:PassRole", Condition={"StringNotEquals": TO_LAMBDA["StringEquals"]})],
        [allow("iam:PassRole"), deny("iam:Pass*", resource=ANY_ROLE)],
        [allow("iam:PassRole"), {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}],
        [deny("iam:PassRole")],
    ],
)
def test_only_some_roles_may_be_passed(statements: list[dict[str, Any]]) -> None:
    assert not findings(PASS, role(statements))


def test_a_deny_for_certain_roles_leaves_the_others() -> None:
    given = files(allow("iam:PassRole"), deny("iam:PassRole", resource="arn:aws:iam::*:role/admin-*"))
    assert findings(PASS, given)


def test_with_a_way_to_use_the_role_another_rule_speaks() -> None:
    given = role([allow("iam:PassRole")], [allow("ec2:Run*")])
    assert not findings(PASS, given)
    [finding] = findings(TAKE, given)
    assert finding.message == "iam:PassRole with ec2:RunInstances lets its holder take the rights of any role"
    assert finding.at.value == "iam:PassRole"
    assert [(node.value, why) for node, why in finding.related] == [("ec2:Run*", "ec2:RunInstances is allowed here")]


def test_a_role_for_certain_services_is_a_note() -> None:
    [finding] = findings(TAKE, files(allow("iam:PassRole", Condition=TO_LAMBDA), allow("lambda:*")))
    assert finding.severity is Severity.NOTE


def test_a_role_must_be_passed_to_what_is_started() -> None:
    assert not findings(TAKE, files(allow("iam:PassRole", Condition=TO_LAMBDA), allow("ec2:*")))


# --- more rights -----------------------------------------------------------------------------------------------------


def test_names_three_ways_at_most() -> None:
    given = files(allow("iam:*", "lambda:*"))
    [finding] = findings(TAKE, given)
    assert finding.message == (
        "iam:CreatePolicyVersion lets its holder take any rights, and so do iam:PutRolePolicy, iam:AttachRolePolicy "
        "and 11 more"
    )
    assert finding.at.value == "iam:*"


@pytest.mark.parametrize(
    "statements",
    [
        [allow("iam:CreateAccessKey", resource="arn:aws:iam::123456789012:user/${aws:username}")],
        [allow("iam:PutRolePolicy", resource="arn:aws:iam::123456789012:role/app/*")],
        [
            allow(
                "iam:AttachRolePolicy",
                Condition={"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
            )
        ],
        [
            allow(
                "iam:PutRolePolicy", Condition={"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::1:policy/b"}}
            )
        ],
        [allow("iam:Get*", "iam:List*", "iam:CreateRole")],
        [allow("iam:*"), deny("iam:*")],
        [allow("iam:CreatePolicyVersion"), deny("iam:*", resource="arn:aws:iam::*:policy/*")],
        [allow("iam:PutUserPolicy"), deny("*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})],
        [{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}],
        [allow("lambda:CreateFunction", "lambda:InvokeFunction")],
    ],
)
def test_no_way_to_more_rights(statements: list[dict[str, Any]]) -> None:
    assert not findings(TAKE, files(*statements))


def test_a_boundary_in_the_template_holds_the_role() -> None:
    given = role([allow("iam:PutRolePolicy", "iam:PassRole")], PermissionsBoundary="arn:aws:iam::1:policy/b")
    assert not [*findings(TAKE, given), *findings(PASS, given)]


@pytest.mark.parametrize(("forbidden", "ways"), [("iam:*", 0), ("s3:*", 1)])
def test_a_boundary_that_stands_in_the_template_is_read(forbidden: str, ways: int) -> None:
    given = json.loads(role([allow("iam:PutRolePolicy")], PermissionsBoundary={"Ref": "B"})["template.json"])
    limit = {"Statement": [allow("*"), deny(forbidden)]}
    given["Resources"]["B"] = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": limit}}
    found = findings(TAKE, {"template.json": json.dumps(given)})
    assert [finding.at.value for finding in found] == ["iam:PutRolePolicy"] * ways


def test_all_policies_of_a_role_act_together() -> None:
    assert not findings(TAKE, role([allow("iam:PutRolePolicy")], [deny("iam:Put*")]))


def test_a_service_control_policy_of_the_same_set_counts() -> None:
    config = '[[policy-sets]]\nscp = ["scp.json"]\nidentity = ["policy.json"]\n'
    given = files(allow("iam:PutRolePolicy")) | files(deny("iam:*"), path="scp.json") | {"stackproof.toml": config}
    assert not findings(TAKE, given)
