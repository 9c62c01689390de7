"""Rule environment-reference-cycle."""

from validator.testing import findings

RULE = "environment-reference-cycle"


def test_points_at_the_reference() -> None:
    text = "envspec: 1\nvars:\n  a: x\n  b: 'is ${var.c}'\n  c: '${var.b}'\n"
    [finding] = findings(RULE, {"spec.yml": text})
    assert (finding.at.text, finding.message) == ("${var.c}", "var.b refers to itself, over var.c")


def test_a_target_may_close_the_circle() -> None:
    text = "envspec: 1\nvars: {env: '${target.stack}'}\ntargets: {t: {stack: 'web-${var.env}'}}\n"
    [finding] = findings(RULE, {"spec.yml": text})
    assert finding.message == "var.env refers to itself, over target.stack"


def test_a_target_may_open_it() -> None:
    text = "envspec: 1\nvars: {a: '${var.b}', b: '1'}\ntargets: {t: {vars: {b: '2', c: '${var.a}'}}}\n"
    assert not findings(RULE, {"spec.yml": text})
