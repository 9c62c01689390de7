"""Sets of policies that act together, as they are deployed."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from validator.iam.policy import Policy, PolicySet
from validator.iam.sets import deployments, prove_set
from validator.parse import parse
from validator.settings import Settings
from validator.values import Cases, Scope, constant

EU = "eu-central-1"


def judged(resource: object, *deployed: str, partition: str = "aws") -> str:
    """Prove a policy in a template that lets a queue be created."""
    statement = {"Effect": "Allow", "Action": "sqs:*", "Resource": resource}
    policy = {"Properties": {"PolicyDocument": {"Statement": statement}}}
    text = json.dumps({"Resources": {"P": policy, "Queue": {"Type": "AWS::SQS::Queue"}}})
    node = parse("t.json", text).root.get("Resources", "P", "Properties", "PolicyDocument")
    assert node is not None
    settings = Settings((EU, "cn-north-1"), deployed, partition=partition)
    return prove_set(PolicySet((Policy(node, "identity"),)), settings).verdict


def of(kind: str, **elements: Any) -> Policy:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"} | elements
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return Policy(parse(f"{kind}.json", text).root, kind)


LOCK = {"StringNotEquals": {"aws:RequestedRegion": EU}}


@pytest.mark.parametrize(
    ("deployed", "verdict"), [((EU,), "confined"), ((EU, "us-east-1"), "escapes"), (("us-east-1", EU), "escapes")]
)
def test_the_worst_of_all_regions_that_it_is_deployed_to_counts(deployed: tuple[str, ...], verdict: str) -> None:
    assert judged({"Fn::Sub": "arn:aws:sqs:${AWS::Region}:1:q"}, *deployed) == verdict


@pytest.mark.parametrize("resource", [{"Fn::GetAtt": "Queue.Arn"}, {"Fn::Sub": "${Queue.Arn}"}])
def test_a_resource_of_the_template_is_where_its_stack_is(resource: object) -> None:
    assert judged(resource, EU) == "confined"
    # Whether it has a name that anything can be called with is not known there.
    assert judged(resource, EU, "us-east-1") == "undecided"
    assert judged({"Fn::GetAtt": "Queue.QueueUrl"}, EU) == "undecided"


def test_the_partition_is_known() -> None:
    resource = {"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:1:q"}
    assert judged(resource, "cn-north-1", partition="aws-cn") == "confined"
    assert judged(resource, "cn-northwest-1", partition="aws-cn") == "escapes"


@pytest.mark.parametrize(
    ("policies", "verdict"),
    [
        ([of("scp", Effect="Deny", Condition=LOCK)], "confined"),
        ([of("scp", Effect="Deny", Action="s3:*")], "escapes"),
        ([of("boundary", Action="sqs:*")], "escapes"),
        ([of("boundary", Action="sqs:*"), of("identity", Action="s3:*")], "confined"),
        ([of("scp", Effect="Deny", Condition=LOCK), of("identity")], "confined"),
        ([of("identity", Action="s3:*"), of("identity", Effect="Deny", Condition=LOCK)], "confined"),
    ],
)
def test_ceilings_grant_nothing_and_limit_everything(policies: list[Policy], verdict: str) -> None:
    assert prove_set(PolicySet(tuple(policies)), Settings((EU,))).verdict == verdict


# --- as it is deployed ---------------------------------------------------------------------------------------------


def placed(*regions: str, deployed: tuple[str, ...] = (EU,)) -> tuple[PolicySet, Settings]:
    """Make a policy whose region is a parameter that is given these values, in one stack each."""
    statement = {"Effect": "Allow", "Action": "sqs:*", "Resource": {"Fn::Sub": "arn:aws:sqs:${Where}:1:q"}}
    text = json.dumps(
        {
            "Parameters": {"Where": {"Type": "String", "Default": EU}},
            "Resources": {"P": {"Properties": {"PolicyDocument": {"Statement": statement}}}},
        }
    )
    root = parse("t.json", text).root
    node = root.get("Resources", "P", "Properties", "PolicyDocument")
    assert node is not None

    def scopes(pseudo: Mapping[str, Cases]) -> tuple[Scope, ...]:
        return tuple(Scope(root, {"Where": constant(region)}, pseudo) for region in regions)

    return PolicySet((Policy(node, "identity"),), scopes), Settings((EU,), deployed)


@pytest.mark.parametrize(
    ("regions", "verdict"),
    [((EU,), "confined"), ((EU, "us-east-1"), "escapes"), (("us-east-1",), "escapes"), ((), "confined")],
)
def test_the_worst_of_all_stacks_counts_and_a_default_where_there_is_none(
    regions: tuple[str, ...], verdict: str
) -> None:
    assert prove_set(*placed(*regions)).verdict == verdict


def test_each_stack_is_deployed_to_each_region() -> None:
    policies, settings = placed(EU, "us-east-1", deployed=(EU, "eu-west-1"))
    assert [region for region, _ in deployments(policies, settings)] == [EU, EU, "eu-west-1", "eu-west-1"]


def in_template(name: str, document: object, default: str = EU) -> Policy:
    """Put a policy into a template of its own, with a parameter `Region`."""
    parameters = {"Region": {"Type": "String", "Default": default}}
    resources = {"P": {"Properties": {"PolicyDocument": document}}}
    root = parse(name, json.dumps({"Parameters": parameters, "Resources": resources})).root
    node = root.get("Resources", "P", "Properties", "PolicyDocument")
    assert node is not None
    return Policy(node, "identity")


@pytest.mark.parametrize(
    "statement",
    [
        {"Fn::Transform": {"Name": "AWS::Include"}},
        [{"Fn::Transform": {"Name": "AWS::Include"}}],
        [{"Fn::ForEach::L": ["N", ["a"], {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}],
        [["x"]],
    ],
)
def test_a_statement_that_is_made_by_a_function_is_not_lost(statement: object) -> None:
    found = prove_set(PolicySet((in_template("t.json", {"Statement": statement}),)), Settings((EU,)))
    assert (found.verdict, found.reason) == ("undecided", "a statement is made by a function, or is none")


def test_each_policy_is_read_in_its_own_template() -> None:
    condition = {"StringEquals": {"aws:RequestedRegion": {"Ref": "Region"}}}
    allow = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*", "Condition": condition}
    other = in_template("b.json", {"Statement": allow | {"Action": "sns:*"}}, default="us-east-1")
    one = in_template("a.json", {"Statement": allow})
    assert prove_set(PolicySet((one,)), Settings((EU,))).verdict == "confined"
    assert prove_set(PolicySet((one, other)), Settings((EU,))).verdict != "confined"
