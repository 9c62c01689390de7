"""Memory while one process proves and checks very many policies: how much it has grown, against the first tenth.

Run it with the Python that stackproof is installed in: `python benchmarks/memory.py FOLDER`. The policies of the folder
are varied: account numbers, names and Sids differ in each.
"""

import argparse
import random
import re
import resource
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from validator.config import Config
from validator.discover import Found
from validator.engine.call import assigned, call
from validator.project import Project
from validator.project.files import Reader
from validator.registry import Registry
from validator.settings import Layout, Settings

REGIONS = ("eu-central-1", "eu-west-1")
_VARIED = re.compile(r'(?<="Sid": ")\w+(?=")|\b\d{12}\b|(?<=/)[a-z]{4,}(?=[/*"])')


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder of policies, as JSON files")
    parser.add_argument("--policies", type=int, default=100_000, metavar="N", help="how many (default: 100000)")
    given = parser.parse_args()
    registry = Registry()
    rules = [rule for name in registry.families["iam"].modules if (rule := registry.rule(name)) and rule.default]
    settings = Settings(approved_regions=REGIONS, deploy_regions=REGIONS)
    assigned_rules = assigned(rules, replace(Config(Path.cwd()), settings=settings))
    reader = Reader(Layout(), Path.cwd())
    peaks = []
    for number, text in enumerate(varied(given.folder, given.policies), 1):
        found = Found(f"{number}.json", Path(f"{number}.json"), given=True)
        project = Project((reader.parse(found, text.encode()),), layout=Layout(), reader=reader)
        call(assigned_rules, project.subjects)
        if number % max(1, given.policies // 10) == 0:
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
            print(f"{number:8} policies: {peaks[-1] / peaks[0]:.2f} times the memory of the first tenth", flush=True)


def varied(folder: Path, count: int) -> Iterator[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.json"))]
    random_ = random.Random(1)  # noqa: S311  # no secret
    for at in range(count):
        yield _VARIED.sub(lambda match: changed(match[0], random_), texts[at % len(texts)])


def changed(text: str, random_: random.Random) -> str:
    letters = "0123456789" if text.isdigit() else "abcdefghijklmnopqrstuvwxyz"
    return "".join(random_.choices(letters, k=len(text)))


if __name__ == "__main__":
    main()
