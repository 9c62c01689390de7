"""Rule pipeline-file-missing."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

from .texts import MAIN, build, buildspec, deploy, pipeline

RULE = "pipeline-file-missing"
CONFIG = '{"Parameters": {}}'


def found(text: str, **files: str) -> list[Finding]:
    own = {
        f"{name.replace('__', '/')}.{'json' if name.endswith('config') else 'yml'}": one for name, one in files.items()
    }
    return findings(RULE, {"pipeline.yml": text, "main.yml": MAIN, **own})


def built(path: str = "Built::main.yml", **members: str) -> str:
    return pipeline(build(), deploy(path, inputs="[{Name: Built}]", **members))


def test_documentation() -> None:
    check_rule(RULE)


def test_points_at_the_path_and_at_the_files_that_are_handed_on() -> None:
    [finding] = found(built(TemplateConfiguration="Built::config.json"), buildspec=buildspec("{files: [main.yml]}"))
    assert (finding.at.span.line, finding.severity) == (36, None)
    assert [(node.document.path, node.span.line) for node, _ in finding.related] == [("buildspec.yml", 6)]


def test_a_file_that_several_actions_take_is_told_once() -> None:
    text = pipeline(build(), *(deploy("Built::a.yml", inputs="[{Name: Built}]", name=name) for name in "AB"))
    [finding] = found(text, buildspec=buildspec("{files: [main.yml]}"), a=MAIN)
    assert [node.document.path for node, _ in finding.related] == ["buildspec.yml", "pipeline.yml"]


@pytest.mark.parametrize(
    "artifacts",
    [
        "{files: '**/*'}",
        "{files: ['*.yml']}",
        "{files: ['./main.yml']}",
        "{files: ['$TEMPLATE']}",
        "{files: ['${DIR}/*.yml', '${TEMPLATE}.yml']}",
        "{files: [templates/*.yml], discard-paths: yes}",
        "{files: [m*n.y?l], base-directory: $OUT}",
        "{files: [/tmp/out/*]}",
        "{files: ['main.{yml,yaml}']}",
    ],
)
def test_accepts_what_a_glob_can_take_in(artifacts: str) -> None:
    assert not found(built(), buildspec=buildspec(artifacts))


@pytest.mark.parametrize(
    "artifacts",
    [
        "{files: [other.yml]}",
        "{files: ['*.json']}",
        "{files: [sub/*.yml]}",
        "{files: ['**/*'], exclude-paths: [main.yml]}",
        "{files: [x], secondary-artifacts: {Built: {files: [main.yml]}}}",
    ],
)
def test_reports_what_no_glob_can_take_in(artifacts: str) -> None:
    assert len(found(built(), buildspec=buildspec(artifacts))) == 1


def test_without_their_folders_files_lie_at_the_top() -> None:
    spec = buildspec("{files: [templates/*.yml], discard-paths: yes}")
    assert len(found(built("Built::templates/main.yml"), buildspec=spec, templates__main=MAIN)) == 1
    assert not found(built("Built::main.yml"), buildspec=spec, templates__main=MAIN)


def test_of_several_outputs_each_is_a_secondary_artifact() -> None:
    actions = build(outputs="[{Name: Built}, {Name: Other}]"), deploy(inputs="[{Name: Built}]", path="Built::main.yml")
    spec = buildspec("{files: [main.yml], secondary-artifacts: {Others: {files: [main.yml]}}}")
    [finding] = found(pipeline(*actions), buildspec=spec)
    assert [word for _, word in finding.related] == ["the buildspec hands on no artifact of this name"]


def test_without_artifacts_nothing_is_handed_on() -> None:
    spec = buildspec("{}").replace("artifacts: {}\n", "")
    [finding] = found(built(), buildspec=spec)
    assert [word for _, word in finding.related] == ["no artifacts here"]


def test_a_build_in_a_repository_that_has_none_of_the_files_is_another_repositorys() -> None:
    assert not found(built("Built::app.yml"), buildspec=buildspec("{files: [other.yml]}"))


def test_packaging_shows_that_it_is_this_repository() -> None:
    command = "aws cloudformation package --template-file main.yml --output-template-file packaged.yml"
    spec = buildspec("{files: [packaged.yaml]}", command)
    assert [finding.severity for finding in found(built("Built::packaged.yml"), buildspec=spec)] == [None]


def test_the_only_buildspec_that_fits_is_a_guess() -> None:
    text = built("Built::main.yml", TemplateConfiguration="Built::config.json").replace("!Ref Project", "other")
    [finding] = found(
        text.replace("Project: {Type: AWS::CodeBuild", "Job: {Type: AWS::Batch"),
        buildspec=buildspec("{files: [main.yml]}"),
    )
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize("command", ["make", "python render.py", "cp test/mian.yml .", "./x > mian.yml"])
def test_silent_on_what_a_command_may_make(command: str) -> None:
    assert not found(built("Built::mian.yml"), buildspec=buildspec("{files: ['*.yml']}", command))


def test_warns_of_a_slip_in_a_name_that_no_command_makes() -> None:
    [finding] = found(built("Built::mian.yml"), buildspec=buildspec("{files: ['*.yml']}"))
    assert (finding.severity, finding.help) == (Severity.WARNING, "did you mean 'main.yml'?")


# --- sources ---------------------------------------------------------------------------------------------------------


def test_a_source_that_has_another_file_is_this_repository() -> None:
    [finding] = found(pipeline(deploy(TemplateConfiguration="Src::config.json")))
    assert (finding.at.span.line, finding.severity) == (30, None)
    assert [node.span.line for node, _ in finding.related] == [18]


def test_a_source_that_has_none_is_another_repository() -> None:
    assert not found(pipeline(deploy("Src::app.yml", TemplateConfiguration="Src::config.json")))


def test_what_a_bucket_holds_is_not_known() -> None:
    text = pipeline(deploy(TemplateConfiguration="Src::config.json")).replace("CodeCommit", "S3")
    assert not found(text)
    [finding] = found(text.replace("Src::config", "Src::mainn").replace("mainn.json", "mainn.yml"))
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize("path", ["!Sub 'Src::${Name}.json'", "!If [C, Src::main.json, Src::main.yml]"])
def test_a_path_that_rests_on_a_parameter_is_a_warning(path: str) -> None:
    reported = found(pipeline(deploy(TemplateConfiguration=path)))
    assert {finding.severity for finding in reported} <= {Severity.WARNING}


# --- stacks ----------------------------------------------------------------------------------------------------------


def test_the_outputs_of_a_stack_are_one_file() -> None:
    first = deploy(OutputFileName="out.json").replace(
        "  InputArtifacts", "  OutputArtifacts: [{Name: Out}]\n  InputArtifacts"
    )
    override = """'{"A": {"Fn::GetParam": ["Out", "outs.json", "A"]}}'"""
    second = deploy(name="Two", order=3, inputs="[{Name: Src}, {Name: Out}]", ParameterOverrides=override)
    [finding] = found(pipeline(first, second))
    assert finding.help == "did you mean 'out.json'?"
    assert not found(pipeline(first, second.replace("outs.json", "out.json")))
    assert len(found(pipeline(first.replace("    OutputFileName: out.json\n", ""), second))) == 1
