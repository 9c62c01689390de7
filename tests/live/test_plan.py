"""`spec plan` lists the calls that `verify` makes: all of them, and no others."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from validator.cli import main
from validator.live import Clock
from validator.live.calls import Aws, Credentials, connect
from validator.live.outcome import FaultError
from validator.live.stacks import Stacks

from .account import DELIVERY, REGION, Client, deploy, verify
from .fault_proxy import proxied

HERE = Path(__file__).parent
KINDS = HERE / "kinds"

Request = tuple[str, str, bytes]
Call = tuple[str, str, dict[str, Any]]
Plan = Callable[..., list[Call]]


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Plan:
    """Print the plan of a spec beside the templates that it is about, and read it."""

    def planned(folder: Path, spec: Path, *arguments: str) -> list[Call]:
        shutil.copytree(folder, tmp_path / folder.name)
        shutil.copy(spec, tmp_path / folder.name)
        monkeypatch.chdir(tmp_path / folder.name)
        assert main(("spec", "plan", spec.name, *arguments)) == 0
        calls = []
        for line in capsys.readouterr().out.splitlines():
            if not line.startswith("#"):
                name, _, given = line.partition("  #")[0].partition(" ")
                service, _, operation = name.partition(".")
                calls.append((service, operation, json.loads(given or "{}")))
        return calls

    return planned


def made(calls: list[Call], server: str, stack: str) -> list[Request]:
    """Make the calls of a plan; give what is asked."""
    with proxied(server) as proxy:
        aws = aws_at(proxy.url)
        for service, operation, given in calls:
            with suppress(FaultError):
                aws.read(service, operation, filled(given, Stacks(aws_at(server), stack)))
        return proxy.requests


def aws_at(url: str) -> Aws:
    return Aws(connect(Credentials(endpoint=url), REGION, 1), Clock())


def filled(value: Any, stacks: Stacks) -> Any:
    """Put the ids that only the stack knows in their places."""
    if isinstance(value, str) and (found := re.fullmatch(r"\$\{(\w+):(.*)\}", value)):
        return stacks.resource(found[2]).id if found[1] == "resource" else stacks.output(found[2])
    if isinstance(value, list):
        return [filled(element, stacks) for element in value]
    return {key: filled(member, stacks) for key, member in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize(
    ("spec", "arguments"), [(HERE / "env.yml", ()), (DELIVERY / "env-details.yml", ("--region", REGION))]
)
def test_plans_exactly_what_verify_asks(
    delivered: Client, server: str, plan: Plan, spec: Path, arguments: tuple[str, ...]
) -> None:
    planned = plan(DELIVERY, spec, *arguments)
    with proxied(server) as proxy:
        assert verify(spec.read_text(), proxy.url).code == 0
    assert Counter(made(planned, server, "webtier-test")) == Counter(proxy.requests)


def test_plans_every_call_of_resources_of_many_types(aws: Client, server: str, plan: Plan) -> None:
    deploy(aws, "kinds", (KINDS / "template.yml").read_text(), {"Token": "not to be seen"})
    planned = plan(KINDS, KINDS / "env.yml")
    with proxied(server) as proxy:
        assert verify((KINDS / "env.yml").read_text(), proxy.url).code == 0
    # Before there is an id, nobody knows which parts it has: the plan has them all.
    assert Counter(bare(made(planned, server, "kinds"))) == Counter(bare(proxy.requests))


def bare(requests: list[Request]) -> list[tuple[str, str]]:
    return [(operation, line) for operation, line, _ in requests]
