"""The least policy: exact actions, which AWS documents, in the regions that are looked at."""

import json

import pytest

from validator.environment import resources
from validator.environment.plan import Plan, Read
from validator.environment.policy import needed, permissions
from validator.iam import actions


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("elbv2", "describe_rules", ["elasticloadbalancing:DescribeRules"]),
        ("cloudwatch", "describe_alarms", ["cloudwatch:DescribeAlarms"]),
        ("stepfunctions", "describe_state_machine", ["states:DescribeStateMachine"]),
        ("s3", "head_bucket", ["s3:ListBucket"]),
        ("s3", "get_bucket_encryption", ["s3:GetEncryptionConfiguration"]),
        ("s3", "get_bucket_cors", ["s3:GetBucketCORS"]),
        # Not the bucket's block of that name.
        ("s3control", "get_public_access_block", ["s3:GetAccountPublicAccessBlock"]),
        ("apigateway", "get_rest_apis", ["apigateway:GET"]),
        ("sts", "get_caller_identity", []),
    ],
)
def test_actions_by_the_names_of_iam(service: str, operation: str, expected: list[str]) -> None:
    assert needed(Read(service, operation)) == tuple(expected)


def test_the_whole_table_of_types_has_actions_that_aws_documents() -> None:
    rows = [row for kind in resources.types() if (row := resources.row(kind)) is not None]
    reads = [read for row in rows for read in row.reads]
    found = {f"{one.service}.{one.operation}": needed(Read(one.service, one.operation)) for one in reads}
    assert not {name: why for name, why in found.items() if isinstance(why, str)}
    listed = {action for every in found.values() for action in every}
    assert not {one for one in listed if one.partition(":")[2] not in actions.actions(one.partition(":")[0])}


def test_cloud_control_needs_what_its_handler_reads() -> None:
    found = needed(Read("cloudcontrol", "get_resource", type="AWS::SSM::Parameter"))
    assert isinstance(found, tuple)
    assert {"cloudformation:GetResource", "ssm:GetParameters"} <= set(found)


@pytest.mark.parametrize(
    "read", [Read("ec2", "describe_nothing"), Read("cloudcontrol", "get_resource", type="A::B::C")]
)
def test_what_is_not_known_is_not_guessed(read: Read) -> None:
    result = permissions([Plan("t", "eu-west-1", (read,))])
    assert (result.document["Statement"], len(result.unknown)) == ([], 1)


def test_regional_actions_are_limited_to_their_regions_and_global_ones_are_not() -> None:
    vpcs, role = Read("ec2", "describe_vpcs"), Read("iam", "get_role")
    found = permissions([Plan("a", "eu-west-1", (vpcs, role)), Plan("b", "eu-central-1", (vpcs,))])
    condition = {"StringEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}
    assert json.loads(json.dumps(found.document["Statement"])) == [
        {"Effect": "Allow", "Action": ["ec2:DescribeVpcs"], "Resource": "*", "Condition": condition},
        {"Effect": "Allow", "Action": ["iam:GetRole"], "Resource": "*"},
    ]
    assert not found.unlimited


def test_without_a_region_there_is_no_limit_and_that_is_said() -> None:
    found = permissions([Plan("", "", (Read("ec2", "describe_vpcs"),))])
    assert found.unlimited
    assert "Condition" not in found.document["Statement"][0]
