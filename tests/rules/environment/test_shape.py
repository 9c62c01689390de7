"""Rule environment-shape."""

from validator.testing import findings


def messages(text: str) -> list[str]:
    return [finding.message for finding in findings("environment-shape", {"env-details.yml": text})]


def test_points_at_a_key_that_is_not_known() -> None:
    text = "get_role:\n  Name: a\n  Properties: {}\n  Region: b\n"
    [finding] = findings("environment-shape", {"env-details.yml": text})
    assert (finding.at.span.line, finding.at.span.column, finding.help) == (4, 3, "known here: 'Name', 'Properties'")


def test_entries_may_stand_in_a_list() -> None:
    assert not messages("get_role: [{Name: a, Properties: {}}, {Name: b, Properties: {Path: /}}]\n")


def test_leaves_operations_to_another_rule() -> None:
    assert not messages("get_role: {Name: a, Properties: {}}\nGetRole: {Name: b, Properties: {}}\n")


def test_knows_format_1() -> None:
    assert messages("envspec: 1\nchecks:\n- {id: a, resource: B, expects: {C: 1}}\n") == [
        "checks[0] has no key 'expects'"
    ]


def test_a_misspelt_subject_is_told_once() -> None:
    assert messages("envspec: 1\nchecks:\n- {id: a, cal: s3.head_bucket, with: {Bucket: b}}\n") == [
        "checks[0] has no key 'cal'"
    ]


def test_beside_a_misspelt_subject_the_rest_is_looked_at() -> None:
    assert messages("envspec: 1\nchecks:\n- {id: a, resouce: B, severity: eror}\n- {id: b}\n") == [
        "checks[0] has no key 'resouce'",
        "severity is 'eror', expected one of 'error', 'warning'",
        "checks[1] has none of 'resource', 'resources', 'call', 'output', 'stack', expected one of them",
    ]


def test_accepts_format_1() -> None:
    assert not messages(
        "envspec: 1\nchecks:\n- {id: a, stack: ., resource: B, expect: {C: {in: [1, 2]}}, wait: {timeout: 5m}}\n"
    )


def test_names_what_is_missing() -> None:
    [finding] = findings("environment-shape", {"env-details.yml": "get_role: {Properties: {}}\n"})
    assert finding.subject == "Name"
