"""The schema of format 1 against what reads it: what the one lets through, the other leaves nothing out of."""

import copy
import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from validator.environment.checks import Check, Spec, read, seconds
from validator.environment.matchers import written
from validator.environment.references import is_open
from validator.parse import parse
from validator.shape import problems

SPEC: dict[str, Any] = {
    "envspec": 1,
    "name": "web",
    "vars": {"env": "test", "port": 80},
    "include": ["more.yml"],
    "targets": {
        "a": {"account": "123456789012", "region": "eu-west-1", "stack": "web", "vars": {"env": "a"}},
        "b": {"regions": ["eu-west-1"], "role_arn": "arn:aws:iam::123456789012:role/x", "external_id": "y"},
    },
    "defaults": {"tags": ["t"], "region": "eu-west-1", "via": "table"},
    "sensitive": ["*Password"],
    "allow_sensitive_reads": ["ssm.get_parameter"],
    "checks": [
        {
            "id": "a",
            "title": "A",
            "why": "so",
            "severity": "warning",
            "tags": ["x"],
            "targets": ["a"],
            "regions": ["eu-west-1"],
            "resource": "Web/Group",
            "type": "AWS::EC2::SecurityGroup",
            "stack": "other",
            "when": {"var": "env", "in": ["test", 1]},
            "wait": {"timeout": "1m30s", "interval": 5},
            "expect": {"GroupName": "a", "Tags": {"contains": {"Key": "a"}}},
            "also": {"call": "ec2.describe_vpcs", "with": {"VpcIds": ["v"]}, "select": "Vpcs", "count": {"gte": 1}},
        },
        {
            "id": "b",
            "call": "s3.head_bucket",
            "with": {"Bucket": "b"},
            "not_found": ["404"],
            "absent": True,
            "when": {"var": "env", "equals": True},
        },
        {
            "id": "c",
            "resources": {"type": "AWS::SNS::Topic", "under": "Web", "logical": "T*", "tags": {"a": 1}},
            "count": 2,
            "each": {"TopicName": {"exists": True}},
        },
        {"id": "d", "output": "Web/Url", "expect": {"matches": "h.*"}},
        {"id": "e", "stack": ".", "expect": {"StackStatus": {"in": ["CREATE_COMPLETE"]}}, "absent": "${var.gone}"},
    ],
}
ODD: list[Any] = [None, "", " ", "x", "5m", "9999999999s", "1.5h", "${var.x}", 0, 1, -1, 1.5, True, False]
ODD += [[], [""], ["x"], [1], [[]], {}, {"a": 1}, {"": ""}, {"var": "x"}, {"in": [1]}, {"call": "a.b"}]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(each for key, member in below for each in places(member, (*path, key)))]


KEYS = sorted({key for path in places(SPEC) for key in path if isinstance(key, str)})


def put(spec: Any, path: tuple[Any, ...], key: str | None, value: Any) -> Any:
    """Put a value in a place, or at a key of the mapping that stands there."""
    changed = copy.deepcopy(spec)
    *around, last = path
    at = changed
    for step in around:
        at = at[step]
    if key is None:
        at[last] = value
    elif isinstance(at[last], dict):
        at[last][key] = value
    return changed


def told(one: Check, given: dict[str, Any]) -> dict[str, Any]:
    """Write a check as its mapping says it: the keys of the mapping, the values out of what has been read."""
    call, when, wait, members = one.call, one.when, one.wait, one.members
    expected = {each.path: written(each.matcher) for each in one.expected}
    found = {
        "id": one.id,
        "title": one.title,
        "why": one.why,
        "severity": one.severity,
        "tags": [tag for tag in one.tags if tag in given.get("tags", ())],
        "targets": list(one.targets),
        "regions": list(one.regions),
        "stack": one.path if one.kind == "stack" else one.root,
        "type": one.type,
        "absent": one.absent if one.absent is not None else given.get("absent"),
        "count": written(one.count) if one.count is not None else None,
        "each": expected,
        "expect": written(one.expected[0].matcher) if one.kind == "output" and one.expected else expected,
        one.kind: one.path,
    }
    if call is not None:
        found |= {"call": f"{call.service}.{call.operation}", "with": dict(call.parameters), "select": call.select}
        found["not_found"] = list(call.not_found)
    if members is not None:
        named = {"type": members.type, "under": members.under, "logical": members.logical, "tags": dict(members.tags)}
        found["resources"] = {key: named[key] for key in given["resources"]}
    if when is not None:
        several = "in" in given["when"]
        found["when"] = {"var": when.variable, **({"in": list(when.values)} if several else {"equals": when.values[0]})}
    if wait is not None and "wait" in given:
        times = {"timeout": wait.timeout, "interval": wait.interval}
        as_given = {key: seconds(value) for key, value in given["wait"].items()}
        assert all(is_open(given["wait"][key]) or value is not None for key, value in as_given.items())
        found["wait"] = given["wait"] if all(times[key] == value for key, value in as_given.items()) else times
    if one.also is not None:
        found["also"] = told(one.also, given["also"])
    return {key: found.get(key) for key in given}


def assert_nothing_is_left_out(given: dict[str, Any], found: Spec) -> None:
    assert [told(one, each) for one, each in zip(found.checks, given.get("checks", []), strict=True)] == [
        {key: plain(value) for key, value in each.items()} for each in given.get("checks", [])
    ]
    assert list(found.targets) == list(given.get("targets", {}))
    for name, target in given.get("targets", {}).items():
        one = found.targets[name]
        several = target.get("regions", [target["region"]] if "region" in target else None)
        assert several is None or list(one.regions) == several
        assert [*one.variables] == [*target.get("vars", {})]
        assert {key: one.settings[key] for key in target if key not in {"regions", "vars"}}.keys() <= target.keys()
    assert [*found.variables] == [*given.get("vars", {})]
    assert [node.value for node in found.includes] == given.get("include", [])
    assert list(found.sensitive) == given.get("sensitive", [])
    assert list(found.allowed) == given.get("allow_sensitive_reads", [])


def plain(value: Any) -> Any:
    """Write matchers as what is read says them: `equals` before a plain value says nothing more than the value."""
    if isinstance(value, dict):
        if value.keys() == {"equals"} and not isinstance(value["equals"], dict | list):
            return value["equals"]
        return {key: plain(member) for key, member in value.items()}
    return [plain(element) for element in value] if isinstance(value, list) else value


@settings(max_examples=400)
@given(st.sampled_from(places(SPEC)[1:]), st.none() | st.sampled_from(KEYS), st.sampled_from(ODD))
@example(("checks", 0, "when", "var"), None, "")
@example(("checks", 0, "targets"), None, [])
@example(("checks", 0, "wait", "timeout"), None, "9999999999s")
@example(("checks", 2, "resources", "type"), None, "")
def test_what_the_schema_lets_through_is_read_whole(path: tuple[Any, ...], key: str | None, value: Any) -> None:
    changed = put(SPEC, path, key, value)
    root = parse("spec.json", json.dumps(changed)).root
    if not [*problems(root, "environment-1")]:
        assert_nothing_is_left_out(changed, read(root)[0])


def test_the_spec_that_is_changed_is_right() -> None:
    root = parse("spec.json", json.dumps(SPEC)).root
    assert not [*problems(root, "environment-1")]
    assert_nothing_is_left_out(SPEC, read(root)[0])
