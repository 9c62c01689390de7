"""Rules pipeline-namespace-unknown and pipeline-variable-order."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

from .texts import build, buildspec, pipeline

UNKNOWN, ORDER = "pipeline-namespace-unknown", "pipeline-variable-order"


def approve(text: str, *, order: int = 2) -> str:
    kind = '{Category: Approval, Owner: AWS, Provider: Manual, Version: "1"}'
    return f"- Name: Approve\n  RunOrder: {order}\n  ActionTypeId: {kind}\n  Configuration: {{CustomData: {text}}}\n"


def found(*actions: str, rule: str = UNKNOWN, spec: str = "", project: str = "") -> list[Finding]:
    text = pipeline(*actions)
    if project:
        text = text.replace("      Stages:", f"      {project}\n      Stages:")
    files = {"pipeline.yml": text} | ({"buildspec.yml": spec} if spec else {})
    return findings(rule, files)


@pytest.mark.parametrize("rule", [UNKNOWN, ORDER])
def test_documentation(rule: str) -> None:
    check_rule(rule)


def test_points_at_the_reference() -> None:
    [finding] = found(approve('"deploy #{Chekout.CommitId}?"'))
    assert (finding.at.span.line, finding.at.span.column, finding.at.text) == (24, 51, "#{Chekout.CommitId}")
    assert (finding.severity, finding.help) == (None, "did you mean 'Checkout'?")


@pytest.mark.parametrize(
    "text",
    [
        '"#{Checkout.CommitId}"',
        '"#{codepipeline.PipelineExecutionId}"',
        '!Sub "#{Checkout.CommitId} in ${AWS::Region}"',
        '!Sub "#{${Token}.X}"',
        '"#{Checkout.SomethingNew}"',
        '"#{Checkout}"',
        '"# {a.b}"',
    ],
)
def test_accepts(text: str) -> None:
    assert not found(approve(text))


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ('"#{Checkout.CommitID}"', "did you mean 'CommitId'?"),
        ('"#{codepipeline.PipelineExecutionID}"', "did you mean 'PipelineExecutionId'?"),
    ],
)
def test_variables_of_providers_are_a_warning_if_nearly_known(text: str, advice: str) -> None:
    [finding] = found(approve(text))
    assert (finding.severity, finding.help) == (Severity.WARNING, advice)


@pytest.mark.parametrize("other", ["- Fn::Transform: {Name: M}\n", "- {Name: X, Namespace: !Ref Token}\n"])
def test_silent_where_namespaces_cannot_be_read(other: str) -> None:
    assert not found(other, approve('"#{Other.X}"'))


def test_pipeline_variables() -> None:
    declared = "Variables: [{Name: Tag, DefaultValue: a}]"
    assert not found(approve('"#{variables.Tag}"'), project=declared)
    assert len(found(approve('"#{variables.Tags}"'), project=declared)) == 1
    assert len(found(approve('"#{variables.Tag}"'))) == 1
    assert not found(approve('"#{variables.Tag}"'), project="Variables: !Ref Token")


@pytest.mark.parametrize(
    ("exported", "count"),
    [("[VERSION]", 0), ("[VERSIO]", 1), ("[]", 1), ("[a, b, c, d, e, f, VERSION]", 0), ("!Ref X", 0)],
)
def test_what_a_build_exports(exported: str, count: int) -> None:
    spec = buildspec("{files: [x]}") + f"env: {{exported-variables: {exported}}}\n"
    results = found(build(), approve('"#{Build.VERSION}"'), spec=spec)
    assert [finding.severity for finding in results] == [None] * count


def test_what_a_build_exports_is_not_known_without_its_buildspec() -> None:
    assert not found(build(project="!Ref Token"), approve('"#{Build.VERSION}"'))


@pytest.mark.parametrize(("order", "count"), [(1, 1), (2, 0)])
def test_order(order: int, count: int) -> None:
    results = found(build(), approve('"#{Build.VERSION}"', order=order), rule=ORDER)
    assert len(results) == count
    assert all([node.span.line for node, _ in finding.related] == [22] for finding in results)


def test_an_unknown_run_order_is_none_to_speak_of() -> None:
    assert not found(build(), approve('"#{Build.VERSION}"').replace("RunOrder: 2", "RunOrder: !Ref Token"), rule=ORDER)
