"""Documents inside templates: policies and buildspecs, as mappings, as text, and in the branches of an Fn::If."""

import json

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


def test_policies_of_an_account_dump(loaded: Loading) -> None:
    document = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    role = {"RoleName": "r", "AssumeRolePolicyDocument": document, "RolePolicyList": [{"PolicyDocument": document}]}
    managed = {"PolicyName": "p", "PolicyVersionList": [{"Document": document, "IsDefaultVersion": True}]}
    dump = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [role], "Policies": [managed]}
    project = loaded({"account.json": json.dumps(dump)})
    assert sorted(one.kind for one in project.policies) == ["identity", "identity", "trust"]


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
