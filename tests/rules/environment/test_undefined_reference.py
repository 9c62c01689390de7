"""Rule environment-undefined-reference."""

import pytest

from validator.testing import findings

RULE = "environment-undefined-reference"


def spec(check: str, head: str = "vars: {env: test}") -> dict[str, str]:
    return {"spec.yml": f"envspec: 1\n{head}\nchecks:\n- {{id: a, {check}}}\n"}


@pytest.mark.parametrize(
    ("check", "at", "says", "advice"),
    [
        ("resource: 'R${var.enf}'", "${var.enf}", "'${var.enf}' is not defined", "did you mean 'env'?"),
        ("stack: ., when: {var: evn, equals: a}", "evn", "the variable 'evn' is not defined", "did you mean 'env'?"),
        ("stack: ., targets: [prod]", "prod", "there is no target 'prod'", "defined: none"),
        ("resource: '${env}'", "${env}", "'${env}' is no reference", "did you mean '${var.env}'?"),
        ("resource: '${vars.env}'", "${vars.env}", "'${vars.env}' is no reference", "did you mean '${var.env}'?"),
        (
            "resource: '${output.Url}'",
            "${output.Url}",
            "'${output.Url}' is no reference",
            "did you mean '${output:Url}'?",
        ),
        (
            "resource: '${resorce:A/B}'",
            "${resorce:A/B}",
            "'${resorce:A/B}' is no reference",
            "did you mean '${resource:A/B}'?",
        ),
        (
            "resource: '${parameter.Size}'",
            "${parameter.Size}",
            "'${parameter.Size}' is no reference",
            "did you mean '${param:Size}'?",
        ),
        (
            "resource: '${target.acount}'",
            "${target.acount}",
            "a target has no 'acount' to refer to",
            "did you mean 'account'?",
        ),
    ],
)
def test_is_not_defined(check: str, at: str, says: str, advice: str) -> None:
    [finding] = findings(RULE, spec(check))
    assert (finding.at.text, finding.message, finding.help, finding.severity) == (at, says, advice, None)


def test_variables_of_targets_are_meant_too() -> None:
    [finding] = findings(RULE, spec("resource: '${size}'", "targets: {t: {vars: {size: 1}}}"))
    assert finding.help == "did you mean '${var.size}'?"


@pytest.mark.parametrize("text", ["${AWS::Region}", "${aws:username}"])
def test_says_how_to_write_the_text_itself(text: str) -> None:
    [finding] = findings(RULE, spec(f"resource: '{text}'"))
    assert finding.help.startswith("write '$${' for the text itself")


@pytest.mark.parametrize(
    ("head", "severity", "says"),
    [
        ("targets: {a: {vars: {env: x}}, b: {}}", "warning", "${var.env} is not defined for 'b'"),
        ("targets: {a: {}, b: {}}", None, "'${var.env}' is not defined"),
        ("name: no variables at all", "warning", "'${var.env}' is not defined"),
    ],
)
def test_targets_define_variables(head: str, severity: str | None, says: str) -> None:
    [finding] = findings(RULE, spec("resource: 'R-${var.env}'", head))
    assert (finding.severity, finding.message) == (severity, says)


@pytest.mark.parametrize(
    ("check", "head"),
    [
        ("resource: 'R-${var.env}'", "vars: {env: a}"),
        ("resource: 'R-${var.env}', targets: [a]", "targets: {a: {vars: {env: x}}, b: {}}"),
        ("resource: 'R-${target.region}-${target.account}-${target.name}'", "targets: {a: {}}"),
        ("resource: 'R-${target.stack}'", "targets: {a: {stack: x}}"),
        (
            "resource: 'R', expect: {A: '${output:X/Y}', B: '${param:E}', C: '${resource:A/B}', D: '$${aws:x}'}",
            "vars: {}",
        ),
        ("resource: 'R', why: 'see ${this}', title: '${that}'", "vars: {}"),
        ("resource: 'R-${var.x}'", "include: [gone.yml]"),
    ],
)
def test_accepts(check: str, head: str) -> None:
    assert not findings(RULE, spec(check, head))


def test_those_who_include_a_file_define_for_it() -> None:
    part = "envspec: 1\nchecks: [{id: a, resource: '${var.env}', targets: [t]}]\n"
    whole = "envspec: 1\ninclude: [part.yml]\nvars: {env: x}\ntargets: {t: {}}\n"
    assert not findings(RULE, {"part.yml": part, "whole.yml": whole})
    assert len(findings(RULE, {"part.yml": part})) == 2


def test_where_a_stack_is_cannot_depend_on_the_stack() -> None:
    [finding] = findings(RULE, spec("stack: .", "targets: {a: {stack: '${output:X}', vars: {y: '${output:Y}'}}}"))
    assert finding.at.text == "${output:X}"


def test_the_first_format_has_no_references() -> None:
    assert not findings(RULE, {"env-details.yml": "get_role: {Name: '${var.x}', Properties: {}}\n"})
