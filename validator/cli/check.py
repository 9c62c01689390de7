"""Proofread files and folders."""

import argparse
import sys
from collections import Counter
from collections.abc import Container
from dataclasses import replace
from functools import partial
from pathlib import Path

from validator import fix
from validator.cli.arguments import Parser, UsageError, one_of, target
from validator.cli.console import say, tell, write
from validator.cli.proofread import Task, task
from validator.cli.proofread import arguments as common
from validator.config import fail_on
from validator.engine import baseline
from validator.engine.baseline import Baseline
from validator.engine.report import Report
from validator.online import Aws, ConnectError, connect
from validator.project import Project
from validator.reporters import FORMATS, writer
from validator.reporters.visible import visible
from validator.rule import Edit

_MOST_PASSES = 10
_UNREADABLE = "the fix would make the file unreadable"


def arguments(parser: Parser) -> None:
    """Add the command's arguments."""
    common(parser)
    formats, levels = ", ".join(FORMATS), ("error", "warning", "note", "never")
    parser.add_argument("--format", type=one_of(*FORMATS), default="full", metavar="FORMAT", help=formats)
    parser.add_argument(
        "--report",
        type=target,
        action="append",
        default=[],
        metavar="FORMAT:FILE",
        help="write a report to a file too; may be repeated",
    )
    parser.add_argument(
        "--fail-on",
        type=one_of(*levels),
        metavar="LEVEL",
        help=f"the mildest finding to exit with 1 for: {', '.join(levels)}",
    )
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="accept what `stackproof baseline` wrote there")
    parser.add_argument("--online", action="store_true", help="ask AWS too: ValidateTemplate and ValidatePolicy")
    for option, metavar, what in (
        ("--region", "REGION", "the region to ask in"),
        ("--profile", "PROFILE", "the profile of AWS's configuration to ask with"),
        ("--endpoint-url", "URL", "where to ask instead of at AWS"),
    ):
        parser.add_argument(option, metavar=metavar, help=f"with --online: {what}")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--fix", action="store_true", help="make the edits that are certain, then report")
    instead.add_argument("--diff", action="store_true", help="show these edits instead, and change nothing")
    instead.add_argument("--show-files", action="store_true", help="list the files, what each is and why")


def run(given: argparse.Namespace) -> int:
    """Run the command."""
    aws = _aws(given)
    work = replace(task(given), aws=aws)
    if given.fail_on:
        work = replace(work, config=replace(work.config, fail_on=fail_on(given.fail_on)))
    accepted = baseline.read(given.baseline) if given.baseline else Baseline()
    project = work.load()
    if given.show_files:
        return _show(project)
    report = work.run(project, accepted)
    if given.diff:
        return _diff(project, report)
    if given.fix:
        report = _fix(work, project, report, accepted)
    unwritten = [file for name, file in given.report if not write(file, partial(writer(name), report))]
    for entry in accepted.stale(report, work.config.folder, whole=work.whole):
        say(f"{entry.path}: the baseline accepts {entry.rule}, which is not found any more")
    code = tell(report.faults)
    writer(given.format)(report, sys.stdout)
    if report.unchecked:
        say(f"{len(report.unchecked)} not checked, since AWS could not be asked")
    return 2 if unwritten else code or int(report.failed) or (3 if report.unchecked else 0)


def _aws(given: argparse.Namespace) -> Aws | None:
    """Prepare to ask AWS, if that is wanted.

    Raises:
        UsageError: The arguments do not say how, or say how without saying that.
    """
    if not given.online:
        for option in ("region", "profile", "endpoint_url"):
            if getattr(given, option) is not None:
                raise UsageError(f"--{option.replace('_', '-')} says how to ask AWS; add --online to ask it")
        return None
    if given.diff or given.show_files:
        raise UsageError(f"--online is about findings, and {'--diff' if given.diff else '--show-files'} shows none")
    try:
        return connect(given.region, given.profile, given.endpoint_url, workers=given.jobs)
    except ConnectError as error:
        raise UsageError(str(error)) from None


def _show(project: Project) -> int:
    for file in project.files:
        form = f" ({file.kind.form})" if file.kind.form else ""
        sys.stdout.write(visible(f"{file.path}: {file.kind.kind}{form}: {file.kind.why}", sys.stdout.encoding) + "\n")
    counts = Counter(file.kind.kind for file in project.files)
    say("files: " + (", ".join(f"{number} {kind}" for kind, number in sorted(counts.items())) or "none"))
    return 0


# --- fixing ------------------------------------------------------------------------------------------------------


def _fix(work: Task, project: Project, report: Report, accepted: Baseline) -> Report:
    """Write fixes until there are none left; give the report on what remains."""
    fixed = 0
    failed: dict[str, str] = {}
    for _ in range(_MOST_PASSES):
        texts = _texts(project)
        files = {file.path: file.file for file in project.files}
        plan = fix.plan(_fixes(project, report, failed), texts)
        for path, edits in plan.edits.items():
            try:
                fix.write(files[path], texts[path], fix.edited(texts[path], edits))
            except OSError as error:
                failed[path] = str(error.strerror).lower()
        if not plan.edits:
            break
        fixed += sum(all(edit.span.path not in failed for edit in one) for one in plan.applied)
        project = work.load()
        report = work.run(project, accepted)
    for path, why in sorted((dict.fromkeys(plan.refused, _UNREADABLE) | failed).items()):
        say(f"{path}: not fixed: {why}")
    say(f"{fixed} fixed")
    return report


def _diff(project: Project, report: Report) -> int:
    """Show what one pass of fixes would change, secrets masked."""
    plan = fix.plan(_fixes(project, report), _texts(project))
    raw = not sys.stdout.isatty()
    for path, edits in sorted(plan.edits.items()):
        old = report.texts[path]
        for line in fix.diff(path, old, fix.edited(old, edits)):
            sys.stdout.write(line if raw else visible(line.rstrip("\r\n"), sys.stdout.encoding) + "\n")
    for path in plan.refused:
        say(f"{path}: not fixed: {_UNREADABLE}")
    return tell(report.faults) or int(bool(plan.edits))


def _fixes(project: Project, report: Report, failed: Container[str] = ()) -> list[tuple[Edit, ...]]:
    """Give the fixes that touch no file but those asked for, and none that failed before."""
    asked = project.given or {file.path for file in project.files}
    fixes = [finding.fix for finding in report.findings if finding.fix]
    return [one for one in fixes if all(edit.span.path in asked and edit.span.path not in failed for edit in one)]


def _texts(project: Project) -> dict[str, str]:
    return {document.path: document.text for document in project.documents}
