import os
import stat
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator import fix
from validator.document import Span
from validator.fix import Plan, _together, edited, plan, write
from validator.rule import Edit

TEXT = "a: one\nb: two\nc: three\n"


def edit(start: int, end: int, text: str, path: str = "x.yml") -> Edit:
    return Edit(Span(path, start, end, 1, 1, 1, 1), text)


def result(*fixes: tuple[Edit, ...], text: str = TEXT) -> str:
    return edited(text, plan(fixes, {"x.yml": text}).edits.get("x.yml", ()))


def test_applies_edits_wherever_they_stand() -> None:
    assert result((edit(10, 13, "2"),), (edit(3, 6, "1st"), edit(17, 22, "3"))) == "a: 1st\nb: 2\nc: 3\n"


@pytest.mark.parametrize(
    "later",
    [
        edit(3, 6, "I"),
        edit(4, 5, "I"),
        edit(0, 10, "I"),
        edit(5, 10, "I"),
        edit(3, 3, "I"),
        edit(4, 4, "I"),
    ],
)
def test_an_overlapping_edit_waits(later: Edit) -> None:
    assert result((edit(3, 6, "1"),), (later,)) == "a: 1\nb: two\nc: three\n"


@pytest.mark.parametrize(("later", "text"), [(edit(6, 6, "I"), "a: 1I\n"), (edit(6, 7, " \n"), "a: 1 \n")])
def test_an_adjacent_edit_goes_along(later: Edit, text: str) -> None:
    assert result((edit(3, 6, "1"),), (later,)) == text + "b: two\nc: three\n"


def test_of_two_insertions_at_one_point_the_second_waits() -> None:
    assert result((edit(0, 0, "x"),), (edit(0, 0, "y"),)) == "x" + TEXT


def test_the_same_edit_of_two_fixes_is_made_once() -> None:
    assert plan([(edit(3, 6, "1"),), (edit(3, 6, "1"),)], {"x.yml": TEXT}) == Plan(
        {"x.yml": [edit(3, 6, "1")]}, ((edit(3, 6, "1"),), (edit(3, 6, "1"),))
    )


def test_a_fix_is_made_whole_or_not_at_all() -> None:
    both = (edit(4, 5, "I"), edit(10, 13, "2"))
    assert result((edit(3, 6, "1"),), both) == "a: 1\nb: two\nc: three\n"


def test_a_fix_that_makes_a_file_unreadable_is_refused_everywhere() -> None:
    texts = {"x.yml": TEXT, "y.yml": TEXT, "z.yml": TEXT}
    bad = (edit(3, 6, "[", "x.yml"), edit(3, 6, "1", "y.yml"))
    good = (edit(3, 6, "1", "z.yml"),)
    assert plan([bad, good], texts) == Plan({"z.yml": list(good)}, (good,), ("x.yml",))


def test_a_fix_that_makes_a_file_unreadable_keeps_no_other_from_it() -> None:
    fixes = [(edit(0, 1, "k"),), (edit(3, 6, "["),), (edit(10, 13, "2"),), (edit(17, 22, "{"),)]
    found = plan(fixes, {"x.yml": TEXT})
    assert found == Plan({"x.yml": [*fixes[0], *fixes[2]]}, (fixes[0], fixes[2]), ("x.yml",))


def test_of_two_fixes_that_are_unreadable_only_together_one_is_made() -> None:
    fixes = [(edit(0, 1, "b"),), (edit(0, 0, "{"),), (edit(23, 23, "}"),)]
    assert plan(fixes, {"x.yml": "a: one\nb: two\nc: three\n"}).refused == ("x.yml",)


def test_thousands_of_fixes_take_no_time_to_speak_of() -> None:
    text = "- one\n" * 20_000
    fixes = [(edit(start, start + 3, "two"),) for start in range(2, len(text), 6)]
    edits = _together(fixes, {"x.yml": text}).edits["x.yml"]
    assert edited(text, edits) == "- two\n" * 20_000


def test_a_file_that_was_unreadable_may_stay_so() -> None:
    assert result((edit(1, 2, "{"),), text="[[") == "[{"


def test_a_fix_for_an_unknown_file_is_left_out() -> None:
    assert plan([(edit(0, 1, "x", "gone.yml"),)], {"x.yml": TEXT}) == Plan({}, ())


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5), st.text("xyz", max_size=3)), max_size=12))
def test_edits_that_go_together_give_one_text_in_any_order(wishes: list[tuple[int, int, str]]) -> None:
    text = string.ascii_uppercase
    edits = plan([(edit(start, start + size, new),) for start, size, new in wishes], {"x.yml": text}).edits
    chosen = edits.get("x.yml", [])
    assert edited(text, chosen) == edited(text, reversed(chosen))
    kept = "".join(c for c in edited(text, chosen) if c.isupper())
    gone = {n for one in chosen for n in range(one.span.start, one.span.end)}
    assert kept == "".join(c for n, c in enumerate(text) if n not in gone)


@pytest.mark.parametrize("text", ["\ufeffa: 1\r\nb: ä\r\n", "a: 1", "a: 1\r", ""])
def test_every_other_byte_stays(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.yml"
    file.write_bytes(text.encode())
    write(file, text, text + "# new")
    assert file.read_bytes() == (text + "# new").encode()


def test_the_mode_stays(tmp_path: Path) -> None:
    file = tmp_path / "x.sh"
    file.write_text("old")
    file.chmod(0o750)
    write(file, "old", "new")
    assert stat.S_IMODE(file.stat().st_mode) == 0o750


def test_a_link_stays_and_leads_to_the_new_text(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text("old")
    (tmp_path / "link.yml").symlink_to("x.yml")
    write(tmp_path / "link.yml", "old", "new")
    assert (tmp_path / "link.yml").is_symlink()
    assert (tmp_path / "x.yml").read_text() == "new"


def test_a_file_that_has_changed_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "x.yml"
    file.write_text("newer")
    with pytest.raises(OSError, match="has changed"):
        write(file, "old", "new")
    assert file.read_text() == "newer"


def test_a_file_that_may_not_be_written_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.yml"
    file.write_text("old")
    file.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda path, mode: bool(Path(path).stat().st_mode & mode << 6))  # as for no root
    with pytest.raises(PermissionError):
        write(file, "old", "new")
    assert file.read_text() == "old"


def test_nothing_is_left_behind_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.yml"
    file.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write(file, "old", "\ud800")
    assert list(tmp_path.iterdir()) == [file]


def test_a_diff_is_one_that_git_can_apply() -> None:
    lines = fix.diff("a/x.yml", "a: 1\r\nb: 2", "a: 1\r\nb: 3")
    assert "".join(lines) == (
        "--- a/a/x.yml\n+++ b/a/x.yml\n@@ -1,2 +1,2 @@\n a: 1\r\n"
        "-b: 2\n\\ No newline at end of file\n+b: 3\n\\ No newline at end of file\n"
    )
