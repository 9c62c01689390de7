"""What AWS shows of what a template gives it: no difference that may be AWS's own is one."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import validator.environment
from validator.cloudformation.schemas import schema, types
from validator.document import Value
from validator.environment.matchers import read
from validator.environment.shown import differs, fate
from validator.parse import parse

NOTHING: frozenset[str] = frozenset()


def fails(wanted: Any, given: Value, name: str = "Name") -> bool:
    return differs(read(parse("spec.json", json.dumps(wanted)).root)[0], given, name)


@pytest.mark.parametrize(
    ("wanted", "given", "name"),
    [
        ("webdb", "WebDb", "DBInstanceIdentifier"),
        ({"matches": "web.*"}, "WebDb", "DBInstanceIdentifier"),
        ({"contains": "db"}, "WebDb", "DBInstanceIdentifier"),
        ("8.0.35", "8.0", "EngineVersion"),
        ("6.2.6", "6.x", "EngineVersion"),
        ({"version": ">=8.0.20"}, "8.0", "EngineVersion"),
        ({"version": "8.0.20"}, "8.0", "EngineVersion"),
        ({"version": ">8.0"}, "8.0", "EngineVersion"),
        ({"matches": r"13\.[0-9]+"}, "13", "EngineVersion"),
        ("arn:aws:ecs:eu-west-1:111122223333:cluster/web", "web", "Cluster"),
        ("arn:aws:kms:eu-west-1:111122223333:key/1", "alias/web", "KmsKeyId"),
        ("example.com.", "example.com", "Name"),
        ("tcp", "6", "IpProtocol"),
        ("tcp", 6, "IpProtocol"),
        ("10.0.0.0/8", "10.1.2.3/8", "CidrIp"),
        ("512", "0.5GB", "Memory"),
        (1024, "1 vCPU", "Cpu"),
        ({"in": ["mysql", "mariadb"]}, "MySQL", "Engine"),
        ("subnet-2,subnet-1", ["subnet-1", "subnet-2"], "VPCZoneIdentifier"),
        ({"equals": ["b", "a"]}, ["a", "b"], "Subnets"),
        ("${resource:Web}", "web", "Name"),
        ("8080", 8080, "Port"),
    ],
)
def test_may_be_shown_so(wanted: Any, given: Value, name: str) -> None:
    assert not fails(wanted, given, name)


@pytest.mark.parametrize(
    ("wanted", "given", "name"),
    [
        ("t3.large", "t3.small", "InstanceType"),
        ("10", "1", "MaxSize"),
        ("8.4.1", "8.0", "EngineVersion"),
        ({"version": ">=9"}, "8.0", "EngineVersion"),
        ("10.0.0.0/16", "10.0.0.0/8", "CidrIp"),
        ("0.0.0.0/00", "0.0.0.0/0", "CidrIp"),
        ("udp", "6", "IpProtocol"),
        ("1024", "0.5GB", "Memory"),
        ({"matches": "m5.*"}, "t3.small", "InstanceType"),
        ({"equals": ["a"]}, ["a", "b"], "Subnets"),
        ("subnet-1,subnet-3", ["subnet-1", "subnet-2"], "VPCZoneIdentifier"),
        ({"gt": 5}, "5", "MaxSize"),
        (False, "true", "MultiAZ"),
    ],
)
def test_is_never_shown_so(wanted: Any, given: Value, name: str) -> None:
    assert fails(wanted, given, name)


def test_what_is_given_to_no_property_is_shown_as_it_is() -> None:
    assert fails("webdb", "WebDb", "")


@given(st.text(max_size=8) | st.integers() | st.booleans() | st.lists(st.text("ab,", max_size=3), max_size=3))
def test_a_value_never_differs_from_itself(value: Value) -> None:
    assert not fails({"equals": value}, value)


@pytest.mark.parametrize(
    ("type", "name", "own", "others", "becomes"),
    [
        ("AWS::EC2::SecurityGroup", "SecurityGroupIngress", NOTHING, NOTHING, None),
        ("AWS::EC2::SecurityGroup", "SecurityGroupIngress", NOTHING, {"AWS::EC2::SecurityGroupIngress"}, "more"),
        ("AWS::EC2::VPC", "Tags", NOTHING, NOTHING, "more"),
        ("AWS::AutoScaling::AutoScalingGroup", "DesiredCapacity", NOTHING, NOTHING, "other"),
        ("AWS::AutoScaling::AutoScalingGroup", "MaxSize", NOTHING, NOTHING, None),
        ("AWS::AutoScaling::AutoScalingGroup", "MaxSize", NOTHING, {"AWS::AutoScaling::ScheduledAction"}, "other"),
        ("AWS::RDS::DBInstance", "AllocatedStorage", NOTHING, NOTHING, None),
        ("AWS::RDS::DBInstance", "AllocatedStorage", {"MaxAllocatedStorage"}, NOTHING, "other"),
    ],
)
def test_what_becomes_of_a_property(type: str, name: str, own: set[str], others: set[str], becomes: str | None) -> None:
    assert fate(type, name, frozenset(own), frozenset(others)) == becomes


def test_the_data_names_what_there_is() -> None:
    path = Path(validator.environment.__file__).parent / "data" / "shown.json"
    for name, fates in json.loads(path.read_text(encoding="utf-8"))["types"].items():
        known = schema(name)
        assert known is not None, name
        members = known.members()
        for names in fates.values():
            assert members is None or names.keys() <= members, name
            for causes in names.values():
                assert all(cause in (types() if "::" in cause else members or {cause}) for cause in causes), name
