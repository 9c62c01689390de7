"""Rule appspec-missing-file."""

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "appspec-missing-file"


def appspec(*locations: str, source: str = "/", os: str = "linux") -> str:
    scripts = "".join(f"    - location: {location}\n" for location in locations)
    files = f"files:\n  - {{source: '{source}', destination: /srv}}\n"
    return f"version: 0.0\nos: {os}\n{files}hooks:\n  AfterInstall:\n{scripts}"


def test_documentation() -> None:
    check_rule(RULE)


def test_points_at_the_location() -> None:
    files = {"appspec.yml": appspec("scripts/a.sh", "scripts/gone.sh"), "scripts/a.sh": "true\n"}
    [finding] = findings(RULE, files)
    assert (finding.at.span.line, finding.at.span.column, finding.severity) == (8, 17, None)
    assert finding.message == "there is no 'scripts/gone.sh' in the revision"


def test_a_script_that_is_named_anyway_was_not_meant() -> None:
    files = {"appspec.yml": appspec("scripts/a.sh", "scripts/b.sh"), "scripts/a.sh": "true\n"}
    [finding] = findings(RULE, files)
    assert finding.help == "add the file, or name one that is there"


def test_a_script_that_several_events_run_is_told_once() -> None:
    files = {"appspec.yml": appspec("s/a.sh", "s/gone.sh", "/s/gone.sh"), "s/a.sh": "true\n"}
    [finding] = findings(RULE, files)
    assert [node.span.line for node, _ in finding.related] == [9]


@pytest.mark.parametrize(
    ("path", "locations", "files"),
    [
        ("appspec.yml", ["scripts/a.sh"], ["scripts/a.sh"]),
        ("appspec.yml", ["/scripts/a.sh"], ["scripts/a.sh"]),
        ("appspec.yml", ["' scripts/a.sh '"], ["scripts/a.sh"]),
        # Nothing of what it names is there: something else puts the revision together.
        ("appspec.yml", ["scripts/a.sh", "b.sh"], ["README.json"]),
        # It is copied to the top of the repository.
        ("deploy/appspec.yml", ["deploy/a.sh", "b.sh"], ["deploy/a.sh", "b.sh"]),
        # Another name: something renames it, and may put it elsewhere.
        ("appspec-test.yml", ["s/a.sh", "s/gone.sh"], ["s/a.sh"]),
        ("appspec.yml", ["s/a.sh", "${DIR}.sh/.."], ["s/a.sh"]),
    ],
)
def test_accepts(path: str, locations: list[str], files: list[str]) -> None:
    assert not findings(RULE, {path: appspec(*locations), **dict.fromkeys(files, "true\n")})


def test_takes_a_path_of_windows_as_one() -> None:
    files = {"appspec.yml": appspec("\\s\\a.sh", "s\\gone.sh", os="windows"), "s/a.sh": "true\n"}
    assert [finding.message for finding in findings(RULE, files)] == ["there is no 's/gone.sh' in the revision"]


def test_is_a_warning_where_only_the_folder_is_there() -> None:
    [finding] = findings(RULE, {"appspec.yml": appspec("scripts/gone.sh"), "scripts/else.sh": "true\n"})
    assert finding.severity == Severity.WARNING


def test_says_nothing_of_a_script_that_a_command_may_make() -> None:
    buildspec = "version: 0.2\nphases: {build: {commands: ['./render > scripts/gone.sh']}}\n"
    files = {"appspec.yml": appspec("scripts/a.sh", "scripts/gone.sh"), "scripts/a.sh": "true\n"}
    assert not findings(RULE, {**files, "buildspec.yml": buildspec})


def test_what_is_copied_may_be_built_unless_it_is_a_slip() -> None:
    files = {"config/web.json": "{}", "scripts/a.sh": "true\n"}
    assert not findings(RULE, {"appspec.yml": appspec("scripts/a.sh", source="target/web.war"), **files})
    [finding] = findings(RULE, {"appspec.yml": appspec("scripts/a.sh", source="config/wbe.json"), **files})
    assert (finding.help, finding.severity) == ("did you mean 'config/web.json'?", Severity.WARNING)
