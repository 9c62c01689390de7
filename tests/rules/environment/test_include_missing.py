"""Rule environment-include-missing."""

from validator.testing import findings, undecided

RULE = "environment-include-missing"


def test_a_file_of_another_kind_is_no_spec() -> None:
    files = {"spec.yml": "envspec: 1\ninclude: [t.yml]\n", "t.yml": "Resources: {A: {Type: AWS::SNS::Topic}}\n"}
    [finding] = findings(RULE, files)
    assert (finding.at.text, finding.message) == ("t.yml", "'t.yml' is no spec of an environment")


def test_a_file_that_is_not_checked_is_not_judged() -> None:
    files = {"spec.yml": "envspec: 1\ninclude: [out.yml]\n", "out.yml": "envspec: 1\nchecks: [\n"}
    assert not findings(RULE, files)
    [left] = undecided(RULE, files)
    assert left.at.text == "out.yml"


def test_a_spec_of_the_first_format_may_be_included() -> None:
    files = {"spec.yml": "envspec: 1\ninclude: [old.yml]\n", "old.yml": "get_role: {Name: a, Properties: {}}\n"}
    assert not findings(RULE, files)


def test_paths_go_up() -> None:
    files = {"a/spec.yml": "envspec: 1\ninclude: [../b/spec.yml]\n", "b/spec.yml": "envspec: 1\nchecks: []\n"}
    assert not findings(RULE, files)
