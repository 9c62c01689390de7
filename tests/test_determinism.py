"""The same files give the same bytes, whatever Python's hashes are and in whichever order the files came to be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FORMATS = ("full", "concise", "json", "junit")
# Beside the sample delivery: one name in several folders, several findings on one line, a file that does not parse.
MORE = {
    "a/child.yml": "Parameters: {Size: {Type: String}}\nResources: {Topic: {Type: AWS::SNS::Topic}}\n",
    "b/child.yml": "Resources: {Topic: {Type: AWS::SNS::Topic}}\nOutputs: {Arn: {Value: !Ref Topic}}\n",
    "parent.yml": """\
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: !Sub "https://s3.amazonaws.com/${AWS::AccountId}/child.yml"
      Parameters: {Colour: blue, Shape: round}
  Reader:
    Type: AWS::SNS::Topic
    Properties: {TopicName: !GetAtt Child.Outputs.Name}
""",
    "broken/buildspec.yml": "version: 0.2\nphases: {build: {commands: [make\n",
    "wrong/buildspec.yml": "version: 0.2\nphases: {biuld: {comands: [make]}, build: {commands: [a: b, {c: d}]}}\n",
    "policy.json": '{"Statement": [{"Effect": "allow", "Action": ["s3:Get", "ec2:Run"], "Resource": "*"}]}\n',
}


def outputs(folder: Path, *, seed: int, backwards: bool) -> dict[str, bytes]:
    """Write the tree, check it twice: once with all reports, once for the list of files."""
    sample = ROOT / "fixtures/delivery"
    files = {path.relative_to(sample).as_posix(): path.read_bytes() for path in sample.rglob("*") if path.is_file()}
    files |= {path: text.encode() for path, text in MORE.items()}
    for path in sorted(files, reverse=backwards):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(files[path])
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    asked = [argument for name in FORMATS for argument in ("--report", f"{name}:../{folder.name}.{name}")]
    found: dict[str, bytes] = {}
    for name, arguments in {"all": asked, "files": ["--show-files"]}.items():
        command = [sys.executable, "-m", "validator", "check", *arguments]
        run = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True)
        found |= {f"{name}: output": run.stdout, f"{name}: errors": run.stderr, f"{name}: code": b"%d" % run.returncode}
    return found | {name: Path(f"{folder}.{name}").read_bytes() for name in FORMATS}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return outputs(tmp_path_factory.mktemp("first"), seed=0, backwards=False)


@pytest.mark.parametrize("seed", [1, 2])
def test_gives_the_same_bytes(first: dict[str, bytes], tmp_path: Path, seed: int) -> None:
    again = outputs(tmp_path / "again", seed=seed, backwards=True)
    assert {name: text for name, text in again.items() if text != first[name]} == {}


def test_has_something_to_compare(first: dict[str, bytes]) -> None:
    rules = {line.rpartition("[")[2] for line in first["concise"].decode().splitlines()}
    assert len(rules) > 5, rules
    assert (first["all: code"], first["all: errors"]) == (b"1", b"")
