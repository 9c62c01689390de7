"""The command line: arguments in, exit code out.

0: clean. 1: findings at or above `--fail-on`. 2: bad arguments, configuration or plugin, or an internal error.
3: something that was asked of AWS could not be checked. 130: interrupted. 2 wins over 1, 1 over 3.
"""

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import cast

from validator.cli.arguments import Parser, UsageError
from validator.cli.console import say
from validator.config import ConfigError
from validator.engine.baseline import BaselineError
from validator.suggest import did_you_mean

COMMANDS = {
    "check": "proofread files and folders",
    "rules": "list the rules",
    "explain": "say what a rule is about",
    "schema": "print the JSON Schema of a format",
    "baseline": "accept all that is found today",
    "reach": "show where policies can act",
    "tree": "show stack trees, with what reaches their parameters",
    "verify": "compare a deployed environment with its spec",
    "spec": "generate a spec of an environment, migrate one, list the calls and the policy that it takes",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the module says what the exit code means."""
    if argv is None:
        # A run builds one large model and drops little: looking through it for garbage again and again takes a quarter
        # of the time, and finds none.
        gc.set_threshold(200_000, 1_000, 1_000)
        # Nor is there any to be found at the end, when Python would look through all that is left.
        atexit.register(gc.freeze)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever called; the next file opened would take its place
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # until the end
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except (UsageError, ConfigError, BaselineError) as error:
        say(str(error))
        return 2
    except BrokenPipeError:
        # Whoever read the output has had enough; without this, Python would complain of the pipe as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        say("interrupted; nothing was reported")
        return 130
    except OSError as error:
        say(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        return 2
    except Exception as error:
        if os.environ.get("STACKPROOF_DEBUG"):
            raise
        said = f"{type(error).__name__}: {error}".partition("\n")[0]
        say(f"internal error: {said}; please report it with what STACKPROOF_DEBUG=1 shows")
        return 2
    return code


def _run(arguments: list[str]) -> int:
    match arguments:
        case [] | ["-h" | "--help", *_]:
            sys.stdout.write(_help())
            return 0
        case ["--version", *_]:
            from importlib.metadata import version  # noqa: PLC0415  # 25 ms

            sys.stdout.write(f"stackproof {version('stackproof')}\n")
            return 0
        case [name, *rest] if name in COMMANDS:
            command = import_module(f"{__name__}.{name}")
            parser = Parser(f"stackproof {name}", str(command.__doc__).strip())
            command.arguments(parser)
            return cast("int", command.run(parser.read(rest)))
        case [name, *_]:
            near = did_you_mean(name, [*COMMANDS, "--help", "--version"]) or f"expected {', '.join(COMMANDS)}"
            raise UsageError(f"there is no command {name!r}; {near}")
    raise AssertionError


def _help() -> str:
    lines = ["usage: stackproof COMMAND ...", "", "Proofreads what a team delivers to AWS.", ""]
    lines += [f"  {name:10}{what}" for name, what in COMMANDS.items()]
    return "\n".join([*lines, "", "`stackproof COMMAND --help` says more.\n"])
