import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

Run = Callable[..., Any]
Folder = Callable[[Mapping[str, str]], Path]

GOOD = "version: 0.2\nphases: {build: {commands: [make]}}\n"
BAD = "version: 0.2\nphases: {build: {commands: [make]}}\nenv: {}\nenv: {}\n"
FINDING = "env: the key 'env' stands here a second time"
POLICY = """\
{"Version": "2012-10-17", "Statement": [
  {"Effect": "allow", "Action": "s3:GetObject", "Resource": "*"},
  {"Effect": "ALLOW", "Action": "s3:PutObject", "Resource": "*"}
]}
"""
FIXED = POLICY.replace('"allow"', '"Allow"').replace('"ALLOW"', '"Allow"')
PARENT = """\
Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yml, Parameters: {Colour: blue}}
"""
CHILD = "Resources: {Topic: {Type: AWS::SNS::Topic}}\n"


def concise(ran: Any) -> list[str]:
    return [line.partition(": ")[0] + " " + line.rpartition(" ")[2] for line in ran.out.splitlines()]


def test_a_clean_folder_ends_with_0(stackproof: Run, folder: Folder) -> None:
    folder({"buildspec.yml": GOOD})
    ran = stackproof("check", "--format", "concise")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_an_error_ends_with_1(stackproof: Run, folder: Folder) -> None:
    folder({"buildspec.yml": BAD})
    ran = stackproof("check", "--format", "concise")
    assert ran.code == 1
    assert concise(ran) == ["buildspec.yml:4:1 [document-duplicate-key]"]


@pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1), ("note", 1), ("never", 0)])
def test_fail_on_says_what_ends_with_1(stackproof: Run, folder: Folder, level: str, code: int) -> None:
    folder({"buildspec.yml": BAD, "stackproof.toml": '[severity]\ndocument-duplicate-key = "warning"\n'})
    assert stackproof("check", "--fail-on", level).code == code


def test_files_and_folders_may_be_named_between_options(stackproof: Run, folder: Folder) -> None:
    folder({"a/buildspec.yml": BAD, "b/buildspec.yml": BAD, "c/buildspec.yml": BAD})
    ran = stackproof("check", "a", "--format", "concise", "b/buildspec.yml")
    assert concise(ran) == [f"{name}/buildspec.yml:4:1 [document-duplicate-key]" for name in "ab"]


def test_select_replaces_what_the_configuration_chose(stackproof: Run, folder: Folder) -> None:
    folder({"buildspec.yml": BAD, "stackproof.toml": 'select = ["iam"]\nignore = ["document-duplicate-key"]\n'})
    assert stackproof("check").code == 0
    assert stackproof("check", "--select", "document-duplicate-key,iam").code == 1
    assert stackproof("check", "--select", "document", "--ignore", "document-duplicate-key").code == 0


def test_the_configuration_of_the_one_folder_counts(stackproof: Run, folder: Folder) -> None:
    folder({"a/buildspec.yml": BAD, "a/stackproof.toml": 'ignore = ["document"]', "stackproof.toml": "unknown = 1"})
    assert stackproof("check", "a").code == 0
    assert stackproof("check", "a/buildspec.yml").code == 2
    assert stackproof("check", "a/buildspec.yml", "--config", "a/stackproof.toml").code == 0


def test_excluded_files_are_not_looked_at(stackproof: Run, folder: Folder) -> None:
    folder({"vendor/buildspec.yml": BAD, "stackproof.toml": 'exclude = ["vendor/**"]'})
    assert stackproof("check").code == 0
    assert stackproof("check", "vendor/buildspec.yml").code == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes there")
def test_an_ignore_file_that_is_a_pipe_is_none(stackproof: Run, folder: Folder) -> None:
    os.mkfifo(folder({"buildspec.yml": BAD}) / ".gitignore")
    assert stackproof("check").code == 1


def test_an_ignore_file_of_no_sensible_size_is_none(stackproof: Run, folder: Folder) -> None:
    folder({"buildspec.yml": BAD, ".gitignore": "*.yml\n" + "#" * 2**20})
    assert stackproof("check").code == 1


def test_a_changed_child_is_told_what_it_breaks_in_its_parent(stackproof: Run, folder: Folder) -> None:
    folder({"parent.yml": PARENT, "child.yml": CHILD, "other/buildspec.yml": BAD})
    ran = stackproof("check", "child.yml", "--format", "concise", "--ignore", "cfn-lint")
    assert concise(ran) == ["parent.yml:4:55 [cloudformation-unknown-nested-parameter]"]


def test_reports_are_written_beside_the_output_even_if_the_run_fails(stackproof: Run, folder: Folder) -> None:
    place = folder({"buildspec.yml": BAD})
    ran = stackproof("check", "--format", "concise", "--report", "json:out/a/x.json", "--report", "junit:out/x.xml")
    assert ran.code == 1
    assert len(ran.out.splitlines()) == 1
    assert json.loads((place / "out/a/x.json").read_text())["summary"]["error"] == 1
    assert ET.parse(place / "out/x.xml").getroot().get("failures") == "1"  # noqa: S314  # our own file


def test_a_report_that_cannot_be_written_costs_no_other(stackproof: Run, folder: Folder) -> None:
    place = folder({"buildspec.yml": BAD})
    reports = ("--report", "json:buildspec.yml/x", "--report", "json:out.json", "--report", "json:.")
    ran = stackproof("check", "--format", "concise", *reports)
    assert (ran.code, len(ran.out.splitlines())) == (2, 1)
    assert ran.err == (
        "stackproof: buildspec.yml/x: not written: file exists\nstackproof: .: not written: is a directory\n"
    )
    assert json.loads((place / "out.json").read_text())["summary"]["error"] == 1


def test_show_files_says_what_each_is_and_why(stackproof: Run, folder: Folder) -> None:
    folder({"buildspec.yml": GOOD, "values.yml": "a: 1\n", "stack.yml": CHILD})
    ran = stackproof("check", "--show-files")
    assert ran.code == 0
    assert [line.split(": ")[:2] for line in ran.out.splitlines()] == [
        ["buildspec.yml", "buildspec (0.2)"],
        ["stack.yml", "template (cloudformation)"],
        ["values.yml", "other"],
    ]
    assert ran.err == "stackproof: files: 1 buildspec, 1 other, 1 template\n"


# --- suppression and baseline ------------------------------------------------------------------------------------


def test_a_baseline_accepts_what_was_there(stackproof: Run, folder: Folder) -> None:
    folder({"buildspec.yml": BAD, "policy.json": POLICY})
    assert stackproof("baseline").err == "stackproof: stackproof-baseline.json accepts 3 findings\n"
    arguments = ("check", "--format", "concise", "--baseline", "stackproof-baseline.json")
    assert stackproof(*arguments).code == 0
    folder({"buildspec.yml": "# moved\n" + BAD, "policy.json": POLICY.replace("GetObject", "GetObjct")})
    ran = stackproof(*arguments)
    assert (ran.code, ran.err) == (1, "")
    assert concise(ran) == ["policy.json:2:33 [iam-unknown-action]"]


def test_a_baseline_holds_in_every_working_directory(
    stackproof: Run, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = folder({"a/b/buildspec.yml": BAD})
    stackproof("baseline", "--output", "a/base.json")
    assert json.loads((place / "a/base.json").read_text())["findings"][0]["path"] == "b/buildspec.yml"
    monkeypatch.chdir(place / "a/b")
    assert stackproof("check", "--baseline", "../base.json").code == 0


def test_a_baseline_accepts_no_parameter_that_came_to_be_missing(stackproof: Run, folder: Folder) -> None:
    child = CHILD + "Parameters: {Old: {Type: String}}\n"
    parent = PARENT.replace(", Parameters: {Colour: blue}", "")
    folder({"parent.yml": parent, "child.yml": child})
    chosen = ("--select", "cloudformation-missing-nested-parameter")
    stackproof("baseline", *chosen)
    arguments = ("check", *chosen, "--baseline", "stackproof-baseline.json")
    assert stackproof(*arguments).code == 0
    folder({"child.yml": child.replace("Old", "New")})
    assert stackproof(*arguments).code == 1


def test_a_baseline_tells_what_is_not_found_any_more(stackproof: Run, folder: Folder) -> None:
    folder({"a/buildspec.yml": BAD, "b/buildspec.yml": BAD})
    stackproof("baseline", "--output", "base.json")
    folder({"a/buildspec.yml": GOOD})
    said = "stackproof: a/buildspec.yml: the baseline accepts document-duplicate-key, which is not found any more\n"
    assert stackproof("check", "--baseline", "base.json").err == said
    assert stackproof("check", "a/buildspec.yml", "--baseline", "base.json").err == said
    assert stackproof("check", "b/buildspec.yml", "--baseline", "base.json").err == ""


def test_a_baseline_is_sorted_and_holds_no_line(stackproof: Run, folder: Folder) -> None:
    place = folder({"b/buildspec.yml": BAD, "a/buildspec.yml": BAD, "policy.json": POLICY})
    stackproof("baseline")
    rows = json.loads((place / "stackproof-baseline.json").read_text())["findings"]
    assert [row["path"] for row in rows] == ["a/buildspec.yml", "b/buildspec.yml", "policy.json", "policy.json"]
    assert {tuple(row) for row in rows} == {("path", "rule", "fingerprint", "reason")}


def test_an_entry_holds_behind_a_link_to_the_folder(stackproof: Run, folder: Folder) -> None:
    entry = '[[ignore]]\nrule = "document-duplicate-key"\npath = "/buildspec.yml"\nreason = "for show"\n'
    place = folder({"a/buildspec.yml": BAD, "a/stackproof.toml": entry})
    (place / "link").symlink_to("a")
    assert stackproof("check", f"{place}/link", "--format", "concise").out == ""


def test_part_of_the_files_does_not_make_an_entry_unused(stackproof: Run, folder: Folder) -> None:
    entry = '[[ignore]]\nrule = "document-duplicate-key"\nreason = "for show"\n'
    folder({"a/buildspec.yml": BAD, "b/buildspec.yml": GOOD, "stackproof.toml": entry})
    assert stackproof("check", "--format", "concise").out == ""
    assert stackproof("check", "--format", "concise", "b/buildspec.yml").out == ""
    folder({"a/buildspec.yml": GOOD})
    assert concise(stackproof("check", "--format", "concise")) == ["stackproof.toml:1:3 [suppression-unused]"]


# --- fixing ------------------------------------------------------------------------------------------------------


def test_fix_writes_and_reports_what_is_left(stackproof: Run, folder: Folder) -> None:
    place = folder({"policy.json": POLICY, "buildspec.yml": BAD})
    ran = stackproof("check", "--fix", "--format", "concise")
    assert concise(ran) == ["buildspec.yml:4:1 [document-duplicate-key]"]
    assert (ran.code, ran.err) == (1, "stackproof: 2 fixed\n")
    assert (place / "policy.json").read_text() == FIXED


def test_fixing_twice_is_fixing_once(stackproof: Run, folder: Folder) -> None:
    place = folder({"policy.json": POLICY})
    stackproof("check", "--fix")
    again = stackproof("check", "--fix")
    assert (again.code, again.err) == (0, "stackproof: 0 fixed\n")
    assert (place / "policy.json").read_text() == FIXED


def test_fix_leaves_every_other_byte_alone(stackproof: Run, folder: Folder) -> None:
    head = "\ufeff# ä comment\r\nVersion: '2012-10-17'\r\nStatement:\r\n"
    text = head + "- {Effect: 'allow', Action: s3:Get*, Resource: '*'}  \r\n"
    place = folder({"policy.yml": text})
    assert stackproof("check", "--fix").err == "stackproof: 1 fixed\n"
    assert (place / "policy.yml").read_bytes() == text.replace("'allow'", "'Allow'").encode()


def test_diff_shows_and_writes_nothing(stackproof: Run, folder: Folder) -> None:
    place = folder({"policy.json": POLICY})
    ran = stackproof("check", "--diff")
    assert ran.code == 1
    assert ran.out.startswith("--- a/policy.json\n+++ b/policy.json\n@@ -1,4 +1,4 @@\n")
    assert '+  {"Effect": "Allow", "Action": "s3:PutObject"' in ran.out
    assert (place / "policy.json").read_text() == POLICY


def test_a_diff_of_nothing_is_nothing(stackproof: Run, folder: Folder) -> None:
    folder({"buildspec.yml": BAD})
    ran = stackproof("check", "--diff")
    assert (ran.code, ran.out) == (0, "")


def test_suppressed_findings_are_not_fixed(stackproof: Run, folder: Folder) -> None:
    entry = '[[ignore]]\nrule = "iam-effect-case"\nreason = "for show"\n'
    place = folder({"policy.json": POLICY, "stackproof.toml": entry})
    stackproof("check", "--fix")
    assert (place / "policy.json").read_text() == POLICY


def test_what_cannot_be_fixed_is_told_and_not_counted(
    stackproof: Run, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = folder({"a/policy.json": POLICY, "b/policy.json": POLICY})
    monkeypatch.setattr(os, "access", lambda path, _: "/b/" in str(path))
    ran = stackproof("check", "--fix", "--format", "concise")
    assert ran.err == "stackproof: a/policy.json: not fixed: permission denied\nstackproof: 2 fixed\n"
    assert (place / "b/policy.json").read_text() == FIXED


@pytest.mark.parametrize("name", [b"a\x1b[2J.json", b"a\xff.json", b"a\nb.json"])
def test_a_file_of_any_name_is_fixed(stackproof: Run, folder: Folder, name: bytes) -> None:
    place = folder({})
    file = place / os.fsdecode(name)
    try:
        file.write_text(POLICY)
    except OSError:
        pytest.skip("the file system does not take such a name")
    assert stackproof("check", "--fix").err == "stackproof: 2 fixed\n"
    assert file.read_text() == FIXED
