from validator import parse
from validator.project import Suppression
from validator.rule import Finding
from validator.testing import findings, registry

RULE = "suppression-unused"


def test_points_at_the_comment() -> None:
    [finding] = findings(RULE, {"buildspec.yml": "version: 0.2 # stackproof: ignore[document-syntax] old\n"})
    span = finding.at.span
    assert (span.line, span.column, span.end_column) == (1, 14, 55)


def test_names_those_of_several_rules_that_have_no_effect() -> None:
    comment = "# stackproof: ignore[document-syntax, document-duplicate-key, iam-shpe] old"
    [finding] = findings(RULE, {"buildspec.yml": f"version: 0.2\nenv: {{}}\nenv: {{}} {comment}\n"})
    assert finding.message == "there is nothing of 'document-syntax', 'iam-shpe' to suppress here"


def test_a_comment_without_rules_has_no_effect() -> None:
    [finding] = findings(RULE, {"buildspec.yml": "version: 0.2 # stackproof: ignore\n"})
    assert finding.message == "the suppression names no rule, so that it suppresses nothing"


def test_an_entry_of_metadata_without_rules_has_no_effect() -> None:
    template = parse.load("stack.yml", b"Metadata: {stackproof: {ignore: [{reason: old}]}}").root
    entry = template.get("Metadata", "stackproof", "ignore", 0)
    assert entry is not None
    rule = registry().rule(RULE)
    assert rule is not None
    assert next(rule.check(Suppression(entry, (), "old", template))) == Finding(
        entry, "the suppression names no rule, so that it suppresses nothing", "name one: {rule: rule-id, reason: …}"
    )


def test_accepts_a_comment_in_a_text() -> None:
    text = "version: 0.2\nphases:\n  build:\n    commands:\n      - echo 'see stackproof ignore'\n"
    assert not findings(RULE, {"buildspec.yml": text})
