"""What `verify` gains by threads where every call takes a while, and, with `--faults`, what it says when calls fail.

Run it with the Python that the tests run with. moto's server and the proxy in front of it are on this machine, at
127.0.0.1; nothing else is asked. The times hold what the machine itself needs for the calls, the server's part too, so
the ratio is better where there are more cores.

With faults, no pause passes in real time, and the verdicts of a run without any are what the others are held to.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.live.account import ENVIRONMENT, REGION, UNSET, clients, deliver, spec, verify  # noqa: E402  # no package
from tests.live.fault_proxy import LASTING, PASSING, FaultProxy, proxied  # noqa: E402
from validator.live import Clock, Options, Report, Run  # noqa: E402

LATENCY = 0.1
CALLS = 200
THREADS = 8
TARGET = 1 / 5
CHECKS = 1000
# How long, in seconds, a call waits that is not answered.
PATIENCE = 1.0
RATES = (0.0, 0.05, 0.1, 0.2, 0.3)
SPEC = (ROOT / "tests/live/env.yml").read_text(encoding="utf-8")
# Two expectations that the sample does not meet, so that there is something to pass by mistake.
WRONG = SPEC.replace("Scheme: internet-facing", "Scheme: internal").replace("gte: 7", "gte: 8")

Verdicts = dict[tuple[str, str, str], str]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--faults", action="store_true", help="let calls fail, and count the verdicts that are wrong")
    parser.add_argument("--checks", type=int, default=CHECKS, metavar="N", help=f"with faults: at a rate ({CHECKS})")
    given = parser.parse_args()
    for name in UNSET:
        os.environ.pop(name, None)
    os.environ |= ENVIRONMENT
    with serving() as server, proxied(server) as proxy:
        right = faults(server, proxy, given.checks) if given.faults else threads(server, proxy)
    sys.exit(not right)


@contextmanager
def serving() -> Iterator[str]:
    """Serve moto in a process of its own; give its URL."""
    command = [sys.executable, str(ROOT / "tests/live/moto_shim.py")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


# --- threads ---------------------------------------------------------------------------------------------------------


def threads(server: str, proxy: FaultProxy) -> bool:
    """Print the time of so many checks, each with a call of its own, with one thread and with several."""
    sns = clients(server)("sns")
    topics = [sns.create_topic(Name=f"topic-{number}")["TopicArn"] for number in range(CALLS)]
    checks = "".join(
        f"- {{id: c{number}, call: sns.get_topic_attributes, with: {{TopicArn: '{topic}'}},"
        f" expect: {{Attributes.TopicArn: '{topic}'}}}}\n"
        for number, topic in enumerate(topics)
    )
    text = f"envspec: 1\ntargets: {{t: {{region: {REGION}}}}}\nchecks:\n{checks}"
    run(text, server, THREADS)
    proxy.choose = late
    spent = {}
    print(f"{CALLS} checks, {LATENCY * 1000:.0f} ms until each call is answered")
    for number in (1, THREADS):
        start = time.perf_counter()
        report = run(text, proxy.url, number)
        spent[number] = time.perf_counter() - start
        assert report.counts["conforms"] == CALLS
        print(f"{number:2} threads: {spent[number]:6.2f} s, ratio {spent[number] / spent[1]:.3f}")
    print(f"(target: at most {TARGET})")
    return spent[THREADS] <= spent[1] * TARGET


def late(_: str) -> str:
    """Let a call take a while, and then succeed."""
    time.sleep(LATENCY)
    return ""


def run(text: str, url: str, number: int) -> Report:
    """Make a run in which time passes, with so many threads."""
    return Run([spec(text)], Options(endpoint=url, workers=number), Clock()).make()


# --- faults ----------------------------------------------------------------------------------------------------------


def faults(server: str, proxy: FaultProxy, checks: int) -> bool:
    """Print how many verdicts are wrong, and how many there are not, at several rates of faults."""
    # Every call is made once by boto3, so that only our own pauses, in which no time passes, lie between two.
    os.environ["AWS_MAX_ATTEMPTS"] = "1"
    deliver(clients(server))
    quiet = verdicts(verify(WRONG, proxy.url, patience=PATIENCE))
    differing = sum(kind == "differs" for kind in quiet.values())
    assert differing == 2
    print(f"{len(quiet)} checks a run, of which {differing} differ; at least {checks:,} at each rate\n")
    print(
        f"{'faults':24}{'rate':>6}{'calls':>8}{'checks':>8}{'wrong passes':>14}{'wrong failures':>16}{'unchecked':>11}"
    )
    wrong = 0
    for name, kinds in (("that pass", PASSING), ("some of which last", LASTING)):
        for rate in RATES:
            counted: Counter[str] = Counter()
            proxy.calls.clear()
            for seed in range(-(-checks // len(quiet))):
                proxy.at_random(rate, seed, kinds)
                found = verdicts(verify(WRONG, proxy.url, patience=PATIENCE))
                assert found.keys() == quiet.keys()
                counted.update(judged(found[key], quiet[key]) for key in quiet)
            wrong += counted["wrong pass"] + counted["wrong failure"]
            print(
                f"{name:24}{rate:6.0%}{len(proxy.calls):8,}{counted.total():8,}"
                f"{counted['wrong pass']:14}{counted['wrong failure']:16}"
                f"{counted['unchecked'] / counted.total():11.1%}"
            )
    print("(target: nothing wrong)")
    return not wrong


def verdicts(report: Report) -> Verdicts:
    """Give what came of every expectation."""
    found = {(one.check, one.subject, one.path): str(one.kind) for one in report.outcomes}
    assert len(found) == len(report.outcomes)
    return found


def judged(kind: str, quiet: str) -> str:
    """Say what a verdict is worth."""
    if kind == quiet:
        return "right"
    return {"conforms": "wrong pass", "differs": "wrong failure"}.get(kind, "unchecked")


if __name__ == "__main__":
    main()
