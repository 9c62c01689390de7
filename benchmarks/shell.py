"""The verdict on shell programs against that of `bash -n`: how often they agree, and what each costs.

Run it with the Python that stackproof is installed in: `python benchmarks/shell.py FOLDER…`. Compared are all commands
of the buildspecs in the folders, and programs that are made of them by changing some characters or words.
"""

import argparse
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from validator import discover
from validator.buildspec.syntax import Fault, fault
from validator.project import load

TARGET = 1 / 50
PIECES = (
    *("if", "then", "else", "elif", "fi", "for", "in", "do", "done", "while", "until", "case", "esac", "{", "}", "!"),
    *("(", ")", "[[", "]]", "[", "]", "((", "))", "$(", "$((", "${", "`", '"', "'", "$'", "\\", "#", "\n", "=", "a=("),
    *(";", ";;", "&", "&&", "|", "||", "<", ">", "2>&1", "<(", "<<EOF\n", "EOF\n", "function", "f()", "time", "$"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="repositories with buildspecs")
    parser.add_argument("--changed", type=int, default=2_000, metavar="N", help="changed programs (default: 2000)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="for the changes (default: 0)")
    given = parser.parse_args()
    texts = sorted({text for folder in given.folders for text in commands(folder.resolve())})
    failed = compare("commands", texts)
    chance = random.Random(given.seed)  # noqa: S311  # nothing is secret
    changed = [change(chance.choice(texts), chance) for _ in range(given.changed)] if texts else []
    failed += compare("changed", list(dict.fromkeys(changed)))
    sys.exit(bool(failed))


def commands(folder: Path) -> Iterator[str]:
    """Yield the commands of a folder's buildspecs that are for a shell of Unix."""
    os.chdir(folder)
    for buildspec in load(discover.files([os.curdir], root=folder)).buildspecs:
        if buildspec.dialect in {"sh", "bash"}:
            yield from (command.text for command in buildspec.commands() if command.text)


def change(text: str, chance: random.Random) -> str:
    """Delete, insert or repeat characters and words of a program."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.randrange(len(text) + 1)
        words = text.split(" ")
        place = chance.randrange(len(words))
        match chance.randrange(5):
            case 0:
                text = text[:at] + text[at + 1 :]
            case 1:
                text = text[:at] + chance.choice("\"'`$(){}[]<>|&;#\\\n !=x") + text[at:]
            case 2:
                text = text[: at + 12] + text[at:]
            case 3:
                text = " ".join([*words[:place], *words[place + 1 :]])
            case _:
                text = " ".join([*words[:place], chance.choice(PIECES), *words[place:]])
    return text


def compare(name: str, texts: Sequence[str]) -> int:
    """Print how the verdicts agree; give how many programs are refused for sure that bash takes."""
    ours: list[Fault | None] = []
    start = time.perf_counter()
    ours += (fault(text) for text in texts)
    spent = time.perf_counter() - start
    start = time.perf_counter()
    with ThreadPoolExecutor(1) as pool:
        theirs = list(pool.map(accepted, texts))
    waited = time.perf_counter() - start
    differing = [(text, found) for text, found, right in zip(texts, ours, theirs, strict=True) if (not found) != right]
    false = sum(found is not None and found.sure for _, found in differing)
    count = max(len(texts), 1)
    print(f"{name}: {len(texts)}, of which bash refuses {theirs.count(False)}")
    print(
        f"  {len(texts) - len(differing)} agree, {len(differing)} do not; refused for sure, and bash takes it: {false}"
    )
    print(f"  {spent / count * 1e6:.0f} µs each, bash -n {waited / count * 1e6:.0f} µs: 1/{waited / spent:.0f}", end="")
    print(f"   (target: at most 1/{1 / TARGET:.0f})" if spent else "")
    for text, found in sorted(differing, key=lambda pair: len(pair[0]))[:10]:
        print(f"    {f'we refuse {found.text!r}' if found else 'bash refuses'}: {text!r}"[:160])
    return false


def accepted(text: str) -> bool:
    """Say whether bash finds no fault in a program; it may warn."""
    run = subprocess.run(["bash", "-n"], check=False, input=text.encode(), capture_output=True)
    return run.returncode == 0 and all(b"warning" in line for line in run.stderr.splitlines())


if __name__ == "__main__":
    main()
