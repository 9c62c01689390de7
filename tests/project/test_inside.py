"""Documents inside templates: policies and buildspecs, as mappings, as text, and in the branches of an Fn::If."""

import json
from urllib.parse import quote, unquote

import pytest

from .conftest import Loading

POLICY = '{"Statement": [{"Effect": "Allow", "Action": "s3:${X}", "Resource": "*"}]}'
AS_MAPPING = "{Statement: [{Effect: Allow}]}"
INLINE = f"{{PolicyDocument: {AS_MAPPING}}}"


def _resource(kind: str, properties: str) -> str:
    return f"Conditions: {{C: !Equals [a, b]}}\nResources:\n  R:\n    Type: {kind}\n    Properties: {properties}\n"


@pytest.mark.parametrize(
    ("kind", "properties", "expected"),
    [
        ("AWS::IAM::ManagedPolicy", f"{{PolicyDocument: {AS_MAPPING}}}", ["identity"]),
        ("AWS::IAM::ManagedPolicy", f"{{PolicyDocument: '{POLICY}'}}", ["identity"]),
        ("AWS::IAM::ManagedPolicy", f"{{PolicyDocument: !Sub '{POLICY}'}}", ["identity"]),
        ("AWS::IAM::ManagedPolicy", f"{{PolicyDocument: !Sub ['{POLICY}', {{X: y}}]}}", ["identity"]),
        ("AWS::IAM::ManagedPolicy", f"{{PolicyDocument: !If [C, {AS_MAPPING}, '{POLICY}']}}", ["identity", "identity"]),
        ("AWS::IAM::ManagedPolicy", f"{{PolicyDocument: !If [C, {AS_MAPPING}, !Ref 'AWS::NoValue']}}", ["identity"]),
        ("AWS::IAM::ManagedPolicy", "{PolicyDocument: text}", []),
        ("AWS::IAM::ManagedPolicy", "{PolicyDocument: '{broken'}", []),
        ("AWS::IAM::ManagedPolicy", "{PolicyDocument: {Version: x}}", []),
        (
            "AWS::IAM::Role",
            f"{{AssumeRolePolicyDocument: {AS_MAPPING}, Policies: [{INLINE}, !If [C, {INLINE}, !Ref 'AWS::NoValue']]}}",
            ["trust", "identity", "identity"],
        ),
        ("AWS::IAM::User", f"{{Policies: !If [C, [{{PolicyDocument: {AS_MAPPING}}}], []]}}", ["identity"]),
        ("AWS::Organizations::Policy", f"{{Type: SERVICE_CONTROL_POLICY, Content: {AS_MAPPING}}}", ["scp"]),
        ("AWS::Organizations::Policy", f"{{Type: RESOURCE_CONTROL_POLICY, Content: {AS_MAPPING}}}", ["rcp"]),
        ("AWS::Organizations::Policy", f"{{Type: TAG_POLICY, Content: {AS_MAPPING}}}", []),
        ("AWS::Serverless::Function", f"{{Policies: [AWSLambdaExecute, {AS_MAPPING}]}}", ["identity"]),
        ("AWS::Serverless::Function", f"{{Policies: {AS_MAPPING}}}", ["identity"]),
        ("AWS::Serverless::Function", f"{{Policies: [S3ReadPolicy: {{BucketName: b}}, {AS_MAPPING}]}}", ["identity"]),
        ("AWS::Serverless::Function", "{Policies: {S3ReadPolicy: {BucketName: b}}}", []),
        ("AWS::Serverless::StateMachine", f"{{Policies: [!If [C, {AS_MAPPING}, AWSLambdaExecute]]}}", ["identity"]),
        ("AWS::S3::BucketPolicy", f"{{PolicyDocument: {AS_MAPPING}}}", ["resource"]),
        ("AWS::Events::EventBusPolicy", "{StatementId: x, Statement: {Effect: Allow}}", ["resource"]),
        ("AWS::DynamoDB::Table", f"{{ResourcePolicy: {{PolicyDocument: {AS_MAPPING}}}}}", ["resource"]),
        ("AWS::IoT::Policy", f"{{PolicyDocument: {AS_MAPPING}}}", []),
    ],
)
def test_policies(kind: str, properties: str, expected: list[str], loaded: Loading) -> None:
    project = loaded({"template.yml": _resource(kind, properties)})
    assert [one.kind for one in project.policies] == expected
    assert all(list(one.statements()) for one in project.policies)


def test_a_policy_in_text_stands_where_the_text_stands(loaded: Loading) -> None:
    text = _resource("AWS::IAM::ManagedPolicy", f"{{PolicyDocument: !Sub '{POLICY}'}}")
    [policy] = loaded({"template.yml": text}).policies
    [statement] = policy.statements()
    assert statement.effect is not None
    assert (statement.effect.text, statement.effect.span.line, statement.effect.inner) == (
        '"Allow"',
        5,
        "/Statement/0/Effect",
    )
    assert statement.effect.pointer == "/Resources/R/Properties/PolicyDocument/Fn::Sub"


DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:é*", "Resource": "*"}]}


def _managed(name: str, account: str = "111122223333") -> dict[str, object]:
    versions = [{"Document": DOCUMENT, "IsDefaultVersion": default} for default in (False, True)]
    return {"PolicyName": name, "Arn": f"arn:aws:iam::{account}:policy/{name}", "PolicyVersionList": versions}


def test_policies_of_an_account_dump(loaded: Loading) -> None:
    role = {"AssumeRolePolicyDocument": DOCUMENT, "RolePolicyList": [{"PolicyDocument": DOCUMENT}]}
    profiles = [{"Roles": [role]}]
    dump = {
        "UserDetailList": [{"UserPolicyList": [{"PolicyDocument": DOCUMENT}]}],
        "GroupDetailList": [{"GroupPolicyList": [{"PolicyDocument": "no policy"}]}],
        "RoleDetailList": [{**role, "InstanceProfileList": profiles}],
        "Policies": [_managed("own"), _managed("AdministratorAccess", "aws")],
    }
    policies = loaded({"account.json": json.dumps(dump)}).policies
    assert [(one.kind, one.node.pointer.split("/")[1]) for one in policies] == [
        ("identity", "UserDetailList"),
        ("trust", "RoleDetailList"),
        ("identity", "RoleDetailList"),
        ("identity", "Policies"),
    ]
    assert policies[-1].node.pointer == "/Policies/0/PolicyVersionList/1/Document"


@pytest.mark.parametrize(("attached", "kind"), [([], "boundary"), (["arn:aws:iam::111122223333:policy/m"], "identity")])
def test_a_boundary_in_a_dump_is_one_if_it_is_nothing_else(attached: list[str], kind: str, loaded: Loading) -> None:
    user = {
        "PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/m"},
        "AttachedManagedPolicies": [{"PolicyArn": arn} for arn in attached],
    }
    dump = {"UserDetailList": [user], "RoleDetailList": [], "Policies": [_managed("m")]}
    assert [one.kind for one in loaded({"account.json": json.dumps(dump)}).policies] == [kind]


@pytest.mark.parametrize("encoded", [quote(json.dumps(DOCUMENT)), quote(json.dumps(DOCUMENT, ensure_ascii=False))])
def test_a_policy_in_percent_encoding_stands_where_its_octets_stand(encoded: str, loaded: Loading) -> None:
    dump = {"RoleDetailList": [{"RolePolicyList": [{"PolicyDocument": encoded}]}], "Policies": []}
    text = json.dumps(dump)
    [policy] = loaded({"account.json": text}).policies
    [statement] = policy.statements()
    assert statement.actions is not None
    [action] = statement.actions.values
    assert action.value == "s3:é*"
    assert json.loads(unquote(text[action.span.start : action.span.end])) == "s3:é*"


@pytest.mark.parametrize("encoded", ["%7B", "%7Bx", "%7B%22Statement%22%3A%ff%7D", "%7b%7", "%257B"])
def test_text_that_only_begins_like_an_encoded_policy_is_none(encoded: str, loaded: Loading) -> None:
    dump = {"RoleDetailList": [{"RolePolicyList": [{"PolicyDocument": encoded}]}], "Policies": []}
    assert not loaded({"account.json": json.dumps(dump)}).policies


BUILD = "version: 0.2\nphases: {build: {commands: [make]}}\n"


@pytest.mark.parametrize(
    ("buildspec", "expected"),
    [
        (json.dumps(BUILD), [["make"]]),
        ("!Sub " + json.dumps(BUILD), [["make"]]),
        ("!Sub [" + json.dumps(BUILD) + ", {}]", [["make"]]),
        ("""'{"version": 0.2, "phases": {"build": {"commands": ["make"]}}}'""", [["make"]]),
        ("{version: 0.2, phases: {build: {commands: [make]}}}", [["make"]]),
        (f"!If [C, {json.dumps(BUILD)}, {json.dumps(BUILD.replace('make', 'test'))}]", [["make"], ["test"]]),
        (f"!If [C, {json.dumps(BUILD)}, other.yml]", [["make"]]),
        ("other.yml", []),
        ('"version: [\\n"', []),
        ("!Ref Spec", []),
    ],
)
def test_inline_buildspecs(buildspec: str, expected: list[list[str]], loaded: Loading) -> None:
    text = _resource("AWS::CodeBuild::Project", f"{{Source: {{Type: S3, BuildSpec: {buildspec}}}}}")
    project = loaded({"template.yml": text})
    assert [[command.text for command in one.commands()] for one in project.buildspecs] == expected
    linked = [link.buildspec for link in project.build_links if link.buildspec is not None]
    assert linked == list(project.buildspecs)


def test_a_line_that_is_put_in_may_make_a_buildspec_whole(loaded: Loading) -> None:
    text = """\
Parameters: {Extra: {Type: String, Default: ""}}
Resources:
  Project:
    Type: AWS::CodeBuild::Project
    Properties:
      Source:
        BuildSpec: !Sub |
          version: 0.2
          ${Extra}
          phases: {build: {commands: [make]}}
"""
    project = loaded({"t.yml": text})
    assert not project.inner_documents
    [other] = loaded({"t.yml": text.replace("${Extra}", "env")}).inner_documents
    assert other.broken
