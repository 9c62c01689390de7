"""Rule buildspec-too-many-reports."""

from validator.testing import findings

RULE = "buildspec-too-many-reports"


def text_of(count: int) -> str:
    reports = "".join(f"  r{at}: {{files: [a]}}\n" for at in range(count))
    return f"version: 0.2\nphases: {{build: {{commands: [make]}}}}\nreports:\n{reports}"


def test_points_at_the_first_that_is_too_much() -> None:
    [finding] = findings(RULE, {"buildspec.yml": text_of(7)})
    assert (finding.at.text, finding.message) == ("r5", "7 report groups, and a project can have 5")


def test_accepts_five() -> None:
    assert not findings(RULE, {"buildspec.yml": text_of(5)})
