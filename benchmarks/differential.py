"""The region proof against an independent oracle, on many generated sets of policies: what was decided, how often.

Run it at the root of a checkout, with the Python that stackproof's tests run with. It ends with 1 at a disagreement,
after showing the smallest set of policies that still leads to one.
"""

import argparse
import json
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.iam.generate import policy_sets  # noqa: E402  # tests are no package that is installed
from tests.iam.oracle import Layers  # noqa: E402
from tests.iam.test_differential import Tally, disagreements  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sets", type=int, default=20_000, metavar="N", help="sets of policies (default: 20000)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes (default: 2)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="the first process's seed (default: 0)")
    options = parser.parse_args()
    start = time.perf_counter()
    each = -(-options.sets // options.jobs)
    with ProcessPoolExecutor(options.jobs) as pool:
        runs = list(pool.map(run, [each] * options.jobs, range(options.seed, options.seed + options.jobs)))
    counts = sum((counts for counts, _ in runs), Counter[str]())
    failures = [failure for _, failure in runs if failure]
    print(f"{counts.pop('sets', 0)} sets of policies in {time.perf_counter() - start:.0f} s, decided:")
    for kind, count in counts.most_common():
        print(f"{count:12,}  {kind}")
    print(failures[0] if failures else "no disagreement")
    sys.exit(bool(failures))


def run(sets: int, number: int) -> tuple[Counter[str], str]:
    """Compare some sets of policies.

    Returns:
        What was decided how often, up to the first disagreement, and that one, minimised.
    """
    counts: Counter[str] = Counter()
    failure = ""

    @seed(number)
    @settings(
        max_examples=sets,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(policy_sets())
    def compare(layers: Layers) -> None:
        nonlocal failure
        tally: Tally = Counter()
        found = list(disagreements(layers, tally))
        if found:
            failure = "\n".join([*found[:3], json.dumps(layers)])
        elif not failure:
            counts.update(tally, sets=1)
        assert not found

    try:
        compare()
    except AssertionError:
        assert failure
    return counts, failure


if __name__ == "__main__":
    main()
