import subprocess
import sys
import zipfile
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from validator import registry
from validator.registry import Entry, Registry

RULE = """\
from validator.document import Document
from validator.rule import Finding, Severity, rule

@rule({id!r}, Severity.ERROR)
def check(document: Document):
    yield from ()
"""
Package = Callable[..., str]


def test_reads_the_same_entry_points_as_the_standard_library() -> None:
    expected = {(point.name, point.value) for point in entry_points(group=registry.GROUP)}
    assert {(entry.family, entry.package) for entry in registry.installed()} == expected


@pytest.mark.parametrize(
    "metadata", ["acme_rules-1.0.dist-info", "acme_rules.egg-info", "acme_rules-1.0-py3.11.egg-info"]
)
def test_finds_a_distribution_by_its_metadata(metadata: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / metadata).mkdir()
    text = "[console_scripts]\nacme = acme:main\n\n[stackproof.rules]\n# ours\nacme=acme.rules\n[other]\nacme = no\n"
    (tmp_path / metadata / "entry_points.txt").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    [entry] = [entry for entry in registry.installed() if entry.family == "acme"]
    assert entry == Entry("acme", "acme.rules", "acme-rules")


def test_the_first_of_two_distributions_of_one_name_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("hidden", "seen"):
        (tmp_path / folder / "acme-1.0.dist-info").mkdir(parents=True)
        points = tmp_path / folder / "acme-1.0.dist-info" / "entry_points.txt"
        points.write_text(f"[stackproof.rules]\nacme = acme.{folder}\n")
        monkeypatch.syspath_prepend(tmp_path / folder)
    assert [entry.package for entry in registry.installed() if entry.family == "acme"] == ["acme.seen"]


def test_finds_a_distribution_in_a_zip_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "acme.zip", "w") as archive:
        archive.writestr("acme_rules-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n")
        archive.writestr("acme_rules-1.0.dist-info/entry_points.txt", "[stackproof.rules]\nacme = acme_rules\n")
        archive.writestr("acme_rules/__init__.py", "")
        archive.writestr("acme_rules/star.py", RULE.format(id="acme-star"))
    monkeypatch.syspath_prepend(tmp_path / "acme.zip")
    found = Registry()
    assert "acme-star" in found.ids
    assert found.rule("acme-star") is not None


def test_ids_are_known_before_any_rule_is_imported(package: Package) -> None:
    name = package({"one_star": RULE.format(id="acme-one-star"), "_shared": "", "two": "boom"})
    found = Registry([Entry("acme", name, "acme-rules")])
    assert found.ids == ("acme-one-star", "acme-two")
    assert not any(module.startswith(name + ".") for module in sys.modules)


def test_imports_the_rule_that_is_asked_for_only(package: Package) -> None:
    name = package({"one": RULE.format(id="acme-one"), "two": RULE.format(id="acme-two")})
    rule = Registry([Entry("acme", name, "acme-rules")]).rule("acme-one")
    assert rule is not None
    assert {module for module in sys.modules if module.startswith(name + ".")} == {f"{name}.one"}


def test_a_rule_that_speaks_for_another_tool_has_the_tools_name(package: Package) -> None:
    name = package({"acme_lint": RULE.format(id="acme-lint")}, "foreign = frozenset({'acme_lint'})")
    found = Registry([Entry("acme", name, "acme-rules")])
    assert found.rule("acme-lint") is not None
    assert found.family("acme-lint/A1") is not None


def test_only_such_a_rule_has_codes(package: Package) -> None:
    found = Registry([Entry("acme", package({"one": RULE.format(id="acme-one")}), "acme-rules")])
    assert found.family("acme-one/A1") is None


@pytest.mark.parametrize(
    ("init", "kinds", "wakes"),
    [
        ("", {"policy"}, True),
        ("", set(), True),
        ("kinds = frozenset({'policy', 'template'})", {"buildspec", "policy"}, True),
        ("kinds = frozenset({'policy', 'template'})", {"buildspec"}, False),
    ],
)
def test_a_family_says_what_wakes_it(package: Package, init: str, kinds: set[str], *, wakes: bool) -> None:
    [family] = Registry([Entry("acme", package({"one": ""}, init), "acme-rules")]).families.values()
    assert family.wakes_on(kinds) is wakes


@pytest.mark.parametrize(
    ("init", "module", "fault"),
    [
        ("import nowhere", "", "No module named 'nowhere'"),
        ("1 / 0", "", "ZeroDivisionError: division by zero"),
        ("kinds = {'policy'}", "", "`kinds` is {'policy'}, expected a frozenset of strings"),
        ("kinds = frozenset({'polcy'})", "", "`kinds` holds 'polcy', did you mean 'policy'?"),
        ("", "import nowhere", "No module named 'nowhere'"),
        ("", "def (", "SyntaxError: invalid syntax (one.py, line 1)"),
        ("", "raise SystemError", "SystemError"),
        ("", "x = 1", "it holds 0 rules, expected one"),
        ("", RULE.format(id="acme-one") + "again = check\n", "it holds 2 rules, expected one"),
        ("", RULE.format(id="acme-won"), "its rule has the id 'acme-won', expected 'acme-one' by the module's name"),
        ("", RULE.format(id="acme-one").replace(": Document", ""), "rule acme-one: parameter 'document' must be"),
        (
            "",
            RULE.format(id="acme-one").replace(": Document", ": 'Documnt'"),
            "rule acme-one: name 'Documnt' is not defined",
        ),
    ],
)
def test_a_fault_names_distribution_module_and_what_is_wrong(
    package: Package, init: str, module: str, fault: str
) -> None:
    name = package({"one": module}, init)
    found = Registry([Entry("acme", name, "acme-rules")])
    assert found.rule("acme-one") is None
    [told] = found.faults
    assert told.where == (f"acme-rules: {name}.one" if module else f"acme-rules: {name}")
    assert told.message.startswith(fault)


def test_a_family_that_is_no_package_is_a_fault() -> None:
    [fault] = Registry([Entry("acme", "validator.suggest", "acme-rules")]).faults
    assert fault.message == "it is a module, expected a package with one module for each rule"


def test_a_package_without_rules_is_a_fault(package: Package) -> None:
    [fault] = Registry([Entry("acme", package({"_shared": ""}), "acme-rules")]).faults
    assert fault.message == "the package holds no rules, expected one module for each"


def test_a_family_with_an_odd_name_is_a_fault(package: Package) -> None:
    [fault] = Registry([Entry("Acme_1", package({"one": ""}), "acme-rules")]).faults
    assert fault.message == "the family is named 'Acme_1', expected small letters, digits and '-'"


def test_of_two_families_of_one_name_ours_stays(package: Package) -> None:
    ours, other = package({"one": ""}), package({"two": ""})
    found = Registry([Entry("iam", other, "acme-rules"), Entry("iam", ours, "stackproof")])
    assert found.ids == ("iam-one",)
    [fault] = found.faults
    assert (fault.where, fault.message) == (f"acme-rules: {other}", f"family 'iam' is taken by stackproof: {ours}")


def test_of_two_rules_of_one_id_the_first_stays(package: Package) -> None:
    first, second = package({"b_c": RULE.format(id="a-b-c")}), package({"c": RULE.format(id="a-b-c"), "d": ""})
    found = Registry([Entry("a", first, "acme-rules"), Entry("a-b", second, "other-rules")])
    assert found.ids == ("a-b-c", "a-b-d")
    [fault] = found.faults
    assert fault.where == f"other-rules: {second}.c"
    assert fault.message == f"rule id 'a-b-c' is taken by acme-rules: {first}"


def test_our_own_rules_load() -> None:
    found = Registry()
    assert all(found.rule(rule) is not None for rule in found.ids)
    assert not found.faults


def test_reading_entry_points_does_without_the_standard_librarys_reader() -> None:
    program = "import sys, validator.registry as r; r.Registry(); sys.exit('importlib.metadata' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
