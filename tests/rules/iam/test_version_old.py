"""Rule iam-version-old."""

import json

import pytest

from validator import fix
from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-version-old"


def policy(resource: object = "*", **elements: object) -> str:
    return json.dumps(elements | {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": resource}]})


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("text", "message", "severity"),
    [
        (policy(), "the policy lacks 'Version', so no policy variable works in it", Severity.NOTE),
        (
            policy(Version="2008-10-17"),
            "the policy is of version 2008-10-17, so no policy variable works in it",
            Severity.NOTE,
        ),
        (
            policy("arn:aws:s3:::b/${aws:username}"),
            "the policy lacks 'Version', so '${aws:username}' is plain text in it",
            None,
        ),
        (
            policy(["*", "arn:aws:s3:::b/${AWS:PrincipalTag/team, 'none'}"], Version="2008-10-17"),
            "the policy is of version 2008-10-17, so \"${AWS:PrincipalTag/team, 'none'}\" is plain text in it",
            None,
        ),
        (
            policy("arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}"),
            "the policy lacks 'Version', so '${cognito-identity.amazonaws.com:sub}' is plain text in it",
            None,
        ),
    ],
)
def test_is_an_error_where_a_variable_is_meant(text: str, message: str, severity: Severity | None) -> None:
    [finding] = findings(RULE, {"p.json": text})
    assert (finding.message, finding.severity) == (message, severity)


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:s3:::${Bucket}",
        "${self:custom.bucket}",
        "arn:${AWS::Partition}:s3:::b",
        "${aws_s3_bucket.b.arn}",
        "${a:b}",
    ],
)
def test_what_a_template_language_fills_in_is_no_variable(resource: str) -> None:
    [finding] = findings(RULE, {"p.json": policy(resource)})
    assert (finding.severity, finding.fix) == (Severity.NOTE, ())


@pytest.mark.parametrize("version", ["2012-10-17", "2012-10-18", {"Ref": "Version"}, None, 1])
def test_accepts(version: object) -> None:
    assert not findings(RULE, {"p.json": policy(Version=version)})


@pytest.mark.parametrize("kind", ["scp", "rcp"])
def test_control_policies_must_be_of_the_new_one(kind: str) -> None:
    [finding] = findings(RULE, {f"{kind}/p.json": policy()})
    assert finding.severity is Severity.WARNING


TEMPLATE = """\
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        {}Statement:
          - {Effect: Allow, Action: 's3:*', Resource: {RESOURCE}}
"""


def template(version: str = "", resource: str = "'*'") -> str:
    return TEMPLATE.replace("{}", version, 1).replace("{RESOURCE}", resource)


def test_a_variable_that_sub_lets_through_is_one() -> None:
    text = template(resource="!Sub 'arn:aws:s3:::${Bucket}/${!aws:username}'")
    [finding] = findings(RULE, {"t.yml": text})
    assert finding.message == "the policy lacks 'Version', so '${aws:username}' is plain text in it"


@pytest.mark.parametrize(("sub", "fixed"), [("${Bucket}/*", True), ("${Bucket}/${!Token}", False)])
def test_what_sub_fills_in_is_no_obstacle_to_the_fix(sub: str, fixed: bool) -> None:  # noqa: FBT001
    [finding] = findings(RULE, {"t.yml": template(resource=f"!Sub '{sub}'")})
    assert bool(finding.fix) is fixed


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("p.json", policy(), policy(Version="2012-10-17")),
        ("p.json", policy(Version="2008-10-17"), policy(Version="2012-10-17")),
        ("p.json", '{\n  "Statement": []\n}', None),
        ("t.yml", template(), template('Version: "2012-10-17"\n        ')),
        ("t.yml", template("Version: 2008-10-17\n        "), template("Version: 2012-10-17\n        ")),
        ("t.yml", template("<<: {Id: a}\n        "), template("<<: {Id: a}\n        ")),
        (
            "p.yml",
            "# ours\r\nStatement: {Effect: Allow, Action: '*', Resource: '*'}\r\n",
            "# ours\r\nVersion: \"2012-10-17\"\r\nStatement: {Effect: Allow, Action: '*', Resource: '*'}\r\n",
        ),
        (
            "p.yml",
            "{Statement: {Effect: Allow, Action: '*', Resource: '*'}}",
            "{\"Version\": \"2012-10-17\", Statement: {Effect: Allow, Action: '*', Resource: '*'}}",
        ),
    ],
)
def test_the_fix_writes_the_new_version(path: str, before: str, after: str | None) -> None:
    edits = [edit for finding in findings(RULE, {path: before}) for edit in finding.fix]
    assert fix.edited(before, edits) == (before if after is None else after)


def test_a_statement_among_properties_needs_no_version() -> None:
    text = """\
Resources:
  Bus:
    Type: AWS::Events::EventBusPolicy
    Properties:
      StatementId: a
      Statement: {Effect: Allow, Principal: '*', Action: events:PutEvents, Resource: '*'}
"""
    assert not findings(RULE, {"t.yml": text})
