"""Which policies act together, in templates and in dumps of an account."""

import json

import pytest

from .conftest import Loading

DOCUMENT = '{Version: "2012-10-17", Statement: [{Sid: %s, Effect: Allow, Action: "s3:*", Resource: "*"}]}'
TRUST = "AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: 'sts:AssumeRole', Principal: '*'}]}"


def sets(text: str, loaded: Loading, path: str = "template.yml") -> list[list[tuple[str, str]]]:
    """Load a file; give for each set the Sid and kind of each policy."""
    found = [
        sorted((next(iter(policy.statements())).sid, policy.kind) for policy in each.policies)
        for each in loaded({path: text}).policy_sets
    ]
    return sorted(found)


def template(*resources: str) -> str:
    return "Conditions: {C: !Equals [a, b]}\nResources:\n" + "".join(f"  {one}\n" for one in resources)


def role(name: str = "R", properties: str = "") -> str:
    inline = f"Policies: [{{PolicyName: p, PolicyDocument: {DOCUMENT % 'inline'}}}]"
    return f"{name}: {{Type: AWS::IAM::Role, Properties: {{{TRUST}, {inline}, {properties}}}}}"


def policy(name: str, properties: str = "", kind: str = "ManagedPolicy", more: str = "") -> str:
    return f"{name}: {{Type: AWS::IAM::{kind}, {more} Properties: {{PolicyDocument: {DOCUMENT % name}, {properties}}}}}"


@pytest.mark.parametrize(
    ("attached", "own"),
    [
        (policy("M", "Roles: [!Ref R]"), ""),
        (policy("M", "Roles: [!Ref R]", "Policy"), ""),
        (policy("M", "RoleName: !Ref R", "RolePolicy"), ""),
        (policy("M"), "ManagedPolicyArns: [!Ref M, 'arn:aws:iam::aws:policy/ReadOnlyAccess']"),
        (policy("M"), "ManagedPolicyArns: [!GetAtt M.PolicyArn]"),
        (policy("M"), "ManagedPolicyArns: [!Sub '${M}']"),
    ],
)
def test_what_is_attached_acts_with_what_is_inline(attached: str, own: str, loaded: Loading) -> None:
    text = template(role(properties=own), attached)
    assert sets(text, loaded) == [[("M", "identity"), ("inline", "identity")]]


@pytest.mark.parametrize(
    "attached",
    [
        policy("M"),
        policy("M", "Roles: [somebody]"),
        policy("M", "Roles: [!If [C, !Ref R, somebody]]"),
        policy("M", "Roles: [!Ref R]", more="Condition: C,"),
        policy("M", "Roles: [!Ref R]").replace(DOCUMENT % "M", f"!If [C, {DOCUMENT % 'M'}, !Ref 'AWS::NoValue']"),
    ],
)
def test_what_may_not_be_attached_stands_alone(attached: str, loaded: Loading) -> None:
    assert sets(template(role(), attached), loaded) == [[("M", "identity")], [("inline", "identity")]]


def test_what_is_attached_to_somebody_else_too_stands_alone_as_well(loaded: Loading) -> None:
    found = sets(template(role(), policy("M", "Roles: [!Ref R, somebody]")), loaded)
    assert found == [[("M", "identity")], [("M", "identity"), ("inline", "identity")]]


def test_one_policy_acts_with_each_role_that_has_it(loaded: Loading) -> None:
    found = sets(template(role(), role("S"), policy("M", "Roles: [!Ref R, !Ref S]")), loaded)
    assert found == [[("M", "identity"), ("inline", "identity")]] * 2


def test_a_boundary_limits_its_role(loaded: Loading) -> None:
    found = sets(template(role(properties="PermissionsBoundary: !Ref M"), policy("M")), loaded)
    assert found == [[("M", "boundary"), ("inline", "identity")]]


@pytest.mark.parametrize(
    ("boundary", "guessed"),
    [("!Ref Parameter", True), ("!If [C, !Ref M, !Ref 'AWS::NoValue']", True), ("!Ref 'AWS::NoValue'", False)],
)
def test_nothing_is_certain_under_a_boundary_that_is_not_at_hand(
    boundary: str, loaded: Loading, *, guessed: bool
) -> None:
    [found] = loaded({"template.yml": template(role(properties=f"PermissionsBoundary: {boundary}"))}).policy_sets
    assert found.guessed is guessed


def test_users_have_what_their_groups_have(loaded: Loading) -> None:
    text = template(
        "U: {Type: AWS::IAM::User, Properties: {Groups: [!Ref G]}}",
        "G: {Type: AWS::IAM::Group}",
        policy("P", "Groups: [!Ref G]", "Policy"),
        policy("Q", "Users: [!Ref U]", "Policy"),
    )
    assert sets(text, loaded) == [[("P", "identity")], [("P", "identity"), ("Q", "identity")]]


def test_all_policies_of_a_function_act_together(loaded: Loading) -> None:
    policies = f"Policies: [S3ReadPolicy: {{BucketName: b}}, {DOCUMENT % 'a'}, AWSLambdaExecute, {DOCUMENT % 'b'}]"
    text = template(f"F: {{Type: AWS::Serverless::Function, Properties: {{{policies}}}}}")
    assert sets(text, loaded) == [[("a", "identity"), ("b", "identity")]]


@pytest.mark.parametrize(
    "broken",
    ["Roles: {Ref: [R]}", "Roles: 5", "Roles: [{'Fn::GetAtt': []}]", "Roles: [{'Fn::Sub': 5}]", "Roles: !Ref M"],
)
def test_odd_attachments_are_none(broken: str, loaded: Loading) -> None:
    assert sets(template(role(), policy("M", broken)), loaded) == [[("M", "identity")], [("inline", "identity")]]


# Dumps


def document(sid: str) -> dict[str, object]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Sid": sid, "Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
    }


def managed(name: str, account: str = "111122223333") -> dict[str, object]:
    version = {"Document": document(name), "IsDefaultVersion": True}
    return {"PolicyName": name, "Arn": arn(name, account), "PolicyVersionList": [version]}


def arn(name: str, account: str = "111122223333") -> str:
    return f"arn:aws:iam::{account}:policy/{name}"


def dump(**sections: list[dict[str, object]]) -> str:
    empty: dict[str, list[dict[str, object]]] = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": []}
    return json.dumps({**empty, "Policies": [], **sections})


def test_a_role_of_a_dump_has_all_its_policies(loaded: Loading) -> None:
    holder: dict[str, object] = {
        "RolePolicyList": [{"PolicyDocument": document("inline")}],
        "AttachedManagedPolicies": [{"PolicyArn": arn("own")}, {"PolicyArn": arn("ReadOnlyAccess", "aws")}],
        "PermissionsBoundary": {"PermissionsBoundaryArn": arn("limit")},
    }
    policies = [managed("own"), managed("limit"), managed("ReadOnlyAccess", "aws"), managed("PowerUserAccess", "aws")]
    assert sets(dump(RoleDetailList=[holder], Policies=policies), loaded, "account.json") == [
        [("ReadOnlyAccess", "identity"), ("inline", "identity"), ("limit", "boundary"), ("own", "identity")]
    ]


def test_a_user_of_a_dump_has_the_policies_of_the_groups(loaded: Loading) -> None:
    group: dict[str, object] = {"GroupName": "g", "GroupPolicyList": [{"PolicyDocument": document("group")}]}
    alone: dict[str, object] = {"GroupName": "h", "GroupPolicyList": [{"PolicyDocument": document("alone")}]}
    user: dict[str, object] = {"GroupList": ["g"], "UserPolicyList": [{"PolicyDocument": document("user")}]}
    found = sets(dump(UserDetailList=[user], GroupDetailList=[group, alone]), loaded, "account.json")
    assert found == [[("alone", "identity")], [("group", "identity"), ("user", "identity")]]


def test_a_managed_policy_that_nobody_has_stands_alone(loaded: Loading) -> None:
    found = sets(dump(Policies=[managed("own"), managed("ReadOnlyAccess", "aws")]), loaded, "account.json")
    assert found == [[("own", "identity")]]


def test_a_boundary_that_the_dump_lacks_makes_its_role_uncertain(loaded: Loading) -> None:
    holder: dict[str, object] = {
        "RolePolicyList": [{"PolicyDocument": document("inline")}],
        "PermissionsBoundary": {"PermissionsBoundaryArn": arn("elsewhere")},
    }
    [found] = loaded({"account.json": dump(RoleDetailList=[holder])}).policy_sets
    assert found.guessed
