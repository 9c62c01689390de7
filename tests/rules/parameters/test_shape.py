"""Rule parameters-shape."""

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "parameters-shape"
TEMPLATE = "Parameters: {A: {Type: String}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"
CONFIG = '[[stacks]]\ntemplate = "main.yml"\nparameters = "p.*"\n'
E, W = None, Severity.WARNING


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


IS = "the parameter 'A' is {}, expected a string"
TWICE = "the parameter 'A' is given a value twice"
BOTH = "the parameter 'A' is given a value, and is to keep its previous one"
ELEMENT = '{"ParameterKey": "A", "ParameterValue": "x"}'


def told(text: str, path: str = "p.json", config: str = CONFIG) -> list[tuple[str, str, Severity | None]]:
    found = findings(RULE, {"main.yml": TEMPLATE, path: text, "stackproof.toml": config})
    return [(one.at.text, one.message, one.severity) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"Parameters": {"A": ["x"]}}', [('["x"]', IS.format("a list"), E)]),
        ('{"Parameters": {"A": null}}', [("null", IS.format("null"), E)]),
        ('{"Parameters": {"A": {"b": 1}}}', [('{"b": 1}', IS.format("a mapping"), E)]),
        ('{"Parameters": {"A": 8.10}}', [("8.10", IS.format("a number"), W)]),
        ('{"Parameters": {"A": true}}', [("true", IS.format("a boolean"), W)]),
        ('{"Parameters": {}, "Tags": {"t": 1}}', [("1", "the tag 't' is a number, expected a string", W)]),
        ('{"Parameters": {}, "Tags": []}', [('"Tags"', "Tags is a list, expected a mapping", E)]),
        (
            '{"Parameters": {}, "StackPolicy": "x"}',
            [('"StackPolicy"', "StackPolicy is a string, expected a mapping", E)],
        ),
        ('{"Parameters": {}, "Tag": {"x": 1}}', [('"Tag"', "the pipeline reads no section 'Tag'", W)]),
        ('{"Parameters": {"A": "x"}, "Tags": {"t": "1"}, "StackPolicy": {"Statement": []}}', []),
        ('[{"ParameterKey": "A", "ParameterValue": 3}]', [("3", IS.format("a number"), E)]),
        ('[{"ParameterKey": "A", "ParameterValue": null}]', [("null", IS.format("null"), E)]),
        (
            '[{"ParameterKey": "A", "ParameterValues": "x"}]',
            [('"ParameterValues"', "the AWS CLI refuses the key 'ParameterValues'", E)],
        ),
        (f'[{ELEMENT}, {{"ParameterValue": "y"}}]', [('{"ParameterValue": "y"}', "ParameterKey is missing", E)]),
        ('[{"ParameterKey": "A", "ParameterValue": "x", "UsePreviousValue": true}]', [('"UsePreviousValue"', BOTH, E)]),
        ('[{"ParameterKey": "A", "UsePreviousValue": true}]', []),
        ('[{"ParameterKey": "A", "ParameterValue": "x", "UsePreviousValue": false}]', []),
        (f'[{ELEMENT}, {{"ParameterKey": "A", "ParameterValue": "y"}}]', [('"A"', TWICE, W)]),
        (
            '{"StackName": "s", "Parameters": [{"ParameterKey": "A", "ParameterValue": 1}]}',
            [("1", IS.format("a number"), E)],
        ),
        ('["A=1", "A=2"]', [('"A=2"', TWICE, W)]),
        ('["A=1"]', []),
        ('{"A": 1, "B": true}', []),
    ],
)
def test_each_form_has_its_reader(text: str, expected: list[tuple[str, str, Severity | None]]) -> None:
    assert told(text) == expected


def test_what_nothing_deploys_may_be_for_another_tool() -> None:
    text = '[{"ParameterKey": "A", "ParameterValue": 3}]'
    assert [severity for _, _, severity in told(text, "other.json")] == [W]


def test_git_sync_reads_three_sections() -> None:
    text = "template-file-path: main.yml\nparameters: {A: x}\ntag: {a: b}\n"
    assert told(text, "deployment.yaml") == [("tag", "Git sync reads no section 'tag'", W)]


def test_a_number_is_put_in_quotes_as_it_is_written() -> None:
    [finding] = findings(RULE, {"p.json": '{"Parameters": {"A": 8.10}}'})
    assert [edit.text for edit in finding.fix] == ['"8.10"']


def test_names_the_nearest() -> None:
    [finding] = findings(RULE, {"p.json": '{"Parameters": {"A": "x"}, "Tag": {}}'})
    assert finding.help == "did you mean 'Tags'?"
