"""Whatever happens to calls on their way: no wrong pass, no wrong failure, and what could not be checked is named."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from validator.live import Report

from .account import Client, Time, deliver, of_kind, reset, verify
from .fault_proxy import LASTING, PASSING, FaultProxy, proxied

SPEC = Path(__file__).with_name("env.yml").read_text()
SEEDS = itertools.count()

REASONS = {
    "throttled": "environment-throttled",
    "broken": "environment-service-error",
    "unavailable": "environment-service-error",
    "dropped": "environment-unreachable",
    "slow": "environment-unreachable",
    "garbage": "environment-bad-response",
    "truncated": "environment-bad-response",
    "page": "environment-bad-response",
    "empty": "environment-bad-response",
    "nothing": "environment-bad-response",
    "expired": "environment-credentials-rejected",
    "skewed": "environment-credentials-rejected",
    "denied": "environment-access-denied",
    "disabled": "environment-region-disabled",
    "unknown": "environment-credentials-rejected",
}


@pytest.fixture(scope="module")
def behind(server: str, session_clients: Client) -> str:
    """Deploy once: no test here changes anything."""
    reset(server)
    deliver(session_clients)
    return server


@pytest.fixture
def proxy(behind: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    # Every call is made once by boto3, so that only our own pauses, in which no time passes, lie between two.
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with proxied(behind) as proxy:
        yield proxy


def look(text: str, proxy: FaultProxy, fault: str = "", **how: Any) -> Report:
    """Make a run that waits as long as moto needs on a busy machine; but not where answers do not come at all."""
    return verify(text, proxy.url, patience=2.0 if fault == "slow" else 60.0, **how)


WRONG = SPEC.replace("Scheme: internet-facing", "Scheme: internal").replace("gte: 7", "gte: 8")


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.3])
def test_what_passes_changes_nothing(proxy: FaultProxy, rate: float) -> None:
    quiet = of_kind(look(WRONG, proxy), "differs")
    assert quiet == {("elb", "Scheme"), ("db", "BackupRetentionPeriod")}
    made = 0
    for seed in range(4):
        proxy.at_random(rate, seed)
        report = look(WRONG, proxy, "slow", passes=12)
        assert of_kind(report, "differs") == quiet
        assert not of_kind(report, "error")
        made += len(report.outcomes)
    assert made > 100


@pytest.mark.parametrize("rate", [0.1, 0.3])
def test_what_does_not_pass_in_time_is_no_verdict(proxy: FaultProxy, rate: float) -> None:
    for seed in range(4):
        proxy.at_random(rate, seed, LASTING)
        report = look(WRONG, proxy, "slow", passes=2)
        assert of_kind(report, "differs") <= {("elb", "Scheme"), ("db", "BackupRetentionPeriod")}
        assert not of_kind(report, "conforms") & {("elb", "Scheme"), ("db", "BackupRetentionPeriod")}


@pytest.mark.parametrize("fault", LASTING)
def test_what_lasts_could_not_be_checked(proxy: FaultProxy, fault: str) -> None:
    proxy.always(fault)
    report = look(SPEC, proxy, fault, passes=2)
    assert {outcome.kind for outcome in report.outcomes} == {"error"}
    assert {outcome.rule for outcome in report.outcomes} == {REASONS[fault]}
    assert report.code == 3


@pytest.mark.parametrize("fault", LASTING)
def test_what_lasts_for_one_operation_costs_its_checks_alone(proxy: FaultProxy, fault: str) -> None:
    proxy.always(fault, ["DescribeAutoScalingGroups"])
    report = look(SPEC, proxy, fault, passes=2)
    assert {check for check, _ in of_kind(report, "error")} == {"asg"}
    assert {outcome.rule for outcome in report.outcomes if outcome.kind == "error"} == {REASONS[fault]}
    assert not of_kind(report, "differs")
    assert report.code == 3


def test_a_denied_call_names_its_action(proxy: FaultProxy) -> None:
    proxy.always("denied", ["DescribeLoadBalancers"])
    report = look(SPEC, proxy)
    assert {outcome.message for outcome in report.outcomes if outcome.kind == "error"} == {
        "AWS denies elasticloadbalancing:DescribeLoadBalancers"
    }


@pytest.mark.parametrize("fault", PASSING)
def test_asks_again_after_longer_and_longer_pauses(proxy: FaultProxy, fault: str) -> None:
    proxy.always(fault, ["DescribeLaunchConfigurations"])
    time = Time()
    look(SPEC, proxy, fault, time=time, passes=4)
    assert time.pauses == [2.0, 4.0, 8.0]
    assert proxy.calls.count("DescribeLaunchConfigurations") == 4


@pytest.mark.parametrize("fault", ["denied", "expired", "disabled"])
def test_does_not_ask_again_where_it_will_not_help(proxy: FaultProxy, fault: str) -> None:
    proxy.always(fault, ["DescribeLaunchConfigurations"])
    time = Time()
    look(SPEC, proxy, fault, time=time)
    assert not time.pauses


def test_every_call_is_made_once(proxy: FaultProxy) -> None:
    look(SPEC, proxy)
    assert proxy.calls.count("GetCallerIdentity") == 1
    assert proxy.calls.count("DescribeLoadBalancers") == 1
    # One for each of the four stacks.
    assert proxy.calls.count("ListStackResources") == 4


def test_nothing_but_reads_is_called(proxy: FaultProxy) -> None:
    look(SPEC, proxy)
    others = {call for call in proxy.calls if not call.startswith(("Describe", "Get", "List", "HEAD "))}
    assert not others


@pytest.mark.parametrize("fault", LASTING)
def test_what_must_be_absent_is_not_so_for_want_of_an_answer(proxy: FaultProxy, fault: str) -> None:
    proxy.always(fault)
    spec = """\
envspec: 1
targets: {t: {region: eu-central-1, stack: webtier-test}}
checks:
- {id: bucket, call: s3.get_bucket_versioning, with: {Bucket: none}, absent: true}
- {id: table, call: dynamodb.list_tables, select: "TableNames", absent: true}
- {id: counted, call: dynamodb.list_tables, select: "TableNames", count: 0}
- {id: function, call: lambda.list_functions, select: "Functions", count: 0}
- {id: group, call: ec2.describe_security_groups, select: "SecurityGroups", count: 0}
- {id: resource, resource: SecurityStack/ELBSecurityGroup, absent: true}
"""
    report = look(spec, proxy, fault, passes=2)
    assert {outcome.kind for outcome in report.outcomes} == {"error"}
