"""Rule cloudformation-stack-recursion."""

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "cloudformation-stack-recursion"
STACK = "  {name}:\n    Type: AWS::CloudFormation::Stack\n    {more}\n    Properties: {{TemplateURL: {url}}}\n"


def nests(url: str, *, name: str = "S", more: str = "DependsOn: []") -> str:
    head = "Parameters: {X: {Type: String}}\nConditions: {C: !Equals [!Ref X, y], Yes: !Equals [a, a]}\nResources:\n"
    return head + STACK.format(name=name, more=more, url=url)


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_a_template_that_nests_itself() -> None:
    [finding] = findings(RULE, {"a.yml": nests("a.yml")})
    assert (finding.at.span.line, finding.severity, finding.related) == (7, None, ())
    assert finding.message == "S nests itself, and no condition ends that"


def test_a_ring_is_told_once_where_it_closes() -> None:
    files = {"a.yml": nests("b.yml"), "b.yml": nests("c.yml"), "c.yml": nests("a.yml")}
    [finding] = findings(RULE, {"root.yml": nests("a.yml"), **files})
    assert finding.at.span.path == "c.yml"
    assert [node.span.path for node, _ in finding.related] == ["a.yml", "b.yml"]


def test_a_ring_that_nothing_leads_to() -> None:
    assert len(findings(RULE, {"a.yml": nests("b.yml"), "b.yml": nests("a.yml")})) == 1


def test_two_rings_are_two_defects() -> None:
    both = nests("a.yml") + STACK.format(name="T", more="DependsOn: []", url="b.yml")
    assert len(findings(RULE, {"a.yml": both, "b.yml": nests("a.yml")})) == 2


@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("a.yml", "Condition: C"),
        ("!If [C, a.yml, b.yml]", "DependsOn: []"),
        ("!If [C, a.yml, !Ref X]", "DependsOn: []"),
        ("https://host/a.yml", "DependsOn: []"),  # by its name alone
        ("b.yml", "DependsOn: []"),
    ],
)
def test_accepts(url: str, more: str) -> None:
    assert not findings(RULE, {"a.yml": nests(url, more=more), "b.yml": "Resources: {T: {Type: AWS::SNS::Topic}}\n"})


def test_a_condition_that_always_holds_ends_nothing() -> None:
    assert len(findings(RULE, {"a.yml": nests("a.yml", more="Condition: 'Yes'")})) == 1


def test_a_url_makes_it_a_warning() -> None:
    [finding] = findings(RULE, {"t/a.yml": nests("https://b.s3.amazonaws.com/t/a.yml")})
    assert finding.severity is Severity.WARNING


def test_a_diamond_is_no_ring() -> None:
    both = nests("b.yml") + STACK.format(name="T", more="DependsOn: []", url="c.yml")
    leaf = "Resources: {T: {Type: AWS::SNS::Topic}}\n"
    assert not findings(RULE, {"a.yml": both, "b.yml": nests("d.yml"), "c.yml": nests("d.yml"), "d.yml": leaf})


def test_a_long_ring() -> None:
    files = {f"t{at}.yml": nests(f"t{(at + 1) % 300}.yml") for at in range(300)}
    assert len(findings(RULE, files)) == 1
