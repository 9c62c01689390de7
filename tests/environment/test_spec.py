"""The view of an environment spec."""

from validator.environment import EnvironmentSpec
from validator.parse import parse


def spec(text: str, format: str) -> EnvironmentSpec:
    return EnvironmentSpec(parse("env.yml", text).root, format)


def test_legacy_entries_may_stand_in_a_list() -> None:
    found = spec("get_role: [{Name: a}, {Name: b}, c]\ndescribe_load_balancers: {Name: d}\n", "legacy")
    names = [(one.operation and one.operation.value, one.node.get("Name")) for one in found.expectations()]
    assert [(operation, name and name.value) for operation, name in names] == [
        ("get_role", "a"),
        ("get_role", "b"),
        ("describe_load_balancers", "d"),
    ]
    assert [node.is_key for node in found.operations()] == [True, True]


def test_format_1_names_operations_in_calls() -> None:
    text = """\
envspec: 1
allow_sensitive_reads: [ssm.get_parameter]
checks:
- {id: a, call: ec2.describe_vpcs, also: {call: ec2.describe_subnets}}
- {id: b, resource: c}
- 7
"""
    found = spec(text, "1")
    assert [node.value for node in found.operations()] == [
        *("ssm.get_parameter", "ec2.describe_vpcs", "ec2.describe_subnets"),
    ]
    assert [one.operation is None for one in found.expectations()] == [False, True]


def test_bad_shapes_give_nothing() -> None:
    for text, form in (("[a]", "legacy"), ("[a]", "1"), ("checks: a", "1"), ("checks: {a: b}", "1")):
        assert not [*spec(text, form).expectations(), *spec(text, form).operations()]
