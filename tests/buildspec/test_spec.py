"""The view of a buildspec."""

import pytest

from validator.buildspec import Buildspec
from validator.buildspec.spec import is_rewritable
from validator.parse import embedded, parse

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


def test_globs_come_from_all_that_names_files() -> None:
    text = """\
artifacts: {files: [a], exclude-paths: b, base-directory: c, secondary-artifacts: {x: {files: d}}}
reports: {r: {files: [e], base-directory: f}}
cache: {paths: [g, h]}
"""
    assert "".join(str(node.value) for node in view(text).globs()) == "abcdefgh"


def test_a_function_is_open_in_an_object_only() -> None:
    root = parse("t.yml", "spec: {artifacts: !Ref A}\nartifacts: !Ref A\n").root
    spec, whole = root.get("spec"), Buildspec(root)
    assert spec is not None
    for buildspec, expected in ((Buildspec(spec), True), (whole, False)):
        artifacts = buildspec.node.get("artifacts")
        assert artifacts is not None
        assert buildspec.is_open(artifacts) is expected


@pytest.mark.parametrize(("text", "expected"), [("- a", True), ("- &x a", True), ("[a]", True), ("'a'", True)])
def test_what_stands_in_a_file_is_rewritable(text: str, *, expected: bool) -> None:
    node = parse("buildspec.yml", f"list: {text}\n" if text[0] != "-" else f"list:\n{text}\n").root.get("list")
    assert node is not None
    assert is_rewritable(next(node.elements(), node)) is expected


def test_an_alias_is_not_rewritable() -> None:
    node = parse("buildspec.yml", "x: &x a\ny: {z: *x}\n").root.get("y", "z")
    assert node is not None
    assert not is_rewritable(node)


@pytest.mark.parametrize(("outer", "expected"), [("|\n  z: a\n", True), ('"z: a"\n', False), (">\n  z: a\n", False)])
def test_within_a_text_only_a_block_is_rewritable(outer: str, *, expected: bool) -> None:
    text = parse("t.yml", f"x: {outer}").root.get("x")
    assert text is not None
    node = embedded(text).root.get("z")
    assert node is not None
    assert is_rewritable(node) is expected


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


@pytest.mark.parametrize(
    ("artifact", "path", "expected"),
    [
        ("{files: [a.yml]}", "a.yml", True),
        ("{files: a.yml}", "a.yml", True),
        ("{files: [a.yml]}", "b.yml", False),
        ("{files: ['*.yml']}", "b.yml", True),
        ("{files: ['**/*']}", "d/b.yml", True),
        ("{files: ['**/*.yml']}", "b.yml", True),
        ("{files: ['**/*.yml']}", "b.json", False),
        ("{files: ['d/*']}", "d/e/b.yml", True),
        ("{files: ['d/**/*']}", "e/b.yml", False),
        ("{files: [d]}", "d/b.yml", True),
        ("{files: ['./d/b.yml']}", "d/b.yml", True),
        ("{files: ['config-$ENV.json']}", "config-test.json", True),
        ("{files: ['config-${ENV}.json']}", "other.json", False),
        ("{files: ['a.{yml,json}']}", "a.json", True),
        ("{files: ['a[0-9].yml']}", "a1.yml", True),
        ("{files: [d/*.yml], discard-paths: yes}", "b.yml", True),
        ("{files: [d/*.yml], discard-paths: yes}", "d/b.yml", False),
        ("{files: [d/*.yml], discard-paths: $FLAT}", "b.yml", True),
        ("{files: [d/*.yml], discard-paths: no}", "b.yml", False),
        ("{files: ['**/*'], exclude-paths: [a.yml]}", "a.yml", False),
        ("{files: ['**/*'], exclude-paths: a.yml}", "a.yml", False),
        ("{files: ['/tmp/*']}", "a.yml", True),
        ("{files: ['../x/*']}", "a.yml", True),
        ("{files: []}", "a.yml", True),
        ("{files: !Ref X}", "a.yml", True),
        ("{files: [!Ref X]}", "a.yml", True),
    ],
)
def test_what_an_artifact_may_hold(artifact: str, path: str, *, expected: bool) -> None:
    [found] = Buildspec(parse("buildspec.yml", f"artifacts: {artifact}\n").root).artifacts()
    assert found.may_hold(path) is expected


@pytest.mark.parametrize(
    ("artifact", "base", "is_flat"),
    [
        ("{files: [a]}", "", False),
        ("{files: [a], base-directory: dist, discard-paths: 'yes'}", "dist", True),
        ("{files: [a], base-directory: $OUT, discard-paths: true}", None, True),
        ("{files: [a], base-directory: 'd*', discard-paths: !Ref X}", None, None),
    ],
)
def test_the_folder_of_an_artifact(artifact: str, *, base: str | None, is_flat: bool | None) -> None:
    [found] = Buildspec(parse("buildspec.yml", f"artifacts: {artifact}\n").root).artifacts()
    assert (found.base, found.is_flat) == (base, is_flat)
