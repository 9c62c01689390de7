"""Write down all that is found today, so that `check --baseline` reports only what is new."""

import argparse
from pathlib import Path

from validator.cli import proofread
from validator.cli.arguments import Parser
from validator.cli.console import say, tell
from validator.cli.proofread import task
from validator.engine.baseline import write

_DEFAULT = Path("stackproof-baseline.json")


def arguments(parser: Parser) -> None:
    """Add the command's arguments."""
    proofread.arguments(parser)
    parser.add_argument("--output", dest="baseline", type=Path, default=_DEFAULT, metavar="FILE", help="where to")


def run(given: argparse.Namespace) -> int:
    """Run the command."""
    work = task(given)
    report = work.run(work.load())
    written = write(report, work.config.folder, given.baseline)
    say(f"{given.baseline} accepts {written} finding{'' if written == 1 else 's'}")
    return tell(report.faults)
