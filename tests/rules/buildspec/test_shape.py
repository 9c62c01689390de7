"""Rule buildspec-shape."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from validator.cli import main
from validator.testing import findings


def messages(text: str, path: str = "buildspec.yml") -> list[str]:
    return [finding.message for finding in findings("buildspec-shape", {path: text})]


@pytest.mark.parametrize(
    "text",
    [
        "version: 0.2\nphases: {build: {commands: make}}\n",
        "version: 0.2\nphases: {build: {commands: }}\n",
        "version: 0.2\nphases: {build: }\n",
        "version: 0.2\nphases: {build: {commands: [make, , ~]}}\n".replace(", ,", ","),
        "version: 0.2\nphases: {install: {runtime-versions: {java: $JAVA, python: 3.10}}}\n",
        "version: 0.2\nphases: {build: {on-failure: Retry-3-.*timeout.*}}\n",
        "version: 0.2\nphases: {build: {commands: [a]}}\nartifacts: {files: '**/*', discard-paths: yes}\n",
        "version: 0.2\nbatch: {build-list: [{buildspec: other.yml, identifier: a}]}\n",
        "phases: {build: {commands: [a]}}\nversion: '0.2'\n",
        '{"version": 0.2, "phases": {"build": {"commands": ["a"]}}}\n',
        "version: 0.1\nphases: {build: {commands: [a]}}\nartifacts: {type: zip, files: [a]}\n",
        "version: 0.2\nphases: {build: {commands: [a]}}\nenv: {variables: {A: 1, B: yes, C: }}\n",
        "version: 0.2\nphases: {build: {commands: [a]}}\nreports: {$GROUP: {files: a, file-format: JunitXml}}\n",
    ],
)
def test_accepts_what_is_odd_and_valid(text: str) -> None:
    assert not messages(text)


def test_points_at_the_version() -> None:
    [finding] = findings("buildspec-shape", {"buildspec.yml": "version: 0.3\nphases: {build: {commands: [a]}}\n"})
    assert (finding.at.span.line, finding.at.span.column) == (1, 10)


def test_says_which_version_to_write() -> None:
    [finding] = findings("buildspec-shape", {"buildspec.yml": "phases: {build: {commands: [a]}}\n"})
    assert finding.help == "write 'version: 0.2', the current one"


def test_leaves_commands_to_another_rule() -> None:
    assert not messages("version: 0.2\nphases: {build: {commands: [a: b, [c]], finally: [{}]}}\n")


def test_reports_a_list_of_commands_that_is_a_mapping() -> None:
    text = "version: 0.2\nphases: {build: {commands: {a: b}}}\n"
    assert messages(text) == ["commands is a mapping, expected a list or a string"]


@pytest.mark.parametrize("text", ["phases:\nbuild:\n  commands:\n    - make\n", "phases:\n", ""])
def test_leaves_phases_that_are_missing_or_stand_too_high_to_another_rule(text: str) -> None:
    assert not messages(f"version: 0.2\n{text}")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("phases:\n  - build:\n      commands: [make]\n", "write its keys without '- ' before them"),
        ("phases: {build: {commands: [make]}}\nartifacts: {files: {a: b}}\n", "put '- ' before each entry"),
        ("phases: {build: {commands: [make]}}\nproxy:\n  logs:yes\n", "put a blank behind the ':'"),
    ],
)
def test_says_how_to_write_what_was_meant(text: str, says: str) -> None:
    [finding] = findings("buildspec-shape", {"buildspec.yml": f"version: 0.2\n{text}"})
    assert finding.help == says


def test_a_key_that_is_misspelled_is_not_missing() -> None:
    assert not messages("version: 0.2\nphases: {build: {commands: [make]}}\nartifacts: {fils: [a]}\n")


def test_a_task_has_a_fleet_or_a_compute_type() -> None:
    task = "{identifier: a, buildspec: a.yml, env: {fleet: f, compute-type: BUILD_GENERAL1_SMALL}}"
    [finding] = findings("buildspec-shape", {"buildspec.yml": f"version: 0.2\nbatch: {{build-list: [{task}]}}\n"})
    assert finding.at.text == "compute-type"


@pytest.mark.parametrize(
    "reaction", ["ABORT", "continue", "RETRY", "Retry-3", "RETRY-8-invalid+", "RETRY-.*timed out.*"]
)
def test_knows_the_reactions_to_a_failure(reaction: str) -> None:
    assert not messages(f"version: 0.2\nphases: {{build: {{on-failure: {reaction}, commands: [a]}}}}\n")


def described(schema: Any, path: str = "") -> Iterator[str]:
    """Give the places of a schema that an editor would have nothing to say about."""
    if not isinstance(schema, dict):
        return
    if path and "$ref" not in schema and not (schema.get("title") and schema.get("description")):
        yield path
    for part in ("properties", "$defs"):
        for name, inner in schema.get(part, {}).items():
            yield from described(inner, f"{path}/{part}/{name}")
    for part in ("items", "additionalProperties"):
        yield from described(schema.get(part), f"{path}/{part}")


@pytest.mark.parametrize("name", ["buildspec-0.1", "buildspec-0.2", "appspec-0.0"])
def test_an_editor_has_something_to_say_of_every_key(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", name]) == 0
    schema = json.loads(capsys.readouterr().out)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:stackproof:schema:{name}"
    assert not list(described(schema))


TEMPLATE = """\
Resources:
  Project:
    Type: AWS::CodeBuild::Project
    Properties:
      Source:
        Type: CODEPIPELINE
        BuildSpec: {}
"""


def test_places_a_finding_inside_a_template() -> None:
    inline = "|\n          version: 0.2\n          phases:\n            build:\n              on-failure: STOP"
    [finding] = findings("buildspec-shape", {"t.yml": TEMPLATE.replace("{}", inline)})
    assert (finding.at.span.line, finding.at.span.column, finding.at.inner) == (11, 27, "/phases/build/on-failure")


def test_lets_functions_stand_for_any_part_of_an_object_in_a_template() -> None:
    inline = "{version: 0.2, phases: {build: {commands: [!Sub 'make ${A}'], on-failure: !Ref B}}, artifacts: !Ref C}"
    assert not messages(TEMPLATE.replace("{}", inline), "t.yml")


def filled(text: str, *, variables: bool = False) -> str:
    inline = (
        "!Sub" + ("\n        - |\n" if variables else " |\n") + "".join(f"            {x}\n" for x in text.splitlines())
    )
    return TEMPLATE.replace("{}", inline + ("        - {A: b}\n" if variables else ""))


PHASES = "version: 0.2\nphases: {build: {commands: [make]}}\n"
FILLED = [
    "version: ${A}\nphases: {build: {commands: [make]}}\n",
    f"{PHASES}env:\n  shell: ${{A}}\n  git-credential-helper: ${{A}}\n",
    f"{PHASES}env: ${{A}}\n",
    f"{PHASES}batch:\n  fast-fail: ${{A}}\n",
    f"{PHASES}reports:\n  a:\n    files: b\n    file-format: ${{A}}\n    discard-paths: ${{A}}\n",
    f"{PHASES}artifacts:\n  files: a\n  discard-paths: ${{A}}\n  enable-symlinks: ${{A}}\n",
    "version: 0.2\nphases:\n  build:\n    on-failure: RETRY-${A}\n    commands: ${A}\n",
    "version: 0.2\n${A}:\n  build: {commands: [make]}\n",
]


@pytest.mark.parametrize("variables", [False, True])
@pytest.mark.parametrize("text", FILLED)
def test_references_may_stand_for_any_part_of_a_text_that_sub_fills_in(text: str, *, variables: bool) -> None:
    assert not messages(filled(text, variables=variables), "t.yml")


@pytest.mark.parametrize("text", [f"{PHASES}env: {{shell: '${{!A}}'}}\n", f"{PHASES}env: {{shell: zsh}}\n"])
def test_what_sub_leaves_alone_is_as_it_is(text: str) -> None:
    assert len(messages(filled(text), "t.yml")) == 1


def test_a_reference_in_a_file_is_as_it_is() -> None:
    assert len(messages(f"{PHASES}env:\n  shell: ${{A}}\n")) == 1


def test_names_what_is_missing() -> None:
    [finding] = findings("buildspec-shape", {"buildspec.yml": "phases: {build: {commands: [a]}}\n"})
    assert finding.subject == "version"
