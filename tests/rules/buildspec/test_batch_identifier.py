"""Rule buildspec-batch-identifier."""

import pytest

from validator.testing import findings

RULE = "buildspec-batch-identifier"


def text_of(*identifiers: str, kind: str = "build-list") -> str:
    tasks = "".join(f"    - {{identifier: {one}, buildspec: a.yml}}\n" for one in identifiers)
    return f"version: 0.2\nbatch:\n  {kind}:\n{tasks}"


@pytest.mark.parametrize("kind", ["build-list", "build-graph"])
def test_points_at_the_second_of_two_and_names_the_first(kind: str) -> None:
    [finding] = findings(RULE, {"buildspec.yml": text_of("a", "b", "a", kind=kind)})
    assert (finding.at.span.line, finding.at.span.column) == (6, 20)
    assert [node.span.line for node, _ in finding.related] == [4]


@pytest.mark.parametrize("name", ["a-b", "a.b", "'a b'", "\u00e9", "a" * 128])
def test_reports_what_codebuild_refuses(name: str) -> None:
    assert len(findings(RULE, {"buildspec.yml": text_of(name)})) == 1


def test_says_what_to_write() -> None:
    [finding] = findings(RULE, {"buildspec.yml": text_of("linux-x86.2")})
    assert finding.help == "write 'linux_x86_2', here and in 'depend-on'"


@pytest.mark.parametrize("names", [("a", "A", "a_1", "_", "1"), ("a" * 127,)])
def test_accepts(names: tuple[str, ...]) -> None:
    assert not findings(RULE, {"buildspec.yml": text_of(*names)})


def test_a_list_needs_no_identifiers() -> None:
    text = "version: 0.2\nbatch: {build-list: [{buildspec: a.yml}, {buildspec: b.yml}]}\n"
    assert not findings(RULE, {"buildspec.yml": text})


@pytest.mark.parametrize(
    "inline",
    [
        "{version: 0.2, batch: {build-list: [{identifier: !Ref A}, {identifier: !Ref A}]}}",
        "!Sub \"version: 0.2\\nbatch: {build-list: [{identifier: '${A}'}, {identifier: '${A}'}]}\\n\"",
    ],
)
def test_cloudformation_may_fill_in_an_identifier(inline: str) -> None:
    template = f"Resources: {{P: {{Type: AWS::CodeBuild::Project, Properties: {{Source: {{BuildSpec: {inline}}}}}}}}}"
    assert not findings(RULE, {"t.yml": template})
