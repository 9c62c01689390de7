"""Policies proved and checked, in units of the time that parliament takes for the same files.

Run it with the Python that stackproof is installed in, and name the Python of another environment that has parliament:
`python benchmarks/parliament.py PEER_PYTHON FOLDER`. Figures of different runs are not comparable, the ratios are.
"""

import argparse
import gc
import json
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

# What both do before the first file counts as loading: parliament reads all its data when it is imported. What is there
# then is frozen: else the first search for garbage looks through it, in the midst of some document.
PEER = """
import gc, json, sys, time
start = time.perf_counter()
from parliament import analyze_policy_string
gc.freeze()
loading = time.perf_counter() - start
taken, crashes = [], 0
for path in json.load(sys.stdin):
    text = open(path, encoding="utf-8").read()
    start = time.perf_counter()
    try:
        analyze_policy_string(text, include_community_auditors=sys.argv[1] == "all")
    except Exception:
        crashes += 1
    taken.append(time.perf_counter() - start)
json.dump([loading, taken, crashes], sys.stdout)
"""
REGIONS = ("eu-central-1", "eu-west-1")
ODD = b"""{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "*",
  "Condition": {"StringEquals": {"aws:NoSuchKey": "x"}}, "Principle": {"AWS": "*"}}]}"""
TARGETS = {"the proof alone": (1 / 20, 1 / 50), "all rules": (1 / 4, 1 / 10)}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("python", metavar="PEER_PYTHON", help="the Python of an environment with parliament")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder of policies, as JSON files")
    given = parser.parse_args()
    paths = sorted(map(str, given.folder.rglob("*.json")))
    print(f"{len(paths)} files{'':15}{'loading':>10}{'median':>11}{'mean':>11}{'largest':>11}")
    peers = {}
    for name, auditors in (("parliament", "own"), ("parliament, all auditors", "all")):
        run = subprocess.run(
            [given.python, "-c", PEER, auditors], input=json.dumps(paths), capture_output=True, check=True, text=True
        )
        loading, peers[name], crashes = json.loads(run.stdout)
        show(name, peers[name], f"{loading * 1e3:7.0f} ms", f"   ({crashes} crashed)" if crashes else "")
    loading, proofs, checks = ours(paths)
    show("the proof alone", proofs, f"{loading * 1e3:7.0f} ms")
    show("all rules", checks, "")
    yardstick = peers["parliament, all auditors"]
    print(f"\n{'in units of parliament with all auditors':48}{'median':>11}{'mean':>11}")
    for name, taken in (("the proof alone", proofs), ("all rules", checks)):
        ratios = [figure(taken) / figure(yardstick) for figure in (statistics.median, statistics.mean)]
        targets = "  and  ".join(f"1/{1 / target:.0f}" for target in TARGETS[name])
        print(f"{name:48}" + "".join(f"     1/{1 / ratio:4.1f}" for ratio in ratios) + f"   (targets: {targets})")


def show(name: str, taken: Sequence[float], loading: str, remark: str = "") -> None:
    figures = (statistics.median(taken), statistics.mean(taken), max(taken))
    print(f"{name:24}{loading:>12}" + "".join(f"{figure * 1e3:8.2f} ms" for figure in figures) + remark)


def ours(paths: Sequence[str]) -> tuple[float, list[float], list[float]]:
    """Time the loading, the proof of each file, and all of a check of each file with all rules about policies."""
    # As the command line has it.
    gc.set_threshold(200_000, 1_000, 1_000)
    start = time.perf_counter()
    from validator.config import Config  # noqa: PLC0415  # importing is part of what is timed
    from validator.discover import Found  # noqa: PLC0415
    from validator.engine.call import assigned, call  # noqa: PLC0415
    from validator.iam.actions import services  # noqa: PLC0415
    from validator.iam.catalogue import Universe, by_types  # noqa: PLC0415
    from validator.iam.sets import prove_set  # noqa: PLC0415
    from validator.project import Project  # noqa: PLC0415
    from validator.project.files import Reader  # noqa: PLC0415
    from validator.registry import Registry  # noqa: PLC0415
    from validator.settings import Layout, Settings  # noqa: PLC0415

    registry = Registry()
    family = registry.families["iam"]
    rules = [rule for name in family.modules if (rule := registry.rule(name)) and rule.default]
    everything = Universe()
    for prefix in services():
        everything.service(prefix)
        by_types(prefix)
    settings = Settings(approved_regions=REGIONS, deploy_regions=REGIONS)
    assigned_rules = assigned(rules, replace(Config(Path.cwd()), settings=settings))
    reader = Reader(Layout(), Path.cwd())
    # What is only read where something is wrong is read here, too.
    found = Found("odd.json", Path("odd.json"), given=False)
    call(assigned_rules, Project((reader.parse(found, ODD),), layout=Layout(), reader=reader).subjects)
    gc.freeze()
    loading = time.perf_counter() - start

    contents = [(Found(path, Path(path), given=False), Path(path).read_bytes()) for path in paths]
    proofs = []
    for found, data in contents:
        project = Project((reader.parse(found, data),), layout=Layout(), reader=reader)
        sets = project.policy_sets
        start = time.perf_counter()
        for one in sets:
            prove_set(one, settings)
        proofs.append(time.perf_counter() - start)
    checks = []
    for found, data in contents:
        start = time.perf_counter()
        project = Project((reader.parse(found, data),), layout=Layout(), reader=reader)
        call(assigned_rules, project.subjects)
        checks.append(time.perf_counter() - start)
    return loading, proofs, checks


if __name__ == "__main__":
    main()
