"""Answers that are none, or have no end: never a verdict."""

import itertools
from collections.abc import Callable, Iterator
from io import StringIO

import pytest

from validator.live import calls
from validator.reporters.verify import writer

from .account import Client, deploy, of_kind, only, verify
from .fault_proxy import FaultProxy, proxied

TOPICS = """\
envspec: 1
targets: {t: {region: eu-central-1, stack: topics}}
checks: [{id: c, call: sns.list_topics, select: Topics, CHECK}]
"""
TEMPLATE = "Resources: {One: {Type: AWS::SNS::Topic, Properties: {TopicName: one}}}"


@pytest.fixture
def proxy(aws: Client, server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    deploy(aws, "topics", TEMPLATE, {})
    with proxied(server) as proxy:
        yield proxy


def answer(proxy: FaultProxy, operation: str, body: Callable[[bytes], bytes]) -> None:
    """Answer all calls of an operation otherwise than moto does."""
    proxy.change = lambda asked, content: body(content) if asked == operation else content


def listing(body: bytes) -> Callable[[bytes], bytes]:
    result = b"<ListTopicsResponse><ListTopicsResult>%s</ListTopicsResult></ListTopicsResponse>"
    return lambda _: result % body


def test_pages_that_lead_to_themselves_are_no_answer(proxy: FaultProxy) -> None:
    answer(proxy, "ListTopics", listing(b"<Topics/><NextToken>a</NextToken>"))
    outcome = only(verify(TOPICS.replace("CHECK", "count: 0"), proxy.url))
    assert (outcome.kind, outcome.rule) == ("error", "environment-bad-response")


def test_pages_without_end_are_no_answer(proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MOST_PAGES", 20)
    tokens = itertools.count()
    answer(proxy, "ListTopics", lambda _: listing(b"<Topics/><NextToken>%d</NextToken>" % next(tokens))(b""))
    outcome = only(verify(TOPICS.replace("CHECK", "count: 0"), proxy.url))
    assert (outcome.kind, outcome.rule) == ("error", "environment-too-many-pages")


def test_more_things_than_can_be_looked_at_are_not_counted(proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MOST_ITEMS", 20)
    topic = b"<member><TopicArn>arn</TopicArn></member>"
    answer(proxy, "ListTopics", listing(b"<Topics>%s</Topics>" % (topic * 21)))
    outcome = only(verify(TOPICS.replace("CHECK", "count: 20"), proxy.url))
    assert (outcome.kind, outcome.message) == ("error", "list_topics finds more than 20 things")


def test_a_huge_answer_is_looked_at_no_further(proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MOST_BYTES", 1_000_000)
    answer(proxy, "ListTopics", listing(b"<Topics/><!--%s-->" % (b"x" * 1_000_000)))
    outcome = only(verify(TOPICS.replace("CHECK", "count: 0"), proxy.url))
    assert (outcome.kind, outcome.message) == ("error", "the answer has more than 1 MB")


def test_a_large_answer_is_shown_cut(proxy: FaultProxy) -> None:
    topic = b"<member><TopicArn>arn</TopicArn></member>"
    answer(proxy, "ListTopics", listing(b"<Topics>%s</Topics>" % (topic * 20_000)))
    report = verify(TOPICS.replace("CHECK", "expect: {'@': none}"), proxy.url)
    for name in ("full", "concise", "junit", "json"):
        out = StringIO()
        writer(name)(report, out)
        assert len(out.getvalue()) < 100_000, name


@pytest.mark.parametrize(
    "body",
    [
        b"<ListTopicsResponse/>",
        b"<ListTopicsResponse><Other/></ListTopicsResponse>",
        b"<ListQueuesResponse><ListQueuesResult/></ListQueuesResponse>",
        b"<ListTopicsResponse><ListTopicsResult><Topics/>",
        b'{"Topics": []}',
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b" ",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    ],
)
@pytest.mark.parametrize("check", ["count: 0", "absent: true", "expect: {'@': {empty: true}}"])
def test_what_is_no_answer_to_the_question_does_not_say_that_there_is_nothing(
    proxy: FaultProxy, body: bytes, check: str
) -> None:
    answer(proxy, "ListTopics", lambda _: body)
    outcome = only(verify(TOPICS.replace("CHECK", check), proxy.url))
    assert (outcome.kind, outcome.rule) == ("error", "environment-bad-response")


@pytest.mark.parametrize("body", [b"<x/>", b"[]", b"null", b'"x"', b"[[[[", b"{" * 100_000, b"[" * 100_000])
@pytest.mark.parametrize("call", ["dynamodb.list_tables, select: TableNames", "sqs.list_queues, select: QueueUrls"])
def test_what_is_no_answer_in_json_does_not_say_that_there_is_nothing(
    proxy: FaultProxy, body: bytes, call: str
) -> None:
    proxy.change = lambda _, __: body
    outcome = only(verify(TOPICS.replace("sns.list_topics, select: Topics, CHECK", f"{call}, count: 0"), proxy.url))
    assert (outcome.kind, outcome.rule) == ("error", "environment-bad-response")


@pytest.mark.parametrize(
    ("operation", "result"),
    [
        ("DescribeStacks", b""),
        ("DescribeStacks", b"<Stacks/>"),
        ("ListStackResources", b""),
        ("GetTopicAttributes", b""),
    ],
)
def test_an_answer_without_what_was_asked_for_is_none(proxy: FaultProxy, operation: str, result: bytes) -> None:
    name = operation.encode()
    answer(
        proxy,
        operation,
        lambda _: b"<%sResponse><%sResult>%s</%sResult></%sResponse>" % (name, name, result, name, name),
    )
    spec = """\
envspec: 1
targets: {t: {region: eu-central-1, stack: topics}}
checks:
- {id: resource, resource: One, expect: {TopicName: one}}
"""
    outcome = only(verify(spec, proxy.url))
    assert (outcome.kind, outcome.rule) == ("error", "environment-bad-response")


def test_a_refusal_without_a_body_names_the_action(proxy: FaultProxy) -> None:
    proxy.always("denied", ["HEAD /files"])
    spec = TOPICS.replace(
        "sns.list_topics, select: Topics, CHECK", "s3.head_bucket, with: {Bucket: files}, absent: true"
    )
    outcome = only(verify(spec, proxy.url))
    assert (outcome.rule, outcome.message) == (
        "environment-access-denied",
        "AWS denies s3:ListBucket, and gives no reason",
    )


def test_a_refusal_without_a_body_that_is_not_of_aws_is_no_answer(proxy: FaultProxy) -> None:
    proxy.always("forbidden")
    spec = TOPICS.replace(
        "sns.list_topics, select: Topics, CHECK", "s3.head_bucket, with: {Bucket: files}, absent: true"
    )
    assert only(verify(spec, proxy.url)).rule == "environment-bad-response"


def test_many_checks_take_one_call_where_they_ask_the_same(proxy: FaultProxy) -> None:
    text = (
        TOPICS.partition("checks:")[0]
        + "checks:\n"
        + "".join(f"- {{id: c{number}, call: sns.list_topics, select: Topics, count: 1}}\n" for number in range(10_000))
    )
    report = verify(text, proxy.url)
    assert len(of_kind(report, "conforms")) == 10_000
    assert proxy.calls == ["ListTopics"]
