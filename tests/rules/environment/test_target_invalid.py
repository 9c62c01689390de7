"""Rule environment-target-invalid."""

import pytest

from validator.testing import findings

RULE = "environment-target-invalid"


def spec(target: str) -> dict[str, str]:
    return {"spec.yml": f"envspec: 1\ntargets:\n  t: {{{target}}}\nchecks:\n- {{id: a, stack: .}}\n"}


@pytest.mark.parametrize(
    ("target", "at", "says", "severity"),
    [
        ("region: eu-west1", "eu-west1", "there is no region 'eu-west1'", None),
        ("regions: [eu-west-1, Ireland]", "Ireland", "there is no region 'Ireland'", None),
        ("region: eu-west-7", "eu-west-7", "no region 'eu-west-7' is known", "warning"),
        ("partition: aws-china", "aws-china", "there is no partition 'aws-china'", None),
        (
            "partition: aws-cn, region: eu-west-1",
            "aws-cn",
            "eu-west-1 is in the partition 'aws', not in 'aws-cn'",
            None,
        ),
        (
            "role_arn: 'arn:aws:iam::1234:role/a'",
            "'arn:aws:iam::1234:role/a'",
            "'arn:aws:iam::1234:role/a' is no ARN of a role",
            None,
        ),
        (
            "account: '210987654321', role_arn: 'arn:aws:iam::123456789012:role/a'",
            "'arn:aws:iam::123456789012:role/a'",
            "the role is in account '123456789012', the target says '210987654321'",
            None,
        ),
        (
            "region: cn-north-1, role_arn: 'arn:aws:iam::123456789012:role/a'",
            "'arn:aws:iam::123456789012:role/a'",
            "a role of 'aws' cannot act in cn-north-1",
            None,
        ),
        ("endpoint_url: localhost", "localhost", "'localhost' is no URL of an endpoint", None),
    ],
)
def test_cannot_be(target: str, at: str, says: str, severity: str | None) -> None:
    [finding] = findings(RULE, spec(target))
    assert (finding.at.text, finding.message, finding.severity) == (at, says, severity)


@pytest.mark.parametrize(
    "target",
    [
        "region: eu-west-1, partition: aws, account: '123456789012', role_arn: 'arn:aws:iam::123456789012:role/x/y'",
        "region: cn-north-1, role_arn: 'arn:aws-cn:iam::123456789012:role/a', partition: aws-cn",
        "region: '${var.region}', role_arn: 'arn:aws:iam::${target.account}:role/a', account: '${var.a}'",
        "endpoint_url: 'http://127.0.0.1:5000'",
    ],
)
def test_accepts(target: str) -> None:
    assert not findings(RULE, spec(target))


def test_regions_of_checks_and_defaults_count() -> None:
    text = "envspec: 1\ndefaults: {region: eu-wets-1}\nchecks: [{id: a, stack: ., regions: [eu-wset-1]}]\n"
    found = findings(RULE, {"spec.yml": text})
    assert [(one.at.text, one.help) for one in found] == [
        ("eu-wets-1", "did you mean 'eu-west-1'?"),
        ("eu-wset-1", "did you mean 'eu-west-1'?"),
    ]
