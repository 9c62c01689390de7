"""Arguments: argparse, with complaints that say what was meant."""

import argparse
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from validator.reporters import FORMATS
from validator.suggest import did_you_mean


class UsageError(Exception):
    """Arguments that cannot be followed."""


class Parser(argparse.ArgumentParser):
    """A parser that raises UsageError where argparse would end the process."""

    def __init__(self, prog: str, description: str) -> None:
        """Make the parser of one command."""
        super().__init__(prog, description=description, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Complain."""
        raise UsageError(f"{message} (see {self.prog} --help)")

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Parse arguments, options and others in any order; behind `--` there are no options."""
        options = list(arguments)
        if "--" in options:  # which argparse loses when it parses intermixed
            at = options.index("--")
            options[at:] = [f"./{one}" if one.startswith("-") else one for one in options[at + 1 :]]
        found, unknown = self.parse_known_intermixed_args(options)
        for one in unknown:
            known = [name for action in self._actions for name in action.option_strings]
            self.error(f"unknown argument {one!r}{_also(did_you_mean(one.partition('=')[0], known))}")
        return found


def one_of(*known: str) -> Callable[[str], str]:
    """Make the type of an argument that is one of some words."""

    def convert(text: str) -> str:
        if text not in known:
            near = did_you_mean(text, known) or f"expected {', '.join(known)}"
            raise argparse.ArgumentTypeError(f"found {text!r}; {near}")
        return text

    return convert


def names(text: str) -> list[str]:
    """Read names with commas between them."""
    return [name for part in text.split(",") if (name := part.strip())]


def day(text: str) -> date:
    """Read a date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a date such as 2026-12-31") from None


def count(text: str) -> int:
    """Read a number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a number from 1")
    return int(text)


def target(text: str) -> tuple[str, Path]:
    """Read a report's format and file."""
    name, colon, file = text.partition(":")
    if not (colon and file):
        raise argparse.ArgumentTypeError(f"found {text!r}, expected FORMAT:FILE, such as junit:reports/stackproof.xml")
    return one_of(*FORMATS)(name), Path(file)


def _also(said: str) -> str:
    return f"; {said}" if said else ""
