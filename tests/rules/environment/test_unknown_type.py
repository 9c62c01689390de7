"""Rule environment-unknown-type."""

import pytest

from validator.rule import Severity
from validator.testing import findings

RULE = "environment-unknown-type"


def found(check: str) -> list[tuple[str, str, str, Severity | None]]:
    every = findings(RULE, {"spec.yml": f"envspec: 1\nchecks:\n- {{id: a, {check}}}\n"})
    return [(one.at.text, one.message, one.help, one.severity) for one in every]


def test_a_type_that_is_nearly_one() -> None:
    near = "did you mean 'AWS::EC2::SecurityGroup'?"
    message = "CloudFormation has no type 'AWS::EC2::SecurityGrup'"
    text = "AWS::EC2::SecurityGrup"
    assert found(f"resource: G, type: {text}") == [(text, message, near, None)]
    assert found(f'resources: {{type: "{text}"}}') == [(f'"{text}"', message, near, None)]


def test_a_type_that_may_be_newer() -> None:
    [(_, message, advice, severity)] = found("resource: G, type: AWS::Quasar::Pulsation")
    assert (message, advice) == ("CloudFormation has no type 'AWS::Quasar::Pulsation'", "")
    assert severity is Severity.WARNING


def test_what_is_no_name_of_a_type() -> None:
    [(_, message, advice, severity)] = found("resource: G, type: group")
    assert (message, severity) == ("'group' is no name of a type", None)
    assert advice == "write it as 'AWS::EC2::SecurityGroup'"


@pytest.mark.parametrize(
    "name",
    [
        "AWS::EC2::SecurityGroup",
        "Custom::Anything",
        "AWS::CloudFormation::Stack",
        "AWS::CloudFormation::CustomResource",
        "AWS::Serverless::Function",
        "Acme::Web::Site",
        "Acme::Web::Site::MODULE",
        "${var.type}",
    ],
)
def test_accepts(name: str) -> None:
    assert not found(f"resource: G, type: '{name}'")
