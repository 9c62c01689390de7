"""What builds do with templates."""

import json
from collections.abc import Iterable

import pytest

from validator.buildspec import Buildspec
from validator.buildspec.calls import Call
from validator.buildspec.deliveries import deployed, makes, opaque, packaged, rewrites, uploaded
from validator.parse import load


def made(*commands: str) -> Iterable[Call]:
    text = f"version: 0.2\nphases: {{build: {{commands: {json.dumps(list(commands))}}}}}\n"
    return Buildspec(load("buildspec.yml", text.encode()).root).flow.calls


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("aws cloudformation package --template-file a.yml --output-template-file b.yml", [("a.yml", "b.yml")]),
        ("aws cloudformation package --template-file a.yml > b.yml", [("a.yml", "b.yml")]),
        ("aws cloudformation package --template-file $T", [("*", "*")]),
        ("sam package --output-template-file=b.yml", [("template.yaml", "b.yml")]),
        ("sam validate", []),
        ("echo aws cloudformation package", []),
    ],
)
def test_packaged(command: str, expected: list[tuple[str, str]]) -> None:
    assert [(one.template[0], one.output[0]) for one in packaged(made(command))] == expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("aws s3 cp d/a.yml s3://b/", True),
        ("aws s3 cp a.yml s3://b/", True),
        ("aws s3 cp d/b.yml s3://b/", False),
        ("aws s3 cp d/*.yml s3://b/", True),
        ("aws s3 cp d/*.json s3://b/", False),
        ("aws s3 cp s3://b/a.yml .", False),
        ("aws s3 sync d s3://b", True),
        ("aws s3 sync . s3://b", True),
        ("aws s3 sync other s3://b", False),
        ("aws s3 sync made s3://b", True),
        ("aws s3 cp d s3://b", False),
        ("aws s3 cp $X s3://b", True),
        ("aws s3api put-object --body d/a.yml --bucket b --key k", True),
    ],
)
def test_uploaded(command: str, *, expected: bool) -> None:
    assert any(one.covers("d/a.yml", {"d", "other"}) for one in uploaded(made(command))) is expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("aws cloudformation deploy --template-file a.yml", [("a.yml", True, set())]),
        ("aws cloudformation update-stack --template-body file://a.yml --capabilities A", [("a.yml", False, {"A"})]),
        ("aws cloudformation create-change-set --template-body file://a.yml", [("a.yml", True, set())]),
        ("aws cloudformation deploy --template-file a.yml --capabilities $C", [("a.yml", True, None)]),
        ("aws cloudformation create-stack --template-url https://b/a.yml", []),
        ("sam deploy", []),
    ],
)
def test_deployed(command: str, expected: list[tuple[str, bool, set[str] | None]]) -> None:
    assert [(one.template, one.change_set, one.capabilities) for one in deployed(made(command))] == expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("make", True),
        ("./x.sh", True),
        ("$TOOL", True),
        ("python x.py", True),
        ("npm run x", True),
        ("npm ci", False),
        ("aws s3 ls", False),
        ("sam build", True),
        ("cp a b", False),
        ("cfn-lint a.yml", False),
    ],
)
def test_opaque(command: str, *, expected: bool) -> None:
    assert any(True for _ in opaque(made(command))) is expected


@pytest.mark.parametrize(
    ("command", "made_", "rewritten"),
    [
        ("sed -i s/a/b/ d/a.yml", False, True),
        ("sed -i s/a/b/ d/*.yml", False, True),
        ("cp x/a.yml d", True, True),
        ("cp d/a.yml out/", False, False),
        ("cp -R d out", False, False),
        ("cat x > a.yml", True, True),
        ("mv b.yml d/a.yml", True, True),
        ("aws cloudformation package --template-file b.yml --output-template-file a.yml", True, True),
        ("cfn-lint d/a.yml", False, False),
    ],
)
def test_writes(command: str, *, made_: bool, rewritten: bool) -> None:
    assert (makes(made(command), "d/a.yml"), rewrites(made(command), "d/a.yml")) == (made_, rewritten)
