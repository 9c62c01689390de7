"""Rule appspec-timeout-too-long."""

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "appspec-timeout-too-long"
HEAD = "version: 0.0\nos: linux\nhooks:\n  AfterInstall:\n"


def script(timeout: str) -> str:
    return f"    - location: a.sh\n      timeout: {timeout}\n"


def test_documentation() -> None:
    check_rule(RULE)


def test_points_at_the_timeout() -> None:
    [finding] = findings(RULE, {"appspec.yml": HEAD + script("60") + script("'7200'")})
    assert (finding.at.span.line, finding.severity) == (8, None)


def test_a_note_says_what_only_all_scripts_together_exceed() -> None:
    [finding] = findings(RULE, {"appspec.yml": HEAD + script("1801") + script("1800")})
    assert (finding.at.text, finding.severity) == ("AfterInstall", Severity.NOTE)


def test_accepts_an_hour_and_what_is_no_number() -> None:
    assert not findings(RULE, {"appspec.yml": HEAD + script("1800") + script("1800") + script("5m") + script("")})


def test_events_count_by_themselves() -> None:
    text = HEAD + script("3600") + "  ValidateService:\n" + script("3600")
    assert not findings(RULE, {"appspec.yml": text})
