"""Rule environment-unknown-operation."""

import pytest

from validator.environment.operations import LEGACY
from validator.testing import findings


def single(text: str) -> tuple[str, str, str]:
    [finding] = findings("environment-unknown-operation", {"env-details.yml": text})
    return finding.at.text, finding.message, finding.help


@pytest.mark.parametrize(
    ("operation", "says"),
    [
        ("describe_security_group", "did you mean 'describe_security_groups'?"),
        (
            "describe_db_instances",
            "format 1 takes it, as 'call: <service>.describe_db_instances', for docdb, neptune, rds",
        ),
        ("describe_key_pairs", "format 1 takes it, as 'call: ec2.describe_key_pairs'"),
        ("delete_role_policy", f"known: {', '.join(map(repr, LEGACY))}"),
        ("describe_everything_there_is", f"known: {', '.join(map(repr, LEGACY))}"),
    ],
)
def test_the_first_format_knows_five(operation: str, says: str) -> None:
    at, message, advice = single(f"{operation}: {{Name: a, Properties: {{}}}}\n")
    assert at == operation
    assert message == f"{operation!r} is none of the five operations that this format knows"
    assert advice == says


def test_reports_an_operation_once_whatever_its_entries() -> None:
    single("get_roll: [{Name: a, Properties: {}}, {Name: b, Properties: {}}]\n")


@pytest.mark.parametrize(
    ("call", "message", "says"),
    [
        ("ec2.describe_vpc", "ec2 has no operation 'describe_vpc'", "did you mean 'describe_vpcs'?"),
        ("ec2.DescribeInstances", "ec2 has no operation 'DescribeInstances'", "did you mean 'describe_instances'?"),
        ("elb.describe_target_groups", "elb has no operation 'describe_target_groups'", "elbv2 has it"),
        ("elastic.describe_load_balancers", "boto3 has no service 'elastic'", ""),
        ("cloudformations.describe_stacks", "boto3 has no service 'cloudformations'", "did you mean 'cloudformation'?"),
    ],
)  # fmt: skip
def test_format_1_knows_what_boto3_knows(call: str, message: str, says: str) -> None:
    assert single(f"envspec: 1\nchecks: [{{id: a, call: {call}, count: 0}}]\n") == (call, message, says)


def test_looks_at_dependent_reads_too() -> None:
    text = "envspec: 1\nchecks: [{id: a, resource: b, also: {call: ec2.describe_vpc, expect: {}}}]\n"
    assert single(text)[0] == "ec2.describe_vpc"


@pytest.mark.parametrize(
    "text",
    [
        "get_role: {Name: a, Properties: {}}\n",
        "envspec: 1\nchecks: [{id: a, call: ec2.describe_vpcs, count: 0}]\n",
        "envspec: 1\nchecks: [{id: a, call: ec2, count: 0}, {id: b, call: 7}, {id: c, resource: d, expect: {}}]\n",
    ],
)
def test_accepts(text: str) -> None:
    assert not findings("environment-unknown-operation", {"env-details.yml": text})
