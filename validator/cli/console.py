"""What goes to standard error, all that is no part of the report, and what goes to files."""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TextIO

from validator.registry import Fault
from validator.reporters.visible import visible


def say(message: str) -> None:
    """Tell what is no part of the report."""
    sys.stderr.write(f"stackproof: {visible(message, sys.stderr.encoding)}\n")


def tell(faults: Iterable[Fault]) -> int:
    """Tell of the tool's own faults; give the exit code that follows from them."""
    code = 0
    for fault in faults:
        code = 2
        say(f"{fault.where}: {fault.message}")
        if os.environ.get("STACKPROOF_DEBUG"):
            sys.stderr.write(fault.details)
    return code


def write(file: Path, report: Callable[[TextIO], object]) -> bool:
    """Write a report to a file, and tell if that fails: one that cannot be written must not cost the others."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8", newline="\n") as out:
            report(out)
    except OSError as error:
        say(f"{file}: not written: {(error.strerror or str(error)).lower()}")
        return False
    return True
