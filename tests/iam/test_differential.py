"""The proof against the oracle, on policies that are generated, and the oracle against examples of IAM's rules."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from validator.iam.policy import Policy
from validator.iam.proof import Layer, decide, layer, prove
from validator.parse import parse

from .generate import ACTIONS, REGIONS, policy_sets
from .oracle import REGION, Document, Layers, Oracle, Request, Value, allowed, arns, forms, holds, lines, shape, values

quick = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


Tally = Counter[str]
APPROVED = REGIONS[:1]
# Those that are neither tolerated everywhere, nor global.
WRITES = {action for action in ACTIONS if action.partition(":")[2].startswith(("Run", "Terminate", "Create", "Invoke"))}
WRITES -= {"iam:CreateRole"}
READS = ("ec2:DescribeInstances", "s3:GetObject", "s3:ListAllMyBuckets", "dynamodb:Query")
# The gravest first.
VERDICTS = {
    "always": 0,
    "escapes": 0,
    "if": 1,
    "escapes-if": 1,
    "unknown": 2,
    "undecided": 2,
    "never": 3,
    "confined": 3,
}


def compiled_of(layers: Layers) -> list[Layer]:
    return [
        layer(Policy(parse("p.json", json.dumps(policy)).root, "identity") for policy in policies)
        for policies in layers
    ]


def disagreements(layers: Layers, tally: Tally | None = None) -> Iterator[str]:
    """Say where the proof decides otherwise than the oracle, and where what it found would not be allowed.

    Args:
        layers: The policies.
        tally: Counts how often each kind of decision was made.
    """
    oracle = Oracle(layers)
    compiled = compiled_of(layers)
    for action, region in product(ACTIONS, REGIONS):
        decision = decide(compiled, action, region)
        found = oracle.reachable(action, region)
        if tally is not None:
            tally[decision.kind] += 1
        where = f"{action} in {region}: {decision.kind}"
        assert found is None or allowed(layers, found)
        if decision.kind == "unknown":
            yield f"{where}, since {decision.reason}"
        elif decision.kind == "never":
            if found is not None:
                yield f"{where}, but {found} is allowed"
        elif found is None:
            yield f"{where} with {dict(decision.context)} on {decision.resource}, but nothing is allowed"
        else:
            context = oracle.plain(decision.context)
            if not oracle.resources(action, region, context):
                yield f"{where}, but it is not allowed with {context}"
            elif not oracle.resources(action, region, context, decision.resource):
                yield f"{where}, but it is not allowed with {context} on {decision.resource!r}"
            if (decision.kind == "always") != bool(oracle.resources(action, region, oracle.plain({}))):
                yield f"{where}, but a request with nothing special is the other thing"


def misjudged(layers: list[Layer]) -> Iterator[str]:
    """Say where the verdict is milder than what is decided about actions elsewhere, or graver than its witnesses."""
    proof = prove(layers, APPROVED)
    elsewhere = [region for region in REGIONS if region not in APPROVED]
    decided = {action: {decide(layers, action, region).kind for region in elsewhere} for action in (*WRITES, *READS)}
    kinds = set[str]().union(*(decided[action] for action in WRITES))
    worst = next((kind for kind in VERDICTS if kind in kinds), "never")
    if VERDICTS[worst] < VERDICTS[proof.verdict]:
        yield f"the verdict is {proof.verdict}, but {worst} is decided of an action that writes"
    for witness in proof.witnesses:
        if (kind := decide(layers, witness.action, witness.region).kind) != witness.kind:
            yield f"{witness.action} in {witness.region} bears witness to {witness.kind}, but {kind} is decided"
    if proof.reads is None and proof.verdict != "escapes" and any("always" in decided[action] for action in READS):
        yield "no action that reads bears witness, but one can be called"


@settings(
    max_examples=2_000,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=quick,
)
@given(policy_sets())
def test_the_proof_agrees_with_the_oracle(layers: Layers) -> None:
    assert not list(islice(disagreements(layers), 3))


@settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=quick)
@given(policy_sets())
def test_the_verdict_follows_from_the_decisions(layers: Layers) -> None:
    assert not list(misjudged(compiled_of(layers)))


@settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=quick)
@given(policy_sets())
def test_a_witness_names_the_statement_that_its_decision_names(layers: Layers) -> None:
    found = prove(compiled_of(layers), APPROVED)
    assert all(one.allow is one.decision.allow for one in found.witnesses)


@settings(max_examples=50, deadline=None, derandomize=True, database=None, suppress_health_check=quick)
@given(policy_sets())
def test_the_oracle_finds_what_trying_everything_finds(layers: Layers) -> None:
    asked = [line for policies in layers for policy in policies for each in policy["Statement"] for line in lines(each)]
    keys = sorted({line.key for line in asked} - {REGION, "ec2:region"})
    pools = [values(key, [line for line in asked if line.key == key]) for key in keys]
    contexts = [dict(zip(keys, some, strict=True)) for some in islice(product(*pools), 3_001)]
    assume(len(contexts) <= 3_000)
    oracle = Oracle(layers)
    for action, region in [("ec2:DescribeInstances", "eu-west-1"), ("sts:GetCallerIdentity", "us-east-1")]:
        found = any(allowed(layers, Request(action, region, ("*",), context)) for context in contexts)
        assert found == (oracle.reachable(action, region) is not None)


@pytest.mark.parametrize(
    ("operator", "expected", "actual", "outcome"),
    [
        # Several values are alternatives; of a negated operator, none may match.
        ("StringEquals", ["a", "b"], "b", True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringNotEquals", ["a", "b"], "c", True),
        # Case and wildcards belong to some operators only.
        ("StringEquals", ["a*"], "ab", False),
        ("StringEquals", ["EU-West-1"], "eu-west-1", False),
        ("StringEqualsIgnoreCase", ["EU-West-1"], "eu-west-1", True),
        ("StringNotEqualsIgnoreCase", ["EU-West-1"], "eu-west-1", False),
        ("StringLike", ["eu-*"], "eu-west-1", True),
        ("StringLike", ["EU-*"], "eu-west-1", False),
        ("StringLike", ["eu-?est-1"], "eu-est-1", False),
        ("StringNotLike", ["eu-*", "us-*"], "us-east-1", False),
        # An absent key meets what is negated, IfExists and ForAllValues; never ForAnyValue.
        ("StringEquals", ["a"], None, False),
        ("StringNotEquals", ["a"], None, True),
        ("StringEqualsIfExists", ["a"], None, True),
        ("StringNotEqualsIfExists", ["a"], None, True),
        ("StringEqualsIfExists", ["a"], "b", False),
        ("ForAllValues:StringEquals", ["a"], None, True),
        ("ForAllValues:StringNotEquals", ["a"], None, True),
        ("ForAllValues:StringEquals", ["a"], (), True),
        ("ForAnyValue:StringEquals", ["a"], None, False),
        ("ForAnyValue:StringNotEquals", ["a"], None, False),
        ("ForAnyValue:StringEqualsIfExists", ["a"], None, True),
        # Set operators look at each value of the request.
        ("ForAllValues:StringEquals", ["a", "b"], ("a", "b"), True),
        ("ForAllValues:StringEquals", ["a", "b"], ("a", "c"), False),
        ("ForAllValues:StringNotEquals", ["a", "b"], ("c", "d"), True),
        ("ForAllValues:StringNotEquals", ["a", "b"], ("a", "d"), False),
        ("ForAnyValue:StringEquals", ["a", "b"], ("a", "c"), True),
        ("ForAnyValue:StringNotEquals", ["a", "b"], ("a", "c"), True),
        ("ForAnyValue:StringNotEquals", ["a", "b"], ("a", "b"), False),
        ("ForAllValues:StringEquals", ["a"], "b", False),
        ("ForAnyValue:StringLike", ["a*"], "ab", True),
        ("Null", ["true"], None, True),
        ("Null", ["true"], (), True),
        ("Null", ["true"], "a", False),
        ("Null", ["false"], ("a",), True),
        ("Bool", ["true"], "true", True),
        ("Bool", ["true"], "false", False),
        ("Bool", ["false"], None, False),
        ("BoolIfExists", ["false"], None, True),
        # ARNs are matched by field, and the two names of each operator are one.
        ("ArnLike", ["arn:aws:iam::*:role/a*"], "arn:aws:iam::111122223333:role/ab", True),
        ("ArnEquals", ["arn:aws:iam::*:role/a*"], "arn:aws:iam::111122223333:role/ab", True),
        ("ArnLike", ["arn:aws:*:role/a"], "arn:aws:iam::111122223333:role/a", False),
        ("ArnNotLike", ["arn:aws:iam::*:role/a*"], None, True),
        ("NumericLessThan", ["10"], "9.5", True),
        ("NumericNotEquals", ["10"], "10.0", False),
        ("NumericEquals", ["10"], "ten", False),
        ("DateGreaterThan", ["2026-01-01T00:00:00Z"], "2026-01-02T00:00:00Z", True),
        ("DateLessThanEquals", ["2026-01-01T00:00:00Z"], "1767225600", True),
        ("IpAddress", ["203.0.113.0/24"], "203.0.113.9", True),
        ("NotIpAddress", ["203.0.113.0/24", "2001:db8::/32"], "2001:db8::1", False),
    ],
)
def test_oracle_conditions(operator: str, expected: list[str], actual: Value, outcome: bool) -> None:  # noqa: FBT001
    assert holds(operator, tuple(expected), actual) is outcome


def statement(**elements: Any) -> Document:
    return {"Effect": "Allow", "Action": "*", "Resource": "*", **elements}


def judged(
    *statements: Document, action: str = "sqs:CreateQueue", on: str = "arn:aws:sqs:eu-west-1:111122223333:q"
) -> bool:
    return allowed(
        [[{"Statement": list(statements)}]], Request(action, "eu-west-1", (on,), {"aws:TagKeys": ("a", "b")})
    )


@pytest.mark.parametrize(
    "statements",
    [
        [statement(Action="SQS:Create*")],
        [statement(), statement(Effect="Deny", NotAction="sqs:*")],
        [statement(Resource="arn:aws:sqs:*:111122223333:q")],
        [statement(Resource="arn:aws:sqs:eu-*")],
        [statement(Resource="arn:aws:sqs")],
        [statement(), statement(Effect="Deny", Resource="arn:aws:sqs:us-*:*:*")],
        [statement(Condition={"StringEquals": {"AWS:requestedregion": "eu-west-1"}})],
        [statement(), statement(Effect="Deny", Condition={"StringEquals": {"ec2:Region": "eu-west-1"}})],
        [statement(Condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"], "aws:CalledVia": ["c"]}})],
    ],
)
def test_oracle_allows(statements: list[Document]) -> None:
    assert judged(*statements)


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [statement(Effect="Deny")],
        [statement(Action="sqs:?")],
        [statement(NotAction=["iam:*", "sqs:*"], Action=None)],
        [statement(Resource="arn:aws:sqs:e*1:111122223333:Q")],
        [statement(Resource="arn:aws:sqs:e*:q")],
        [statement(), statement(Effect="Deny", Condition={"StringNotEquals": {"ec2:Region": "eu-west-1"}})],
        [statement(), statement(Effect="Deny", Condition={"Null": {"aws:SourceVpce": "true"}})],
        [statement(Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}, "Null": {"aws:TagKeys": True}})],
    ],
)
def test_oracle_refuses(statements: list[Document]) -> None:
    assert not judged(*statements)


def test_oracle_asks_every_layer() -> None:
    [identity, ceiling] = [[{"Statement": statement(Action=action)}] for action in ("*", "s3:*")]
    request = Request("sqs:CreateQueue", "eu-west-1", ("arn:aws:sqs:eu-west-1:111122223333:q",), {})
    assert allowed([identity], request)
    assert not allowed([identity, ceiling], request)


def test_oracle_needs_a_resource_of_each_required_type() -> None:
    here = "arn:aws:ec2:eu-west-1:111122223333:"
    most = [f"{here}{kind}/*" for kind in ("instance", "network-interface", "security-group", "subnet")]
    image = "arn:aws:ec2:*::image/*"
    for resources, found in ((most, False), ([*most, image], True)):
        oracle = Oracle([[{"Statement": statement(Resource=resources)}]])
        assert (oracle.reachable("ec2:RunInstances", "eu-west-1") is not None) is found
        assert oracle.reachable("ec2:RunInstances", "us-east-1") is None


def test_oracle_takes_only_a_star_where_an_action_has_no_resources() -> None:
    oracle = Oracle([[{"Statement": statement(Resource="arn:*")}]])
    assert oracle.reachable("ec2:DescribeInstances", "eu-west-1") is None
    assert oracle.reachable("ec2:TerminateInstances", "eu-west-1") is not None


def test_oracle_makes_arns_of_their_documented_forms() -> None:
    for action, region in product(ACTIONS, REGIONS):
        for some in forms(action, region):
            for form in some:
                made = arns(form, ("111122223333",), frozenset(["role/ci/x", "b/x", "function:a:b", "function:a"]))
                assert made
                assert all(shape(form).fullmatch(arn) for arn in made)
