"""Links that span files: parameter files with templates, CodeBuild projects with buildspecs."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from validator.buildspec import Buildspec
from validator.cloudformation.parameters import ParameterFile, ParameterLink
from validator.cloudformation.pipeline import Pipeline, PipelineAction
from validator.cloudformation.template import Template
from validator.document import Node
from validator.project.build import BuildLink, BuildProject

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """Something that was found for a path in an artifact, and whether the path alone leads to it."""

    what: T
    path: str
    exact: bool


class Finder:
    """Finds the files that a pipeline or a build project names by their paths within a source.

    The source may be this repository, a folder of it, or a repository that is checked out in a folder; so a path is
    tried from the top, then beside the file that names it, then as the end of one file's path.
    """

    def __init__(self, near: str, roots: Iterable[str]) -> None:
        """Take the absolute path of the file that names others, and the tops of the repositories."""
        # Of repositories in each other, the file's own comes first; those beside it are other sources.
        above = [root for root in sorted(roots, reverse=True) if near.startswith(f"{root}/")]
        self._folders = [*above, posixpath.dirname(near)]

    def find(self, path: str, files: Mapping[str, T]) -> Placed[T] | None:
        """Find the file for a path, among those by absolute paths."""
        clean = posixpath.normpath(path)
        for folder in self._folders:
            candidate = posixpath.normpath(posixpath.join(folder, clean))
            if candidate in files:
                return Placed(files[candidate], candidate, exact=True)
        ends = sorted(found for found in files if found.endswith("/" + clean))
        return Placed(files[ends[0]], ends[0], exact=False) if len(ends) == 1 else None


def deployed(
    pipeline: Pipeline, finder: Finder, templates: Mapping[str, Template], parameter_files: Mapping[str, ParameterFile]
) -> Iterator[ParameterLink]:
    """Yield the parameter files that a pipeline's CloudFormation actions pair with templates."""
    for action in pipeline.actions:
        if action.provider != "CloudFormation":
            continue
        template, configuration = action.file("TemplatePath"), action.file("TemplateConfiguration")
        if template is None or configuration is None:
            continue
        found = finder.find(template[1], templates)
        file = finder.find(configuration[1], parameter_files)
        file = file or _beside(configuration, template, found, parameter_files)
        if found is None or file is None:
            continue
        certain = found.exact and file.exact and _from_source(pipeline, template[0], configuration[0])
        via = action.configuration("TemplateConfiguration")
        yield ParameterLink(file.what, found.what, certain, via, action.overrides())


def _beside(
    configuration: tuple[str, str],
    template: tuple[str, str],
    found: Placed[Template] | None,
    files: Mapping[str, ParameterFile],
) -> Placed[ParameterFile] | None:
    """Of several files that fit, take the one that lies to the template as the paths in their artifact say."""
    if found is None or configuration[0] != template[0]:
        return None
    path = found.path.removesuffix(posixpath.normpath(template[1])) + posixpath.normpath(configuration[1])
    return Placed(files[path], path, exact=False) if path in files else None


def _from_source(pipeline: Pipeline, *artifacts: str) -> bool:
    """Whether artifacts are the pipeline's one source as it is, which then is this repository."""
    sources = [action for action in pipeline.actions if action.category == "Source"]
    return len(sources) == 1 and all(pipeline.producer(artifact) == sources[0] for artifact in artifacts)


def builds(
    projects: Sequence[BuildProject],
    inline: Mapping[Node, Sequence[Buildspec]],
    finders: Mapping[str, Finder],
    buildspecs: Mapping[str, Buildspec],
    pipelines: Iterable[Pipeline],
) -> Iterator[BuildLink]:
    """Yield each CodeBuild project with its buildspec, once per pipeline action that starts it, or once."""
    actions = [action for pipeline in pipelines for action in pipeline.actions if action.provider == "CodeBuild"]
    for project in projects:
        found: list[tuple[Buildspec | None, bool]] = [(buildspec, True) for buildspec in inline.get(project.node, ())]
        if not found:
            finder = finders[project.template.path]
            file = finder.find(project.path, buildspecs) if project.path is not None else None
            found = [(file.what, file.exact) if file is not None else (None, False)]
        starting: list[PipelineAction | None] = [action for action in actions if _starts(action, project)]
        for buildspec, certain in found:
            for action in starting or [None]:
                # Such an action runs another buildspec than the project's.
                other = action is not None and action.configuration("BuildspecOverride") is not None
                yield BuildLink(project, None if other else buildspec, action, certain and not other)


def _starts(action: PipelineAction, project: BuildProject) -> bool:
    """Whether an action's ProjectName is this project: a Ref to the resource, or the same name."""
    node = action.configuration("ProjectName")
    if node is None:
        return False
    if node.get("Ref") is not None and action.pipeline.template == project.template:
        return node.value == {"Ref": project.resource.logical_id}
    name = action.pipeline.text(node)
    return name is not None and name == project.name
