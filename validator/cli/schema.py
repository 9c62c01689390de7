"""Print the JSON Schema of a format."""

import argparse
import sys
from importlib.resources import files

from validator.cli.arguments import Parser, one_of

_SUFFIX = ".json"


def arguments(parser: Parser) -> None:
    """Add the command's arguments."""
    names = sorted(_names())
    parser.add_argument("name", type=one_of(*names), metavar="NAME", help=", ".join(names))


def run(given: argparse.Namespace) -> int:
    """Run the command."""
    sys.stdout.write((files("validator.schemas") / (given.name + _SUFFIX)).read_text(encoding="utf-8"))
    return 0


def _names() -> list[str]:
    found = (file.name for file in files("validator.schemas").iterdir())
    return [name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)]
