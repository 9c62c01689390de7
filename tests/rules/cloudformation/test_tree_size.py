"""Rule cloudformation-tree-size."""

from validator.testing import check_rule, findings

RULE = "cloudformation-tree-size"
STACK = "  S{}: {{Type: AWS::CloudFormation::Stack, {}Properties: {{TemplateURL: child.yml, Parameters: {{X: {}}}}}}}\n"
CHILD = """\
Parameters: {X: {Type: String, Default: n}}
Conditions: {C: !Equals [!Ref X, y]}
Resources:
  A: {Type: AWS::SNS::Topic}
  B: {Type: AWS::SNS::Topic, Condition: C}
"""


def sizes(*stacks: str, share: float = 0.0001) -> list[str]:
    parent = "Resources:\n" + "".join(stacks)
    return [one.message for one in findings(RULE, {"parent.yml": parent, "child.yml": CHILD}, share=share)]


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_counts_what_can_exist_in_each_stack() -> None:
    [message] = sizes(STACK.format(0, "", "y"), STACK.format(1, "", "n"))
    assert message.startswith("the tree has 5 resources in 2 levels")


def test_a_template_without_nested_stacks_is_no_tree() -> None:
    assert not findings(RULE, {"child.yml": CHILD}, share=0.0001)


def test_is_silent_below_nine_tenths_of_the_quota() -> None:
    stacks = [STACK.format(at, "", "y") for at in range(700)]
    assert not findings(RULE, {"parent.yml": "Resources:\n" + "".join(stacks), "child.yml": CHILD})
    stacks += [STACK.format(at, "", "y") for at in range(700, 760)]
    assert len(findings(RULE, {"parent.yml": "Resources:\n" + "".join(stacks), "child.yml": CHILD})) == 1
