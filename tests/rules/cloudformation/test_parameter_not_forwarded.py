import pytest

from validator.testing import check_rule, findings

RULE = "cloudformation-parameter-not-forwarded"
PARENT = """\
Parameters:
  Size: {Type: String}
Resources:
  Web:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yml
      Parameters: {Other: x}
"""
CHILD = "Parameters: {Size: {Type: String, Default: small}, Other: {Type: String}}\nResources: {}\n"


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_points_at_the_parameters_that_are_passed() -> None:
    [finding] = findings(RULE, {"parent.yml": PARENT, "child.yml": CHILD})
    assert (finding.at.span.line, finding.subject) == (8, "Size")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Other: x", "Other: !Ref Size"),
        ("Other: x", "Size: x, Other: x"),
        ("Type: String", "Type: Number"),
        ("Resources:", "Outputs: {S: {Value: !Sub '${Size}'}}\nResources:"),
        ("Resources:", "Conditions: {S: !Equals [!Ref Size, x]}\nResources:"),
        ("Parameters:\n", "Transform: Mine\nParameters:\n"),
        ("child.yml", "https://example.com/nothing-like-it.yml"),
    ],
)
def test_accepts(old: str, new: str) -> None:
    assert not findings(RULE, {"parent.yml": PARENT.replace(old, new, 1), "child.yml": CHILD})


def test_leaves_a_parameter_that_must_be_passed_to_another_rule() -> None:
    assert not findings(RULE, {"parent.yml": PARENT, "child.yml": CHILD.replace(", Default: small", "")})
