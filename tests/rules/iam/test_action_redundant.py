"""Rules iam-action-redundant and iam-resource-redundant."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator import fix
from validator.iam.actions import matches
from validator.testing import check_rule, findings

ACTION, RESOURCE = "iam-action-redundant", "iam-resource-redundant"


def policy(*actions: object, resource: object = "*", key: str = "Action") -> str:
    statement = {"Effect": "Allow", key: list(actions), "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def redundant(*actions: str, key: str = "Action") -> list[str]:
    return [
        finding.at.pointer.rpartition("/")[2] for finding in findings(ACTION, {"p.json": policy(*actions, key=key)})
    ]


def resources(*values: object) -> list[str]:
    found = findings(RESOURCE, {"p.json": policy("s3:GetObject", resource=list(values))})
    return [str(finding.at.value) for finding in found]


@pytest.mark.parametrize("rule_id", [ACTION, RESOURCE])
def test_does_what_its_documentation_says(rule_id: str) -> None:
    check_rule(rule_id)


@pytest.mark.parametrize(
    ("actions", "places"),
    [
        (["s3:Get*", "s3:GetObject"], ["1"]),
        (["s3:GetObject", "s3:Get*"], ["0"]),
        (["s3:GetObject", "s3:getobject"], ["1"]),
        (["s3:Get*", "S3:GET*", "s3:*"], ["0", "1"]),
        (["s3:*", "s3:**"], ["1"]),
        (["*", "s3:*", "ec2:RunInstances"], ["1", "2"]),
        (["s3:Get*", "s3:GetObject", "s3:GetObject"], ["1", "2"]),
        (["s3:Get*", "s3:*Object"], []),
        (["s3:Get?bject", "s3:GetObject"], ["1"]),
        (["s3:GetObject", "s3:Get${Kind}"], []),
        (["s3:*", "s3:Get${Kind}"], ["1"]),
        (["s3:Get???????", "s3:Get${Kind}"], []),
        (["", ""], ["1"]),
    ],
)
def test_reports_what_another_covers_once(actions: list[str], places: list[str]) -> None:
    assert redundant(*actions) == places


def test_counts_in_notaction_too() -> None:
    assert redundant("s3:*", "s3:GetObject", key="NotAction") == ["1"]


def test_says_by_which_and_where() -> None:
    [finding] = findings(ACTION, {"p.json": policy("s3:Get*", "s3:GetObject")})
    assert finding.message == "'s3:GetObject' is covered by 's3:Get*'"
    assert [node.value for node, _ in finding.related] == ["s3:Get*"]


@given(st.lists(st.text("ab*?", max_size=5).map("s3:{}".format), min_size=2, max_size=6), st.text("ab", max_size=6))
def test_removing_what_is_redundant_changes_nothing(actions: list[str], name: str) -> None:
    gone = {int(place) for place in redundant(*actions)}
    left = [action for at, action in enumerate(actions) if at not in gone]
    asked = f"s3:{name}"
    assert any(matches(action, asked) for action in left) == any(matches(action, asked) for action in actions)


TEMPLATE = """\
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Resource: "*"
            Action: {}
"""


@pytest.mark.parametrize(
    "values",
    [
        "[!Ref A, !Ref A]",
        "[!Sub 's3:${B}', 's3:*']",
        "!If [A, [s3:GetObject], [s3:*]]",
        "s3:*",
        "[]",
        "[1, 1]",
        "[[s3:*], s3:*]",
    ],
)
def test_leaves_alone_what_functions_make_and_what_is_no_action(values: str) -> None:
    assert not findings(ACTION, {"t.yml": TEMPLATE.format(values)})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("['s3:*', s3:GetObject, ec2:RunInstances]", "['s3:*', ec2:RunInstances]"),
        ("[s3:GetObject, 's3:*']", "['s3:*']"),
        ("[s3:GetObject, s3:PutObject, 's3:*']", "[s3:PutObject, 's3:*']"),
        ("\n  - s3:GetObject\n  - 's3:*'\n", "\n  - 's3:*'\n"),
        ("\n  - 's3:*'\n  - s3:GetObject\n  - s3:PutObject\n", "\n  - 's3:*'\n"),
        ("\n  - 's3:*'\n  - s3:GetObject # for the website\n", None),
        ("\n  - 's3:*'\n  - >-\n    s3:GetObject\n", None),
        ("['s3:*', &get s3:GetObject]", None),
    ],
)
def test_the_fix_takes_out_the_value_only(before: str, after: str | None) -> None:
    head = 'Version: "2012-10-17"\nStatement:\n- Effect: Allow\n  Resource: "*"\n  Action: '
    text = head + before
    found = findings(ACTION, {"p.yml": text})
    edits = fix.plan([finding.fix for finding in found], {"p.yml": text}).edits
    assert fix.edited(text, edits.get("p.yml", ())) == head + (before if after is None else after)


def test_the_fix_works_in_a_text_within_a_text() -> None:
    head = (
        "Resources:\n  P:\n    Type: AWS::Organizations::Policy\n    Properties:\n      Type: SERVICE_CONTROL_POLICY\n"
    )
    text = f"{head}      Content: '{policy('s3:*', 's3:GetObject')}'\n"
    [finding] = findings(ACTION, {"t.yml": text})
    assert fix.edited(text, finding.fix) == text.replace(', "s3:GetObject"', "")


@pytest.mark.parametrize(
    ("values", "gone"),
    [
        (["*", "arn:aws:s3:::b"], ["arn:aws:s3:::b"]),
        (["arn:aws:s3:::b", "arn:aws:s3:::b"], ["arn:aws:s3:::b"]),
        (["arn:aws:s3:::b/*", "arn:aws:s3:::b/x"], ["arn:aws:s3:::b/x"]),
        (["arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:username}/*"], ["arn:aws:s3:::b/${aws:username}/*"]),
        (["arn:aws:s3:::b", "arn:aws:s3:::b/*"], []),
        (["arn:aws:s3:::B", "arn:aws:s3:::b"], []),
        # Whether a wildcard before the fifth colon reaches further is not known.
        (["arn:aws:sqs:*:q", "arn:aws:sqs:eu-west-1:1:q"], []),
        (["arn:aws:sqs:*:*:q", "arn:aws:sqs:eu-west-1:1:q"], ["arn:aws:sqs:eu-west-1:1:q"]),
        (["arn:*:s3:::b", "arn:aws:s3:::b"], ["arn:aws:s3:::b"]),
        (["arn:aws:s3:::b/??????????", "arn:aws:s3:::b/${Folder}/"], []),
        (["arn:aws:s3:::${B}/*", "arn:aws:s3:::${B}/x"], ["arn:aws:s3:::${B}/x"]),
        (["arn:aws:s3:::b/*", {"Fn::Sub": "arn:aws:s3:::b/${X}"}], []),
    ],
)
def test_reports_resources_that_another_covers_in_any_reading(values: list[object], gone: list[str]) -> None:
    assert resources(*values) == gone


def test_a_list_of_thousands_is_no_matter() -> None:
    actions = [f"s3:Get{number}*" for number in range(5_000)] + ["s3:Get17"]
    assert redundant(*actions)[-1] == "5000"
