"""Rule pipeline-change-set-pair."""

import pytest

from validator.rule import Finding
from validator.testing import check_rule, findings

from .texts import build, deploy, pipeline

RULE = "pipeline-change-set-pair"


def replace(name: str = "release", **more: str) -> str:
    return deploy(name="Prepare", mode="CHANGE_SET_REPLACE", order=1, ChangeSetName=name, **more)


def execute(name: str = "release", *, order: int = 2, stack: str = "web") -> str:
    text = deploy(name="Execute", mode="CHANGE_SET_EXECUTE", order=order, ChangeSetName=name)
    return text.replace("StackName: web", f"StackName: {stack}")


def found(*actions: str) -> list[Finding]:
    return findings(RULE, {"pipeline.yml": pipeline(*actions)})


def test_documentation() -> None:
    check_rule(RULE)


def test_points_at_the_name_and_at_the_other() -> None:
    [finding] = found(replace("relaese"), execute())
    assert (finding.at.span.line, finding.help) == (40, "'Prepare' has the ChangeSetName 'relaese'")
    assert [node.span.line for node, _ in finding.related] == [30]


def test_another_stack() -> None:
    [finding] = found(replace(), execute(stack="wep"))
    assert finding.help == "'Prepare' has the StackName 'web'"


def test_none_at_all() -> None:
    [finding] = found(execute())
    assert finding.help == "make it before, with the ActionMode CHANGE_SET_REPLACE"


@pytest.mark.parametrize("order", [1, 0])
def test_order(order: int) -> None:
    [finding] = found(replace(), execute(order=order))
    assert finding.message == "the action 'Execute' executes a change set before 'Prepare' has made it"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("!Sub '${AWS::StackName}-a'", "!Sub '${AWS::StackName}-b'"),
        ("!Sub 'a-${Token}'", "b-1"),
        ("!Ref Name", "other"),
    ],
)
def test_names_that_surely_differ(one: str, other: str) -> None:
    assert len(found(replace(one), execute(other))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("!Ref Token", "!Ref Token"),
        ("!Ref Token", "release"),
        ("!Sub 'a-${Token}'", "a-1"),
        ("!Sub '${AWS::StackName}-a'", "!Sub '${AWS::StackName}-a'"),
        ("!Sub '${Token}'", "!Ref Token"),
    ],
)
def test_silent_on_names_that_may_be_the_same(one: str, other: str) -> None:
    assert not found(replace(one), execute(other))


def test_a_build_before_may_have_made_it() -> None:
    assert not found(build(), execute())
    assert len(found(build(), replace("relaese"), execute())) == 1


@pytest.mark.parametrize(
    "other", ["- Fn::Transform: {Name: M}\n", deploy(mode="!Ref Token", order=1), replace("!If [C, release, other]")]
)
def test_silent_on_what_cannot_be_read(other: str) -> None:
    assert not found(other, execute())


def test_a_region_of_its_own_is_another_stack() -> None:
    there = replace().replace("  RunOrder", "  Region: eu-west-1\n  RunOrder")
    here = execute().replace("  RunOrder", "  Region: eu-west-2\n  RunOrder")
    assert len(found(there, here)) == 1
    assert not found(there, here.replace("west-2", "west-1"))
