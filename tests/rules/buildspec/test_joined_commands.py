"""Rule buildspec-joined-commands."""

import pytest

from validator.testing import findings

RULE = "buildspec-joined-commands"


def text_of(command: str) -> str:
    first, *rest = command.split("\n")
    return f"version: 0.2\nphases:\n  build:\n    commands:\n      - {first}\n" + "".join(
        f"        {line}\n" if line else "\n" for line in rest
    )


@pytest.mark.parametrize(
    ("command", "line", "shown"),
    [
        (">\ncd app\nnpm ci", 7, "npm ci"),
        (">-\n  cd app\n  npm ci", 7, "npm ci"),
        ("cd app\nnpm ci", 6, "npm ci"),
        ("'cd app\nnpm ci'", 6, "npm ci"),
        ('"cd app\nnpm ci"', 6, "npm ci"),
        (">\nnpm run build\nnpm test --all", 7, "npm test --all"),
        (">\ndocker build -t x .\ndocker push x", 7, "docker push x"),
        (">\nmake all\nif [ -f x ]; then echo x; fi", 7, "if [ -f x ]; then echo x; fi"),
        (">\ncd a;\nmake all\naws s3 ls", 8, "aws s3 ls"),
        (">\n# the build\nmake", 7, "make"),
    ],
)
def test_points_at_the_first_line_that_is_lost(command: str, line: int, shown: str) -> None:
    [finding] = findings(RULE, {"buildspec.yml": text_of(command)})
    assert (finding.at.span.line, finding.at.text) == (line, shown)


def test_reports_commands_that_are_one_text() -> None:
    text = "version: 0.2\nphases:\n  build:\n    commands:\n      npm ci\n      npm test --all\n"
    [finding] = findings(RULE, {"buildspec.yml": text})
    assert finding.message == "'npm' is an argument of the line before it: YAML joins the lines of this text"


@pytest.mark.parametrize(
    "command",
    [
        "|\ncd app\nnpm ci",
        ">\ncd app\n\nnpm ci",
        ">\ncd app\n  npm ci",
        ">\ncd app &&\nnpm ci",
        ">\ncd app\n&& npm ci",
        ">\ncd app;\nnpm ci",
        ">\naws s3 cp\n--recursive a\ns3://b",
        ">\naws cloudformation deploy \\\n--stack-name a",
        ">\ndocker run --rm image\nnpm test --all",
        ">\ndocker run\n-e A=b\nimage\nnpm test --all",
        ">\nsudo -u me\nmake all",
        ">\nA=$B C=$D\nE=f\nnpm run build",
        ">\nif make all; then\necho well done; fi",
        ">\nfor x in a b; do\nmake $x; done",
        ">\napt-get install -y\ncurl git make",
        ">\necho 'one\nmake two\nmake three'",
        ">\nssh host\nmake all",
        "echo you must\nset a variable",
        ">\nx=$(\necho a b)",
        ">\ngit clone\nhttps://example.com/x",
        "'make all\n '",
        ">\npython -c 'import a\n# hi\nprint(a)'",
        "make all",
    ],
)
def test_accepts(command: str) -> None:
    assert not findings(RULE, {"buildspec.yml": text_of(command)})


def test_json_knows_no_joined_lines() -> None:
    text = '{"version": 0.2, "phases": {"build": {"commands": ["cd a\\nnpm ci", "cd a npm ci"]}}}'
    assert not findings(RULE, {"buildspec.json": text})


def test_points_into_a_template() -> None:
    head = "Resources:\n  P:\n    Type: AWS::CodeBuild::Project\n    Properties:\n      Source:\n        BuildSpec: |\n"
    text = head + "".join(f"          {line}\n" for line in text_of(">\ncd app\nnpm ci").splitlines())
    [finding] = findings(RULE, {"t.yml": text})
    assert (finding.at.span.line, finding.at.span.column, finding.at.span.end_column) == (13, 19, 25)
