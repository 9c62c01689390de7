"""Rule environment-unused-variable."""

import pytest

from validator.testing import findings

RULE = "environment-unused-variable"


def test_variables_of_targets_count() -> None:
    text = "envspec: 1\ntargets: {t: {vars: {a: 1, b: 2}}}\nchecks: [{id: a, resource: '${var.a}'}]\n"
    [finding] = findings(RULE, {"spec.yml": text})
    assert (finding.at.text, finding.at.span.column) == ("b", 28)


@pytest.mark.parametrize(
    "rest",
    [
        "checks: [{id: a, stack: ., when: {var: a, in: [1]}}]",
        "targets: {t: {stack: 'web-${var.a}'}}",
        "checks: [{id: a, call: a.b, select: 'X[?Y==`${var.a}`]'}]",
        "include: [gone.yml]",
    ],
)
def test_accepts(rest: str) -> None:
    assert not findings(RULE, {"spec.yml": f"envspec: 1\nvars: {{a: 1}}\n{rest}\n"})


@pytest.mark.parametrize("text", ["${var.sise}", "${vars.size}", "${size}", "${variable:size}"])
def test_what_a_misspelt_reference_was_meant_to_be_is_used(text: str) -> None:
    spec = f"envspec: 1\nvars: {{size: 1}}\nchecks: [{{id: a, resource: '{text}'}}]\n"
    assert not findings(RULE, {"spec.yml": spec})


def test_one_of_those_who_include_a_file_may_use_it() -> None:
    use = "envspec: 1\ninclude: [vars.yml]\nchecks: [{id: a, resource: '${var.a}'}]\n"
    other = "envspec: 1\ninclude: [vars.yml]\nchecks: [{id: a, resource: B}]\n"
    assert not findings(RULE, {"one.yml": use, "two.yml": other, "vars.yml": "envspec: 1\nvars: {a: 1}\n"})
