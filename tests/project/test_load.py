"""Loading: kinds, given files and what is connected with them, paths."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from validator import discover
from validator.buildspec import Buildspec, Command
from validator.cloudformation.parameters import ParameterLink
from validator.cloudformation.pipeline import Pipeline, PipelineAction
from validator.cloudformation.template import Template
from validator.cloudformation.tree import StackLink
from validator.discover import Found
from validator.document import Document
from validator.environment import EnvironmentSpec, Expectation
from validator.iam.policy import Policy, Statement
from validator.project import BuildLink, Project, load
from validator.project.files import glob_matches
from validator.settings import Layout, PolicyFiles, PolicyGroup, StackFiles

from .conftest import Loading

STACK = "Resources: {{C: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {}}}}}}}\n"
TOPIC = "Resources: {T: {Type: AWS::SNS::Topic}}\n"
PIPELINE = """\
Resources:
  P:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - Name: S
          Actions:
            - {Name: S, ActionTypeId: {Category: Source, Provider: S3}, OutputArtifacts: [{Name: Src}]}
        - Name: D
          Actions:
            - Name: D
              ActionTypeId: {Category: Deploy, Provider: CloudFormation}
              InputArtifacts: [{Name: Src}]
              Configuration: {TemplatePath: "Src::main.yml", TemplateConfiguration: "Src::config.json"}
        - Name: B
          Actions:
            - Name: B
              ActionTypeId: {Category: Build, Provider: CodeBuild}
              Configuration: {ProjectName: !Ref B}
  B: {Type: AWS::CodeBuild::Project, Properties: {Name: b, Source: {Type: CODEPIPELINE}}}
"""
DELIVERY = {
    "pipeline.yml": PIPELINE,
    "main.yml": STACK.format("child.yml"),
    "child.yml": TOPIC,
    "config.json": '{"Parameters": {"A": "1"}}',
    "buildspec.yml": "version: 0.2\nphases: {build: {commands: [make, test]}}\n",
    "policy.json": '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}',
    "other.yml": "services: {}\n",
}


def paths(project: Project) -> list[str]:
    return [file.path for file in project.files]


def test_subjects_of_every_type(loaded: Loading) -> None:
    project = loaded(DELIVERY)
    kinds = [Document, Template, StackLink, ParameterLink, Policy, Statement, Buildspec, Command, BuildLink, Pipeline]
    kinds += [PipelineAction, EnvironmentSpec, Expectation, Project]
    found = [len(list(project.subjects([kind]))) for kind in kinds]
    assert found == [6, 3, 1, 1, 1, 1, 1, 2, 1, 1, 3, 0, 0, 1]


def test_subjects_come_type_by_type(loaded: Loading) -> None:
    found = [type(one).__name__ for one in loaded(DELIVERY).subjects([Policy, StackLink, Template])]
    assert found == ["Template", "Template", "Template", "StackLink", "Policy"]


def test_a_broken_file_is_there_and_unreadable(loaded: Loading) -> None:
    project = loaded({"template.yml": "Resources: {T: {Type: AWS::SNS::Topic}\n"})
    assert [(file.path, file.kind.kind, file.unreadable) for file in project.files] == [
        ("template.yml", "template", True)
    ]
    assert list(project.subjects([Template])) == []


def test_a_folder_is_not_given(loaded: Loading) -> None:
    assert loaded(DELIVERY).given is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # a changed child finds its parent, and all that hangs on it
        ("child.yml", ["buildspec.yml", "child.yml", "config.json", "main.yml", "pipeline.yml"]),
        ("config.json", ["buildspec.yml", "child.yml", "config.json", "main.yml", "pipeline.yml"]),
        ("buildspec.yml", ["buildspec.yml", "child.yml", "config.json", "main.yml", "pipeline.yml"]),
        ("policy.json", ["policy.json"]),
    ],
)
def test_given_files_bring_what_is_connected_with_them(given: str, expected: list[str], loaded: Loading) -> None:
    project = loaded(DELIVERY, given)
    assert paths(project) == expected
    assert project.given == frozenset({given})


def test_objects_of_one_file_come_from_given_files_and_links_from_all(loaded: Loading) -> None:
    project = loaded(DELIVERY, "child.yml")
    templates = [one.path for one in project.subjects([Template]) if isinstance(one, Template)]
    assert templates == ["child.yml"]
    assert [len(list(project.subjects([kind]))) for kind in (StackLink, ParameterLink, BuildLink)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("files", "given", "expected"),
    [
        ({"a.yml": STACK.format("Child.yml"), "child.yml": TOPIC}, "child.yml", ["a.yml", "child.yml"]),
        ({"a.yml": STACK.format("Child.yml"), "child.yml": TOPIC}, "a.yml", ["a.yml", "child.yml"]),
        ({"a.yml": STACK.format("./sub"), "sub/template.yml": TOPIC}, "a.yml", ["a.yml", "sub/template.yml"]),
        (
            {"a.yml": STACK.format("./sub"), "sub/template.yml": TOPIC},
            "sub/template.yml",
            ["a.yml", "sub/template.yml"],
        ),
        ({"a.yml": STACK.format("'x (1).yml'"), "x (1).yml": TOPIC}, "x (1).yml", ["a.yml", "x (1).yml"]),
        ({"a.yml": STACK.format("!Sub '${X}b.yml'"), "b.yml": TOPIC}, "b.yml", ["a.yml", "b.yml"]),
        ({"a.yml": STACK.format("bb.yml"), "b.yml": TOPIC}, "b.yml", ["b.yml"]),
        ({"a.txt.yml": "see: b.yml", "b.yml": TOPIC, "c.yml": STACK.format("a.txt.yml")}, "b.yml", ["b.yml"]),
    ],
)
def test_connected(files: dict[str, str], given: str, expected: list[str], loaded: Loading) -> None:
    assert paths(loaded(files, given)) == expected


def test_the_configuration_connects_too(loaded: Loading) -> None:
    layout = Layout(stacks=(StackFiles("t/*.yml", ("config/*.json",)),), policy_sets=(PolicyGroup(scp=("scp/*",)),))
    files = {"t/a.yml": TOPIC, "config/test.json": '{"A": "b"}', "config/prod.json": '{"A": "b"}'}
    statement = DELIVERY["policy.json"]
    files |= {"scp/one.json": statement, "scp/two.json": statement}
    assert paths(loaded(files, "config/test.json", layout=layout)) == [
        "config/prod.json",
        "config/test.json",
        "t/a.yml",
    ]
    assert paths(loaded(files, "scp/one.json", layout=layout)) == ["scp/one.json", "scp/two.json"]


def test_the_configuration_says_what_files_are(loaded: Loading) -> None:
    layout = Layout(
        stacks=(StackFiles("a.yml", ("a.json",)),), policies=(PolicyFiles(("guard.json", "wrapped.json"), "scp"),)
    )
    statement = DELIVERY["policy.json"]
    wrapped = f'{{"PolicyVersion": {{"Document": {statement}, "VersionId": "v1", "IsDefaultVersion": true}}}}'
    files = {"a.yml": TOPIC, "a.json": '{"A": "b"}', "guard.json": statement, "wrapped.json": wrapped}
    project = loaded(files, layout=layout)
    assert [(one.kind, len(list(one.statements()))) for one in project.policies] == [("scp", 1), ("scp", 1)]
    assert [(link.file.document.path, link.template.path, link.certain) for link in project.parameter_links] == [
        ("a.json", "a.yml", True)
    ]


@pytest.mark.parametrize("absolute", [True, False])
def test_files_outside_of_the_working_directory(
    *, absolute: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "elsewhere" / "sub"
    (folder / ".git").mkdir(parents=True)
    (tmp_path / "here").mkdir()
    (folder / "main.yml").write_text(STACK.format("child.yml"))
    (folder / "child.yml").write_text(TOPIC)
    monkeypatch.chdir(tmp_path / "here")
    given = str(folder / "child.yml") if absolute else "../elsewhere/sub/child.yml"
    project = load(discover.files([given]))
    [link] = project.stack_links
    assert [child.certainty for child in link.children] == ["exact"]
    assert paths(project) == sorted([given, given.replace("child", "main")])


def test_without_git_a_parent_finds_what_lies_above_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere" / "sub").mkdir(parents=True)
    (tmp_path / "here").mkdir()
    (tmp_path / "elsewhere" / "sub" / "main.yml").write_text(STACK.format("../child.yml"))
    (tmp_path / "elsewhere" / "child.yml").write_text(TOPIC)
    monkeypatch.chdir(tmp_path / "here")
    [link] = load(discover.files([str(tmp_path / "elsewhere")])).stack_links
    assert [child.certainty for child in link.children] == ["exact"]


@pytest.mark.parametrize(
    ("location", "reason"),
    [("../../x.yml", "outside"), ("/etc/x.yml", "outside"), ("readme.txt", "unknown"), ("x.yml", "absent")],
)
def test_what_a_path_leads_to(location: str, reason: str, loaded: Loading) -> None:
    [link] = loaded({"main.yml": STACK.format(location), "readme.txt": "text"}).stack_links
    assert [one.reason for one in link.missing] == [reason]


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("a/b.yml", "a/*.yml", True),
        ("a/b.yml", "*.yml", False),
        ("a/b/c.yml", "a/**/c.yml", True),
        ("a/c.yml", "a/**/c.yml", True),
        ("a/b", "**", True),
        ("a.yml", "./a.yml", True),
        ("a/b", "a", False),
        ("a", "a/b", False),
        ("/".join("a" * 200), "/".join(["**", "a"] * 40 + ["b"]), False),
    ],
)
def test_globs(path: str, pattern: str, *, expected: bool) -> None:
    assert glob_matches(path, pattern) is expected


def test_the_order_of_files_makes_no_difference(loaded: Loading) -> None:
    loaded(DELIVERY)
    found = list(discover.files(["."]))
    assert _written(load(found)) == _written(load(reversed(found)))


def _written(project: Project) -> list[str]:
    types = [Document, Template, StackLink, ParameterLink, Policy, Statement, Buildspec, Command, BuildLink, Pipeline]
    return [repr(one).partition(" at 0x")[0] for one in project.subjects(types)]


def test_hashes_make_no_difference(loaded: Loading) -> None:
    loaded({**DELIVERY, "d/child.yml": TOPIC, "e/child.yml": TOPIC + "# other\n"})
    code = """
from validator import discover
from validator.project import load
project = load(discover.files(["child.yml"]))
print([file.path for file in project.files], [node for node in project.secrets])
for link in project.stack_links:
    print(link.parent.path, [(c.template.path, sorted(c.when)) for c in link.children], link.missing)
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**environment, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1


def test_three_thousand_connected_files_load_quickly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    for index in range(3000):
        (tmp_path / f"t{index}.yml").write_text(STACK.format(f"t{index + 1}.yml") + "# comment of some length\n" * 100)
    monkeypatch.chdir(tmp_path)
    found = list(discover.files(["t0.yml"]))
    assert all(isinstance(one, Found) for one in found)
    assert len(load(found).files) == 3000


def test_a_glob_of_parameter_files_takes_in_no_template_and_no_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {
        "main.json": '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}',
        "policy.json": '{"Statement": [{"Effect": "allow", "Action": "s3:GetObject", "Resource": "*"}]}',
        "skeleton.json": '{"StackName": "x", "Parameters": [{"ParameterKey": "A", "ParameterValue": "x"}]}',
        "map.json": '{"A": "x"}',
    }
    for path, text in texts.items():
        (tmp_path / path).write_text(text)
    monkeypatch.chdir(tmp_path)
    project = load(discover.files(["."]), layout=Layout(stacks=(StackFiles("main.json", ("*.json",)),)))
    assert {file.path: (file.kind.kind, file.kind.form) for file in project.files} == {
        "main.json": ("template", "cloudformation"),
        "policy.json": ("policy", "identity"),
        "skeleton.json": ("parameters", "skeleton"),
        "map.json": ("parameters", "map"),
    }
    assert {name for file in project.parameter_files for name in file.values} == {"A"}
