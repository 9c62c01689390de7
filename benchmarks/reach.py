"""What the proof of each policy in a folder takes, and which takes longest: the data of all services is loaded before.

Run it with the Python that stackproof is installed in. Times are of the processor, so that others do not disturb them.
"""

import argparse
import statistics
import time
from collections import Counter
from pathlib import Path

from validator.iam.actions import services
from validator.iam.catalogue import Universe, by_types
from validator.iam.policy import Policy
from validator.iam.proof import Proof, layer, prove
from validator.parse import ParseError, parse

ENDINGS = {".json", ".yml", ".yaml"}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--approved", nargs="+", default=["eu-central-1", "eu-west-1"], metavar="REGION")
    parser.add_argument("--slowest", type=int, default=10, metavar="N", help="policies to list (default: 10)")
    given = parser.parse_args()
    start = time.process_time()
    universe = Universe()
    for service in services():
        by_types(service)
        universe.service(service)
    print(f"loading {1000 * (time.process_time() - start):10.1f} ms")
    times: dict[Path, float] = {}
    verdicts: Counter[str] = Counter()
    for path in sorted(path for path in given.folder.rglob("*") if path.suffix in ENDINGS):
        if (policy := policy_in(path)) is not None:
            start = time.process_time()
            verdicts[proof(policy, given.approved).verdict] += 1
            times[path] = 1000 * (time.process_time() - start)
    if not times:
        parser.error(f"no policies in {given.folder}")
    for name, figure in (("median", statistics.median), ("mean", statistics.fmean), ("max", max)):
        print(f"{name:7} {figure(times.values()):10.1f} ms")
    print(", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common()))
    for path in sorted(times, key=lambda path: -times[path])[: given.slowest]:
        print(f"{times[path]:18.1f} ms  {path.relative_to(given.folder)}")


def policy_in(path: Path) -> Policy | None:
    try:
        root = parse(str(path), path.read_text("utf-8")).root
    except (ParseError, UnicodeDecodeError):
        return None
    return Policy(root, "identity") if root.get("Statement") is not None else None


def proof(policy: Policy, approved: list[str]) -> Proof:
    return prove([layer([policy])], approved)


if __name__ == "__main__":
    main()
