"""Rules buildspec-cache-mismatch, -artifacts-mismatch and -secondary-artifact-mismatch."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

from .texts import HEAD, SPEC, both, project

CACHE, ARTIFACTS, SECONDARY = (f"buildspec-{name}-mismatch" for name in ("cache", "artifacts", "secondary-artifact"))
WARNING, NOTE = Severity.WARNING, Severity.NOTE
CACHING = SPEC + "cache: {paths: [node_modules/**/*]}\n"
HANDING_ON = SPEC + "artifacts: {files: [a]}\n"


def told(found: list[Finding]) -> list[tuple[str, int, Severity | None]]:
    return [(one.at.span.path, one.at.span.line, one.severity) for one in found]


@pytest.mark.parametrize("rule", [CACHE, ARTIFACTS, SECONDARY])
def test_documentation(rule: str) -> None:
    check_rule(rule)


# --- caches ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cache", "reported"),
    [
        ((), True),
        (("/Cache: {Type: NO_CACHE}",), True),
        (("/Cache: {Type: LOCAL, Modes: [LOCAL_SOURCE_CACHE, LOCAL_DOCKER_LAYER_CACHE]}",), True),
        (("/Cache: {Type: LOCAL, Modes: [LOCAL_CUSTOM_CACHE]}",), False),
        (("/Cache: {Type: LOCAL, Modes: [!Ref Free]}",), False),
        (("/Cache: {Type: LOCAL}",), False),
        (("/Cache: {Type: S3, Location: b}",), False),
        (("/Cache: {Type: !Ref Free}",), False),
        (("/Cache: !If [C, {Type: NO_CACHE}, {Type: S3, Location: b}]",), False),
        (("Type: LINUX_LAMBDA_CONTAINER",), False),
    ],
)
def test_a_project_without_a_cache_keeps_nothing(cache: tuple[str, ...], *, reported: bool) -> None:
    found = findings(CACHE, both(CACHING, *cache))
    assert told(found) == ([("buildspec.yml", 3, None)] if reported else [])


@pytest.mark.parametrize(
    ("spec", "cache", "reported"),
    [
        (SPEC, "{Type: S3, Location: b}", True),
        (SPEC + "cache: {}\n", "{Type: LOCAL, Modes: [LOCAL_CUSTOM_CACHE]}", True),
        (SPEC, "{Type: LOCAL, Modes: [LOCAL_SOURCE_CACHE]}", False),
        (SPEC, "{Type: NO_CACHE}", False),
        (SPEC, "{Type: !Ref Free}", False),
        (CACHING, "{Type: S3, Location: b}", False),
    ],
)
def test_a_cache_without_paths_is_empty(spec: str, cache: str, *, reported: bool) -> None:
    found = findings(CACHE, both(spec, f"/Cache: {cache}"))
    assert told(found) == ([("template.yml", 15, NOTE)] if reported else [])


def test_one_project_that_caches_is_enough() -> None:
    text = HEAD + project() + project("/Cache: {Type: S3, Location: b}", name="Other")
    assert not findings(CACHE, {"template.yml": text, "buildspec.yml": CACHING})


# --- artifacts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "artifacts", "expected"),
    [
        (HANDING_ON, "NO_ARTIFACTS", [("buildspec.yml", 3, None)]),
        (HANDING_ON, "S3", []),
        (HANDING_ON, "CODEPIPELINE", []),
        (HANDING_ON, "!If [C, NO_ARTIFACTS, S3]", []),
        (SPEC, "S3", [("template.yml", 14, None)]),
        (SPEC, "NO_ARTIFACTS", []),
        (SPEC, "!Ref Free", []),
    ],
)
def test_artifacts_go_where_the_project_takes_them(
    spec: str, artifacts: str, expected: list[tuple[str, int, Severity | None]]
) -> None:
    assert told(findings(ARTIFACTS, both(spec, artifacts=artifacts))) == expected


def test_one_project_that_takes_artifacts_is_enough() -> None:
    text = HEAD + project(artifacts="NO_ARTIFACTS") + project(artifacts="S3", name="Other")
    assert not findings(ARTIFACTS, {"template.yml": text, "buildspec.yml": HANDING_ON})


# --- secondary artifacts ---------------------------------------------------------------------------------------------

LISTED = "/SecondaryArtifacts: [{{Type: S3, Location: b, ArtifactIdentifier: {}}}]"


def secondary(*names: str) -> str:
    return HANDING_ON.replace(
        "]}\n", "], secondary-artifacts: {" + ", ".join(f"{n}: {{files: [b]}}" for n in names) + "}}\n"
    )


@pytest.mark.parametrize(
    ("spec", "given", "expected"),
    [
        (secondary("report"), (LISTED.format("reports"),), [("buildspec.yml", 3, None)]),
        (secondary("reports"), (LISTED.format("reports"),), []),
        (secondary("reports", "logs"), (LISTED.format("reports"),), [("buildspec.yml", 3, None)]),
        (secondary("reports"), (), [("buildspec.yml", 3, None)]),
        (HANDING_ON, (LISTED.format("reports"),), [("template.yml", 15, WARNING)]),
        (secondary("reports"), (LISTED.format("!Ref Free"),), []),
        (secondary("reports"), ("/SecondaryArtifacts: !If [C, [], []]",), []),
        (HANDING_ON, (), []),
    ],
)
def test_secondary_artifacts_have_the_names_of_the_project(
    spec: str, given: tuple[str, ...], expected: list[tuple[str, int, Severity | None]]
) -> None:
    assert told(findings(SECONDARY, both(spec, *given, artifacts="S3"))) == expected


def test_points_at_the_name_and_offers_the_right_one() -> None:
    [finding] = findings(SECONDARY, both(secondary("report"), LISTED.format("reports"), artifacts="S3"))
    assert (finding.at.text, finding.help) == ("report", "did you mean 'reports'?")


def test_names_of_a_pipeline_are_another_rules_business() -> None:
    assert not findings(SECONDARY, both(secondary("report"), LISTED.format("reports")))
