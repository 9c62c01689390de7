"""Rule buildspec-unknown-key."""

import pytest

from validator.rule import Severity
from validator.testing import findings

PHASES = "phases: {build: {commands: [a]}}\n"


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        ("phases: {build: {Commands: [a]}}", "Commands", "write 'commands': case matters"),
        ("phases: {build: {command: [a]}}", "command", "did you mean 'commands'?"),
        ("phases: {build: {env: {}}}", "env", "it belongs at the top level"),
        ("phases: {build: {post_build: {}}}", "post_build", "it belongs in phases"),
        ("phases: {install: {}}\nbuild: {commands: [a]}", "build", "it belongs in phases"),
        ("phases: {build: {runtime-versions: {php: 8.4}}}", "runtime-versions", "it belongs in phases.install"),
        ("phases: {install: {runtime-version: {a: 1}}}", "runtime-version", "did you mean 'runtime-versions'?"),
        ("environment_variables: {plaintext: {A: b}}", "environment_variables", "in this version it is 'env'"),
        ("env: {plaintext: {A: b}}", "plaintext", "in this version it is 'variables'"),
        ("stages: []", "stages", "known at the top level: 'version', 'run-as', 'env', 'proxy', 'batch' and 4 more"),
    ],
)
def test_reports_a_key_once_and_says_where_it_belongs(text: str, key: str, says: str) -> None:
    text += "" if "phases" in text else f"\n{PHASES}"
    [finding] = findings("buildspec-unknown-key", {"buildspec.yml": f"version: 0.2\n{text}\n"})
    assert (finding.at.text, finding.help) == (key, says)


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        ("env: {variables: {A: b}}", "env", "in this version it is 'environment_variables'"),
        ("batch: {}", "batch", "write 'version: 0.2' to use it"),
    ],
)
def test_knows_what_the_old_version_did_not_have(text: str, key: str, says: str) -> None:
    [finding] = findings("buildspec-unknown-key", {"buildspec.yml": f"version: 0.1\n{text}\n{PHASES}"})
    assert (finding.at.text, finding.help) == (key, says)


def test_knows_where_a_key_stands_in_the_other_version() -> None:
    [finding] = findings("buildspec-unknown-key", {"buildspec.yml": f"version: 0.1\nshell: bash\n{PHASES}"})
    assert (finding.message, finding.help) == (
        "CodeBuild ignores 'shell': it is a key of version 0.2",
        "it belongs in env there",
    )


def test_leaves_phases_that_stand_too_high_to_another_rule() -> None:
    assert not findings("buildspec-unknown-key", {"buildspec.yml": "version: 0.2\nphases:\nbuild: {commands: [a]}\n"})


def test_points_at_the_key() -> None:
    text = "version: 0.2\nphases:\n  build:\n    env:\n      variables: {A: b}\n    commands: [a]\n"
    [finding] = findings("buildspec-unknown-key", {"buildspec.yml": text})
    assert (finding.at.span.line, finding.at.span.column, finding.at.span.end_column) == (4, 5, 8)


def test_is_not_sure_of_a_language_that_it_does_not_know() -> None:
    text = "version: 0.2\nphases: {install: {runtime-versions: {zig: 1, pyton: 3.12}}}\n"
    found = findings("buildspec-unknown-key", {"buildspec.yml": text})
    assert [finding.severity for finding in found] == [Severity.WARNING, None]


@pytest.mark.parametrize(
    "text",
    [
        f"version: 0.2\nenv: {{variables: {{Commands: a}}, secrets-manager: {{env: b}}}}\n{PHASES}",
        f"version: 0.2\nreports: {{build: {{files: a}}}}\n{PHASES}",
        f"version: 0.2\nartifacts: {{files: a, secondary-artifacts: {{phases: {{files: b}}}}}}\n{PHASES}",
        "version: 0.2\n.common: &common\n  commands: [a]\nphases:\n  install: *common\n  build: {<<: *common}\n",
        "version: 0.2\nx-list:\n  - &first make\nphases: {build: {commands: [*first]}}\n",
    ],
)
def test_accepts_free_names_and_what_aliases_repeat(text: str) -> None:
    assert not findings("buildspec-unknown-key", {"buildspec.yml": text})


def test_an_anchor_that_nothing_repeats_is_no_excuse() -> None:
    text = f"version: 0.2\nx-list: &list [a]\n{PHASES}"
    assert [each.at.text for each in findings("buildspec-unknown-key", {"buildspec.yml": text})] == ["x-list"]


@pytest.mark.parametrize(
    "text",
    [
        "version: 0.2\nphases:\n  ${A}:\n    commands: [a]\n",
        "version: 0.2\nphases:\n  install:\n    runtime-versions:\n      ${A}: 3\n",
        "version: ${A}\nphases: {build: {commands: [a]}}\nenvironment_variables: {plaintext: {A: b}}\n",
    ],
)
def test_a_reference_may_be_any_key_of_a_text_that_sub_fills_in(text: str) -> None:
    template = (
        f"Resources: {{P: {{Type: AWS::CodeBuild::Project, Properties: {{Source: {{BuildSpec: !Sub {text!r}}}}}}}}}"
    )
    assert not findings("buildspec-unknown-key", {"t.yml": template.replace("'", '"')})


def test_a_key_that_cloudformation_leaves_out_is_none() -> None:
    inline = f"{{version: 0.2, {PHASES.strip()}, none: !Ref 'AWS::NoValue', other: !Ref A}}"
    template = f"Resources: {{P: {{Type: AWS::CodeBuild::Project, Properties: {{Source: {{BuildSpec: {inline}}}}}}}}}"
    assert [each.at.text for each in findings("buildspec-unknown-key", {"t.yml": template})] == ["other"]
