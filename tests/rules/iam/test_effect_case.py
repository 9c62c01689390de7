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
