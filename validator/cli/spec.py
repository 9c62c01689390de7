"""Work with specs of environments.

`migrate FILE` writes a spec of the first format in format 1, to standard output.
"""

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from validator import discover
from validator.cli.arguments import Parser, UsageError, one_of
from validator.document import Problem
from validator.environment import EnvironmentSpec, read
from validator.environment.migrate import migrated
from validator.environment.operations import LEGACY
from validator.project import load
from validator.shape import problems

_WORK = ("migrate",)


def arguments(parser: Parser) -> None:
    """Add the command's arguments."""
    parser.add_argument("work", type=one_of(*_WORK), metavar="WORK", help=", ".join(_WORK))
    parser.add_argument("file", metavar="FILE", help="a spec of the first format")


def run(given: argparse.Namespace) -> int:
    """Run the command: 0, or a complaint."""
    sys.stdout.write(migrated(read(_legacy(given.file))[0]))
    return 0


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
