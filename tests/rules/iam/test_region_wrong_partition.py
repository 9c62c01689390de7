"""Rule iam-region-wrong-partition."""

import json

import pytest

from validator.rule import Severity
from validator.testing import findings

RULE = "iam-region-wrong-partition"
CONFIG = 'approved-regions = ["eu-central-1", "eu-west-1"]\n'


def files(values: object, *resources: str, config: str = "", operator: str = "StringEquals") -> dict[str, str]:
    condition = {operator: {"aws:RequestedRegion": values}}
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": list(resources) or "*", "Condition": condition}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return {"policy.json": text, "stackproof.toml": config}


def test_the_arns_of_the_policy_say_what_it_is_for() -> None:
    [finding] = findings(RULE, files(["eu-west-1", "cn-north-1"], "arn:aws-cn:s3:::b"))
    assert finding.message == "'eu-west-1' is in aws, but the policy's ARNs are of aws-cn"
    assert (finding.at.text, finding.severity) == ('"eu-west-1"', None)


def test_without_arns_most_regions_say_it_and_nothing_is_certain() -> None:
    [finding] = findings(RULE, files(["eu-west-1", "eu-central-1", "us-gov-west-1"]))
    assert finding.message == "'us-gov-west-1' is in aws-us-gov, but most regions beside it are of aws"
    assert finding.severity is Severity.WARNING


def test_the_approved_regions_say_it_where_nothing_else_does() -> None:
    [finding] = findings(RULE, files(["eu-west-1", "cn-north-1"], config=CONFIG))
    assert finding.message == "'cn-north-1' is in aws-cn, but the approved regions are of aws"
    assert finding.severity is Severity.WARNING


def test_an_arn_for_every_partition_makes_it_uncertain() -> None:
    [finding] = findings(RULE, files(["eu-west-1", "cn-north-1"], "arn:*:s3:::b", "arn:aws:s3:::b"))
    assert finding.severity is Severity.WARNING


def test_a_pattern_is_in_the_partitions_of_what_it_matches() -> None:
    found = findings(RULE, files(["us-*", "cn-*", "*"], "arn:aws:s3:::b", operator="StringLike"))
    assert [each.at.value for each in found] == ["cn-*"]


@pytest.mark.parametrize(
    ("values", "resources"),
    [
        (["cn-north-1"], ()),
        (["eu-west-1", "cn-north-1"], ()),
        (["eu-west-1", "cn-north-1"], ("arn:aws:s3:::b", "arn:aws-cn:s3:::b")),
        (["eu-west-1", "cn-north-1"], ("arn:${AWS::Partition}:s3:::b",)),
        (["cn-north-1", "cn-northwest-1"], ("arn:aws-cn:s3:::b",)),
        (["eu-wst-1", "${aws:PrincipalTag/Home}", "<here>"], ("arn:aws-cn:s3:::b",)),
        ([], ("arn:aws-cn:s3:::b",)),
        ({"Ref": "AWS::Region"}, ("arn:aws-cn:s3:::b",)),
    ],
)
def test_accepts(values: object, resources: tuple[str, ...]) -> None:
    assert not findings(RULE, files(values, *resources))
