"""The evaluator: what each intrinsic function can give, that no case is missing, and that nothing makes it fail."""

import base64
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import validator.values
from validator.cloudformation.schemas import schema
from validator.document import Node
from validator.parse import load
from validator.values import (
    MAX_CASES,
    Assumption,
    Case,
    Cases,
    NoValue,
    Other,
    Partial,
    Scope,
    Unknown,
    consistent,
    constant,
    reference,
    text_of,
)

TEMPLATE = """
Parameters:
  Env: {{Type: String, AllowedValues: [dev, prod]}}
  Size: {{Type: Number, Default: 3, AllowedValues: [1, 3]}}
  Name: {{Type: String, Default: web}}
  Free: {{Type: String}}
  Zones: {{Type: CommaDelimitedList, Default: "a, b,c"}}
  Subnets: {{Type: "List<AWS::EC2::Subnet::Id>"}}
  Picked: {{Type: CommaDelimitedList, AllowedValues: [a, b]}}
  Image: {{Type: "AWS::SSM::Parameter::Value<String>", Default: /aws/image}}
  Secret: {{Type: String, Default: "{{{{resolve:ssm:/x}}}}"}}
  Flag: {{Type: String, Default: true}}
Mappings:
  Regions:
    eu-west-1: {{Bucket: west, Zones: [a, b]}}
    eu-central-1: {{Bucket: central}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Not [!Condition IsProd]
  HasFree: !Not [!Equals [!Ref Free, ""]]
  NoFree: !Not [!Condition HasFree]
  IsWeb: !Equals [!Ref Name, web]
  A: !Not [!Condition B]
  B: !Not [!Condition A]
Resources:
  Topic: {{Type: "AWS::SNS::Topic"}}
  Queue: {{Type: "AWS::SQS::Queue"}}
  Logs: {{Type: "AWS::Logs::LogGroup"}}
  Odd: {{Type: [AWS, SQS]}}
Outputs:
  Value:
    Value: {}
"""


def parsed(text: str) -> Node:
    return load("template.yml", text.encode()).root


def evaluated(expression: str, **options: Any) -> Cases:
    root = parsed(TEMPLATE.format(expression))
    node = root.get("Outputs", "Value", "Value")
    assert node is not None
    return Scope(root, **options).evaluate(node)


def shown(cases: Cases) -> list[object]:
    """Write cases down: unknown parts as `*`, the assumptions behind a value that has any."""
    return [
        (_plain(case.value), {name: value for _, name, value in sorted(case.when)}) if case.when else _plain(case.value)
        for case in cases
    ]


def _plain(value: object) -> object:
    if isinstance(value, Partial):
        return "".join(part if isinstance(part, str) else "*" for part in value.parts)
    return {Unknown: "*", NoValue: "-"}.get(type(value), value)


# --- one by one ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("text", ["text"]),
        ("12", [12]),
        ("~", [None]),
        ("{a: [1, !Ref Name]}", [{"a": [1, "web"]}]),
        ("[!Ref Free, x]", ["*"]),
        ("[a, !Ref AWS::NoValue]", [["a"]]),
        ("{a: 1, b: !Ref AWS::NoValue}", [{"a": 1}]),
        ("!Ref Name", ["web"]),
        ("!Ref Size", ["3"]),
        ("!Ref Flag", ["true"]),
        ("!Ref Env", [("dev", {"Env": "dev"}), ("prod", {"Env": "prod"})]),
        ("!Ref Free", ["*"]),
        ("!Ref Zones", [["a", "b", "c"]]),
        ("!Ref Picked", ["*"]),  # each of its elements is one of the allowed values, not the whole
        ("!Ref Image", ["*"]),
        ("!Ref Secret", ["*"]),
        ("!Ref Topic", ["arn:*:sns:*:*:*"]),
        ("!Ref Queue", ["*"]),  # its URL
        ("!GetAtt Queue.Arn", ["arn:*:sqs:*:*:*"]),
        ("{'Fn::GetAtt': [Queue, Arn]}", ["arn:*:sqs:*:*:*"]),
        ("!Sub '${Queue.Arn}/x'", ["arn:*:sqs:*:*:*/x"]),
        ("!Join ['', [!GetAtt Logs.Arn, x]]", ["arn:*:logs:*:*:log-group:*:*x"]),
        ("!GetAtt Queue.Nothing", ["*"]),
        ("!GetAtt Odd.Arn", ["*"]),
        ("{'Fn::GetAtt': [Queue, !Ref Name]}", ["*"]),
        ("!Ref Nothing", ["*"]),
        ("!Ref AWS::Region", ["*"]),
        ("!Ref AWS::NoValue", ["-"]),
        ("{Ref: {}}", ["*"]),
        ("!GetAtt Topic.Arn", ["*"]),
        ('"{{resolve:ssm:/x}}"', ["*"]),
        ("!ImportValue x", ["*"]),
        ("!Sub plain", ["plain"]),
        ("!Sub '${Name}-${Free}.${AWS::Region}-${Topic.Arn}!'", ["web-*.*-*!"]),
        ("!Sub '${ Name }${!Name}${! x}'", ["web${Name}${ x}"]),
        ("!Sub '${Env}/${Env}'", [("dev/dev", {"Env": "dev"}), ("prod/prod", {"Env": "prod"})]),
        ("!Sub ['${x}-${Name}-${y}', {x: !Ref Zones, Name: own, y: !Ref Size}]", ["*-own-3"]),
        ("!Sub ['${a.b}', {a.b: dotted}]", ["dotted"]),
        ("!Sub [!Ref Name, {}]", ["*"]),
        ("!Sub '{{resolve:ssm:/${Env}}}'", ["*"]),
        ("!Sub '${Free}'", ["*"]),
        ("!Join ['', [a, b]]", ["ab"]),
        ("!Join [',', [a, !Ref AWS::NoValue, 1, true]]", ["a,1,true"]),
        ("!Join ['/', [a, !Ref Free, b]]", ["a/*/b"]),
        ("!Join ['-', !Ref Zones]", ["a-b-c"]),
        ("!Join ['-', !Ref Subnets]", ["*"]),
        ("!Join [!Ref Name, [a]]", ["*"]),
        ("!Join ['', ['{{resolve', ':ssm:/x}}']]", ["*"]),
        ("!Split [',', 'a,b']", [["a", "b"]]),
        ("!Split ['', 'a']", ["*"]),
        ("!Split [',', !Ref Free]", ["*"]),
        ("!Select [1, !Split ['/', a/b]]", ["b"]),
        ("!Select ['0', [a, !Ref Free]]", ["a"]),
        ("!Select [1, [a, !Ref Free]]", ["*"]),
        ("!Select [2, [a]]", ["*"]),
        ("!Select [1, [a, !If [HasFree, b, !Ref AWS::NoValue], c]]", ["*"]),  # what comes second depends
        ("!Select ['²', [a, b, c]]", ["*"]),
        ("!Select [99999999999999999999, !Ref Zones]", ["*"]),
        ("!Select [-1, [a]]", ["*"]),
        ("!Select [!Ref Free, [a, b]]", ["*"]),
        ("!Select [1, !Ref Zones]", ["b"]),
        ("!If [IsProd, a, b]", [("b", {"Env": "dev"}), ("a", {"Env": "prod"})]),
        ("!If [HasFree, a, !Ref AWS::NoValue]", [("a", {"HasFree": True}), ("-", {"HasFree": False})]),
        ("!If [IsWeb, a, b]", ["a"]),
        ("!If [IsProd, same, same]", ["same"]),
        ("!If [Undeclared, a, b]", [("a", {"Undeclared": True}), ("b", {"Undeclared": False})]),
        ("!If [IsProd, !If [IsDev, never, a], b]", [("b", {"Env": "dev"}), ("a", {"Env": "prod"})]),
        ("!If [[IsProd], a, b]", ["*"]),
        ("!If [IsProd, a]", ["*"]),
        ("!FindInMap [Regions, eu-west-1, Bucket]", ["west"]),
        ("!FindInMap [Regions, eu-west-1, Zones]", [["a", "b"]]),
        ("!FindInMap [Regions, !Ref AWS::Region, Bucket]", ["west", "central"]),
        ("!FindInMap [Regions, !Ref AWS::Region, Bucket, {DefaultValue: d}]", ["west", "d", "central"]),
        ("!FindInMap [Regions, us-east-1, Bucket]", ["*"]),
        ("!FindInMap [Regions, us-east-1, Bucket, {DefaultValue: !Ref Name}]", ["web"]),
        ("!FindInMap [Nothing, a, b]", ["*"]),
        ("!Base64 text", [base64.b64encode(b"text").decode()]),
        ("{'Fn::Length': !Ref Zones}", [3]),
        ("!Equals [1, '1']", [True]),
        ("!Equals [a, A]", [False]),
        ("!Equals [!Ref Free, a]", ["*"]),
        ("!Equals [a]", ["*"]),
        ("!And [!Equals [a, b], !Equals [!Ref Free, a]]", [False]),
        ("!And [!Equals [a, a], !Equals [!Ref Free, a]]", ["*"]),
        ("!Or [!Equals [a, a], !Equals [!Ref Free, a]]", [True]),
        ("!And []", ["*"]),
        ("!Not [!Equals [a, b]]", [True]),
        ("!Not []", ["*"]),
        ("{Condition: IsProd}", [{"Condition": "IsProd"}]),  # a condition only where one can stand
        ("!If [A, a, b]", [("a", {"A": True}), ("b", {"A": False})]),  # the conditions go in a circle
    ],
)
def test_evaluates(expression: str, expected: list[object]) -> None:
    found = shown(evaluated(expression))
    assert sorted(map(repr, found)) == sorted(map(repr, expected))


def test_an_arn_has_the_region_of_its_stack() -> None:
    pseudo = {"AWS::Region": constant("eu-west-1"), "AWS::Partition": constant("aws")}
    assert shown(evaluated("!GetAtt Queue.Arn", pseudo=pseudo)) == ["arn:aws:sqs:eu-west-1:*:*"]
    assert shown(evaluated("!Sub ${Logs.Arn}", pseudo=pseudo)) == ["arn:aws:logs:eu-west-1:*:log-group:*:*"]


def test_what_references_become_is_said_of_attributes_that_there_are() -> None:
    text = (Path(validator.values.__file__).parent / "data" / "references.json").read_text(encoding="utf-8")
    types = json.loads(text)["types"]
    native = {type_: forms for type_, forms in types.items() if not type_.startswith("AWS::Serverless::")}
    known = {type_: found.members() for type_ in native if (found := schema(type_)) is not None}
    assert known.keys() == native.keys()
    named = {(type_, name) for type_, forms in native.items() for name in forms if name != "Ref"}
    assert {(type_, name) for type_, name in named if name not in (known[type_] or ())} == set()
    for type_, forms in types.items():
        for name, form in forms.items():
            assert "".join(f"{{{part}}}" if at % 2 else part for at, part in enumerate(reference(type_, name))) == form
            assert form == "{name}" or re.fullmatch(
                r"arn:{partition}:[a-z0-9-]+:({region}:{account}|:{account}|:):.+", form
            )


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[!If [IsProd, a, b], !If [IsDev, c, d]]", [(["b", "c"], {"Env": "dev"}), (["a", "d"], {"Env": "prod"})]),
        ("!Sub ['${x}${Env}', {x: !If [IsProd, p, d]}]", [("ddev", {"Env": "dev"}), ("pprod", {"Env": "prod"})]),
        (
            "!Join [' ', [!If [HasFree, a, b], !If [HasFree, a, b], !If [NoFree, b, a]]]",
            [("a a a", {"HasFree": True}), ("b b b", {"HasFree": False})],
        ),
    ],
)
def test_never_mixes_what_cannot_hold_together(expression: str, expected: list[object]) -> None:
    assert shown(evaluated(expression)) == expected


@pytest.mark.parametrize(
    ("given_values", "expected"),
    [
        ({"Name": constant("x")}, ["x"]),
        ({"Name": constant(5)}, ["5"]),
        ({"Name": constant(True)}, ["true"]),
        ({"Name": constant(["a"])}, ["*"]),
        ({"Name": constant("{{resolve:ssm:/x}}")}, ["*"]),
        ({"Name": (Case(NoValue()),)}, ["web"]),
        ({"Name": (Case(Unknown("")),)}, ["*"]),
        ({"Env": constant("prod")}, ["web"]),
    ],
)
def test_takes_given_values(given_values: dict[str, Cases], expected: list[object]) -> None:
    assert shown(evaluated("!Ref Name", parameters=given_values)) == expected


def test_given_values_decide_conditions() -> None:
    assert shown(evaluated("!If [IsProd, a, b]", parameters={"Env": constant("prod")})) == ["a"]


def test_given_text_is_a_list_for_a_list_parameter() -> None:
    assert shown(evaluated("!Ref Subnets", parameters={"Subnets": constant("x, y")})) == [["x", "y"]]


def test_a_parameter_of_ssm_is_unknown_even_if_its_name_is_given() -> None:
    assert shown(evaluated("!Ref Image", parameters={"Image": constant("/x")})) == ["*"]


def test_takes_pseudo_parameters() -> None:
    pseudo = {"AWS::Region": constant("eu-west-1")}
    assert shown(evaluated("!FindInMap [Regions, !Ref AWS::Region, Bucket]", pseudo=pseudo)) == ["west"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!Ref Name", ["*"]),
        ("!Ref Size", [("1", {"Size": "1"}), ("3", {"Size": "3"})]),
        ("!If [IsWeb, a, b]", [("a", {"IsWeb": True}), ("b", {"IsWeb": False})]),
    ],
)
def test_without_defaults_a_parameter_can_be_anything_allowed(expression: str, expected: list[object]) -> None:
    assert shown(evaluated(expression, defaults=False)) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!Ref Name", ["web"]),
        ("!Ref Size", [("1", {"Size": "1"}), ("3", {"Size": "3"})]),
        ("!If [IsWeb, !Ref Name, b]", [("web", {"IsWeb": True}), ("b", {"IsWeb": False})]),
    ],
)
def test_undecided_a_default_stands_in_where_nothing_is_known(expression: str, expected: list[object]) -> None:
    assert shown(evaluated(expression, decide=False)) == expected


def test_possible_truths() -> None:
    scope = Scope(parsed(TEMPLATE.format("x")), parameters={"Env": constant("dev")})
    assert [scope.possible(name) for name in ("IsProd", "IsWeb", "HasFree")] == [{False}, {True}, {True, False}]


def test_a_long_chain_of_conditions_is_decided() -> None:
    chain = "".join(f"  C{index}: !Not [!Condition C{index + 1}]\n" for index in range(5000))
    scope = Scope(parsed(f"Conditions:\n{chain}  C5000: !Equals [a, a]\n"))
    assert scope.possible("C0") == {True}


def test_conditions_that_double_at_every_step_end() -> None:
    steps = "".join(f"  C{i}: !Or [!Condition C{i + 1}, !Not [!Condition C{i + 1}]]\n" for i in range(200))
    scope = Scope(parsed(f"Parameters: {{P: {{Type: String}}}}\nConditions:\n{steps}  C200: !Equals [!Ref P, a]\n"))
    assert scope.possible("C199") == {True}
    assert scope.possible("C0") == {True}


def test_a_circle_of_conditions_can_be_either_way() -> None:
    ring = "".join(f"  C{index}: !Not [!Condition C{(index + 1) % 700}]\n" for index in range(700))
    assert Scope(parsed(f"Conditions:\n{ring}")).possible("C0") == {True, False}


def test_independent_conditions_beyond_the_cap_are_unknown() -> None:
    parts = ", ".join(f"!If [C{index}, a, b]" for index in range(7))
    assert shown(evaluated(f"[{parts}]")) == ["*"]


def test_one_condition_many_times_stays_two_cases() -> None:
    parts = ", ".join("!If [HasFree, a, b]" for _ in range(300))
    assert [case.value for case in evaluated(f"[{parts}]")] == [["a"] * 300, ["b"] * 300]


@pytest.mark.parametrize(
    ("value", "text"), [("a", "a"), (8.10, "8.1"), (3, "3"), (True, "true"), (None, None), ([], None), ({}, None)]
)
def test_text_of_scalars(value: object, text: str | None) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("assumed", "expected"),
    [
        ([[("A", True)], [("A", True), ("B", False)]], True),
        ([[("A", True)], [("B", True)], [("A", False)]], False),
        ([], True),
    ],
)
def test_consistent(assumed: list[list[tuple[str, bool]]], *, expected: bool) -> None:
    whens = [frozenset(Assumption("condition", name, truth) for name, truth in one) for one in assumed]
    assert consistent(*whens) is expected


# --- hostile templates ---------------------------------------------------------------------------------------------

_SUB = "{'Fn::Sub': ['${a}${a}', {a: %s}]}"
_HOSTILE = {
    "sub doubles its text": (_SUB, "some text", 60),
    "sub doubles an unknown": (_SUB, "!Ref Free", 60),
    "sub doubles a partial": (_SUB, "!Sub 'x${Free}y'", 60),
    "if nests": ("!If [IsProd, %s, b]", "a", 90),
    "if nests twice": ("!If [IsProd, b, %s]", "!If [HasFree, a, b]", 90),
    "base64 grows": ("{'Fn::Base64': %s}", "text", 180),
    "not nests": ("!Not [%s]", "!Equals [!Ref Free, a]", 90),
    "and nests": ("!And [%s, !Equals [a, a]]", "!Equals [!Ref Free, a]", 90),
    "select nests": ("!Select [0, [%s, x]]", "!Ref Env", 60),
    "join nests": ("!Join ['', [%s, !Ref Env]]", "!Ref Env", 60),
    "find in map nests": ("!FindInMap [Regions, %s, Bucket, {DefaultValue: x}]", "!Ref AWS::Region", 60),
    "lists": ("[%s, 1]", "!Ref Env", 180),
    "mappings": ("{a: %s, b: 1}", "!Ref Env", 180),
    "plain lists": ("[%s]", "1", 195),
}


@pytest.mark.parametrize("case", _HOSTILE)
def test_what_grows_at_every_level_ends(case: str) -> None:
    step, expression, times = _HOSTILE[case]
    for _ in range(times):
        expression = step.replace("%s", expression)
    assert evaluated(expression, decide=False)


def test_a_sub_with_ten_thousand_references() -> None:
    text = " ".join(f"${{Name}}${{P{index % 100}}}${{Env}}" for index in range(10_000))
    assert evaluated(f"!Sub '{text}'")


def test_huge_mappings_and_lists() -> None:
    rows = "\n".join(f"  M{i}: {{a: {{x: [{', '.join('abcdefgh' * 20)}]}}}}" for i in range(300))
    calls = ", ".join(f"!FindInMap [!Ref P{i % 5}, !Ref P, x]" for i in range(300))
    parameters = ", ".join(f"P{i}: {{Type: String, AllowedValues: [M1, M2]}}" for i in range(5))
    root = parsed(f"Parameters: {{{parameters}}}\nMappings:\n{rows}\nOutputs: [[{calls}], [{calls}]]\n")
    node = root.get("Outputs")
    assert node is not None
    assert Scope(root).evaluate(node)


_NAMES = st.sampled_from(
    ["Env", "Free", "C0", "C1", "AWS::Region", "AWS::NoValue", "M", "", "x", "${Env}", "${a}${!b}"]
)
_FUNCTIONS = ["Ref", "Condition"] + [
    f"Fn::{name}"
    for name in (
        *("Sub", "Join", "Split", "Select", "If", "FindInMap", "Base64", "Length", "Equals", "Not", "And", "Or"),
        *("GetAtt", "ImportValue", "Transform", "ForEach::x"),
    )
]
_ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _NAMES
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(_NAMES, inner, max_size=3)
        | st.builds(lambda name, argument: {name: argument}, st.sampled_from(_FUNCTIONS), inner)
    ),
    max_leaves=25,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    parameters=st.dictionaries(_NAMES, _ANYTHING, max_size=3),
    conditions=st.dictionaries(_NAMES, _ANYTHING, max_size=3),
    mappings=_ANYTHING,
    expression=_ANYTHING,
)
def test_never_raises(parameters: Any, conditions: Any, mappings: Any, expression: Any) -> None:
    template = {"Parameters": parameters, "Conditions": conditions, "Mappings": mappings, "Outputs": expression}
    root = load("template.json", json.dumps(template).encode("utf-8", "replace")).root
    for options in ({}, {"defaults": False}, {"decide": False}):
        scope = Scope(root, **options)  # type: ignore[arg-type]
        for node in root.walk():
            assert 0 < len(scope.evaluate(node)) <= MAX_CASES
        assert all(scope.possible(name) for name in ("C0", "C1"))


def test_deep_templates_need_little_of_the_stack() -> None:
    expression = "!Ref Free"
    for _ in range(95):
        expression = f"!And [{expression}]"
    limit = sys.getrecursionlimit()
    assert limit == 1000
    assert evaluated(expression)


# --- soundness -----------------------------------------------------------------------------------------------------
#
# A naive evaluator of one deployment: every parameter has a value. Whatever it gives must be covered by a case of the
# abstract one whose assumptions hold in that deployment.


class DeploymentError(Exception):
    """CloudFormation would refuse the template."""


class World:
    """One deployment: its evaluator knows nothing of cases."""

    def __init__(self, template: Any, parameters: dict[str, str]) -> None:
        self.template = template
        self.parameters = parameters
        self._open: set[str] = set()

    def condition(self, name: str) -> bool:
        if name in self._open or name not in self.template["Conditions"]:
            raise DeploymentError
        self._open.add(name)
        try:
            found = self.truth(self.template["Conditions"][name])
        finally:
            self._open.discard(name)
        return found

    def truth(self, value: Any) -> bool:
        found = self.condition(value["Condition"]) if "Condition" in value else self.value(value)
        assert isinstance(found, bool)
        return found

    def reference(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NoValue
        if name == "AWS::Region":
            return "eu-west-1"
        if name not in self.parameters:
            return "physical-id"
        text = self.parameters[name]
        kind = self.template["Parameters"][name]["Type"]
        return [part.strip() for part in text.split(",")] if kind == "CommaDelimitedList" else text

    def text(self, value: Any) -> str:
        found = text_of(self.value(value))
        if found is None:
            raise DeploymentError
        return found

    def elements(self, value: Any) -> list[Any]:
        found = self.value(value)
        if not isinstance(found, list):
            raise DeploymentError
        return found

    def value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [found for found in map(self.value, value) if found is not NoValue]
        if not isinstance(value, dict):
            return value
        [(function, argument)] = value.items()
        match function.removeprefix("Fn::"):
            case "Ref":
                return self.reference(argument)
            case "Sub":
                text, local = argument if isinstance(argument, list) else (argument, {})
                return re.sub(r"\$\{(!?)(\w[\w:]*)\}", lambda match: self._substituted(match, local), text)
            case "Join":
                texts = [text_of(found) for found in self.elements(argument[1])]
                if None in texts:
                    raise DeploymentError
                return argument[0].join(map(str, texts))
            case "Split":
                return self.text(argument[1]).split(argument[0])
            case "Select":
                index, elements = self.text(argument[0]), self.elements(argument[1])
                if not index.isdigit() or int(index) >= len(elements):
                    raise DeploymentError
                return elements[int(index)]
            case "If":
                return self.value(argument[1] if self.condition(argument[0]) else argument[2])
            case "FindInMap":
                row = self.template["Mappings"]
                for key in argument[:3]:
                    row = row.get(self.text(key)) if row is not None else None
                if row is None:
                    if len(argument) < 4:
                        raise DeploymentError
                    return self.value(argument[3]["DefaultValue"])
                return row
            case "Base64":
                return base64.b64encode(self.text(argument).encode()).decode()
            case "Length":
                return len(self.elements(argument))
            case "Equals":
                return self.text(argument[0]) == self.text(argument[1])
            case "Not":
                return not self.truth(argument[0])
            case "And":
                return all(self.truth(element) for element in argument)
            case _:
                return any(self.truth(element) for element in argument)

    def _substituted(self, match: re.Match[str], local: dict[str, Any]) -> str:
        if match[1]:
            return "${" + match[2] + "}"
        return self.text(local[match[2]] if match[2] in local else {"Ref": match[2]})


_TEXTS = st.sampled_from(["a", "b", "a,b", "1", "x/y", ""])
_PARAMETER_NAMES = ["P0", "P1", "P2", "L0", "L1"]
_CONDITION_NAMES = ["C0", "C1", "C2", "C3"]


@st.composite
def _parameters(draw: st.DrawFn) -> dict[str, Any]:
    found = {}
    for name in _PARAMETER_NAMES:
        declared: dict[str, Any] = {"Type": "CommaDelimitedList" if name.startswith("L") else "String"}
        if draw(st.integers(0, 3)) == 3:
            declared["Default"] = draw(_TEXTS)
        if draw(st.integers(0, 3)):
            declared["AllowedValues"] = draw(st.lists(_TEXTS, min_size=1, max_size=3, unique=True))
        found[name] = declared
    return found


def _function(name: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(*arguments).map(lambda found: {f"Fn::{name}": list(found)})


def _ref(*names: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(names).map(lambda name: {"Ref": name})


def _if(then: st.SearchStrategy[Any], other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return _function("If", st.sampled_from(_CONDITION_NAMES), then, other)


_LEAVES = _TEXTS | _ref("P0", "P1", "P2")
_TEXT: st.SearchStrategy[Any] = st.deferred(lambda: _LEAVES | _if(_TEXT, _TEXT) | _if(_TEXT, _TEXT) | _MADE)
_LIST: st.SearchStrategy[Any] = st.deferred(
    lambda: (
        _ref("L0", "L1")
        | st.lists(_TEXT | _ref("AWS::NoValue") | _if(_TEXT, _ref("AWS::NoValue")), min_size=1, max_size=3)
        | _if(_LIST, _LIST)
        | _function("Split", st.sampled_from([",", "/"]), _TEXT)
    )
)
_PATTERN = st.lists(
    st.sampled_from(["${P0}", "${P1}", "${x}", "${AWS::Region}", "${!P0}", "-", "{{resolve:", "${Topic}"]), max_size=4
).map("".join)
_KEY = st.sampled_from(["a", "b", "1"]) | _TEXT
_MADE: st.SearchStrategy[Any] = st.one_of(
    _ref("AWS::Region", "Topic"),
    _PATTERN.map(lambda text: {"Fn::Sub": text}),
    _function("Sub", _PATTERN, st.fixed_dictionaries({"x": _TEXT}, optional={"P0": _TEXT})),
    _function("Join", st.sampled_from(["", ",", "{{resolve"]), _LIST),
    _function("Select", st.sampled_from([0, 1, "0"]) | _TEXT, _LIST),
    _function("FindInMap", st.just("M") | _TEXT, _KEY, _KEY),
    _function("FindInMap", st.just("M"), _KEY, _KEY, _TEXT.map(lambda value: {"DefaultValue": value})),
    _LIST.map(lambda value: {"Fn::Length": value}),
    _TEXT.map(lambda value: {"Fn::Base64": value}),
)
_VALUES = _TEXT | _LIST | st.lists(_if(_TEXT, _TEXT) | _TEXT, min_size=3, max_size=5)


def _truths(later: list[str]) -> st.SearchStrategy[Any]:
    simple = _function("Equals", _ref("P0", "P1", "P2"), _TEXTS) | _function("Equals", _TEXT, _TEXT)
    others = st.sampled_from(later).map(lambda name: {"Condition": name}) if later else simple
    return st.recursive(
        simple | others,
        lambda inner: (
            inner.map(lambda value: {"Fn::Not": [value]})
            | st.lists(inner, min_size=2, max_size=3).map(lambda found: {"Fn::And": found})
            | st.lists(inner, min_size=2, max_size=3).map(lambda found: {"Fn::Or": found})
        ),
        max_leaves=3,
    )


_TEMPLATES = st.fixed_dictionaries(
    {
        "Parameters": _parameters(),
        "Conditions": st.fixed_dictionaries(
            {name: _truths(_CONDITION_NAMES[index:]) for index, name in enumerate(_CONDITION_NAMES, 1)}
        ),
        "Mappings": st.just({"M": {"a": {"a": "aa", "b": ["x", "y"], "1": "x/y"}, "b": {"a": "ba", "1": "b"}}}),
        "Outputs": _VALUES,
    }
)


def _matches(value: object, concrete: object) -> bool:
    if isinstance(value, Unknown):
        return True
    if isinstance(value, Partial):
        pattern = "".join(re.escape(part) if isinstance(part, str) else ".*" for part in value.parts)
        return isinstance(concrete, str) and re.fullmatch(pattern, concrete, re.DOTALL) is not None
    if isinstance(value, NoValue):
        return concrete is NoValue
    return type(value) is type(concrete) and value == concrete


def _holds(world: World, assumed: Assumption) -> bool:
    if assumed.kind == "parameter":
        return world.parameters[assumed.name] == assumed.value
    return world.condition(assumed.name) is assumed.value


def _worlds(data: st.DataObject, template: Any, options: dict[str, bool]) -> Iterator[World]:
    """Choose deployments that the options of a scope allow for."""
    for _ in range(4):
        chosen = {}
        for name, declared in template["Parameters"].items():
            default, allowed = declared.get("Default"), declared.get("AllowedValues")
            undecided = not options.get("decide", True) and allowed is not None and not name.startswith("L")
            if default is not None and options.get("defaults", True) and not undecided:
                chosen[name] = default
            else:
                chosen[name] = data.draw(
                    _TEXTS if allowed is None or name.startswith("L") else st.sampled_from(allowed)
                )
        yield World(template, chosen)


@pytest.mark.parametrize("options", [{}, {"defaults": False}, {"decide": False}], ids=str)
@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(template=_TEMPLATES, data=st.data())
def test_what_a_deployment_gives_is_one_of_the_cases(
    options: dict[str, bool], template: Any, data: st.DataObject
) -> None:
    root = load("template.json", json.dumps(template).encode()).root
    node = root.get("Outputs")
    assert node is not None
    cases = Scope(root, **options).evaluate(node)  # type: ignore[arg-type]  # booleans only
    for world in _worlds(data, template, options):
        try:
            concrete = world.value(template["Outputs"])
            holding = [case for case in cases if all(_holds(world, assumed) for assumed in case.when)]
        except DeploymentError:
            continue
        assert any(_matches(case.value, concrete) for case in holding), (concrete, cases, world.parameters)


# --- values of which is known what they are not ------------------------------------------------------------------


OTHER: Cases = (Case(Other("anything else", "Free", frozenset({"dev", "prod"}))),)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("{Ref: Free}", "dev", False),
        ("dev", "{Ref: Free}", False),
        ("{Ref: Free}", "test", Unknown),
        ("{Ref: Free}", "{Ref: Free}", True),
        ("{Ref: Free}", "{'Fn::Sub': '${Free}'}", True),
        ("{Ref: Free}", "{Ref: Same}", Unknown),
        ("{'Fn::Sub': '${Free}-x'}", "dev", False),
        ("{'Fn::Sub': 'x-${Free}'}", "dev", False),
        ("{'Fn::Sub': '${Free}-x'}", "dev-x", Unknown),
        ("{'Fn::Select': [0, {'Fn::Split': ['-', {Ref: Free}]}]}", "dev", Unknown),
    ],
)
def test_compares_what_is_known_not_to_be_a_text(left: str, right: str, expected: object) -> None:
    text = f"Parameters: {{Free: {{Type: String}}, Same: {{Type: String}}}}\nV: {{'Fn::Equals': [{left}, {right}]}}\n"
    template = load("t.yml", text.encode()).root
    node = template.get("V")
    assert node is not None
    [case] = Scope(template, {"Free": OTHER}).evaluate(node)
    assert case.value is expected or (expected is Unknown and isinstance(case.value, Unknown))
