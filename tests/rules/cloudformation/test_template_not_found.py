"""Rule cloudformation-template-not-found."""

import pytest

from validator import fix
from validator.rule import Severity
from validator.testing import findings, undecided

RULE = "cloudformation-template-not-found"
CHILD = "Resources: {T: {Type: AWS::SNS::Topic}}\n"
CONFIG = '[[template-map]]\nurl = "https://*/prefix/"\npath = "t/"\n'


def files(location: str) -> dict[str, str]:
    parent = f"""\
Parameters: {{X: {{Type: String}}}}
Conditions: {{C: !Equals [!Ref X, y]}}
Resources:
  Web:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: {location}
"""
    return {"a/parent.yml": parent, "a/web.yml": CHILD, "t/db.yml": CHILD, "t/c.yml": CHILD, "u/c.yml": CHILD + "#\n"}


@pytest.mark.parametrize(
    ("location", "severity", "message", "help"),
    [
        ("nothing.yml", None, "which does not exist", "mend the path, or add the file"),
        ("Web.yml", None, "which is spelled in another case", "did you mean 'a/web.yml'?"),
        ("wep.yml", None, "which does not exist", "did you mean 'a/web.yml'?"),
        ("t/db.yml", Severity.WARNING, "which does not exist", "did you mean 't/db.yml'?"),
        ("../../../x.yml", Severity.WARNING, "outside of the project", "mend the path, or add the file"),
        ("/etc/x.yml", Severity.WARNING, "outside of the project", "mend the path, or add the file"),
        ("https://x/prefix/no.yml", Severity.WARNING, "which does not exist", "mend the path, or add the file"),
    ],
)
def test_points_at_the_location(location: str, severity: Severity | None, message: str, help: str) -> None:
    [finding] = findings(RULE, {**files(location), "stackproof.toml": CONFIG})
    assert (finding.at.span.line, finding.severity, finding.help) == (7, severity, help)
    assert finding.message.endswith(message)


@pytest.mark.parametrize(
    "location",
    [
        "web.yml",
        "../t/db.yml",
        "https://x/c.yml",
        "https://x/y/z.yml",
        "__URL__",
        "!Sub '${X}/y.yml'",
        "!If [C, no.yml, web.yml]",
    ],
)
def test_accepts(location: str) -> None:
    assert not findings(RULE, files(location))


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        (".aws-sam/build/template.yaml", "is in a folder that tools write to"),
        ("../dist/x.yml", "is in a folder that tools write to"),
        ("!Ref X", "is not known before deployment"),
        ("!Sub https://x/${X}submodules/vpc/t.yml", "is in a git submodule that is not checked out"),
    ],
)
def test_leaves_undecided(location: str, reason: str) -> None:
    assert not findings(RULE, files(location))
    [doubt] = undecided(RULE, files(location))
    assert doubt.reason == f"the template of Web {reason}"


@pytest.mark.parametrize(
    ("location", "fixed"),
    [("Web.yml", "web.yml"), ("./wep.yml", "./web.yml"), ('"WEB.yml"', '"web.yml"'), ("../t/dbb.yml", "../t/db.yml")],
)
def test_the_fix_mends_a_letter(location: str, fixed: str) -> None:
    given = files(location)
    [finding] = findings(RULE, given)
    edited = fix.edited(given["a/parent.yml"], fix.plan([finding.fix], given).edits["a/parent.yml"])
    assert edited == files(fixed)["a/parent.yml"]
    assert not findings(RULE, files(fixed))


@pytest.mark.parametrize("location", ["nothing.yml", "t/db.yml", "!If [C, Web.yml, web.yml]", ">-\n        Web.yml"])
def test_another_name_is_not_fixed(location: str) -> None:
    assert all(one.fix == () for one in findings(RULE, files(location)))
