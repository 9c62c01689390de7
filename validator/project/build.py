"""CodeBuild projects, and the buildspecs that they run."""

from dataclasses import dataclass
from functools import cached_property

from validator.buildspec import Buildspec
from validator.cloudformation.pipeline import PipelineAction
from validator.cloudformation.template import Resource, Template
from validator.document import Node
from validator.values import Scope, text_of


class BuildProject:
    """An `AWS::CodeBuild::Project` of a template."""

    def __init__(self, resource: Resource, template: Template) -> None:
        """Take the resource and the template that it stands in."""
        self.resource = resource
        self.template = template

    @property
    def node(self) -> Node:
        """The resource's node."""
        return self.resource.node

    @cached_property
    def name(self) -> str | None:
        """The project's name, if it is known."""
        node = self.resource.property("Name")
        if node is None:
            return None
        cases = Scope(self.template.root).evaluate(node)
        return text_of(cases[0].value) if len(cases) == 1 else None

    @property
    def buildspec(self) -> Node | None:
        """The property that names or holds the buildspec; without it CodeBuild takes `buildspec.yml`."""
        return self.resource.property("Source", "BuildSpec")

    @property
    def path(self) -> str | None:
        """The path of its buildspec within its source; None if it is inline or not known."""
        if self.buildspec is None:
            return "buildspec.yml"
        value = self.buildspec.value
        return value if isinstance(value, str) and "\n" not in value and not value.lstrip().startswith("{") else None


@dataclass(frozen=True, slots=True)
class BuildLink:
    """A CodeBuild project with the buildspec that it runs, and the pipeline action that starts it.

    Attributes:
        buildspec: None if it is in another repository, several files could be it, or it did not parse.
        action: None if no pipeline of the project starts the build.
        certain: Whether the path leads to the file as it is; else the file was found by its name.
    """

    project: BuildProject
    buildspec: Buildspec | None
    action: PipelineAction | None = None
    certain: bool = True
