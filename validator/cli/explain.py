"""Say what a rule is about, with examples."""

import argparse
import sys

from validator.cli.arguments import Parser, UsageError
from validator.cli.console import tell
from validator.config import complaint
from validator.docs import explain
from validator.registry import Registry


def arguments(parser: Parser) -> None:
    """Add the command's arguments."""
    parser.add_argument("rule", metavar="RULE", help="a rule's id; with cfn-lint's own codes: cfn-lint/E3012")


def run(given: argparse.Namespace) -> int:
    """Run the command."""
    registry = Registry()
    tool, _, code = given.rule.partition("/")
    if given.rule in registry.families or registry.family(given.rule) is None:
        near = complaint(given.rule, registry) or f"{given.rule!r} is a family; `stackproof rules` lists its rules"
        raise UsageError(near)
    if code and tool == "cfn-lint":
        sys.stdout.write(_foreign(code))
    elif (rule := registry.rule(tool)) is not None:
        sys.stdout.write(explain(rule))
    return tell(registry.faults)


def _foreign(code: str) -> str:
    from validator.cloudformation import cfnlint  # noqa: PLC0415  # heavy

    found = cfnlint.explain(code)
    if found is None:
        raise UsageError(f"cfn-lint has no rule {code!r}")
    parts = [f"cfn-lint/{found.code} ({found.level})", found.summary, found.description, found.url]
    return "\n\n".join(part for part in parts if part) + "\n"
