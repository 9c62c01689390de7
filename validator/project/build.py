"""CodeBuild projects, and the buildspecs that they run."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from validator.buildspec import Buildspec, runtimes
from validator.buildspec.runtimes import Environment, Image
from validator.buildspec.spec import is_whole
from validator.cloudformation.pipeline import PipelineAction, alternatives
from validator.cloudformation.template import Resource, Template, has_function, reads
from validator.document import Node
from validator.values import NoValue, Partial, Scope, text_of


@dataclass(frozen=True, slots=True)
class Setting:
    """What a project says of one thing, or does not say.

    Attributes:
        at: Where to report: what stands there, or the key of what it is missing in.
        texts: All that it can be, as far as it is known; a list has none.
        complete: Whether it can be nothing else; what is not set is complete.
        certain: Whether it is that whatever the parameters are given.
        absent: Whether it is not set.
    """

    at: Node
    texts: tuple[str, ...] = ()
    complete: bool = False
    certain: bool = False
    absent: bool = False

    @property
    def text(self) -> str | None:
        """The one text that it can be; None if it is not set, can be several, or is not known."""
        return self.texts[0] if len(self.texts) == 1 and self.complete else None


@dataclass(frozen=True, slots=True)
class ProjectVariable:
    """An environment variable that a project sets.

    Attributes:
        at: Where its name stands.
        value: The node of its value, or of what says where the value is kept.
        type: `PLAINTEXT`, `PARAMETER_STORE` or `SECRETS_MANAGER`; empty if it is not known.
    """

    at: Node
    name: str
    value: Node | None
    type: str


class BuildProject:
    """An `AWS::CodeBuild::Project` of a template."""

    def __init__(self, resource: Resource, template: Template) -> None:
        """Take the resource and the template that it stands in."""
        self.resource = resource
        self.template = template
        self._settings: dict[tuple[str, ...], Setting] = {}

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
        return value if isinstance(value, str) and not is_whole(value) else None

    # --- what it is set to -----------------------------------------------------------------------------------------

    def setting(self, *path: str) -> Setting:
        """Say what a property can be: `setting("Environment", "Image")`."""
        if path not in self._settings:
            self._settings[path] = self._setting(path)
        return self._settings[path]

    def _setting(self, path: tuple[str, ...]) -> Setting:
        node = self.node
        for name in ("Properties", *path):
            if not isinstance(node.value, dict) or has_function(node):
                return Setting(node.key)
            if (below := node.get(name)) is None:
                return Setting(node.key, complete=True, certain=True, absent=not self.template.is_rewritten)
            node = below
        return self.read(node)

    def read(self, node: Node) -> Setting:
        """Say what the value at a node of the project can be."""
        values = [case.value for case in self.template.scope.evaluate(node)]
        texts = tuple(dict.fromkeys(text for value in values if (text := text_of(value)) is not None))
        absent = all(isinstance(value, NoValue) for value in values)
        sure = self.template.scope.conditions.evaluate(node)
        certain = len(sure) == 1 and (isinstance(sure[0].value, NoValue) or text_of(sure[0].value) is not None)
        return Setting(node, texts, absent or all(text_of(value) is not None for value in values), certain, absent)

    @cached_property
    def images(self) -> tuple[Image, ...] | None:
        """The images that it can run in; None if not all of them are known."""
        setting = self.setting("Environment", "Image")
        if setting.texts:
            return tuple(map(runtimes.image, setting.texts)) if setting.complete else None
        cases = self.template.scope.evaluate(setting.at)
        if setting.complete or len(cases) > 1 or not _in_registry(setting.at):
            return None
        parts = cases[0].value.parts if isinstance(cases[0].value, Partial) else (cases[0].value,)
        return (Image("".join(part if isinstance(part, str) else "*" for part in parts), "custom"),)

    @cached_property
    def environment(self) -> Environment | None:
        """The kind of its environment, if it is known."""
        text = self.setting("Environment", "Type").text
        return runtimes.environment(text) if text is not None else None

    @property
    def has_fleet(self) -> bool:
        """Whether it surely has machines of its own: reserved capacity."""
        fleet = self.resource.property("Environment", "Fleet")
        if fleet is None or has_function(fleet):
            return False
        arn = fleet.get("FleetArn")
        return arn is not None and not any(
            isinstance(case.value, NoValue) for case in self.template.scope.evaluate(arn)
        )

    # --- what it lists ---------------------------------------------------------------------------------------------

    @cached_property
    def variables(self) -> tuple[ProjectVariable, ...]:
        """The environment variables that it sets, also those that are there under a condition only."""
        found = []
        for element in self._elements("Environment", "EnvironmentVariables"):
            name, kind = element.get("Name"), element.get("Type")
            text = self.read(name).text if name is not None else None
            if name is not None and text is not None and not has_function(element):
                type_ = "PLAINTEXT" if kind is None else self.read(kind).text or ""
                found.append(ProjectVariable(name, text, element.get("Value"), type_))
        return tuple(found)

    def identifiers(self, listed: str, name: str) -> Mapping[str, Node] | None:
        """Give the names of what it lists, `SecondaryArtifacts` or `SecondarySources`; None if not all are known."""
        node = self.resource.property(listed)
        if self.template.is_rewritten or has_function(self.node) or not self._is_plain(node):
            return None
        found: dict[str, Node] = {}
        for element in node.elements() if node is not None else ():
            at = element.get(name)
            text = self.read(at).text if at is not None else None
            if at is None or text is None:
                return None
            found[text] = at
        return found

    def _is_plain(self, node: Node | None) -> bool:
        properties = self.node.get("Properties")
        if node is None:
            return properties is not None and not has_function(properties)
        return isinstance(node.value, list) and not any(has_function(element) for element in node.elements())

    def _elements(self, *path: str) -> Iterator[Node]:
        for listed in alternatives(self.resource.property(*path)):
            for element in listed.elements():
                yield from alternatives(element)

    @cached_property
    def role(self) -> Resource | None:
        """The resource of the template that is its role."""
        node = self.resource.property("ServiceRole")
        read = next(reads(node), None) if node is not None and isinstance(node.value, dict) else None
        found = self.template.resources.get(read.logical_id) if read is not None else None
        return found if found is not None and found.type == "AWS::IAM::Role" else None


def _in_registry(node: Node) -> bool:
    """Whether a value is the name of an image in a registry of one's own, whichever that is."""
    named = any(isinstance(one.value, str) and ".dkr.ecr." in one.value for one in node.walk())
    return named or any(read.attribute == "RepositoryUri" for read in reads(node))


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

    @property
    def settled(self) -> bool:
        """Whether the project says that it runs this buildspec: it holds it, or names a file that lies there."""
        return self.certain and self.project.buildspec is not None

    @property
    def images(self) -> tuple[Image, ...] | None:
        """The images that the buildspec can run in; None if not all are known: a batch may choose others."""
        batch = self.buildspec is not None and self.buildspec.node.get("batch") is not None
        return None if batch else self.project.images


class Run(NamedTuple):
    """A build in one image.

    Attributes:
        certain: Whether the project surely runs the buildspec, and in this image only.
    """

    link: BuildLink
    image: Image
    certain: bool


def runs(links: Iterable[BuildLink]) -> tuple[Run, ...]:
    """Give the images that a buildspec runs in, by its links; nothing if it may run in others."""
    found: list[Run] = []
    for link in links:
        if link.images is None:
            return ()
        certain = link.settled and link.project.setting("Environment", "Image").certain
        found += [Run(link, image, certain) for image in link.images]
    return tuple(found)


def by_buildspec(links: Iterable[BuildLink]) -> dict[Buildspec, tuple[BuildLink, ...]]:
    """Give the links of each buildspec."""
    found: dict[Buildspec, list[BuildLink]] = {}
    for link in links:
        if link.buildspec is not None:
            found.setdefault(link.buildspec, []).append(link)
    return {buildspec: tuple(each) for buildspec, each in found.items()}
