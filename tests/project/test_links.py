"""Links between files: parameter files with templates through pipelines, builds with buildspecs."""

import shutil
from pathlib import Path

import pytest

from validator import discover
from validator.project import load
from validator.project.links import Finder
from validator.registry import Registry
from validator.rule import Finding
from validator.settings import Layout, StackFiles

from .conftest import Loading

NESTED = Path(__file__).parents[2] / "../shared/corpus/nested/awslabs+codepipeline-nested-cfn"
RULES = (
    "cloudformation-missing-nested-parameter",
    "cloudformation-undeclared-output",
    "cloudformation-unknown-nested-parameter",
    "parameters-missing",
    "parameters-unknown",
)
TEMPLATE = "Parameters: {A: {Type: String}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"
PIPELINE = """\
Resources:
  P:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - Name: S
          Actions:
            - {{Name: S, ActionTypeId: {{Category: Source, Provider: S3}}, OutputArtifacts: [{{Name: Src}}]}}
            - {{Name: B, ActionTypeId: {{Category: Build, Provider: CodeBuild}}, OutputArtifacts: [{{Name: Out}}]}}
            - Name: D
              ActionTypeId: {{Category: Deploy, Provider: CloudFormation}}
              Configuration: {{TemplatePath: "{}", TemplateConfiguration: "{}"}}
"""


@pytest.mark.parametrize(
    ("path", "near", "expected"),
    [
        ("a.yml", "pipeline.yml", ("a.yml", True)),
        ("./a.yml", "x/pipeline.yml", ("a.yml", True)),
        ("b.yml", "x/pipeline.yml", ("x/b.yml", True)),
        ("../x/b.yml", "y/pipeline.yml", ("x/b.yml", True)),
        ("c.yml", "pipeline.yml", ("deep/down/c.yml", False)),
        ("down/c.yml", "pipeline.yml", ("deep/down/c.yml", False)),
        ("d.yml", "pipeline.yml", None),
        ("down", "pipeline.yml", None),
        (".", "pipeline.yml", None),
        ("own/c.yml", "pipeline.yml", None),
    ],
)
def test_finds_the_file_for_a_path_in_a_source(path: str, near: str, expected: tuple[str, bool] | None) -> None:
    files = {f"/r/{one}": one for one in ("a.yml", "x/b.yml", "deep/down/c.yml", "p/d.yml", "q/d.yml")}
    found = Finder(f"/r/{near}", ["/r"]).find(path, files)
    assert (found and (found.what, found.exact)) == expected


@pytest.mark.parametrize(
    ("template", "configuration", "certain"),
    [
        ("Src::main.yml", "Src::c.json", True),
        ("Src::main.yml", "Out::c.json", False),
        ("Out::main.yml", "Out::c.json", False),
    ],
)
def test_a_build_in_between_is_no_certainty(
    *, template: str, configuration: str, certain: bool, loaded: Loading
) -> None:
    files = {"main.yml": TEMPLATE, "c.json": '{"Parameters": {}}', "p.yml": PIPELINE.format(template, configuration)}
    [link] = loaded(files).parameter_links
    assert (link.template.path, link.file.document.path, link.certain) == ("main.yml", "c.json", certain)
    assert link.via is not None
    assert link.via.span.line == 12


def test_of_several_files_the_one_that_lies_to_the_template_as_in_the_artifact(loaded: Loading) -> None:
    files = {"x/t/main.yml": TEMPLATE, "p/p.yml": PIPELINE.format("Src::t/main.yml", "Src::c/test.json")}
    files |= {"x/c/test.json": '{"Parameters": {}}', "y/c/test.json": '{"Parameters": {}}'}
    [link] = loaded(files).parameter_links
    assert (link.file.document.path, link.certain) == ("x/c/test.json", False)


def test_a_pair_of_pipeline_and_configuration_is_one_link(loaded: Loading) -> None:
    overrides = """'{"A": "1"}'"""
    pipeline = PIPELINE.format("Out::main.yml", "Out::c.json").replace(
        'c.json"}', f'c.json", ParameterOverrides: {overrides}}}'
    )
    files = {"main.yml": TEMPLATE, "c.json": '{"Parameters": {}}', "p.yml": pipeline}
    [link] = loaded(files, layout=Layout(stacks=(StackFiles("main.yml", ("c.json",)),))).parameter_links
    assert link.certain
    assert link.overridden == frozenset({"A"})


BUILDS = """\
Resources:
  P:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - Name: S
          Actions:
            - {Name: One, ActionTypeId: {Category: Build, Provider: CodeBuild}, Configuration: {ProjectName: !Ref A}}
            - {Name: Two, ActionTypeId: {Category: Test, Provider: CodeBuild}, Configuration: {ProjectName: a}}
            - {Name: Three, ActionTypeId: {Category: Test, Provider: CodeBuild}, Configuration: {ProjectName: !Ref B}}
            - {Name: Four, ActionTypeId: {Category: Test, Provider: CodeBuild}}
  A: {Type: AWS::CodeBuild::Project, Properties: {Name: a, Source: {Type: CODEPIPELINE, BuildSpec: a/build.yml}}}
  B: {Type: AWS::CodeBuild::Project, Properties: {Source: {Type: CODEPIPELINE}}}
  C: {Type: AWS::CodeBuild::Project, Properties: {Source: {BuildSpec: "arn:aws:s3:::bucket/build.yml"}}}
"""


def test_builds(loaded: Loading) -> None:
    spec = "version: 0.2\nphases: {build: {commands: [make]}}\n"
    project = loaded({"t.yml": BUILDS, "a/build.yml": spec, "deep/buildspec.yml": spec})
    assert [
        (
            link.project.resource.logical_id,
            link.buildspec and link.buildspec.node.document.path,
            link.action and link.action.name,
            link.certain,
        )
        for link in project.build_links
    ] == [
        ("A", "a/build.yml", "One", True),
        ("A", "a/build.yml", "Two", True),
        ("B", "deep/buildspec.yml", "Three", False),
        ("C", None, None, False),
    ]


# --- a repository of AWS's own -------------------------------------------------------------------------------------


@pytest.fixture
def nested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if not NESTED.exists():
        pytest.skip("the corpus is not here")
    monkeypatch.chdir(shutil.copytree(NESTED, tmp_path / "nested"))
    return Path()


def test_all_of_it_is_linked(nested: Path) -> None:
    project = load(discover.files(["."]))
    folder = "cfn-nested-repo"
    assert [[child.template.path for child in link.children] for link in project.stack_links] == [
        [f"{folder}/{name}-stack.yml"] for name in ("security", "database", "server")
    ]
    linked = [link for link in project.parameter_links if not link.guessed]
    assert [(link.file.document.path, link.template.path) for link in linked] == [
        (f"{folder}/config-{name}.json", f"{folder}/master-stack.yml") for name in ("prod", "test", "uat")
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("master-stack.yml", "Description: Master", "Description: master", ""),
        (
            "security-stack.yml",
            "  WebSG:\n    Description",
            "  WebGroup:\n    Description",
            """\
master-stack.yml:138: warning: SecurityStack has no output 'WebSG': security-stack.yml does not declare it
""",
        ),
        (
            "master-stack.yml",
            "        ELBSG:\n          Fn::GetAtt: SecurityStack.Outputs.ELBSG\n",
            "",
            """\
master-stack.yml:122: warning: ServerStack does not pass 'ELBSG', which server-stack.yml requires
""",
        ),
        (
            "config-uat.json",
            '"KeyPair"',
            '"Keypair"',
            """\
config-uat.json:10: warning: master-stack.yml does not declare the parameter 'Keypair'
""",
        ),
    ],
)
def test_what_is_wrong_in_a_changed_copy(file: str, old: str, new: str, expected: str, nested: Path) -> None:
    path = nested / "cfn-nested-repo" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert "".join(_found()).replace("cfn-nested-repo/", "") == expected


def _found() -> list[str]:
    registry = Registry()
    project = load(discover.files(["."]))
    found = []
    for name in RULES:
        rule = registry.rule(name)
        assert rule is not None
        for subject in project.subjects(rule.targets):
            for one in rule.check(subject):
                if isinstance(one, Finding):
                    severity = one.severity or rule.severity
                    found.append(f"{one.at.span.path}:{one.at.span.line}: {severity}: {one.message}\n")
    return sorted(found)


def test_the_buildspec_of_another_repository_is_not_taken_for_ones_own() -> None:
    finder = Finder("/all/x/template.yml", ["/all", "/all/y"])
    found = finder.find("buildspec.yml", {"/all/x/buildspec.yml": "own", "/all/y/buildspec.yml": "other"})
    assert found is not None
    assert found.what == "own"
