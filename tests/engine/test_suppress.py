"""Suppressions, with the rules about them: what a user writes, and what the report says of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from validator import config
from validator.config import Config
from validator.engine.report import Report
from validator.engine.run import run
from validator.project import Project
from validator.registry import Entry, Registry

Projects = Callable[[Mapping[str, str]], Project]
OURS = [
    Entry(family, f"validator.rules.{family}", "stackproof")
    for family in ("document", "suppression", "iam", "buildspec")
]

TWICE = """\
version: 0.2
phases:
  build:
    commands: [make]
{above}  build:{behind}
    commands: [make test]
"""
SAID = "document-duplicate-key"


def report(project: Project, **options: object) -> Report:
    return run(project, replace(Config(Path.cwd()), **options), Registry(OURS))  # type: ignore[arg-type]  # as for run


def rules(report: Report) -> list[str]:
    assert not report.faults
    return [finding.rule for finding in report.findings]


@pytest.mark.parametrize(
    ("above", "behind"),
    [
        ("", f" # stackproof: ignore[{SAID}] for show"),
        ("", f" # stackproof: ignore[iam-shape, {SAID}] for show"),
        (f"  # stackproof: ignore[{SAID}] for show\n", ""),
        (f"# stackproof: ignore[{SAID}] for show\n  # another comment\n", ""),
        (f"# stackproof: ignore[{SAID}] for show\n# stackproof: ignore[iam-shape] for more\n", ""),
    ],
)
def test_a_comment_covers_its_line_or_the_next(project_of: Projects, above: str, behind: str) -> None:
    text = TWICE.format(above=above, behind=behind)
    found = report(project_of({"buildspec.yml": text}), select=(SAID,))
    assert rules(found) == []
    [suppressed] = found.suppressed
    assert (suppressed.finding.rule, suppressed.reason) == (SAID, "for show")


@pytest.mark.parametrize(
    "above",
    [
        f"  # stackproof: ignore[{SAID}] for show\n\n",
        f"  test: # stackproof: ignore[{SAID}] for show\n    commands: [make]\n",
        "  # stackproof: ignore[document-syntax] for show\n",
        "  # stackproof: ignore[] for show\n",
        "  # stackproof: ignore for show\n",
    ],
)
def test_a_comment_covers_nothing_else(project_of: Projects, above: str) -> None:
    project = project_of({"buildspec.yml": TWICE.format(above=above, behind="")})
    assert rules(report(project, select=(SAID,))) == [SAID]


def test_a_comment_at_the_end_of_the_file_covers_nothing(project_of: Projects) -> None:
    text = TWICE.format(above="", behind="") + f"# stackproof: ignore[{SAID}] for show"
    assert rules(report(project_of({"buildspec.yml": text}))) == [SAID, "suppression-unused"]


def test_a_suppression_without_effect_is_reported(project_of: Projects) -> None:
    text = TWICE.format(above="", behind=f" # stackproof: ignore[{SAID}, document-syntax] for show")
    [finding] = report(project_of({"buildspec.yml": text})).findings
    assert (finding.rule, finding.span.line) == ("suppression-unused", 5)
    assert finding.message == "there is nothing of 'document-syntax' to suppress here"


def test_a_name_that_is_no_rules_has_no_effect(project_of: Projects) -> None:
    text = TWICE.format(above="", behind=f" # stackproof: ignore[{SAID}, documnt] for show")
    [finding] = report(project_of({"buildspec.yml": text})).findings
    assert "'documnt'" in finding.message


@pytest.mark.parametrize("options", [{"ignore": ("document-syntax",)}, {"select": (SAID, "suppression")}])
def test_nothing_is_said_of_rules_that_did_not_run(project_of: Projects, options: dict[str, object]) -> None:
    text = TWICE.format(above="", behind=f" # stackproof: ignore[{SAID}, document-syntax, iam-shape] for show")
    assert rules(report(project_of({"buildspec.yml": text}), **options)) == []


def test_a_suppression_without_reason_is_reported_and_holds(project_of: Projects) -> None:
    text = TWICE.format(above="", behind=f" # stackproof: ignore[{SAID}]")
    assert rules(report(project_of({"buildspec.yml": text}))) == ["suppression-without-reason"]


def test_a_suppression_cannot_silence_what_is_said_of_itself(project_of: Projects) -> None:
    text = TWICE.format(above="", behind=f" # stackproof: ignore[{SAID}, suppression-without-reason]")
    assert rules(report(project_of({"buildspec.yml": text}))) == ["suppression-without-reason"]


def test_another_suppression_can(project_of: Projects) -> None:
    above = "  # stackproof: ignore[suppression-without-reason] everybody knows why\n"
    text = TWICE.format(above=above, behind=f" # stackproof: ignore[{SAID}]")
    assert rules(report(project_of({"buildspec.yml": text}))) == []


TEMPLATE = """\
Metadata: {{stackproof: {{ignore: [{top}]}}}}
Resources:
  Role:
    Type: AWS::IAM::Policy
    Metadata: {{stackproof: {{ignore: [{one}]}}}}
    Properties:
      PolicyDocument: {{Version: "2012-10-17", Statement: [{{Effect: allow, Action: "s3:Get*", Resource: "*"}}]}}
  Other:
    Type: AWS::IAM::Policy
    Properties:
      PolicyDocument: {{Version: "2012-10-17", Statement: [{{Effect: allow, Action: "s3:Get*", Resource: "*"}}]}}
"""
ENTRY = "{rule: iam-effect-case, reason: an old one}"


@pytest.mark.parametrize(("top", "one", "lines"), [("", "", [7, 11]), ("", ENTRY, [11]), (ENTRY, "", [])])
def test_metadata_covers_what_is_in_its_template_or_resource(
    project_of: Projects, top: str, one: str, lines: list[int]
) -> None:
    found = report(project_of({"stack.yml": TEMPLATE.format(top=top, one=one)}), select=("iam-effect-case",))
    assert [finding.span.line for finding in found.findings] == lines
    assert {suppressed.reason for suppressed in found.suppressed} <= {"an old one"}


# --- entries of the configuration --------------------------------------------------------------------------------


def configured(text: str) -> Config:
    file = Path("stackproof.toml")
    file.write_text(text)
    return config.read(file, "stackproof.toml", Registry(OURS))


@pytest.mark.parametrize(
    ("entry", "left"),
    [
        ("", []),
        ('path = "a/*.yml"', ["b/c/buildspec.yml"]),
        ('path = "**/buildspec.yml"', []),
        ('path = "buildspec.yml"', []),
        ('path = "*.yml"', []),
        ('path = "b/"', ["a/buildspec.yml"]),
        ('path = "/*.yml"', ["a/buildspec.yml", "b/c/buildspec.yml"]),
        ('path = "c/*.yml"', ["a/buildspec.yml", "b/c/buildspec.yml"]),
        ('path = "b/*.yml"', ["a/buildspec.yml", "b/c/buildspec.yml"]),
        ('pointer = "/phases"', []),
        ('pointer = "/phases/build"', []),
        ('pointer = "/phases/buil"', ["a/buildspec.yml", "b/c/buildspec.yml"]),
    ],
)
def test_an_entry_covers_files_and_what_is_below_a_pointer(project_of: Projects, entry: str, left: list[str]) -> None:
    text = TWICE.format(above="", behind="")
    project = project_of({"a/buildspec.yml": text, "b/c/buildspec.yml": text})
    settled = configured(f'[[ignore]]\nrule = "{SAID}"\nreason = "for show"\n{entry}\n')
    found = run(project, settled, Registry(OURS))
    assert [finding.span.path for finding in found.findings if finding.rule == SAID] == left


def test_an_entry_is_held_to_the_same_as_a_comment(project_of: Projects) -> None:
    project = project_of({"buildspec.yml": "version: 0.2\nphases: {build: {commands: [make]}}\n"})
    settled = configured(f'select = ["suppression", "{SAID}"]\n\n[[ignore]]\nrule = "{SAID}"\n')
    found = run(project, settled, Registry(OURS))
    assert [(finding.rule, finding.span.path, finding.span.line) for finding in found.findings] == [
        ("suppression-unused", "stackproof.toml", 3),
        ("suppression-without-reason", "stackproof.toml", 3),
    ]
    assert "stackproof.toml" in found.texts


def test_an_entry_is_not_judged_by_a_part_of_the_files(project_of: Projects) -> None:
    project = project_of({"buildspec.yml": "version: 0.2\nphases: {build: {commands: [make]}}\n"})
    settled = configured(f'[[ignore]]\nrule = "{SAID}"\nreason = "for show"\n')
    assert not run(project, settled, Registry(OURS), whole=False).findings


def test_a_wall_of_comments_takes_no_time_to_speak_of(project_of: Projects) -> None:
    # Each stands alone above the next: looked through one by one, these would be 200 million lines.
    text = "version: 0.2\n" + "# stackproof: ignore[document-syntax] x\n" * 20_000
    assert len(report(project_of({"buildspec.yml": text}), select=("suppression",)).findings) == 0


MANY = "document: Document\nfor n in range(4000): yield Finding(document.root, str(n))"


def test_thousands_of_entries_take_no_time_to_speak_of(project_of: Projects, rules_of: Callable[..., Registry]) -> None:
    project = project_of({"buildspec.yml": "version: 0.2\n"})
    settled = configured(f'[[ignore]]\nrule = "{SAID}"\n')
    entries = [replace(settled.accepted[0], rule="pack-a", path=f"{number}.*") for number in range(1000)]
    found = run(project, replace(settled, accepted=tuple(entries)), rules_of({"a": MANY}))
    assert len(found.findings) == 4000


def test_thousands_of_metadata_entries_take_no_time_to_speak_of(
    project_of: Projects, rules_of: Callable[..., Registry]
) -> None:
    entries = "".join(f"    - {{rule: {name}, reason: x}}\n" * 1000 for name in ("pack-a", "pack-b"))
    text = f"Metadata:\n  stackproof:\n   ignore:\n{entries}Resources:\n  T: {{Type: AWS::SNS::Topic}}\n"
    project = project_of({"stack.yml": text})
    found = run(project, Config(Path.cwd()), rules_of({"a": MANY}))
    assert (len(found.findings), len(found.suppressed)) == (0, 4000)


LINKS = Entry("cloudformation", "validator.rules.cloudformation", "stackproof")
NESTED = """\
Resources:
  Stack:
    Type: AWS::CloudFormation::Stack
    Metadata: {stackproof: {ignore: [{rule: cloudformation-unknown-nested-parameter, reason: x}, \
{rule: document-duplicate-key, reason: x}]}}
    Properties: {TemplateURL: child.yml}
"""


@pytest.mark.parametrize(
    ("given", "unused"),
    [
        (None, ["'cloudformation-unknown-nested-parameter'", "'document-duplicate-key'"]),
        ("x", ["'document-duplicate-key'"]),
    ],
)
def test_what_was_given_alone_says_nothing_of_rules_about_several_files(
    project_of: Projects, given: str | None, unused: list[str]
) -> None:
    project = project_of({"stack.yml": NESTED})
    project.given = frozenset({"stack.yml"}) if given else None
    found = run(project, Config(Path.cwd(), ignore=("cfn-lint",)), Registry([*OURS, LINKS]))
    said = [finding.message for finding in found.findings if finding.rule == "suppression-unused"]
    assert said == [f"there is nothing of {name} to suppress here" for name in unused]
