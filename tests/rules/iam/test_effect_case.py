"""Rule iam-effect-case."""

import pytest

from validator.testing import findings

POLICY = "Statement:\n  - Effect: {}\n    Action: s3:GetObject\n    Resource: '*'\n"


@pytest.mark.parametrize(("written", "fixed"), [("allow", "Allow"), ('"DENY"', '"Deny"'), ("'deny'", "'Deny'")])
def test_keeps_the_quotes(written: str, fixed: str) -> None:
    text = POLICY.format(written)
    [finding] = findings("iam-effect-case", {"policy.yml": text})
    [edit] = finding.fix
    assert text[: edit.span.start] + edit.text + text[edit.span.end :] == POLICY.format(fixed)
    assert (finding.at.span.line, finding.at.span.column) == (2, 13)


@pytest.mark.parametrize("effect", ["Allow", "Deny", "Permit", "!Ref Effect", "1"])
def test_accepts(effect: str) -> None:
    assert not findings("iam-effect-case", {"policy.yml": POLICY.format(effect)})


@pytest.mark.parametrize(
    "text",
    [
        "Id: &a allow\n" + POLICY.format("*a"),
        POLICY.format("&a allow").replace("'*'", "*a"),
        POLICY.format("!!str allow"),
    ],
)
def test_offers_no_fix_where_the_text_means_something_elsewhere(text: str) -> None:
    [finding] = findings("iam-effect-case", {"policy.yml": text})
    assert not finding.fix
