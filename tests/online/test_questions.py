"""What is asked of AWS about policies, and where the parts of it come from."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from validator.document import Node
from validator.online import RULES, Reply, Request, ask
from validator.project import PolicyAnswer, Project
from validator.settings import Settings

Projects = Callable[[Mapping[str, str]], Project]
Steps = tuple[str | int, ...]

ABSENT = {"Ref": "AWS::NoValue"}
_TEXTS = st.sampled_from(["a", "arn:aws:s3:::b/*", "${aws:username}", "ä 😀 \\ \" '", "*", ""])
_VALUES = st.recursive(
    _TEXTS | st.booleans() | st.integers(),
    lambda inner: (
        st.lists(inner | st.just(ABSENT), max_size=3) | st.dictionaries(_TEXTS, inner | st.just(ABSENT), max_size=3)
    ),
    max_leaves=12,
)


def steps(value: Any, path: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Yield every value in a document, with the path that leads to it."""
    yield path, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield from steps(child, (*path, name))


def location(path: Steps) -> dict[str, Any]:
    return {"path": [{"index" if isinstance(step, int) else "value": step} for step in path]}


def present(value: Any) -> Any:
    """Leave out what is absent, as CloudFormation does."""
    if isinstance(value, dict):
        return {name: present(child) for name, child in value.items() if child != ABSENT}
    return [present(child) for child in value if child != ABSENT] if isinstance(value, list) else value


def remarked(project: Project) -> tuple[dict[str, Any], list[Node]]:
    """Have Access Analyzer say something of every part of the only policy; give what was sent, and where it stands."""
    sent: dict[str, Any] = {}

    def send(requests: Sequence[Request]) -> dict[Request, Reply]:
        replies = {}
        for request in requests:
            sent.update(json.loads(dict(request.arguments)["policyDocument"]))
            findings = [{"locations": [location(path)]} for path, _ in steps(sent)]
            replies[request] = Reply(findings=tuple(findings))
        return replies

    [answer] = ask(project, Settings(), {"aws-validate-policy"}, send)
    assert isinstance(answer, PolicyAnswer)
    return sent, [remark.places[0] for remark in answer.remarks]


def requested(project: Project, known: Settings | None = None) -> list[dict[str, str]]:
    """Give the arguments of all that is asked about policies."""
    requests: list[Request] = []

    def send(each: Sequence[Request]) -> dict[Request, Reply]:
        requests.extend(each)
        return {one: Reply() for one in each}

    ask(project, known or Settings(), {"aws-validate-policy"}, send)
    return [dict(request.arguments) for request in requests]


@pytest.mark.parametrize("text", [False, True])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(statement=st.lists(st.dictionaries(st.sampled_from(["Sid", "Action", "Condition"]), _VALUES), min_size=1))
def test_every_part_of_what_is_sent_is_found_again(project_of: Projects, statement: Any, text: bool) -> None:  # noqa: FBT001
    policy = {"Statement": present(statement) if text else statement}
    properties = {"PolicyDocument": json.dumps(policy) if text else policy}
    template = {"Resources": {"A": {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}}}
    sent, places = remarked(project_of({"template.json": json.dumps(template)}))
    assert sent == present(policy)
    assert [present(node.value) for node in places] == [value for _, value in steps(sent)]


def test_what_is_in_no_answer_is_the_whole_policy(project_of: Projects) -> None:
    project = project_of(
        {"policy.json": '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}'}
    )
    found = {"locations": [{"path": [{"value": "Stat"}]}, {}, {"path": [{"substring": {"start": 5, "length": 99}}]}]}
    [answer] = ask(project, Settings(), RULES, lambda each: {one: Reply(findings=(found, {})) for one in each})
    assert isinstance(answer, PolicyAnswer)
    assert [[node.pointer for node in remark.places] for remark in answer.remarks] == [[""], [""]]


@pytest.mark.parametrize(
    ("type", "carrier", "sent"),
    [
        ("AWS::S3::BucketPolicy", "PolicyDocument", ("RESOURCE_POLICY", "AWS::S3::Bucket")),
        ("AWS::KMS::Key", "KeyPolicy", ("RESOURCE_POLICY", None)),
        ("AWS::IAM::Role", "AssumeRolePolicyDocument", ("RESOURCE_POLICY", "AWS::IAM::AssumeRolePolicyDocument")),
        ("AWS::IAM::ManagedPolicy", "PolicyDocument", ("IDENTITY_POLICY", None)),
    ],
)
def test_a_policy_is_asked_about_as_what_it_is(
    project_of: Projects, type: str, carrier: str, sent: tuple[str, str | None]
) -> None:
    template = {"Resources": {"A": {"Type": type, "Properties": {carrier: {"Statement": []}}}}}
    [arguments] = requested(project_of({"template.json": json.dumps(template)}))
    assert (arguments["policyType"], arguments.get("validatePolicyResourceType")) == sent


@pytest.mark.parametrize(("kind", "sent"), [("scp", "SERVICE_CONTROL_POLICY"), ("rcp", "RESOURCE_CONTROL_POLICY")])
def test_policies_of_organizations_have_types_of_their_own(project_of: Projects, kind: str, sent: str) -> None:
    name = {"scp": "SERVICE_CONTROL_POLICY", "rcp": "RESOURCE_CONTROL_POLICY"}[kind]
    properties = {"Type": name, "Content": {"Statement": []}}
    template = {"Resources": {"A": {"Type": "AWS::Organizations::Policy", "Properties": properties}}}
    [arguments] = requested(project_of({"template.json": json.dumps(template)}))
    assert arguments["policyType"] == sent


def test_the_statement_of_an_event_bus_is_sent_as_a_policy(project_of: Projects) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": "*"}
    properties = {"StatementId": "all", "EventBusName": "bus", "Statement": statement}
    template = {"Resources": {"A": {"Type": "AWS::Events::EventBusPolicy", "Properties": properties}}}
    sent, _ = remarked(project_of({"template.json": json.dumps(template)}))
    assert sent == {"Version": "2012-10-17", "Statement": statement}


def test_the_partition_and_an_only_region_are_known(project_of: Projects) -> None:
    statement = {"Resource": {"Fn::Sub": "arn:${AWS::Partition}:s3:${AWS::Region}::b"}}
    properties = {"PolicyDocument": {"Statement": statement}}
    template = {"Resources": {"A": {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}}}
    known = Settings(deploy_regions=("cn-north-1",), partition="aws-cn")
    [arguments] = requested(project_of({"template.json": json.dumps(template)}), known)
    assert json.loads(arguments["policyDocument"]) == {"Statement": {"Resource": "arn:aws-cn:s3:cn-north-1::b"}}
