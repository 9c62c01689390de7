"""Rule buildspec-batch-dependency."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.testing import findings

RULE = "buildspec-batch-dependency"


def text_of(graph: dict[str, list[str]]) -> str:
    tasks = "".join(
        f"    - {{identifier: {name}, buildspec: a.yml, depend-on: [{', '.join(needs)}]}}\n"
        for name, needs in graph.items()
    )
    return f"version: 0.2\nbatch:\n  build-graph:\n{tasks}"


@pytest.mark.parametrize(
    ("graph", "line", "message"),
    [
        ({"a": [], "b": ["x"]}, 5, "'b' depends on 'x', and no task is called so"),
        ({"a": ["a"]}, 4, "'a' depends on itself"),
        ({"a": ["b"], "b": ["a"]}, 4, "'a' depends on 'b', which waits for it: a, b, a"),
        (
            {"x": [], "a": ["x", "c"], "b": ["a"], "c": ["b"], "d": ["c"]},
            5,
            "'a' depends on 'c', which waits for it: a, c, b, a",
        ),
    ],
)
def test_reports_once(graph: dict[str, list[str]], line: int, message: str) -> None:
    [finding] = findings(RULE, {"buildspec.yml": text_of(graph)})
    assert (finding.at.span.line, finding.message) == (line, message)


def test_names_the_other_ends_of_a_circle() -> None:
    [finding] = findings(RULE, {"buildspec.yml": text_of({"a": ["c"], "b": ["a"], "c": ["b"]})})
    assert [(node.span.line, what) for node, what in finding.related] == [
        (6, "'c' depends on 'b'"),
        (5, "'b' depends on 'a'"),
    ]


def test_knows_the_nearest_name() -> None:
    [finding] = findings(RULE, {"buildspec.yml": text_of({"build": [], "test": ["biuld"]})})
    assert finding.help == "did you mean 'build'?"


def test_takes_a_single_name() -> None:
    text = "version: 0.2\nbatch: {build-graph: [{identifier: a, buildspec: a.yml, depend-on: b}]}\n"
    assert len(findings(RULE, {"buildspec.yml": text})) == 1


def test_a_name_may_look_like_a_number() -> None:
    text = "version: 0.2\nbatch: {build-graph: [{identifier: 1}, {identifier: b, depend-on: ['1']}]}\n"
    assert not findings(RULE, {"buildspec.yml": text})


@given(st.lists(st.sets(st.integers(0, 7)), max_size=8))
def test_what_depends_on_earlier_tasks_only_is_right(needs: list[set[int]]) -> None:
    graph = {f"t{at}": [f"t{other}" for other in sorted(each) if other < at] for at, each in enumerate(needs)}
    assert not findings(RULE, {"buildspec.yml": text_of(graph)})


@given(st.integers(2, 8), st.permutations(range(8)))
def test_a_circle_is_found_whatever_the_order(size: int, order: list[int]) -> None:
    names = [at for at in order if at < size]
    graph = {f"t{at}": [f"t{(at + 1) % size}"] for at in names}
    assert len(findings(RULE, {"buildspec.yml": text_of(graph)})) == 1


@pytest.mark.parametrize(
    "inline",
    [
        "{version: 0.2, batch: {build-graph: [{identifier: !Ref A}, {identifier: b, depend-on: [c]}]}}",
        "{version: 0.2, batch: {build-graph: [!Ref A, {identifier: b, depend-on: [c]}]}}",
        "{version: 0.2, batch: {build-graph: [{identifier: b, depend-on: [!Ref A]}]}}",
        "{version: 0.2, batch: {build-graph: [{identifier: b, depend-on: !Ref A}]}}",
        "!Sub \"version: 0.2\\nbatch: {build-graph: [{identifier: b, depend-on: ['${A}']}]}\\n\"",
    ],
)
def test_cloudformation_may_fill_in_a_name(inline: str) -> None:
    template = f"Resources: {{P: {{Type: AWS::CodeBuild::Project, Properties: {{Source: {{BuildSpec: {inline}}}}}}}}}"
    assert not findings(RULE, {"t.yml": template})
