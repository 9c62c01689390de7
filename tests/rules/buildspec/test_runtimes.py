"""Rules buildspec-runtime-unknown, -removed, -end-of-life, -ignored and -missing."""

from pathlib import Path

import pytest

from validator.cli import main
from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

from .texts import HEAD, both, project

UNKNOWN, REMOVED, END, IGNORED, MISSING = (
    f"buildspec-runtime-{name}" for name in ("unknown", "removed", "end-of-life", "ignored", "missing")
)
WARNING, NOTE = Severity.WARNING, Severity.NOTE


def spec(runtime: str) -> str:
    return f"version: 0.2\nphases:\n  install:\n    runtime-versions:\n      {runtime}\n  build: {{commands: [make]}}\n"


def found(rule: str, runtime: str, image: str = "", **given: str) -> list[Finding]:
    if not image:
        return findings(rule, {"buildspec.yml": spec(runtime)})
    return findings(rule, both(spec(runtime), f"Image: {image}", **given))


def told(rule: str, runtime: str, image: str = "", **given: str) -> list[Severity | None]:
    return [finding.severity for finding in found(rule, runtime, image, **given)]


@pytest.mark.parametrize("rule", [UNKNOWN, REMOVED, END, IGNORED, MISSING])
def test_documentation(rule: str) -> None:
    check_rule(rule)


@pytest.mark.parametrize(("rule", "line", "column"), [(REMOVED, 5, 15), (UNKNOWN, 5, 7)])
def test_points_at_the_version_or_at_the_language(rule: str, line: int, column: int) -> None:
    [finding] = found(rule, "nodejs: 12" if rule == REMOVED else "node: 12")
    assert (finding.at.span.line, finding.at.span.column) == (line, column)


def test_points_into_the_template_where_the_buildspec_stands_in_it() -> None:
    inner = "".join(f"          {line}\n" for line in spec("nodejs: 12").splitlines())
    text = HEAD + project("Image: aws/codebuild/standard:5.0")
    text = text.replace("{Type: CODEPIPELINE, BuildSpec: buildspec.yml}\n", f"\n        BuildSpec: |\n{inner}")
    [finding] = findings(END, {"template.yml": text})
    assert (finding.at.span.path, finding.at.span.line, finding.at.text) == ("template.yml", 19, "12")


# --- which rule says what --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runtime", "image", "unknown", "removed"),
    [
        # Without a project it may be any image.
        ("nodejs: 12", "", [], [WARNING]),
        ("java: openjdk11", "", [], [WARNING]),
        ("docker: 18", "", [], [WARNING]),
        ("node: 12", "", [WARNING], []),
        ("cobol: 85", "", [], []),
        ("nodejs: 23", "", [], []),
        # An image that installs what it has not.
        ("nodejs: 12", "aws/codebuild/standard:8.0", [], [WARNING]),
        ("java: openjdk11", "aws/codebuild/standard:8.0", [], [None]),
        ("docker: 18", "aws/codebuild/standard:8.0", [], [None]),
        ("android: 29", "aws/codebuild/standard:8.0", [], [None]),
        ("nodejs: 20", "aws/codebuild/standard:8.0", [NOTE], []),
        ("nodejs: 24", "aws/codebuild/standard:8.0", [], []),
        ("nodejs: 24.1", "aws/codebuild/standard:8.0", [], []),
        ("nodejs: 20.11.1", "aws/codebuild/standard:8.0", [], []),
        ("docker: 23", "aws/codebuild/standard:8.0", [WARNING], []),
        ("nodejs: lts", "aws/codebuild/standard:8.0", [], []),
        ("node: 24", "aws/codebuild/standard:8.0", [None], []),
        # One that installs nothing.
        ("nodejs: 12", "aws/codebuild/standard:5.0", [], []),
        ("nodejs: 16", "aws/codebuild/standard:5.0", [], [None]),
        ("nodejs: 22", "aws/codebuild/standard:5.0", [None], []),
        ("rust: 1.93", "aws/codebuild/standard:5.0", [None], []),
        ("java: openjdk8", "aws/codebuild/standard:3.0", [], []),
        # One that nobody here knows, one's own, and one that a parameter names.
        ("nodejs: 12", "aws/codebuild/standard:99.0", [], [WARNING]),
        ("nodejs: 22", "aws/codebuild/standard:99.0", [], []),
        ("nodejs: 12", "example/builder:1", [], []),
        ("node: 12", "example/builder:1", [], []),
        ("nodejs: 12", "!Sub '${AWS::AccountId}.dkr.ecr.eu-central-1.amazonaws.com/builder:1'", [], []),
        ("java: openjdk11", "!Ref Image", [], [WARNING]),
        ("node: 12", "!Ref Image", [WARNING], []),
        ("nodejs: 12", "!Ref Free", [], [WARNING]),
        ("java: openjdk11", "!If [C, 'aws/codebuild/standard:8.0', 'aws/codebuild/standard:3.0']", [], [WARNING]),
        # What cannot be told.
        ("nodejs: latest", "aws/codebuild/standard:5.0", [], []),
        ("nodejs: 22.x", "aws/codebuild/standard:5.0", [], []),
        ("nodejs: $VERSION", "aws/codebuild/standard:5.0", [], []),
    ],
)
def test_says_what_fails_and_what_may(
    runtime: str, image: str, unknown: list[Severity | None], removed: list[Severity | None]
) -> None:
    assert (told(UNKNOWN, runtime, image), told(REMOVED, runtime, image)) == (unknown, removed)


def test_a_buildspec_that_was_found_by_its_name_makes_a_warning() -> None:
    files = both(spec("java: openjdk11"), "Image: aws/codebuild/standard:8.0")
    files["folder/buildspec.yml"] = files.pop("buildspec.yml")
    assert [finding.severity for finding in findings(REMOVED, files)] == [WARNING]


def test_a_buildspec_that_is_only_the_default_makes_a_warning() -> None:
    files = {"template.yml": HEAD + project("Image: aws/codebuild/standard:8.0", spec=None)}
    [finding] = findings(REMOVED, {**files, "buildspec.yml": spec("java: openjdk11")})
    assert finding.severity == WARNING


def test_several_projects_make_one_finding() -> None:
    image = "Image: aws/codebuild/standard:5.0"
    text = HEAD + project(image) + project(image, name="Other")
    assert len(findings(UNKNOWN, {"template.yml": text, "buildspec.yml": spec("nodejs: 22")})) == 1


def test_a_version_that_one_of_two_images_has_makes_a_warning() -> None:
    text = HEAD + project("Image: aws/codebuild/standard:5.0")
    text += project("Image: aws/codebuild/standard:7.0", name="Other")
    [finding] = findings(UNKNOWN, {"template.yml": text, "buildspec.yml": spec("nodejs: 22")})
    assert finding.severity == WARNING
    assert finding.message.startswith("aws/codebuild/standard:5.0 has no nodejs 22, and installs no other: ")


def test_a_batch_may_run_in_other_images() -> None:
    files = both(spec("java: openjdk11") + "batch: {build-list: []}\n", "Image: aws/codebuild/standard:8.0")
    assert [finding.severity for finding in findings(REMOVED, files)] == [WARNING]


# --- the end of support ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runtime", "image", "reported"),
    [
        ("nodejs: 18", "", True),
        ("nodejs: 18.19.0", "", True),
        ("nodejs: 24", "", False),
        ("nodejs: 18.x", "", False),
        ("nodejs: 18", "example/builder:1", False),
        ("java: corretto8", "", False),
        # That it was taken out of all images says more; but not where the image has it.
        ("nodejs: 12", "", False),
        ("nodejs: 12", "aws/codebuild/standard:5.0", True),
        ("nodejs: 12", "aws/codebuild/standard:8.0", False),
    ],
)
def test_reports_the_end_of_support(runtime: str, image: str, *, reported: bool) -> None:
    assert bool(found(END, runtime, image)) is reported


@pytest.mark.parametrize(("day", "reported"), [("2026-04-30", False), ("2026-05-01", True), ("1999-01-01", False)])
def test_the_day_decides(
    day: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, reported: bool
) -> None:
    (tmp_path / "buildspec.yml").write_text(spec("nodejs: 20"))
    monkeypatch.chdir(tmp_path)
    main(["check", "--select", END, "--today", day, "--format", "concise"])
    assert ("the support of nodejs 20 ended on 2026-04-30" in capsys.readouterr().out) is reported


def test_offers_what_is_supported_on_that_day() -> None:
    [finding] = found(END, "nodejs: 18")
    assert finding.help == "take one that is supported: 24, 22"


CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "buildspec"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not there")
@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (UNKNOWN, set()),
        (
            REMOVED,
            {
                ("aws+aws-toolkit-vscode__buildspec~lint", 17),
                ("aws+aws-toolkit-vscode__buildspec~linuxE2ETests", 21),
            },
        ),
    ],
)
def test_of_buildspecs_that_people_use_true_defects_only(rule: str, expected: set[tuple[str, int]]) -> None:
    files = {f"{path.stem}/buildspec.yml": path.read_text(encoding="utf-8") for path in CORPUS.iterdir()}
    spans = [finding.at.span for finding in findings(rule, files)]
    assert {(span.path.partition("/")[0], span.line) for span in spans} == expected


# --- images of one's own ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("image", "reported"),
    [
        ("example/builder:1", True),
        ("!If [C, 'example/a:1', 'example/b:1']", True),
        ("!Sub '${AWS::AccountId}.dkr.ecr.eu-central-1.amazonaws.com/builder:1'", True),
        ("!Sub '${Builder.RepositoryUri}:1'", True),
        ("!GetAtt Builder.RepositoryUri", True),
        ("!If [C, !GetAtt Builder.RepositoryUri, !Ref Free]", False),
        ("!Sub '${Free}:1'", False),
        ("!If [C, 'example/a:1', 'aws/codebuild/standard:8.0']", False),
        ("aws/codebuild/standard:99.0", False),
        ("!Ref Free", False),
    ],
)
def test_images_of_ones_own_ignore_runtimes(image: str, *, reported: bool) -> None:
    assert bool(found(IGNORED, "nodejs: 24", image)) is reported
