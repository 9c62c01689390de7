"""Artifacts followed through pipelines, and what is deployed."""

import shutil
from pathlib import Path

import pytest

from validator import discover
from validator.project import load
from validator.registry import Registry
from validator.rule import Finding

from .conftest import Loading

NESTED = Path(__file__).parents[2] / "../shared/corpus/nested/awslabs+codepipeline-nested-cfn"
TEMPLATE = "Parameters: {A: {Type: String}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"
CONFIG = '{"Parameters": {"A": "1"}}'
PIPELINE = """\
Resources:
  P:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - Name: S
          Actions:
            - Name: S
              ActionTypeId: {Category: Source, Owner: AWS, Provider: CodeCommit}
              OutputArtifacts: [{Name: Src}]
        - Name: B
          Actions:
            - Name: B
              ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild}
              InputArtifacts: [{Name: Src}]
              OutputArtifacts: [{Name: Out}]
              Configuration: {ProjectName: PROJECT}
        - Name: D
          Actions:
            - Name: D
              ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation}
              InputArtifacts: [{Name: Src}, {Name: Out}]
              Configuration:
                {ActionMode: CREATE_UPDATE, StackName: s, TemplatePath: "PATH", TemplateConfiguration: "CONFIG"}
  Project: {Type: AWS::CodeBuild::Project, Properties: {Source: {Type: CODEPIPELINE, BuildSpec: SPEC}}}
"""


def pipeline(
    path: str = "Out::main.yml", config: str = "Out::c.json", project: str = "!Ref Project", spec: str = "buildspec.yml"
) -> str:
    return PIPELINE.replace("PATH", path).replace("CONFIG", config).replace("PROJECT", project).replace("SPEC", spec)


def buildspec(artifacts: str, command: str = "cfn-lint") -> str:
    return f"version: 0.2\nphases: {{build: {{commands: ['{command}']}}}}\nartifacts: {artifacts}\n"


@pytest.mark.parametrize(
    ("path", "artifacts", "place"),
    [
        ("Src::main.yml", "{files: [x]}", "main.yml"),
        ("Out::main.yml", "{files: ['*.yml']}", "main.yml"),
        ("Out::main.yml", "{files: ['*.yml'], base-directory: sub}", "sub/main.yml"),
        ("Out::main.yml", "{files: ['*.yml'], base-directory: dist}", "main.yml"),
        ("Out::only.yml", "{files: ['deep/down/*.yml'], discard-paths: yes}", "deep/down/only.yml"),
        ("Out::packaged.yml", "{files: [packaged.yml]}", "sub/main.yml"),
        ("Out::dist/packaged.yml", "{files: [dist/*]}", None),
        ("Src::none.yml", "{files: [x]}", None),
    ],
)
def test_where_a_file_comes_from(path: str, artifacts: str, place: str | None, loaded: Loading) -> None:
    command = "aws cloudformation package --template-file sub/main.yml --output-template-file packaged.yml"
    files = {"p.yml": pipeline(path), "buildspec.yml": buildspec(artifacts, command), "c.json": CONFIG}
    project = loaded(files | dict.fromkeys(("main.yml", "sub/main.yml", "deep/down/only.yml"), TEMPLATE))
    [file] = [one for one in project.deliveries.artifact_files if one.path == path.partition("::")[2]]
    assert (file.place and Path(file.place).relative_to(Path.cwd()).as_posix()) == place


@pytest.mark.parametrize(("path", "certain"), [("Src::main.yml", True), ("Out::main.yml", False)])
def test_only_a_source_is_certain(path: str, *, certain: bool, loaded: Loading) -> None:
    files = {
        "p.yml": pipeline(path),
        "buildspec.yml": buildspec("{files: ['*']}"),
        "c.json": CONFIG,
        "main.yml": TEMPLATE,
    }
    [deployment] = loaded(files).deliveries.deployments
    assert (deployment.template.path, deployment.certain) == ("main.yml", certain)
    assert [build.action.name for build in deployment.builds] == ["B"]
    assert deployment.file is not None
    assert deployment.file.file.document.path == "c.json"


def test_what_a_build_packages_is_paired_with_its_configuration(loaded: Loading) -> None:
    command = "aws cloudformation package --template-file main.yml --output-template-file packaged.yml"
    files = {"p.yml": pipeline("Out::packaged.yml"), "buildspec.yml": buildspec("{files: ['*']}", command)}
    project = loaded({**files, "c.json": CONFIG, "main.yml": TEMPLATE})
    [link] = [link for link in project.parameter_links if not link.guessed]
    assert (link.file.document.path, link.template.path, link.certain) == ("c.json", "main.yml", False)


@pytest.mark.parametrize(
    ("project", "spec", "places", "expected"),
    [
        ("!Ref Project", "buildspec.yml", ["buildspec.yml"], ("buildspec.yml", True)),
        ("!Ref Project", "ci/b.yml", ["app/ci/b.yml"], ("app/ci/b.yml", False)),
        ("!Ref Project", "buildspec.yml", ["app/buildspec.yml", "other/buildspec.yml"], ("app/buildspec.yml", False)),
        ("!Ref Project", "buildspec.yml", ["other/buildspec.yml", "more/buildspec.yml"], None),
        ("!Ref Project", "!Ref X", ["buildspec.yml"], None),
    ],
)
def test_which_buildspec_a_build_runs(
    project: str, spec: str, places: list[str], expected: tuple[str, bool] | None, loaded: Loading
) -> None:
    files = {place: buildspec("{files: ['*']}") for place in places}
    found = loaded({"p.yml": pipeline(project=project, spec=spec), "app/main.yml": TEMPLATE, **files})
    [build] = found.deliveries.builds.values()
    assert (build.buildspec and (build.buildspec.node.document.path, build.certain)) == expected


def test_a_deep_tree_that_nests_itself_is_bounded(loaded: Loading) -> None:
    nest = "Resources: {{N: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: t{}.yml}}}}}}\n"
    files = {f"t{number}.yml": nest.format((number + 1) % 60) for number in range(60)}
    found = loaded({"p.yml": pipeline("Src::t0.yml"), **files})
    [deployment] = found.deliveries.deployments
    assert len(deployment.stacks) == 60


# --- a repository of AWS's own -------------------------------------------------------------------------------------


@pytest.fixture
def nested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if not NESTED.exists():
        pytest.skip("the corpus is not here")
    monkeypatch.chdir(shutil.copytree(NESTED, tmp_path / "nested"))
    return Path()


TEMPLATE_FILE = "codepipeline-cfn-codebuild.yml"
SPEC = "cfn-nested-repo/buildspec.yml"


def test_nothing_is_wrong_in_it(nested: Path) -> None:
    assert not _found()


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (SPEC, "    - config-*.json\n", "    - config-t*.json\n    - config-p*.json\n", [("file-missing", 577)]),
        (SPEC, "      server-stack.yml\n", "", [("template-not-uploaded", 121)]),
        (TEMPLATE_FILE, "CAPABILITY_NAMED_IAM", "CAPABILITY_IAM", [("capability-missing", 508)]),
        (TEMPLATE_FILE, "TemplatePath: CFNTemplateArtifact", "TemplatePath: CFNTemplate", [("unknown-artifact", 512)]),
        (
            TEMPLATE_FILE,
            "CFNTemplateArtifact::master-stack.yml",
            "CFNTemplateArtifact::master.yml",
            [("file-missing", 512)],
        ),
        (TEMPLATE_FILE, "ChangeSetName: UATCBChangeSet", "ChangeSetName: UATChangeSet", [("change-set-pair", 595)]),
        (TEMPLATE_FILE, "Ref: BuildCopyCFNProject", "Ref: CodeBuildRole", [("project-missing", 489)]),
        (TEMPLATE_FILE, "ActionMode: CREATE_UPDATE", "ActionMode: UPDATE_CREATE", [("action-configuration", 505)]),
        (TEMPLATE_FILE, "RunOrder: 2", "RunOrder: 1", [("unknown-artifact", 495)]),
    ],
)
def test_what_is_wrong_in_a_changed_copy(
    file: str, old: str, new: str, expected: list[tuple[str, int]], nested: Path
) -> None:
    path = nested / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert _found() == expected


def _found() -> list[tuple[str, int]]:
    registry = Registry()
    project = load(discover.files(["."]))
    found = []
    for name in registry.families["pipeline"].modules:
        rule = registry.rule(name)
        assert rule is not None
        for subject in project.subjects(rule.targets):
            results = [one for one in rule.check(subject) if isinstance(one, Finding)]
            found += [(name.removeprefix("pipeline-"), one.at.span.line) for one in results]
    return sorted(set(found))
