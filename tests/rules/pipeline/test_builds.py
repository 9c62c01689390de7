"""Rules pipeline-output-empty and pipeline-source-directory-unknown."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

from .texts import PROJECT, build, buildspec, deploy, pipeline

EMPTY, DIRECTORY = "pipeline-output-empty", "pipeline-source-directory-unknown"
WARNING, NOTE = Severity.WARNING, Severity.NOTE
SPEC = "version: 0.2\nphases: {build: {commands: [make]}}\n"
NAMED = PROJECT.replace("Type: CODEPIPELINE}", "Type: CODEPIPELINE, BuildSpec: buildspec.yml}")


def take(artifact: str = "Built") -> str:
    kind = '{Category: Deploy, Owner: AWS, Provider: S3, Version: "1"}'
    return f"- Name: Publish\n  RunOrder: 3\n  ActionTypeId: {kind}\n  InputArtifacts: [{{Name: {artifact}}}]\n"


def found(rule: str, spec: str, *actions: str, where: str = "buildspec.yml") -> list[Finding]:
    return findings(rule, {"pipeline.yml": pipeline(*actions).replace(PROJECT, NAMED), where: spec})


def told(rule: str, spec: str, *actions: str) -> list[Severity | None]:
    return [finding.severity for finding in found(rule, spec, *actions)]


@pytest.mark.parametrize("rule", [EMPTY, DIRECTORY])
def test_documentation(rule: str) -> None:
    check_rule(rule)


# --- what is handed on -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "actions", "severities"),
    [
        (SPEC, (build(), take()), [None]),
        (SPEC, (build(),), [NOTE]),
        (buildspec("{files: [a]}"), (build(), take()), []),
        (SPEC, (build(outputs="[]"),), []),
        (SPEC, (build(outputs="[{Name: !Ref Token}]"), take()), []),
        (SPEC + "batch: {build-list: []}\n", (build(), take()), []),
        (SPEC, (build(extra=", BatchEnabled: true"), take()), []),
        (SPEC, (build(extra=", BuildspecOverride: other.yml"), take()), []),
        (SPEC, (build(project="!Ref Token"), take()), []),
    ],
)
def test_an_artifact_that_is_taken_has_something_in_it(
    spec: str, actions: tuple[str, ...], severities: list[Severity | None]
) -> None:
    assert told(EMPTY, spec, *actions) == severities


BOTH = "[{Name: Built}, {Name: Logs}]"


@pytest.mark.parametrize(
    ("artifacts", "severities"),
    [
        ("{files: [a], secondary-artifacts: {Built: {files: [a]}, Logs: {files: [b]}}}", []),
        ("{files: [a], secondary-artifacts: {Built: {files: [a]}}}", [NOTE]),
        ("{files: [a], secondary-artifacts: {Logs: {files: [a]}}}", [None]),
        ("{files: [a]}", [None, NOTE]),
    ],
)
def test_several_artifacts_need_secondary_ones_of_their_names(
    artifacts: str, severities: list[Severity | None]
) -> None:
    assert told(EMPTY, buildspec(artifacts), build(outputs=BOTH), take()) == severities


def test_points_at_the_artifact_and_offers_the_name_that_is_near() -> None:
    artifacts = "{files: [a], secondary-artifacts: {Build: {files: [a]}, Logs: {files: [b]}}}"
    [finding] = found(EMPTY, buildspec(artifacts), build(outputs=BOTH), take())
    assert (finding.at.text, finding.at.span.line, finding.help) == ("Built", 25, "did you mean 'Build'?")
    assert [at.text for at, _ in finding.related] == ["artifacts"]


def test_a_file_that_is_not_there_is_told_of_once() -> None:
    actions = build(), deploy("Built::main.yml", inputs="[{Name: Built}]")
    assert len(found("pipeline-file-missing", SPEC, *actions)) + len(found(EMPTY, SPEC, *actions)) == 1


def test_a_buildspec_that_was_found_by_its_name_makes_a_warning() -> None:
    assert [one.severity for one in found(EMPTY, SPEC, build(), take(), where="app/buildspec.yml")] == [WARNING]


# --- where sources lie -----------------------------------------------------------------------------------------------

SOURCES = (
    '- {Name: More, ActionTypeId: {Category: Source, Owner: AWS, Provider: S3, Version: "1"},\n'
    "   OutputArtifacts: [{Name: Tools}]}\n"
)
TWO = "[{Name: Src}, {Name: Tools}]"


def going(text: str, *, inputs: str = TWO, extra: str = ", PrimarySource: Src") -> list[Finding]:
    spec = buildspec("{files: [a]}", f"'{text}'")
    return found(DIRECTORY, spec, SOURCES, build(inputs=inputs, extra=extra), take())


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("cp $CODEBUILD_SRC_DIR_Tools/a .", None),
        ("cp ${CODEBUILD_SRC_DIR_Tools}/a .", None),
        ("cp $CODEBUILD_SRC_DIR/a .", None),
        ("cp $CODEBUILD_SRC_DIR_Tool/a .", "$CODEBUILD_SRC_DIR_Tool"),
        ("cp ${CODEBUILD_SRC_DIR_Other}/a .", "${CODEBUILD_SRC_DIR_Other}"),
        ("cp $CODEBUILD_SRC_DIR_Src/a .", "$CODEBUILD_SRC_DIR_Src"),
        ("cp ${CODEBUILD_SRC_DIR_Other:-.}/a .", None),
        ("CODEBUILD_SRC_DIR_Other=x; cp $CODEBUILD_SRC_DIR_Other/a .", None),
        ("source env.sh; cp $CODEBUILD_SRC_DIR_Other/a .", None),
        ("echo CODEBUILD_SRC_DIR_Other", None),
        ("echo \\$CODEBUILD_SRC_DIR_Other", None),
    ],
)
def test_a_folder_is_that_of_an_artifact_besides_the_primary_one(text: str, reported: str | None) -> None:
    assert [(one.at.text, one.severity) for one in going(text)] == ([(reported, None)] if reported else [])


def test_offers_the_name_that_is_near() -> None:
    [finding] = going("cp $CODEBUILD_SRC_DIR_Tool/a .")
    assert (finding.help, finding.at.span.path, finding.at.span.line) == ("did you mean 'Tools'?", "buildspec.yml", 5)


def test_the_one_artifact_is_the_primary_one() -> None:
    [finding] = going("cp $CODEBUILD_SRC_DIR_Src/a .", inputs="[{Name: Src}]", extra="")
    assert finding.help == "write '$CODEBUILD_SRC_DIR'"


@pytest.mark.parametrize("inputs", ["[{Name: Src}, {Name: !Ref Token}]", "!Ref Token"])
def test_says_nothing_where_artifacts_cannot_be_read(inputs: str) -> None:
    assert not going("cp $CODEBUILD_SRC_DIR_Other/a .", inputs=inputs)


def test_another_action_may_have_the_artifact() -> None:
    spec = buildspec("{files: [a]}", "cp $CODEBUILD_SRC_DIR_Tools/a .")
    actions = build(inputs="[{Name: Src}]"), build(inputs=TWO, outputs="[]", extra=", PrimarySource: Src")
    assert not found(DIRECTORY, spec, SOURCES, *actions, take())


def test_a_source_of_the_project_is_known() -> None:
    spec = buildspec("{files: [a]}", "cp $CODEBUILD_SRC_DIR_Other/a .")
    text = pipeline(build(), take()).replace(PROJECT, NAMED)
    text = text.replace(
        "Properties: {Source: {Type", "Properties: {SecondarySources: [{SourceIdentifier: Other}], Source: {Type"
    )
    assert not findings(DIRECTORY, {"pipeline.yml": text, "buildspec.yml": spec})
