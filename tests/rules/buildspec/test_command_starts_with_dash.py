"""Rule buildspec-command-starts-with-dash."""

import pytest

from validator.testing import findings

RULE = "buildspec-command-starts-with-dash"
HEAD = "version: 0.2\nphases:\n  build:\n    commands:\n"


@pytest.mark.parametrize("items", ["      -make\n", "      -make\n      -make test\n", "      -e - cd\n      - make\n"])
def test_points_at_the_first_dash_once(items: str) -> None:
    [finding] = findings(RULE, {"buildspec.yml": HEAD + items})
    assert (finding.at.span.line, finding.at.span.column, finding.at.span.end_column) == (5, 7, 8)


def test_looks_at_items_too() -> None:
    [finding] = findings(RULE, {"buildspec.yml": f"{HEAD}      - make\n      - -rm x\n"})
    assert finding.message == "'-rm' is no command: YAML sees no item of a list here"


@pytest.mark.parametrize("items", ["      - make -x\n", "      - '-x'\n", "      - |\n        -x\n", "      - ---\n"])
def test_accepts(items: str) -> None:
    assert not findings(RULE, {"buildspec.yml": HEAD + items})
