"""Rule buildspec-glob-syntax."""

import pytest

from validator.testing import findings

RULE = "buildspec-glob-syntax"
HEAD = "version: 0.2\nphases: {build: {commands: [make]}}\n"


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("artifacts: {files: ['a[0-9']}", "'[' has no partner"),
        ("artifacts: {files: [a], exclude-paths: '*.{js,ts'}", "'{' has no partner"),
        ("reports: {x: {files: ['a[']}}", "'[' has no partner"),
    ],
)
def test_reports(part: str, message: str) -> None:
    assert [one.message for one in findings(RULE, {"buildspec.yml": f"{HEAD}{part}\n"})] == [message]


@pytest.mark.parametrize(
    "part",
    [
        "artifacts: {files: ['a[0-9].{js,ts}', './a', '**/*', 'a]', '{a,[bc]}']}",
        "artifacts: {files: [/tmp/x/**/*]}",
        "artifacts: {files: [/$DIR/x, '$(pwd', '${A']}",
        "cache: {paths: [/root/.m2/**/*]}",
        "reports: {x: {files: [/tmp/x.xml]}}",
    ],
)
def test_accepts(part: str) -> None:
    assert not findings(RULE, {"buildspec.yml": f"{HEAD}{part}\n"})
