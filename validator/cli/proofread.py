"""From arguments to a report: what `check` and `baseline` have in common."""

import argparse
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from validator import config, discover
from validator.cli.arguments import Parser, UsageError, count, day, names
from validator.config import Config
from validator.engine.baseline import Baseline
from validator.engine.report import Report
from validator.engine.run import run
from validator.online import RULES, Aws, ask
from validator.project import Project, load
from validator.registry import Fault, Registry
from validator.suggest import did_you_mean


def arguments(parser: Parser) -> None:
    """Add the arguments that say what to look at, and for what."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and folders; the working directory by default")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration, instead of the nearest one")
    for option, what in (("--select", "run these rules and families only"), ("--ignore", "do not run these")):
        parser.add_argument(
            option, type=names, action="extend", default=[], metavar="RULE,...", help=f"{what}; may be repeated"
        )
    parser.add_argument("--jobs", type=count, default=_jobs(), metavar="N", help="how much may be done side by side")
    parser.add_argument("--today", type=day, metavar="DATE", help="the day that end-of-life dates are compared with")


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be looked at, and for what.

    Attributes:
        whole: Whether the paths take in all that the configuration speaks of.
        aws: What to ask AWS by; None if it is not to be asked.
    """

    registry: Registry
    config: Config
    paths: tuple[str, ...]
    whole: bool
    aws: Aws | None = None

    def load(self) -> Project:
        """Find, read and link the files."""
        settled = self.config
        found = discover.files(self.paths, exclude=settled.exclude, root=settled.folder)
        return load(found, layout=settled.layout, base=settled.folder, exclude=settled.exclude)

    def run(self, project: Project, accepted: Baseline | None = None) -> Report:
        """Run the rules; a path that was named and cannot be read is a fault beside what the others hold."""
        if self.aws is not None:
            wanted = [
                name for name in RULES if (home := self.registry.family(name)) and self.config.runs(name, home.name)
            ]
            project.answers = ask(project, self.config.settings, wanted, self.aws.send)
        report = run(project, self.config, self.registry, whole=self.whole, baseline=accepted or Baseline())
        missed = [file for file in project.files if file.reason and file.given]
        told = (Fault(file.path, file.reason + _near(file.path)) for file in missed)
        return replace(report, faults=(*told, *report.faults))


def task(given: argparse.Namespace) -> Task:
    """Read the configuration and let the arguments have their way.

    The configuration is the nearest, upwards from the folder that is looked at, if that is one, else from the working
    directory: which files changed must not decide on it.

    Raises:
        ConfigError: The configuration cannot be followed.
        UsageError: Nor can the arguments.
    """
    registry = Registry()
    paths = tuple(given.paths) or (os.curdir,)
    if "" in paths:
        raise UsageError("found an empty path, expected a file or folder")
    file = given.config or config.find(_start(paths))
    settled = Config(_home(given)) if file is None else config.read(file, _shown(file), registry)
    for name in [*given.select, *given.ignore]:
        if said := config.complaint(name, registry):
            raise UsageError(said)
    if given.select:
        settled = replace(settled, select=tuple(given.select), ignore=())
    settled = replace(
        settled,
        ignore=(*settled.ignore, *given.ignore),
        settings=replace(settled.settings, today=given.today or datetime.now(UTC).date(), jobs=given.jobs),
    )
    whole = any(settled.folder.is_relative_to(Path(path).resolve()) for path in paths)
    return Task(registry, settled, paths, whole)


def _home(given: argparse.Namespace) -> Path:
    """Give the folder that a baseline's paths are relative to if no configuration's is there: the baseline's own."""
    return given.baseline.resolve().parent if given.baseline else Path.cwd()


def _start(paths: tuple[str, ...]) -> Path:
    alone = Path(paths[0]).resolve()
    return alone if len(paths) == 1 and alone.is_dir() else Path.cwd()


def _jobs() -> int:
    # Each loads cfn-lint, which takes a second and 400 MB.
    return min(os.cpu_count() or 1, 8)


def _shown(file: Path) -> str:
    try:
        return Path(os.path.relpath(file)).as_posix()
    except ValueError:  # on another drive
        return str(file)


def _near(path: str) -> str:
    try:
        names = [other.name for other in Path(path).parent.iterdir()]
    except OSError:
        return ""
    return f"; {near}" if (near := did_you_mean(Path(path).name, names)) else ""
