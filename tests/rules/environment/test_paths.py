"""Rules environment-path-syntax, -path-not-in-answer, -impossible-comparison and -function-argument."""

import pytest

from validator.rule import Finding
from validator.testing import check_rule, findings

RULES = (
    "environment-path-syntax",
    "environment-path-not-in-answer",
    "environment-impossible-comparison",
    "environment-function-argument",
)
SPEC = """\
envspec: 1
checks:
- id: groups
  call: ec2.describe_security_groups
  select: {select}
  expect: {{{path}: {{empty: true}}}}
"""


def found(rule: str, select: str = "SecurityGroups", path: str = '"@"') -> list[Finding]:
    return findings(f"environment-{rule}", {"spec.yml": SPEC.format(select=select, path=path)})


@pytest.mark.parametrize("rule", RULES)
def test_does_what_its_documentation_says(rule: str) -> None:
    check_rule(rule)


@pytest.mark.parametrize(
    ("select", "line", "column"),
    [
        ("SecurityGroups[].IpPermisions[]", 5, 28),
        ('"SecurityGroups[].IpPermisions[]"', 5, 29),
        ('"SecurityGroups[].\\x49pPermisions[]"', 5, 29),
        ("'SecurityGroups[?GroupName==''a''].IpPermisions'", 5, 46),
        (">-\n    SecurityGroups[]\n    .IpPermisions[]", 7, 6),
        ("|\n    SecurityGroups[]\n    .IpPermisions[]", 7, 6),
    ],
)
def test_points_into_texts_of_every_style(select: str, line: int, column: int) -> None:
    [finding] = found("path-not-in-answer", select)
    assert (finding.at.span.line, finding.at.span.column) == (line, column)


def test_points_into_the_path_of_an_expectation() -> None:
    [finding] = found("path-not-in-answer", path='"[0].GroupNam"')
    assert (finding.at.text, finding.at.span.line, finding.at.span.column) == ("GroupNam", 6, 17)


def test_behind_a_wrong_selection_nothing_more_is_said() -> None:
    assert len(found("path-not-in-answer", "SecurityGroup", '"[0].Any.Thing"')) == 1


def of_stack(rule: str, expect: str, subject: str = "stack: .") -> list[tuple[str, str]]:
    text = f"envspec: 1\nchecks:\n- {{id: a, {subject}, expect: {expect}}}\n"
    return [(one.at.text, one.help) for one in findings(f"environment-{rule}", {"spec.yml": text})]


def test_what_is_expected_of_stacks_is_typed() -> None:
    assert of_stack("path-not-in-answer", "{StackStaus: CREATE_COMPLETE}") == [
        ("StackStaus", "did you mean 'StackStatus'?")
    ]
    assert of_stack("expectation-type", "{StackStatus: {in: [CREATE_COMPLET]}}") == [
        ("CREATE_COMPLET", "did you mean 'CREATE_COMPLETE'?")
    ]
    assert of_stack("expectation-type", "{Tags: {Key: a}}") == [
        ("{Key: a}", "write [0] behind the path, or say it of the elements by some, each or contains")
    ]


@pytest.mark.parametrize(
    "expect",
    [
        "{StackStatus: CREATE_COMPLETE, EnableTerminationProtection: 'true', TimeoutInMinutes: '5'}",
        "{Parameters.Env: test, Outputs: {Url: {matches: 'h.*'}}, Tags: {contains: {Key: a}}}",
        "{'Parameters.\"Env\"': 1, 'length(Outputs)': 3}",
    ],
)
def test_stacks_are_compared_as_cloudformation_does(expect: str) -> None:
    assert not of_stack("path-not-in-answer", expect)
    assert not of_stack("expectation-type", expect)


def test_paths_of_resources_must_be_such_that_they_can_be_evaluated() -> None:
    assert of_stack("path-syntax", "{'Ingress[0': 1}", "resource: Group") == [("0", "")]
    assert of_stack("path-syntax", "{'lenth(Ingress)': 1}", "resource: Group") == [("lenth", "did you mean 'length'?")]
    assert not of_stack("path-syntax", "{'Ingress[0].FromPort': 1, 'Anything[?a==`1`]': []}", "resource: Group")


def test_a_further_call_is_typed_over_its_own_answer() -> None:
    text = """\
envspec: 1
checks:
- {id: a, stack: ., also: {call: ec2.describe_vpcs, expect: {SecurityGroups: {empty: true}}}}
"""
    [finding] = findings("environment-path-not-in-answer", {"spec.yml": text})
    assert finding.message == "'SecurityGroups' is no member of the answer of ec2.describe_vpcs"


def test_a_member_that_a_matcher_names_must_be_there() -> None:
    text = """\
envspec: 1
checks:
- {id: a, call: ec2.describe_security_groups, expect: {SecurityGroups: {some: {IpPermisions: {empty: true}}}}}
"""
    [finding] = findings("environment-path-not-in-answer", {"spec.yml": text})
    assert (finding.at.text, finding.help) == ("IpPermisions", "did you mean 'IpPermissions'?")


def test_keys_hold_no_references() -> None:
    [finding] = found("path-syntax", path='"[0].${var.member}"')
    assert finding.at.text == "$"


def test_what_newer_models_may_know_is_a_warning() -> None:
    text = """\
envspec: 1
checks:
- {id: a, call: ec2.describe_instances, select: "Reservations[].Instances[?InstanceType=='t9.huge'][]", count: 0}
"""
    [finding] = findings("environment-impossible-comparison", {"spec.yml": text})
    assert finding.severity == "warning"


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    ("select", "path"),
    [
        ("SecurityGroups[].Tags[?Key=='${var.key}'].Value | []", '"[0]"'),
        ("SecurityGroups[${var.number}]", "GroupName"),
        ("SecurityGroups", '"length(@)"'),
        ("ResponseMetadata", "HTTPStatusCode"),
    ],
)
def test_accepts(rule: str, select: str, path: str) -> None:
    assert not found(rule.removeprefix("environment-"), f'"{select}"', path)


@pytest.mark.parametrize("rule", RULES)
def test_resources_and_unknown_operations_are_the_business_of_others(rule: str) -> None:
    text = """\
envspec: 1
checks:
- {id: a, resource: B, expect: {C.D: 1}}
- {id: b, call: ec2.describe_nothing, select: "..", count: 0}
- {id: c, call: 7, select: "..", count: 0}
"""
    assert not findings(rule, {"spec.yml": text})
