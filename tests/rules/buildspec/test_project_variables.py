"""Rules buildspec-variable-overridden, -role-lacks-secret-access and -project-secret-plaintext."""

import pytest

from validator.rule import Finding
from validator.testing import check_rule, findings

from .texts import HEAD, SPEC, both, project

OVERRIDDEN, ROLE = "buildspec-variable-overridden", "buildspec-role-lacks-secret-access"
PLAIN = "buildspec-project-secret-plaintext"


@pytest.mark.parametrize("rule", [OVERRIDDEN, ROLE, PLAIN])
def test_documentation(rule: str) -> None:
    check_rule(rule)


def variable(text: str) -> str:
    return f"EnvironmentVariables: [{text}]"


# --- set twice -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "given", "reported"),
    [
        ("variables: {A: a}", "{Name: A, Value: b}", True),
        ("variables: {A: a}", "{Name: A, Value: a}", False),
        ("variables: {A: 1}", "{Name: A, Value: '1'}", False),
        ("variables: {A: a}", "{Name: A, Value: !Ref Free}", True),
        ("variables: {A: a}", "{Name: A, Value: a, Type: PARAMETER_STORE}", True),
        ("parameter-store: {A: /a}", "{Name: A, Value: /a, Type: PARAMETER_STORE}", False),
        ("variables: {A: a}", "{Name: B, Value: b}", False),
        ("variables: {A: a}", "{Name: !Ref Free, Value: b}", False),
    ],
)
def test_the_projects_value_is_taken(env: str, given: str, *, reported: bool) -> None:
    found = findings(OVERRIDDEN, both(f"env:\n  {env}\n" + SPEC, variable(given)))
    assert [(one.at.text, one.at.span.line) for one in found] == ([("A", 2)] if reported else [])


# --- the role --------------------------------------------------------------------------------------------------------

READING = "env:\n  parameter-store: {A: /a, B: /b}\n" + SPEC
ROLE_HEAD = "  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Statement: []}\n"
POLICY = "{{PolicyName: p, PolicyDocument: {{Statement: [{{Effect: Allow, Resource: '*', {}}}]}}}}"


def lacking(role: str, *resources: str, spec: str = READING, given: str = "") -> list[Finding]:
    text = HEAD + ROLE_HEAD + f"      {role}\n" + "".join(f"  {line}\n" for line in resources)
    lines = ["/ServiceRole: !GetAtt Role.Arn", *([variable(given)] if given else [])]
    return findings(ROLE, {"template.yml": text + project(*lines), "buildspec.yml": spec})


@pytest.mark.parametrize(
    ("element", "reported"),
    [
        ("Action: 's3:*'", True),
        ("Action: ['s3:*', 'ssm:GetParameter']", True),
        ("Action: 'ssm:GetParameters'", False),
        ("Action: 'SSM:getparameters'", False),
        ("Action: ['s3:*', 'ssm:Get*']", False),
        ("Action: '*'", False),
        ("NotAction: 'iam:*'", False),
        ("Action: !Ref Free", False),
        ("Action: ['s3:*', !Sub '${Free}:GetParameters']", False),
    ],
)
def test_a_role_must_be_allowed_to_read(element: str, *, reported: bool) -> None:
    found = lacking(f"Policies: [{POLICY.format(element)}]")
    assert [(one.at.span.line, one.at.text) for one in found] == ([(2, "/a")] if reported else [])


@pytest.mark.parametrize(
    ("role", "resources"),
    [
        ("ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']", ()),
        (
            f"Policies: [{POLICY.format('Action: s3:x')}]\n      ManagedPolicyArns: ['arn:aws:iam::aws:policy/Some']",
            (),
        ),
        (f"Policies: [{POLICY.format('Action: s3:x')}]\n      ManagedPolicyArns: !Ref Free", ()),
        (f"Policies: [{POLICY.format('Action: s3:x')}, !Ref Free]", ()),
        (f"Policies: [{POLICY.format('Action: s3:x')}, !If [C, {POLICY.format('Action: ssm:x')}, a]]", ()),
        (
            f"Policies: [{POLICY.format('Action: s3:x')}]",
            (
                "More:",
                "  Type: AWS::IAM::Policy",
                "  Properties:",
                "    PolicyName: more",
                "    Roles: [!Ref Role]",
                "    PolicyDocument: {Statement: [{Effect: Allow, Action: 'ssm:*', Resource: '*'}]}",
            ),
        ),
        ("Path: /", ()),
    ],
)
def test_says_nothing_where_another_policy_may_allow_it(role: str, resources: tuple[str, ...]) -> None:
    assert not lacking(role, *resources)


def test_reads_policies_that_are_attached() -> None:
    more = ["More:", "  Type: AWS::IAM::Policy", "  Properties:", "    PolicyName: more", "    Roles: [!Ref Role]"]
    document = "    PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]}"
    assert len(lacking("Path: /", *more, document)) == 1


def test_reads_the_variables_of_the_project() -> None:
    given = "{Name: A, Value: 'a:b', Type: SECRETS_MANAGER}"
    [finding] = lacking(f"Policies: [{POLICY.format('Action: s3:x')}]", spec=SPEC, given=given)
    assert (finding.at.span.path, finding.at.text) == ("template.yml", "A")
    assert "secretsmanager:GetSecretValue" in finding.message


# --- plain text ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "reported"),
    [
        ("{Name: API_TOKEN, Value: 5tGx9wQz}", True),
        ("{Name: API_TOKEN, Value: 5tGx9wQz, Type: PLAINTEXT}", True),
        ("{Name: API_TOKEN, Value: !If [C, 5tGx9wQz, '']}", True),
        ("{Name: API_TOKEN, Value: !Ref Hidden}", True),
        ("{Name: ANY, Value: !Ref Hidden}", False),
        ("{Name: API_TOKEN, Value: !Ref Token}", True),
        ("{Name: ANY, Value: !Ref Token}", True),
        ("{Name: API_TOKEN, Value: !Ref Free}", False),
        ("{Name: API_TOKEN, Value: 'web:token', Type: SECRETS_MANAGER}", False),
        ("{Name: API_TOKEN, Value: /web/token}", False),
        ("{Name: API_TOKEN, Value: '{{resolve:secretsmanager:web}}'}", False),
        ("{Name: API_TOKEN, Value: changeme}", False),
        ("{Name: API_TOKEN, Value: !Sub '${Free}5tGx9wQz'}", False),
        ("{Name: STAGE, Value: ghp_a8Kq2LmX9vBn4RtY7wZc1DfGh3JpS6uE0iOk}", True),
        ("{Name: API_TOKEN, Value: ''}", False),
        ("{Name: TOKEN_URL, Value: 5tGx9wQz}", False),
        ("{Name: STAGE, Value: prod}", False),
    ],
)
def test_secrets_are_not_plain_text(given: str, *, reported: bool) -> None:
    assert bool(findings(PLAIN, both(SPEC, variable(given)))) is reported
