"""Rule buildspec-no-phases."""

import pytest

from validator.rule import Severity
from validator.testing import findings

RULE = "buildspec-no-phases"


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("phases:\nbuild: {commands: [a]}\n", "phases", "phases is empty: 'build' stands beside it"),
        ("build: {commands: [a]}\nphases:\n", "phases", "phases is empty: 'build' stands beside it"),
        (
            "phases: {}\nbuild: {commands: [a]}\npost_build: {}\n",
            "phases",
            "phases is empty: 'build', 'post_build' stand beside it",
        ),
        (
            "build: {commands: [a]}\n",
            "build",
            "'build' stands at the top level, and there is no 'phases:' above it",
        ),
        ("phases:\n", "phases", "phases is empty, so that the build runs nothing"),
    ],
)
def test_is_one_finding(text: str, at: str, message: str) -> None:
    [finding] = findings(RULE, {"buildspec.yml": f"version: 0.2\n{text}"})
    assert (finding.at.text, finding.message) == (at, message)


def test_names_the_phases_that_stand_too_high() -> None:
    text = "version: 0.2\nphases:\ninstall: {commands: [a]}\nbuild: {commands: [a]}\n"
    [finding] = findings(RULE, {"buildspec.yml": text})
    assert [(node.text, node.span.line) for node, _ in finding.related] == [("install", 3), ("build", 4)]


@pytest.mark.parametrize("version", ["0.1", "0.2"])
def test_a_buildspec_of_nothing_lacks_phases(version: str) -> None:
    [finding] = findings(RULE, {"buildspec.yml": f"version: {version}\n"})
    assert (finding.message, finding.subject) == ("the buildspec has neither phases nor a batch", "phases")


def test_is_not_sure_that_a_mapping_of_nothing_fails() -> None:
    assert [one.severity for one in findings(RULE, {"buildspec.yml": "version: 0.2\nphases: {}\n"})] == [
        Severity.WARNING
    ]


@pytest.mark.parametrize(
    ("batch", "at"),
    [
        ("{build-list: [{identifier: a, buildspec: a.yml}, {identifier: b}]}", "b"),
        ("{build-graph: [{identifier: a}]}", "a"),
        ("{build-matrix: {dynamic: {env: {image: [a, b]}}}}", "build-matrix"),
        ("{build-fanout: {parallelism: 2}}", "build-fanout"),
    ],
)
def test_warns_of_a_task_that_runs_this_file(batch: str, at: str) -> None:
    [finding] = findings(RULE, {"buildspec.yml": f"version: 0.2\nbatch: {batch}\n"})
    assert (finding.at.text, finding.severity) == (at, Severity.WARNING)


@pytest.mark.parametrize(
    "text",
    [
        "phases: {build: {commands: [a]}}\n",
        "phases: {build: }\n",
        "batch: {build-list: [{buildspec: a.yml}]}\n",
        "batch: {build-matrix: {dynamic: {buildspec: [a.yml]}}}\n",
        "batch: {build-list: [{identifier: a}]}\nphases: {build: {commands: [a]}}\n",
        "phase: {build: {commands: [a]}}\n",  # buildspec-unknown-key
        "phases: [build]\n",  # buildspec-shape
    ],
)
def test_accepts(text: str) -> None:
    assert not findings(RULE, {"buildspec.yml": f"version: 0.2\n{text}"})


TEMPLATE = "Resources: {P: {Type: AWS::CodeBuild::Project, Properties: {Source: {BuildSpec: %s}}}}\n"


@pytest.mark.parametrize(
    "inline",
    [
        '!Sub "version: 0.2\\n${A}:\\n  build: {commands: [make]}\\n"',
        "{version: 0.2, phases: !If [A, {build: {commands: [make]}}, {}]}",
        "{version: 0.2, batch: !Ref A}",
        "{version: 0.2, batch: {build-list: [!Ref A]}}",
        "{version: 0.2, Fn::Transform: {Name: AWS::Include}}",
    ],
)
def test_what_cloudformation_fills_in_may_be_phases(inline: str) -> None:
    assert not findings(RULE, {"t.yml": TEMPLATE % inline})
