"""Rule buildspec-removed-image."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

from .texts import HEAD, SPEC, both, project

RULE = "buildspec-removed-image"
NOTE = Severity.NOTE


def found(image: str) -> list[Finding]:
    return findings(RULE, both(SPEC, f"Image: {image}"))


def test_documentation() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("image", "severities"),
    [
        ("aws/codebuild/nodejs:7.0.0", [None]),
        ("aws/codebuild/docker:18.09.0", [None]),
        ("aws/codebuild/ubuntu-base:14.04", [None]),
        ("!If [C, 'aws/codebuild/nodejs:7.0.0', !Ref Free]", [None]),
        ("aws/codebuild/standard:4.0", [NOTE]),
        ("aws/codebuild/standard:5.0-21.10.15", [NOTE]),
        ("aws/codebuild/standard:8.0", []),
        ("aws/codebuild/amazonlinux2-x86_64-standard:5.0", []),
        ("aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs18", []),
        ("aws/codebuild/standard:99.0", []),
        ("nodejs:7.0.0", []),
        ("!Ref Image", []),
        ("!Sub '${Free}/nodejs:7'", []),
    ],
)
def test_tells_what_aws_no_longer_has(image: str, severities: list[Severity | None]) -> None:
    assert [finding.severity for finding in found(image)] == severities


def test_points_at_the_image() -> None:
    [finding] = found("aws/codebuild/java:openjdk-8")
    assert (finding.at.span.path, finding.at.text) == ("template.yml", "aws/codebuild/java:openjdk-8")


def test_names_the_default_that_the_image_is() -> None:
    text = HEAD.replace("standard:8.0", "nodejs:7.0.0") + project("Image: !Ref Image")
    [finding] = findings(RULE, {"template.yml": text})
    assert [(at.span.line, at.text) for at, _ in finding.related] == [(3, "aws/codebuild/nodejs:7.0.0")]


def test_reports_a_project_whose_buildspec_is_elsewhere_once() -> None:
    text = HEAD + project("Image: aws/codebuild/nodejs:7.0.0", spec="elsewhere.yml")
    assert len(findings(RULE, {"template.yml": text})) == 1


@pytest.mark.parametrize(
    "batch",
    [
        "build-list: [{identifier: a, env: {image: 'aws/codebuild/nodejs:7.0.0'}}]",
        "build-graph: [{identifier: a, env: {image: 'aws/codebuild/nodejs:7.0.0'}}]",
        "build-matrix: {dynamic: {env: {image: ['aws/codebuild/standard:8.0', 'aws/codebuild/nodejs:7.0.0']}}}",
    ],
)
def test_reads_the_images_of_a_batch(batch: str) -> None:
    [finding] = findings(RULE, {"buildspec.yml": f"version: 0.2\nbatch: {{{batch}}}\n"})
    assert finding.at.value == "aws/codebuild/nodejs:7.0.0"


@pytest.mark.parametrize("batch", ["[]", "{build-list: x}", "{build-matrix: {dynamic: {env: {image: {a: b}}}}}", "~"])
def test_a_batch_of_another_shape_is_left_alone(batch: str) -> None:
    assert not findings(RULE, {"buildspec.yml": f"version: 0.2\nbatch: {batch}\n"})
