"""Files that deploy actions take by their names, and the placeholders in a task definition."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

from .texts import build, buildspec, pipeline

RULE = "pipeline-file-missing"
PLACEHOLDER = "pipeline-image-placeholder"
APPSPEC = "version: 0.0\nos: linux\nfiles: [{source: /, destination: /srv}]\n"
TASK = '{"family": "web", "containerDefinitions": [{"name": "web", "image": "%s"}]}'


def action(provider: str, artifact: str = "Built", **configuration: str) -> str:
    """Write an action that deploys: five lines, and one for each member of its configuration."""
    lines = [
        "- Name: Deploy",
        "  RunOrder: 2",
        f'  ActionTypeId: {{Category: Deploy, Owner: AWS, Provider: {provider}, Version: "1"}}',
        f"  InputArtifacts: [{{Name: {artifact}}}]",
        "  Configuration:",
        *(f"    {key}: {value}" for key, value in configuration.items()),
    ]
    return "\n".join(lines) + "\n"


def server(artifact: str = "Built") -> str:
    return action("CodeDeploy", artifact, ApplicationName="web", DeploymentGroupName="web")


def ecs(**configuration: str) -> str:
    return action("ECS", ClusterName="c", ServiceName="s", **configuration)


def blue_green(artifact: str = "Built", **configuration: str) -> str:
    members = {"TaskDefinitionTemplateArtifact": artifact, "AppSpecTemplateArtifact": artifact, **configuration}
    return action("CodeDeployToECS", artifact, ApplicationName="web", DeploymentGroupName="web", **members)


def found(text: str, files: dict[str, str], rule: str = RULE) -> list[Finding]:
    return findings(rule, {"pipeline.yml": text, **files})


def test_a_revision_without_an_appspec_file() -> None:
    files = {"appspec.yml": APPSPEC, "buildspec.yml": buildspec("{files: [app.zip, scripts/start.sh]}", "make")}
    [finding] = found(pipeline(build(), server()), files)
    assert finding.message == "the artifact 'Built' does not hold 'appspec.yml'"
    assert (finding.at.text, finding.at.span.line, finding.severity) == ("Built", 30, None)
    assert finding.help == "hand it on: CodeDeploy takes the file of this name"


@pytest.mark.parametrize(
    ("artifacts", "command"),
    [
        ("{files: ['**/*']}", "make"),
        ("{files: [app.zip, appspec.yml]}", "make"),
        ("{files: [app.zip, appspec.yaml]}", "make"),
        ("{files: ['*.y*ml']}", "make"),
        ("{files: [deploy/appspec.yml], discard-paths: yes}", "make"),
        ("{files: [appspec.yml], base-directory: dist}", "make"),
        # The agent looks into one folder, too.
        ("{files: ['deploy/*']}", "cp appspec.yml deploy/"),
        ("{files: ['target/*']}", "mvn package"),
        ("{files: [$FILES]}", "make"),
    ],
)
def test_accepts_an_appspec_file_wherever_it_may_be(artifacts: str, command: str) -> None:
    files = {"appspec.yml": APPSPEC, "buildspec.yml": buildspec(artifacts, command)}
    assert not found(pipeline(build(), server()), files)


def test_a_folder_that_nothing_puts_an_appspec_file_into_does_not_hold_it() -> None:
    files = {"appspec.yml": APPSPEC, "buildspec.yml": buildspec("{files: ['scripts/*', app.zip]}", "zip app.zip a.py")}
    assert found(pipeline(build(), server()), files)


def test_says_nothing_of_a_buildspec_that_may_be_another_repository_s() -> None:
    assert not found(pipeline(build(), server()), {"buildspec.yml": buildspec("{files: [report.json]}")})


def test_a_source_that_is_deployed_as_it_is() -> None:
    files = {"scripts/start.sh": "true\n"}
    assert not found(pipeline(server("Src")), files)
    assert not found(pipeline(server("Src")), {"appspec.yml": APPSPEC})


@pytest.mark.parametrize(
    ("command", "artifacts", "count"),
    [
        ("printf x > imagedefinitions.json", "{files: [main.yml]}", 1),
        ("printf x > imagedefinitions.json", "{files: [imagedefinitions.json]}", 0),
        ("printf x > imagedefinitions.json", "{files: ['*.json']}", 0),
        ("printf x > out/imagedefinitions.json", "{files: [out/imagedefinitions.json]}", 1),
        ("printf x > out/imagedefinitions.json", "{files: ['**/*'], base-directory: out}", 0),
        ("make", "{files: [imageDetail.json]}", 1),
        ("make", "{files: [main.yml]}", 0),
    ],
)
def test_image_definitions_are_taken_from_the_top_of_the_artifact(command: str, artifacts: str, count: int) -> None:
    text = pipeline(build(), ecs())
    assert len(found(text, {"buildspec.yml": buildspec(artifacts, f"'{command}'")})) == count


def test_the_file_that_a_member_names_is_taken_instead() -> None:
    text = pipeline(build(), ecs(FileName="images.json"))
    spec = buildspec("{files: [imagedefinitions.json]}", "'printf x > imagedefinitions.json'")
    assert not found(text, {"buildspec.yml": spec.replace("imagedefinitions.json]", "images.json]")})
    text = pipeline(build(), ecs(FileName="imagedefinition.json"))
    [finding] = found(text, {"buildspec.yml": spec})
    assert (finding.at.text, finding.help) == ("imagedefinition.json", "did you mean 'imagedefinitions.json'?")


def test_an_inline_buildspec_is_surely_the_one() -> None:
    inline = "version: 0.2\\nphases: {build: {commands: [make]}}\\nartifacts: {files: [main.yml]}\\n"
    text = pipeline(build(), ecs()).replace("{Type: CODEPIPELINE}", f'{{Type: CODEPIPELINE, BuildSpec: "{inline}"}}')
    [finding] = found(text, {})
    assert finding.severity is None


def test_blue_and_green_take_a_task_definition_and_an_appspec_file() -> None:
    files = {"taskdef.json": TASK % "a", "buildspec.yml": buildspec("{files: [imageDetail.json]}", "make")}
    messages = [finding.message for finding in found(pipeline(build(), blue_green(Image1ArtifactName="Built")), files)]
    assert messages == [f"the artifact 'Built' does not hold '{name}'" for name in ("taskdef.json", "appspec.yaml")]


def test_an_image_of_the_registry_is_described_by_the_registry() -> None:
    image = """\
- Name: Image
  ActionTypeId: {Category: Source, Owner: AWS, Provider: ECR, Version: "1"}
  OutputArtifacts: [{Name: Image}]
"""
    text = pipeline(image, blue_green("Src", Image1ArtifactName="Image", Image1ContainerName="IMG"))
    text = text.replace(
        "[{Name: Src}]\n              Configuration:", "[{Name: Src}, {Name: Image}]\n              Configuration:"
    )
    files = {"taskdef.json": TASK % "<IMG>", "appspec.yaml": "x: 1", "imageDetails.json": "{}"}
    assert not found(text, files)
    assert not found(text, files, PLACEHOLDER)
    [finding] = found(text, {**files, "taskdef.json": TASK % "<IMAGE>"}, PLACEHOLDER)
    assert (finding.at.text, finding.related[0][0].value) == ("IMG", "<IMAGE>")


@pytest.mark.parametrize(
    ("command", "count"), [("cfn-lint main.yml", 1), ("sed -i s/a/b/ taskdef.json", 0), ("./render.sh", 0)]
)
def test_says_nothing_of_a_task_definition_that_a_build_changes(command: str, count: int) -> None:
    text = pipeline(build(), blue_green(Image1ArtifactName="Built", Image1ContainerName="IMG"))
    spec = buildspec("{files: [taskdef.json, appspec.yaml, imageDetail.json]}", command)
    assert len(found(text, {"buildspec.yml": spec, "taskdef.json": TASK % "web:1"}, PLACEHOLDER)) == count


def test_documentation_of_the_placeholder() -> None:
    check_rule(PLACEHOLDER)


def test_a_default_that_several_take_is_a_warning_where_the_artifact_is_a_parameter() -> None:
    files = {"appspec.yml": APPSPEC, "buildspec.yml": buildspec("{files: [app.zip]}", "make")}
    text = pipeline(build(outputs="[{Name: !Ref Name}]"), server("!Ref Name"))
    [finding] = found(text, files)
    assert finding.severity == Severity.WARNING
