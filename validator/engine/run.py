"""One run: rules over a project, under a configuration; what they find becomes a report."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from validator.cloudformation.parameters import ParameterLink
from validator.cloudformation.stacks import Stack
from validator.cloudformation.tree import StackLink
from validator.config import Config
from validator.engine.baseline import REASON, Baseline
from validator.engine.call import Outcome, assigned, call
from validator.engine.fingerprint import stamped
from validator.engine.mask import Mask
from validator.engine.report import Doubt, Looked, Related, Report, Reported, Suppressed
from validator.engine.suppress import Suppressions, upwards
from validator.iam.policy import PolicySet
from validator.project import (
    ArtifactFile,
    BuildLink,
    Deployment,
    File,
    PolicyAnswer,
    Project,
    Revision,
    Source,
    Suppression,
    TemplateAnswer,
)
from validator.registry import Family, Fault, Registry
from validator.rule import Finding, Rule, Severity, Unchecked, Undecided

# What rules that look at several files are called with.
_SEVERAL = frozenset(
    {Project, PolicySet, StackLink, Stack, ParameterLink, BuildLink, Source, Revision, ArtifactFile, Deployment}
)

# What rules that speak for AWS are called with: in a run that does not ask it, they do not run.
_ANSWERS = frozenset({TemplateAnswer, PolicyAnswer})


@dataclass(slots=True)
class Examined:
    """What rules found, before any of it is filtered, masked or sorted for a reader.

    Attributes:
        outcome: What the rules gave, as they gave it.
        found: Findings with the reason for which somebody accepted them; None if nobody did.
        unchecked: What AWS could not be asked about, and whether somebody accepted that.
    """

    outcome: Outcome = field(default_factory=Outcome)
    found: list[tuple[Reported, str | None]] = field(default_factory=list)
    unchecked: list[tuple[Doubt, bool]] = field(default_factory=list)


def run(
    project: Project,
    config: Config,
    registry: Registry,
    *,
    whole: bool = True,
    baseline: Baseline | None = None,
) -> Report:
    """Run the rules that the configuration wants and the project's kinds of documents wake.

    Args:
        project: What to look at.
        config: What to run, and how.
        registry: The rules that there are.
        whole: Whether the project is all that the configuration speaks of, so that an entry of it which suppresses
            nothing is one too many.
        baseline: Findings that are accepted as they were.
    """
    rules = chosen(project, config, registry)
    examined = examine(project, rules, config, registry, whole=whole)
    mask = Mask(project.secrets, (file.path for file in project.files))
    open_, accepted = [], []
    for finding, reason in sorted(examined.found, key=lambda pair: _order(pair[0])):
        if not _asked(project, finding):
            continue
        shown = _masked(finding, mask)
        if reason is not None:
            accepted.append(Suppressed(shown, mask.message(reason)))
        elif baseline and finding.fingerprint in baseline:
            accepted.append(Suppressed(shown, REASON))
        else:
            open_.append(shown)
    faults = (*registry.faults, *examined.outcome.faults.values())
    return Report(
        findings=tuple(open_),
        undecided=_doubts(project, examined, mask),
        unchecked=_sorted((doubt for doubt, accepted in examined.unchecked if not accepted), mask),
        suppressed=tuple(accepted),
        files=tuple(_looked(project, rules, registry)),
        faults=tuple(Fault(one.where, mask.message(one.message), mask.message(one.details)) for one in faults),
        texts=_texts(project, config, open_, mask),
        fail_on=config.fail_on,
    )


def chosen(project: Project, config: Config, registry: Registry) -> list[Rule]:
    """Import the rules that are to run.

    Files that are there only because they are connected with given ones wake no rules. Those that speak for AWS run
    where it was asked.
    """
    files = (file for file in project.files if project.given is None or file.path in project.given)
    kinds = {file.kind.kind for file in files if file.document is not None}
    return [
        rule
        for family in registry.families.values()
        if family.wakes_on(kinds)
        for name in family.modules
        if config.runs(name, family.name) and (rule := registry.rule(name)) and (rule.default or name in config.select)
        if project.answers is not None or _ANSWERS.isdisjoint(rule.targets)
    ]


def examine(
    project: Project, rules: Sequence[Rule], config: Config, registry: Registry, *, whole: bool = True
) -> Examined:
    """Call rules: first all, then, with the suppressions and what became of them, those that look at these."""
    suppressions = Suppressions(project.suppressions, config.accepted, config.folder)
    examined = Examined()

    def take(outcome: Outcome) -> None:
        examined.outcome.results += outcome.results
        examined.outcome.faults |= outcome.faults
        findings = _findings(outcome, config, registry)
        examined.found += [(finding, suppressions.reason(finding)) for finding in findings]
        for rule, result in outcome.results:
            if isinstance(result, Unchecked):
                doubt = _doubt(rule, result)
                accepted = suppressions.reason(_finding_of(rule, doubt)) is not None
                examined.unchecked.append((doubt, accepted))

    take(call(assigned(rules, config), project.subjects))
    last = [rule for rule in rules if Suppression in rule.targets]
    # If only some files were named, others with a part in a link may be missing, and what a rule says of it with them.
    short = _SEVERAL if project.given is not None else frozenset()
    judging = (rule for rule in rules if rule not in last and short.isdisjoint(rule.targets))
    silent = {doubt.rule for doubt, accepted in examined.unchecked if not accepted} | examined.outcome.faults.keys()
    ran = {rule.id for rule in judging if rule.id not in silent}

    def idle(name: str) -> bool:
        family = registry.family(name)
        return family is None or (name.partition("/")[0] in ran and config.wants(name, family.name))

    judged = tuple(suppressions.judged(idle, configured=whole))
    take(call(assigned(last, config), lambda types: judged if Suppression in types else ()))
    return examined


# --- findings ----------------------------------------------------------------------------------------------------


def _findings(outcome: Outcome, config: Config, registry: Registry) -> list[Reported]:
    """Make of what rules gave one finding for each defect, sorted, with fingerprints."""
    merged: dict[tuple[object, ...], Reported] = {}
    better = _Better()
    for rule, result in outcome.results:
        if isinstance(result, Finding) and (finding := _reported(rule, result, config, registry)):
            # One place may have several pointers: YAML's aliases repeat what stands once.
            key = (finding.rule, finding.span, finding.message)
            same = merged.get(key, finding)
            worst = min(same.severity, finding.severity, key=lambda severity: severity.rank)
            related = tuple(dict.fromkeys(same.related + finding.related))
            merged[key] = replace(same, severity=worst, related=related)
            for twin in rule.supersedes:
                better.add(twin, finding)
    kept = (one for one in merged.values() if not better.knows(one))
    return list(stamped(sorted(kept, key=_order), config.folder))


class _Better:
    """Findings that replace those of other rules: on the same line, at one node or one within the other."""

    def __init__(self) -> None:
        self._at: dict[tuple[object, ...], int] = {}
        self._below: dict[tuple[object, ...], int] = {}

    def add(self, twin: str, finding: Reported) -> None:
        """Take a finding that replaces those of the rule `twin`."""
        line, rank = (twin, finding.span.path, finding.span.line), finding.severity.rank
        key = (*line, finding.pointer)
        self._at[key] = min(rank, self._at.get(key, rank))
        for above in upwards(finding.pointer):
            self._below[*line, above] = min(rank, self._below.get((*line, above), rank))

    def knows(self, finding: Reported) -> bool:
        """Whether a finding is replaced; an error never by a milder one, which would make a failing run pass."""
        line = finding.rule, finding.span.path, finding.span.line
        ranks = [self._at.get((*line, above), math.inf) for above in upwards(finding.pointer)]
        best = min(*ranks, self._below.get((*line, finding.pointer), math.inf))
        return best <= (Severity.ERROR if finding.severity == Severity.ERROR else Severity.NOTE).rank


def _reported(rule: Rule, finding: Finding, config: Config, registry: Registry) -> Reported | None:
    """Stamp a finding with its rule's id and the severity that holds; None if it is not wanted."""
    name = f"{rule.id}/{finding.code}" if finding.code else rule.id
    # A finding may be milder than its rule, never worse.
    severity = max(rule.severity, finding.severity or rule.severity, key=lambda severity: severity.rank)
    ruled = config.severity.get(name, config.severity.get(rule.id, severity))
    family = registry.family(rule.id)
    if ruled is None or (family is not None and not config.wants(name, family.name)):
        return None
    related = tuple(Related(node.span, message) for node, message in finding.related)
    at = finding.at
    place = at.span, at.pointer, at.inner
    return Reported(name, ruled, finding.message, finding.help, *place, related, finding.fix, finding.subject)


def _order(finding: Reported) -> tuple[object, ...]:
    span = finding.span
    return span.path, span.line, span.column, finding.rule, finding.message, span.end, finding.pointer, finding.inner


def _asked(project: Project, finding: Reported) -> bool:
    places = [finding.span.path, *(related.span.path for related in finding.related)]
    return project.given is None or not project.given.isdisjoint(places)


def _masked(finding: Reported, mask: Mask) -> Reported:
    return replace(
        finding,
        message=mask.message(finding.message),
        help=mask.message(finding.help),
        related=tuple(Related(one.span, mask.message(one.message)) for one in finding.related),
        # A fix is applied as it is or not at all.
        fix=() if any(mask.holds(edit.text) for edit in finding.fix) else finding.fix,
    )


# --- the rest of the report --------------------------------------------------------------------------------------


def _doubts(project: Project, examined: Examined, mask: Mask) -> tuple[Doubt, ...]:
    doubts = [_doubt(rule, result) for rule, result in examined.outcome.results if isinstance(result, Undecided)]
    doubts += (doubt for doubt, accepted in examined.unchecked if accepted)
    asked = (doubt for doubt in doubts if project.given is None or doubt.span.path in project.given)
    return _sorted(asked, mask)


def _doubt(rule: Rule, result: Undecided | Unchecked) -> Doubt:
    return Doubt(rule.id, result.reason, result.at.span, result.at.pointer, result.at.inner)


def _finding_of(rule: Rule, doubt: Doubt) -> Reported:
    """Make the finding that somebody accepts who accepts that AWS is not asked about a place."""
    return Reported(rule.id, rule.severity, doubt.reason, "", doubt.span, doubt.pointer, doubt.inner)


def _sorted(doubts: Iterable[Doubt], mask: Mask) -> tuple[Doubt, ...]:
    shown = {replace(doubt, reason=mask.message(doubt.reason)) for doubt in doubts}
    return tuple(sorted(shown, key=lambda one: (one.span, one.rule, one.reason, one.pointer, one.inner)))


def _looked(project: Project, rules: Iterable[Rule], registry: Registry) -> Iterator[Looked]:
    homes = {home.name: home for rule in rules if (home := registry.family(rule.id))}
    families = [homes[name] for name in sorted(homes)]
    for file in project.files:
        if project.given is None or file.path in project.given:
            yield Looked(file.path, file.kind.kind, file.kind.why, file.unreadable, tuple(_ran(file, families)))


def _ran(file: File, families: Iterable[Family]) -> Iterator[str]:
    if file.document is not None and not file.unreadable:
        yield from (family.name for family in families if family.wakes_on({file.kind.kind}))


def _texts(project: Project, config: Config, findings: Iterable[Reported], mask: Mask) -> dict[str, str]:
    documents = [*project.documents, *(one.at.document for one in config.accepted)]
    known = {document.path: document.text for document in documents}
    named: set[str] = set()
    for one in findings:
        named |= {one.span.path, *(related.span.path for related in one.related), *(edit.span.path for edit in one.fix)}
    return {path: mask.source(path, known[path]) for path in sorted(named) if path in known}
