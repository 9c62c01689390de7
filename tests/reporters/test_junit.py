from collections import Counter
from pathlib import Path

from hypothesis import given
from lxml import etree

from validator.document import Span
from validator.engine.report import Doubt, Fault, Looked, Report, Suppressed
from validator.rule import Severity

from .reports import finding, place, reports, single, written

XSD = etree.XMLSchema(etree.parse(Path(__file__).parents[1] / "data/junit-10.xsd"))
AT = Span("p.json", 0, 1, 1, 1, 1, 2)


def cases(report: Report) -> list[tuple[str, str, str]]:
    """Class name, name and outcome of every case."""
    tree = etree.fromstring(written("junit", report).encode())
    return [
        (case.get("classname", ""), case.get("name", ""), next((str(child.tag) for child in case), "passed"))
        for case in tree.iter("testcase")
    ]


def test_writes_a_failing_case_per_finding() -> None:
    text = '{"Statement": [{"Effect": "allow"}]}'
    report = single(text, '"allow"', path="p.json", help="write 'Allow'", inner="/Policy")
    assert (
        written("junit", report)
        == """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="stackproof" time="0" tests="1" failures="1" errors="0">
  <testsuite name="p.json" time="0" tests="1" failures="1" errors="0" skipped="0">
    <testcase classname="p.json" name="iam-effect-case /Statement/0/Effect!/Policy" time="0">
      <failure type="iam-effect-case" message="p.json:1:27: error: IAM does not know the Effect 'allow'">\
error[iam-effect-case]: IAM does not know the Effect 'allow'
 --&gt; p.json:1:27
  |
1 | {"Statement": [{"Effect": "allow"}]}
  |                           ^^^^^^^
help: write 'Allow'</failure>
    </testcase>
  </testsuite>
</testsuites>
"""
    )


def test_says_what_became_of_each_file_and_family() -> None:
    report = Report(
        findings=(finding(AT), finding(AT), finding(AT, Severity.NOTE, rule="document-tab", pointer="")),
        undecided=(Doubt("buildspec-lost-cd", "the shell is unknown", Span("b.yml", 0, 1, 1, 1, 1, 2), "/phases", ""),),
        suppressed=(Suppressed(finding(AT, rule="cfn-lint/E3012"), "known"),),
        files=(
            Looked("p.json", "policy", "", families=("document", "iam", "cloudformation", "pipeline")),
            Looked("b.yml", "buildspec", "", families=("document", "buildspec")),
            Looked("c.yml", "template", "", unreadable=True, families=("document",)),
            Looked("d.yml", "other", ""),
        ),
        faults=(Fault("acme-rules", "no module 'acme'"),),
    )
    assert cases(report) == [
        ("p.json", "iam-effect-case /Statement/0/Effect", "failure"),
        ("p.json", "iam-effect-case /Statement/0/Effect #2", "failure"),
        ("p.json", "document-tab", "system-out"),
        ("p.json", "cfn-lint/E3012 /Statement/0/Effect", "skipped"),
        ("p.json", "pipeline", "passed"),
        ("b.yml", "buildspec-lost-cd /phases", "skipped"),
        ("b.yml", "document", "passed"),
        ("c.yml", "unreadable", "error"),
        ("stackproof", "acme-rules", "error"),
    ]


def test_gives_the_reason_of_what_was_skipped() -> None:
    report = Report(undecided=(Doubt("iam-x", "no regions", AT, "", ""),), suppressed=(Suppressed(finding(AT), "ok"),))
    tree = etree.fromstring(written("junit", report).encode())
    assert [skipped.get("message") for skipped in tree.iter("skipped")] == ["ok", "undecided: no regions"]


def test_what_could_not_be_checked_is_an_error() -> None:
    report = Report(unchecked=(Doubt("aws-validate-policy", "no credentials", AT, "/Statement", ""),))
    assert cases(report) == [("p.json", "aws-validate-policy /Statement", "error")]


def test_has_a_passing_case_even_if_nothing_ran() -> None:
    assert cases(Report()) == [("stackproof", "no findings", "passed")]


def test_folds_clean_families_when_there_are_too_many_cases() -> None:
    files = tuple(Looked(f"{n}.yml", "template", "", families=("document", "iam")) for n in range(300))
    assert cases(Report(files=files))[0] == ("0.yml", "document, iam", "passed")
    assert len(cases(Report(files=files))) == 300


def test_leaves_clean_families_out_rather_than_a_failure() -> None:
    files = tuple(Looked(f"{n}.yml", "template", "", families=("document",)) for n in range(500))
    assert cases(Report((finding(AT),), files=files)) == [("p.json", "iam-effect-case /Statement/0/Effect", "failure")]


def test_shows_what_xml_forbids() -> None:
    text = "a]]>\x00\ufffe"
    report = Report((finding(place("a.yml", text, text), message=text),), texts={"a.yml": text})
    [failure] = etree.fromstring(written("junit", report).encode()).iter("failure")
    assert failure.get("message") == r"a.yml:1:1: error: a]]>\x00\ufffe"
    assert r"1 | a]]>\x00\ufffe" in (failure.text or "")


@given(report=reports())
def test_is_valid(report: Report) -> None:
    XSD.assertValid(etree.fromstring(written("junit", report).encode("ascii")))


@given(report=reports())
def test_counts_its_own_cases(report: Report) -> None:
    tree = etree.fromstring(written("junit", report).encode())
    for suite in [tree, *tree.iter("testsuite")]:
        found = Counter(str(child.tag) for case in suite.iter("testcase") for child in case)
        counts = (suite.get("failures"), suite.get("errors"), suite.get("skipped", str(found["skipped"])))
        assert suite.get("tests") == str(len(list(suite.iter("testcase"))))
        assert counts == (str(found["failure"]), str(found["error"]), str(found["skipped"]))


@given(report=reports())
def test_names_each_case_once(report: Report) -> None:
    assert len(names := [case[:2] for case in cases(report)]) == len(set(names))
