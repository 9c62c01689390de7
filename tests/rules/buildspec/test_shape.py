"""Rule buildspec-shape."""

import pytest

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


def test_leaves_phases_that_stand_too_high_to_another_rule() -> None:
    assert not messages("version: 0.2\nphases:\nbuild:\n  commands:\n    - make\n")


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
