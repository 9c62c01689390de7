"""The command `spec`."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
LEGACY = "# Who.\nget_role:\n  Name: Web-test\n  Properties:\n    Path: /\n"
MIGRATED = """\
# Who.
envspec: 1
checks:
- id: role-Web-test
  call: iam.get_role
  with:
    RoleName: Web-test
  select: Role
  expect:
    Path: /
"""


def test_migrate_writes_format_1(stackproof: Run, folder: Run) -> None:
    folder({"env-details.yml": LEGACY})
    ran = stackproof("spec", "migrate", "env-details.yml")
    assert (ran.code, ran.out, ran.err) == (0, MIGRATED, "")


def test_what_migrate_writes_is_a_spec_without_findings(stackproof: Run, folder: Run) -> None:
    folder({"spec.yml": MIGRATED})
    assert stackproof("check", "--select", "environment", "spec.yml").code == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (MIGRATED, "spec.yml is of format 1 already"),
        ("Resources: {A: {Type: AWS::SNS::Topic}}\n", "spec.yml is no spec of an environment"),
        (
            "get_role: {Name: a, Properties: {Paht: /}}\n",
            "spec.yml:1: this format does not know the property 'Paht'; did you mean",
        ),
        (
            "get_role: {Name: a, Properties: {MaxSessionDuration: x}}\n",
            "spec.yml:1: 'MaxSessionDuration' is 'x', expected a whole number",
        ),
        ("get_role: {Name: a, Properties: {}}\nget_role: {Name: b, Properties: {}}\n", "spec.yml:2: "),
        (
            "get_role: {Name: a, Properties: {}}\nget_rule: {Name: b, Properties: {}}\n",
            "spec.yml:2: 'get_rule' is none of the five",
        ),
        ("get_role: {Name: a, Properties: {}\n", "spec.yml:"),
    ],
)
def test_migrate_refuses_what_would_be_lost(stackproof: Run, folder: Run, text: str, says: str) -> None:
    folder({"spec.yml": text})
    ran = stackproof("spec", "migrate", "spec.yml")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"stackproof: {says}")


@pytest.mark.parametrize("arguments", [["migrate", "."], ["migrate", "gone.yml"], ["migrat", "a.yml"], ["migrate"]])
def test_migrate_says_what_it_needs(stackproof: Run, folder: Run, arguments: list[str]) -> None:
    folder({"a.txt": ""})
    ran = stackproof("spec", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("stackproof: ")
