"""Compare deployed environments with their specs. Only operations that read are called."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Self

from validator import config, discover
from validator.cli.arguments import Parser, UsageError, count, names, one_of, target
from validator.cli.console import say, tell, write
from validator.config import Config
from validator.engine.run import run as proofread
from validator.environment import Check, EnvironmentSpec, Spec, Suite, joined, operations, read
from validator.environment.checks import seconds
from validator.live import Clock, ConnectError, Options, Run, RunError
from validator.project import Project, load
from validator.registry import Registry
from validator.reporters import FORMATS
from validator.reporters.verify import writer
from validator.reporters.visible import visible
from validator.rule import Severity
from validator.suggest import did_you_mean, listed

_MOST_FILES = 1000
_MOST_ERRORS = 10
_FAMILIES = ("document", "environment")
# What is wrong with a spec that can be followed all the same: that it shows a secret, that it asks for what cannot be
# read. With anything else that is an error, what came of it would be no verdict.
_FOLLOWED = frozenset({"environment-plaintext-secret", "environment-write-only-property"})


def arguments(parser: Parser) -> None:
    """Add the command's arguments."""
    parser.add_argument("specs", nargs="+", metavar="SPEC", help="files that say what must be there")
    parser.add_argument("--target", action="append", default=[], metavar="NAME", help="the target to look at")
    parser.add_argument(
        "--var", type=_variable, action="append", default=[], metavar="NAME=VALUE", help="the value of a variable"
    )
    parser.add_argument(
        "--only", type=names, action="extend", default=[], metavar="CHECK,...", help="checks to make, by id or tag"
    )
    for option, metavar, what in (
        ("--region", "REGION", "the region to look in, instead of the target's"),
        ("--profile", "PROFILE", "the profile of AWS's configuration to ask with"),
        ("--role-arn", "ROLE", "the role to ask as"),
        ("--endpoint-url", "URL", "where to ask instead of at AWS"),
    ):
        parser.add_argument(option, metavar=metavar, default="", help=what)
    parser.add_argument("--deadline", type=_duration, metavar="TIME", help="how long all may take, such as 10m")
    parser.add_argument("--jobs", type=count, default=8, metavar="N", help="how many checks are made side by side")
    formats = ", ".join(FORMATS)
    parser.add_argument("--format", type=one_of(*FORMATS), default="full", metavar="FORMAT", help=formats)
    parser.add_argument(
        "--report",
        type=target,
        action="append",
        default=[],
        metavar="FORMAT:FILE",
        help="write a report to a file too; may be repeated",
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration, instead of the nearest one")


def run(given: argparse.Namespace) -> int:
    """Run the command: what the exit codes mean, the package says."""
    project = _project(given.specs)
    suites = list(_suites(project, given.specs))
    if code := _broken(project, given.config):
        return code
    if given.endpoint_url and not given.endpoint_url.startswith(("http://", "https://")):
        raise UsageError(f"{given.endpoint_url!r} is no endpoint, expected a URL such as https://localhost:4566")
    specs = [joined(suite) for suite in suites]
    _read_only(specs)
    _known(given.target, {name for spec in specs for name in spec.targets}, "target")
    options = Options(
        tuple(given.target), tuple(given.var), given.region, given.profile, given.role_arn, given.endpoint_url,
        tuple(given.only), given.jobs,
    )  # fmt: skip
    try:
        ready = Run(specs, options, Clock(given.deadline))
    except (RunError, ConnectError) as error:
        raise UsageError(str(error)) from None
    for note in ready.notes:
        say(note)
    if not len(ready):
        say("nothing is checked" + (f": no check is called {listed(map(repr, given.only))}" if given.only else ""))
    with _Progress() as progress:
        report = ready.make(progress.tell)
    unwritten = [file for name, file in given.report if not write(file, partial(writer(name), report))]
    writer(given.format)(report, sys.stdout)
    return 130 if report.interrupted else 2 if unwritten else report.code


def _project(paths: Iterable[str]) -> Project:
    """Read specs, and what they include.

    Raises:
        UsageError: One is none, or cannot be read.
    """
    wanted = list(paths)
    for path in wanted:
        if Path(path).is_dir():
            raise UsageError(f"{path} is a folder; name specs")
    while True:
        # Nothing else is read: templates beside a spec have no say in what is deployed.
        project = load(discover.files(wanted), exclude=("*",))
        more = [path for spec in project.environments for path in _included(spec) if path not in wanted]
        if not more:
            return project
        if len(wanted) + len(more) > _MOST_FILES:
            raise UsageError(f"{wanted[0]} includes more than {_MOST_FILES:,} files")
        wanted += dict.fromkeys(more)


def _included(spec: EnvironmentSpec) -> Iterator[str]:
    folder = Path(spec.node.document.path).parent
    for node in read(spec)[0].includes:
        path = Path(os.path.normpath(folder / str(node.value)))
        if path.is_file():
            yield path.as_posix()


def _suites(project: Project, paths: Iterable[str]) -> Iterator[Suite]:
    """Yield the specs that were named, in that order, each with what it includes; once where one includes another."""
    files = {Path(file.path).resolve(): file for file in project.files}
    found = {suite.root.node.document.path: suite for suite in project.suites}
    for path in paths:
        file = files.get(Path(path).resolve())
        if file is None:
            raise UsageError(f"{path} is left out; name a spec")
        if file.reason:
            raise UsageError(f"{path}: {file.reason}")
        if file.document is None or not (file.document.broken or file.kind.kind == "environment"):
            raise UsageError(f"{path} is no spec of an environment")
        if (suite := found.pop(file.path, None)) is not None:
            yield suite


def _broken(project: Project, file: Path | None) -> int:
    """Say what is wrong with the specs themselves; give the exit code that follows, 0 if they can be followed."""
    registry = Registry()
    nearest = file or config.find(Path.cwd())
    settled = Config(Path.cwd()) if nearest is None else config.read(nearest, nearest.name, registry)
    report = proofread(project, replace(settled, select=_FAMILIES, ignore=()), registry, whole=False)
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    for finding in errors[:_MOST_ERRORS]:
        advice = f"; {finding.help}" if finding.help else ""
        at = f"{finding.span.path}:{finding.span.line}:{finding.span.column}"
        say(f"{at}: {finding.message}{advice} [{finding.rule}]")
    if len(errors) > _MOST_ERRORS:
        say(f"and {len(errors) - _MOST_ERRORS:,} more; `stackproof check` shows all")
    return 2 if any(finding.rule not in _FOLLOWED for finding in errors) else tell(report.faults)


def _read_only(specs: Iterable[Spec]) -> None:
    """Refuse specs that name an operation that does more than read, whatever the configuration says.

    Raises:
        UsageError: One does.
    """
    for spec in specs:
        for check in spec.checks:
            for part in (check, check.also):
                if part is not None and (reason := _refused(part, spec)):
                    at = part.call.at.span if part.call is not None else part.at.span
                    raise UsageError(f"{at.path}:{at.line}:{at.column}: {reason}; nothing was called")


def _refused(check: Check, spec: Spec) -> str:
    if (call := check.call) is None:
        return ""
    access = operations.access(call.service, call.operation, call.parameters)
    name = f"{call.service}.{call.operation}"
    if access == "other":
        return f"{name!r} is not known to read only"
    if access == "secret" and name not in spec.allowed:
        return f"{name!r} gives back secrets, and the spec does not list it in 'allow_sensitive_reads'"
    return ""


def _known(given: Iterable[str], known: Iterable[str], what: str) -> None:
    for name in given:
        if name not in known:
            near = did_you_mean(name, known) or f"{what}s: {', '.join(sorted(known)) or 'none'}"
            raise UsageError(f"there is no {what} {name!r}; {near}")


def _variable(text: str) -> tuple[str, str]:
    """Read a variable and its value."""
    name, sign, value = text.partition("=")
    if not (name and sign):
        raise argparse.ArgumentTypeError(f"found {text!r}, expected NAME=VALUE")
    return name, value


def _duration(text: str) -> float:
    """Read a length of time."""
    found = seconds(text) or (float(text) if text.isdecimal() else None)
    if not found:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a time such as 90s, 10m or 1h")
    return found


class _Progress:
    """A line on the terminal that says how far a run is; nothing where nobody watches."""

    def __init__(self) -> None:
        """Find out whether somebody watches."""
        watched = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._shown = watched and not any(os.environ.get(name) for name in ("CI", "CODEBUILD_BUILD_ID"))

    def __enter__(self) -> Self:
        """Start."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave no trace."""
        self._write("")

    @property
    def tell(self) -> Callable[[int, int, int, int], None] | None:
        """What a run calls; None if it need not."""
        return self._tell if self._shown else None

    def _tell(self, done: int, of: int, differing: int, failing: int) -> None:
        differ = f", {differing} differ" if differing else ""
        fail = f", {failing} could not be checked" if failing else ""
        self._write(f"{done}/{of} checks{differ}{fail}")

    def _write(self, text: str) -> None:
        if self._shown:
            sys.stderr.write(f"\r\x1b[K{visible(text, sys.stderr.encoding)}")
            sys.stderr.flush()
