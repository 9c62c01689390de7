from pathlib import Path

import pytest

from validator.docs import main

ROOT = Path(__file__).parents[1]


def test_the_page_of_rules_is_what_their_docstrings_say(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    assert (ROOT / "docs/rules.md").read_text() == capsys.readouterr().out
