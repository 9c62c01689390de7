import pytest

from validator.testing import findings

RULE = "suppression-without-reason"


def test_points_at_the_comment() -> None:
    [finding] = findings(RULE, {"buildspec.yml": "version: 0.2\n# stackproof: ignore[iam-shape]\n"})
    assert (finding.at.span.line, finding.message) == (2, "there is no reason given for ignoring 'iam-shape'")


@pytest.mark.parametrize("reason", ["because", "- because", ": because", "#123"])
def test_accepts(reason: str) -> None:
    assert not findings(RULE, {"buildspec.yml": f"version: 0.2\n# stackproof: ignore[iam-shape] {reason}\n"})


def test_says_nothing_where_nothing_is_suppressed() -> None:
    assert not findings(RULE, {"buildspec.yml": "version: 0.2 # stackproof: ignore\n"})


def test_points_at_an_entry_of_metadata() -> None:
    entries = "[{rule: iam-shape, reason: old}, {rule: iam-effect-case}]"
    text = f"Metadata: {{stackproof: {{ignore: {entries}}}}}\nResources: {{Topic: {{Type: AWS::SNS::Topic}}}}\n"
    [finding] = findings(RULE, {"stack.yml": text})
    assert finding.at.pointer == "/Metadata/stackproof/ignore/1"
