"""Rule environment-duplicate-id."""

from validator.testing import findings

RULE = "environment-duplicate-id"


def spec(*ids: str, include: str = "") -> str:
    checks = "".join(f"- {{id: {name}, stack: .}}\n" for name in ids)
    return f"envspec: 1\ninclude: [{include}]\nchecks:\n{checks}"


def test_points_at_each_that_is_not_the_first() -> None:
    found = findings(RULE, {"spec.yml": spec("a", "b", "a", "a")})
    assert [(one.at.span.line, one.related[0][0].span.line) for one in found] == [(6, 4), (7, 4)]


def test_includes_count() -> None:
    [finding] = findings(RULE, {"all.yml": spec("a", include="own.yml"), "own.yml": spec("a", "b")})
    assert (finding.at.span.path, finding.related[0][0].span.path) == ("own.yml", "all.yml")


def test_what_is_included_twice_is_there_once() -> None:
    files = {
        "all.yml": spec("a", include="one.yml, two.yml"),
        "one.yml": spec("b", include="two.yml"),
        "two.yml": spec("c"),
    }
    assert not findings(RULE, files)


def test_two_specs_that_do_not_know_each_other_may_share_an_id() -> None:
    assert not findings(RULE, {"one.yml": spec("a"), "two.yml": spec("a")})


def test_two_entries_of_the_first_format_may_share_a_name() -> None:
    text = "get_role: [{Name: a, Properties: {}}, {Name: a, Properties: {}}]\n"
    assert not findings(RULE, {"env-details.yml": text})
