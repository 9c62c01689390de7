"""The view of a policy."""

from validator.iam.policy import Policy
from validator.parse import parse


def policy(statement: str) -> Policy:
    return Policy(parse("policy.yml", f"Statement: {statement}").root, "identity")


def test_one_statement_needs_no_list() -> None:
    assert [statement.sid for statement in policy("{Sid: a, Effect: Allow}").statements()] == ["a"]


def test_finds_statements_in_the_branches_of_a_condition() -> None:
    found = policy("[{Sid: a}, !If [Prod, {Sid: b}, !If [Test, [{Sid: c}], !Ref 'AWS::NoValue']], {Sid: d}]")
    assert [(one.sid, one.conditional) for one in found.statements()] == [
        ("a", False),
        ("b", True),
        ("c", True),
        ("d", False),
    ]
    assert found.complete


def test_is_not_complete_if_a_function_makes_a_statement() -> None:
    found = policy("[{Sid: a}, !Ref B, {Sid: c, Fn::Transform: {Name: AWS::Include}}]")
    assert [one.sid for one in found.statements()] == ["a"]
    assert not found.complete


def test_actions_are_those_that_are_known() -> None:
    [statement] = policy("{NotAction: [a:b, !Sub 'a:${C}', a:d], Resource: '*'}").statements()
    assert statement.actions is not None
    assert [node.value for node in statement.actions.values] == ["a:b", "a:d"]
    assert statement.actions.negated
    assert not statement.actions.complete
    assert statement.resources is not None
    assert statement.resources.complete
    assert not statement.resources.negated


def test_names_of_elements_are_case_sensitive() -> None:
    [statement] = policy("{effect: Allow, action: a, Principal: {AWS: x}}").statements()
    assert statement.effect is None
    assert statement.actions is None
    assert statement.condition is None
    assert statement.principal is not None


def test_an_effect_that_a_function_makes_is_not_known() -> None:
    [statement] = policy("{Effect: !Ref Effect, NotPrincipal: x}").statements()
    assert statement.effect is None
    assert statement.principal is not None
    assert statement.principal.name == "NotPrincipal"


def test_no_statement_at_all() -> None:
    assert not list(policy("~").statements())
    assert not list(Policy(parse("policy.json", "[]").root, "identity").statements())


def test_views_of_one_node_are_equal() -> None:
    one = policy("{Sid: a}")
    assert Policy(one.node.document.root, "identity") == one
    assert set(one.statements()) == set(one.statements())
