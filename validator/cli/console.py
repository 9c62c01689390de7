"""What goes to standard error: all that is no part of the report."""

import os
import sys
from collections.abc import Iterable

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
