import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
ROOT = Path(__file__).parents[2]


def test_rules_lists_each_with_severity_and_title(stackproof: Run) -> None:
    ran = stackproof("rules")
    assert (ran.code, ran.err) == (0, "")
    [line] = [line for line in ran.out.splitlines() if line.startswith("iam-effect-case ")]
    assert line.split(maxsplit=2)[1:] == ["error", "A statement spells its Effect in the wrong case"]


def test_explain_shows_a_rules_documentation(stackproof: Run) -> None:
    ran = stackproof("explain", "iam-effect-case")
    assert ran.code == 0
    assert ran.out.startswith("iam-effect-case (error)\n\nA statement spells its Effect in the wrong case.\n")
    assert '{"Statement": [{"Effect": "Allow"' in ran.out


def test_explain_knows_the_codes_of_cfn_lint(stackproof: Run) -> None:
    ran = stackproof("explain", "cfn-lint/E3012")
    assert ran.code == 0
    assert ran.out.startswith("cfn-lint/E3012 (error)\n\nCheck resource properties values\n")


@pytest.mark.parametrize("name", sorted(file.stem for file in (ROOT / "schemas").glob("*.json")))
def test_schema_prints_the_schema(stackproof: Run, name: str) -> None:
    ran = stackproof("schema", name)
    assert json.loads(ran.out) == json.loads((ROOT / "schemas" / f"{name}.json").read_text())


@pytest.mark.parametrize("command", ["check", "rules", "explain", "schema", "baseline"])
def test_every_command_has_help(stackproof: Run, capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit) as ended:
        stackproof(command, "--help")
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: stackproof {command} ")
