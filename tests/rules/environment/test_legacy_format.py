"""Rule environment-legacy-format."""

from validator.testing import findings

RULE = "environment-legacy-format"


def test_says_it_once() -> None:
    text = "get_role: [{Name: a, Properties: {}}, {Name: b, Properties: {}}]\n"
    [finding] = findings(RULE, {"env/env-details.yml": text})
    assert (finding.at.text, finding.help) == (
        "get_role",
        "`stackproof spec migrate env/env-details.yml` writes format 1",
    )


def test_format_1_is_none() -> None:
    assert not findings(RULE, {"spec.yml": "envspec: 1\nchecks: []\n"})
