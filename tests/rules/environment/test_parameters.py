"""Rules environment-unknown-parameter, -parameter-type and -missing-parameter."""

import pytest

from validator.testing import check_rule, findings

RULES = ("environment-unknown-parameter", "environment-parameter-type", "environment-missing-parameter")


def spec(call: str, given: str) -> dict[str, str]:
    return {"spec.yml": f"envspec: 1\nchecks:\n- id: a\n  call: {call}\n  with: {given}\n  absent: false\n"}


def every(call: str, given: str) -> list[tuple[str, str, str, str]]:
    return [
        (rule.removeprefix("environment-"), one.at.text, one.message, one.help)
        for rule in RULES
        for one in findings(rule, spec(call, given))
    ]


@pytest.mark.parametrize("rule", RULES)
def test_does_what_its_documentation_says(rule: str) -> None:
    check_rule(rule)


@pytest.mark.parametrize(
    ("call", "given", "expected"),
    [
        (
            "ec2.describe_instances",
            "{Filters: [{Name: a, Value: [b]}]}",
            ("unknown-parameter", "Value", "'Filters[0]' has no member 'Value'", "did you mean 'Values'?"),
        ),
        (
            "ec2.describe_instances",
            "{InstanceIds: i-1}",
            ("parameter-type", "i-1", "'InstanceIds' is i-1, a string, expected a list", "write [i-1]"),
        ),
        (
            "ec2.describe_instances",
            "{InstanceIds: [12]}",
            ("parameter-type", "12", "'InstanceIds[0]' is 12, a number, expected a string", "write '12', in quotes"),
        ),
        (
            "ec2.describe_instances",
            "{MaxResults: 1.5}",
            ("parameter-type", "1.5", "'MaxResults' is 1.5, a number, expected a whole number", ""),
        ),
        (
            "ec2.describe_instances",
            "{DryRun: 'no'}",
            ("parameter-type", "'no'", "'DryRun' is 'no', a string, expected a boolean", ""),
        ),
        (
            "iam.get_role",
            "{RoleName: ''}",
            ("parameter-type", "''", "'RoleName' has 0 characters, expected at least 1", ""),
        ),
        (
            "iam.get_role",
            "{RoleName: }",
            ("parameter-type", "", "'RoleName' is nothing, expected a string", ""),
        ),
        (
            "acm.search_certificates",
            "{FilterStatement: {}}",
            (
                "parameter-type",
                "FilterStatement",
                "'FilterStatement' has 0 members, and takes exactly one",
                "known: And, Or, Not, Filter",
            ),
        ),
        (
            "dynamodb.batch_get_item",
            "{RequestItems: {web: {}}}",
            ("missing-parameter", "web", "'RequestItems.web' needs 'Keys'", "add 'Keys'"),
        ),
        (
            "cloudwatch.describe_alarms",
            "{StateValue: OKAY}",
            ("parameter-type", "OKAY", "'OKAY' is no value of StateValue", "known: 'OK', 'ALARM', 'INSUFFICIENT_DATA'"),
        ),
    ],
)
def test_what_boto3_refuses(call: str, given: str, expected: tuple[str, str, str, str]) -> None:
    assert [one for one in every(call, given) if one[2] == expected[2]] == [expected]


def test_a_call_without_parameters_lacks_what_it_needs() -> None:
    text = "envspec: 1\nchecks:\n- {id: a, call: iam.get_role, absent: true}\n"
    [finding] = findings("environment-missing-parameter", {"spec.yml": text})
    assert (finding.at.text, finding.subject) == ("iam.get_role", "RoleName")


def test_a_misspelt_parameter_is_told_once() -> None:
    assert [rule for rule, *_ in every("iam.get_role", "{Rolename: a}")] == ["unknown-parameter"]


def test_a_further_call_is_looked_at_too() -> None:
    text = "envspec: 1\nchecks:\n- {id: a, stack: ., also: {call: iam.get_role, with: {RoleNam: a}, absent: true}}\n"
    [finding] = findings("environment-unknown-parameter", {"spec.yml": text})
    assert finding.at.text == "RoleNam"


def test_a_value_that_may_be_new_is_a_warning() -> None:
    [finding] = findings("environment-parameter-type", spec("cloudwatch.describe_alarms", "{StateValue: OKAY}"))
    assert finding.severity == "warning"


@pytest.mark.parametrize(
    ("call", "given"),
    [
        ("ec2.describe_instances", "{InstanceIds: '${var.ids}', MaxResults: '${var.most}', Filters: []}"),
        ("ec2.describe_instances", "{InstanceIds: ['${output:Id}'], DryRun: false}"),
        (
            "cloudwatch.get_metric_statistics",
            "{Namespace: a, MetricName: b, StartTime: 2026-01-01, EndTime: 1, Period: 60}",
        ),
        ("glacier.list_vaults", "{}"),
        ("athena.list_work_groups", "{}"),
        ("dynamodb.get_item", "{TableName: a, Key: {id: {S: a}}}"),
        ("cloudwatch.describe_alarms", "{StateValue: '${var.state}'}"),
        ("ec2.describe_nothing", "{Any: thing}"),
        ("iam.get_role", "[RoleName]"),
        ("nothing.describe", "{Any: thing}"),
    ],
)
def test_accepts(call: str, given: str) -> None:
    assert every(call, given) == []
