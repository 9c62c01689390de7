"""Rule environment-include-cycle."""

from validator.testing import findings

RULE = "environment-include-cycle"


def spec(*include: str) -> str:
    return f"envspec: 1\ninclude: [{', '.join(include)}]\n"


def test_a_file_may_not_include_itself() -> None:
    [finding] = findings(RULE, {"a.yml": spec("a.yml")})
    assert (finding.at.text, finding.message) == ("a.yml", "'a.yml' is this file itself")


def test_tells_a_circle_once() -> None:
    [finding] = findings(RULE, {"a.yml": spec("b.yml"), "b.yml": spec("c.yml"), "c.yml": spec("a.yml")})
    assert (finding.at.span.path, finding.message) == ("c.yml", "'a.yml' includes this file again, over b.yml")


def test_two_ways_to_a_file_are_no_circle() -> None:
    files = {"a.yml": spec("b.yml", "c.yml"), "b.yml": spec("d.yml"), "c.yml": spec("d.yml"), "d.yml": spec()}
    assert not findings(RULE, files)
