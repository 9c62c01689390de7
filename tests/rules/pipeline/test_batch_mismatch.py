"""Rule pipeline-batch-mismatch."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

RULE = "pipeline-batch-mismatch"
PIPELINE = """\
Parameters: {{On: {{Type: String, Default: 'true'}}}}
Resources:
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - Name: Build
          Actions:
            - Name: Package
              ActionTypeId: {{Category: Build, Owner: AWS, Provider: CodeBuild, Version: "1"}}
              InputArtifacts: [{{Name: Source}}]
              Configuration: {{ProjectName: !Ref Project{more}}}
  Project:
    Type: AWS::CodeBuild::Project
    Properties:
      Source: {{Type: CODEPIPELINE, BuildSpec: {buildspec}}}
"""
PHASES = "version: 0.2\nphases: {build: {commands: [make]}}\n"
BATCH = "version: 0.2\nbatch: {build-list: [{identifier: a, buildspec: a.yml}]}\n"
BOTH = BATCH + "phases: {build: {commands: [make]}}\n"


def found(more: str, text: str, *, buildspec: str = "ci/build.yml", path: str = "ci/build.yml") -> list[Finding]:
    pipeline = PIPELINE.format(more=more, buildspec=buildspec)
    return findings(RULE, {"pipeline.yml": pipeline, path: text})


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize("value", ["true", "'true'", "'True'"])
def test_points_at_what_wants_a_batch(value: str) -> None:
    [finding] = found(f", BatchEnabled: {value}", PHASES)
    assert finding.message == "BatchEnabled starts a batch of builds, and ci/build.yml has no 'batch'"
    assert (finding.at.text, finding.at.span.line, finding.severity) == (value, 12, None)


@pytest.mark.parametrize(("more", "text"), [("", "Configuration"), (", BatchEnabled: false", "false")])
def test_points_at_what_wants_no_batch(more: str, text: str) -> None:
    [finding] = found(more, BATCH)
    assert finding.message == "the action starts a single build, and ci/build.yml has a 'batch' and no phases"
    assert (finding.at.text, finding.related[0][0].text) == (text, "batch")


def test_combining_without_a_batch_is_a_note() -> None:
    [finding] = found(", CombineArtifacts: true", PHASES)
    assert (finding.at.text, finding.severity) == ("CombineArtifacts", Severity.NOTE)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        (", BatchEnabled: true", BATCH),
        (", BatchEnabled: true, CombineArtifacts: true", BOTH),
        ("", BOTH),
        ("", PHASES),
        (", BatchEnabled: !Ref On", PHASES),
        (", BatchEnabled: !Ref On", BATCH),
        (", BatchEnabled: true, BuildspecOverride: other.yml", PHASES),
        (", CombineArtifacts: false", PHASES),
        (", CombineArtifacts: true, BatchEnabled: !Ref On", PHASES),
    ],
)
def test_accepts(more: str, text: str) -> None:
    assert not found(more, text)


def test_a_buildspec_that_only_may_be_the_projects_says_nothing() -> None:
    assert not found(", BatchEnabled: true", PHASES, path="elsewhere/ci/build.yml")
