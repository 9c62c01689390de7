"""Rule buildspec-batch-kinds."""

import pytest

from validator.testing import findings

RULE = "buildspec-batch-kinds"


def test_points_at_the_second_kind() -> None:
    text = "version: 0.2\nbatch: {build-list: [{buildspec: a.yml}], build-fanout: {parallelism: 2}}\n"
    [finding] = findings(RULE, {"buildspec.yml": text})
    assert (finding.at.text, [node.text for node, _ in finding.related]) == ("build-fanout", ["build-list"])


@pytest.mark.parametrize(
    "batch", ["{fast-fail: yes, build-list: [{buildspec: a.yml}]}", "{build-list: , build-graph: []}"]
)
def test_accepts(batch: str) -> None:
    assert not findings(RULE, {"buildspec.yml": f"version: 0.2\nbatch: {batch}\n"})
