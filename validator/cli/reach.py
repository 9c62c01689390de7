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
from validator.iam.reach import reach
from validator.iam.sets import layers, prove_set
from validator.project import load
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
    shown = [
        _shown(PolicySet((*around, policy)), policy, settings, given.action)
        for policy in _policies(given.policies, settled, given.kind)
    ]
    if not shown:
        say("no policy was found that says where somebody can act")
    write = write_json if given.format == "json" else write_text
    write(shown, settings, sys.stdout)
    return int(any(one.proof.verdict != "confined" for one in shown))


def _check_regions(settings: Settings) -> None:
    from validator.iam.regions import regions  # noqa: PLC0415  # its data is read when it is asked

    if not settings.approved_regions:
        raise UsageError("no region is approved; name some by --approved, or by approved-regions in the configuration")
    for region in settings.approved_regions:
        if region not in regions(settings.partition):
            near = did_you_mean(region, regions(settings.partition))
            raise UsageError(f"there is no region {region!r} in {settings.partition}" + (f"; {near}" if near else ""))


def _policies(paths: Iterable[str], settled: Config, kind: str | None) -> Iterator[Policy]:
    """Yield the policies that stand in files."""
    found = list(discover.files(paths))
    for one in found:
        if isinstance(one, discover.Missed):
            raise UsageError(f"{one.path} {one.reason}")
    if not found:
        return
    project = load(found, layout=settled.layout, base=settled.folder)
    given = {one.path for one in found}
    for policy in project.policies:
        if policy.node.document.path in given and (kind or policy.kind) in _KINDS:
            yield replace(policy, kind=kind or policy.kind, guessed=policy.guessed and kind is None)
    for document in project.documents:
        if document.path in given and document.broken:
            raise UsageError(f"{document.path}:{document.problems[0].at.span.line}: {document.problems[0].message}")


def _shown(policies: PolicySet, policy: Policy, settings: Settings, actions: list[str]) -> Shown:
    region = (settings.deploy_regions or ("",))[0]
    table = reach(
        layers(policies, region, settings), actions, partition=settings.partition, principals=settings.exempt.principals
    )
    return Shown(policy, prove_set(policies, settings), table)
