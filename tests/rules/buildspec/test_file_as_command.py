"""Rule buildspec-file-as-command."""

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

from .texts import commands

RULE = "buildspec-file-as-command"
WARNING = Severity.WARNING


def told(*texts: str, **files: str) -> list[tuple[str, Severity | None]]:
    found = findings(RULE, {"buildspec.yml": commands(*texts)} | {"build.sh": "make\n", **files})
    return [(finding.at.text, finding.severity) for finding in found]


def test_documentation() -> None:
    check_rule(RULE)


@pytest.mark.parametrize("text", ["buildspec.yml", "deploy.json --all", "README.md"])
def test_data_is_no_program(text: str) -> None:
    assert told(text) == [(text.partition(" ")[0], None)]


@pytest.mark.parametrize("text", ["buildspec.yml || true", "if true; then buildspec.yml; fi", "make && buildspec.yml"])
def test_is_a_warning_where_the_command_goes_on_or_does_not_get_there(text: str) -> None:
    assert told(text) == [("buildspec.yml", WARNING)]


@pytest.mark.parametrize("texts", [("build.sh",), ("chmod +x build.sh", "build.sh --all"), ("cd scripts", "run.sh")])
def test_a_script_of_the_source_is_called_by_its_path(texts: tuple[str, ...]) -> None:
    name = texts[-1].partition(" ")[0]
    assert told(*texts, **{"scripts/run.sh": "make\n"}) == [(name, WARNING)]


@pytest.mark.parametrize(
    "texts",
    [
        ("./build.sh",),
        ("sh build.sh",),
        (". build.sh",),
        ("scripts/deploy.json",),
        ("export PATH=$PATH:.", "build.sh", "run.yml"),
        ("cp build.sh /usr/local/bin/", "build.sh"),
        ("pip install .", "build.sh"),
        ("npm link", "build.sh"),
        ("mv *.sh /usr/local/bin", "build.sh"),
        ("cfn-lint main.yml", "docker-compose -f a.yml up"),
        ("other.sh",),
        ("cd scripts", "build.sh"),
        ("build.sh() { make; }", "build.sh"),
        ("$TOOL.yml",),
        ("echo buildspec.yml", "cat < buildspec.yml", "X=a.yml make"),
    ],
)
def test_says_nothing_of(texts: tuple[str, ...]) -> None:
    assert told(*texts) == []


def test_says_nothing_where_a_variable_of_the_buildspec_sets_the_path() -> None:
    text = "env: {variables: {PATH: '/bin:.'}}\n" + commands("build.sh", "buildspec.yml")
    assert findings(RULE, {"buildspec.yml": text, "build.sh": "make\n"}) == []


def test_says_nothing_in_a_shell_of_windows() -> None:
    text = "env: {shell: powershell.exe}\n" + commands("buildspec.yml")
    assert findings(RULE, {"buildspec.yml": text}) == []
