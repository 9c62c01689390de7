"""The project itself: its files, and the objects that rules are called with."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeVar

from validator.buildspec import Buildspec, Command
from validator.cloudformation.parameters import ParameterFile, ParameterLink
from validator.cloudformation.pipeline import Pipeline, PipelineAction, pipelines
from validator.cloudformation.stacks import Stack, grow
from validator.cloudformation.template import Template
from validator.cloudformation.tree import StackLink, Tree
from validator.codedeploy import Appspec
from validator.document import Document, Node
from validator.environment import EnvironmentSpec, Expectation, Suite, suites
from validator.iam.policy import Policy, PolicySet, Statement
from validator.lazy import lazy
from validator.project import pairing, secrets
from validator.project.answers import Answer, PolicyAnswer, TemplateAnswer
from validator.project.artifacts import ArtifactFile, Deliveries, Deployment
from validator.project.build import BuildLink, BuildProject, by_buildspec
from validator.project.commands import Program, of_buildspec, script
from validator.project.deployed import scopes_of
from validator.project.environments import EnvironmentLink, environment_links
from validator.project.files import File, Reader
from validator.project.inside import dump_policies, inline_buildspecs, inner_documents, opened, policy_nodes
from validator.project.links import Finder, builds, deployed
from validator.project.sources import Revision, Source, revisions, sources
from validator.project.suppression import Suppression, suppressions
from validator.project.together import in_dump, in_template
from validator.settings import Layout, PolicyGroup
from validator.values import Cases, Scope, When

_T = TypeVar("_T")
Deployed = Callable[[Mapping[str, Cases]], tuple[Scope, ...]]
_DUMP = "account-authorization-details"
# The kinds of policies that say where somebody can act.
_ACTING = frozenset({"identity", "boundary", "scp", "rcp", "session"})


class Project:
    """All files of a run, parsed and linked; links are worked out when they are first asked for.

    Attributes:
        files: Every file, in order of path; also those that are there for the sake of their links only.
        given: The paths at which findings are asked for; None for all.
        layout: What the configuration says of how files belong together.
        answers: What AWS says of the files; None in a run that does not ask.
    """

    def __init__(
        self,
        files: tuple[File, ...],
        *,
        layout: Layout,
        reader: Reader,
        roots: frozenset[str] = frozenset(),
        given: frozenset[str] | None = None,
    ) -> None:
        """Take files that were read; `roots` are the folders that links may lead to files in."""
        self.files = files
        self.layout = layout
        self.given = given
        self.answers: tuple[Answer, ...] | None = None
        self._reader = reader
        self._roots = roots

    # --- what rules are called with --------------------------------------------------------------------------------

    def subjects(self, types: Iterable[type]) -> Iterator[object]:
        """Yield every object of the given types that rules are called with, type by type in order of place.

        Objects of one file come from the files that findings are asked for at; links come from all.
        """
        wanted = frozenset(types)
        known = wanted & self._collectors.keys()
        for kind in known if len(known) < 2 else [each for each in self._collectors if each in known]:
            yield from self._collectors[kind](self)
        if Project in wanted:
            yield self

    def _answers(self, kind: type) -> Iterator[Answer]:
        return (answer for answer in self.answers or () if isinstance(answer, kind))

    def _asked(self, objects: Iterable[_T]) -> Iterable[_T]:
        if self.given is None:
            return objects
        return (found for found in objects if _document(found).path in self.given)

    @lazy
    def documents(self) -> tuple[Document, ...]:
        """The documents of all files of a kind of ours, and those that did not parse."""
        return tuple(file.document for file in self.files if file.document is not None)

    @lazy
    def inner_documents(self) -> tuple[Document, ...]:
        """The texts inside templates that are meant to be documents, also those that did not parse."""
        return tuple(found for template in self.templates for found in inner_documents(template))

    @lazy
    def suppressions(self) -> tuple[Suppression, ...]:
        """The suppressions that stand in the files."""
        return tuple(found for document in self.documents for found in suppressions(document))

    # --- views -----------------------------------------------------------------------------------------------------

    def _of_kind(self, *kinds: str) -> Iterator[tuple[File, Document]]:
        for file in self.files:
            if file.kind.kind in kinds and file.document is not None and not file.document.broken:
                yield file, file.document

    @lazy
    def templates(self) -> tuple[Template, ...]:
        """The templates that are files."""
        return tuple(Template(document.root) for _, document in self._of_kind("template"))

    @lazy
    def parameter_files(self) -> tuple[ParameterFile, ...]:
        """The parameter files."""
        return tuple(
            ParameterFile(document, file.kind.form)  # type: ignore[arg-type]  # one of its forms
            for file, document in self._of_kind("parameters")
            if file.kind.form in {"codepipeline", "cli", "skeleton", "overrides", "map", "deployment"}
        )

    @lazy
    def programs(self) -> tuple[Program, ...]:
        """What runs commands: the scripts and Makefiles, then the buildspecs."""
        scripts = [script(document) for _, document in self._of_kind("script")]
        return (*scripts, *map(of_buildspec, self.buildspecs))

    @lazy
    def pipelines(self) -> tuple[Pipeline, ...]:
        """The pipelines: resources of templates, then files."""
        found = [pipeline for template in self.templates for pipeline in pipelines(template)]
        for _, document in self._of_kind("pipeline"):
            found.append(Pipeline(document.root.get("pipeline") or document.root))
        return tuple(found)

    @lazy
    def build_projects(self) -> tuple[BuildProject, ...]:
        """The CodeBuild projects that templates declare."""
        return tuple(
            BuildProject(resource, template)
            for template in self.templates
            for resource in template.resources.values()
            if resource.type == "AWS::CodeBuild::Project"
        )

    @lazy
    def inline_buildspecs(self) -> dict[Node, tuple[Buildspec, ...]]:
        """The buildspecs that stand in CodeBuild projects, by the resource's node."""
        return {
            project.node: tuple(
                Buildspec(root) for root in inline_buildspecs(project.resource) if not root.document.broken
            )
            for project in self.build_projects
        }

    @lazy
    def buildspecs(self) -> tuple[Buildspec, ...]:
        """The buildspecs: files, then those inside templates."""
        files = [Buildspec(document.root) for _, document in self._of_kind("buildspec")]
        return (*files, *(buildspec for found in self.inline_buildspecs.values() for buildspec in found))

    @lazy
    def appspecs(self) -> tuple[Appspec, ...]:
        """CodeDeploy's AppSpec files."""
        return tuple(Appspec(document.root) for _, document in self._of_kind("appspec"))

    @lazy
    def task_definitions(self) -> dict[str, Document]:
        """The task definitions of ECS that are files, by absolute path."""
        return {file.place: document for file, document in self._of_kind("task definition")}

    @lazy
    def policies(self) -> tuple[Policy, ...]:
        """The policies: files, then those inside templates."""
        found: list[Policy] = []
        for file, document in self._of_kind("policy"):
            if file.kind.form == _DUMP:
                found += [Policy(node, kind) for node, kind in dump_policies(document)]
                continue
            holder = document.root.get(*file.kind.at)
            node = opened(holder) if holder is not None else None
            if node is not None:
                found.append(Policy(node, file.kind.form, guessed=file.kind.guessed))
        for template in self.templates:
            found += [Policy(node, kind) for node, kind in policy_nodes(template)]
        return tuple(found)

    @lazy
    def environments(self) -> tuple[EnvironmentSpec, ...]:
        """The environment specs."""
        return tuple(EnvironmentSpec(document.root, file.kind.form) for file, document in self._of_kind("environment"))

    @lazy
    def suites(self) -> tuple[Suite, ...]:
        """The environment specs that no other includes, each with all that it includes."""
        specs = {self._places[spec.node.document.path]: spec for spec in self.environments}
        files = frozenset(file.place for file in self.files if file.document is None or not file.document.broken)
        return tuple(suites(specs, files, lambda place: Path(place).exists()))

    @lazy
    def policy_sets(self) -> tuple[PolicySet, ...]:
        """The policies that say where somebody can act, those together that act together.

        Together are what the configuration groups, and all policies of one role, user or group.
        """
        configured = [self._configured(group) for group in self.layout.policy_sets]
        taken = {policy.node for group in configured for policy in group}
        free: dict[str, list[Policy]] = {}
        for policy in self.policies:
            if policy.kind in _ACTING and not (taken and policy.node in taken):
                free.setdefault(policy.node.document.path, []).append(policy)
        found = [one for group in configured for one in self._together(group)]
        # A template or a dump may say who has AWS's policies, and hold none itself.
        left = {*self._by_path, *self._dumps} - {node.document.path for node in taken}
        for file in self.files:
            if file.path in free or file.path in left:
                found += self._grouped(file.path, free.get(file.path, ()))
        return tuple(found)

    def _together(self, group: Sequence[Policy]) -> Iterator[PolicySet]:
        """Yield the sets of what the configuration groups: each role, user or group in it has the rest around it."""
        holders: dict[str, list[Policy]] = {}
        for policy in group:
            path = policy.node.document.path
            if policy.kind == "identity" and (path in self._by_path or path in self._dumps):
                holders.setdefault(path, []).append(policy)
        around = tuple(policy for policy in group if policy not in holders.get(policy.node.document.path, ()))
        if around and not holders:
            yield PolicySet(around, self._scopes(around))
        for path in holders:
            own = [one for one in self.policies if one.node.document.path == path and one.kind in _ACTING]
            others = {policy.node for policy in around}
            for one in self._grouped(path, [each for each in own if each.node not in others]):
                yield replace(one, policies=(*one.policies, *around))

    def _grouped(self, path: str, policies: Sequence[Policy]) -> Iterator[PolicySet]:
        """Yield the sets of the policies of one file."""
        if (template := self._by_path.get(path)) is not None:
            for one in in_template(template, policies):
                yield replace(one, scopes=self._scopes(one.policies, one.assumed))
        elif (dump := self._dumps.get(path)) is not None:
            yield from in_dump(dump)
        else:
            yield from (PolicySet((policy,)) for policy in policies)

    @lazy
    def _dumps(self) -> dict[str, Document]:
        """The outputs of `aws iam get-account-authorization-details`, by path."""
        return {document.path: document for file, document in self._of_kind("policy") if file.kind.form == _DUMP}

    @lazy
    def _by_path(self) -> dict[str, Template]:
        return {template.path: template for template in self.templates}

    def _scopes(self, policies: Sequence[Policy], assumed: When = frozenset()) -> Deployed | None:
        """Give what says how the template that holds policies is deployed; None for a file of their own."""
        template = self._by_path.get(policies[0].node.document.path) if policies else None
        return partial(scopes_of, policies, template, assumed, self._stacks_of) if template is not None else None

    def _stacks_of(self, template: Template) -> Iterator[Stack]:
        return (stack for stack in self.stacks if stack.template == template)

    def _configured(self, group: PolicyGroup) -> list[Policy]:
        found = []
        for kind in ("scp", "rcp", "boundary", "identity"):
            patterns: tuple[str, ...] = getattr(group, kind)
            for policy in self.policies:
                path = policy.node.document.path
                if policy.kind not in _ACTING and (path in self._by_path or path in self._dumps):
                    continue
                if any(self._reader.matches(Path(path), pattern) for pattern in patterns):
                    found.append(replace(policy, kind=kind, guessed=False))
        return found

    # --- links -----------------------------------------------------------------------------------------------------

    @lazy
    def stack_links(self) -> tuple[StackLink, ...]:
        """The nested stacks of all templates, with the templates behind them."""
        tree = Tree(
            {self._places[template.path]: template for template in self.templates},
            (file.place for file in self.files if not file.reason),
            template_map=self._reader.placed(self.layout.template_map),
            inside=self._inside,
            exists=lambda place: Path(place).exists(),
        )
        return tuple(link for template in self.templates for link in tree.links(template))

    @lazy
    def stacks(self) -> tuple[Stack, ...]:
        """Every stack of every tree: below each template that no other nests, and once for each parameter file."""
        below: dict[Template, list[StackLink]] = {}
        for link in self.stack_links:
            below.setdefault(link.parent, []).append(link)
        nested = {child.template for link in self.stack_links for child in link.children}
        files: dict[Template, list[ParameterLink]] = {}
        for one in self.parameter_links:
            # That two files lie side by side says too little to judge values by.
            if not one.guessed:
                files.setdefault(one.template, []).append(one)
        roots = [
            (template, file)
            for template in self.templates
            if template in files or template not in nested
            for file in files.get(template, [None])
        ]
        found = [stack for template, file in roots for stack in grow(template, below, file)]
        # Templates that are nested in a circle only have no root: any of them is as good as another.
        reached = {stack.template for stack in found}
        for template in self.templates:
            if template not in reached:
                found += grow(template, below, None)
                reached |= {stack.template for stack in found}
        return tuple(found)

    @lazy
    def parameter_links(self) -> tuple[ParameterLink, ...]:
        """What each template is deployed with, once: parameter files, and what is written where it is deployed."""
        templates = {self._places[template.path]: template for template in self.templates}
        files = {self._places[file.document.path]: file for file in self.parameter_files}
        links = [
            ParameterLink(file, template, certain=True)
            for entry in self.layout.stacks
            for template in self.templates
            if self._reader.matches(Path(template.path), entry.template)
            for file in self.parameter_files
            if any(self._reader.matches(Path(file.document.path), pattern) for pattern in entry.parameters)
        ]
        for pipeline in self.pipelines:
            links += deployed(
                pipeline, Finder(self._places[pipeline.node.document.path], self._roots), templates, files
            )
        links += self.deliveries.pairs(files)
        known = pairing.Files(templates, files, self._roots)
        for program in self.programs:
            links += pairing.commanded(program, self._places[program.document.path], known)
        for _, document in self._of_kind("samconfig"):
            links += pairing.in_samconfig(document, self._places[document.path], known)
        for file in self.parameter_files:
            if file.form == "deployment":
                links += pairing.synced(file, self._places[file.document.path], known)
        nested = (child.template for link in self.stack_links for child in link.children)
        links += pairing.guessed(known, [link.file for link in links], nested)
        return pairing.joined(links)

    @lazy
    def build_links(self) -> tuple[BuildLink, ...]:
        """Each CodeBuild project with its buildspec and the actions that start it."""
        own = (spec for spec in self.buildspecs if spec.node.document.outer is None and not spec.node.path)
        files = {self._places[spec.node.document.path]: spec for spec in own}
        finders = {path: Finder(place, self._roots) for path, place in self._places.items()}
        return tuple(builds(self.build_projects, self.inline_buildspecs, finders, files, self.pipelines))

    @lazy
    def builds_of(self) -> Mapping[Buildspec, tuple[BuildLink, ...]]:
        """The links of each buildspec that a project is known to run."""
        return by_buildspec(self.build_links)

    @lazy
    def _settled_buildspecs(self) -> tuple[Buildspec, ...]:
        """The buildspecs; those that run on Windows only know it."""
        if not self.build_projects:
            return self.buildspecs
        found = []
        for buildspec in self.buildspecs:
            places = [link.project.environment for link in self.builds_of.get(buildspec, ())]
            windows = bool(places) and all(place is not None and place.system == "windows" for place in places)
            found.append(replace(buildspec, system="windows") if windows else buildspec)
        return tuple(found)

    @lazy
    def sources(self) -> tuple[Source, ...]:
        """What the build of each buildspec starts with."""
        return tuple(
            sources(
                self.buildspecs,
                self.builds_of,
                self._places,
                self._roots,
                self._readable,
                exists=lambda place: Path(place).exists(),
            )
        )

    @lazy
    def revisions(self) -> tuple[Revision, ...]:
        """What lies beside each AppSpec file."""
        return tuple(
            revisions(
                self.appspecs,
                self.programs,
                self._places,
                self._roots,
                self._readable,
                exists=lambda place: Path(place).exists(),
            )
        )

    @lazy
    def environment_links(self) -> tuple[EnvironmentLink, ...]:
        """The environment specs with the stacks that they are about, target by target."""
        if not self.suites:
            return ()
        roots = [stack for stack in self.stacks if stack.above is None]
        deployments = self.deliveries.deployments
        return tuple(environment_links(self.suites, roots, deployments, self.build_links, self.buildspecs))

    @lazy
    def deliveries(self) -> Deliveries:
        """What pipelines and builds hand on, and what they deploy."""
        own = (spec for spec in self.buildspecs if spec.node.document.outer is None and not spec.node.path)
        return Deliveries(
            self.pipelines,
            {self._places[spec.node.document.path]: spec for spec in own},
            tuple(spec for found in self.inline_buildspecs.values() for spec in found),
            self.build_links,
            self.stack_links,
            lambda: self.parameter_links,
            {self._places[template.path]: template for template in self.templates},
            self._readable,
            self._places,
            self._roots,
            exists=lambda place: Path(place).exists(),
        )

    @lazy
    def _readable(self) -> frozenset[str]:
        """The absolute paths of the files that could be read."""
        return frozenset(file.place for file in self.files if not file.reason)

    def _inside(self, place: str) -> bool:
        return any(Path(place).is_relative_to(root) for root in self._roots)

    @lazy
    def _places(self) -> dict[str, str]:
        """The absolute paths of the files, by the paths that are shown."""
        return {file.path: file.place for file in self.files}

    # --- secrets ---------------------------------------------------------------------------------------------------

    @lazy
    def secrets(self) -> tuple[Node, ...]:
        """The scalars whose text must not be shown: values of NoEcho parameters, of variables named like secrets."""
        hidden = secrets.hidden(self.templates, self.stack_links)
        found = [node for template in self.templates for node in secrets.in_template(template, hidden)]
        found += [node for link in self.stack_links for node in secrets.in_link(link, hidden)]
        sources = dict.fromkeys((*self.parameter_files, *(link.file for link in self.parameter_links)))
        found += [node for file in sources for node in secrets.in_parameter_file(file, hidden)]
        found += [node for spec in self.buildspecs for node in secrets.in_buildspec(spec)]
        found += [node for spec in self.environments for _, node, _ in secrets.in_spec(spec)]
        actions = (action for pipeline in self.pipelines for action in pipeline.actions)
        found += [node for action in actions for node in secrets.in_action(action, hidden)]
        found += [node for document in self.documents for node in secrets.in_text(document, hidden)]
        return tuple(found)

    # --- the table of what rules are called with, behind all that it names ------------------------------------------

    # One table for all projects: rules ask type by type.
    _collectors: ClassVar[Mapping[type, Callable[["Project"], Iterable[object]]]] = {
        Document: lambda self: self._asked((*self.documents, *self.inner_documents)),
        Template: lambda self: self._asked(self.templates),
        StackLink: lambda self: self.stack_links,
        Stack: lambda self: self.stacks,
        ParameterLink: lambda self: self.parameter_links,
        Policy: lambda self: self._asked(self.policies),
        PolicySet: lambda self: self._asked(self.policy_sets),
        Statement: lambda self: (found for policy in self._asked(self.policies) for found in policy.statements()),
        Buildspec: lambda self: self._asked(self._settled_buildspecs),
        Command: lambda self: (found for spec in self._asked(self._settled_buildspecs) for found in spec.commands()),
        BuildLink: lambda self: self.build_links,
        Source: lambda self: self._asked(self.sources),
        Appspec: lambda self: self._asked(self.appspecs),
        Revision: lambda self: self._asked(self.revisions),
        Pipeline: lambda self: self.pipelines,
        ArtifactFile: lambda self: self.deliveries.artifact_files,
        Deployment: lambda self: self.deliveries.deployments,
        PipelineAction: lambda self: (action for pipeline in self.pipelines for action in pipeline.actions),
        EnvironmentSpec: lambda self: self._asked(self.environments),
        Suite: lambda self: self.suites,
        EnvironmentLink: lambda self: self.environment_links,
        Expectation: lambda self: (found for spec in self._asked(self.environments) for found in spec.expectations()),
        TemplateAnswer: lambda self: self._answers(TemplateAnswer),
        PolicyAnswer: lambda self: self._answers(PolicyAnswer),
    }


def _document(found: object) -> Document:
    """Give the document that an object stands in."""
    if isinstance(found, Document):
        return found
    node = getattr(found, "node", None) or getattr(found, "root", None)
    assert isinstance(node, Node)
    return node.document
