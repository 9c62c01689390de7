"""Work with specs of environments.

`migrate FILE` writes a spec of the first format in format 1, to standard output.
`plan FILE` lists the calls that `verify` would make, and makes none.
`policy FILE` writes the least IAM policy that `verify` needs for a spec; 1 if an action of it is not known.
`generate --template FILE --parameters FILE` writes a spec of what a template makes; with `--check FILE`, 1 if the spec
in that file is another.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import NoReturn

from validator import discover
from validator.cli.arguments import Parser, UsageError, one_of
from validator.cli.console import say
from validator.cli.environments import around, deployed_as, stack_of, suite_of
from validator.document import Problem
from validator.environment import EnvironmentSpec, joined, read
from validator.environment.generate import Place, generated
from validator.environment.migrate import migrated
from validator.environment.operations import LEGACY
from validator.environment.plan import Plan, plans
from validator.environment.policy import permissions
from validator.project import load
from validator.project.secrets import secret_like
from validator.shape import problems

_WORK = ("generate", "migrate", "plan", "policy")
# What each work is told by; an option that is for another is an error.
_OPTIONS = {
    "generate": frozenset({"template", "parameters", "check", "target", "stack", "region", "account"}),
    "migrate": frozenset({"file"}),
    "plan": frozenset({"file", "region"}),
    "policy": frozenset({"file", "region"}),
}


def arguments(parser: Parser) -> None:
    """Add the command's arguments."""
    parser.add_argument("work", type=one_of(*_WORK), metavar="WORK", help=", ".join(_WORK))
    parser.add_argument("file", nargs="?", metavar="FILE", help="the spec, for all but generate")
    for option, value, what in (
        ("--template", "FILE", "generate: the template of the root stack"),
        ("--parameters", "FILE", "generate: what it is deployed with"),
        ("--check", "FILE", "generate: the spec to compare with, instead of writing one"),
        ("--target", "NAME", "generate: what to call the target; by default as the parameter file"),
        ("--stack", "NAME", "generate: the root stack's name; by default as a pipeline deploys it"),
        ("--account", "ID", "generate: the target's account"),
        ("--region", "NAME", "the region to look in"),
    ):
        parser.add_argument(option, metavar=value, help=what)


def run(given: argparse.Namespace) -> int:
    """Run the command: 0, 1 for what is stale or not known, or a complaint."""
    work = given.work
    named = {name for name in frozenset().union(*_OPTIONS.values()) if getattr(given, name)}
    for name in sorted(named - _OPTIONS[work]):
        raise UsageError(f"{work} takes no {'FILE' if name == 'file' else f'--{name}'}")
    needed = "template" if work == "generate" else "file"
    if needed not in named:
        raise UsageError(f"{work} needs {'--template FILE' if needed == 'template' else 'a FILE'}")
    if work == "generate":
        return _generate(given)
    if work == "migrate":
        sys.stdout.write(migrated(read(_legacy(given.file))[0]))
        return 0
    found = _plans(given.file, given.region or "")
    return _policy(found) if work == "policy" else _plan(found)


def _generate(given: argparse.Namespace) -> int:
    pair = (given.template, given.parameters) if given.parameters else None
    project = around(*filter(None, (given.template, given.parameters, given.check)), pair=pair)
    root = stack_of(project, given.template, given.parameters)
    stack = given.stack or deployed_as(project, root)
    target = given.target or (Path(given.parameters).stem if given.parameters else "default")
    if not stack:
        say("no pipeline says what the stack is called: name it by --stack, so that the spec has a target")
    text = generated(root, Place(target, stack, given.region or "", given.account or ""), secret_like)
    if not given.check:
        sys.stdout.write(text)
        return 0
    committed = Path(given.check).read_text(encoding="utf-8").splitlines()
    fresh = text.splitlines()
    if committed == fresh:
        return 0
    pairs = enumerate(zip(committed, fresh, strict=False), 1)
    line = next((number for number, (one, other) in pairs if one != other), min(len(committed), len(fresh)) + 1)
    say(f"{given.check}:{line}: is not what is generated now; generate it again")
    return 1


def _plans(path: str, region: str) -> list[Plan]:
    suite, links = suite_of(around(path), path)
    roots = {link.target.name if link.target is not None else "": link.roots[0] for link in links}
    return list(plans(joined(suite), roots, region))


def _plan(found: list[Plan]) -> int:
    for plan in found:
        where = ", ".join(filter(None, [plan.target, plan.region])) or "no target"
        sys.stdout.write(f"# {where}\n")
        for one in plan.reads:
            sys.stdout.write(f"{one.text}" + (f"  # {', '.join(one.checks)}" if one.checks else "") + "\n")
    return 0


def _policy(found: list[Plan]) -> int:
    needed = permissions(found)
    sys.stdout.write(json.dumps(needed.document, indent=2) + "\n")
    if needed.unlimited:
        say("nobody says which region is looked at: name one by --region to limit the policy to it")
    for one in needed.unknown:
        say(f"unknown: {one}")
    return 1 if needed.unknown else 0


def _legacy(path: str) -> EnvironmentSpec:
    """Read a spec of the first format that nothing is wrong with.

    Raises:
        UsageError: There is none; says why.
    """
    if Path(path).is_dir():
        raise UsageError(f"{path} is a folder; name one spec")
    project = load(discover.files([path]))
    file = next((one for one in project.files if one.given), None)
    if file is None:
        raise UsageError(f"{path} is left out; name a spec")
    if file.reason:
        raise UsageError(f"{path}: {file.reason}")
    document = file.document
    if document is not None and document.broken:
        _complain(path, document.problems[0])
    spec = next((one for one in project.environments if one.node.document is document), None)
    if spec is None:
        raise UsageError(f"{path} is no spec of an environment")
    if spec.format != "legacy":
        raise UsageError(f"{path} is of format 1 already")
    # What would be lost silently must be mended before.
    for problem in (*spec.node.document.problems, *problems(spec.node, spec.schema), *read(spec)[1]):
        _complain(path, problem)
    for operation in spec.operations():
        if operation.value not in LEGACY:
            _complain(
                path, Problem(operation, f"{operation.value!r} is none of the five operations that this format knows")
            )
    return spec


def _complain(path: str, problem: Problem) -> NoReturn:
    advice = f"; {problem.help}" if problem.help else ""
    raise UsageError(f"{path}:{problem.at.span.line}: {problem.message}{advice}")
