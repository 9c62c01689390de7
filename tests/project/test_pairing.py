"""What is deployed with what: by commands, samconfig.toml, Git sync, or only by names."""

from collections.abc import Mapping

import pytest

from validator.cloudformation.parameters import ParameterLink
from validator.settings import Layout, StackFiles

from .conftest import Loading

TEMPLATE = "Parameters: {A: {Type: String}, B: {Type: String}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"
CONFIG = '{"Parameters": {"A": "1", "B": "2"}}'
CLI = '[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "ParameterValue": "2"}]'
FILES = {"deploy/main.yml": TEMPLATE, "data/x.json": CONFIG, "data/y.json": CLI}


def buildspec(*commands: str, variables: str = "") -> str:
    listed = "\n".join("      - |\n" + "\n".join(f"        {line}" for line in one.split("\n")) for one in commands)
    return f"version: 0.2\n{variables}phases:\n  build:\n    commands:\n{listed}\n"


SHORT = {
    "@ ": "aws cloudformation ",
    "-T": "--template-file deploy/main.yml",
    "-B": "--template-body file://deploy/main.yml",
    "-O ": "--parameter-overrides ",
    "-X": "file://data/x.json",
}


def full(command: str) -> str:
    """Write out what is short in the tables below."""
    for short, long in SHORT.items():
        command = command.replace(short, long)
    return command


def told(links: tuple[ParameterLink, ...]) -> list[tuple[str, str, bool]]:
    return [(link.file.document.path, link.template.path, link.certain) for link in links]


PAIR = ("data/x.json", "deploy/main.yml")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("@ deploy -T -O -X", [True]),
        ("aws --region x cloudformation deploy --template-file=deploy/main.yml --parameter-overrides=-X", [True]),
        ("@ create-stack -B --parameters -X", [True]),
        ("@ create-change-set --parameters -X -B", [True]),
        ("@ deploy \\\n  -T \\\n  -O '-X'", [True]),
        ("if @ update-stack -B --parameters -X; then :; fi", [True]),
        ("F=data/x.json\n@ deploy -T -O file://$F", [True]),
        ("export E=x; @ deploy -T -O file://data/${E}.json", [True]),
        ("cd deploy && @ deploy --template-file main.yml -O -X", [False]),
        ("@ deploy --template-file main.yml -O -X", [False]),
        ("sed -i s/a/b/ data/*.json\n@ deploy -T -O -X", [False]),
        ("jq . z > data/x.json\n@ deploy -T -O -X", [False]),
        ("@ package -T --output-template-file out.yml\n@ deploy --template-file out.yml -O -X", [True]),
        # Nobody can tell which file, or which template.
        ("@ deploy -T -O file://data/$E.json", []),
        ("E=x; E=y; @ deploy -T -O file://data/$E.json", []),
        ("for E in x y; do @ deploy -T -O file://data/$E.json; done", []),
        ("E=$(cat e); @ deploy -T -O file://data/$E.json", []),
        ("@ deploy --template-file $T -O -X", []),
        ("@ create-stack --template-url https://x/main.yml --parameters -X", []),
        ("@ deploy -T -O file://data/none.json", []),
        # None of these deploys.
        ("echo @ deploy -T -O -X", []),
        ("# @ deploy -T -O -X", []),
        ("cat <<EOF\n@ deploy -T -O -X\nEOF", []),
        ("@ validate-template -B", []),
    ],
)
def test_a_command_pairs_a_file_with_a_template(command: str, expected: list[bool], loaded: Loading) -> None:
    project = loaded({**FILES, "buildspec.yml": buildspec(full(command))})
    assert told(project.parameter_links) == [(*PAIR, certain) for certain in expected]


COMMAND = "aws cloudformation deploy --template-file deploy/main.yml --parameter-overrides file://data/x.json"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("deploy.sh", f"#!/bin/sh\nset -e\n{COMMAND}\n"),
        ("bin/deploy.sh", f"{COMMAND}\n"),
        ("Makefile", f"deploy:\n\t@{COMMAND}\n"),
        ("Makefile", "E := x\n\nup: main.yml\n\t" + COMMAND.replace("x.json", "$(E).json") + "\n"),
        ("Makefile", "up:\n\t" + COMMAND.replace(" --parameter", " \\\n\t  --parameter") + "\n"),
    ],
)
def test_so_do_scripts_and_makefiles(path: str, text: str, loaded: Loading) -> None:
    project = loaded({**FILES, path: text})
    assert told(project.parameter_links) == [(*PAIR, True)]
    [link] = project.parameter_links
    assert link.via is not None
    assert link.via.text.startswith("file://")


def test_a_variable_of_the_buildspec_is_known(loaded: Loading) -> None:
    command = COMMAND.replace("x.json", "$E.json")
    spec = buildspec(command, variables="env: {variables: {E: x}}\n")
    assert told(loaded({**FILES, "buildspec.yml": spec}).parameter_links) == [(*PAIR, True)]


def test_what_a_makefile_only_speaks_of_is_not_run(loaded: Loading) -> None:
    assert not loaded({**FILES, "Makefile": f"# {COMMAND}\nDEPLOY = {COMMAND}\n"}).parameter_links


def test_a_pair_of_command_and_configuration_is_one_link(loaded: Loading) -> None:
    layout = Layout(stacks=(StackFiles("deploy/main.yml", ("data/x.json",)),))
    project = loaded({**FILES, "deploy.sh": COMMAND}, layout=layout)
    assert told(project.parameter_links) == [(*PAIR, True)]


# --- parameters that are written in commands -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "names", "values"),
    [
        ("@ deploy -T -O A=1 B='x y'", "A B", "1|x y"),
        ('@ deploy -T -O "A=1" B=$B', "A B", "1"),
        ("@ deploy -O A=1 C=3 -T", "A C", "1|3"),
        (
            "@ create-stack -B --parameters ParameterKey=A,ParameterValue=1 ParameterKey=B,UsePreviousValue=true",
            "A B",
            "1",
        ),
        ("@ create-stack -B --parameters 'ParameterKey=A,ParameterValue=a\\,b'", "A", "a,b"),
        ("sam deploy -t deploy/main.yml -O 'A=1 B=2'", "A B", "1|2"),
        ("sam deploy -t deploy/main.yml -O ParameterKey=A,ParameterValue=1", "A", "1"),
    ],
)
def test_parameters_in_a_command(command: str, names: str, values: str, loaded: Loading) -> None:
    [link] = loaded({"deploy/main.yml": TEMPLATE, "deploy.sh": full(command)}).parameter_links
    assert list(link.file.names) == names.split()
    assert [str(node.value) for node in link.file.values.values()] == values.split("|")
    assert {name: at.text for name, at in link.file.names.items()} == {name: name for name in link.file.names}


@pytest.mark.parametrize(
    "words", ["$PARAMETERS", "$(cat parameters)", "A=1 $MORE", "A=1 ${!NAMES}", "$NAME=1", "", "[1]", "A"]
)
def test_parameters_that_nobody_knows_are_none(words: str, loaded: Loading) -> None:
    command = f"aws cloudformation deploy --template-file deploy/main.yml --parameter-overrides {words}"
    assert not loaded({"deploy/main.yml": TEMPLATE, "deploy.sh": command}).parameter_links


def test_places_in_a_buildspec_are_those_of_the_names(loaded: Loading) -> None:
    command = "aws cloudformation deploy --template-file deploy/main.yml \\\n  --parameter-overrides A=1"
    [link] = loaded({"deploy/main.yml": TEMPLATE, "buildspec.yml": buildspec(command)}).parameter_links
    at, value = link.file.names["A"].span, link.file.values["A"].span
    assert (at.line, at.column, value.line, value.column) == (7, 33, 7, 35)


@pytest.mark.parametrize(
    ("call", "overridden"),
    [
        ("deploy --template-file deploy/main.yml --parameter-overrides A=1", {"B"}),
        ("create-stack --template-body file://deploy/main.yml --parameters ParameterKey=A,ParameterValue=1", set()),
        ("create-stack --template-body file://deploy/main.yml --parameters ParameterKey=A,ParameterValue=$A", {"A"}),
    ],
)
def test_deploy_keeps_what_it_is_not_given(call: str, overridden: set[str], loaded: Loading) -> None:
    [link] = loaded({"deploy/main.yml": TEMPLATE, "deploy.sh": f"aws cloudformation {call}"}).parameter_links
    assert link.overridden == frozenset(overridden)


def test_what_stands_beside_a_file_overrides_it(loaded: Loading) -> None:
    [link] = loaded({**FILES, "deploy.sh": f"{COMMAND} B=3"}).parameter_links
    assert link.overridden == frozenset({"B"})


# --- samconfig.toml --------------------------------------------------------------------------------------------------

SAMCONFIG = "version = 0.1\n[default.deploy.parameters]\nstack_name = 'x'\nparameter_overrides = {}\n"


@pytest.mark.parametrize(
    "overrides",
    [
        '"A=1 B=\\"2\\""',
        "'A=\"1\" B=2'",
        '["A=1", "B=2"]',
        '"ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue=2"',
        '{A = "1", B = "2"}',
    ],
)
def test_the_forms_of_samconfig(overrides: str, loaded: Loading) -> None:
    [link] = loaded({"template.yaml": TEMPLATE, "samconfig.toml": SAMCONFIG.format(overrides)}).parameter_links
    assert {name: node.value for name, node in link.file.values.items()} == {"A": "1", "B": "2"}
    assert [(at.text, at.span.line) for at in link.file.names.values()] == [("A", 4), ("B", 4)]
    assert (link.template.path, link.certain, link.overridden) == ("template.yaml", True, frozenset())


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("[default.deploy.parameters]\ntemplate_file = 'x.yaml'\nparameter_overrides = 'A=1'\n", 0),
        ("[default.deploy.parameters]\ntemplate_file = 'template.yaml'\nparameter_overrides = 'A=1'\n", 1),
        ("[default.global.parameters]\nparameter_overrides = 'A=1'\n[prod.deploy.parameters]\nregion = 'x'\n", 1),
        ("[a.deploy.parameters]\nparameter_overrides = 'A=1'\n[b.deploy.parameters]\nparameter_overrides = 'A=2'\n", 2),
        ("[default.deploy.parameters]\nparameter_overrides = 3\n", 0),
        ("[default.deploy\n", 0),
        ("default = 1\n", 0),
    ],
)
def test_samconfig_names_its_template(text: str, count: int, loaded: Loading) -> None:
    assert len(loaded({"template.yaml": TEMPLATE, "samconfig.toml": text}).parameter_links) == count


# --- Git sync --------------------------------------------------------------------------------------------------------


def test_a_deployment_file_names_its_template(loaded: Loading) -> None:
    text = "template-file-path: deploy/main.yml\nparameters:\n  A: x\ntags: {a: b}\n"
    [link] = loaded({"deploy/main.yml": TEMPLATE, "sync/prod.yaml": text}).parameter_links
    assert (link.template.path, link.certain, list(link.file.names)) == ("deploy/main.yml", True, ["A"])
    assert link.file.heading.span.line == 2


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"main.yml": TEMPLATE, "config-prod.json": CONFIG}, 1),
        ({"main.yml": TEMPLATE, "main.json": CLI}, 1),
        ({"main.yml": TEMPLATE, "config/prod.json": CONFIG}, 1),
        ({"templates/main.yml": TEMPLATE, "config/prod.json": CONFIG}, 1),
        ({"main.yml": TEMPLATE, "config-prod.json": CONFIG.replace('"B"', '"Bb"')}, 0),
        ({"main.yml": TEMPLATE, "other.yml": TEMPLATE, "config-prod.json": CONFIG}, 0),
        ({"main.yml": TEMPLATE, "notes.json": CONFIG}, 0),
        ({"main.yml": TEMPLATE, "a/b/c/config-prod.json": CONFIG}, 0),
        ({"main.yml": TEMPLATE, "config-prod.json": '{"Parameters": {}}'}, 0),
    ],
)
def test_names_pair_where_only_one_template_fits(files: Mapping[str, str], expected: int, loaded: Loading) -> None:
    links = loaded(files).parameter_links
    assert [(link.guessed, link.certain) for link in links] == [(True, False)] * expected


def test_a_child_is_not_what_a_file_beside_it_is_for(loaded: Loading) -> None:
    nest = TEMPLATE.replace("AWS::SNS::Topic}", "AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yml}}")
    files = {"main.yml": nest, "child.yml": TEMPLATE, "config-prod.json": CONFIG}
    assert [link.template.path for link in loaded(files).parameter_links] == ["main.yml"]


def test_what_is_guessed_decides_no_values(loaded: Loading) -> None:
    [stack] = loaded({"main.yml": TEMPLATE, "config-prod.json": CONFIG}).stacks
    assert stack.file is None
