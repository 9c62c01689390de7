"""Rules iam-sid-duplicate and iam-sid-characters."""

import json

import pytest

from validator import fix
from validator.rule import Severity
from validator.testing import check_rule, findings

DUPLICATE, CHARACTERS = "iam-sid-duplicate", "iam-sid-characters"


def policy(*sids: object) -> str:
    every = [{"Sid": sid, "Effect": "Deny", "Action": "s3:*", "Resource": "*"} for sid in sids]
    return json.dumps({"Version": "2012-10-17", "Statement": every})


def configured(kind: str, text: str) -> dict[str, str]:
    return {"p.json": text, "stackproof.toml": f'[[policies]]\nfiles = "*.json"\nkind = "{kind}"\n'}


@pytest.mark.parametrize("rule_id", [DUPLICATE, CHARACTERS])
def test_does_what_its_documentation_says(rule_id: str) -> None:
    check_rule(rule_id)


def test_reports_each_sid_that_stood_before() -> None:
    found = findings(DUPLICATE, {"p.json": policy("A", "B", "A", "A", "", "", 1, 1)})
    assert [finding.at.pointer for finding in found] == ["/Statement/2/Sid", "/Statement/3/Sid"]
    assert {node.pointer for finding in found for node, _ in finding.related} == {"/Statement/0/Sid"}


@pytest.mark.parametrize(
    ("kind", "severity"),
    [
        ("identity", None),
        ("boundary", None),
        ("trust", None),
        ("scp", Severity.WARNING),
        ("resource", Severity.WARNING),
    ],
)
def test_is_sure_where_iam_itself_takes_the_policy(kind: str, severity: Severity | None) -> None:
    [finding] = findings(DUPLICATE, configured(kind, policy("A", "A")))
    assert finding.severity == severity


def test_a_kind_that_is_guessed_makes_it_a_warning() -> None:
    [finding] = findings(DUPLICATE, {"boundary/p.json": policy("A", "A")})
    assert finding.severity is Severity.WARNING


TEMPLATE = """\
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {}
          - {}
"""
ONE = "{Sid: A, Effect: Allow, Action: 's3:*', Resource: '*'}"
PERHAPS = f"!If [C, {ONE}, !Ref 'AWS::NoValue']"


@pytest.mark.parametrize(
    ("first", "second", "severities"),
    [
        (ONE, ONE, [None]),
        (ONE, PERHAPS, [Severity.WARNING]),
        (PERHAPS, PERHAPS, []),
        (f"!If [C, {ONE}, {ONE}]", "!Ref B", []),
        (ONE.replace("A,", "!Ref A,"), ONE.replace("A,", "!Ref A,"), []),
        (ONE.replace("A,", "'{{ a }}',"), ONE.replace("A,", "'{{ a }}',"), []),
        (ONE, ONE.replace("A,", "a,"), []),
    ],
)
def test_statements_that_may_not_stand_together(first: str, second: str, severities: list[Severity | None]) -> None:
    found = findings(DUPLICATE, {"t.yml": TEMPLATE.replace("{}", first, 1).replace("{}", second, 1)})
    assert [finding.severity for finding in found] == severities


@pytest.mark.parametrize(
    ("kind", "sid", "severity"),
    [
        ("identity", "read-logs", None),
        ("identity", "läs", None),
        ("identity", "read logs", Severity.WARNING),
        ("boundary", "read_logs", None),
        ("scp", "read-logs", Severity.WARNING),
        ("trust", "read-logs", Severity.WARNING),
    ],
)
def test_is_as_sure_of_characters_as_aws_is(kind: str, sid: str, severity: Severity | None) -> None:
    [finding] = findings(CHARACTERS, configured(kind, policy(sid)))
    assert finding.severity == severity


@pytest.mark.parametrize("sid", ["ReadLogs1", "", "${Token}-a", "{{ a }}", "<account>"])
def test_accepts(sid: str) -> None:
    assert not findings(CHARACTERS, {"p.json": policy(sid)})


def test_leaves_policies_of_resources_alone() -> None:
    assert not findings(CHARACTERS, configured("resource", policy("Allow access for Key Administrators")))


@pytest.mark.parametrize(
    ("sids", "fixed"),
    [
        (["read-logs"], ["ReadLogs"]),
        (["read-logs", "ReadLogs"], ["read-logs", "ReadLogs"]),
        (["read-logs", "read_logs"], ["ReadLogs", "read_logs"]),
        (["-"], ["-"]),
    ],
)
def test_the_fix_makes_no_two_alike(sids: list[str], fixed: list[str]) -> None:
    text = policy(*sids)
    edits = [edit for finding in findings(CHARACTERS, {"p.json": text}) for edit in finding.fix]
    assert fix.edited(text, edits) == policy(*fixed)
