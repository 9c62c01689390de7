"""Rule iam-region-contradictory-denies."""

import json
from typing import Any

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-region-contradictory-denies"
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def files(*statements: dict[str, Any], config: str = "", name: str = "policy.json") -> dict[str, str]:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return {name: json.dumps(policy, indent=1), "stackproof.toml": config}


def deny(*regions: str, operator: str = "StringNotEquals", **elements: Any) -> dict[str, Any]:
    condition = {operator: {"aws:RequestedRegion": list(regions)}} | elements.pop("also", {})
    actions = {} if "Action" in elements else {"NotAction": ["iam:*", "sts:*"]}
    return {"Effect": "Deny", "Resource": "*", "Condition": condition} | actions | elements


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_names_both_statements_and_points_at_the_regions_of_the_second() -> None:
    [finding] = findings(RULE, files(EVERYTHING, deny("eu-central-1", Sid="One"), deny("eu-west-1", Sid="Two")))
    assert finding.message == (
        "ec2:RunInstances is denied in every region: statement 'One' leaves eu-central-1, "
        "and statement 'Two' leaves eu-west-1"
    )
    assert finding.at.value == ["eu-west-1"]
    assert [node.value for node, _ in finding.related] == [["eu-central-1"]]
    assert finding.severity is None


@pytest.mark.parametrize(
    "denies",
    [
        [deny("eu-*", operator="StringNotLike"), deny("us-*", operator="StringNotLike")],
        [deny("eu-central-1"), deny("EU-West-1", operator="StringNotEqualsIgnoreCase")],
        # One is about a service of all that the other is about.
        [deny("eu-central-1"), deny("us-east-1", Action="kms:*")],
        # Both spare the same role.
        [
            deny("eu-central-1", also={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/a"}}),
            deny("eu-west-1", also={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/a"}}),
        ],
        # Of three, two do.
        [deny("eu-central-1", "eu-west-1"), deny("eu-central-1"), deny("eu-west-1")],
    ],
)
def test_reports(denies: list[dict[str, Any]]) -> None:
    [finding] = findings(RULE, files(EVERYTHING, *denies))
    assert "is denied in every region" in finding.message


@pytest.mark.parametrize(
    "statements",
    [
        [EVERYTHING, deny("eu-central-1", "eu-west-1"), deny("eu-west-1")],
        [EVERYTHING, deny("eu-*", operator="StringNotLike"), deny("eu-west-1")],
        # What one leaves is no region: the name is misspelled, which another rule says.
        [EVERYTHING, deny("eu-centrl-1"), deny("eu-west-1")],
        # They are about different actions, resources or requests.
        [EVERYTHING, deny("eu-central-1", Action="ec2:*"), deny("us-east-1", Action="kms:*")],
        [EVERYTHING, deny("eu-central-1", Resource="arn:aws:s3:::a"), deny("eu-west-1", Resource="arn:aws:s3:::b")],
        [
            EVERYTHING,
            deny("eu-central-1", also={"StringEquals": {"aws:PrincipalTag/team": "a"}}),
            deny("eu-west-1", also={"StringEquals": {"aws:PrincipalTag/team": "b"}}),
        ],
        [
            EVERYTHING,
            deny("eu-central-1", also={"StringEquals": {"aws:PrincipalTag/team": "a"}}),
            deny("eu-west-1", also={"StringEquals": {"aws:PrincipalTag/team": "a"}}),
        ],
        # Both operators of one Condition must hold.
        [EVERYTHING, deny("eu-central-1", also={"StringNotLike": {"aws:RequestedRegion": "us-*"}})],
        # Only global services are left out of neither.
        [EVERYTHING, deny("eu-central-1"), deny("us-east-1", Action=["iam:*", "route53:*"])],
        # Nothing is allowed anyway, or denied by a third.
        [deny("eu-central-1"), deny("eu-west-1")],
        [EVERYTHING, deny("eu-central-1"), deny("us-east-1", Action="kms:*"), EVERYTHING | {"Effect": "Deny"}],
        # A denylist beside a list.
        [EVERYTHING, deny("eu-central-1"), deny("us-east-1", operator="StringEquals")],
        [EVERYTHING, deny("{{ one }}"), deny("{{ two }}")],
        [EVERYTHING, deny(), deny("eu-west-1")],
    ],
)
def test_accepts(statements: list[dict[str, Any]]) -> None:
    assert not findings(RULE, files(*statements))


def test_many_lists_are_one_finding() -> None:
    denies = [deny(region) for region in ("eu-central-1", "eu-west-1", "eu-north-1", "us-east-1")]
    assert len(findings(RULE, files(EVERYTHING, *denies))) == 1


def test_a_guessed_kind_makes_it_a_warning() -> None:
    [finding] = findings(RULE, files(deny("eu-central-1"), deny("eu-west-1"), name="scp/a.json"))
    assert finding.severity is Severity.WARNING


def test_policies_of_one_set_contradict_each_other() -> None:
    config = '[[policy-sets]]\nscp = ["a.json", "b.json"]\n'
    texts = files(deny("eu-central-1"), name="a.json") | files(deny("eu-west-1"), name="b.json", config=config)
    [finding] = findings(RULE, texts)
    assert (finding.at.document.path, finding.related[0][0].document.path) == ("b.json", "a.json")
