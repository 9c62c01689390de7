"""The view of a buildspec."""

from validator.buildspec import Buildspec
from validator.parse import parse

TEXT = """\
phases:
  post_build:
    finally: clean
  build:
    commands: [make, true, 8.10, ~, {a: b}]
  install:
    commands: !If [A, [b], [c]]
env:
  variables: {A: 1}
  parameter-store: {B: /b}
environment_variables:
  plaintext: {C: c}
artifacts:
  files: '**/*'
  secondary-artifacts:
    second: {files: [a, b]}
reports:
  tests: {files: [a]}
batch:
  build-list: [{identifier: x}]
  build-graph: [{identifier: y}]
version: '0.2'
"""


def view(text: str = TEXT) -> Buildspec:
    return Buildspec(parse("buildspec.yml", text).root)


def test_commands_come_in_the_order_in_which_they_run() -> None:
    found = [(command.phase, command.list, command.index, command.text) for command in view().commands()]
    assert found == [
        ("build", "commands", 0, "make"),
        ("build", "commands", 1, "true"),
        ("build", "commands", 2, "8.10"),
        ("build", "commands", 3, ""),
        ("build", "commands", 4, None),
        ("post_build", "finally", 0, "clean"),
    ]


def test_variables_come_with_their_source() -> None:
    assert [(variable.name, variable.source) for variable in view().variables()] == [
        ("A", "plaintext"),
        ("C", "plaintext"),
        ("B", "parameter-store"),
    ]


def test_artifacts_come_with_their_files() -> None:
    found = [(artifact.identifier, [node.value for node in artifact.files]) for artifact in view().artifacts()]
    assert found == [("", ["**/*"]), ("second", ["a", "b"])]


def test_reports_and_tasks() -> None:
    assert [name for name, _ in view().reports()] == ["tests"]
    assert [task.value for task in view().tasks()] == [{"identifier": "y"}, {"identifier": "x"}]


def test_a_version_is_a_text() -> None:
    assert [view(text).version for text in (TEXT, "version: 0.2", "version:", "version: [0.2]", "a: b")] == [
        *("0.2", "0.2"),
        *("", "", ""),
    ]


def test_bad_shapes_give_nothing() -> None:
    bad = view("phases: [a]\nenv: x\nartifacts: [a]\nreports: 1\nbatch: [a]\n")
    assert not [*bad.commands(), *bad.variables(), *bad.artifacts(), *bad.reports(), *bad.tasks()]


def test_views_of_one_node_are_equal() -> None:
    document = parse("buildspec.yml", TEXT)
    assert set(Buildspec(document.root).commands()) == set(Buildspec(document.root).commands())
