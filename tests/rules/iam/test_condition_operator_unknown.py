"""Rule iam-condition-operator-unknown."""

import json

import pytest

from validator.iam.condition import OPERATORS
from validator.testing import check_rule, findings

RULE = "iam-condition-operator-unknown"


def policy(*operators: str) -> dict[str, str]:
    condition = {operator: {"aws:PrincipalTag/team": "a"} for operator in operators}
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": condition}
    return {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("operator", "advice"),
    [
        ("StringEqualsExists", "did you mean 'StringEqualsIfExists'?"),
        ("ForAllValue:StringEquals", "did you mean 'ForAllValues:StringEquals'?"),
        ("ForAnyValues:StringLike", "did you mean 'ForAnyValue:StringLike'?"),
        ("StringEqualIfExists", "did you mean 'StringEqualsIfExists'?"),
        ("NumericLessThanOrEquals", "did you mean 'NumericLessThanEquals'?"),
        ("NullIfExists", "write 'Null'"),
    ],
)
def test_names_the_operator_that_was_meant(operator: str, advice: str) -> None:
    [finding] = findings(RULE, policy(operator))
    assert finding.help == advice


@pytest.mark.parametrize("operator", ["StringLikeIgnoreCase", "IpAddressNot", "StringContains"])
def test_suggests_none_that_means_something_else(operator: str) -> None:
    [finding] = findings(RULE, policy(operator))
    assert "did you mean" not in finding.help


def test_points_at_the_operator() -> None:
    [finding] = findings(RULE, policy("StringEquals", "StringEqual"))
    assert finding.at.text == '"StringEqual"'


@pytest.mark.parametrize("prefix", ["", "ForAllValues:", "foranyvalue:"])
@pytest.mark.parametrize("suffix", ["", "IfExists"])
def test_accepts_what_the_evaluator_knows(prefix: str, suffix: str) -> None:
    names = [f"{prefix}{name}{suffix}" for name in OPERATORS if not (name == "null" and suffix)]
    assert not findings(RULE, policy(*names))


@pytest.mark.parametrize("operator", ["${Operator}", "{{ operator }}", "<operator>", "Fn::Transform"])
def test_leaves_alone_what_somebody_fills_in(operator: str) -> None:
    assert not findings(RULE, policy(operator))
