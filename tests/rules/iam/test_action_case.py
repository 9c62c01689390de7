"""Rule iam-action-case."""

import pytest

from validator import fix
from validator.testing import check_rule, findings

RULE = "iam-action-case"
POLICY = 'Version: "2012-10-17"\nStatement:\n  - Effect: Allow\n    Action: {}\n    Resource: "*"\n'


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("written", "fixed"),
    [
        ("s3:getobject", "s3:GetObject"),
        ("'S3:GetObject'", "'s3:GetObject'"),
        ('["ec2:describe*", "ec2:RunInstances"]', '["ec2:Describe*", "ec2:RunInstances"]'),
    ],
)
def test_writes_what_is_documented(written: str, fixed: str) -> None:
    text = POLICY.format(written)
    [finding] = findings(RULE, {"p.yml": text})
    assert fix.edited(text, finding.fix) == POLICY.format(fixed)


@pytest.mark.parametrize(
    "action",
    ["s3:GetObject", "'*'", "s3:*", "'*:getobject'", "s3:gettobject", "nosuch:thing", "Update:modify", "!Ref A", "{}"],
)
def test_accepts(action: str) -> None:
    assert not findings(RULE, {"p.yml": POLICY.format(action)})


def test_offers_no_fix_where_the_text_stands_elsewhere() -> None:
    [finding] = findings(RULE, {"p.yml": "Id: &a s3:getobject\n" + POLICY.format("*a")})
    assert finding.message == "'s3:getobject' is documented as 's3:GetObject'"
