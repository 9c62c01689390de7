"""Rule pipeline-overrides."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

from .texts import MAIN, build, deploy, pipeline

RULE = "pipeline-overrides"


def found(overrides: str, *, main: str = MAIN, config: str = '{"Parameters": {}}', **members: str) -> list[Finding]:
    text = pipeline(deploy(ParameterOverrides=overrides, **members))
    return findings(RULE, {"pipeline.yml": text, "main.yml": main, "c.json": config})


def test_documentation() -> None:
    check_rule(RULE)


def test_points_at_the_overrides_and_the_parameters() -> None:
    [finding] = found("""'{"Sise": "x"}'""")
    assert (finding.at.span.line, finding.severity, finding.help) == (30, None, "did you mean 'Size'?")
    assert [(node.document.path, node.span.line) for node, _ in finding.related] == [("main.yml", 1)]


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ("""'{"Size": x}'""", "ParameterOverrides is not JSON: expecting value at character 10"),
        ("""'{"Size": "x",}'""", "ParameterOverrides is not JSON: "),
        ("""'["Size"]'""", "ParameterOverrides is JSON, but no object"),
        ("""'{"a":""" + '{"a":' * 5000 + "'", "ParameterOverrides is not JSON"),
    ],
)
def test_not_json(overrides: str, message: str) -> None:
    finding = found(overrides)[0]
    assert finding.message.startswith(message)
    assert finding.severity is None


@pytest.mark.parametrize(
    "overrides",
    [
        "''",
        "'{}'",
        """'{"Size": {"Fn::GetParam": ["Src", "f.json", "k"]}}'""",
        """!Sub '{"Size": "${Token}"}'""",
        """!Sub '{"Size": ${Token}}'""",
        """!Sub '{${Token}}'""",
        """!Sub '{"${Token}": "x"}'""",
        """!Join ["", ['{"Size": "', !Ref Token, '"}']]""",
        "!Ref Token",
    ],
)
def test_accepts(overrides: str) -> None:
    assert not found(overrides)


@pytest.mark.parametrize(
    "overrides",
    ["""!If [C, '{"Size": "x"}', '{"Sise": "x"}']""", """!Sub '{"Sise": "${Token}"}'"""],
)
def test_what_rests_on_parameters_is_a_warning(overrides: str) -> None:
    assert [finding.severity for finding in found(overrides)] == [Severity.WARNING]


def test_what_a_build_hands_on_is_a_warning() -> None:
    action = deploy("Built::main.yml", inputs="[{Name: Built}]", ParameterOverrides="""'{"Sise": "x"}'""")
    [finding] = findings(RULE, {"pipeline.yml": pipeline(build(), action), "main.yml": MAIN})
    assert finding.severity is Severity.WARNING


def test_a_macro_may_declare_parameters() -> None:
    assert not found("""'{"Sise": "x"}'""", main="Transform: Macro\n" + MAIN)


def test_a_parameter_that_the_configuration_sets_too_is_noted() -> None:
    [finding] = found(
        """'{"Size": "x"}'""", config='{"Parameters": {"Size": "y"}}', TemplateConfiguration="Src::c.json"
    )
    assert finding.severity is Severity.NOTE
    assert [node.document.path for node, _ in finding.related] == ["c.json"]


@pytest.mark.parametrize("text", ['\'{{"Size": "{}"}}\'', '!Sub \'{{"Size": "{}${{Token}}"}}\''])
def test_too_long(text: str) -> None:
    assert [finding.severity for finding in found(text.format("x" * 1000))] == [Severity.WARNING]
    assert not found(text.format("x" * 900))
