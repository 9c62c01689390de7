"""Rule environment-parameter-not-in-template."""

import pytest

from validator.rule import Severity
from validator.testing import findings

RULE = "environment-parameter-not-in-template"
FILES = {
    "root.yml": """\
Parameters: {Size: {Type: String}, Password: {Type: String, NoEcho: true}}
Resources:
  Web: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: web.yml, Parameters: {Port: 80}}}
""",
    "web.yml": "Parameters: {Port: {Type: Number}}\nResources: {T: {Type: AWS::SNS::Topic}}\n",
}


def found(text: str) -> list[tuple[str, str, str]]:
    spec = f"envspec: 1\nchecks:\n- {{id: a, resource: Web/T, expect: {{TopicName: '{text}'}}}}\n"
    every = findings(RULE, {**FILES, "spec.yml": spec})
    assert all(one.severity is Severity.WARNING for one in every)
    return [(one.at.text, one.message, one.help) for one in every]


@pytest.mark.parametrize(
    ("text", "message", "advice"),
    [
        ("${param:Sise}", "root.yml has no parameter 'Sise'", "did you mean 'Size'?"),
        ("${param:Port}", "root.yml has no parameter 'Port'", "there: 'Size', 'Password'"),
        ("${param:Web/Prt}", "web.yml has no parameter 'Prt'", "did you mean 'Port'?"),
        ("${param:Wed/Port}", "root.yml has no nested stack 'Wed'", "did you mean 'Web'?"),
        (
            "${param:Password}",
            "'Password' is NoEcho, and AWS tells nobody its value",
            "expect `exists: true`, or compare what refers to the secret",
        ),
    ],
)
def test_reports(text: str, message: str, advice: str) -> None:
    assert found(text) == [(text, message, advice)]


@pytest.mark.parametrize(
    ("check", "result"),
    [
        ("stack: ., expect: {Parameters.Sise: a}", [("Sise", "did you mean 'Size'?")]),
        ("stack: Web, expect: {Parameters: {Prt: 80}}", [("Prt", "did you mean 'Port'?")]),
        ("stack: Web, expect: {Parameters.Port: 80, Parameters: {Port: 80}, StackStatus: a}", []),
        # That there is no such stack is another rule's affair.
        ("stack: Wed, expect: {Parameters.Port: 80}", []),
    ],
)
def test_what_is_expected_of_a_stack(check: str, result: list[tuple[str, str]]) -> None:
    spec = f"envspec: 1\nchecks:\n- {{id: a, {check}}}\n"
    assert [(one.at.text, one.help) for one in findings(RULE, {**FILES, "spec.yml": spec})] == result


@pytest.mark.parametrize("text", ["${param:Size}", "a-${param:Web/Port}", "$${param:Sise}", "${output:Sise}"])
def test_accepts(text: str) -> None:
    assert not found(text)
