"""Show where policies can act, and prove that it is in the approved regions only."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from validator import config, discover
from validator.cli.arguments import Parser, UsageError, names, one_of
from validator.cli.console import say
from validator.config import Config
from validator.iam.policy import Policy, PolicySet
from validator.iam.reach import Reach, reach
from validator.iam.sets import at_most, layers, prove_set
from validator.project import Project, load
from validator.registry import Registry
from validator.reporters.reach import Shown, write_json, write_text
from validator.settings import Settings
from validator.suggest import did_you_mean

_KINDS = ("identity", "scp", "rcp", "boundary", "session")


def arguments(parser: Parser) -> None:
    """Add the command's arguments."""
    parser.add_argument("policies", nargs="+", metavar="POLICY", help="files that hold policies")
    parser.add_argument(
        "--approved",
        type=names,
        action="extend",
        default=[],
        metavar="REGION,...",
        help="instead of the configured ones",
    )
    parser.add_argument(
        "--kind", type=one_of(*_KINDS), metavar="KIND", help=f"what the policies are: {', '.join(_KINDS)}"
    )
    for kind, what in (("scp", "a service control policy"), ("boundary", "a permissions boundary")):
        parser.add_argument(f"--{kind}", action="append", default=[], metavar="FILE", help=f"{what} that acts too")
    parser.add_argument(
        "--action", action="append", default=[], metavar="ACTION", help="show this action; may be repeated"
    )
    parser.add_argument("--format", type=one_of("text", "json"), default="text", metavar="FORMAT", help="text, json")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration, instead of the nearest one")


def run(given: argparse.Namespace) -> int:
    """Run the command: 0 if all policies are confined to the approved regions, else 1."""
    registry = Registry()
    file = given.config or config.find(Path.cwd())
    settled = Config(Path.cwd()) if file is None else config.read(file, file.name, registry)
    settings = replace(settled.settings, approved_regions=tuple(given.approved) or settled.settings.approved_regions)
    _check_regions(settings)
    around = [*_policies(given.scp, settled, "scp"), *_policies(given.boundary, settled, "boundary")]
    shown = [_shown(_around(one, around), settings, given.action) for one in _sets(given.policies, settled, given.kind)]
    if not shown:
        say("no policy was found that says where somebody can act")
    write = write_json if given.format == "json" else write_text
    write(shown, settings, sys.stdout)
    return int(any(one.proof.verdict != "confined" for one in shown))


def _around(policies: PolicySet, others: Iterable[Policy]) -> PolicySet:
    """Put others around policies, but for those that the configuration has put there already."""
    there = {policy.node for policy in policies.policies}
    return replace(policies, policies=(*policies.policies, *(one for one in others if one.node not in there)))


def _check_regions(settings: Settings) -> None:
    from validator.iam.regions import regions  # noqa: PLC0415  # its data is read when it is asked

    if not settings.approved_regions:
        raise UsageError("no region is approved; name some by --approved, or by approved-regions in the configuration")
    for region in settings.approved_regions:
        if region not in regions(settings.partition):
            near = did_you_mean(region, regions(settings.partition))
            raise UsageError(f"there is no region {region!r} in {settings.partition}" + (f"; {near}" if near else ""))


def _policies(paths: Iterable[str], settled: Config, kind: str) -> Iterator[Policy]:
    """Yield the policies that stand in files, taken for a kind."""
    project, given = _project(paths, settled)
    for policy in project.policies if project is not None else ():
        if policy.node.document.path in given:
            yield replace(policy, kind=kind, guessed=False)


def _sets(paths: Iterable[str], settled: Config, kind: str | None) -> Iterator[PolicySet]:
    """Yield the policies that stand in files, those together that act together; those alone are of a given kind."""
    project, given = _project(paths, settled)
    if project is None:
        return
    alone = {one.node for one in project.policy_sets if len(one.policies) == 1 and not one.missing and one.full is None}
    together = {policy.node for one in project.policy_sets for policy in one.policies} - alone
    for one in project.policy_sets:
        named = [policy for policy in one.policies if policy.node.document.path in given]
        if named and (kind is None or one.node not in alone):
            others = [policy for policy in one.policies if policy not in named]
            yield replace(one, policies=(*named, *others))
    if kind is not None:
        for policy in project.policies:
            if policy.node.document.path in given and policy.node not in together:
                yield PolicySet((replace(policy, kind=kind, guessed=False),))


def _project(paths: Iterable[str], settled: Config) -> tuple[Project | None, set[str]]:
    """Load files; give their paths, too."""
    found = list(discover.files(paths))
    for one in found:
        if isinstance(one, discover.Missed):
            raise UsageError(f"{one.path} {one.reason}")
    given = {one.path for one in found}
    if not found:
        return None, given
    project = load(found, layout=settled.layout, base=settled.folder)
    for document in project.documents:
        if document.path in given and document.broken:
            raise UsageError(f"{document.path}:{document.problems[0].at.span.line}: {document.problems[0].message}")
    return project, given


def _shown(policies: PolicySet, settings: Settings, actions: list[str]) -> Shown:
    region = (settings.deploy_regions or ("",))[0]

    def table(policies: PolicySet, actions: list[str]) -> list[Reach]:
        return reach(
            layers(policies, region, settings),
            actions,
            partition=settings.partition,
            principals=settings.exempt.principals,
        )

    found = table(policies, actions)
    if policies.missing:
        # What is not at hand may allow what the rest does not.
        most = table(at_most(policies), [row.action for row in found])
        found = [_joined(row, other) for row, other in zip(found, most, strict=True)]
    return Shown(policies, prove_set(policies, settings), found)


def _joined(least: Reach, most: Reach) -> Reach:
    """Leave open what is only allowed by policies that are not at hand."""
    kinds = {
        region: "unknown" if kind == "never" and most.regions.get(region) != "never" else kind
        for region, kind in least.regions.items()
    }
    return replace(least, regions=kinds)
