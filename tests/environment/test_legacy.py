"""The first format, read into the model of the other, and written in it."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from validator.document import Value
from validator.environment import Check, EnvironmentSpec, read
from validator.environment.comparison import differences
from validator.environment.matchers import written
from validator.environment.migrate import migrated
from validator.environment.references import Reference, UnresolvedError
from validator.parse import parse
from validator.shape import problems


def legacy(text: str) -> EnvironmentSpec:
    return EnvironmentSpec(parse("env-details.yml", text).root, "legacy")


def single(text: str) -> Check:
    found, wrong = read(legacy(text))
    assert not wrong
    [check] = found.checks
    return check


def wanted(text: str) -> dict[str, Value]:
    return {one.path: written(one.matcher) for one in single(text).expected}


def test_all_of_a_permission_is_asked_of_one() -> None:
    text = "describe_security_groups: {Name: Web, Properties: {FromPort: '80', IpProtocol: -1, Target: 10.0.0.0/8}}\n"
    permission = {"FromPort": 80, "IpProtocol": "-1", "IpRanges": {"some": {"CidrIp": "10.0.0.0/8"}}}
    assert wanted(text) == {"@": {"some": {"IpPermissions": {"some": permission}}}}


@pytest.mark.parametrize(
    ("source", "member"),
    [
        ("0.0.0.0/0", {"IpRanges": {"some": {"CidrIp": "0.0.0.0/0"}}}),
        ("'::/0'", {"Ipv6Ranges": {"some": {"CidrIpv6": "::/0"}}}),
        ("sg-12345678", {"UserIdGroupPairs": {"some": {"GroupId": "sg-12345678"}}}),
    ],
)
def test_a_permission_lets_in_from(source: str, member: Value) -> None:
    text = f"describe_security_groups: {{Name: Web, Properties: {{Target: {source}}}}}\n"
    assert wanted(text) == {"@": {"some": {"IpPermissions": {"some": member}}}}


GROUP: dict[str, Any] = {
    "AutoScalingGroupName": "x",
    "LaunchConfigurationName": "stack-WebLaunch-1",
    "MinSize": 1,
    "MaxSize": 2,
    "LoadBalancerNames": ["stack-WebELB-1"],
}


@pytest.mark.parametrize(("size", "met"), [(2, True), (3, False)])
def test_one_of_several_things_will_do(size: int, met: bool) -> None:  # noqa: FBT001  # a table
    check = single(
        "describe_auto_scaling_groups:\n  Name: Web\n  Properties:\n    LaunchConfigurationName: WebLaunch\n"
        f"    MinSize: 1\n    MaxSize: {size}\n    LoadBalancerNames: WebELB\n"
    )
    others: list[Any] = [{**GROUP, "MinSize": 7, "MaxSize": 7}, GROUP]
    found = differences(check.expected[0].matcher, others)
    assert [(one.path, one.wanted, one.got) for one in found] == ([] if met else [("[1].MaxSize", 3, 2)])


def test_all_listeners_must_be_there() -> None:
    text = "describe_load_balancers: {Name: W, Properties: {Listeners: [{InstancePort: 80}, {InstancePort: '443'}]}}\n"
    [expected] = single(text).expected
    one: dict[str, Any] = {"Listener": {"InstancePort": 80}}
    other: dict[str, Any] = {"Listener": {"InstancePort": 443}}
    more: dict[str, Any] = {"Listener": {"InstancePort": 22}}
    assert not differences(expected.matcher, [{"ListenerDescriptions": [more, other, one]}])
    assert differences(expected.matcher, [{"ListenerDescriptions": [more, one]}])


def test_the_name_of_a_role_is_the_whole() -> None:
    text = "get_role: {Name: Web, Properties: {AssumeRolePolicyDocument: [{Effect: Allow}]}}\n"
    check = single(text)
    assert check.call is not None
    assert (check.call.service, check.call.parameters, check.call.select) == ("iam", {"RoleName": "Web"}, "Role")
    assert wanted(text) == {"AssumeRolePolicyDocument": {"policy": {"Statement": [{"Effect": "Allow"}]}}}


def test_names_are_texts_whatever_stands_in_them() -> None:
    import jmespath  # noqa: PLC0415  # for this test only

    for name in ["it's", 'a"b', "a\\b", "a`b", "é"]:
        check = single(yaml.safe_dump({"describe_load_balancers": {"Name": name, "Properties": {}}}))
        assert check.call is not None
        answer = {"LoadBalancerDescriptions": [{"LoadBalancerName": f"x{name}y"}, {"LoadBalancerName": "other"}]}
        assert len(jmespath.search(check.call.select, answer)) == 1


def test_an_auto_scaling_group_is_found_by_its_tag_too() -> None:
    import jmespath  # noqa: PLC0415

    check = single("describe_auto_scaling_groups: {Name: Web-test, Properties: {}}\n")
    assert check.call is not None
    groups = [
        {"AutoScalingGroupName": "a", "Tags": [{"Key": "Name", "Value": "my-Web-test"}]},
        {"AutoScalingGroupName": "Web-test-1", "Tags": []},
        {"AutoScalingGroupName": "c", "Tags": [{"Key": "Role", "Value": "Web-test"}]},
        {"AutoScalingGroupName": "d"},
    ]
    found = jmespath.search(check.call.select, {"AutoScalingGroups": groups})
    assert [one["AutoScalingGroupName"] for one in found] == ["a", "Web-test-1"]


def test_wildcards_of_filters_are_plain_text() -> None:
    check = single("describe_security_groups: {Name: 'a*b?', Properties: {}}\n")
    assert check.call is not None
    assert check.call.parameters == {"Filters": [{"Name": "group-name", "Values": [r"*a\*b\?*"]}]}


@pytest.mark.parametrize(
    ("properties", "code", "place", "advice"),
    [
        ("MinSizes: 1", "legacy-property", "MinSizes", "did you mean 'MinSize'?"),
        ("MinSize: many", "operand", "many", ""),
        ("MinSize: [1]", "operand", "[1]", ""),
        ("HealthCheckType: {a: b}", "operand", "{a: b}", ""),
        ("DesiredCapacity:", "operand", "", ""),
    ],
)
def test_says_what_it_does_not_know(properties: str, code: str, place: str, advice: str) -> None:
    [problem] = read(legacy(f"describe_auto_scaling_groups:\n  Name: Web\n  Properties:\n    {properties}\n"))[1]
    assert (problem.code, problem.at.text, problem.help) == (code, place, advice)


def test_ids_are_told_apart() -> None:
    found, _ = read(
        legacy("get_role: [{Name: a/b, Properties: {}}, {Name: a b, Properties: {}}, {Name: 'é', Properties: {}}]\n")
    )
    assert [one.id for one in found.checks] == ["role-a-b", "role-a-b.2", "role"]


# --- migration -------------------------------------------------------------------------------------------------------


def nothing(reference: Reference) -> Value:
    raise UnresolvedError(reference, "is not there")


texts = st.text("abWE-_.$${}'\"\\`:#*? é0129", min_size=1, max_size=12)
numbers = st.integers(-1, 99_999) | st.integers(0, 99_999).map(str)
listeners = st.fixed_dictionaries(
    {}, optional={"Protocol": texts, "InstancePort": numbers, "LoadBalancerPort": numbers}
)
properties: dict[str, dict[str, Any]] = {
    "describe_security_groups": {"FromPort": numbers, "ToPort": numbers, "IpProtocol": texts, "Target": texts},
    "get_role": {"AssumeRolePolicyDocument": st.lists(st.fixed_dictionaries({"Effect": texts, "Action": texts}))},
    "describe_load_balancers": {"Scheme": texts, "Listeners": st.lists(listeners, max_size=3)},
    "describe_launch_configurations": {"ImageId": texts, "KeyName": texts, "EbsOptimized": st.booleans()},
    "describe_auto_scaling_groups": {
        "MinSize": numbers,
        "LaunchConfigurationName": texts,
        "LoadBalancerNames": texts | st.lists(texts, max_size=3),
    },
}
entries = {
    operation: st.lists(
        st.fixed_dictionaries({"Name": texts, "Properties": st.fixed_dictionaries({}, optional=known)}),
        min_size=1,
        max_size=3,
    )
    for operation, known in properties.items()
}


@given(st.fixed_dictionaries({}, optional=entries).filter(bool))
def test_what_is_migrated_asks_for_the_same(value: dict[str, Value]) -> None:
    found, wrong = read(legacy(yaml.safe_dump(value, allow_unicode=True)))
    assert not wrong
    text = migrated(found)
    root = parse("spec.yml", text).root
    assert not problems(root, "environment-1")
    again, wrong = read(EnvironmentSpec(root, "1"))
    assert not wrong
    assert tuple(check.fill(nothing) for check in again.checks) == found.checks
    assert migrated(found) == text


def test_comments_go_along() -> None:
    text = """\
# The test environment.

get_role:
  # Who the servers are.
  Name: Web  # not this one
  Properties: {}
# Where they are.
describe_load_balancers:
  - Name: a
    Properties: {}
  # stackproof: ignore[environment-legacy-format] soon
  # The other.
  - {Name: b, Properties: {}}
# The end.
"""
    found = migrated(read(legacy(text))[0])
    assert [line for line in found.splitlines() if line.startswith(("#", "- id"))] == [
        "# The test environment.",
        "# Who the servers are.",
        "- id: role-Web",
        "# Where they are.",
        "- id: load-balancer-a",
        "# The other.",
        "- id: load-balancer-b",
        "# The end.",
    ]
