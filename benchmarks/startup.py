"""What a commit of one buildspec waits for: wall time in units of an empty Python program, and where the imports go.

Run it with the Python that stackproof is installed in; figures of different runs are not comparable, the ratio is. All
is compiled before the first round that counts, as what is installed is.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILDSPEC = ROOT / "fixtures/delivery/buildspec.yml"
TARGET = 18
LINE = re.compile(r"import time:\s*(\d+) \|\s*(\d+) \|( *)(\S+)")
OURS = "validator"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=20, metavar="N", help="runs of each program (default: 20)")
    parser.add_argument("--top", type=int, default=15, metavar="N", help="modules to list (default: 15)")
    given = parser.parse_args()
    # -P keeps the working directory out: what is measured is the installed command.
    check = [sys.executable, "-P", "-c", "import sys; from validator.cli import main; sys.exit(main())", "check"]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
        os.environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": cache}
        alone = Path(shutil.copy(BUILDSPEC, folder))
        programs = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "check, a buildspec alone": [*check, str(alone)],
            "check, a buildspec of a delivery": [*check, str(BUILDSPEC)],
        }
        times = dict(zip(programs, by_turns(list(programs.values()), given.rounds), strict=True))
        print(f"{'':34}{'least':>12}{'ratio':>7}{'median':>12}{'ratio':>7}   (target: at most {TARGET})")
        empty = times["python -c pass"]
        for name, spent in times.items():
            print(f"{name:34}", end="")
            for pick in (min, statistics.median):
                print(f"{pick(spent):9.1f} ms{pick(spent) / pick(empty):7.1f}", end="")
            print()
        imports(programs["check, a buildspec alone"], given.top)


def by_turns(commands: Sequence[Sequence[str]], rounds: int) -> list[list[float]]:
    """Time commands one after the other, again and again, so that a busy machine is busy for all of them.

    Returns:
        For each command its wall times in milliseconds, the first round left out.
    """
    times: list[list[float]] = [[] for _ in commands]
    for _ in range(rounds + 1):
        for command, spent in zip(commands, times, strict=True):
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            spent.append((time.perf_counter() - start) * 1000)
    return [spent[1:] for spent in times]


def imports(command: Sequence[str], top: int) -> None:
    """Print where the time of the imports goes: the modules that cost most, alone and with all that they bring."""
    python, *rest = command
    run = subprocess.run([python, "-X", "importtime", *rest], check=False, capture_output=True, text=True)
    found = [(int(alone), int(all_), name) for alone, all_, _, name in LINE.findall(run.stderr)]
    groups: dict[str, int] = {}
    for alone, _, name in found:
        root = name.partition(".")[0]
        group = root if root == OURS else "standard library" if root in sys.stdlib_module_names else root
        groups[group] = groups.get(group, 0) + alone
    print(f"\nimports, in ms as -X importtime sees them: {sum(groups.values()) / 1000:.0f} in {len(found)} modules")
    for group, spent in sorted(groups.items(), key=lambda item: -item[1])[:top]:
        print(f"{spent / 1000:9.1f}  {group}")
    print(f"\n{'alone':>9}  module{'':40}{'with all':>10}  module")
    alone_first = sorted(found, key=lambda one: -one[0])[:top]
    all_first = sorted(found, key=lambda one: -one[1])[:top]
    for left, right in zip(alone_first, all_first, strict=True):
        print(f"{left[0] / 1000:9.1f}  {left[2]:45} {right[1] / 1000:10.1f}  {right[2]}")


if __name__ == "__main__":
    main()
