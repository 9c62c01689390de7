"""The stack tree: which template stands behind a location, how sure that is, and why there is none."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from validator import discover
from validator.cloudformation.template import Template
from validator.cloudformation.tree import StackLink, Tree
from validator.parse import load
from validator.project import load as load_project
from validator.settings import TemplateMap

CORPUS = Path(__file__).parents[2] / "../shared/corpus/nested"
CHILD = "Resources: {Topic: {Type: AWS::SNS::Topic}}\n"
PARAMETERS = """
  Bucket: {Type: String}
  Prefix: {Type: String, Default: quickstart-x/}
  Stage: {Type: String, AllowedValues: [test, prod], Default: test}
  Own: {Type: String}
"""
CONDITIONS = """
  IsOwn: !Equals [!Ref Own, ""]
  IsProd: !Equals [!Ref Stage, prod]
  Never: !Equals [a, b]
"""
MAPPINGS = "Regions: {eu-west-1: {Url: 'https://a/t/west.yml'}, us-east-1: {Url: 'https://b/t/east.yml'}}"


def template(path: str, text: str) -> Template:
    return Template(load(path, text.encode()).root)


def links(
    location: str,
    paths: Iterable[str] = ("child.yml",),
    *,
    parent: str = "parent.yml",
    more: str = "",
    kind: str = "AWS::CloudFormation::Stack",
    contents: Mapping[str, str] | None = None,
    others: Iterable[str] = (),
    template_map: tuple[TemplateMap, ...] = (),
    inside: bool = True,
) -> list[StackLink]:
    name = "Location" if kind == "AWS::Serverless::Application" else "TemplateURL"
    text = (
        f"Parameters: {PARAMETERS}\nConditions: {CONDITIONS}\nMappings: {{{MAPPINGS}}}\n"
        f"Resources:\n  Child:\n    Type: {kind}\n{more}    Properties:\n      {name}: {location}\n"
    )
    templates = {path: template(path, (contents or {}).get(path, CHILD)) for path in paths}
    templates[parent] = template(parent, text)
    tree = Tree(templates, others, template_map=template_map, inside=lambda _: inside)
    return list(tree.links(templates[parent]))


def seen(found: Iterable[StackLink]) -> list[str]:
    """Write down where a link leads."""
    [link] = found
    children = [f"{child.certainty} {child.template.path}{_when(child.when)}" for child in link.children]
    return children + [f"{one.reason} {one.text}{_when(one.when)}" for one in link.missing]


def _when(when: Iterable[tuple[str, str, object]]) -> str:
    return "".join(f" {name}={value}" for _, name, value in sorted(when))


@pytest.mark.parametrize(
    ("location", "paths", "expected"),
    [
        # relative paths
        ("child.yml", ["a/child.yml", "child.yml"], ["exact a/child.yml"]),
        ("./child.yml", ["a/child.yml"], ["exact a/child.yml"]),
        ("../child.yml", ["child.yml"], ["exact child.yml"]),
        ("../b/child.yml", ["b/child.yml"], ["exact b/child.yml"]),
        ("sub", ["a/sub/template.yml"], ["exact a/sub/template.yml"]),
        ("./sub/", ["a/sub/template.yaml"], ["exact a/sub/template.yaml"]),
        (".aws-sam/build/template.yaml", ["a/template.yaml"], ["exact a/template.yaml"]),
        (".aws-sam/build/Sub/template.yaml", ["a/Sub/template.yaml"], ["exact a/Sub/template.yaml"]),
        ("child.yml", ["b/child.yml"], ["absent child.yml"]),
        ("Child.yml", ["a/child.yml"], ["absent Child.yml"]),
        ("parent.yml", [], ["exact a/parent.yml"]),
        ("../../../../child.yml", ["child.yml"], ["absent ../../../../child.yml"]),
        # values that are no location
        ("12", ["a/12"], ["unknown *"]),
        ("~", [], ["unknown *"]),
        ("''", [], ["unknown *"]),
        ("[child.yml]", ["a/child.yml"], ["unknown *"]),
        ("{a: b, c: d}", [], ["unknown *"]),
        ("!GetAtt Topic.Arn", [], ["unknown *"]),
        ("!Ref Own", ["a/child.yml"], ["unknown *"]),
        # what a script replaces, or a URL that lacks its scheme, is no path
        ("__URL__", [], ["foreign __URL__"]),
        ("TEMPLATE_PLACEHOLDER/child.yml", ["a/child.yml"], ["basename a/child.yml"]),
        ("s3.amazonaws.com/bucket/a/child.yml", ["a/child.yml"], ["suffix a/child.yml"]),
        # URLs, host style and path style
        ("https://bucket.s3.amazonaws.com/a/child.yml", ["a/child.yml"], ["suffix a/child.yml"]),
        ("https://a.s3.amazonaws.com/child.yml", ["a/child.yml"], ["basename a/child.yml"]),
        ("https://s3.amazonaws.com/bucket/a/child.yml?versionId=x", ["a/child.yml"], ["suffix a/child.yml"]),
        ("https://s3.amazonaws.com/a/child.yml", ["a/child.yml"], ["basename a/child.yml"]),
        ("https://s3-eu-west-1.amazonaws.com/a/child.yml", ["a/child.yml"], ["basename a/child.yml"]),
        ("s3://a/child.yml", ["a/child.yml"], ["basename a/child.yml"]),
        ("https://host/x/child.yml", ["other.yml"], ["foreign https://host/x/child.yml"]),
        ("https://host", ["host"], ["unknown https://host"]),
        # expressions
        ("!Sub https://${Bucket}.s3.amazonaws.com/a/child.yml", ["a/child.yml"], ["suffix a/child.yml"]),
        ("!Sub https://s3.amazonaws.com/${Own}/child.yml", ["a/child.yml"], ["basename a/child.yml"]),
        ("!Sub https://x/${Prefix}templates/child.yml", ["templates/child.yml"], ["suffix templates/child.yml"]),
        ("!Sub '${Own}templates/child.yml'", ["templates/child.yml"], ["suffix templates/child.yml"]),
        ("!Sub '${Own}child.yml'", ["templates/child.yml"], ["basename templates/child.yml"]),
        ("!Sub https://x/${Own}.yml", ["a/child.yml"], ["unknown https://x/*.yml"]),
        (
            "!Sub ['https://${B}.x/${Prefix}t/c.yml', {B: !If [IsOwn, !Ref Bucket, aws]}]",
            ["t/c.yml"],
            ["suffix t/c.yml"],
        ),
        (
            "!Join ['/', ['https://x', !Ref Own, templates, child.yml]]",
            ["templates/child.yml"],
            ["suffix templates/child.yml"],
        ),
        (
            "!If [IsOwn, a.yml, b.yml]",
            ["a/a.yml", "a/b.yml"],
            ["exact a/a.yml IsOwn=True", "exact a/b.yml IsOwn=False"],
        ),
        (
            "!If [IsOwn, child.yml, 'https://x/child.yml']",
            ["a/child.yml"],
            ["exact a/child.yml IsOwn=True", "basename a/child.yml IsOwn=False"],
        ),
        ("!If [IsOwn, 'https://x/t/c.yml', 'https://y/t/c.yml']", ["t/c.yml"], ["suffix t/c.yml"]),
        (
            "!If [IsOwn, 'https://x/t/c.yml', 'https://y/z.yml']",
            ["t/c.yml"],
            ["suffix t/c.yml IsOwn=True", "foreign https://y/z.yml IsOwn=False"],
        ),
        ("!If [Never, a.yml, b.yml]", ["a/a.yml", "a/b.yml"], ["exact a/b.yml"]),
        (
            "!If [IsOwn, 'https://x/t/c.yml', !Ref 'AWS::NoValue']",
            ["t/c.yml"],
            ["suffix t/c.yml IsOwn=True", "unknown * IsOwn=False"],
        ),
        (
            "!FindInMap [Regions, !Ref 'AWS::Region', Url]",
            ["t/west.yml", "t/east.yml"],
            ["suffix t/west.yml", "suffix t/east.yml"],
        ),
        (
            "!Sub https://x/${Stage}/c.yml",
            ["test/c.yml", "prod/c.yml"],
            ["suffix test/c.yml Stage=test", "suffix prod/c.yml Stage=prod"],
        ),
        ("!Sub '${Prefix}t/c.yml'", ["t/c.yml"], ["suffix t/c.yml"]),
        # submodules
        (
            "!Sub https://x/${Prefix}submodules/quickstart-aws-vpc/templates/x.yaml",
            ["submodules/quickstart-aws-vpc/templates/x.yaml", "templates/x.yaml"],
            ["suffix submodules/quickstart-aws-vpc/templates/x.yaml"],
        ),
        (
            "!Sub https://x/${Prefix}submodules/quickstart-aws-vpc/templates/x.yaml",
            ["templates/x.yaml"],
            ["submodule https://x/quickstart-x/submodules/quickstart-aws-vpc/templates/x.yaml"],
        ),
        (
            "!Sub https://x/${Own}submodules/vpc/templates/x.yaml",
            ["submodules/vpc/templates/x.yaml", "a/vpc/templates/x.yaml"],
            ["suffix submodules/vpc/templates/x.yaml"],
        ),
        # ties
        ("https://x/t/c.yml", ["a/t/c.yml", "b/t/c.yml"], ["suffix a/t/c.yml"]),
        ("https://x/t/c.yml", ["b/t/c.yml", "c/t/c.yml"], ["suffix b/t/c.yml"]),  # the copies are the same
        ("https://x/c.yml", ["a/c.yml", "b/t/c.yml"], ["basename a/c.yml"]),
        ("https://x/b/t/c.yml", ["a/t/c.yml", "b/t/c.yml"], ["suffix b/t/c.yml"]),
    ],
)
def test_location_leads(location: str, paths: list[str], expected: list[str]) -> None:
    assert seen(links(location, paths, parent="a/parent.yml")) == expected


def test_different_files_that_fit_equally_are_ambiguous() -> None:
    contents = {"b/c.yml": CHILD, "d/c.yml": CHILD + "Outputs: {}\n"}
    assert seen(links("https://x/c.yml", contents, contents=contents)) == ["ambiguous https://x/c.yml"]


def test_ambiguous_files_are_named() -> None:
    contents = {"b/c.yml": CHILD, "d/c.yml": CHILD + "Outputs: {}\n", "d/b.yml": CHILD}
    [link] = links("https://x/c.yml", contents, contents=contents)
    assert [one.path for one in link.missing[0].among] == ["b/c.yml", "d/c.yml"]


def test_namesakes_beyond_number_are_ambiguous() -> None:
    assert seen(links("https://x/c.yml", [f"{i}/c.yml" for i in range(51)])) == ["ambiguous https://x/c.yml"]


@pytest.mark.parametrize("location", ["../../child.yml", "/etc/child.yml"])
def test_a_path_out_of_the_project(location: str) -> None:
    assert seen(links(location, inside=False)) == [f"outside {location}"]


def test_a_file_that_is_no_template_is_not_absent() -> None:
    assert seen(links("child.txt", others=["child.txt"])) == ["unknown child.txt"]


def test_near_is_a_template_beside_it_or_elsewhere() -> None:
    [beside] = links("Child.yml")
    [elsewhere] = links("t/child.yml", ["x/t/child.yml"])
    near = [one.near.path for link in (beside, elsewhere) for one in link.missing if one.near is not None]
    assert near == ["child.yml", "x/t/child.yml"]


@pytest.mark.parametrize(
    ("entry", "location", "expected"),
    [
        (TemplateMap("https://*/prefix/", "t/"), "https://b.s3.amazonaws.com/prefix/c.yml", ["exact t/c.yml"]),
        (TemplateMap("https://*/prefix/", "t"), "!Sub https://${Bucket}/prefix/c.yml", ["exact t/c.yml"]),
        (TemplateMap("https://*/prefix/", "t"), "https://x/prefix/d.yml", ["mapped t/d.yml"]),
        (TemplateMap("https://*/prefix/", "t"), "!Sub https://x/prefix/${Own}.yml", ["unknown https://x/prefix/*.yml"]),
        (TemplateMap("https://*/other/", "u"), "https://x/t/c.yml", ["suffix t/c.yml"]),
    ],
)
def test_template_map(entry: TemplateMap, location: str, expected: list[str]) -> None:
    assert seen(links(location, ["t/c.yml"], template_map=(entry,))) == expected


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ("{stackproof: {template: ../t/c.yml}}", ["exact t/c.yml"]),
        ("{stackproof: {template: nothing.yml}}", ["mapped nothing.yml"]),
        ("{aws:asset:path: c.nested.template.json}", ["exact a/c.nested.template.json"]),
        ("{aws:asset:path: [x]}", ["unknown *"]),
    ],
)
def test_hint_in_metadata(metadata: str, expected: list[str]) -> None:
    paths = ["t/c.yml", "a/c.nested.template.json"]
    found = links("!Ref Own", paths, parent="a/parent.yml", more=f"    Metadata: {metadata}\n")
    assert seen(found) == expected


@pytest.mark.parametrize(
    ("kind", "location", "expected"),
    [
        ("AWS::Serverless::Application", "child.yml", ["exact child.yml"]),
        ("AWS::CloudFormation::StackSet", "child.yml", ["exact child.yml"]),
    ],
)
def test_kinds_of_nested_stacks(kind: str, location: str, expected: list[str]) -> None:
    assert seen(links(location, kind=kind)) == expected


@pytest.mark.parametrize(
    ("kind", "location"),
    [
        ("AWS::Serverless::Application", "{ApplicationId: arn, SemanticVersion: 1.0.0}"),
        ("AWS::S3::Bucket", "child.yml"),
        ("Acme::Web::Child::MODULE", "child.yml"),
    ],
)
def test_what_is_no_link(kind: str, location: str) -> None:
    assert links(location, kind=kind) == []


def test_properties_that_an_include_makes_lead_nowhere() -> None:
    include = "{'Fn::Transform': {Name: AWS::Include, Parameters: {Location: s3://b/p.yml}}}"
    text = f"Resources: {{C: {{Type: AWS::CloudFormation::Stack, Properties: {include}}}}}\n"
    parent = template("parent.yml", text)
    assert not list(Tree({"parent.yml": parent}, ()).links(parent))
    assert seen(links(include)) == ["unknown *"]


@pytest.mark.parametrize(
    ("condition", "location", "expected"),
    [
        ("IsOwn", "!If [IsOwn, a.yml, b.yml]", ["exact a.yml"]),
        ("Never", "a.yml", []),
        ("IsProd", "!Sub https://x/${Stage}/c.yml", ["suffix prod/c.yml"]),
        ("IsProd", "!If [IsOwn, a.yml, b.yml]", ["exact a.yml IsOwn=True", "exact b.yml IsOwn=False"]),
    ],
)
def test_only_what_the_stacks_own_condition_allows(condition: str, location: str, expected: list[str]) -> None:
    paths = ["a.yml", "b.yml", "test/c.yml", "prod/c.yml"]
    assert seen(links(location, paths, more=f"    Condition: {condition}\n")) == expected


STACK_SET = """\
Parameters: {X: {Type: String}}
Resources:
  Child:
    Type: AWS::CloudFormation::StackSet
    Properties:
      TemplateBody: %s
      Parameters: [{ParameterKey: A, ParameterValue: b}, {ParameterKey: !Ref X}, %s]
      StackInstancesGroup: [{ParameterOverrides: [{ParameterKey: C, ParameterValue: d}]}, {Regions: []}]
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("'{Resources: {T: {Type: AWS::SNS::Topic}}}'", ["exact parent.yml"]),
        ("!Sub '{Resources: {T: {Type: AWS::SNS::Topic}}}'", ["exact parent.yml"]),
        ("!Sub ['{Resources: {T: {Type: AWS::SNS::Topic}}}', {A: b}]", ["exact parent.yml"]),
        ("!Ref X", ["unknown *"]),
        ("'{'", ["unknown *"]),
        ("'{}'", ["unknown *"]),
        ("{Resources: {}}", ["unknown *"]),
    ],
)
def test_template_that_a_stack_set_carries(body: str, expected: list[str]) -> None:
    parent = template("parent.yml", STACK_SET % (body, "{}"))
    assert seen(Tree({"parent.yml": parent}, ()).links(parent)) == expected


@pytest.mark.parametrize(("last", "is_open"), [("{ParameterKey: E}", False), ("!If [C, {ParameterKey: E}, x]", True)])
def test_what_a_stack_set_passes(last: str, *, is_open: bool) -> None:
    parent = template("parent.yml", STACK_SET.replace("{ParameterKey: !Ref X}, ", "") % ("'{}'", last))
    [link] = Tree({"parent.yml": parent}, ()).links(parent)
    assert [one.name for one in link.passed] == (["A"] if is_open else ["A", "E"])
    assert [(one.name, one.value.value) for one in link.overrides] == [("C", "d")]
    assert link.is_open is is_open


def test_three_thousand_templates_are_linked_quickly() -> None:
    child = (
        "Resources: {C: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://x/%s/template.yaml'}}}"
    )
    templates = {f"d{i}/template.yaml": template(f"d{i}/template.yaml", child % f"e/d{i + 1}") for i in range(3000)}
    templates |= {f"e{i}/u.yaml": template(f"e{i}/u.yaml", child % f"f{i}") for i in range(300)}
    tree = Tree(templates, ())
    found = [link for parent in templates.values() for link in tree.links(parent)]
    assert sum(bool(link.children) for link in found) == 2999


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_the_corpus_resolves(monkeypatch: pytest.MonkeyPatch) -> None:
    found: dict[str, int] = {}
    for repository in sorted(CORPUS.iterdir()):
        monkeypatch.chdir(repository)
        for link in load_project(discover.files(["."])).stack_links:
            reasons = {child.certainty for child in link.children} | {one.reason for one in link.missing}
            name = " ".join(sorted(reasons))
            found[name] = found.get(name, 0) + 1
    assert found == {
        "exact": 3,
        "suffix": 69,
        # Three by their names alone, twelve by URLs that are written out and lead to another folder.
        "basename": 15,
        # Quick Starts as submodules that are not checked out, three of them only if the prefix is another's.
        "submodule": 15,
        "submodule suffix": 3,
        # What taskcat left behind: parents whose children are another repository's.
        "foreign": 27,
    }
