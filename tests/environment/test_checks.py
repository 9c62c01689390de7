"""Specs of format 1 as data, and those that belong together."""

import pytest

from validator.document import Value
from validator.environment import Check, EnvironmentSpec, Spec, joined, read, suites
from validator.environment.checks import seconds
from validator.environment.references import Reference, UnresolvedError, settle
from validator.parse import parse

SPEC = """\
envspec: 1
name: web tier
vars: {env: test, max: 2}
targets:
  test: {account: "123456789012", region: eu-west-1, stack: "web-${var.env}", vars: {max: 1}}
  all: {regions: [eu-west-1, eu-central-1]}
defaults: {wait: {timeout: 5m}, severity: warning, tags: [web], via: table, region: us-east-1}
sensitive: ["*Password"]
allow_sensitive_reads: [ssm.get_parameter]
checks:
- id: group
  resource: Security/Group
  type: AWS::EC2::SecurityGroup
  stack: other
  expect: {GroupName: "web-${var.env}", "Rules[0].Port": {gte: "${var.max}"}}
  also: {call: ec2.describe_tags, with: {Filters: [a]}, count: 1}
  targets: [test]
  when: {var: env, in: [test, uat]}
- {id: set, resources: {type: T, under: A, logical: "W*", tags: {K: 1}}, count: {gte: 2}, each: {P: 1}, tags: [a]}
- {id: gone, call: s3.head_bucket, with: {Bucket: b}, absent: true, wait: {timeout: 1m30s, interval: 5}}
- {id: url, output: Web/Url, expect: {matches: "https:.*"}, severity: error}
- {id: stack, stack: ., expect: {StackStatus: {in: [CREATE_COMPLETE]}}}
- {id: nothing}
- 7
"""


def spec(text: str = SPEC) -> Spec:
    found, problems = read(EnvironmentSpec(parse("spec.yml", text).root, "1"))
    assert not problems
    return found


def check(name: str) -> Check:
    return next(one for one in spec().checks if one.id == name)


def test_reads_what_each_check_looks_at() -> None:
    assert [(one.id, one.kind, one.path, one.root) for one in spec().checks] == [
        ("group", "resource", "Security/Group", "other"),
        ("set", "resources", "", ""),
        ("gone", "call", "", ""),
        ("url", "output", "Web/Url", ""),
        ("stack", "stack", ".", ""),
    ]


def test_reads_what_is_expected() -> None:
    group = check("group")
    assert [(one.path, one.matcher.operator, one.at.is_key) for one in group.expected] == [
        ("GroupName", "equals", True),
        ("Rules[0].Port", "gte", True),
    ]
    assert [one.path for one in check("set").expected] == ["P"]
    assert [one.path for one in check("url").expected] == [""]


def test_reads_calls() -> None:
    gone = check("gone")
    assert gone.call is not None
    assert (gone.call.service, gone.call.operation, gone.call.parameters) == ("s3", "head_bucket", {"Bucket": "b"})
    assert (gone.absent, gone.style, check("group").style) == (True, "typed", "loose")
    also = check("group").also
    assert also is not None
    assert also.call is not None
    assert (also.kind, also.call.operation, also.count is not None) == ("call", "describe_tags", True)


def test_defaults_hold_where_a_check_does_not_say() -> None:
    assert [(one.severity, one.tags) for one in spec().checks][:2] == [("warning", ("web",)), ("warning", ("web", "a"))]
    assert check("url").severity == "error"
    waits = [one.wait for one in spec().checks]
    assert [(wait.timeout, wait.interval) for wait in waits if wait][:3] == [(300, 15), (300, 15), (90, 5)]
    assert check("url").via == "table"


def test_reads_targets() -> None:
    targets = spec().targets
    assert (targets["test"].account, targets["test"].regions, targets["test"].stack) == (
        *("123456789012", ("eu-west-1",), "web-${var.env}"),
    )
    assert targets["all"].regions == ("eu-west-1", "eu-central-1")


def test_fills_a_check_for_a_target() -> None:
    def live(reference: Reference) -> Value:
        raise UnresolvedError(reference, "is not deployed")

    found = spec()
    target = found.targets["test"]
    filled = check("group").fill(settle(found.definitions(target), live))
    assert [one.matcher.operand for one in filled.expected] == ["web-test", 1]
    assert filled.expected[0].matcher.at.span == check("group").expected[0].matcher.at.span
    assert (filled.severity, filled.wait, filled.tags) == ("warning", check("group").wait, ("web",))


def test_definitions_are_those_of_one_region() -> None:
    found = spec()
    regions = [found.definitions(found.targets["all"], region)["target.region"].value for region in ("eu-central-1",)]
    assert regions == ["eu-central-1"]
    assert found.definitions(found.targets["test"])["target.name"].value == "test"


@pytest.mark.parametrize(
    ("text", "value"),
    [("10s", 10), ("1h30m", 5400), (7, 7), ("1.5m", 90), ("soon", None), ("${var.t}", None), (True, None)],
)
def test_reads_durations(text: Value, value: float | None) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize(
    "text",
    ["[]", "a", "checks: a", "checks: [{id: [], call: 5, expect: 7, wait: 1, when: a}]", "vars: 1", "targets: [a]"],
)
def test_bad_shapes_are_left_out(text: str) -> None:
    spec(f"{text}\n")


def test_ten_thousand_checks_are_read() -> None:
    lines = "".join(f"- {{id: c{number}, resource: R, expect: {{P: [1, {{a: 2}}]}}}}\n" for number in range(10_000))
    assert len(spec(f"envspec: 1\nchecks:\n{lines}").checks) == 10_000


# --- suites ----------------------------------------------------------------------------------------------------------


def family(**texts: str) -> dict[str, EnvironmentSpec]:
    return {f"/r/{name}.yml": EnvironmentSpec(parse(f"{name}.yml", text).root, "1") for name, text in texts.items()}


def test_what_is_included_belongs_to_its_includer() -> None:
    specs = family(
        a="include: [b.yml, ./c.yml]\nvars: {x: 1}\nchecks: [{id: a, stack: .}]\n",
        b="include: [c.yml]\nvars: {x: 2, y: 2}\nchecks: [{id: b, stack: .}]\n",
        c="checks: [{id: c, stack: .}]\n",
    )
    [suite] = suites(specs, specs, lambda _: False)
    found = joined(suite)
    assert [one.id for one in found.checks] == ["a", "b", "c"]
    assert {name: node.value for name, node in found.variables.items()} == {"x": 1, "y": 2}


def test_says_what_is_not_there() -> None:
    specs = family(a="include: [b.yml, t.yml, out.yml]\n")
    [suite] = suites(specs, {*specs, "/r/t.yml"}, lambda place: place == "/r/out.yml")
    assert [one.reason for one in suite.inclusions] == ["is not there", "is no spec of an environment", ""]
    assert not suite.complete


def test_circles_end() -> None:
    specs = family(a="include: [b.yml, c.yml]\n", b="include: [c.yml]\n", c="include: [b.yml, c.yml]\n")
    [suite] = suites(specs, specs, lambda _: False)
    assert len(suite.specs) == 3
    assert [(one.at.document.path, one.circle) for one in suite.inclusions if one.circle] == [
        ("c.yml", ("b.yml", "c.yml", "b.yml")),
        ("c.yml", ("c.yml", "c.yml")),
    ]


def test_a_circle_alone_is_one_suite() -> None:
    specs = family(a="include: [b.yml]\n", b="include: [a.yml]\n")
    assert [suite.root.node.document.path for suite in suites(specs, specs, lambda _: False)] == ["a.yml"]


def test_each_file_is_looked_through_once() -> None:
    texts = {f"s{n}": f"include: [s{n + 1}.yml, s{n + 1}.yml, s{n + 2}.yml]\n" for n in range(60)}
    specs = family(**texts, s60="checks: []\n", s61="checks: []\n")
    [suite] = suites(specs, specs, lambda _: False)
    assert len(suite.specs) == 62
