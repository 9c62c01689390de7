"""What a buildspec finds when its build starts, files and variables, and what lies beside an AppSpec file."""

import json
import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from validator.buildspec import Buildspec
from validator.cloudformation.pipeline import PipelineAction, alternatives
from validator.cloudformation.template import has_function
from validator.codedeploy import Appspec
from validator.document import Node
from validator.project.build import BuildLink, BuildProject
from validator.project.commands import Program
from validator.suggest import nearest

# The files that CodeBuild takes if nobody says which, at the top of the source.
_DEFAULT = frozenset({"buildspec.yml", "buildspec.yaml"})


@dataclass(frozen=True, eq=False)
class Checkout:
    """The files of a repository, seen from a folder of it that is not surely known.

    Attributes:
        folders: The absolute paths of the folders that paths may start from: the repository's own, that of the file
            which names them, and those between.
        exists: Whether something is on disk at an absolute path.
        files: The absolute paths of all files.
    """

    folders: tuple[str, ...]
    exists: Callable[[str], bool]
    files: frozenset[str]

    def has(self, path: str) -> bool:
        """Whether something lies at a path, in any of the folders that it may start from."""
        return any(self.exists(posixpath.join(folder, path)) for folder in self.folders)

    def near(self, path: str) -> str:
        """Give a file beside the path that may have been meant; empty if there is none."""
        for folder in self.folders:
            beside = posixpath.dirname(posixpath.join(folder, path))
            names = [posixpath.basename(place) for place in self.files if posixpath.dirname(place) == beside]
            if found := nearest(posixpath.basename(path), names):
                return posixpath.join(posixpath.dirname(path), found[0])
        return ""

    def elsewhere(self, path: str) -> str:
        """Give the only file of a path's name, from the first folder; empty if there is none, or are several."""
        top = self.folders[0] + "/"
        name = "/" + posixpath.basename(path)
        found = [place for place in self.files if place.startswith(top) and place.endswith(name)]
        return found[0].removeprefix(top) if len(found) == 1 else ""

    def is_whole(self, path: str) -> bool:
        """Whether all files are surely there that a checkout has: it is one, or has the folder that a path leads to."""
        folder = posixpath.dirname(path)
        return self.has(".git") or (folder != "" and self.has(folder))

    @property
    def has_submodules(self) -> bool:
        """Whether other repositories are checked out within it."""
        return self.has(".gitmodules")


@dataclass(frozen=True, eq=False)
class Source(Checkout):
    """What a build of a buildspec starts with.

    Attributes:
        links: The projects that are known to run it, and the actions that start them.
        certain: Whether it surely is the repository: the buildspec lies where CodeBuild looks for it.
        variables: The names that projects and actions set; None if not all of them are known, or others may start it.
    """

    buildspec: Buildspec
    links: tuple[BuildLink, ...]
    certain: bool
    variables: frozenset[str] | None

    @property
    def node(self) -> Node:
        """The buildspec's own node."""
        return self.buildspec.node


@dataclass(frozen=True, eq=False)
class Revision(Checkout):
    """What CodeDeploy finds beside an AppSpec file.

    Attributes:
        mentions: Whether a command of the project speaks of a file by its name, and so may make it.
    """

    appspec: Appspec
    mentions: Callable[[str], bool]

    @property
    def node(self) -> Node:
        """The AppSpec file's own node."""
        return self.appspec.node


def sources(
    buildspecs: Iterable[Buildspec],
    links: Mapping[Buildspec, Sequence[BuildLink]],
    places: Mapping[str, str],
    roots: Collection[str],
    files: frozenset[str],
    exists: Callable[[str], bool],
) -> Iterator[Source]:
    """Yield what each buildspec starts with.

    Args:
        buildspecs: The files, and what stands in templates.
        links: The links of each buildspec that has any.
        places: Absolute paths of files by those that are shown.
        roots: The tops of the repositories.
        files: The absolute paths of all files.
        exists: Whether something is on disk at an absolute path.
    """
    for buildspec in buildspecs:
        place, known = places[buildspec.node.document.path], tuple(links.get(buildspec, ()))
        folders = tuple(_above(place, roots))
        own = not buildspec.inline and buildspec.node.document.outer is None
        certain = own and not any(_built_before(link) for link in known) and _is_top(place, folders[0], known)
        variables = _set_outside(known) if known else None
        yield Source(folders, exists, files, buildspec, known, certain, variables)


def revisions(
    appspecs: Iterable[Appspec],
    programs: Iterable[Program],
    places: Mapping[str, str],
    roots: Collection[str],
    files: frozenset[str],
    exists: Callable[[str], bool],
) -> Iterator[Revision]:
    """Yield what lies beside each AppSpec file; for the rest see `sources`."""
    texts = [program.document.text for program in programs]
    for appspec in appspecs:
        folders = tuple(_above(places[appspec.node.document.path], roots))
        yield Revision(folders, exists, files, appspec, lambda name: any(name in text for text in texts))


def _above(place: str, roots: Iterable[str]) -> Iterator[str]:
    """Yield the repository's own folder and those below it, down to the one of a file."""
    folder = posixpath.dirname(place)
    tops = sorted(roots)
    top = next((top for top in tops if folder == top or folder.startswith(top.rstrip("/") + "/")), folder)
    yield top
    below = top
    for name in posixpath.relpath(folder, top).split("/") if folder != top else ():
        below = posixpath.join(below, name)
        yield below


def _is_top(place: str, top: str, links: Sequence[BuildLink]) -> bool:
    """Whether a file is where CodeBuild looks for a buildspec, seen from the top of a repository."""
    paths = {posixpath.normpath(link.project.path) for link in links if link.project.path and link.settled}
    return posixpath.relpath(place, top) in (paths or _DEFAULT)


def _built_before(link: BuildLink) -> bool:
    """Whether the source may be what another build made, rather than a repository."""
    if link.action is None:
        return False
    producers = [link.action.pipeline.producer(artifact) for artifact in link.action.inputs]
    return any(producer is None or producer.category != "Source" for producer in producers)


def _set_outside(links: Sequence[BuildLink]) -> frozenset[str] | None:
    """Give the names of the variables that projects and actions set; None if not all are known."""
    found: set[str] = set()
    for link in links:
        images = link.images
        in_project, in_action = _of_project(link.project), _of_action(link.action)
        # Whoever makes an image sets variables in it.
        if images is None or any(image.kind not in {"standard", "removed"} for image in images):
            return None
        if in_project is None or in_action is None or not link.settled:
            return None
        # A pipeline that is not here starts it, and may set more.
        if link.action is None and link.project.setting("Source", "Type").text in {None, "CODEPIPELINE"}:
            return None
        found |= in_project | in_action
    return frozenset(found)


def _of_project(project: BuildProject) -> frozenset[str] | None:
    listed = project.resource.property("Environment", "EnvironmentVariables")
    environment = project.resource.property("Environment")
    if project.template.is_rewritten or has_function(project.node) or environment is None or has_function(environment):
        return None
    names: list[str | None] = []
    for each in alternatives(listed):
        if not isinstance(each.value, list):
            return None
        names += [_name(project, one) for element in each.elements() for one in alternatives(element)]
    return None if None in names else frozenset(name for name in names if name)


def _name(project: BuildProject, element: Node) -> str | None:
    if element.value == {"Ref": "AWS::NoValue"}:
        return ""
    node = element.get("Name")
    return project.read(node).text if node is not None and not has_function(element) else None


def _of_action(action: PipelineAction | None) -> frozenset[str] | None:
    if action is None:
        return frozenset()
    node = action.configuration("EnvironmentVariables")
    if node is None:
        return frozenset() if action.lacks("EnvironmentVariables") else None
    try:
        listed = json.loads(action.pipeline.text(node) or "")
    except (ValueError, RecursionError):
        return None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        return None
    return frozenset(str(one.get("name")) for one in listed)
