import pytest

from validator import fix
from validator.rule import Finding
from validator.testing import check_rule, findings

RULE = "cloudformation-scalar-drift"
PARENT = """\
Resources:
  Web:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yml
      Parameters:
        Php: {passed}
"""
CHILD = "Parameters:\n  Php: {{Type: String, AllowedValues: {allowed}}}\n{more}Resources: {{}}\n"


def found(passed: str, allowed: str, more: str = "") -> list[Finding]:
    files = {"parent.yml": PARENT.format(passed=passed), "child.yml": CHILD.format(allowed=allowed, more=more)}
    return findings(RULE, files)


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize("text", ["8.10", "Yes", "off", "0123", "12:30"])
def test_reports_what_is_read_as_another_text(text: str) -> None:
    [finding] = found(text, f"['{text}', x]")
    assert (finding.at.span.path, finding.at.span.line) == ("parent.yml", 7)


def test_says_what_it_is_read_as() -> None:
    [finding] = found("8.10", "['8.10', x]")
    assert finding.message == (
        "8.10 without quotes is read as '8.1', which 'Php' of child.yml refuses; it takes '8.10'"
    )


def test_quotes_it() -> None:
    [finding] = found("Yes", "['Yes', 'No']")
    assert fix.edited(PARENT.format(passed="Yes"), finding.fix) == PARENT.format(passed="'Yes'")


@pytest.mark.parametrize(
    ("passed", "allowed"),
    [
        ("'8.10'", "['8.10', x]"),
        ("8.10", "[8.10, x]"),
        ("8.1", "['8.1', x]"),
        ("8.10", "['8.9', x]"),
        ("true", "['true']"),
    ],
)
def test_accepts(passed: str, allowed: str) -> None:
    assert not found(passed, allowed)


def test_reports_a_comparison_that_never_holds() -> None:
    [finding] = found("'Yes'", "['Yes', 'No']", "Conditions:\n  C: !Equals [!Ref Php, Yes]\n")
    assert (finding.at.span.path, finding.at.span.line) == ("child.yml", 4)


def test_accepts_a_comparison_with_what_is_read_the_same() -> None:
    assert not found("true", "[Yes, No]", "Conditions:\n  C: !Equals [!Ref Php, Yes]\n")
