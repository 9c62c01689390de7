"""Views of CodePipeline pipelines: of a template's resource, or of `aws codepipeline get-pipeline`."""

import json
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from validator.cloudformation.stacks import Stack
from validator.cloudformation.template import Template, has_function
from validator.document import Node, Path
from validator.values import Case, Cases, NoValue, Partial, Scope, consistent, constant, text_of


class Pipeline:
    """A pipeline: stages of actions that hand artifacts on."""

    def __init__(self, node: Node, template: Template | None = None) -> None:
        """Take the node that holds the stages: a resource's Properties, or the JSON's `pipeline`.

        The template, if there is one, is where intrinsic functions are evaluated; in the JSON of the command line
        keys begin with a small letter.
        """
        self.node = node
        self.template = template
        self._possible: dict[Path, list[Case]] = {}
        self._settled: dict[Path, str | None] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pipeline) and self.node == other.node

    def __hash__(self) -> int:
        return hash(self.node)

    @cached_property
    def actions(self) -> tuple["PipelineAction", ...]:
        """The actions, in the order of the file; also those that are there under a condition only."""
        found = []
        for number, stage in self._listed(self.node, "Stages"):
            name = self.text(self.member(stage, "Name")) or ""
            found += [PipelineAction(node, self, name, number) for _, node in self._listed(stage, "Actions")]
        return tuple(found)

    @cached_property
    def namespaces(self) -> dict["PipelineAction", str | None]:
        """The names under which actions let their variables be read; None for one that cannot be known."""
        return {one: self.text(one.namespace) for one in self.actions if one.namespace is not None}

    @property
    def variables(self) -> frozenset[str] | None:
        """The names of the variables that an execution is started with; None if they cannot be read."""
        names = [self.text(self.member(node, "Name")) for _, node in self._listed(self.node, "Variables")]
        if None in names or not _is_listed(self.member(self.node, "Variables")):
            return None
        return frozenset(name for name in names if name is not None)

    @cached_property
    def is_open(self) -> bool:
        """Whether it has actions or artifacts that cannot be read here: a macro or a loop makes them."""
        if self.template is not None and (self.template.is_rewritten or has_function(self.node)):
            return True
        stages = self.member(self.node, "Stages")
        above = [stages, *(self.member(stage, "Actions") for _, stage in self._listed(self.node, "Stages"))]
        if any(not _is_listed(node) for node in above):
            return True
        return any(action.outputs_open for action in self.actions)

    def producers(self, artifact: str) -> tuple["PipelineAction", ...]:
        """Give the actions that produce an artifact: several only if conditions tell them apart, or by mistake."""
        return tuple(self._producers.get(artifact, ()))

    def producer(self, artifact: str) -> "PipelineAction | None":
        """Give the action that produces an artifact; None if none does."""
        return next(iter(self.producers(artifact)), None)

    @cached_property
    def _producers(self) -> dict[str, list["PipelineAction"]]:
        found: dict[str, list[PipelineAction]] = {}
        for action in self.actions:
            for artifact in action.outputs:
                found.setdefault(artifact, []).append(action)
        return found

    def member(self, node: Node, name: str) -> Node | None:
        """Give a member by the name that it has in a template."""
        return node.get(name if self.template is not None else name[0].lower() + name[1:])

    def text(self, node: Node | None) -> str | None:
        """Give the string at a node, evaluated in the template; None if it has more than one value or none."""
        if node is None:
            return None
        cases = self.cases(node)
        return text_of(cases[0].value) if len(cases) == 1 else None

    def cases(self, node: Node) -> Cases:
        """Say what the value at a node can be where the template's parameters have their Defaults."""
        return self._scope.evaluate(node) if self.template is not None else constant(node.value)

    def possible(self, node: Node) -> list[Case]:
        """Say what the value at a node can be where it is used, also with other values than the Defaults."""
        if self._stack is None:
            return [*constant(node.value)]
        if node.path not in self._possible:
            self._possible[node.path] = self._stack.evaluate(node)
        return self._possible[node.path]

    def settled(self, node: Node) -> str | None:
        """Give the string at a node if it is that whatever the parameters are given; else None."""
        if self.template is None:
            return text_of(node.value)
        if node.path not in self._settled:
            cases = self.template.scope.conditions.evaluate(node)
            self._settled[node.path] = text_of(cases[0].value) if len(cases) == 1 else None
        return self._settled[node.path]

    def together(self, *nodes: Node) -> bool:
        """Whether what stands at several nodes can be there at one time."""
        if self._stack is None:
            return True
        first, *others = [self._stack.ways(node) for node in nodes]
        for ways in others:
            first = tuple(one | other for one in first for other in ways if consistent(one, other))[:_MOST_WAYS]
        return bool(first)

    def always(self, node: Node, where: Node) -> bool:
        """Whether what stands at a node is there wherever another node is."""
        if self._stack is None:
            return True
        ways = self._stack.ways(node)
        return all(any(one <= other for one in ways) for other in self._stack.ways(where))

    def _listed(self, node: Node, name: str) -> Iterator[tuple[int, Node]]:
        """Yield the elements of a list, through the branches of every Fn::If, each with its place."""
        for listed in alternatives(self.member(node, name)):
            for place, element in enumerate(listed.elements()):
                yield from ((place, one) for one in alternatives(element))

    @cached_property
    def _scope(self) -> Scope:
        assert self.template is not None
        return Scope(self.template.root)

    @cached_property
    def _stack(self) -> Stack | None:
        return Stack(self.template, self.template.scope, {}) if self.template is not None else None


class PipelineAction:
    """One action of a pipeline."""

    def __init__(self, node: Node, pipeline: Pipeline, stage: str, place: int = 0) -> None:
        """Take the action's node, and the name and the 0-based place of its stage."""
        self.node = node
        self.pipeline = pipeline
        self.stage = stage
        self.place = place

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, PipelineAction) and self.node == other.node)

    def __hash__(self) -> int:
        return hash(self.node)

    @cached_property
    def name(self) -> str:
        """The action's name; empty if it cannot be known."""
        return self.pipeline.text(self.pipeline.member(self.node, "Name")) or ""

    @cached_property
    def provider(self) -> str:
        """The provider: `CloudFormation`, `CodeBuild` …; empty if it cannot be known."""
        return self._type("Provider")

    @cached_property
    def category(self) -> str:
        """The category: `Source`, `Build`, `Deploy` …; empty if it cannot be known."""
        return self._type("Category")

    @cached_property
    def owner(self) -> str:
        """Whose action it is: `AWS`, `ThirdParty` or `Custom`; empty if it cannot be known."""
        return self._type("Owner")

    def _type(self, name: str) -> str:
        kind = self.pipeline.member(self.node, "ActionTypeId")
        return self.pipeline.text(self.pipeline.member(kind, name)) or "" if kind is not None else ""

    @cached_property
    def run_order(self) -> int | None:
        """When it runs within its stage, beside others of the same number; None if it cannot be known."""
        node = self.pipeline.member(self.node, "RunOrder")
        text = "1" if node is None else self.pipeline.text(node) or ""
        return int(text) if text.isdecimal() and len(text) < 9 else None

    @property
    def namespace(self) -> Node | None:
        """Where it says under which name its variables can be read."""
        return self.pipeline.member(self.node, "Namespace")

    def runs_before(self, other: "PipelineAction") -> bool | None:
        """Whether it is done before another action starts; None if nobody can tell."""
        if self.place != other.place:
            return self.place < other.place
        if self.run_order is None or other.run_order is None:
            return None
        return self.run_order < other.run_order

    @property
    def settings(self) -> Node | None:
        """All of the action's configuration."""
        return self.pipeline.member(self.node, "Configuration")

    def configuration(self, name: str) -> Node | None:
        """Give a member of the action's configuration; its names are capitalised in both forms."""
        return self.settings.get(name) if self.settings is not None else None

    def lacks(self, name: str) -> bool:
        """Whether a member of the configuration is surely not there, or never more than AWS::NoValue."""
        settings, template = self.settings, self.pipeline.template
        if has_function(self.node) or (template is not None and template.is_rewritten):
            return False
        if settings is None:
            return True
        if has_function(settings):
            return False
        node = settings.get(name)
        return node is None or all(isinstance(case.value, NoValue) for case in self.pipeline.possible(node))

    @cached_property
    def inputs(self) -> dict[str, Node]:
        """The names of the artifacts that the action takes, with where they are named."""
        return dict(self._artifacts("InputArtifacts"))

    @cached_property
    def outputs(self) -> dict[str, Node]:
        """The names of the artifacts that the action produces, with where they are named."""
        return dict(self._artifacts("OutputArtifacts"))

    @cached_property
    def inputs_open(self) -> bool:
        """Whether it may take artifacts whose names cannot be read."""
        return self._is_open("InputArtifacts")

    @cached_property
    def outputs_open(self) -> bool:
        """Whether it may produce artifacts whose names cannot be read."""
        return self._is_open("OutputArtifacts")

    def _is_open(self, member: str) -> bool:
        artifacts = self.pipeline.member(self.node, member)
        if has_function(self.node) or not _is_listed(artifacts):
            return True
        nodes = [self.pipeline.member(one, "Name") for one in self._elements(member)]
        return any(node is not None and self.pipeline.text(node) is None for node in nodes)

    def _artifacts(self, member: str) -> Iterator[tuple[str, Node]]:
        for element in self._elements(member):
            node = self.pipeline.member(element, "Name")
            if node is not None and (name := self.pipeline.text(node)) is not None:
                yield name, node

    def _elements(self, member: str) -> Iterator[Node]:
        for listed in alternatives(self.pipeline.member(self.node, member)):
            for element in listed.elements():
                yield from alternatives(element)

    def file(self, name: str) -> tuple[str, str] | None:
        """Split a configuration value `Artifact::path` into its two parts; None if it is not known or none."""
        text = self.pipeline.text(self.configuration(name))
        if text is None or "::" not in text:
            return None
        artifact, _, path = text.partition("::")
        return artifact, path

    def overrides(self) -> frozenset[str] | None:
        """Give the names of the parameters in ParameterOverrides, in any of its cases; None if they cannot be read."""
        node = self.configuration("ParameterOverrides")
        if node is None:
            return frozenset()
        names: set[str] = set()
        for case in self.pipeline.cases(node):
            value = parsed(case.value)
            if value is None:
                return None
            names.update(value)
        return frozenset(names)

    def fetched(self) -> Iterator["Fetched"]:
        """Yield what ParameterOverrides takes out of artifacts, by Fn::GetParam and Fn::GetArtifactAtt."""
        node = self.configuration("ParameterOverrides")
        for case in self.pipeline.cases(node) if node is not None else ():
            for value in (parsed(case.value) or {}).values():
                if not isinstance(value, dict) or len(value) != 1:
                    continue
                [(function, arguments)] = value.items()
                if function not in {"Fn::GetParam", "Fn::GetArtifactAtt"} or not isinstance(arguments, list):
                    continue
                texts = [argument if isinstance(argument, str) else "" for argument in arguments]
                if texts and texts[0]:
                    yield Fetched(function, texts[0], texts[1] if function == "Fn::GetParam" and texts[1:] else "")


class Fetched(NamedTuple):
    """What a parameter override takes out of an artifact; the file is empty for an artifact's own attribute."""

    function: str
    artifact: str
    file: str


def alternatives(node: Node | None) -> Iterator[Node]:
    """Yield what can stand at a node: itself, or the branches of an Fn::If."""
    branches = node.get("Fn::If") if node is not None else None
    if branches is None:
        if node is not None:
            yield node
        return
    for branch in (1, 2):
        yield from alternatives(branches.get(branch))


def parsed(value: object) -> dict[str, object] | None:
    """Read a JSON object of which some parts may be unknown; None if it is none, or if what is unknown may be names."""
    parts = value.parts if isinstance(value, Partial) else (value,)
    try:
        found = json.loads("".join(part if isinstance(part, str) else _HOLE for part in parts))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and not any(_HOLE in name for name in found) else None


def pipelines(template: Template) -> Iterator[Pipeline]:
    """Yield the pipelines that a template declares."""
    for resource in template.resources.values():
        properties = resource.node.get("Properties")
        if resource.type == "AWS::CodePipeline::Pipeline" and properties is not None:
            yield Pipeline(properties, template)


def _is_listed(node: Node | None) -> bool:
    """Whether the elements of a list can all be read, where there is one; Fn::If and AWS::NoValue hide nothing."""
    for listed in alternatives(node):
        for element in (listed, *listed.elements()):
            for one in alternatives(element):
                if isinstance(one.value, dict) and one.value != {"Ref": "AWS::NoValue"} and has_function(one):
                    return False
    return True


_MOST_WAYS = 256
# Stands for what is put in: a number, or a part of a text.
_HOLE = "7305902146"
