import re
from io import StringIO

import pytest
from hypothesis import given

from validator.engine.report import Doubt, Fault, Looked, Related, Report, Suppressed
from validator.reporters import writer
from validator.rule import Severity

from .reports import Terminal, finding, place, reports, single, span, written

MASTER = """\
Resources:
  Db:
    Type: AWS::CloudFormation::Stack
    Properties:
      Parameters:
        Sg: !GetAtt Security.Outputs.Sgg
"""
SECURITY = "Outputs:\r\n  Sg:\r\n    Value: !Ref Sg\r\n"

CODES = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;.*?\x1b\\")


def styled(report: Report, out: StringIO) -> str:
    writer("full")(report, out)
    return out.getvalue()


def excerpt(report: Report) -> str:
    """The lines between the place and the summary."""
    return "".join(line + "\n" for line in written("full", report).split("\n")[3:-3])


def test_lays_out_a_report() -> None:
    files = tuple(Looked(path, "template", "") for path in ("master.yml", "security.yml"))
    at = place("master.yml", MASTER, "!GetAtt Security.Outputs.Sgg")
    report = Report(
        findings=(
            finding(
                at,
                rule="cloudformation-undeclared-output",
                message="Db reads the output 'Sgg', which security.yml does not declare",
                help="did you mean 'Sg'?\nonly declared outputs can be read",
                related=(Related(place("security.yml", SECURITY, "Outputs"), "its outputs are declared here"),),
            ),
            finding(
                place("master.yml", MASTER, MASTER[MASTER.index("Type") :]),
                Severity.NOTE,
                rule="cfn-lint/I3011",
                message="no DeletionPolicy",
            ),
            finding(place("gone.yml", "x", "x"), Severity.WARNING, message="cannot be read"),
        ),
        undecided=(Doubt("parameters-unused", "the value of Env is unknown", at, "", ""),),
        unchecked=(Doubt("aws-validate-policy", "there are no credentials for AWS", at, "", ""),) * 2,
        suppressed=(Suppressed(finding(at), "known"),),
        files=(*files, Looked("gone.yml", "template", "", unreadable=True)),
        faults=(Fault("acme-rules", "no module 'acme'", "Traceback …"),),
        texts={"master.yml": MASTER, "security.yml": SECURITY},
    )
    assert (
        written("full", report)
        == """\
error[cloudformation-undeclared-output]: Db reads the output 'Sgg', which security.yml does not declare
 --> master.yml:6:13
  |
6 |         Sg: !GetAtt Security.Outputs.Sgg
  |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
note: its outputs are declared here
 --> security.yml:1:1
  |
1 | Outputs:
  | -------
help: did you mean 'Sg'?
      only declared outputs can be read

note[cfn-lint/I3011]: no DeletionPolicy
 --> master.yml:3:5
  |
3 |     Type: AWS::CloudFormation::Stack
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
4 |     Properties:
  |     ^^^^^^^^^^^
5 |       Parameters:
  |       ^^^^^^^^^^^
  | ... 1 more line

warning[iam-effect-case]: cannot be read
 --> gone.yml:1:1

master.yml:6:13: undecided: the value of Env is unknown [parameters-unused]
master.yml:6:13: not checked: there are no credentials for AWS, and 1 more alike [aws-validate-policy]
fault: acme-rules: no module 'acme'

3 files: 1 error, 1 warning, 1 note, 1 undecided, 2 not checked, 1 suppressed, 1 unreadable, 1 fault
"""
    )


def test_writes_one_line_when_clean() -> None:
    files = (Looked("a.yml", "policy", ""), Looked("b.yml", "policy", ""))
    assert written("full", Report(files=files)) == "2 files: no findings\n"


def test_underlines_behind_tabs() -> None:
    assert excerpt(single("\ta:\tb\tc", "b\tc")) == "1 |     a:    b    c\n  |           ^^^^^^\n"


def test_underlines_wide_and_combining_characters() -> None:
    assert excerpt(single("名前: cafe\u0301 値", "cafe\u0301")) == "1 | 名前: cafe\u0301 値\n  |       ^^^^\n"
    assert excerpt(single("a: 値段", "値段")) == "1 | a: 値段\n  |    ^^^^\n"


def test_underlines_what_it_writes_as_an_escape() -> None:
    assert excerpt(single("a\u200b: \u202eb", "\u202eb")) == "1 | a\\u200b: \\u202eb\n  |          ^^^^^^^\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_knows_every_line_end(newline: str) -> None:
    text = newline.join(["# top", "  a: b", "c: d"])
    assert excerpt(single(text, "b")) == "2 |   a: b\n  |      ^\n"


def test_gives_a_byte_order_mark_no_column() -> None:
    assert excerpt(single("\ufeffa: b", "b")) == "1 | a: b\n  |    ^\n"


def test_marks_an_empty_span_at_the_end_of_the_text() -> None:
    text = "a: b\nc:"
    report = Report((finding(span("a.yml", text, 7, 7)),), texts={"a.yml": text})
    assert excerpt(report) == "2 | c:\n  |   ^\n"


def test_does_not_show_the_line_behind_a_block() -> None:
    assert excerpt(single("a: |\n  b\nc: d\n", "|\n  b\n")) == "1 | a: |\n  |    ^\n2 |   b\n  |   ^\n"


def test_aligns_line_numbers_of_all_places() -> None:
    text = "x\n" * 9 + "y\n"
    related = (Related(place("a.yml", text, "y"), "and here"),)
    assert excerpt(single(text, "x", related=related)) == (
        " 1 | x\n   | ^\nnote: and here\n  --> a.yml:10:1\n   |\n10 | y\n   | -\n"
    )


def test_crops_a_long_line_around_the_span() -> None:
    line, carets = excerpt(single("x" * 999_999 + "needle" + "y" * 999_999, "needle")).splitlines()
    assert len(line) == len("1 | ") + 116
    assert line[carets.index("^") : carets.rindex("^") + 1] == "needle"
    assert line.startswith("1 | ...x")
    assert line.endswith("y...")


def test_crops_a_long_span_at_its_end() -> None:
    line, carets = excerpt(single("key: " + "值" * 500 + " end", "值" * 500)).splitlines()
    assert line == "1 | key: " + "值" * 42 + "..."
    assert carets == "  |      " + "^" * 87


def test_has_the_same_text_in_colour() -> None:
    report = single("a: '[bold]:smile: 名'", "[bold]:smile: 名", message="[red]x[/red] :warning:")
    out = styled(report, Terminal())
    assert "\x1b[1;31merror[iam-effect-case]" in out
    assert CODES.sub("", out) == written("full", report)


@given(report=reports())
def test_lets_no_input_add_a_code(report: Report) -> None:
    with pytest.MonkeyPatch.context() as patch:
        plain = written("full", report)
        patch.setenv("FORCE_COLOR", "1")
        assert CODES.sub("", styled(report, StringIO())) == plain


def test_links_to_the_file_on_a_terminal() -> None:
    out = styled(single("a", "a", path="x y.yml"), Terminal())
    assert re.search(r"\x1b]8;id=\d+;file:///\S*/x%20y\.yml\x1b\\x y\.yml:1:1\x1b]8;;\x1b\\", out)


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_is_plain_on_a_terminal_that_wants_it_so(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert "\x1b" not in styled(single("a", "a"), Terminal())


def test_takes_the_width_of_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    lines = styled(single("x" * 500, "x" * 500), Terminal()).splitlines()
    assert max(len(line) for line in lines if " | " in line) <= 60
