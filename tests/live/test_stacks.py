"""What is in stacks: one that is being changed, one that is not there, and what went without its stack's knowing."""

from collections.abc import Callable, Iterator

import pytest

from validator.live import Outcome, Report

from .account import Client, Time, deploy, of_kind, verify
from .fault_proxy import FaultProxy, proxied

TEMPLATE = """\
Parameters: {Name: {Type: String, Default: one}}
Resources:
  One: {Type: AWS::SNS::Topic, Properties: {TopicName: one, DisplayName: first}}
  Two: {Type: AWS::SNS::Topic, Properties: {TopicName: two, DisplayName: first}}
Outputs: {Topic: {Value: {Ref: One}}}
"""
TOPIC = "arn:aws:sns:eu-central-1:123456789012:"
SPEC = """\
envspec: 1
targets: {t: {region: eu-central-1, stack: topics}}
checks:
- {id: resource, resource: One, expect: {DisplayName: first}}
- {id: gone, resource: Three, absent: true}
- {id: all, resources: {type: "AWS::SNS::Topic"}, count: 2, each: {DisplayName: first}}
- {id: output, output: Topic, expect: {matches: ".*:one"}}
- id: reference
  call: sns.get_topic_attributes
  with: {TopicArn: "${output:Topic}"}
  expect: {Attributes.DisplayName: first}
- {id: call, call: sns.list_topics, select: Topics, count: 2}
- {id: stack, stack: ., expect: {StackStatus: CREATE_COMPLETE, Parameters.Name: one}}
"""


@pytest.fixture
def topics(aws: Client) -> Client:
    deploy(aws, "topics", TEMPLATE, {})
    # moto takes no tags from the template.
    for name in ("one", "two"):
        aws("sns").tag_resource(ResourceArn=f"{TOPIC}{name}", Tags=[{"Key": "team", "Value": "web"}])
    return aws


@pytest.fixture
def busy(topics: Client, server: str) -> Iterator[FaultProxy]:
    """Stand before an account whose stack is being updated for as long as the proxy says so."""
    with proxied(server) as proxy:
        proxy.change = in_state(b"UPDATE_IN_PROGRESS")
        yield proxy


def in_state(state: bytes) -> Callable[[str, bytes], bytes]:
    def change(operation: str, content: bytes) -> bytes:
        return content.replace(b"CREATE_COMPLETE", state) if operation == "DescribeStacks" else content

    return change


def made(report: Report) -> list[Outcome]:
    return [outcome for outcome in report.outcomes if outcome.kind != "skipped"]


def test_of_a_stack_that_is_being_changed_nothing_is_said(busy: FaultProxy) -> None:
    report = verify(SPEC, busy.url)
    found = {(one.check, one.path): (one.kind, one.rule) for one in report.outcomes}
    error = ("error", "environment-stack-busy")
    assert found == {
        ("resource", "DisplayName"): error,
        ("gone", "absent"): error,
        ("all", "count"): error,
        ("all", "DisplayName"): error,
        ("output", ""): error,
        ("reference", "Attributes.DisplayName"): error,
        ("call", "count"): ("conforms", ""),
        ("stack", "StackStatus"): ("differs", "environment-value"),
        ("stack", "Parameters.Name"): error,
    }
    assert {one.message for one in report.outcomes if one.kind == "error"} == {
        "the stack 'topics' is being changed: UPDATE_IN_PROGRESS"
    }


def test_waits_for_a_stack_to_come_to_rest(busy: FaultProxy) -> None:
    def choose(operation: str) -> str:
        if operation == "DescribeStacks" and busy.calls.count(operation) == 3:
            busy.change = in_state(b"UPDATE_COMPLETE")
        return ""

    busy.choose = choose
    time = Time()
    report = verify(
        SPEC.replace("checks:", "defaults: {wait: {timeout: 5m, interval: 10s}}\nchecks:"),
        busy.url,
        time=time,
        only=("resource",),
    )
    [outcome] = made(report)
    assert (outcome.kind, outcome.attempts, time.pauses) == ("conforms", 3, [10.0, 10.0])


@pytest.mark.parametrize("state", [b"UPDATE_ROLLBACK_COMPLETE", b"UPDATE_FAILED", b"REVIEW_IN_PROGRESS"])
def test_a_stack_in_a_state_that_stays_is_looked_at(topics: Client, server: str, state: bytes) -> None:
    with proxied(server) as proxy:
        proxy.change = in_state(state)
        report = verify(SPEC, proxy.url)
    assert of_kind(report, "differs") == {("stack", "StackStatus")}
    assert not of_kind(report, "error")


def test_in_a_stack_that_is_not_there_nothing_is_absent(aws: Client, server: str) -> None:
    report = verify(
        """\
envspec: 1
targets: {t: {region: eu-central-1, stack: tpoics}}
checks:
- {id: resource, resource: Three, absent: true}
- {id: nested, resource: Nested/Three, absent: true}
- {id: all, resources: {type: "AWS::SNS::Topic"}, absent: true}
- {id: none, resources: {type: "AWS::SNS::Topic"}, count: 0}
- {id: output, output: Topic, absent: true}
- {id: stack, stack: ., absent: true}
- {id: child, stack: Nested, absent: true}
""",
        server,
    )
    assert of_kind(report, "conforms") == {("stack", "absent")}
    assert {one.rule for one in report.outcomes if one.kind == "differs"} == {"environment-missing"}
    assert report.code == 1


def test_one_of_several_resources_that_has_gone_is_missing(topics: Client, server: str) -> None:
    topics("sns").delete_topic(TopicArn=f"{TOPIC}one")
    report = verify(SPEC, server, only=("all",))
    assert [(one.path, one.kind, one.rule) for one in made(report)] == [
        ("count", "differs", "environment-count"),
        ("DisplayName", "differs", "environment-missing"),
    ]


def test_one_of_several_resources_that_has_gone_does_not_make_the_others_absent(topics: Client, server: str) -> None:
    topics("sns").delete_topic(TopicArn=f"{TOPIC}one")
    spec = SPEC + "- {id: web, resources: {type: 'AWS::SNS::Topic', tags: {team: web}}, absent: true}\n"
    [outcome] = made(verify(spec, server, only=("web",)))
    assert (outcome.kind, outcome.rule) == ("differs", "environment-present")


def test_what_its_stack_lists_is_not_absent(topics: Client, server: str) -> None:
    spec = SPEC + "- {id: there, resource: One, type: 'AWS::SQS::Queue', absent: true}\n"
    [outcome] = made(verify(spec, server, only=("there",)))
    assert (outcome.kind, outcome.rule) == ("differs", "environment-present")
