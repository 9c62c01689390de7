"""What a check of stack trees costs, in units of cfn-lint's own command line on the same templates.

Run it with the Python that stackproof is installed in: `python benchmarks/cfnlint.py FOLDER`. Programs run by turns;
of some rounds, at least two, the best counts, in which all are compiled, as what is installed is. Figures of different
runs are not comparable, the ratios are.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

TARGETS = {"seams alone, CPU": 0.05, "full check, wall": 0.7}
FAMILIES = "cloudformation,parameters,pipeline"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="repositories with templates")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="runs of each program (default: 5)")
    given = parser.parse_args()
    folder = given.folder.resolve()
    check = [sys.executable, "-P", "-m", "validator", "check", "--format", "concise", str(folder)]
    templates = listed(folder)
    programs = {
        "cfn-lint": [str(Path(sys.executable).with_name("cfn-lint")), "--format", "parseable", *templates],
        "stackproof check": check,
        "stackproof check, seams alone": [*check, "--select", FAMILIES, "--ignore", "cfn-lint"],
    }
    best = dict.fromkeys(programs, (float("inf"), float("inf")))
    with tempfile.TemporaryDirectory() as cache:
        surroundings = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": cache}
        for _ in range(given.rounds):
            for name, program in programs.items():
                wall, cpu = timed(program, surroundings)
                best[name] = (min(best[name][0], wall), min(best[name][1], cpu))
    print(f"{len(templates)} templates{'':21}{'wall':>9}{'CPU':>10}")
    for name, (wall, cpu) in best.items():
        print(f"{name:32}{wall:7.1f} s{cpu:8.1f} s")
    wall, cpu = best["cfn-lint"]
    ratios = {
        "seams alone, CPU": best["stackproof check, seams alone"][1] / cpu,
        "full check, wall": best["stackproof check"][0] / wall,
    }
    print()
    for name, ratio in ratios.items():
        print(f"{name:32}{ratio:7.3f}   (target: at most {TARGETS[name]})")


def listed(folder: Path) -> list[str]:
    """List the templates that a check would hand to cfn-lint."""
    command = [sys.executable, "-P", "-m", "validator", "check", "--show-files", str(folder)]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    found = [line.partition(": ") for line in shown]
    return [str(Path(path).resolve()) for path, _, kind in found if kind.startswith("template")]


def timed(program: Sequence[str], surroundings: Mapping[str, str]) -> tuple[float, float]:
    """Give the seconds that a program takes, and those that it and its children keep a processor busy."""
    with tempfile.TemporaryFile() as out:
        start, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(program, check=False, stdout=out, stderr=out, env=surroundings)
        wall, now = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime


if __name__ == "__main__":
    main()
