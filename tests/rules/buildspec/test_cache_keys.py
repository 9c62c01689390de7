"""Rule buildspec-cache-keys."""

import pytest

from validator.testing import findings

RULE = "buildspec-cache-keys"
HEAD = "version: 0.2\nphases: {build: {commands: [make]}}\ncache:\n  paths: [a]\n"


def test_points_at_the_brace_that_nothing_opens() -> None:
    [finding] = findings(RULE, {"buildspec.yml": f"{HEAD}  key: npm-$(codebuild-hash-files package-lock.json) }}\n"})
    assert (finding.at.text, finding.at.span.column) == ("}", 54)


def test_reports_fallback_keys_without_a_key() -> None:
    [finding] = findings(RULE, {"buildspec.yml": f"{HEAD}  fallback-keys: [a]\n"})
    assert finding.at.text == "fallback-keys"


def test_reports_the_sixth_fallback_key() -> None:
    [finding] = findings(RULE, {"buildspec.yml": f"{HEAD}  key: k\n  fallback-keys: [a, b, c, d, e, f, g]\n"})
    assert finding.at.text == "f"


@pytest.mark.parametrize(
    "keys",
    [
        "key: npm-$(codebuild-hash-files package-lock.json)",
        "key: a\n  fallback-keys: [a, b, c, d, e]",
        "key: ${A}-${B}",
        "key: '{a}'",
        "action: restore",
    ],
)
def test_accepts(keys: str) -> None:
    assert not findings(RULE, {"buildspec.yml": f"{HEAD}  {keys}\n"})
