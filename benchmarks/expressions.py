"""The cost of typing a spec offline: what loading a service's model takes, and what each expression costs after that.

Run it with the Python that stackproof is installed in. Typed are the expressions that botocore itself pages and waits
with, over all services, and some long ones of the kind that specs have; each twice, as it is and with a letter missing,
so that a suggestion must be looked for.
"""

import argparse
import gzip
import json
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore
from botocore import xform_name

from validator.environment.expressions import typed
from validator.environment.operations import model, names, services
from validator.environment.shapes import operation

TARGET = 1.0
OWN = (
    (
        "ec2",
        "DescribeSecurityGroups",
        "SecurityGroups[].IpPermissions[] | [?IpProtocol=='-1' || (FromPort<=`22` && ToPort>=`22`)].IpRanges[].CidrIp",
    ),
    (
        "autoscaling",
        "DescribeAutoScalingGroups",
        "AutoScalingGroups[?contains(AutoScalingGroupName, 'web') || Tags[?Key=='Name' && contains(Value, 'web')]]",
    ),
    (
        "rds",
        "DescribeDBInstances",
        "sort_by(DBInstances, &DBInstanceIdentifier)[].{port: Endpoint.Port, id: DbiResourceId}",
    ),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--services", nargs="*", metavar="SERVICE", help="only these (default: all)")
    given = parser.parse_args()
    loading: dict[str, float] = {}
    right: list[float] = []
    wrong: list[float] = []
    faults = 0
    for service in sorted(given.services or services()):
        start = time.perf_counter()
        names(service)
        loading[service] = (time.perf_counter() - start) * 1000
        for api, expression in expressions(service):
            found = operation(service, xform_name(api))
            if found is None:
                continue
            # What lies below is read when it is first asked for, which is a part of loading.
            typed.__wrapped__(expression, found.output)
            spent, count = timed(expression, found.output)
            right.append(spent)
            faults += count
            wrong.append(timed(expression.replace("s", "", 1), found.output)[0])
        model.cache_clear()
    print(f"{len(loading)} services, {len(right)} expressions")
    report("loading a service", list(loading.values()))
    most = sorted(loading, key=loading.__getitem__)[:-6:-1]
    print(f"  most: {', '.join(f'{name} {loading[name]:.0f}' for name in most)}")
    report("a right expression", right)
    report("one with a letter missing", wrong)
    print(f"faults in right expressions: {faults}   (target: 0)")
    print(f"at the 99th percentile: {percentile(right + wrong):.3f} ms   (target: below {TARGET} ms)")
    sys.exit(faults > 0)


def timed(expression: str, shape: Any) -> tuple[float, int]:
    """Type an expression, past the cache; give the milliseconds, and how many faults it has."""
    start = time.perf_counter()
    found = typed.__wrapped__(expression, shape)
    return (time.perf_counter() - start) * 1000, len(found.faults)


def report(name: str, spent: list[float]) -> None:
    print(f"{name:28} median {statistics.median(spent):8.3f} ms, 99 % {percentile(spent):8.3f}, most {max(spent):8.3f}")


def percentile(spent: list[float]) -> float:
    return sorted(spent)[int(len(spent) * 0.99)]


def expressions(service: str) -> Iterator[tuple[str, str]]:
    """Yield operations with expressions for their answers."""
    yield from ((api, expression) for own, api, expression in OWN if own == service)
    folders = sorted((Path(botocore.__file__).parent / "data").glob(f"{service}/*/service-2.json*"))
    for path in (*folders[-1].parent.glob("paginators-1.json*"), *folders[-1].parent.glob("waiters-2.json*")):
        raw = path.read_bytes()
        found = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
        for api, pages in found.get("pagination", {}).items():
            each = pages.get("result_key", [])
            yield from ((api, one) for one in (each if isinstance(each, list) else [each]))
        for waiter in found.get("waiters", {}).values():
            for one in waiter["acceptors"]:
                if one["matcher"].startswith("path"):
                    yield waiter["operation"], one["argument"]


if __name__ == "__main__":
    main()
