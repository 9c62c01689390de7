import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from validator import config
from validator.config import Accepted, Config, ConfigError
from validator.registry import Entry, Registry
from validator.rule import Severity
from validator.settings import Exempt, Layout, PolicyFiles, PolicyGroup, Settings, StackFiles, TemplateMap

ROOT = Path(__file__).parents[1]
OPTIONS = """\
document: Document, *, most: int = 3, share: float = 0.5, loud: bool = False, name: str = 'x', \
names: tuple[str, ...] = (), some: frozenset[int] = frozenset(), mode: Literal['a', 'b'] = 'a', settings: Settings"""
RULE = f"""\
from typing import Literal
from validator.document import Document
from validator.rule import Severity, rule
from validator.settings import Settings

@rule("acme-star", Severity.ERROR)
def check({OPTIONS}):
    yield from ()
"""
Reader = Callable[[str], Config]


@pytest.fixture
def registry(package: Callable[..., str]) -> Registry:
    lint = RULE.replace("acme-star", "acme-lint")
    name = package({"star": RULE, "acme_lint": lint}, "foreign = frozenset({'acme_lint'})")
    return Registry([Entry("acme", name, "acme-rules")])


@pytest.fixture
def read(tmp_path: Path, registry: Registry) -> Reader:
    def make(text: str) -> Config:
        file = tmp_path / "stackproof.toml"
        file.write_text(text)
        return config.read(file, "stackproof.toml", registry)

    return make


def complaint(read: Reader, text: str) -> str:
    with pytest.raises(ConfigError) as raised:
        read(text)
    return str(raised.value)


def test_an_empty_file_is_the_default(read: Reader, tmp_path: Path) -> None:
    assert read("") == Config(tmp_path)


def test_reads_every_key(read: Reader, tmp_path: Path) -> None:
    found = read("""\
approved-regions = ["eu-central-1"]
deploy-regions = ["eu-west-1"]
partition = "aws-cn"
exempt = { services = ["sts"], actions = ["s3:List*"], principals = ["arn:*:iam::*:role/break-glass"] }
fail-on = "never"
select = ["acme", "acme-lint/E1"]
exclude = ["vendor/**"]
ignore = ["acme-star", { rule = "acme-star", path = "a/*.yml", pointer = "/Resources", reason = "why" }]
policies = [{ files = "scp/*.json", kind = "scp" }]
[severity]
acme-star = "warning"
"acme-lint/W1" = "off"
[rules.acme-star]
most = 5
[[policy-sets]]
scp = ["a.json", "b.json"]
boundary = "c.json"
[[stacks]]
template = "main.yml"
parameters = "config-*.json"
[[template-map]]
url = "https://*/prefix/"
path = "templates/"
""")
    [accepted] = found.accepted
    assert found == Config(
        tmp_path,
        settings=Settings(
            approved_regions=("eu-central-1",),
            deploy_regions=("eu-west-1",),
            partition="aws-cn",
            exempt=Exempt(("sts",), ("s3:List*",), ("arn:*:iam::*:role/break-glass",)),
            today=date.min,
        ),
        layout=Layout(
            stacks=(StackFiles("main.yml", ("config-*.json",)),),
            template_map=(TemplateMap("https://*/prefix/", "templates/"),),
            policies=(PolicyFiles(("scp/*.json",), "scp"),),
            policy_sets=(PolicyGroup(scp=("a.json", "b.json"), boundary=("c.json",)),),
        ),
        select=("acme", "acme-lint/E1"),
        ignore=("acme-star",),
        severity={"acme-star": Severity.WARNING, "acme-lint/W1": None},
        options={"acme-star": {"most": 5}},
        exclude=("vendor/**",),
        accepted=(Accepted("acme-star", "a/*.yml", "/Resources", "why", accepted.at),),
        fail_on=None,
    )
    assert accepted.at.span.line == 8


def test_what_is_deployed_to_is_what_is_approved_unless_said(read: Reader) -> None:
    assert read('approved-regions = ["eu-west-1"]').settings.deploy_regions == ("eu-west-1",)


def test_the_keys_are_those_of_the_schema(read: Reader) -> None:
    schema = json.loads((ROOT / "schemas/config.json").read_text())
    said = complaint(read, "nothing-like-it = 1")
    assert said.partition("known are ")[2].split(", ") == sorted(schema["properties"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("aproved-regions = []", "1: unknown key 'aproved-regions'; did you mean 'approved-regions'?"),
        ("\n[exempt]\n\nservice = []", "4: unknown key 'service' in exempt; did you mean 'services'?"),
        ('approved-regions = "eu-west-1"', "1: approved-regions is 'eu-west-1', expected a list"),
        ("approved-regions = [1]", "1: approved-regions[0] is 1, expected a string"),
        ("partition = true", "1: partition is True, expected a string"),
        ('partition = "aws-"', "1: partition is 'aws-', expected aws or "),
        (
            'approved-regions = ["eu-centrl-1"]',
            "1: there is no region 'eu-centrl-1' in aws; did you mean 'eu-central-1'?",
        ),
        ("exempt = []", "1: exempt is a list, expected a table"),
        ('fail-on = "eror"', "1: fail-on is 'eror', expected error or warning or note or never"),
        ('select = ["acme-stra"]', "1: there is no rule or family 'acme-stra'; did you mean 'acme-star'?"),
        ('ignore = ["acme-star/E1"]', "1: there is no rule or family 'acme-star/E1'"),
        ('ignore = [{ path = "x" }]', "1: ignore[0] has no key 'rule'"),
        (
            '[[ignore]]\nrule = "acme-star"\n[[ignore]]\nrule = "acme"',
            "4: 'acme' is a family, expected the id of a rule",
        ),
        ('[severity]\nacme = "note"', "2: 'acme' is a family, expected the id of a rule"),
        ('[severity]\nacme-star = "bad"', "2: acme-star is 'bad', expected error or warning or note or off"),
        ("[rules.acme-star]\nmots = 1", "2: unknown key 'mots' in acme-star; did you mean 'most'?"),
        ("[rules.acme-stra]\nmots = 1", "1: there is no rule 'acme-stra'; did you mean 'acme-star'?"),
        ("rules.acme-star = 1", "1: acme-star is 1, expected a table"),
        ('[[policies]]\nfiles = "x"', "1: policies[0] has no key 'kind'"),
        ('[[policies]]\nfiles = "x"\nkind = "spc"', "3: kind is 'spc', expected identity or resource or trust"),
        ('[[stacks]]\ntemplate = "x"\n[[stacks]]\nparameters = "x"', "3: stacks[1] has no key 'template'"),
        ("stacks = [1]", "1: stacks[0] is 1, expected a table"),
        ("a = \n", "1:5: Invalid value"),
        ("x = " + "[" * 2000, " it is nested too deeply"),
        ("x = " + "1" * 5000, " Exceeds the limit"),
        ("[x", " Expected ']' at the end of a table declaration (at end of document)"),
        ('ignore = ["acme"]\n[[ignore]]', "2:9: `ignore` is a list already: write the table into it"),
    ],
)
def test_a_fault_is_told_with_its_place_and_what_was_meant(read: Reader, text: str, said: str) -> None:
    assert complaint(read, text).startswith(f"stackproof.toml:{said}")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("most = 5", {"most": 5}),
        ("share = 1", {"share": 1.0}),
        ("loud = true", {"loud": True}),
        ('names = ["a", "b"]', {"names": ("a", "b")}),
        ("some = [1, 2]", {"some": frozenset({1, 2})}),
        ('mode = "b"', {"mode": "b"}),
    ],
)
def test_options_have_the_types_of_the_rules_parameters(read: Reader, option: str, value: dict[str, object]) -> None:
    assert read(f"[rules.acme-star]\n{option}").options["acme-star"] == value


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ('most = "5"', "most is '5', expected a whole number"),
        ("most = true", "most is True, expected a whole number"),
        ("share = 'x'", "share is 'x', expected a number"),
        ("loud = 1", "loud is 1, expected true or false"),
        ("name = []", "name is a list, expected a string"),
        ("names = [1]", "names is a list, expected a list, each a string"),
        ('mode = "c"', "mode is 'c', expected 'a' or 'b'"),
        ("settings = 1", "unknown key 'settings' in acme-star; known are loud, mode, most, name, names, share, some"),
    ],
)
def test_an_option_of_another_type_is_a_fault(read: Reader, option: str, said: str) -> None:
    assert complaint(read, f"[rules.acme-star]\n{option}") == f"stackproof.toml:2: {said}"


def test_a_file_that_is_not_utf_8_is_a_fault(tmp_path: Path, registry: Registry) -> None:
    (tmp_path / "x.toml").write_bytes(b"a = '\xff'")
    with pytest.raises(ConfigError, match="x: byte 0xff is not UTF-8"):
        config.read(tmp_path / "x.toml", "x", registry)


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(ConfigError, match="x: No such file or directory"):
        config.read(tmp_path / "x.toml", "x", registry)


def test_of_a_pyproject_only_the_own_table_counts(tmp_path: Path, registry: Registry) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text('[project]\nname = "x"\n[tool.stackproof]\npartition = "aws-cn"\n')
    assert config.read(file, "pyproject.toml", registry).settings.partition == "aws-cn"


def test_a_pyproject_without_the_table_is_a_fault(tmp_path: Path, registry: Registry) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text('[project]\nname = "x"\n')
    with pytest.raises(ConfigError, match="there is no table"):
        config.read(file, "pyproject.toml", registry)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"stackproof.toml": "", "a/b/other.toml": ""}, "stackproof.toml"),
        ({"stackproof.toml": "", "a/stackproof.toml": ""}, "a/stackproof.toml"),
        ({"stackproof.toml": "", "a/pyproject.toml": "[tool.stackproof]"}, "a/pyproject.toml"),
        ({"stackproof.toml": "", "a/pyproject.toml": "[tool.other]"}, "stackproof.toml"),
        ({"a/stackproof.toml": "", "a/pyproject.toml": "[tool.stackproof]"}, "a/stackproof.toml"),
        ({"stackproof.toml": "", "a/pyproject.toml": "# [tool.stackproof]"}, "stackproof.toml"),
        ({"stackproof.toml": "", "a/pyproject.toml": "[project]\nname = 'stackproof'"}, "stackproof.toml"),
        ({"stackproof.toml": "", "a/pyproject.toml": "tool = 'stackproof'"}, "stackproof.toml"),
        ({"stackproof.toml": "", "a/pyproject.toml": "[tool]\nstackproof = {}"}, "a/pyproject.toml"),
        ({"stackproof.toml": "", "a/pyproject.toml": "[tool . 'stackproof']"}, "a/pyproject.toml"),
        ({"stackproof.toml": "", "a/pyproject.toml": "[tool.stackproof\n"}, "a/pyproject.toml"),
    ],
)
def test_the_nearest_file_upwards_is_found(tmp_path: Path, files: dict[str, str], found: str) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    assert config.find(tmp_path / "a/b") == tmp_path / found


def test_our_sample_configuration_is_read() -> None:
    file = ROOT / "fixtures/delivery/stackproof.toml"
    assert config.read(file, "stackproof.toml", Registry()).settings.approved_regions
