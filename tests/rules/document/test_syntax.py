import pytest

from validator.rule import Severity
from validator.testing import findings


def places(files: dict[str, str]) -> list[tuple[str, int, int]]:
    spans = [finding.at.span for finding in findings("document-syntax", files)]
    return [(span.path, span.line, span.column) for span in spans]


def test_points_at_the_first_bad_character() -> None:
    assert places({"policy.json": '{\n  "Version": "2012-10-17"\n  "Statement": []\n}\n'}) == [("policy.json", 3, 3)]


def test_one_bad_file_hides_no_other() -> None:
    files = {"a/buildspec.yml": "version: 0.2\n\tx: 1\n", "b/buildspec.yml": "version: [\n"}
    assert [path for path, _, _ in places(files)] == ["a/buildspec.yml", "b/buildspec.yml"]


def test_a_file_that_may_be_anybodys_is_a_warning() -> None:
    assert [finding.severity for finding in findings("document-syntax", {"values.yml": "a: [\n"})] == [Severity.WARNING]


@pytest.mark.parametrize("text", ["", "# nothing\n", "version: 0.2\n", "\ufeffversion: 0.2\r\n"])
def test_accepts(text: str) -> None:
    assert places({"buildspec.yml": text}) == []


@pytest.mark.parametrize("depth", [10_000, 100_000])
@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_bottomless_nesting_is_a_finding(depth: int, brackets: str) -> None:
    opening = brackets[0] if brackets == "[]" else '{"a":'
    for name in ("policy.json", "buildspec.yml"):
        [finding] = findings("document-syntax", {name: opening * depth})
        assert "nested deeper than 200 levels" in finding.message
