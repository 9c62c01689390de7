"""What stacks come to be, and what reaches their parameters. That this is all and true, test_stacks_property tells."""

from collections.abc import Mapping

import pytest

from validator.cloudformation.choices import variants
from validator.cloudformation.parameters import ParameterFile, ParameterLink, parameter_form
from validator.cloudformation.stacks import MAX_SOURCES, Stack, grow
from validator.cloudformation.template import Template
from validator.cloudformation.tree import Tree
from validator.parse import parse
from validator.values import NoValue

CHILD = "Parameters: {P: {Type: String, Default: own}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"


def stacks(
    files: Mapping[str, str],
    values: str | None = None,
    *,
    certain: bool = True,
    overridden: frozenset[str] | None = frozenset(),
) -> dict[str, Stack]:
    """Grow the tree below root.yml, with the contents of a parameter file if there is one."""
    templates = {path: Template(parse(path, text).root) for path, text in files.items()}
    tree = Tree(templates, files)
    links = {template: list(tree.links(template)) for template in templates.values()}
    file = None
    if values is not None:
        document = parse("values.json", values)
        form = parameter_form(document.value)
        assert form
        file = ParameterLink(ParameterFile(document, form), templates["root.yml"], certain, overridden=overridden)
    grown = grow(templates["root.yml"], links, file)
    return {"/".join(stack.path) + f":{stack.template.path}": stack for stack in grown}


def root(
    passed: str, *, parameters: str = "{}", conditions: str = "{}", condition: str = "", url: str = "child.yml"
) -> str:
    """Write a template that nests another."""
    lines = [f"Parameters: {parameters}", f"Conditions: {conditions}", "Resources:", "  S:"]
    lines += ["    Type: AWS::CloudFormation::Stack", *([f"    Condition: {condition}"] if condition else [])]
    lines += ["    Properties:", f"      TemplateURL: {url}", f"      Parameters: {{{passed}}}"]
    return "\n".join(lines) + "\n"


def values(stack: Stack, name: str = "P") -> list[object]:
    return [case.value for case in stack.values(name)]


def sources(stack: Stack, name: str = "P") -> list[tuple[str, int, object]]:
    return [(one.kind, one.at.span.line, case.value) for one in stack.sources(name) for case in one.cases]


def test_a_literal_reaches_the_child() -> None:
    assert values(stacks({"root.yml": root("P: x"), "child.yml": CHILD})["S:child.yml"]) == ["x"]


def test_a_literal_reaches_a_grandchild_from_where_it_stands() -> None:
    middle = root("P: !Ref P", parameters="{P: {Type: String}}", url="grand.yml")
    grown = stacks({"root.yml": root("P: x"), "child.yml": middle, "grand.yml": CHILD})
    [source] = grown["S/S:grand.yml"].sources("P")
    assert (source.kind, source.at.document.path, [str(node.document.path) for node in source.route]) == (
        "literal",
        "root.yml",
        ["child.yml"],
    )


def test_the_default_of_a_root_stands_where_it_is_passed_on() -> None:
    grown = stacks({"root.yml": root("P: !Ref E", parameters="{E: {Type: String, Default: d}}"), "child.yml": CHILD})
    assert ("default", 8, "d") in sources(grown["S:child.yml"])


def test_a_default_that_merely_stands_in_decides_no_condition() -> None:
    text = root(
        "P: !If [IsD, x, y]",
        parameters="{E: {Type: String, Default: d}}",
        conditions="{IsD: !Equals [!Ref E, d]}",
    )
    assert sorted(map(str, values(stacks({"root.yml": text, "child.yml": CHILD})["S:child.yml"]))) == ["x", "y"]


def test_a_default_that_a_parameter_file_leaves_decides_conditions() -> None:
    text = root(
        "P: !If [IsD, x, y]",
        parameters="{E: {Type: String, Default: d}}",
        conditions="{IsD: !Equals [!Ref E, d]}",
    )
    assert values(stacks({"root.yml": text, "child.yml": CHILD}, "{}")["S:child.yml"]) == ["x"]


def test_a_default_of_a_child_decides_its_conditions_where_nothing_is_passed() -> None:
    child = root(
        "P: !If [IsOwn, x, y]",
        parameters="{P: {Type: String, Default: own}}",
        conditions="{IsOwn: !Equals [!Ref P, own]}",
        url="grand.yml",
    )
    grown = stacks({"root.yml": root(""), "child.yml": child, "grand.yml": CHILD})
    assert values(grown["S/S:grand.yml"]) == ["x"]


def test_the_default_of_a_child_does_not_hold_where_something_is_passed() -> None:
    child = root("P: !Ref P", parameters="{P: {Type: String, Default: own}}", url="grand.yml")
    grown = stacks({"root.yml": root("P: x"), "child.yml": child, "grand.yml": CHILD})
    assert sources(grown["S/S:grand.yml"]) == [("literal", 8, "x")]


def test_no_value_gives_nothing_so_that_the_default_of_the_child_holds() -> None:
    grown = stacks({"root.yml": root("P: !Ref AWS::NoValue"), "child.yml": CHILD})
    assert [(one.kind, one.cases[0].value) for one in grown["S:child.yml"].sources("P")] == [("default", "own")]
    assert [type(value) for value in values(grown["S:child.yml"])] == [NoValue]


def test_a_parameter_file_gives_values_and_the_others_are_defaults() -> None:
    text = root("P: !Ref E, Q: !Ref F", parameters="{E: {Type: String}, F: {Type: String, Default: f}}")
    child = "Parameters: {P: {Type: String}, Q: {Type: String}}\nResources: {}\n"
    stack = stacks({"root.yml": text, "child.yml": child}, '{"E": "e"}')["S:child.yml"]
    assert [source.kind for name in "PQ" for source in stack.sources(name)] == ["file", "default"]


@pytest.mark.parametrize(
    "text", ['["E=e"]', '[{"ParameterKey": "E", "ParameterValue": "e"}]', '{"Parameters": {"E": "e"}}']
)
def test_reads_each_form_of_parameter_file(text: str) -> None:
    grown = stacks({"root.yml": root("P: !Ref E", parameters="{E: {Type: String}}"), "child.yml": CHILD}, text)
    assert values(grown["S:child.yml"]) == ["e"]


def test_what_the_deployment_overrides_is_not_what_the_file_says() -> None:
    text = root("P: !Ref E", parameters="{E: {Type: String, Default: d}}")
    grown = stacks({"root.yml": text, "child.yml": CHILD}, '{"E": "e"}', overridden=frozenset({"E"}))
    assert not [case for source in grown["S:child.yml"].sources("P") for case in source.cases if case.known]


def test_nothing_is_known_where_what_the_deployment_overrides_is_not() -> None:
    text = root("P: !Ref E", parameters="{E: {Type: String, Default: d}}")
    grown = stacks({"root.yml": text, "child.yml": CHILD}, '{"E": "e"}', overridden=None)
    assert not [case for source in grown["S:child.yml"].sources("P") for case in source.cases if case.known]


def test_what_is_read_from_ssm_comes_from_nowhere() -> None:
    text = root("P: !Ref E", parameters="{E: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /x}}")
    assert not stacks({"root.yml": text, "child.yml": CHILD})["S:child.yml"].sources("P")


def test_a_list_comes_from_nowhere() -> None:
    text = root("P: !Ref E", parameters="{E: {Type: CommaDelimitedList, Default: 'a,b'}}")
    assert not stacks({"root.yml": text, "child.yml": CHILD})["S:child.yml"].sources("P")


def test_an_element_of_a_list_is_a_value() -> None:
    text = root("P: !Select [1, !Ref E]", parameters="{E: {Type: CommaDelimitedList, Default: 'a, b'}}")
    assert "b" in values(stacks({"root.yml": text, "child.yml": CHILD})["S:child.yml"])


# --- which stacks there are --------------------------------------------------------------------------------------


ALTERNATIVES = "!If [Prod, child.yml, other.yml]"
PROD = "{Prod: !Equals [!Ref E, prod]}"


def test_a_stack_can_be_each_template_of_a_choice() -> None:
    text = root("", parameters="{E: {Type: String}}", conditions=PROD, url=ALTERNATIVES)
    grown = stacks({"root.yml": text, "child.yml": CHILD, "other.yml": CHILD + "Outputs: {}\n"})
    assert {name: stack.unique for name, stack in grown.items() if stack.path} == {
        "S:child.yml": False,
        "S:other.yml": False,
    }


def test_a_stack_is_the_template_that_a_parameter_file_decides() -> None:
    text = root("", parameters="{E: {Type: String}}", conditions=PROD, url=ALTERNATIVES)
    grown = stacks({"root.yml": text, "child.yml": CHILD, "other.yml": CHILD}, '{"E": "prod"}')
    assert [name for name, stack in grown.items() if stack.path and stack.sure and stack.always] == ["S:child.yml"]


def test_a_choice_in_a_nested_template_is_decided_by_what_it_is_passed() -> None:
    middle = root("", parameters="{E: {Type: String}}", conditions=PROD, url="!If [Prod, grand.yml, other.yml]")
    files = {"root.yml": root("E: prod"), "child.yml": middle, "grand.yml": CHILD, "other.yml": CHILD}
    assert [name for name in stacks(files) if name.startswith("S/")] == ["S/S:grand.yml"]


def test_a_stack_whose_condition_is_false_is_none() -> None:
    text = root("", parameters="{E: {Type: String}}", conditions=PROD, condition="Prod")
    assert list(stacks({"root.yml": text, "child.yml": CHILD}, '{"E": "test"}')) == [":root.yml"]


def test_branches_that_exclude_each_other_are_not_taken_together() -> None:
    text = root("P: !If [Prod, x, y]", parameters="{E: {Type: String}}", conditions=PROD, condition="Prod")
    assert values(stacks({"root.yml": text, "child.yml": CHILD})["S:child.yml"]) == ["x"]


def test_conditions_of_one_name_in_two_templates_are_two() -> None:
    middle = root("P: !If [Prod, x, y]", parameters="{E: {Type: String}}", conditions=PROD, url="grand.yml")
    text = root("E: !Ref F", parameters="{E: {Type: String}, F: {Type: String}}", conditions=PROD, condition="Prod")
    grown = stacks({"root.yml": text, "child.yml": middle, "grand.yml": CHILD})
    assert sorted(map(str, values(grown["S/S:grand.yml"]))) == ["x", "y"]


def test_a_parent_that_is_not_sure_makes_no_sure_child() -> None:
    middle = root("", url="grand.yml")
    text = root("", url="https://example.com/bucket/child.yml")
    grown = stacks({"root.yml": text, "child.yml": middle, "grand.yml": CHILD})
    assert not grown["S/S:grand.yml"].sure


def test_a_pairing_that_is_not_certain_makes_no_sure_stack() -> None:
    assert not stacks({"root.yml": root(""), "child.yml": CHILD}, "{}", certain=False)["S:child.yml"].sure


def test_a_template_within_itself_is_not_looked_at_again() -> None:
    assert list(stacks({"root.yml": root("", url="root.yml")})) == [":root.yml"]


def test_a_tree_of_sixty_levels_is_followed_to_its_end() -> None:
    files = {"root.yml": root("P: x", url="t1.yml")}
    for level in range(1, 60):
        files[f"t{level}.yml"] = root("P: !Ref P", parameters="{P: {Type: String}}", url=f"t{level + 1}.yml")
    files["t60.yml"] = CHILD
    assert values(list(stacks(files).values())[-1]) == ["x"]


def test_a_value_from_too_many_places_comes_from_nowhere() -> None:
    both = root(
        "P: !If [C, !Ref P, !If [D, !Ref P, !Ref P]]",
        parameters="{P: {Type: String}, E: {Type: String, Default: e}}",
        conditions="{C: !Equals [!Ref AWS::StackName, c], D: !Equals [!Ref AWS::StackName, d]}",
        url="{}",
    )
    files = {"root.yml": root("P: x", url="t1.yml")}
    for level in range(1, 12):
        files[f"t{level}.yml"] = both.replace("{}", f"t{level + 1}.yml")
    files["t12.yml"] = CHILD
    assert len(list(stacks(files).values())[-1].sources("P")) <= MAX_SOURCES


def test_what_a_macro_may_pass_is_unknown() -> None:
    text = "Transform: Mine\n" + root("P: x")
    assert not stacks({"root.yml": text, "child.yml": CHILD})["S:child.yml"].given


# --- choices -----------------------------------------------------------------------------------------------------


def test_each_choice_that_decides_is_tried() -> None:
    text = root("P: !Ref F", parameters="{E: {Type: String}, F: {Type: String}}", conditions=PROD, condition="Prod")
    stack = stacks({"root.yml": text, "child.yml": CHILD})["S:child.yml"]
    found = variants(stack, "P", {"F": "f"})
    assert found is not None
    assert [values(variant) for variant in found if variant is not None] == [["f"]]


def test_more_choices_than_are_worth_it_are_not_tried() -> None:
    names = [f"P{number}" for number in range(30)]
    parameters = "{" + ", ".join(f"{name}: {{Type: String}}" for name in names) + "}"
    conditions = "{C: !Or [" + ", ".join(f"!Equals [!Ref {name}, x]" for name in names) + "]}"
    text = root("P: x", parameters=parameters, conditions=conditions, condition="C")
    assert variants(stacks({"root.yml": text, "child.yml": CHILD})["S:child.yml"], "P", {}) is None


def test_what_a_macro_may_pass_is_no_default_either() -> None:
    grown = stacks({"root.yml": "Transform: Mine\n" + root("P: x"), "child.yml": CHILD})
    assert not grown["S:child.yml"].sources("P")


def test_what_is_free_plays_no_part_in_a_text_that_is_known() -> None:
    text = root("P: !Select [0, [x, !Ref E]]", parameters="{E: {Type: String}}")
    assert sources(stacks({"root.yml": text, "child.yml": CHILD})["S:child.yml"]) == [("literal", 8, "x")]
