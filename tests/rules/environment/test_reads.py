"""Rules environment-not-read-only and environment-sensitive-read."""

import pytest

from validator.environment.operations import access, operations, services
from validator.testing import check_rule, findings

GUARD = "environment-not-read-only"
SECRETS = "environment-sensitive-read"


@pytest.mark.parametrize("rule", [GUARD, SECRETS])
def test_does_what_its_documentation_says(rule: str) -> None:
    check_rule(rule)


def test_refuses_every_operation_that_is_not_known_to_read() -> None:
    every = [(service, one) for service in sorted(services()) for one in sorted(operations(service))]
    text = "envspec: 1\nchecks:\n" + "".join(f"- {{id: a, call: {service}.{one}}}\n" for service, one in every)
    refused = [str(one.at.value) for one in findings(GUARD, {"spec.yml": text})]
    assert refused == [f"{service}.{one}" for service, one in every if access(service, one) == "other"]
    assert {"ec2.terminate_instances", "s3.put_object", "iam.create_role", "sts.assume_role"} <= set(refused)
    assert len(refused) > 10_000


def test_points_at_a_further_call_and_at_what_is_allowed() -> None:
    text = """\
envspec: 1
allow_sensitive_reads: [iam.delete_role]
checks:
- {id: a, resource: B, also: {call: ec2.delete_vpc, with: {VpcId: a}}}
"""
    found = findings(GUARD, {"spec.yml": text})
    assert [(one.at.text, one.message) for one in found] == [
        ("iam.delete_role", "iam.delete_role is none of the operations that only read"),
        ("ec2.delete_vpc", "ec2.delete_vpc is none of the operations that only read"),
    ]


@pytest.mark.parametrize(
    "call", ["ec2.describe_vpcs", "ec2.describe_nothing", "nothing.delete_it", "7", "'${var.call}'"]
)
def test_the_guard_accepts(call: str) -> None:
    assert not findings(GUARD, {"spec.yml": f"envspec: 1\nchecks: [{{id: a, call: {call}, count: 0}}]\n"})


def secret(call: str, given: str = "{}", allowed: str = "") -> list[str]:
    text = (
        f"envspec: 1\nallow_sensitive_reads: [{allowed}]\nchecks: [{{id: a, call: {call}, with: {given}, count: 0}}]\n"
    )
    return [one.message for one in findings(SECRETS, {"spec.yml": text})]


def test_reading_a_secret_must_be_allowed() -> None:
    call = "secretsmanager.get_secret_value"
    assert secret(call) == [f"{call} gives back secrets"]
    assert secret(call, allowed=call) == []


def test_that_the_allowed_name_is_misspelt_is_told_by_another_rule() -> None:
    assert not secret("secretsmanager.get_secret_value", allowed="secretsmanager.get_secret_vlaue")
    assert secret("secretsmanager.get_secret_value", allowed="ssm.get_parameter")


def test_what_is_decrypted_is_a_secret() -> None:
    assert secret("ssm.get_parameter", "{Name: a, WithDecryption: '${var.plain}'}")
    assert not secret("ssm.get_parameter", "{Name: a}")


def test_the_including_spec_may_allow_it() -> None:
    files = {
        "env/main.yml": "envspec: 1\ninclude: [more.yml]\nallow_sensitive_reads: [s3.get_object]\nchecks: []\n",
        "env/more.yml": "envspec: 1\nchecks: [{id: a, call: s3.get_object, with: {Bucket: a, Key: b}, count: 0}]\n",
    }
    assert not findings(SECRETS, files)


def test_an_included_call_stands_where_it_is_written() -> None:
    files = {
        "env/main.yml": "envspec: 1\ninclude: [more.yml]\nchecks: []\n",
        "env/more.yml": "envspec: 1\nchecks: [{id: a, call: s3.get_object, with: {Bucket: a, Key: b}, count: 0}]\n",
    }
    [finding] = findings(SECRETS, files)
    assert finding.at.span.path == "env/more.yml"
