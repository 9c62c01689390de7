from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from validator.config import Config
from validator.engine.baseline import Baseline, Entry
from validator.engine.report import Report
from validator.engine.run import run
from validator.project import Project
from validator.registry import Registry
from validator.rule import Severity

BUILDSPEC = "version: 0.2\nphases:\n  build:\n    commands: [make, test]\n"
AT = "document: Document\nyield Finding(document.root.get({path}), {rest})"

Projects = Callable[[Mapping[str, str]], Project]
Rules = Callable[..., Registry]


def at(path: str, rest: str) -> str:
    return AT.format(path=path, rest=rest)


def report(project: Project, registry: Registry, **options: object) -> Report:
    config = replace(Config(Path.cwd()), **options)  # type: ignore[arg-type]  # checked by the tests themselves
    return run(project, config, registry)


def lines(report: Report) -> list[str]:
    return [f"{one.span.path}:{one.span.line}: {one.severity}: {one.message} [{one.rule}]" for one in report.findings]


def test_stamps_rule_and_severity(project_of: Projects, rules_of: Rules) -> None:
    project = project_of({"buildspec.yml": BUILDSPEC})
    found = report(project, rules_of({"a": at("'version'", "'old'")}))
    assert lines(found) == ["buildspec.yml:1: error: old [pack-a]"]


@pytest.mark.parametrize(
    ("own", "ruled", "severity"),
    [
        ("", {}, "error"),
        (", severity=Severity.NOTE", {}, "note"),
        ("", {"pack-a": Severity.WARNING}, "warning"),
        (", severity=Severity.NOTE", {"pack-a": Severity.ERROR}, "error"),
        ("", {"pack-a/X1": Severity.NOTE, "pack-a": Severity.WARNING}, "note"),
    ],
)
def test_a_finding_lowers_and_the_configuration_rules(
    project_of: Projects, rules_of: Rules, own: str, ruled: dict[str, Severity], severity: str
) -> None:
    registry = rules_of({"a": at("'version'", f"'old', code='X1'{own}")})
    [finding] = report(project_of({"buildspec.yml": BUILDSPEC}), registry, severity=ruled).findings
    assert (finding.rule, finding.severity) == ("pack-a/X1", severity)


def test_a_finding_never_raises_its_rules_severity(project_of: Projects, rules_of: Rules) -> None:
    source = at("'version'", "'old', severity=Severity.ERROR")
    registry = rules_of({"a": source})
    rule = registry.rule("pack-a")
    assert rule is not None
    registry._rules["pack-a"] = replace(rule, severity=Severity.NOTE)  # noqa: SLF001
    [finding] = report(project_of({"buildspec.yml": BUILDSPEC}), registry).findings
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["pack-a", "pack-b/X1"]),
        ({"select": ("pack",)}, ["pack-a", "pack-b/X1"]),
        ({"select": ("pack-a",)}, ["pack-a"]),
        ({"select": ("pack-b/X1",)}, ["pack-b/X1"]),
        ({"select": ("pack-b/X2",)}, []),
        ({"select": ("pack-c",)}, ["pack-c"]),
        ({"ignore": ("pack-a",)}, ["pack-b/X1"]),
        ({"ignore": ("pack-b/X1",)}, ["pack-a"]),
        ({"ignore": ("pack",)}, []),
        ({"select": ("pack-a",), "ignore": ("pack-a",)}, []),
        ({"severity": {"pack-a": None}}, ["pack-b/X1"]),
        ({"severity": {"pack-b/X1": None}}, ["pack-a"]),
    ],
)
def test_selection(project_of: Projects, rules_of: Rules, options: dict[str, object], expected: list[str]) -> None:
    found = at("'version'", "'x'")
    rules = {"a": found, "b": at("'version'", "'x', code='X1'"), "c": f", default=False\n---\n{found}"}
    report_ = report(project_of({"buildspec.yml": BUILDSPEC}), rules_of(rules), **options)
    assert [finding.rule for finding in report_.findings] == expected


def test_a_family_sleeps_if_no_kind_wakes_it(project_of: Projects, rules_of: Rules) -> None:
    registry = rules_of({"a": at("'version'", "'x'")}, "kinds = frozenset({'policy'})")
    assert not report(project_of({"buildspec.yml": BUILDSPEC}), registry).findings


def test_files_that_were_not_asked_for_wake_no_family(project_of: Projects, rules_of: Rules) -> None:
    registry = rules_of({"a": "1 / 0"}, "kinds = frozenset({'buildspec'})")
    project = project_of({"buildspec.yml": BUILDSPEC, "policy.json": '{"Statement": []}'})
    project.given = frozenset({"policy.json"})
    assert not report(project, registry).faults


def test_the_order_is_of_path_line_column_rule_and_message(project_of: Projects, rules_of: Rules) -> None:
    twice = "document: Document\nfor m in 'ba': yield Finding(document.root.get('phases'), m)"
    rules = {"b": at("'version'", "'x'"), "a": at("'version'", "'x'"), "c": twice}
    project = project_of({"b/buildspec.yml": BUILDSPEC, "a/buildspec.yml": BUILDSPEC})
    expected = ["1: error: x [pack-a]", "1: error: x [pack-b]", "3: error: a [pack-c]", "3: error: b [pack-c]"]
    assert lines(report(project, rules_of(rules))) == [f"{f}/buildspec.yml:{line}" for f in "ab" for line in expected]


def test_one_defect_is_one_finding_with_all_related_places(project_of: Projects, rules_of: Rules) -> None:
    body = (
        "document: Document\n"
        "for key in ('version', 'phases', 'version'):\n"
        "    yield Finding(document.root, 'x', related=((document.root.get(key), key),))"
    )
    [finding] = report(project_of({"buildspec.yml": BUILDSPEC}), rules_of({"a": body})).findings
    assert [related.message for related in finding.related] == ["version", "phases"]


def test_a_finding_replaces_its_twin_on_the_same_line(project_of: Projects, rules_of: Rules) -> None:
    ours = ", supersedes=('pack-b/X1',)\n---\n" + at("'phases', 'build', 'commands', 0", "'ours'")
    theirs = (
        "document: Document\nfor key in ('version', 'phases'):\n"
        "    yield Finding(document.root.get(key), 'theirs', code='X1')\n"
        "yield Finding(document.root.get('phases', 'build', 'commands'), 'theirs', code='X1')"
    )
    found = report(project_of({"buildspec.yml": BUILDSPEC}), rules_of({"a": ours, "b": theirs}))
    assert lines(found) == [
        "buildspec.yml:1: error: theirs [pack-b/X1]",
        "buildspec.yml:3: error: theirs [pack-b/X1]",
        "buildspec.yml:4: error: ours [pack-a]",
    ]


@pytest.mark.parametrize(
    ("ours", "severity", "theirs", "left"),
    [
        ("'phases', 'a'", "ERROR", "'phases', 'a'", ["ours"]),
        ("'phases', 'a', 'commands'", "ERROR", "'phases', 'a'", ["ours"]),
        ("'phases', 'a'", "ERROR", "'phases', 'a', 'commands'", ["ours"]),
        ("'phases', 'a'", "ERROR", "'phases', 'ab'", ["ours", "theirs"]),
        ("'phases', 'a'", "ERROR", "'phases', 'b'", ["ours", "theirs"]),
        ("'phases', 'a'", "WARNING", "'phases', 'a'", ["ours", "theirs"]),
    ],
)
def test_a_finding_replaces_none_of_another_thing_and_no_error_by_a_milder_one(
    project_of: Projects, rules_of: Rules, ours: str, severity: str, theirs: str, left: list[str]
) -> None:
    text = "version: 0.2\nphases: {a: {commands: [make]}, ab: {commands: [make]}, b: {commands: [make]}}\n"
    source = ", supersedes=('pack-b/X1',)\n---\n" + at(ours, f"'ours', severity=Severity.{severity}")
    registry = rules_of({"a": source, "b": at(theirs, "'theirs', code='X1'")})
    found = report(project_of({"buildspec.yml": text}), registry)
    assert sorted(one.message for one in found.findings) == left


def test_a_note_replaces_a_warning_about_the_same_thing(project_of: Projects, rules_of: Rules) -> None:
    ours = ", supersedes=('pack-b/X1',)\n---\n" + at("'phases'", "'ours', severity=Severity.NOTE")
    theirs = at("'phases'", "'theirs', severity=Severity.WARNING, code='X1'")
    found = report(project_of({"buildspec.yml": BUILDSPEC}), rules_of({"a": ours, "b": theirs}))
    assert [one.message for one in found.findings] == ["ours"]


def test_only_what_touches_the_given_files_is_reported(project_of: Projects, rules_of: Rules) -> None:
    project = project_of({f"{name}/buildspec.yml": BUILDSPEC for name in "abc"})
    body = (
        "project: Project\na, b, c = (d.root for d in project.documents)\n"
        "yield Finding(a, 'here')\n"
        "yield Finding(b, 'seen from here', related=((a, 'here'),))\n"
        "yield Finding(c, 'elsewhere')\n"
        "for at in (a, b): yield Undecided(at, 'who knows')"
    )
    project.given = frozenset({"a/buildspec.yml"})
    found = report(project, rules_of({"x": body}))
    assert [finding.message for finding in found.findings] == ["here", "seen from here"]
    assert [doubt.span.path for doubt in found.undecided] == ["a/buildspec.yml"]
    assert [file.path for file in found.files] == ["a/buildspec.yml"]


def test_doubts_are_listed_once(project_of: Projects, rules_of: Rules) -> None:
    body = "document: Document\nfor _ in 'ab': yield Undecided(document.root, 'who knows')"
    [doubt] = report(project_of({"buildspec.yml": BUILDSPEC}), rules_of({"a": body})).undecided
    assert (doubt.rule, doubt.reason) == ("pack-a", "who knows")


def test_files_say_what_they_are_and_which_families_ran(project_of: Projects, rules_of: Rules) -> None:
    registry = rules_of({"a": "document: Document\nyield from ()"}, "kinds = frozenset({'buildspec'})")
    project = project_of({"buildspec.yml": BUILDSPEC, "policy.json": "{", "values.yml": "a: 1\n"})
    assert [(file.path, file.kind, file.unreadable, file.families) for file in report(project, registry).files] == [
        ("buildspec.yml", "buildspec", False, ("pack",)),
        ("policy.json", "policy", True, ()),
        ("values.yml", "other", False, ()),
    ]


def test_crashes_are_faults_of_the_report(project_of: Projects, rules_of: Rules) -> None:
    [fault] = report(project_of({"buildspec.yml": BUILDSPEC}), rules_of({"a": "document: Document\n1 / 0"})).faults
    assert fault.where == "pack-a"


# --- fingerprints and the baseline -------------------------------------------------------------------------------


def test_a_fingerprint_knows_neither_line_nor_message(project_of: Projects, rules_of: Rules) -> None:
    before = report(project_of({"buildspec.yml": BUILDSPEC}), rules_of({"a": at("'version'", "'x'")}))
    after = report(project_of({"buildspec.yml": "# moved\n" + BUILDSPEC}), rules_of({"a": at("'version'", "'y'")}))
    assert before.findings[0].span != after.findings[0].span
    assert before.findings[0].fingerprint == after.findings[0].fingerprint


def test_fingerprints_of_one_place_differ(project_of: Projects, rules_of: Rules) -> None:
    body = "document: Document\nfor m in 'abc': yield Finding(document.root, m)"
    found = report(project_of({"buildspec.yml": BUILDSPEC}), rules_of({"a": body})).findings
    assert len({finding.fingerprint for finding in found}) == 3


def test_a_fingerprint_knows_what_is_missing_at_a_place(project_of: Projects, rules_of: Rules) -> None:
    project = project_of({"buildspec.yml": BUILDSPEC})
    both, late = (
        {one.message: one.fingerprint for one in report(project, rules_of({"a": body})).findings}
        for body in (
            f"document: Document\nfor m in {names!r}: yield Finding(document.root, m, subject=m)"
            for names in ("ab", "bc")
        )
    )
    assert both["b"] == late["b"]
    assert late["c"] not in both.values()


def test_a_fingerprint_knows_no_working_directory(
    project_of: Projects, rules_of: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = rules_of({"a": at("'version'", "'x'")})
    project = project_of({"deep/buildspec.yml": BUILDSPEC})
    here = Path.cwd()
    [before] = report(project, registry).findings
    monkeypatch.chdir("deep")
    project.documents[0].path = "buildspec.yml"
    [after] = report(project, registry, folder=here).findings
    assert before.fingerprint == after.fingerprint


def test_what_the_baseline_holds_is_suppressed(project_of: Projects, rules_of: Rules) -> None:
    project = project_of({"buildspec.yml": BUILDSPEC})
    registry = rules_of({"a": at("'version'", "'x'"), "b": at("'version'", "'x'")})
    [first, second] = report(project, registry).findings
    accepted = Baseline({first.fingerprint: Entry("buildspec.yml", "pack-a", first.fingerprint)})
    found = run(project, Config(Path.cwd()), registry, baseline=accepted)
    assert found.findings == (second,)
    assert [(one.finding, one.reason) for one in found.suppressed] == [(first, "baseline")]


# --- secrets -----------------------------------------------------------------------------------------------------

HIDDEN = """\
version: 0.2
env:
  variables:
    DB_PASSWORD: "hunter2 \\"x\\""
    DB_PORT: 5432
"""


def test_no_secret_is_shown(project_of: Projects, rules_of: Rules) -> None:
    body = (
        "document: Document\n"
        "secret = document.root.get('env', 'variables', 'DB_PASSWORD')\n"
        "yield Finding(secret, f'it is {secret.value!r}', f'not {secret.text}', related=((secret, secret.value),),\n"
        "              fix=(Edit(secret.span, secret.value + 'x'),))\n"
        "yield Undecided(secret, secret.value)\n"
        "raise ValueError(secret.value)"
    )
    found = report(project_of({"buildspec.yml": HIDDEN}), rules_of({"a": body}))
    [finding] = found.findings
    assert (finding.message, finding.related[0].message, finding.fix) == ("it is '***'", "***", ())
    assert found.undecided[0].reason == "***"
    assert "hunter2" not in repr(found)


def test_masking_keeps_every_place(project_of: Projects, rules_of: Rules) -> None:
    found = report(project_of({"buildspec.yml": HIDDEN}), rules_of({"a": at("'version'", "'x'")}))
    masked = found.texts["buildspec.yml"]
    assert masked == HIDDEN.replace('"hunter2 \\"x\\""', "*" * 15)


def test_line_ends_of_a_secret_stay(project_of: Projects, rules_of: Rules) -> None:
    text = "version: 0.2\r\nenv:\r\n  variables:\r\n    API_TOKEN: |\r\n      first\r\n      second\r\n"
    found = report(project_of({"buildspec.yml": text}), rules_of({"a": at("'version'", "'x'")}))
    masked = found.texts["buildspec.yml"]
    assert "first" not in masked
    assert "second" not in masked
    assert masked.count("\r\n") == text.count("\r\n")
    assert len(masked) == len(text)


def test_of_equal_findings_the_worst_counts(project_of: Projects, rules_of: Rules) -> None:
    project = project_of({"buildspec.yml": BUILDSPEC})
    given = ("Severity.NOTE", "Severity.WARNING")
    body = "document: Document\n" + "\n".join(f"yield Finding(document.root, 'old', severity={one})" for one in given)
    [found] = report(project, rules_of({"a": body})).findings
    assert found.severity is Severity.WARNING
