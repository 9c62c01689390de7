"""`stackproof tree`: what reaches which stack, who reads its outputs, what is wrong where."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from io import StringIO
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from validator import discover
from validator.cloudformation.outline import outline
from validator.cloudformation.template import Template
from validator.cloudformation.tree import Child, StackLink
from validator.engine.mask import Mask
from validator.engine.report import Report
from validator.parse import parse
from validator.project import load
from validator.reporters.tree import Shown, writer
from validator.values import Assumption

Run = Callable[..., Any]
Folder = Callable[[Mapping[str, str]], Path]

ROOT = Path(__file__).parents[2]
SCHEMA = Draft202012Validator(json.loads((ROOT / "schemas/tree.json").read_text("utf-8")))
QUICK = ("--ignore", "cfn-lint")
NO_FINDINGS = ("--select", "suppression")

PARENT = """\
Parameters:
  Stage: {Type: String, AllowedValues: [test, prod]}
  Size: {Type: Number, Default: 3}
  VpcId: {Type: AWS::EC2::VPC::Id}
  Secret: {Type: String, NoEcho: true, Default: hunter2000}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Net:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: net.yml
      Parameters: {VpcId: !Ref VpcId, Cidr: 10.0.0.0/16}
  App:
    Type: AWS::CloudFormation::Stack
    Condition: IsProd
    Properties:
      TemplateURL: !Sub "https://${AWS::Region}.example.com/app/app.yml"
      Parameters:
        Subnet: !GetAtt Net.Outputs.Subnet
        Name: !Sub "${Stage}-${Size}"
        Password: !Ref Secret
Outputs:
  Zone: {Value: !GetAtt Net.Outputs.Zone}
"""
NET = """\
Parameters:
  VpcId: {Type: String}
  Cidr: {Type: String}
  Tag: {Type: String, Default: none}
Resources:
  Topic: {Type: AWS::SNS::Topic}
Outputs:
  Subnet: {Value: !Ref Topic}
  Zone: {Value: !Ref Topic}
  Spare: {Value: !Ref Topic, Condition: Never}
"""
APP = """\
Parameters:
  Subnet: {Type: String}
  Name: {Type: String}
  Password: {Type: String, NoEcho: true}
Resources:
  Topic: {Type: AWS::SNS::Topic}
"""
FILES = {"parent.yml": PARENT, "net.yml": NET, "app/app.yml": APP}

DRAWN = """\
parent.yml
│  in  Stage   'test', 'prod'                        AllowedValues
│      Size    '3'                                   Default
│      VpcId   no value is given
│      Secret  ***                                   Default
│  out Zone
├─ Net  net.yml (exact)
│     in  VpcId   no value is given                     from VpcId
│         Cidr    '10.0.0.0/16'                         literal
│         Tag     'none'                                Default
│     out Subnet  for App.Subnet
│         Zone    for output Zone
│         Spare   not used                              if Never
└─ App  app/app.yml (suffix)  if IsProd
      in  Subnet    known later                           from Net.Subnet
          Name      'prod-3'                              from Stage, Size
          Password  ***                                   from Secret

3 stacks: no findings
"""

LEAF = "Resources:\n  Topic: {Type: AWS::SNS::Topic}\n"


def nesting(*paths: str, condition: str = "") -> str:
    """A template that nests others, as S0, S1 …."""
    lines = ["Resources:"]
    for number, path in enumerate(paths):
        lines += [f"  S{number}:", "    Type: AWS::CloudFormation::Stack"]
        lines += [f"    Condition: {condition}"] if condition else []
        lines += [f"    Properties: {{TemplateURL: {path}}}"]
    return "\n".join(lines) + "\n"


def shown(stackproof: Run, *arguments: str) -> dict[str, Any]:
    ran = stackproof("tree", "--format", "json", *QUICK, *arguments)
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, Any] = json.loads(ran.out)
    SCHEMA.validate(found)
    return found


def values(stack: Mapping[str, Any], parameter: str) -> list[Any]:
    [found] = [one for one in stack["parameters"] if one["name"] == parameter]
    return [one["value"] if one["kind"] == "known" else one["kind"] for one in found["values"]]


def sources(stack: Mapping[str, Any]) -> dict[str, list[str]]:
    return {one["name"]: list(dict.fromkeys(value["source"] for value in one["values"])) for one in stack["parameters"]}


def test_draws_what_reaches_each_stack_and_who_reads_its_outputs(stackproof: Run, folder: Folder) -> None:
    folder(FILES)
    ran = stackproof("tree", *NO_FINDINGS, "parent.yml")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == DRAWN


def test_a_file_gives_the_values_whatever_its_name(stackproof: Run, folder: Folder) -> None:
    folder(FILES | {"values.txt": '{"Stage": "prod", "VpcId": "vpc-1", "Secret": "swordfish"}'})
    [tree] = shown(stackproof, "parent.yml", "--parameters", "values.txt")["trees"]
    assert tree["files"] == [{"name": "values.txt", "path": "values.txt", "certain": True}]
    root, net, app = tree["stacks"]
    assert [values(root, name) for name in ("Stage", "VpcId", "Secret")] == [["prod"], ["vpc-1"], ["hidden"]]
    assert (values(net, "VpcId"), values(app, "Name")) == (["vpc-1"], ["prod-3"])
    assert sources(root) == {"Stage": ["file"], "Size": ["default"], "VpcId": ["file"], "Secret": ["file"]}


def test_a_named_file_stands_instead_of_those_of_the_configuration(stackproof: Run, folder: Folder) -> None:
    config = '[[stacks]]\ntemplate = "parent.yml"\nparameters = "*.json"\n'
    folder(FILES | {"stackproof.toml": config, "a.json": '{"Stage": "test"}', "b.json": '{"Stage": "prod"}'})
    every = shown(stackproof, "parent.yml")["trees"][0]
    one = shown(stackproof, "parent.yml", "--parameters", "b.json")["trees"][0]
    assert [file["path"] for file in every["files"]] == ["a.json", "b.json"]
    assert [file["path"] for file in one["files"]] == ["b.json"]
    assert (values(every["stacks"][0], "Stage"), values(one["stacks"][0], "Stage")) == (["test", "prod"], ["prod"])


def test_says_with_which_files_a_stack_exists(stackproof: Run, folder: Folder) -> None:
    config = '[[stacks]]\ntemplate = "parent.yml"\nparameters = "*.json"\n'
    folder(FILES | {"stackproof.toml": config, "a.json": '{"Stage": "test"}', "b.json": '{"Stage": "prod"}'})
    assert [stack["files"] for stack in shown(stackproof, "parent.yml")["trees"][0]["stacks"]] == [
        ["a.json", "b.json"],
        ["a.json", "b.json"],
        ["b.json"],
    ]
    assert "App  app/app.yml (suffix)  with b.json only; if IsProd\n" in stackproof("tree", *QUICK, "parent.yml").out


def test_a_stack_that_never_exists_is_said_to_be_absent(stackproof: Run, folder: Folder) -> None:
    folder(FILES | {"a.json": '{"Stage": "test"}'})
    [tree] = shown(stackproof, "parent.yml", "--parameters", "a.json")["trees"]
    [absent] = tree["absent"]
    assert (absent["path"], absent["reason"], absent["locations"]) == (["App"], "never", ["app/app.yml"])


def test_a_parameter_is_followed_to_where_it_comes_from(stackproof: Run, folder: Folder) -> None:
    folder(FILES)
    _, net, app = shown(stackproof, "parent.yml")["trees"][0]["stacks"]
    assert sources(net) == {"VpcId": ["parameter"], "Cidr": ["literal"], "Tag": ["default"]}
    assert sources(app) == {"Subnet": ["output"], "Name": ["expression"], "Password": ["parameter"]}
    [subnet] = app["parameters"][0]["values"]
    assert (subnet["kind"], subnet["names"], subnet["path"], subnet["line"]) == (
        "unknown",
        ["Net.Outputs.Subnet"],
        "parent.yml",
        20,
    )
    assert "known after deployment" in subnet["reason"]


def test_an_output_names_all_its_readers(stackproof: Run, folder: Folder) -> None:
    more = "  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub 'q-${Net.Outputs.Zone}'}}\nOutputs:"
    folder(FILES | {"parent.yml": PARENT.replace("Outputs:", more)})
    net = shown(stackproof, "parent.yml")["trees"][0]["stacks"][1]
    used = {one["name"]: [use["by"] for use in one["used"]] for one in net["outputs"]}
    assert used == {"Subnet": ["App.Subnet"], "Zone": ["Queue", "output Zone"], "Spare": []}


@pytest.mark.parametrize("form", ["full", "json", "mermaid", "dot"])
@pytest.mark.parametrize("arguments", [(), ("--parameters", "given.json")])
def test_no_secret_is_shown(stackproof: Run, folder: Folder, form: str, arguments: tuple[str, ...]) -> None:
    parent = PARENT.replace('"${Stage}-${Size}"', '"x${Secret}"')
    folder(FILES | {"parent.yml": parent, "given.json": '{"Stage": "prod", "Secret": "swordfish"}'})
    ran = stackproof("tree", "--format", form, *QUICK, "parent.yml", *arguments)
    assert ran.code == 0
    assert "hunter2000" not in ran.out
    assert "swordfish" not in ran.out


def test_a_short_secret_is_hidden_on_its_way_to_where_it_is_one(stackproof: Run, folder: Folder) -> None:
    parent = PARENT.replace("NoEcho: true, Default: hunter2000", "Default: pw")
    folder(FILES | {"parent.yml": parent})
    root, _, app = shown(stackproof, "parent.yml")["trees"][0]["stacks"]
    assert (values(root, "Secret"), values(app, "Password")) == (["hidden"], ["hidden"])


def test_ten_stacks_of_ten_parameters_fit_on_a_terminal(stackproof: Run, folder: Folder) -> None:
    names = [f"ParameterOfSomeLength{number}" for number in range(10)]
    declared = "Parameters:\n" + "".join(f"  {name}: {{Type: String, Default: {'x' * 90}}}\n" for name in names)
    passed = ", ".join(f"{name}: !Ref {name}" for name in names)
    nested = nesting(*[f"leaf.yml, Parameters: {{{passed}}}"] * 9)
    folder({"root.yml": declared + nested, "leaf.yml": declared + LEAF})
    lines = stackproof("tree", *NO_FINDINGS, "root.yml").out.splitlines()
    assert max(map(len, lines)) <= 100
    assert len(lines) == 10 * 11 + 2


# --- findings ----------------------------------------------------------------------------------------------------

BROKEN = PARENT.replace("Cidr: 10.0.0.0/16", "Cider: 10.0.0.0/16").replace("Net.Outputs.Zone", "Net.Outputs.Zon")


def test_findings_stand_at_the_stack_that_they_are_about(stackproof: Run, folder: Folder) -> None:
    folder(FILES | {"parent.yml": BROKEN})
    rules = ("undeclared-output", "unknown-nested-parameter")
    chosen = ",".join(f"cloudformation-{rule}" for rule in rules)
    found = json.loads(stackproof("tree", "--format", "json", "--select", chosen, "parent.yml").out)
    assert [
        [found["findings"][number]["rule"].removeprefix("cloudformation-") for number in stack["findings"]]
        for stack in found["trees"][0]["stacks"]
    ] == [["undeclared-output"], ["unknown-nested-parameter"], []]


def test_findings_are_those_of_check(stackproof: Run, folder: Folder) -> None:
    suppressed = BROKEN.replace("Zon}", "Zon} # stackproof: ignore[cloudformation-undeclared-output] known")
    config = '[severity]\ncloudformation-unknown-nested-parameter = "note"\n'
    folder(FILES | {"parent.yml": suppressed, "stackproof.toml": config})
    checked = json.loads(stackproof("check", "--format", "json", *QUICK).out)["findings"]
    found = shown(stackproof, "parent.yml")["findings"]
    assert [one["fingerprint"] for one in found] == [one["fingerprint"] for one in checked]
    severities = {one["rule"]: one["severity"] for one in found}
    assert severities["cloudformation-unknown-nested-parameter"] == "note"
    assert "cloudformation-undeclared-output" not in severities


def test_select_and_ignore_are_heeded(stackproof: Run, folder: Folder) -> None:
    folder(FILES | {"parent.yml": BROKEN})
    only = "cloudformation-undeclared-output"
    found = json.loads(stackproof("tree", "--format", "json", "--select", only, "parent.yml").out)["findings"]
    assert [one["rule"] for one in found] == [only]


def test_a_finding_in_a_template_of_several_stacks_is_told_once(stackproof: Run, folder: Folder) -> None:
    leaf = LEAF + "Outputs:\n  A: {Value: 1}\n  A: {Value: 2}\n"
    folder({"root.yml": nesting("leaf.yml", "leaf.yml"), "leaf.yml": leaf})
    out = stackproof("tree", "--select", "document", "root.yml").out
    assert out.count("[document-duplicate-key]") == 1
    assert "1 finding as for S0\n" in out
    assert out.endswith("3 stacks: 1 error\n")


def test_findings_do_not_decide_the_exit_code(stackproof: Run, folder: Folder) -> None:
    folder(FILES | {"parent.yml": BROKEN})
    assert stackproof("tree", *QUICK, "parent.yml").code == 0


# --- what is not in the tree ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("location", "reason", "said"),
    [
        ("lef.yml", "absent", "there is no such file; did you mean 'leaf.yml'?"),
        ("https://example.com/elsewhere/other.yml", "foreign", "no file here has such a path"),
        ("!Ref Where", "unknown", "it is not known before deployment, or is no template"),
        ("notes.yml", "unknown", "it is not known before deployment, or is no template"),
    ],
)
def test_says_why_a_nested_stack_is_absent(
    stackproof: Run, folder: Folder, location: str, reason: str, said: str
) -> None:
    folder({"root.yml": nesting(location), "leaf.yml": LEAF, "notes.yml": "a: [b]\n"})
    tree = next(tree for tree in shown(stackproof)["trees"] if tree["template"] == "root.yml")
    [absent] = tree["absent"]
    assert (absent["path"], absent["reason"]) == (["S0"], reason)
    assert said in stackproof("tree", *QUICK).out


def test_a_template_that_cannot_be_read_is_told_at_its_stack(stackproof: Run, folder: Folder) -> None:
    folder({"root.yml": nesting("leaf.yml"), "leaf.yml": "Resources:\n  Topic: {Type: AWS::SNS::Topic\n"})
    found = shown(stackproof, "root.yml")
    [absent] = found["trees"][0]["absent"]
    assert [found["findings"][number]["rule"] for number in absent["findings"]] == ["document-syntax"]


def test_alternatives_are_stacks_with_their_conditions(stackproof: Run, folder: Folder) -> None:
    parent = nesting('!If [Big, big.yml, "small.yml"]', '!If [Big, big.yml, "big.yml"]').replace(
        "Resources:", "Parameters: {P: {Type: String}}\nConditions: {Big: !Equals [!Ref P, x]}\nResources:"
    )
    folder({"root.yml": parent, "big.yml": LEAF, "small.yml": LEAF})
    stacks = shown(stackproof, "root.yml")["trees"][0]["stacks"][1:]
    big = {"kind": "condition", "name": "Big"}
    assert [(stack["template"], stack["conditions"]) for stack in stacks] == [
        ("big.yml", [[big | {"value": True}]]),
        ("small.yml", [[big | {"value": False}]]),
        ("big.yml", []),
    ]


def test_a_template_that_nests_itself_ends_there(stackproof: Run, folder: Folder) -> None:
    folder({"root.yml": nesting("root.yml", "leaf.yml"), "leaf.yml": nesting("root.yml")})
    [tree] = shown(stackproof, "root.yml")["trees"]
    assert [stack["path"] for stack in tree["stacks"]] == [[], ["S1"]]
    assert [(one["path"], one["reason"]) for one in tree["absent"]] == [
        (["S0"], "recursive"),
        (["S1", "S0"], "recursive"),
    ]


def test_a_stack_set_is_named_and_not_followed(stackproof: Run, folder: Folder) -> None:
    folder({"root.yml": nesting("leaf.yml").replace("::Stack\n", "::StackSet\n"), "leaf.yml": LEAF})
    [absent] = shown(stackproof, "root.yml")["trees"][0]["absent"]
    assert (absent["reason"], absent["locations"]) == ("stack-set", ["leaf.yml"])


@pytest.mark.parametrize("form", ["full", "json", "mermaid", "dot"])
def test_a_tree_of_sixty_levels_is_shown(stackproof: Run, folder: Folder, form: str) -> None:
    passing = "    Properties: {TemplateURL: %s, Parameters: {P: !Ref P}}\n"
    files = {
        f"t{level}.yml": "Parameters: {P: {Type: String, Default: a}}\nResources:\n  S:\n"
        "    Type: AWS::CloudFormation::Stack\n" + passing % f"t{level + 1}.yml"
        for level in range(60)
    }
    folder(files | {"t60.yml": "Parameters: {P: {Type: String}}\n" + LEAF})
    ran = stackproof("tree", "--format", form, *QUICK, "t0.yml")
    assert (ran.code, ran.err) == (0, "")
    assert "t60.yml" in ran.out


def test_two_thousand_parameters_are_shown(stackproof: Run, folder: Folder) -> None:
    names = [f"P{number}" for number in range(2000)]
    parameters = "Parameters:\n" + "".join(f"  {name}: {{Type: String, Default: a}}\n" for name in names)
    passed = "".join(f"        {name}: !Ref {name}\n" for name in names)
    folder(
        {
            "root.yml": parameters
            + nesting("leaf.yml")
            .replace("}", ", Parameters: {}}")
            .replace(
                "    Properties: {TemplateURL: leaf.yml, Parameters: {}}\n",
                f"    Properties:\n      TemplateURL: leaf.yml\n      Parameters:\n{passed}",
            ),
            "leaf.yml": parameters + LEAF,
        }
    )
    ran = stackproof("tree", "--format", "json", *NO_FINDINGS, "root.yml")
    _, leaf = json.loads(ran.out)["trees"][0]["stacks"]
    assert len(leaf["parameters"]) == 2000


# --- roots -------------------------------------------------------------------------------------------------------


def test_of_a_folder_all_roots_are_shown(stackproof: Run, folder: Folder) -> None:
    folder({"a/b.yml": nesting("leaf.yml"), "a/c.yml": LEAF, "a/leaf.yml": LEAF, "top.yml": nesting("a/b.yml")})
    assert [tree["template"] for tree in shown(stackproof, "a")["trees"]] == ["a/b.yml", "a/c.yml"]
    assert [tree["template"] for tree in shown(stackproof)["trees"]] == ["a/c.yml", "top.yml"]


def test_of_templates_that_nest_each_other_the_first_is_a_root(stackproof: Run, folder: Folder) -> None:
    folder({"a.yml": nesting("b.yml"), "b.yml": nesting("a.yml")})
    assert [tree["template"] for tree in shown(stackproof, ".")["trees"]] == ["a.yml"]


def test_a_template_that_is_named_besides_its_folder_is_a_root(stackproof: Run, folder: Folder) -> None:
    folder({"a.yml": nesting("b.yml"), "b.yml": LEAF})
    assert [tree["template"] for tree in shown(stackproof, ".", "b.yml")["trees"]] == ["b.yml", "a.yml"]


def test_a_template_that_others_nest_is_a_root_where_it_is_named(stackproof: Run, folder: Folder) -> None:
    folder({"a.yml": nesting("b.yml"), "b.yml": LEAF})
    assert [tree["template"] for tree in shown(stackproof, "b.yml")["trees"]] == ["b.yml"]


def test_a_folder_may_have_its_one_root_paired(stackproof: Run, folder: Folder) -> None:
    folder({f"t/{path}": text for path, text in FILES.items()} | {"v.json": '{"Stage": "test", "VpcId": "vpc-1"}'})
    [tree] = shown(stackproof, "t", "--parameters", "v.json")["trees"]
    assert (tree["template"], values(tree["stacks"][0], "VpcId")) == ("t/parent.yml", ["vpc-1"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["elsewhere.yml"], "elsewhere.yml does not exist; name one that is there"),
        (["paren.yml"], "paren.yml does not exist; did you mean 'parent.yml'?"),
        (["empty"], "there is no template in empty; name "),
        (["given.json"], "given.json is no template but a parameter file"),
        (
            ["notes.yml"],
            "notes.yml is no template: it has nothing that stackproof knows; templates beside it: net.yml, p",
        ),
        (["broken.yml"], "broken.yml:3: "),
        (["parent.yml", "--parameters", "givn.json"], "givn.json does not exist; did you mean 'given.json'?"),
        (["parent.yml", "--parameters", "notes.yml"], "notes.yml is no parameter file; expected {"),
        (["parent.yml", "--parameters", "net.yml"], "net.yml is no parameter file; expected {"),
        (["parent.yml", "--parameters", "empty"], "empty is a folder"),
        (["parent.yml", "net.yml", "--parameters", "given.json"], "is for one root, found parent.yml, net.yml"),
        (["parent.yml", "--format", "jsn"], "did you mean 'json'?"),
        (["left/out.yml"], "left/out.yml is left out by the configuration"),
        ([""], "found an empty path"),
    ],
)
def test_says_in_one_line_what_it_cannot_follow(
    stackproof: Run, folder: Folder, arguments: list[str], said: str
) -> None:
    others = {
        "empty/README": "",
        "given.json": '{"Parameters": {"Stage": "test"}}',
        "notes.yml": "a: [b]\n",
        "broken.yml": "Resources:\n  Topic: {Type: AWS::SNS::Topic\n",
        "left/out.yml": LEAF,
        "stackproof.toml": 'exclude = ["left/**"]\n',
    }
    folder(FILES | others)
    ran = stackproof("tree", *QUICK, *arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert said in ran.err


# --- formats -------------------------------------------------------------------------------------------------------


def test_json_is_the_same_byte_for_byte(folder: Folder) -> None:
    folder(FILES | {"parent.yml": BROKEN})
    command = [sys.executable, "-m", "validator", "tree", "--format", "json", *QUICK]
    outs = {
        subprocess.run(
            [*command, *paths], check=True, capture_output=True, env=os.environ | {"PYTHONHASHSEED": seed}
        ).stdout
        for seed, paths in (("1", ["parent.yml"]), ("2", ["parent.yml"]), ("3", ["."]))
    }
    assert len(outs) == 1


def test_a_stream_without_the_characters_gets_others(folder: Folder) -> None:
    folder(FILES)
    command = [sys.executable, "-m", "validator", "tree", *QUICK, "parent.yml"]
    ran = subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert b"\n|- Net  net.yml (exact)\n|     in  VpcId " in ran.stdout
    assert b"\n`- App  app/app.yml" in ran.stdout


def test_colours_are_for_a_terminal_only(stackproof: Run, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(FILES)
    plain = stackproof("tree", *QUICK, "parent.yml").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = stackproof("tree", *QUICK, "parent.yml").out
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


@pytest.mark.parametrize("form", ["full", "json", "mermaid", "dot"])
def test_nothing_in_a_template_acts_on_the_terminal(stackproof: Run, folder: Folder, form: str) -> None:
    name = 'S\\u001b[31m\\u202e[bold]\\n\\"#;'
    resource = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "leaf.yml"}}
    text = json.dumps({"Resources": {"NAME": resource}}).replace("NAME", name)
    folder({"root.json": text, "leaf.yml": LEAF})
    ran = stackproof("tree", "--format", form, *QUICK, "root.json")
    assert ran.code == 0
    assert not set(ran.out) & set("\x1b\u202e\r")


def test_mermaid_draws_stacks_and_how_they_are_called(stackproof: Run, folder: Folder) -> None:
    folder(FILES | {"parent.yml": PARENT.replace("net.yml", "nt.yml")})
    assert (
        stackproof("tree", "--format", "mermaid", "parent.yml").out
        == """\
flowchart TD
  s0["parent.yml"]
  s1["nt.yml: absent"]:::absent
  s0 -->|"Net"| s1
  s2["app/app.yml"]
  s0 -.->|"App if IsProd"| s2
  classDef absent stroke-dasharray: 3 3
"""
    )


def test_dot_draws_stacks_and_how_they_are_called(stackproof: Run, folder: Folder) -> None:
    folder(FILES | {"parent.yml": PARENT.replace("net.yml", "nt.yml")})
    assert (
        stackproof("tree", "--format", "dot", "parent.yml").out
        == """\
digraph stacks {
  node [shape=box];
  s0 [label="parent.yml"];
  s1 [label="nt.yml: absent", style=dotted];
  s0 -> s1 [label="Net"];
  s2 [label="app/app.yml"];
  s0 -> s2 [label="App if IsProd", style=dashed];
}
"""
    )


def graph(form: str, logical_id: str) -> str:
    """Draw a root that nests a template under some logical id."""
    resource = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "leaf.yml"}}
    with TemporaryDirectory() as folder:
        Path(folder, "root.json").write_text(json.dumps({"Resources": {logical_id: resource}}))
        Path(folder, "leaf.yml").write_text(LEAF)
        project = load(discover.files([folder]), base=Path(folder))
        [root] = [template for template in project.templates if template.path.endswith("root.json")]
        tree = outline(root, {root: project.stack_links}, ())
        out = StringIO()
        writer(form)(Shown([tree], Report(), Mask(())), out)
        return out.getvalue()


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(lambda name: not name.startswith("Fn::"))


@settings(max_examples=60)
@given(NAMES)
def test_dot_quotes_every_name(name: str) -> None:
    labels = re.findall(r'^  s\d+ -> s\d+ \[label="((?:[^"\\\n]|\\.)*)"\];$', graph("dot", name), re.MULTILINE)
    assert len(labels) == 1
    assert labels[0].isascii()


@settings(max_examples=60)
@given(NAMES)
def test_mermaid_quotes_every_name(name: str) -> None:
    labels = re.findall(r'^  s\d+ -->\|"((?:[\w ./:,*\'()=-]|#\d+;)*)"\| s\d+$', graph("mermaid", name), re.MULTILINE)
    assert len(labels) == 1
    assert labels[0].isascii()


WAYS = st.lists(st.dictionaries(st.sampled_from("ABC"), st.booleans()), min_size=1, max_size=6)


@settings(max_examples=60)
@given(WAYS)
def test_conditions_are_put_together_without_a_change_of_meaning(ways: list[dict[str, bool]]) -> None:
    root, leaf = (Template(parse(path, nesting("leaf.yml")).root) for path in ("root.yml", "leaf.yml"))
    whens = [frozenset(Assumption("condition", *one) for one in way.items()) for way in ways]
    children = tuple(Child(leaf, "exact", when) for when in whens)
    resource = root.resources["S0"]
    link = StackLink(root, resource, resource.node, children, ())
    _, branch = outline(root, {root: [link]}, ()).branches
    for truths in product((True, False), repeat=3):
        world = {Assumption("condition", name, truth) for name, truth in zip("ABC", truths, strict=True)}
        said = not branch.conditions or any(world.issuperset(way) for way in branch.conditions)
        assert said is any(world.issuperset(when) for when in whens)
