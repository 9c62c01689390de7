"""Random trees of stacks, deployed by brute force with every choice of their parameters: the rules say the same.

What deploys a tree here shares nothing with the product: it knows no abstract values, but a parameter's one text.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest

from validator.cloudformation.parameters import ParameterFile, ParameterLink
from validator.cloudformation.stacks import grow
from validator.cloudformation.template import Template
from validator.cloudformation.tree import Tree
from validator.parse import parse
from validator.rule import Finding, Severity
from validator.testing import registry

RULES = (
    "cloudformation-allowed-values-wider",
    "cloudformation-default-rejected",
    "cloudformation-nested-parameter-value",
    "parameters-value",
)
SEEDS = 300
TEXTS = ("a", "b", "c", "a-x", "1", "7")
# Besides what is mentioned, a text that is not, and one that is long.
UNIVERSE = (*TEXTS, "zz", "9999")
MOST_CHOICES = 600

Expression = Any
Refused = tuple[str, str]


@dataclass
class Nested:
    logical_id: str
    passes: dict[str, Expression]
    children: list["Model"]
    chosen_by: str = ""
    condition: str = ""


@dataclass
class Model:
    path: str
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    conditions: dict[str, Expression] = field(default_factory=dict)
    stacks: list[Nested] = field(default_factory=list)


# --- random trees ------------------------------------------------------------------------------------------------


class Generator:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  # no secret
        self.count = 0
        # Whether what can be chosen is all in a list, so that what always fails can be told.
        self.finite = self.random.random() < 0.6

    def model(self, levels: int) -> Model:
        self.count += 1
        model = Model(f"t{self.count}.yml")
        for name in ("P", "Q", "R")[: self.random.randint(1, 3)]:
            model.parameters[name] = self.parameter(finite=self.finite and self.count == 1)
        for name in ("C", "D")[: self.random.randint(0, 2)]:
            model.conditions[name] = self.condition(model, 2)
        for number in range(self.random.choice([1, 1, 2]) if levels > 1 else 0):
            if self.count < 7:
                model.stacks.append(self.nested(model, f"S{number}", levels - 1))
        return model

    def parameter(self, *, finite: bool) -> dict[str, Any]:
        found: dict[str, Any] = {"Type": "String"}
        kind = self.random.choice(["none", "allowed", "allowed", "allowed", "pattern", "length", "number"])
        if finite or kind == "allowed":
            found["AllowedValues"] = self.random.sample(TEXTS, self.random.randint(1, 3))
        elif kind == "pattern":
            found["AllowedPattern"] = self.random.choice(["[a-c]", "[a-z](-x)?", "^\\d+$", ".*[^b]"])
        elif kind == "length":
            found["MaxLength"] = self.random.choice([1, 2])
        elif kind == "number":
            found |= {"Type": "Number", "MaxValue": self.random.choice([1, 5, 100])}
        if self.random.random() < 0.5:
            fitting = [text for text in TEXTS if accepts(found, text)]
            if fitting:
                found["Default"] = self.random.choice(fitting)
        return found

    def condition(self, model: Model, depth: int) -> Expression:
        kind = self.random.choice(["equals", "equals", "not", "and", "or", "name"])
        if depth == 0 or kind == "equals":
            return ("equals", self.random.choice(list(model.parameters)), self.text(model))
        if kind == "name" and model.conditions:
            return ("name", self.random.choice(list(model.conditions)))
        if kind == "not":
            return ("not", self.condition(model, depth - 1))
        return (kind if kind == "and" else "or", *(self.condition(model, depth - 1) for _ in range(2)))

    def text(self, model: Model) -> Expression:
        if self.random.random() < 0.2:
            return ("ref", self.random.choice(list(model.parameters)))
        return ("text", self.random.choice(TEXTS))

    def nested(self, model: Model, logical_id: str, levels: int) -> Nested:
        condition = self.random.choice(["", "", *model.conditions])
        first = self.model(levels)
        children, chosen_by = [first], ""
        if model.conditions and self.random.random() < 0.2:
            second = self.model(1)
            shared = first.parameters.keys() & second.parameters.keys()
            for one in (first, second):
                for declared in (one.parameters[name] for name in one.parameters.keys() - shared):
                    declared.setdefault("Default", next(text for text in UNIVERSE if accepts(declared, text)))
            chosen_by = self.random.choice(list(model.conditions))
            children.append(second)
        passes = {}
        for name in ("P", "Q", "R"):
            theirs = [one.parameters[name] for one in children if name in one.parameters]
            if len(theirs) != len(children):
                continue
            optional = all("Default" in one for one in theirs)
            if not optional or self.random.random() < 0.8:
                passes[name] = self.expression(model, 2, optional=optional)
        return Nested(logical_id, passes, children, chosen_by, condition)

    def expression(self, model: Model, depth: int, *, optional: bool) -> Expression:
        kind = self.random.choice(["ref", "ref", "ref", "ref", "text", "if", "sub", "none"])
        if kind == "if" and depth and model.conditions:
            branches = [self.expression(model, depth - 1, optional=optional) for _ in range(2)]
            return ("if", self.random.choice(list(model.conditions)), *branches)
        if kind == "text":
            return ("text", self.random.choice(TEXTS))
        if kind == "sub":
            return ("sub", self.random.choice(list(model.parameters)))
        if kind == "none" and optional:
            return ("none",)
        return ("ref", self.random.choice(list(model.parameters)))


# --- as templates ------------------------------------------------------------------------------------------------


def written(expression: Expression) -> Any:
    match expression:
        case ("text", text):
            return text
        case ("ref", name):
            return {"Ref": name}
        case ("sub", name):
            return {"Fn::Sub": f"${{{name}}}-x"}
        case ("none",):
            return {"Ref": "AWS::NoValue"}
        case ("if", name, one, other):
            return {"Fn::If": [name, written(one), written(other)]}
        case ("equals", name, other):
            return {"Fn::Equals": [{"Ref": name}, written(other)]}
        case ("name", name):
            return {"Condition": name}
        case (kind, *parts):
            return {f"Fn::{kind.capitalize()}": [written(part) for part in parts]}
    raise AssertionError(expression)


def templates(model: Model) -> Iterator[tuple[str, str]]:
    resources: dict[str, Any] = {"Topic": {"Type": "AWS::SNS::Topic"}}
    for nested in model.stacks:
        for child in nested.children:
            yield from templates(child)
        paths: list[Any] = [child.path for child in nested.children]
        properties = {
            "TemplateURL": paths[0] if len(paths) == 1 else {"Fn::If": [nested.chosen_by, *paths]},
            "Parameters": {name: written(expression) for name, expression in nested.passes.items()},
        }
        resource = {"Type": "AWS::CloudFormation::Stack", "Properties": properties}
        resources[nested.logical_id] = resource | ({"Condition": nested.condition} if nested.condition else {})
    conditions = {name: written(expression) for name, expression in model.conditions.items()}
    sections = {"Parameters": model.parameters, "Conditions": conditions, "Resources": resources}
    yield model.path, json.dumps(sections, indent=1)


# --- brute force -------------------------------------------------------------------------------------------------


def accepts(declared: Mapping[str, Any], text: str) -> bool:
    if declared["Type"] == "Number" and not (text.isdigit() and int(text) <= declared["MaxValue"]):
        return False
    if "AllowedValues" in declared and text not in declared["AllowedValues"]:
        return False
    if "AllowedPattern" in declared and not re.fullmatch(declared["AllowedPattern"], text):
        return False
    return len(text) <= int(declared.get("MaxLength", 99))


def value_of(model: Model, values: Mapping[str, str], expression: Expression) -> Any:
    match expression:
        case ("text", text):
            return text
        case ("ref", name):
            return values[name]
        case ("sub", name):
            return values[name] + "-x"
        case ("none",):
            return None
        case ("if", name, one, other):
            return value_of(model, values, one if value_of(model, values, ("name", name)) else other)
        case ("equals", name, other):
            return values[name] == value_of(model, values, other)
        case ("name", name):
            return value_of(model, values, model.conditions[name])
        case ("not", one):
            return not value_of(model, values, one)
        case ("and", *parts):
            return all(value_of(model, values, part) for part in parts)
        case ("or", *parts):
            return any(value_of(model, values, part) for part in parts)
    raise AssertionError(expression)


def deploy(model: Model, values: Mapping[str, str], *, on: bool = False) -> set[Refused]:
    """Say which parameters of nested stacks refuse what they are given; below such a stack nothing is made, or `on`."""
    refused: set[Refused] = set()
    for nested in model.stacks:
        if nested.condition and not value_of(model, values, ("name", nested.condition)):
            continue
        second = len(nested.children) > 1 and not value_of(model, values, ("name", nested.chosen_by))
        child = nested.children[second]
        given = {name: value_of(model, values, expression) for name, expression in nested.passes.items()}
        theirs: dict[str, str] = {}
        for name, declared in child.parameters.items():
            text = given.get(name)
            theirs[name] = declared["Default"] if text is None else text
        own = {(child.path, name) for name, text in theirs.items() if not accepts(child.parameters[name], text)}
        refused |= own
        if on or not own:
            refused |= deploy(child, theirs, on=on)
    return refused


def below(model: Model, paths: set[str], *, under: bool = False) -> set[str]:
    """Give the templates below those at some paths."""
    found = {model.path} if under else set()
    for nested in model.stacks:
        for child in nested.children:
            found |= below(child, paths, under=under or model.path in paths)
    return found


def choices(model: Model, given: Mapping[str, str] | None) -> list[dict[str, str]]:
    domains = []
    for name, declared in model.parameters.items():
        if given is None:
            domains.append([text for text in UNIVERSE if accepts(declared, text)])
        else:
            domains.append([given[name] if name in given else declared["Default"]])
    return [dict(zip(model.parameters, values, strict=True)) for values in product(*domains)]


# --- the laws ----------------------------------------------------------------------------------------------------


def reported(model: Model, given: Mapping[str, str] | None) -> list[tuple[Severity, Refused, str]]:
    texts = dict(templates(model))
    documents = {path: parse(path, text) for path, text in texts.items()}
    found = {path: Template(document.root) for path, document in documents.items()}
    tree = Tree(found, texts)
    links = {template: list(tree.links(template)) for template in found.values()}
    root = found[model.path]
    file = None
    if given is not None:
        parameters = ParameterFile(parse("values.json", json.dumps(given)), "map")
        file = ParameterLink(parameters, root, certain=True)
    results = []
    for stack in grow(root, links, file):
        for rule in map(registry().rule, RULES):
            assert rule is not None
            for one in rule.check(stack):
                assert isinstance(one, Finding)
                declared = one.related[-1][0]
                refused = declared.document.path, str(declared.name)
                results.append((one.severity or rule.severity, refused, one.message))
    return results


@pytest.mark.parametrize("seed", range(SEEDS))
def test_says_what_deploying_with_every_choice_would(seed: int) -> None:
    generator = Generator(seed)
    model = generator.model(generator.random.randint(2, 4))
    given = None
    if generator.random.random() < 0.4:
        given = {
            name: generator.random.choice([text for text in UNIVERSE if accepts(declared, text)] or ["a"])
            for name, declared in model.parameters.items()
            if "Default" not in declared or generator.random.random() < 0.5
        }
    every = choices(model, given)
    if not 0 < len(every) <= MOST_CHOICES:
        pytest.skip("no choice, or too many")
    outcomes = [deploy(model, one) for one in every]
    findings = reported(model, given)
    total = {refused for severity, refused, _ in findings if severity is Severity.ERROR}
    assert not total or all(outcomes), "an error in a tree that can be deployed"
    named = {refused for _, refused, _ in findings}
    finite = generator.finite or given is not None
    assert not finite or set.intersection(*outcomes) <= named, "a parameter that always refuses is not reported"
    going_on = [deploy(model, one, on=True) for one in every]
    # What is below a stack that refuses something may never be made.
    doubtful = below(model, {path for path, _ in named})
    possible = {one for one in named if one[0] not in doubtful}
    assert possible <= set.union(*going_on), "a parameter that never refuses is reported"
