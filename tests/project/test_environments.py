"""Which stacks a spec is about."""

from validator.settings import Layout, StackFiles

from .conftest import Loading

PIPELINE = """\
Resources:
  Build:
    Type: AWS::CodeBuild::Project
    Properties:
      Name: verify
      Source: {Type: CODEPIPELINE, BuildSpec: verify.yml}
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - Name: Source
          Actions:
            - Name: Source
              ActionTypeId: {Category: Source, Owner: AWS, Provider: CodeCommit, Version: "1"}
              OutputArtifacts: [{Name: Code}]
        - Name: Test
          Actions:
            - Name: Deploy
              RunOrder: 1
              ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}
              InputArtifacts: [{Name: Code}]
              Configuration:
                ActionMode: CREATE_UPDATE
                StackName: web-test
                TemplatePath: Code::root.yml
                TemplateConfiguration: Code::test.json
            - Name: Verify
              RunOrder: 2
              ActionTypeId: {Category: Test, Owner: AWS, Provider: CodeBuild, Version: "1"}
              InputArtifacts: [{Name: Code}]
              Configuration: {ProjectName: !Ref Build}
        - Name: Prod
          Actions:
            - Name: Deploy
              ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}
              InputArtifacts: [{Name: Code}]
              Configuration:
                ActionMode: CREATE_UPDATE
                StackName: !Sub "prod-${AWS::StackName}"
                TemplatePath: Code::root.yml
                TemplateConfiguration: Code::prod.json
"""
FILES = {
    "pipeline.yml": PIPELINE,
    "verify.yml": "version: 0.2\nphases: {build: {commands: [stackproof verify verified.yml]}}\n",
    "root.yml": "Parameters: {Env: {Type: String}}\nResources: {Queue: {Type: AWS::SQS::Queue}}\n",
    "test.json": '{"Parameters": {"Env": "test"}}',
    "prod.json": '{"Parameters": {"Env": "prod"}}',
}
CHECKS = "checks: [{id: a, resource: Queue}]\n"


def links(loaded: Loading, files: dict[str, str], layout: Layout | None = None) -> list[tuple[str, list[str], bool]]:
    return [
        (
            link.target.name if link.target is not None else "",
            [root.file.file.document.path if root.file is not None else "" for root in link.roots],
            link.certain,
        )
        for link in loaded(files, layout=layout).environment_links
    ]


def test_the_stacks_name_leads_to_the_deployment(loaded: Loading) -> None:
    targets = "targets: {t: {stack: web-test}, p: {stack: 'prod-${var.n}', vars: {n: web}}, x: {stack: other}}\n"
    assert links(loaded, {**FILES, "spec.yml": "envspec: 1\n" + targets + CHECKS}) == [
        ("t", ["test.json"], True),
        ("p", ["prod.json"], False),
        ("x", ["test.json", "prod.json"], False),
    ]


def test_the_build_that_names_the_spec_tells_what_was_deployed_before_it(loaded: Loading) -> None:
    assert links(loaded, {**FILES, "verified.yml": "envspec: 1\n" + CHECKS}) == [("", ["test.json"], False)]


def test_else_it_is_one_of_what_pipelines_deploy(loaded: Loading) -> None:
    found = links(loaded, {**FILES, "spec.yml": "envspec: 1\n" + CHECKS})
    assert found == [("", ["test.json", "prod.json"], False)]


def test_without_a_pipeline_it_is_the_only_root(loaded: Loading) -> None:
    files = {"root.yml": FILES["root.yml"], "test.json": FILES["test.json"], "spec.yml": "envspec: 1\n" + CHECKS}
    layout = Layout(stacks=(StackFiles("root.yml", ("test.json",)),))
    assert links(loaded, files, layout) == [("", ["test.json"], False)]


def test_of_two_roots_nobody_knows(loaded: Loading) -> None:
    other = "Resources: {Topic: {Type: AWS::SNS::Topic}}\n"
    files = {"root.yml": FILES["root.yml"], "other.yml": other, "spec.yml": "envspec: 1\n" + CHECKS}
    assert links(loaded, files) == []
