"""What is known of images, their runtimes and the ends of their support."""

import json
import subprocess
import sys
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from validator.buildspec import Buildspec, runtimes
from validator.buildspec.runtimes import Answer, asked, image, table
from validator.parse import parse


@pytest.mark.parametrize(
    ("name", "kind", "system", "maintained"),
    [
        ("aws/codebuild/standard:8.0", "standard", "Ubuntu 24.04", True),
        ("aws/codebuild/standard:7.0-23.11.08", "standard", "Ubuntu 22.04", True),
        ("aws/codebuild/standard:5.0", "standard", "Ubuntu 20.04", False),
        ("aws/codebuild/amazonlinux2-x86_64-standard:5.0", "standard", "Amazon Linux 2023", True),
        ("aws/codebuild/amazonlinux2-x86_64-standard:4.0-1.0.0", "standard", "Amazon Linux 2", False),
        ("aws/codebuild/amazonlinux-aarch64-lambda-standard:nodejs22", "lambda", "Amazon Linux 2023", True),
        ("aws/codebuild/nodejs:7.0.0", "removed", "", False),
        ("aws/codebuild/standard:9.0", "unknown", "", False),
        ("aws/codebuild/windows-base:2022-1.0", "unknown", "", False),
        ("public.ecr.aws/codebuild/amazonlinux-x86_64-standard:5.0", "unknown", "", False),
        ("node:24", "custom", "", False),
        ("123456789012.dkr.ecr.eu-central-1.amazonaws.com/builder:latest", "custom", "", False),
        ("", "custom", "", False),
    ],
)
def test_knows_an_image_by_its_name(name: str, kind: str, system: str, *, maintained: bool) -> None:
    found = image(name)
    assert (found.name, found.kind, found.system, found.maintained) == (name, kind, system, maintained)


@pytest.mark.parametrize(
    ("tag", "language", "version", "answer"),
    [
        ("7.0", "nodejs", "18", "has"),
        ("7.0", "nodejs", "18.19.0", "has"),
        ("7.0", "nodejs", "1", "installs"),
        ("7.0", "python", "3", "has"),
        ("7.0", "python", "3.1", "installs"),
        ("7.0", "python", "3.13-uv", "has"),
        ("7.0", "java", "corretto17", "has"),
        ("7.0", "java", "corretto22", "installs"),
        ("7.0", "java", "22", "installs"),
        ("7.0", "java", "openjdk11", "lacks"),
        ("7.0", "docker", "20", "lacks"),
        ("5.0", "nodejs", "16", "lacks"),
        ("5.0", "nodejs", "14", "has"),
    ],
)
def test_says_what_an_image_does_about_a_version(tag: str, language: str, version: str, answer: Answer) -> None:
    assert image(f"aws/codebuild/standard:{tag}").answer(language, version) == answer


def test_of_images_without_a_table_nobody_knows() -> None:
    assert image("aws/codebuild/windows-base:2022-1.0").answer("nodejs", "18") == "unknown"


@pytest.mark.parametrize(
    ("language", "version", "gone"),
    [
        ("nodejs", "16", True),
        ("nodejs", "16.20.2", True),
        ("nodejs", "18", False),
        ("nodejs", "21", False),
        ("java", "openjdk8", True),
        ("java", "corretto8", False),
        ("docker", "18", True),
        ("docker", "23", False),
        ("android", "29", True),
        ("python", "3.8", True),
        ("python", "3", False),
        ("golang", "1.2", False),
        ("cobol", "85", False),
    ],
)
def test_tells_what_was_taken_out(language: str, version: str, *, gone: bool) -> None:
    assert runtimes.withdrawn(language, version) is gone


@pytest.mark.parametrize(
    ("language", "version", "day"),
    [
        ("nodejs", "18", "2025-04-30"),
        ("nodejs", "18.19", "2025-04-30"),
        ("nodejs", "180", None),
        ("python", "3.1", None),
        ("python", "3.10", "2026-10-31"),
        ("java", "corretto21", None),
        ("cobol", "85", None),
    ],
)
def test_knows_the_last_day_of_support(language: str, version: str, day: str | None) -> None:
    end = runtimes.end_of_support(language, version)
    assert (end and end.day) == (day and date.fromisoformat(day))


def test_says_who_says_so_where_it_was_looked_up() -> None:
    [known, unknown] = [runtimes.end_of_support("nodejs", version) for version in ("12", "18")]
    assert (known and known.source, unknown and unknown.source) == ("nodejs/Release: schedule.json", "")


def test_reads_what_a_buildspec_asks_for() -> None:
    text = (
        "runtime-versions: {a: 3.10, b: '3.10', c: latest, d: 3.x, e: $E, f: [1], g: true, h: ~, i: corretto8, j: 18}"
    )
    document = parse("buildspec.yml", f"phases: {{install: {{{text}}}}}")
    assert [(one.language, one.version) for one in asked(Buildspec(document.root))] == [
        *(("a", "3.10"), ("b", "3.10"), ("c", ""), ("d", ""), ("e", ""), ("i", "corretto8"), ("j", "18")),
    ]


@pytest.mark.parametrize("text", ["phases:", "phases: {install: {runtime-versions: [nodejs]}}", "phases: {install: x}"])
def test_asks_for_nothing_where_the_shape_is_another(text: str) -> None:
    assert not list(asked(Buildspec(parse("buildspec.yml", text).root)))


@pytest.mark.parametrize(("day", "versions"), [("2026-04-30", ("24", "22", "20")), ("2026-05-01", ("24", "22"))])
def test_offers_what_is_supported_on_a_day(day: str, versions: tuple[str, ...]) -> None:
    assert runtimes.supported("nodejs", date.fromisoformat(day)) == versions


def test_offers_maintained_images_for_the_same_processor() -> None:
    assert all("aarch64" in name for name in runtimes.maintained("aws/codebuild/amazonlinux2-aarch64-standard:1.0"))
    assert "aws/codebuild/standard:8.0" in runtimes.maintained("aws/codebuild/nodejs:7.0.0")
    assert all(image(name).maintained for name in runtimes.maintained())


# --- the tables ------------------------------------------------------------------------------------------------------


def data(name: str) -> dict[str, object]:
    found = json.loads((files("validator.buildspec") / "data" / f"{name}.json").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def test_every_folder_of_runtimes_has_an_image_and_the_reverse() -> None:
    images, tables = data("images")["images"], data("runtimes")["images"]
    assert isinstance(images, list)
    assert isinstance(tables, dict)
    assert {entry["folder"] for entry in images} == tables.keys()


def test_ends_of_support_are_of_languages_that_images_have() -> None:
    support = data("languages")["support"]
    assert isinstance(support, dict)
    assert support.keys() <= runtimes.languages().keys()
    assert all(set(table.get("unverified", ())) <= table["until"].keys() for table in support.values())


# --- the table of runtimes is made anew ------------------------------------------------------------------------------

TABLE = """\
version: 0.1
runtimes:
  golang:
    versions:
      1.9: {commands: [x]}
      1.20: {commands: [x]}
      default: {commands: [goenv install $VERSION]}
  android:
    versions: {28: {commands: [x]}}
"""


def checkout(folder: Path) -> Path:
    for place in ("ubuntu/standard/9.0", "unsupported_images/al2/x86_64/standard/1.0"):
        (folder / place).mkdir(parents=True)
        (folder / place / "runtimes.yml").write_text(TABLE)
    return folder


def test_makes_the_table_of_a_checkout(tmp_path: Path) -> None:
    runtime = {
        "android": {"versions": ["28"], "installs": False},
        "golang": {"versions": ["1.9", "1.20"], "installs": True},
    }
    assert table(checkout(tmp_path), "1234abcd") == {
        "source": "aws/aws-codebuild-docker-images, 1234abcd",
        "images": {"al2/x86_64/standard/1.0": runtime, "ubuntu/standard/9.0": runtime},
    }


def test_writes_the_table_as_a_program(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "validator.buildspec.runtimes", str(checkout(tmp_path)), "1234abcd"]
    written = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert json.loads(written) == table(tmp_path, "1234abcd")
    assert '   "golang": {"versions": ["1.9", "1.20"], "installs": true}' in written.splitlines()


@pytest.mark.parametrize("text", ["version: 0.1", "runtimes: []", "runtimes: ["])
def test_refuses_a_table_without_runtimes(tmp_path: Path, text: str) -> None:
    (tmp_path / "runtimes.yml").write_text(text)
    with pytest.raises(ValueError, match="has no runtimes"):
        table(tmp_path, "")


def test_refuses_a_folder_without_tables(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"there is no runtimes\.yml"):
        table(tmp_path, "")
