"""What pipelines hand on: the files that actions take out of artifacts, and the templates that are deployed."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from validator.buildspec import Artifact, Buildspec
from validator.buildspec.calls import Call
from validator.buildspec.deliveries import copies, deployed, makes, opaque, packaged
from validator.cloudformation.actions import Taken, action_of, default_names
from validator.cloudformation.parameters import ParameterFile, ParameterLink
from validator.cloudformation.pipeline import Pipeline, PipelineAction
from validator.cloudformation.stacks import Stack, grow
from validator.cloudformation.template import Template
from validator.cloudformation.tree import StackLink
from validator.document import Node
from validator.project.build import BuildLink
from validator.project.links import Finder
from validator.suggest import nearest
from validator.values import When, text_of

# What stands in these was put together before the pipeline takes it, nobody knows how.
_PACKED = frozenset({"S3", "ECR"})
# Categories of actions that run programs, which may write and upload anything.
_WORKING = frozenset({"Build", "Test", "Invoke", "Compute"})
_FILE = re.compile(r"([A-Za-z0-9_-]+)::([^:=,]+)")


@dataclass(frozen=True, eq=False)
class Build:
    """A CodeBuild action with the buildspec that it runs.

    Attributes:
        buildspec: None if nobody knows which.
        certain: Whether the project says so; else the buildspec is the only one that fits.
        source: The absolute path of the folder that the build takes place in, if it is known.
    """

    action: PipelineAction
    buildspec: Buildspec | None
    certain: bool
    source: str | None = None

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """The programs that it calls."""
        return tuple(self.buildspec.flow.calls) if self.buildspec is not None else ()

    def handed_on(self, artifact: str) -> Artifact | None:
        """Give what the buildspec puts in one of the action's artifacts; None if it puts nothing there."""
        found = list(self.buildspec.artifacts()) if self.buildspec is not None else []
        if len(self.action.outputs) == 1 and not self.action.outputs_open:
            return found[0] if found else None
        return next((one for one in found if one.identifier == artifact), None)


@dataclass(frozen=True, slots=True)
class ArtifactFile:
    """A file that a pipeline's action takes out of one of its artifacts.

    Attributes:
        at: Where the action names it.
        place: The absolute path of the file of the project that it is, or is made of; None if that is not known.
        certain: Whether `place`, or that it is missing, is beyond doubt.
        absent: Why the artifact does not hold it: places and what is there; empty if it may.
        near: A path that may have been meant.
        when: What is assumed where the action names this one of several.
        default: Whether the action does not name it, and takes it for its name.
    """

    at: Node
    action: PipelineAction
    artifact: str
    path: str
    place: str | None = None
    certain: bool = False
    absent: tuple[tuple[Node, str], ...] = ()
    near: str = ""
    when: When = frozenset()
    default: bool = False


@dataclass(frozen=True, eq=False)
class Deployment:
    """A template as a pipeline's action, or a build's command, deploys it.

    Attributes:
        at: Where the template is named.
        action: None for a command.
        certain: Whether the template is beyond doubt: the repository's own, and no build stands between.
        as_it_is: Whether what is deployed is the file itself; else a build packages it before.
        stacks: The root and all that it nests.
        builds: What is built before it is deployed.
        capabilities: For a command, what it acknowledges; None if nobody can tell.
        change_set: Whether a change set is made first.
        file: What it is deployed with.
    """

    template: Template
    at: Node
    certain: bool
    stacks: tuple[Stack, ...]
    action: PipelineAction | None = None
    as_it_is: bool = True
    builds: tuple[Build, ...] = ()
    capabilities: frozenset[str] | None = None
    change_set: bool = False
    file: ParameterLink | None = None


@dataclass(eq=False)
class Deliveries:
    """All that is needed to follow artifacts through pipelines.

    Attributes:
        buildspecs: Those that are files, by absolute path.
        parameter_links: Gives what templates are deployed with, when asked.
        files: The absolute paths of all files.
        templates: The templates by absolute path.
        places: Absolute paths by those that are shown.
        exists: Whether something is on disk at a path.
    """

    pipelines: Sequence[Pipeline]
    buildspecs: Mapping[str, Buildspec]
    inline_buildspecs: Sequence[Buildspec]
    build_links: Sequence[BuildLink]
    stack_links: Sequence[StackLink]
    parameter_links: Callable[[], Sequence[ParameterLink]]
    templates: Mapping[str, Template]
    files: frozenset[str]
    places: Mapping[str, str]
    roots: frozenset[str]
    exists: Callable[[str], bool]
    _finders: dict[str, Finder] = field(default_factory=dict)
    _grown: dict[tuple[Template, ParameterLink | None], tuple[Stack, ...]] = field(default_factory=dict)

    # --- builds ----------------------------------------------------------------------------------------------------

    @cached_property
    def builds(self) -> Mapping[PipelineAction, Build]:
        """The builds that pipelines start."""
        links: dict[PipelineAction, list[BuildLink]] = {}
        for link in self.build_links:
            if link.action is not None:
                links.setdefault(link.action, []).append(link)
        found: dict[PipelineAction, Build] = {}
        for pipeline in self.pipelines:
            own = [action for action in pipeline.actions if action.provider == "CodeBuild"]
            alone = sum(1 for one in own if one.outputs and one not in links) == 1
            for action in own:
                starting = links.get(action, [])
                found[action] = self._linked(action, starting) or self._guessed(action, starting, alone=alone)
        return found

    def _linked(self, action: PipelineAction, links: Sequence[BuildLink]) -> Build | None:
        if len(links) != 1 or links[0].buildspec is None:
            return None
        [link] = links
        assert link.buildspec is not None
        source = None
        if link.buildspec.node.document.outer is None and not link.buildspec.node.path and link.project.path:
            place = self.places[link.buildspec.node.document.path]
            source = place.removesuffix(posixpath.normpath(link.project.path)).removesuffix("/")
        return Build(action, link.buildspec, link.certain, source)

    def _guessed(self, action: PipelineAction, links: Sequence[BuildLink], *, alone: bool) -> Build:
        """Find the one buildspec beside which lie files that the pipeline takes from the build."""
        wanted = {path for artifact in action.outputs for path in self._taken.get((action.pipeline, artifact), ())}
        path = links[0].project.path if len(links) == 1 else "buildspec.yml" if not links and alone else None
        linked = {link.buildspec for link in self.build_links if link.certain}
        rated: dict[str, int] = {}
        for place, buildspec in self.buildspecs.items():
            if path and place.endswith("/" + posixpath.normpath(path)) and (buildspec not in linked or links):
                source = place.removesuffix("/" + posixpath.normpath(path))
                rated[place] = sum(posixpath.join(source, one) in self.files for one in wanted)
        best = [place for place, count in rated.items() if count and count == max(rated.values())]
        if len(best) != 1 or path is None:
            return Build(action, None, certain=False)
        source = best[0].removesuffix("/" + posixpath.normpath(path))
        return Build(action, self.buildspecs[best[0]], certain=False, source=source)

    @cached_property
    def _taken(self) -> Mapping[tuple[Pipeline, str], list[str]]:
        """The paths that a pipeline's actions take out of each artifact."""
        found: dict[tuple[Pipeline, str], list[str]] = {}
        for pipeline in self.pipelines:
            for action in pipeline.actions:
                for named in _named(action):
                    found.setdefault((pipeline, named.artifact), []).extend((named.path, *named.others))
        return found

    # --- files -----------------------------------------------------------------------------------------------------

    @cached_property
    def artifact_files(self) -> tuple[ArtifactFile, ...]:
        """The files that actions take out of artifacts."""
        return tuple(
            self._file(action, named)
            for pipeline in self.pipelines
            for action in pipeline.actions
            for named in _named(action)
            if named.artifact in action.inputs
        )

    @cached_property
    def _by_action(self) -> Mapping[PipelineAction, list[ArtifactFile]]:
        found: dict[PipelineAction, list[ArtifactFile]] = {}
        for file in self.artifact_files:
            found.setdefault(file.action, []).append(file)
        return found

    def _file(self, action: PipelineAction, named: "_Named") -> ArtifactFile:
        """Say what is known of a file that an action takes; of several that will do, of the one that is there."""
        found = [self._found(action, named, path) for path in (named.path, *named.others)]
        held = [file for file in found if not file.absent]
        if held:
            return next((file for file in held if file.place), held[0])
        if named.nested and self._may_be_nested(action, named):
            return replace(found[0], absent=(), near="", certain=False)
        return replace(found[0], certain=all(file.certain for file in found))

    def _found(self, action: PipelineAction, named: "_Named", path: str) -> ArtifactFile:
        at, artifact, when = named.at, named.artifact, named.when
        producers = action.pipeline.producers(artifact)
        settled = not when and action.pipeline.settled(at) is not None
        if len(producers) == 1 and not action.pipeline.is_open and posixpath.normpath(path) == path:
            [producer] = producers
            file = ArtifactFile(at, action, artifact, path, when=when, default=named.default)
            if producer.provider == "ECR":
                return file  # which writes what it hands on itself
            if producer.category == "Source":
                return self._from_source(file, producer, settled=settled)
            if producer.provider == "CloudFormation":
                return _from_stack(file, producer, settled=settled)
            if producer in self.builds and self.builds[producer].buildspec is not None:
                return self._from_build(file, self.builds[producer], settled=settled)
        found = self._finder(action).find(path, self._every)
        place = found.path if found is not None else None
        return ArtifactFile(at, action, artifact, path, place, when=when, default=named.default)

    def _may_be_nested(self, action: PipelineAction, named: "_Named") -> bool:
        """Whether a file that is not at the top of an artifact may lie in a folder of it."""
        [producer] = action.pipeline.producers(named.artifact)
        names = (named.path, *named.others)
        build = self.builds.get(producer)
        source = build.source if build is not None else self._source(action.pipeline, named.artifact)
        inner = [place for place in self.files if posixpath.basename(place) in names]
        there = any(posixpath.dirname(posixpath.dirname(place)) == source for place in inner)
        if build is None:
            return there
        artifact = build.handed_on(named.artifact)
        if artifact is None or not any(artifact.may_hold_inside(name) for name in names):
            return False
        return there or any(opaque(build.calls)) or copies(build.calls) or any(makes(build.calls, one) for one in names)

    def _from_source(self, file: ArtifactFile, producer: PipelineAction, *, settled: bool) -> ArtifactFile:
        pipeline, path = file.action.pipeline, file.path
        found = self._finder(file.action).find(path, self._every)
        repositories = [one for one in pipeline.actions if one.category == "Source" and one.provider != "ECR"]
        alone = len(repositories) == 1
        if found is not None:
            certain = settled and alone and found.exact and producer.provider not in _PACKED
            return replace(file, place=found.path, certain=certain)
        folder = self._source(pipeline, file.artifact)
        if folder is None or self.exists(posixpath.join(folder, path)):
            return file
        near = self._near(folder, path)
        certain = settled and alone and producer.provider not in _PACKED
        if not (certain or near):
            return file
        reason = (producer.outputs[file.artifact], "the source that is handed on")
        return replace(file, absent=(reason,), near=near, certain=certain)

    def _from_build(self, file: ArtifactFile, build: Build, *, settled: bool) -> ArtifactFile:
        assert build.buildspec is not None
        if build.buildspec.node.get("artifacts", "Fn::If") is not None or _holes(build.buildspec.node):
            return file
        artifact = build.handed_on(file.artifact)
        near = self._near_in(build, artifact, file.path) if artifact is not None else ""
        if artifact is not None and build.certain and not artifact.may_hold(file.path):
            listed = [str(node.value) for node in artifact.files if isinstance(node.value, str)]
            near = near or next(iter(nearest(file.path, listed)), "")
        known = self._evident(build, file.action.pipeline)
        if not (known or near):
            return file
        evident = build.certain and settled and known
        heading = build.buildspec.node.get("artifacts")
        if artifact is None:
            where = heading.key if heading is not None else build.buildspec.node
            what = "the buildspec hands on no artifact of this name" if heading is not None else "no artifacts here"
            several = len(build.action.outputs) > 1
            return replace(file, absent=((where, what),) if several or heading is None else (), certain=evident)
        reason = ((artifact.node.get("files") or artifact.node).key, "the files of the artifact")
        if not artifact.may_hold(file.path):
            return replace(file, absent=(reason,), near=near, certain=evident)
        place = self._origin(file, build, artifact)
        if place is None and not any(opaque(build.calls)) and not makes(build.calls, file.path):
            # Nothing makes it, but something is there of nearly that name.
            there = build.source is not None and self.exists(posixpath.join(build.source, file.path))
            if near and not there:
                return replace(file, absent=(reason,), near=near)
        return replace(file, place=place)

    def _origin(self, file: ArtifactFile, build: Build, artifact: Artifact) -> str | None:
        """Find the file of the source that a file of an artifact is, or is packaged of."""
        path = file.path
        base = artifact.base
        inside = posixpath.normpath(posixpath.join(base, path)) if base else path
        for one in packaged(build.calls):
            if {posixpath.normpath(text) for text in one.output} & {inside, path}:
                path = inside = one.template[0] if len(one.template) == 1 else path
                break
        tried = (
            [posixpath.normpath(posixpath.join(build.source, one)) for one in (inside, path)] if build.source else []
        )
        for place in tried:
            if place in self.files:
                return place
        if artifact.is_flat and build.source:
            inner = [place for place in self.files if place.startswith(build.source + "/")]
            named = [place for place in inner if posixpath.basename(place) == path]
            if len(named) == 1:
                return named[0]
        found = self._finder(file.action).find(path, self._every)
        return found.path if found is not None else None

    def _evident(self, build: Build, pipeline: Pipeline) -> bool:
        """Whether what a build hands on is surely known from here.

        Its buildspec stands in the template; or speaks of the files that such a pipeline deploys; or its source has
        another file that the pipeline names.
        """
        assert build.buildspec is not None
        if build.buildspec.inline or build.buildspec.node.document.outer is not None:
            return True
        names = {path for artifact in build.action.outputs for path in self._taken.get((pipeline, artifact), ())}
        if names & default_names() and any(name in default_names() for name in _spoken_of(build)):
            return True
        names |= {template for one in packaged(build.calls) for template in one.template}
        return build.source is not None and any(posixpath.join(build.source, name) in self.files for name in names)

    def _source(self, pipeline: Pipeline, artifact: str) -> str | None:
        """Find the one folder in which other files lie that the pipeline takes from a source."""
        names = self._taken.get((pipeline, artifact), ())
        near = posixpath.dirname(self.places[pipeline.node.document.path])
        for folder in (*sorted(self.roots), near):
            if any(posixpath.join(folder, name) in self.files for name in names):
                return folder
        return None

    def _near_in(self, build: Build, artifact: Artifact, path: str) -> str:
        near = self._near(build.source, path) if build.source is not None else ""
        return near if near and artifact.may_hold(near) else ""

    def _near(self, folder: str, path: str) -> str:
        beside = posixpath.dirname(posixpath.join(folder, path))
        names = [posixpath.basename(place) for place in self.files if posixpath.dirname(place) == beside]
        found = nearest(posixpath.basename(path), names)
        return posixpath.join(posixpath.dirname(path), found[0]) if found else ""

    def _finder(self, action: PipelineAction) -> Finder:
        return self._finder_of(action.pipeline.node.document.path)

    def _finder_of(self, path: str) -> Finder:
        if path not in self._finders:
            self._finders[path] = Finder(self.places[path], self.roots)
        return self._finders[path]

    # --- deployments -----------------------------------------------------------------------------------------------

    @cached_property
    def deployments(self) -> tuple[Deployment, ...]:
        """The templates that pipelines and builds deploy."""
        return (*self._by_actions(), *self._by_commands())

    def _by_actions(self) -> Iterator[Deployment]:
        for file in self.artifact_files:
            template = self.templates.get(file.place or "")
            if template is None or file.at != file.action.configuration("TemplatePath"):
                continue
            action = file.action
            before = [one for one in self._working[action.pipeline] if one.runs_before(action) is not False]
            paired = self._paired(action, template)
            yield Deployment(
                template,
                file.at,
                file.certain,
                self._tree(template, paired),
                action,
                as_it_is=posixpath.basename(file.place or "") == posixpath.basename(file.path),
                builds=tuple(self._build(one) for one in before),
                change_set=action.pipeline.text(action.configuration("ActionMode")) == "CHANGE_SET_REPLACE",
                file=paired,
            )

    def _paired(self, action: PipelineAction, template: Template) -> ParameterLink | None:
        """Find the parameter file that an action deploys a template with, if it is known which."""
        at = action.configuration("TemplateConfiguration")
        found = [file for file in self._by_action[action] if file.at == at]
        places = {file.place for file in found}
        links = [link for link in self._files_of.get(template, ()) if self.places[link.file.document.path] in places]
        return links[0] if len(links) == 1 and len(found) == 1 else None

    def _by_commands(self) -> Iterator[Deployment]:
        for buildspec in (*self.buildspecs.values(), *self.inline_buildspecs):
            made = tuple(buildspec.flow.calls)
            place = self.places[buildspec.node.document.path]
            moves = any(call.program in {"cd", "pushd"} for call in made)
            outputs = {text: one.template for one in packaged(made) for text in one.output}
            for one in deployed(made):
                path = next(iter(outputs.get(one.template, (one.template,))))
                found = self._finder_of(buildspec.node.document.path).find(path, self.templates)
                if found is None or "*" in path:
                    continue
                # A source may be this folder, or one that lies above it.
                certain = found.exact and path == one.template and not moves and posixpath.dirname(place) in self.roots
                stacks = self._tree(found.what, None)
                yield Deployment(
                    found.what,
                    one.call.node,
                    certain,
                    stacks,
                    capabilities=one.capabilities,
                    change_set=one.change_set,
                )

    @cached_property
    def _working(self) -> Mapping[Pipeline, list[PipelineAction]]:
        """The actions of each pipeline that run programs."""
        return {one: [action for action in one.actions if action.category in _WORKING] for one in self.pipelines}

    def _build(self, action: PipelineAction) -> Build:
        """Give what is known of an action that runs programs; of other providers' nothing is."""
        return self.builds.get(action) or Build(action, None, certain=False)

    def _tree(self, template: Template, file: ParameterLink | None) -> tuple[Stack, ...]:
        if (template, file) not in self._grown:
            self._grown[template, file] = tuple(grow(template, self._below, file))
        return self._grown[template, file]

    def pairs(self, parameter_files: Mapping[str, ParameterFile]) -> Iterator[ParameterLink]:
        """Yield the parameter files that actions deploy templates with which a build has packaged."""
        for file in self.artifact_files:
            template = self.templates.get(file.place or "")
            packed = posixpath.basename(file.place or "") != posixpath.basename(file.path)
            if template is None or not packed or file.at != file.action.configuration("TemplatePath"):
                continue
            via = file.action.configuration("TemplateConfiguration")
            for other in self._by_action[file.action]:
                if other.at == via and (other.place or "") in parameter_files:
                    found = parameter_files[other.place or ""]
                    yield ParameterLink(found, template, certain=False, via=via, overridden=file.action.overrides())

    @cached_property
    def _files_of(self) -> Mapping[Template, list[ParameterLink]]:
        found: dict[Template, list[ParameterLink]] = {}
        for link in self.parameter_links():
            if link.file.document.path in self.places:
                found.setdefault(link.template, []).append(link)
        return found

    @cached_property
    def _every(self) -> Mapping[str, None]:
        return dict.fromkeys(self.files)

    @cached_property
    def _below(self) -> Mapping[Template, Sequence[StackLink]]:
        found: dict[Template, list[StackLink]] = {}
        for link in self.stack_links:
            found.setdefault(link.parent, []).append(link)
        return found


def _from_stack(file: ArtifactFile, producer: PipelineAction, *, settled: bool) -> ArtifactFile:
    """Tell what an action that deploys a stack hands on: a file with its outputs, if it is to write one."""
    node = producer.configuration("OutputFileName")
    name = producer.pipeline.settled(node) if node is not None else None
    if producer.lacks("OutputFileName") and producer.settings is not None:
        return replace(file, absent=((producer.settings.key, "it has no OutputFileName"),), certain=settled)
    if node is not None and name is not None and name != file.path:
        return replace(file, absent=((node, "the one file that it holds"),), near=name, certain=settled)
    return file


class _Named(NamedTuple):
    """A file that an action names, or takes for its name; the others will do as well, in a folder if it is nested."""

    at: Node
    artifact: str
    path: str
    when: When = frozenset()
    others: tuple[str, ...] = ()
    nested: bool = False
    default: bool = False


def _named(action: PipelineAction) -> Iterator[_Named]:
    """Yield the files that an action takes out of its artifacts."""
    kind = action_of(action)
    for name in kind.files if kind is not None else ():
        node = action.configuration(name)
        for case in action.pipeline.possible(node) if node is not None else ():
            found = _FILE.fullmatch(text_of(case.value) or "")
            if found is not None and node is not None:
                yield _Named(node, found[1], found[2], case.when)
    for taken in kind.takes if kind is not None else ():
        yield from _by_name(action, taken)
    overrides = action.configuration("ParameterOverrides")
    if overrides is not None:
        yield from (_Named(overrides, one.artifact, one.file) for one in action.fetched() if one.file)


def _by_name(action: PipelineAction, taken: Taken) -> Iterator[_Named]:
    """Yield a file that an action takes for its name, or for that which a member of the configuration gives it."""
    if taken.artifact:
        at = action.configuration(taken.artifact)
        artifact = action.pipeline.text(at)
    else:
        artifact, at = next(iter(action.inputs.items()), (None, None))
        if len(action.inputs) > 1 or action.inputs_open:
            return
    if at is None or artifact is None:
        return
    path = action.configuration(taken.path) if taken.path else None
    if path is not None:
        for case in action.pipeline.possible(path):
            if text := text_of(case.value):
                yield _Named(path, artifact, text, case.when)
    elif not taken.path or action.lacks(taken.path):
        yield _Named(at, artifact, taken.names[0], frozenset(), taken.names[1:], taken.nested, default=True)


def _spoken_of(build: Build) -> Iterator[str]:
    """Yield the names of the files that a buildspec hands on, and of those that its commands read or write."""
    assert build.buildspec is not None
    for artifact in build.buildspec.artifacts():
        yield from (posixpath.basename(node.value) for node in artifact.files if isinstance(node.value, str))
    for call in build.calls:
        texts = [text for word in call.operands for text in word]
        yield from (posixpath.basename(text) for text in (*call.writes, *texts))


def _holes(node: Node) -> bool:
    artifacts = node.get("artifacts")
    return artifacts is not None and any(
        isinstance(one.value, dict) and any(key.startswith("Fn::") or key == "Ref" for key in one.value)
        for one in artifacts.walk()
    )
