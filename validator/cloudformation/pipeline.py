"""Views of CodePipeline pipelines: of a template's resource, or of `aws codepipeline get-pipeline`."""

import json
from collections.abc import Iterator
from functools import cached_property

from validator.cloudformation.template import Template
from validator.document import Node
from validator.values import Cases, Partial, Scope, constant, text_of


class Pipeline:
    """A pipeline: stages of actions that hand artifacts on."""

    def __init__(self, node: Node, template: Template | None = None) -> None:
        """Take the node that holds the stages: a resource's Properties, or the JSON's `pipeline`.

        The template, if there is one, is where intrinsic functions are evaluated; in the JSON of the command line
        keys begin with a small letter.
        """
        self.node = node
        self.template = template

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pipeline) and self.node == other.node

    def __hash__(self) -> int:
        return hash(self.node)

    @cached_property
    def actions(self) -> tuple["PipelineAction", ...]:
        """The actions, in the order of the file."""
        found = []
        stages = self.member(self.node, "Stages")
        for stage in stages.elements() if stages is not None else ():
            actions = self.member(stage, "Actions")
            name = self.text(self.member(stage, "Name")) or ""
            found += [PipelineAction(node, self, name) for node in (actions.elements() if actions is not None else ())]
        return tuple(found)

    def producer(self, artifact: str) -> "PipelineAction | None":
        """Give the action that produces an artifact; None if none does."""
        return next((action for action in self.actions if artifact in action.outputs), None)

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

    @cached_property
    def _scope(self) -> Scope:
        assert self.template is not None
        return Scope(self.template.root)


class PipelineAction:
    """One action of a pipeline."""

    def __init__(self, node: Node, pipeline: Pipeline, stage: str) -> None:
        """Take the action's node, and the name of its stage."""
        self.node = node
        self.pipeline = pipeline
        self.stage = stage

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PipelineAction) and self.node == other.node

    def __hash__(self) -> int:
        return hash(self.node)

    @property
    def name(self) -> str:
        """The action's name; empty if it cannot be known."""
        return self.pipeline.text(self.pipeline.member(self.node, "Name")) or ""

    @property
    def provider(self) -> str:
        """The provider: `CloudFormation`, `CodeBuild` …; empty if it cannot be known."""
        return self._type("Provider")

    @property
    def category(self) -> str:
        """The category: `Source`, `Build`, `Deploy` …; empty if it cannot be known."""
        return self._type("Category")

    def _type(self, name: str) -> str:
        kind = self.pipeline.member(self.node, "ActionTypeId")
        return self.pipeline.text(self.pipeline.member(kind, name)) or "" if kind is not None else ""

    def configuration(self, name: str) -> Node | None:
        """Give a member of the action's configuration; its names are capitalised in both forms."""
        configuration = self.pipeline.member(self.node, "Configuration")
        return configuration.get(name) if configuration is not None else None

    @cached_property
    def inputs(self) -> dict[str, Node]:
        """The names of the artifacts that the action takes, with where they are named."""
        return dict(self._artifacts("InputArtifacts"))

    @cached_property
    def outputs(self) -> dict[str, Node]:
        """The names of the artifacts that the action produces, with where they are named."""
        return dict(self._artifacts("OutputArtifacts"))

    def _artifacts(self, member: str) -> Iterator[tuple[str, Node]]:
        artifacts = self.pipeline.member(self.node, member)
        for element in artifacts.elements() if artifacts is not None else ():
            node = self.pipeline.member(element, "Name")
            if node is not None and (name := self.pipeline.text(node)) is not None:
                yield name, node

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
            # What is put in are values; the names are written out.
            parts = case.value.parts if isinstance(case.value, Partial) else (case.value,)
            try:
                value = json.loads("".join(part if isinstance(part, str) else "0" for part in parts))
            except (ValueError, RecursionError):
                return None
            if not isinstance(value, dict):
                return None
            names.update(value)
        return frozenset(names)


def pipelines(template: Template) -> Iterator[Pipeline]:
    """Yield the pipelines that a template declares."""
    for resource in template.resources.values():
        properties = resource.node.get("Properties")
        if resource.type == "AWS::CodePipeline::Pipeline" and properties is not None:
            yield Pipeline(properties, template)
