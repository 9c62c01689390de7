"""Which policies act together, in templates and in dumps of an account."""

import json

import pytest

from validator.settings import Layout, PolicyGroup

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
    return "Conditions: {C: !Equals [!Ref P, b], D: !Not [Condition: C]}\nResources:\n" + "".join(
        f"  {one}\n" for one in resources
    )


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


@pytest.mark.parametrize("attached", [policy("M"), policy("M", "Roles: [somebody]")])
def test_what_is_not_attached_stands_alone(attached: str, loaded: Loading) -> None:
    assert sets(template(role(), attached), loaded) == [[("M", "identity")], [("inline", "identity")]]


BOTH = [("M", "identity"), ("inline", "identity")]


@pytest.mark.parametrize(
    ("attached", "own", "alone"),
    [
        (policy("M", "Roles: [!If [C, !Ref R, somebody]]"), "", True),
        (policy("M", "Roles: [!Ref R]", more="Condition: C,"), "", False),
        (policy("M", "Roles: [!Ref R]").replace(DOCUMENT % "M", f"!If [C, {DOCUMENT % 'M'}, !Ref E]"), "", False),
        (policy("M"), "ManagedPolicyArns: !If [C, [!Ref M], !Ref 'AWS::NoValue']", True),
        (policy("M", more="Condition: C,"), "ManagedPolicyArns: [!If [C, !Ref M, !Ref 'AWS::NoValue']]", False),
    ],
)
def test_what_is_attached_under_a_condition_does_not_act_without_it(
    attached: str, own: str, loaded: Loading, *, alone: bool
) -> None:
    found = sets(template(role(properties=own), attached), loaded)
    assert found == sorted([BOTH, [("inline", "identity")], *([[("M", "identity")]] if alone else [])])


def inline(*policies: str) -> str:
    return f"R: {{Type: AWS::IAM::Role, Properties: {{{TRUST}, Policies: {', '.join(policies)}}}}}"


def one(sid: str) -> str:
    return f"{{PolicyName: {sid}, PolicyDocument: {DOCUMENT % sid}}}"


@pytest.mark.parametrize(
    "policies",
    [
        f"[!If [C, {one('a')}, {one('b')}], {one('c')}]",
        f"!If [C, [{one('a')}, {one('c')}], [{one('c')}, {one('b')}]]",
        f"[{{PolicyName: p, PolicyDocument: !If [C, {DOCUMENT % 'a'}, {DOCUMENT % 'b'}]}}, {one('c')}]",
        f"[!If [C, {one('a')}, !Ref 'AWS::NoValue'], !If [D, {one('b')}, !Ref 'AWS::NoValue'], {one('c')}]",
    ],
)
def test_each_branch_of_a_condition_stands_for_itself(policies: str, loaded: Loading) -> None:
    found = sets(template(inline(policies)), loaded)
    assert found == [[("a", "identity"), ("c", "identity")], [("b", "identity"), ("c", "identity")]]


def test_a_condition_of_the_role_itself_holds_wherever_there_is_one(loaded: Loading) -> None:
    text = template(inline(f"[!If [C, !Ref 'AWS::NoValue', {one('a')}], {one('b')}]"))
    text = text.replace("AWS::IAM::Role,", "AWS::IAM::Role, Condition: D,")
    assert sets(text, loaded) == [[("a", "identity"), ("b", "identity")]]


def test_no_condition_brings_together_what_another_keeps_apart(loaded: Loading) -> None:
    policies = ", ".join(
        f"!If [C, {one(f'a{n}')}, !Ref 'AWS::NoValue'], !If [D, {one(f'b{n}')}, !Ref 'AWS::NoValue']" for n in range(3)
    )
    found = sets(template(inline(f"[{policies}]")), loaded)
    assert found == [[(f"{letter}{n}", "identity") for n in range(3)] for letter in "ab"]


def test_a_policy_under_a_condition_that_never_holds_is_judged_all_the_same(loaded: Loading) -> None:
    text = template(inline(f"[!If [C, !If [D, {one('a')}, {one('b')}], {one('c')}], {one('d')}]"))
    assert [("a", "identity"), ("d", "identity")] in sets(text, loaded)


def test_a_policy_in_a_branch_that_is_never_taken_is_none(loaded: Loading) -> None:
    text = template(inline(f"[!If [C, !If [C, {one('a')}, {one('b')}], {one('c')}]]"))
    assert sets(text, loaded) == [[("a", "identity")], [("c", "identity")]]


def test_of_too_many_conditions_each_is_looked_at_alone(loaded: Loading) -> None:
    conditions = "".join(f"C{n}: !Equals [!Ref P{n}, a], " for n in range(9))
    policies = ", ".join(f"!If [C{n}, {one(f's{n}')}, !Ref 'AWS::NoValue']" for n in range(9))
    text = template(inline(f"[{policies}, {one('t')}]")).replace("C: !E", f"{conditions}C: !E")
    found = loaded({"template.yml": text}).policy_sets
    assert sorted(len(each.policies) for each in found) == [1, *[2] * 9]
    assert all(each.guessed for each in found)


@pytest.mark.parametrize(
    ("properties", "missing"),
    [
        (
            "ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonS3FullAccess]",
            "arn:aws:iam::aws:policy/AmazonS3FullAccess",
        ),
        ("ManagedPolicyArns: [!Ref Arn]", "Arn"),
        ("ManagedPolicyArns: !Ref Arns", "Arns"),
        (
            "ManagedPolicyArns: [!Sub 'arn:aws:iam::${AWS::AccountId}:policy/x']",
            "arn:aws:iam::${AWS::AccountId}:policy/x",
        ),
        ("ManagedPolicyArns: [!ImportValue x]", "what Fn::ImportValue gives"),
        ("ManagedPolicyArns: [!GetAtt Stack.Outputs.Arn]", "Stack"),
        ("'Fn::Transform': {Name: 'AWS::Include'}", "what Fn::Transform makes"),
    ],
)
def test_attached_policies_whose_text_is_not_at_hand_are_named(properties: str, missing: str, loaded: Loading) -> None:
    [found] = loaded({"template.yml": template(role(properties=properties))}).policy_sets
    assert (found.missing, found.full) == ((missing,), None)


@pytest.mark.parametrize("text", ["!Ref Document", "{'Fn::Transform': {Name: 'AWS::Include'}}"])
def test_an_inline_policy_that_a_function_makes_is_not_at_hand(text: str, loaded: Loading) -> None:
    text = template(inline(f"[{one('a')}, {{PolicyName: p, PolicyDocument: {text}}}]"))
    [found] = loaded({"template.yml": text}).policy_sets
    assert found.missing == ("inline policy p",)


def test_what_sam_attaches_by_name_is_not_at_hand(loaded: Loading) -> None:
    policies = f"Policies: [S3ReadPolicy: {{BucketName: b}}, {DOCUMENT % 'a'}, AWSLambdaExecute, !Ref Arn]"
    text = template(f"F: {{Type: AWS::Serverless::Function, Properties: {{{policies}}}}}")
    [found] = loaded({"template.yml": text}).policy_sets
    assert found.missing == ("SAM's template S3ReadPolicy", "AWSLambdaExecute", "Arn")


def test_what_a_permission_set_refers_to_is_not_at_hand(loaded: Loading) -> None:
    more = "ManagedPolicies: [arn:aws:iam::aws:policy/ViewOnlyAccess], CustomerManagedPolicyReferences: [{Name: own}]"
    text = template(f"S: {{Type: AWS::SSO::PermissionSet, Properties: {{InlinePolicy: {DOCUMENT % 'a'}, {more}}}}}")
    [found] = loaded({"template.yml": text}).policy_sets
    assert found.missing == ("arn:aws:iam::aws:policy/ViewOnlyAccess", "own")


def test_the_policies_of_a_group_elsewhere_are_not_at_hand(loaded: Loading) -> None:
    user = "U: {Type: AWS::IAM::User, Properties: {Groups: [admins]}}"
    [found] = loaded({"template.yml": template(user, policy("P", "Users: [!Ref U]", "Policy"))}).policy_sets
    assert found.missing == ("the policies of group admins",)


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "arn:aws-cn:iam::aws:policy/PowerUserAccess",
        "!Sub 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess'",
        "!Join ['', ['arn:', !Ref 'AWS::Partition', ':iam::aws:policy/AdministratorAccess']]",
    ],
)
def test_who_has_administrator_access_may_do_everything(arn: str, loaded: Loading) -> None:
    attached = f"ManagedPolicyArns: [{arn}]"
    [found] = loaded({"template.yml": template(role(properties=attached))}).policy_sets
    assert (found.full is not None, found.missing) == (True, ())
    [found] = loaded(
        {"template.yml": template(f"R: {{Type: AWS::IAM::Role, Properties: {{{TRUST}, {attached}}}}}")}
    ).policy_sets
    assert (found.node, found.policies) == (found.full, ())


@pytest.mark.parametrize("access", ["AdministratorAccess-Amplify", "${Name}"])
def test_who_may_have_less_than_administrator_access_has_it_not(access: str, loaded: Loading) -> None:
    attached = f"ManagedPolicyArns: [!Sub 'arn:aws:iam::aws:policy/{access}']"
    text = "Parameters: {Name: {Type: String, Default: AdministratorAccess}}\n" + template(role(properties=attached))
    [found] = loaded({"template.yml": text}).policy_sets
    assert (found.full, len(found.missing)) == (None, 1)


def test_a_boundary_under_a_condition_limits_its_role_only_then(loaded: Loading) -> None:
    text = template(role(properties="PermissionsBoundary: !If [C, !Ref M, !Ref 'AWS::NoValue']"), policy("M"))
    assert sets(text, loaded) == [[("M", "boundary"), ("inline", "identity")], [("inline", "identity")]]


LOOP = """
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Roles:
    - Name
    - [A, B]
    - Role${{Name}}: {role}
      Policy${{Name}}: {policy}
"""


def test_the_body_of_a_loop_stands_for_all_that_it_makes(loaded: Loading) -> None:
    own, attached = role(), policy("M", "Roles: [!Ref 'Role${Name}']")
    text = LOOP.format(role=own.partition(": ")[2], policy=attached.partition(": ")[2])
    assert sets(text, loaded) == [BOTH]


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


def test_what_a_dump_lacks_is_not_at_hand(loaded: Loading) -> None:
    holder: dict[str, object] = {
        "GroupList": ["g"],
        "UserPolicyList": [{"PolicyDocument": document("inline")}],
        "AttachedManagedPolicies": [{"PolicyArn": arn("elsewhere")}, {"PolicyArn": arn("AdministratorAccess", "aws")}],
    }
    [found] = loaded({"account.json": dump(UserDetailList=[holder])}).policy_sets
    assert found.missing == (arn("elsewhere"), "the policies of group g")
    assert found.full is not None


# What the configuration groups


@pytest.mark.parametrize("path", ["template.yml", "account.json"])
def test_what_the_configuration_puts_around_a_template_or_a_dump_is_around_each_role(
    path: str, loaded: Loading
) -> None:
    roles: list[dict[str, object]] = [{"RolePolicyList": [{"PolicyDocument": document("inline")}]}] * 2
    text = template(role(), role("S")) if path == "template.yml" else dump(RoleDetailList=roles)
    layout = Layout(policy_sets=(PolicyGroup(scp=("scp.json",), identity=(path,)),))
    found = loaded({path: text, "scp.json": json.dumps(document("scp"))}, layout=layout).policy_sets
    kinds = [[(next(iter(one.statements())).sid, one.kind) for one in each.policies] for each in found]
    assert kinds == [[("inline", "identity"), ("scp", "scp")]] * 2
