"""Rule cloudformation-sibling-cycle."""

import pytest

from validator.rule import Finding
from validator.testing import check_rule, findings

RULE = "cloudformation-sibling-cycle"
STACK = """\
  {0}:
    Type: AWS::CloudFormation::Stack
    {2}
    Properties: {{TemplateURL: c.yml, Parameters: {{P: {1}}}}}
"""
HEAD = "Parameters: {X: {Type: String}}\nConditions: {C: !Equals [!Ref X, y]}\nResources:\n"


def found(*stacks: tuple[str, str] | tuple[str, str, str], more: str = "") -> list[Finding]:
    text = "".join(STACK.format(*(*stack, "DeletionPolicy: Delete")[:3]) for stack in stacks)
    return findings(RULE, {"parent.yml": HEAD + text + more})


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    "reads",
    [
        "!GetAtt B.Outputs.X",
        "!Sub '${B.Outputs.X}'",
        "!Ref B",
        "!Join ['', [!GetAtt B.Outputs.X]]",
    ],
)
def test_points_at_the_first_stack_and_at_what_each_needs(reads: str) -> None:
    [finding] = found(("A", reads), ("B", "!GetAtt A.Outputs.X"))
    assert (finding.at.value, finding.at.span.line) == ("A", 4)
    assert finding.message == "A needs itself, by way of B"
    assert [node.span.line for node, _ in finding.related] == [7, 11]


def test_depending_is_needing() -> None:
    assert len(found(("A", "x", "DependsOn: B"), ("B", "x", "DependsOn: [A]"))) == 1


def test_a_stack_that_needs_itself() -> None:
    [finding] = found(("A", "!GetAtt A.Outputs.X"))
    assert finding.message == "A needs itself"


def test_a_ring_through_another_resource() -> None:
    more = "  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt A.Outputs.X}}\n"
    assert len(found(("A", "!Ref T"), more=more)) == 1


def test_a_ring_is_told_once_and_two_are_two() -> None:
    four = [("A", "!Ref B"), ("B", "!Ref A"), ("C", "!Ref D"), ("D", "!Ref C")]
    assert [one.at.value for one in found(*four)] == ["A", "C"]


@pytest.mark.parametrize(
    "stacks",
    [
        [("A", "!Ref B"), ("B", "!Ref X")],
        [("A", "!Ref B"), ("B", "!If [C, !Ref A, x]")],
        [("A", "!Ref B", "Condition: C"), ("B", "!Ref A")],
        [("A", "!Sub '${!B.Outputs.X}'"), ("B", "!Ref A")],
        [("A", "!Sub ['${B}', {B: x}]"), ("B", "!Ref A")],
    ],
)
def test_accepts(stacks: list[tuple[str, str]]) -> None:
    assert not found(*stacks)


def test_a_ring_without_stacks_is_cfn_lints() -> None:
    more = "  T: {Type: AWS::SNS::Topic, DependsOn: U}\n  U: {Type: AWS::SNS::Topic, DependsOn: T}\n"
    assert not found(("A", "x"), more=more)


def test_many_stacks_in_one_ring() -> None:
    [finding] = found(*((f"S{at}", f"!GetAtt S{(at + 1) % 500}.Outputs.X") for at in range(500)))
    assert finding.message.endswith("S5 and 494 more")
