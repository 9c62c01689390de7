"""Rule environment-hard-coded-environment."""

import pytest

from validator.testing import findings

RULE = "environment-hard-coded-environment"


def spec(check: str, targets: str = "") -> dict[str, str]:
    both = """\
  test: {account: "111111111111", region: eu-west-1, stack: web-test, vars: {env: test, size: t3.small}}
  prod: {account: "222222222222", region: eu-central-1, stack: web-prod, vars: {env: prod, size: t3.large}}
"""
    return {"spec.yml": f"envspec: 1\ntargets:\n{targets or both}checks:\n- {{id: a, {check}}}\n"}


@pytest.mark.parametrize(
    ("check", "at", "reference"),
    [
        ("output: U, expect: {contains: '.eu-west-1.'}", "eu-west-1", "${target.region}"),
        ("resource: R, expect: {A: 'arn:aws:iam::222222222222:role/x'}", "222222222222", "${target.account}"),
        ("resource: R, expect: {A: [{B: asg-test-1}]}", "test", "${var.env}"),
        ("resource: R, expect: {A: web-prod-x}", "web-prod", "${target.stack}"),
        ("call: s3.head_bucket, with: {Bucket: logs-prod}", "prod", "${var.env}"),
    ],
)
def test_points_at_what_one_target_has(check: str, at: str, reference: str) -> None:
    [finding] = findings(RULE, spec(check))
    assert (finding.at.text, finding.help.split("'")[1]) == (at, reference)


@pytest.mark.parametrize(
    "check",
    [
        "output: U, targets: [test], expect: {contains: '.eu-west-1.'}",
        "output: U, expect: {contains: '.${target.region}.'}",
        "resource: R, title: only in eu-west-1, expect: {A: us-east-1}",
        "resource: R, expect: {A: 333333333333}",
        "resource: R, expect: {A: testing, B: latest}",
        "resource: R, expect: {InstanceType: t3.small}",
        "resource: R, when: {var: env, equals: test}, expect: {A: 1}",
    ],
)
def test_accepts(check: str) -> None:
    assert not findings(RULE, spec(check))


def test_a_single_target_may_be_written_out() -> None:
    check = "output: U, expect: {contains: '.eu-west-1.'}"
    assert not findings(RULE, spec(check, "  test: {region: eu-west-1}\n"))


def test_what_all_targets_have_may_be_written_out() -> None:
    check = "output: U, expect: {contains: '.eu-west-1.'}"
    assert not findings(RULE, spec(check, "  a: {region: eu-west-1}\n  b: {region: eu-west-1}\n"))
