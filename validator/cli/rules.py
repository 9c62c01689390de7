"""List the rules."""

import argparse
import sys

from validator.cli.arguments import Parser
from validator.cli.console import tell
from validator.registry import Registry


def arguments(_: Parser) -> None:
    """Add no arguments."""


def run(_: argparse.Namespace) -> int:
    """Run the command."""
    registry = Registry()
    for rule in filter(None, map(registry.rule, registry.ids)):
        off = "" if rule.default else " (off by default)"
        sys.stdout.write(f"{rule.id:42}{rule.severity:9}{rule.title}{off}\n")
    return tell(registry.faults)
