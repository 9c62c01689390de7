"""Rule buildspec-unquoted-version."""

import pytest

from validator.testing import findings

RULE = "buildspec-unquoted-version"


@pytest.mark.parametrize(("version", "number"), [("3.10", "3.1"), ("8.0", "8"), ("1.20", "1.2")])
def test_quotes_what_would_lose_its_last_digit(version: str, number: str) -> None:
    text = f"version: 0.2\nphases: {{install: {{runtime-versions: {{python: {version}}}}}}}\n"
    [finding] = findings(RULE, {"buildspec.yml": text})
    assert finding.message == f"python {version} is the number {number} to YAML"
    assert [edit.text for edit in finding.fix] == [f"'{version}'"]


@pytest.mark.parametrize("version", ["'3.10'", "3.11", "20", "3.x", "latest", "$V", "corretto10", "3.10.0", "1_0.0"])
def test_accepts(version: str) -> None:
    text = f"version: 0.2\nphases: {{install: {{runtime-versions: {{python: {version}}}}}}}\n"
    assert not findings(RULE, {"buildspec.yml": text})
