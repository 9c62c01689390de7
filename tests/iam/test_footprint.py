"""What reaches into other regions, and the data behind it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.iam import footprint, regions
from validator.iam.actions import services
from validator.iam.catalogue import READS, details
from validator.iam.decision import decide
from validator.iam.footprint import Grants, crossings, needed_for, offered, values
from validator.iam.globs import glob
from validator.iam.policy import Policy, PolicySet
from validator.iam.sets import layers
from validator.parse import parse
from validator.settings import Settings

DATA = Path(footprint.__file__).parent / "data"


@pytest.mark.parametrize("name", crossings())
def test_each_action_that_crosses_regions_is_documented_and_so_is_its_key(name: str) -> None:
    crossing = crossings()[name]
    known = details(name)
    assert known is not None
    assert known.name == crossing.action
    assert not known.level & READS
    assert not crossing.key or crossing.key in known.keys.union(*(each.keys for each in known.resources))


@pytest.mark.parametrize("table", ["needed_elsewhere", "service_regions"])
def test_tables_name_services_and_regions_that_there_are(table: str) -> None:
    content = json.loads((DATA / f"{table}.json").read_text("utf-8"))
    named = content.get("services") or {name: {"aws": each} for name, each in content["missing"].items()}
    assert named.keys() <= services()
    for homes in named.values():
        for partition, each in homes.items():
            assert set(each) <= set(regions.regions(partition))


def test_a_service_that_is_not_in_the_table_is_not_known_to_be_missing() -> None:
    assert offered("apprunner", "eu-central-2") is False
    assert offered("apprunner", "eu-central-1") is True
    assert offered("ec2", "eu-central-1") is None


def test_what_is_needed_in_one_region_is_said_for_that_one_only() -> None:
    assert needed_for("acm", "us-east-1") == "CloudFront takes its certificates from us-east-1 only"
    assert not needed_for("acm", "us-east-2")
    assert not needed_for("sqs", "us-east-1")


def test_a_value_stands_where_it_is_written() -> None:
    template = """\
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          Effect: Allow
          Action: sqs:SendMessage
          Resource:
            - !Sub arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:a
            - "*"
            - arn:aws:sqs:eu-west-1:111122223333:b
            - arn:aws
"""
    root = parse("t.yml", template).root
    node = root.get("Resources", "P", "Properties", "PolicyDocument")
    assert node is not None
    policies = PolicySet((Policy(node, "identity"),))
    found = [
        [(value.node.span.line, value.text, value.region) for value in values(clause)]
        for region in ("eu-central-1", "")
        for one in layers(policies, region, Settings())
        for clause in one.clauses
    ]
    assert found == [
        [
            (10, "arn:aws:sqs:eu-central-1:…:a", "eu-central-1"),
            (12, "arn:aws:sqs:eu-west-1:111122223333:b", "eu-west-1"),
        ],
        [(10, "arn:aws:sqs:…:…:a", None), (12, "arn:aws:sqs:eu-west-1:111122223333:b", "eu-west-1")],
    ]


REGIONS = ["eu-central-1", "eu-west-1", "us-east-1"]
fields = st.sampled_from(["*", "eu-*", "??-west-?", *REGIONS])
arns = st.builds(
    "arn:aws:{}:{}:111122223333:{}".format,
    st.sampled_from(["sqs", "lambda", "ec2"]),
    fields,
    st.sampled_from(["*", "function:a", "function:*", "instance/*"]),
)
conditions = st.sampled_from(
    [
        {},
        {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
        {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}},
        {"StringEquals": {"aws:PrincipalTag/team": "web"}},
    ]
)
statements = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Allow", "Deny"]),
        "Action": st.lists(
            st.sampled_from(["sqs:*", "lambda:Create*", "ec2:RunInstances", "*"]), min_size=1, max_size=2
        ),
        "Resource": st.lists(arns, min_size=1, max_size=3),
        "Condition": conditions,
    }
)


@given(st.lists(statements, min_size=1, max_size=3))
def test_what_a_value_opens_can_be_called_there(written: list[dict[str, object]]) -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": written})
    policies = PolicySet((Policy(parse("p.json", text).root, "identity"),))
    grants = Grants(layers(policies, "", Settings()), Settings())
    for clause in grants.clauses():
        for value in values(clause):
            names = [name for name in REGIONS if glob(value.region or "").matches(name)]
            if use := grants.use(clause, value, names):
                assert use.region in names
                assert decide(grants.layers, use.action, use.region).kind != "never"
