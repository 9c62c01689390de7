"""Links of environment specs with the stacks that they are about."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from validator.buildspec import Buildspec
from validator.cloudformation.pipeline import PipelineAction, pipelines
from validator.cloudformation.stacks import Stack
from validator.document import Value
from validator.environment import Check, Spec, Suite, Target, joined
from validator.environment.checks import When
from validator.environment.references import Lookup, Reference, UnresolvedError, settle, substitute
from validator.project.artifacts import Deployment
from validator.project.build import BuildLink
from validator.values import Partial


@dataclass(frozen=True, eq=False)
class EnvironmentLink:
    """A spec, with what is included, and the stacks that one of its targets is about.

    Attributes:
        target: None for a spec that has no targets.
        roots: The root stacks that it can be, one for each way in which they are deployed; one at least.
        certain: Whether the target names the stack that a pipeline deploys; else it rests on what lies beside it.
    """

    suite: Suite
    target: Target | None
    roots: tuple[Stack, ...]
    certain: bool

    @property
    def spec(self) -> Spec:
        """What the spec asks for."""
        return joined(self.suite)

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The checks for the target, with values in place of references; as written where one is not known.

        Those of another stack than the target's are left out.
        """
        return tuple(check for check in checks_for(self.spec, self.target) if not check.root)


def checks_for(spec: Spec, target: Target | None) -> Iterator[Check]:
    """Yield the checks for a target, with values in place of references; as written where one is not known."""
    regions = target.regions if target is not None else ()
    lookup = settled(spec, target, regions[0] if len(regions) == 1 else "")
    for check in spec.checks:
        if check.targets and (target is None or target.name not in check.targets):
            continue
        if not _holds(check.when, lookup):
            continue
        try:
            yield check.fill(lookup)
        except UnresolvedError:
            yield check


def _holds(when: When | None, lookup: Lookup) -> bool:
    try:
        return when is None or when.holds(lookup)
    except UnresolvedError:
        return True


def settled(spec: Spec, target: Target | None, region: str = "") -> Lookup:
    """Make the lookup of what is known before deployment; what only the stack knows stays a reference."""

    def live(reference: Reference) -> Value:
        return reference.text

    return settle(spec.definitions(target, region), live)


def environment_links(
    suites: Iterable[Suite],
    roots: Sequence[Stack],
    deployments: Sequence[Deployment],
    build_links: Iterable[BuildLink],
    buildspecs: Iterable[Buildspec],
) -> Iterator[EnvironmentLink]:
    """Link each target of each spec with stacks; a spec that leads nowhere has no link.

    The stacks are those of the name that the target gives, or those that the pipeline deploys before the build that
    names the spec, or those of the one template that pipelines deploy, or of the only root.
    """
    named = [(one, text) for one in deployments if one.action is not None for text in _names(one.action)]
    builds: dict[str, list[PipelineAction]] = {}
    for link in build_links:
        if link.buildspec is not None and link.action is not None:
            builds.setdefault(link.buildspec.node.document.path, []).append(link.action)
    texts = {spec.node.document.path: spec.node.document.text for spec in buildspecs}
    for suite in suites:
        spec = joined(suite)
        beside = _beside(suite, texts, builds, deployments) or _by_elimination(roots, deployments)
        for target in spec.targets.values() or (None,):
            name = _stack_name(spec, target)
            of_name = [(one.stacks[0], fit) for one, text in named if (fit := _fits(name, text)) is not None]
            exact = [stack for stack, sure in of_name if sure]
            found = exact or [stack for stack, _ in of_name] or beside
            if found:
                yield EnvironmentLink(suite, target, tuple(dict.fromkeys(found)), bool(exact))


def _stack_name(spec: Spec, target: Target | None) -> str:
    if target is None or not target.stack:
        return ""
    try:
        found = substitute(target.stack, settled(spec, target))
    except UnresolvedError:
        return ""
    return found if isinstance(found, str) else ""


def _names(action: PipelineAction) -> Iterator[str | Partial]:
    """Yield what the stack that an action deploys can be called."""
    node = action.configuration("StackName")
    for case in action.pipeline.cases(node) if node is not None else ():
        if isinstance(case.value, str | Partial):
            yield case.value


def _fits(name: str, text: str | Partial) -> bool | None:
    """Say whether a stack of one name can be that of another: surely, perhaps, or not at all."""
    if not name:
        return None
    if isinstance(text, str):
        return True if text == name else None
    pattern = "".join(re.escape(part) if isinstance(part, str) else ".+" for part in text.parts)
    return False if re.fullmatch(pattern, name, re.DOTALL) else None


def _beside(
    suite: Suite,
    buildspecs: Mapping[str, str],
    builds: Mapping[str, Sequence[PipelineAction]],
    deployments: Sequence[Deployment],
) -> list[Stack]:
    """Give the stacks that a pipeline deploys in the stage of the build that names the spec, before it."""
    file = suite.root.node.document.path.rpartition("/")[2]
    found = []
    for path, text in buildspecs.items():
        for action in builds.get(path, ()) if file in text else ():
            for one in deployments:
                other = one.action
                if (
                    other is not None
                    and other.pipeline == action.pipeline
                    and other.place == action.place
                    and other.runs_before(action) is not False
                ):
                    found.append(one.stacks[0])
    return found


def _by_elimination(roots: Sequence[Stack], deployments: Sequence[Deployment]) -> list[Stack]:
    """Give the stacks of the one template that pipelines deploy, or that no other template nests."""
    deployed = [one.stacks[0] for one in deployments if not any(pipelines(one.template))]
    for found in (deployed, [stack for stack in roots if not any(pipelines(stack.template))]):
        if len({stack.template for stack in found}) == 1:
            return found
        if found:
            return []
    return []
