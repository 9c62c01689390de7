"""Runs: targets, variables, waiting, deadlines, who may answer, what may be called."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.stub import Stubber

from validator.environment import EnvironmentSpec, read
from validator.live import Clock, Options, Run, RunError
from validator.live.calls import Aws, Credentials, connect
from validator.live.outcome import FaultError
from validator.live.properties import properties
from validator.live.stacks import Deployed
from validator.parse import parse

from .account import Client, Time, of_kind, only, spec, verify
from .fault_proxy import FaultProxy, proxied

TOPICS = """\
envspec: 1
vars: {{most: 3}}
targets: {{t: {{region: eu-central-1}}}}
checks: [{{id: topics, call: sns.list_topics, select: Topics, {check}}}]
"""


def topics(check: str) -> str:
    return TOPICS.format(check=check)


@pytest.fixture
def proxy(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with proxied(server) as proxy:
        yield proxy


def at_call(proxy: FaultProxy, number: int, act: Callable[[], object]) -> None:
    """Do something once as many calls have been made."""

    def choose(_: str) -> str:
        if len(proxy.calls) == number:
            act()
        return ""

    proxy.choose = choose


# --- waiting ---------------------------------------------------------------------------------------------------------


def test_waits_until_it_conforms(aws: Client, proxy: FaultProxy) -> None:
    at_call(proxy, 3, lambda: aws("sns").create_topic(Name="late"))
    time = Time()
    outcome = only(verify(topics("count: 1, wait: {timeout: 5m, interval: 20s}"), proxy.url, time=time))
    assert (outcome.kind, outcome.attempts, time.pauses) == ("conforms", 3, [20.0, 20.0])


def test_waits_no_longer_than_it_says(aws: Client, server: str) -> None:
    time = Time()
    outcome = only(verify(topics("count: 1, wait: {timeout: 1m, interval: 20s}"), server, time=time))
    assert (outcome.kind, outcome.attempts, time.now) == ("differs", 4, 60.0)


def test_waits_no_longer_than_the_deadline(aws: Client, server: str) -> None:
    time = Time()
    outcome = only(verify(topics("count: 1, wait: {timeout: 1h, interval: 20s}"), server, time=time, deadline=50))
    assert (outcome.kind, outcome.attempts) == ("differs", 3)


def test_does_not_wait_for_what_is_denied(aws: Client, proxy: FaultProxy) -> None:
    proxy.always("denied")
    time = Time()
    outcome = only(verify(topics("count: 1, wait: {timeout: 1h, interval: 20s}"), proxy.url, time=time))
    assert (outcome.rule, outcome.attempts, time.pauses) == ("environment-access-denied", 1, [])


def test_a_deadline_is_no_verdict(aws: Client, proxy: FaultProxy) -> None:
    proxy.always("throttled")
    report = verify(topics("count: 1"), proxy.url, deadline=5, passes=10)
    assert (only(report).kind, only(report).rule, report.code) == ("error", "environment-deadline", 3)


def test_a_call_that_hangs_does_not_outlast_the_deadline(aws: Client, proxy: FaultProxy) -> None:
    end = threading.Event()

    def hang(_: str) -> str:
        end.wait()
        return "dropped"

    proxy.choose = hang
    run = Run([spec(topics("count: 1"))], Options(endpoint=proxy.url), Clock(0.2))
    report = run.make()
    end.set()
    assert only(report).rule == "environment-deadline"


def test_an_interruption_leaves_what_is_known(aws: Client, server: str) -> None:
    text = topics("count: 0") + "- {id: second, call: sns.list_topics, select: Topics, count: 0}\n"
    text = text.replace("checks: [", "checks:\n- ").replace("]\n", "\n", 1)

    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    report = Run([spec(text)], Options(endpoint=server, workers=1), Clock()).make(interrupt)
    assert [outcome.kind for outcome in report.outcomes] == ["conforms", "skipped"]
    assert report.code == 130


# --- where -----------------------------------------------------------------------------------------------------------

TWO = """\
envspec: 1
vars: {env: test}
targets:
  test: {account: "123456789012", regions: [eu-central-1, eu-west-1]}
  prod: {account: "210987654321", region: eu-west-1}
checks:
- {id: all, call: sns.list_topics, select: Topics, count: 0}
- {id: west, call: sns.list_topics, select: Topics, count: 0, regions: [eu-west-1]}
- {id: prod, call: sns.list_topics, select: Topics, count: 0, targets: [prod]}
- {id: uat, call: sns.list_topics, select: Topics, count: 0, when: {var: env, in: [uat]}}
- {id: named, call: sns.list_topics, select: Topics, count: 0, tags: [quick]}
"""


def test_looks_in_every_region_of_a_target(aws: Client, server: str) -> None:
    aws("sns").create_topic(Name="central")
    report = verify(TWO, server, targets=("test",))
    found = {(outcome.check, outcome.region): outcome.kind for outcome in report.outcomes}
    assert found == {
        ("all", "eu-central-1"): "differs",
        ("all", "eu-west-1"): "conforms",
        ("west", "eu-central-1"): "skipped",
        ("west", "eu-west-1"): "conforms",
        ("prod", "eu-central-1"): "skipped",
        ("prod", "eu-west-1"): "skipped",
        ("uat", "eu-central-1"): "skipped",
        ("uat", "eu-west-1"): "skipped",
        ("named", "eu-central-1"): "differs",
        ("named", "eu-west-1"): "conforms",
    }


def test_another_account_is_asked_nothing(aws: Client, proxy: FaultProxy) -> None:
    report = verify(TWO, proxy.url, targets=("prod",))
    assert {outcome.rule for outcome in report.outcomes if outcome.kind == "error"} == {"environment-wrong-account"}
    assert not report.counts["conforms"]
    assert (proxy.calls, report.code) == (["GetCallerIdentity"], 3)


def test_asks_as_the_role_of_the_target(aws: Client, server: str) -> None:
    role = "arn:aws:iam::210987654321:role/reader"
    text = TWO.replace("region: eu-west-1}\nchecks", f'region: eu-west-1, role_arn: "{role}"}}\nchecks')
    report = verify(text, server, targets=("prod",), only=("prod",))
    assert of_kind(report, "conforms") == {("prod", "count")}


def test_a_role_that_cannot_be_assumed_is_no_verdict(aws: Client, proxy: FaultProxy) -> None:
    proxy.always("denied", ["AssumeRole"])
    report = verify(TWO, proxy.url, targets=("test",), role="arn:aws:iam::123456789012:role/reader", only=("all",))
    assert {outcome.rule for outcome in report.outcomes if outcome.kind != "skipped"} == {
        "environment-role-not-assumed"
    }
    assert report.code == 3


def test_one_of_several_targets_has_to_be_named(server: str) -> None:
    with pytest.raises(RunError, match="several targets"):
        verify(TWO, server)


def test_makes_only_what_is_asked_for(aws: Client, server: str) -> None:
    report = verify(TWO, server, targets=("test",), only=("w*", "quick"))
    assert {check for check, _ in of_kind(report, "conforms")} == {"west", "named"}


def test_a_variable_of_the_command_line_takes_the_place_of_the_specs(aws: Client, server: str) -> None:
    report = verify(TWO, server, targets=("test",), variables=(("env", "uat"),), only=("uat",))
    assert of_kind(report, "conforms") == {("uat", "count")}


def test_a_variable_has_the_type_of_what_it_takes_the_place_of(aws: Client, server: str) -> None:
    report = verify(topics('count: "${var.most}"'), server, variables=(("most", "0"),))
    assert only(report).kind == "conforms"


def test_an_unknown_variable_is_refused(server: str) -> None:
    with pytest.raises(RunError, match="'moist'"):
        verify(topics("count: 1"), server, variables=(("moist", "0"),))


def test_outcomes_stand_in_the_order_of_the_spec(aws: Client, server: str) -> None:
    text = "envspec: 1\ntargets: {t: {region: eu-central-1}}\nchecks:\n" + "".join(
        f"- {{id: c{number}, call: sns.list_topics, with: {{NextToken: '{number}'}}, select: Topics, count: 0}}\n"
        for number in range(40)
    )
    reports = [verify(text, server, workers=workers) for workers in (1, 8)]
    assert [outcome.check for outcome in reports[0].outcomes] == [f"c{number}" for number in range(40)]
    assert reports[0] == reports[1]


# --- what may be called, and what may be shown -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("ec2", "terminate_instances"),
        ("s3", "delete_bucket"),
        ("secretsmanager", "get_secret_value"),
        ("sns", "publish"),
    ],
)
def test_nothing_else_than_reads_is_ever_called(service: str, operation: str) -> None:
    def client(_: str) -> Any:
        raise AssertionError

    with pytest.raises(FaultError) as raised:
        Aws(client, Clock()).read(service, operation, {})
    assert raised.value.fault.rule == "environment-refused"


SECRETS = """\
envspec: 1
vars: {db_password: "hunter2 hunter2"}
targets: {t: {region: eu-central-1, stack: s}}
sensitive: ["Tags.*", Tags]
checks:
- {id: function, call: lambda.get_function_configuration, with: {FunctionName: f},
   expect: {"Environment.Variables.PLAIN": "else", "Environment": {Variables: {PLAIN: "else"}}}}
- {id: parameter, stack: ., expect: {Parameters: {Word: "no"}, "Parameters.Word": "no", Tags: {empty: true}}}
- {id: reference, output: Out, expect: "${param:Word}"}
- {id: named, output: Out, expect: "${var.db_password}"}
"""
TEMPLATE = """\
Parameters: {Word: {Type: String, NoEcho: true}, Other: {Type: String, Default: shown}}
Resources: {Topic: {Type: AWS::SNS::Topic}}
Outputs: {Out: {Value: {Ref: Other}}}
"""


def test_no_secret_is_in_any_outcome(aws: Client, server: str) -> None:
    role = "arn:aws:iam::123456789012:role/r"
    aws("iam").create_role(
        RoleName="r",
        AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",'
        ' "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}',
    )
    aws("lambda").create_function(
        FunctionName="f",
        Runtime="python3.12",
        Role=role,
        Handler="h",
        Code={"ZipFile": b"x"},
        Environment={"Variables": {"PLAIN": "correct horse"}},
    )
    aws("cloudformation").create_stack(
        StackName="s",
        TemplateBody=TEMPLATE,
        Parameters=[{"ParameterKey": "Word", "ParameterValue": "battery staple"}],
        Tags=[{"Key": "k", "Value": "sealed tag"}],
    )
    report = verify(SECRETS, server)
    said = repr(report)
    assert not [word for word in ("correct horse", "battery staple", "hunter2", "sealed tag", "'else'") if word in said]
    assert of_kind(report, "differs") == {
        ("function", "Environment.Variables.PLAIN"),
        ("function", "Environment"),
        ("parameter", "Parameters"),
        ("parameter", "Parameters.Word"),
        ("parameter", "Tags"),
        ("named", ""),
    }
    assert of_kind(report, "error") == {("reference", "")}


def test_secrets_are_told_apart_and_no_more(aws: Client, server: str) -> None:
    for name, word in (("/a", "correct horse"), ("/b", "correct horse"), ("/c", "battery staple")):
        aws("ssm").put_parameter(Name=name, Type="String", Value=word)
    text = 'envspec: 1\ntargets: {t: {region: eu-central-1}}\nsensitive: ["*.Value"]\nchecks:\n' + "".join(
        f"- {{id: {name}, call: ssm.get_parameter, with: {{Name: /{name}}},"
        " expect: {Parameter.Value: battery staple}}\n"
        for name in "abc"
    )
    reports = [verify(text, server) for _ in range(2)]
    assert [(one.expected, [each.got for each in one.differences]) for one in reports[0].outcomes] == [
        ("***#1", ["***#2"]),
        ("***#1", ["***#2"]),
        ("***#1", []),
    ]
    assert reports[0] == reports[1]
    assert "staple" not in repr(reports)


# --- Cloud Control, which moto does not have -------------------------------------------------------------------------

QUEUE = Deployed("Broker", "b-1", "AWS::AmazonMQ::Broker", "CREATE_COMPLETE")


def stubbed(act: Callable[[Stubber], object]) -> Aws:
    client = connect(Credentials(endpoint="http://127.0.0.1:1"), "eu-central-1", 1)("cloudcontrol")
    stubber = Stubber(client)
    act(stubber)
    stubber.activate()
    return Aws(lambda _: client, Time().clock())


def test_reads_other_types_by_cloud_control() -> None:
    answer = {"TypeName": QUEUE.type, "ResourceDescription": {"Identifier": "b-1", "Properties": '{"EngineType": "A"}'}}
    aws = stubbed(lambda stub: stub.add_response("get_resource", answer, {"TypeName": QUEUE.type, "Identifier": "b-1"}))
    assert properties(aws, QUEUE, ["EngineType"], "auto", 0.0) == ({"EngineType": "A"}, {})


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("UnsupportedActionException", "environment-not-readable"),
        ("TypeNotFoundException", "environment-not-readable"),
        ("AccessDeniedException", "environment-access-denied"),
        ("GeneralServiceException", "environment-service-error"),
    ],
)
def test_what_cloud_control_cannot_read_could_not_be_checked(code: str, rule: str) -> None:
    aws = stubbed(lambda stub: stub.add_client_error("get_resource", code, "why"))
    with pytest.raises(FaultError) as raised:
        properties(aws, QUEUE, ["EngineType"], "auto", 0.0)
    assert raised.value.fault.rule == rule


def test_the_table_alone_does_not_ask_cloud_control() -> None:
    aws = stubbed(lambda _: None)
    with pytest.raises(FaultError, match="not in the table"):
        properties(aws, QUEUE, ["EngineType"], "table", 0.0)


def test_problems_of_a_spec_do_not_get_lost() -> None:
    _, problems = read(EnvironmentSpec(parse("e.yml", topics("count: {gte: [1]}")).root, "1"))
    assert problems
