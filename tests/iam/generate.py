"""Strategies for sets of policies that meet, overlap and contradict each other in a small world."""

from functools import cache
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

ACTIONS = (
    "ec2:RunInstances", "ec2:DescribeInstances", "ec2:TerminateInstances", "s3:CreateBucket", "s3:GetObject",
    "s3:ListAllMyBuckets", "lambda:CreateFunction", "lambda:InvokeFunction", "sqs:CreateQueue", "iam:CreateRole",
    "iam:PassRole", "sts:AssumeRole", "sts:GetCallerIdentity", "dynamodb:Query",
)  # fmt: skip
# The last one is yet to be launched.
REGIONS = (
    "eu-central-1", "eu-west-1", "eu-north-1", "us-east-1", "us-west-2", "ap-southeast-1", "ap-south-1", "il-central-1",
    "eu-south-9",
)  # fmt: skip

_PATTERNS = (
    *ACTIONS, "*", "*", "*", "s3:*", "ec2:*", "lambda:*", "sqs:*", "iam:*", "sts:*", "dynamodb:*", "ec2:Describe*",
    "EC2:*instances", "s3:?etObject", "lambda:*Function", "*:Create*", "iam:PASSROLE",
)  # fmt: skip
_RESOURCES = (
    "arn:*", "arn:*:ec2:eu-central-1:*:*", "arn:aws:lambda:eu-*:*:*", "arn:aws*:s3:::*",
    "arn:aws:ec2:eu-*1:*:*", "arn:aws:lambda:eu-central-1",
    "arn:aws:lambda:eu-central-1:111122223333:function:*", "arn:aws:lambda:us-east-1:*:function:api-*",
    "arn:aws:lambda:*:*:function:*-test", "arn:aws:lambda:*:*:function:api-?",
    "arn:aws:sqs:*:111122223333:q", "arn:aws:sqs:eu-*:*:*", "arn:aws:sqs:us-east-1:444455556666:*",
    "arn:aws:ec2:eu-central-1:*:*", "arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:eu-*::image/*", "arn:aws:ec2:us-*:*:*",
    "arn:aws:ec2:*:111122223333:subnet/*", "arn:aws:ec2:*:*:*/*",
    "arn:aws:s3:::*", "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::*-logs/*",
    "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:role/ci/*", "arn:aws:iam::*:role/*-admin",
    "arn:aws:dynamodb:us-east-1:*:table/*", "arn:aws:dynamodb:eu-*:111122223333:table/t",
)  # fmt: skip
_STRING = ("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase")
_LIKE = ("StringLike", "StringNotLike")
_ARN = ("ArnLike", "ArnNotLike", "ArnEquals", "ArnNotEquals")
_SETS = ("ForAllValues:", "ForAnyValue:")
_SPELLINGS = {
    "aws:RequestedRegion": ("aws:RequestedRegion", "AWS:requestedregion"),
    "ec2:Region": ("ec2:Region", "EC2:region"),
    "aws:PrincipalTag/team": ("aws:PrincipalTag/team", "aws:principaltag/Team"),
    "aws:PrincipalOrgID": ("aws:PrincipalOrgID", "aws:principalOrgId"),
    "aws:SourceVpce": ("aws:SourceVpce", "aws:sourceVpce"),
    "aws:TagKeys": ("aws:TagKeys", "AWS:TagKeys"),
    "aws:ViaAWSService": ("aws:ViaAWSService", "aws:viaAwsService"),
    "aws:PrincipalArn": ("aws:PrincipalArn", "aws:PrincipalARN"),
}
_VALUES = {
    "aws:RequestedRegion": (*REGIONS, "EU-West-1", "eu-centrl-1"),
    "aws:PrincipalTag/team": ("platform", "Platform", "data", "web"),
    "aws:PrincipalOrgID": ("o-a1", "o-b2", "O-A1"),
    "aws:SourceVpce": ("vpce-1", "vpce-2", "vpce-12"),
    "aws:TagKeys": ("team", "Team", "cost", "env"),
    "aws:PrincipalArn": ("arn:aws:iam::111122223333:role/ci", "arn:aws:iam::444455556666:role/admin"),
}
_WILD = {
    "aws:RequestedRegion": ("eu-*", "us-*", "*", "eu-?est-1", "*-1", "*south*", "??-central-*", "EU-*"),
    "aws:PrincipalTag/team": ("plat*", "*form", "?ata", "*a*", "*"),
    "aws:PrincipalOrgID": ("o-*", "*2", "?-a1"),
    "aws:SourceVpce": ("vpce-*", "vpce-?", "*2"),
    "aws:TagKeys": ("t*", "*o*", "????", "*"),
    "aws:PrincipalArn": ("arn:aws:iam::*:role/*", "arn:aws:iam::*:role/ad*", "arn:aws:iam::111122223333:*"),
}
_VALUES["ec2:Region"], _WILD["ec2:Region"] = _VALUES["aws:RequestedRegion"], _WILD["aws:RequestedRegion"]
_VALUES["aws:ViaAWSService"] = ("true", "false")
_KEYS = [some for size in (1, 2, 3) for some in combinations(_SPELLINGS, size) if "aws:RequestedRegion" not in some]


def _some(pool: tuple[str, ...], most: int) -> st.SearchStrategy[Any]:
    """One value, which needs no list, or several."""
    several = (
        st.sampled_from([list(some) for some in combinations(pool, size)])
        for size in range(2, min(most, len(pool)) + 1)
    )
    return st.one_of(st.sampled_from(pool), *several)


def _asked(key: str) -> st.SearchStrategy[tuple[str, Any]]:
    """Make an operator and values for a key."""
    null = st.tuples(st.just("Null"), st.sampled_from(["true", "false", True, False]))
    if key == "aws:ViaAWSService":
        bools = st.sampled_from(["true", "false", True, False, ["true", "false"]])
        return st.tuples(st.sampled_from(["Bool", "Bool", "BoolIfExists"]), bools) | null
    # Set operators have a meaning on a key with one value too, though hardly the one that was meant.
    quantifiers = _SETS if key == "aws:TagKeys" else ("", "", "", *_SETS)
    whole = [f"{each}{name}{end}" for name in _STRING for each in quantifiers for end in ("", "", "IfExists")]
    wild = [f"{each}{name}{end}" for name in _LIKE for each in quantifiers for end in ("", "", "IfExists")]
    arn = [f"{name}{end}" for name in _ARN for end in ("", "IfExists")]
    return st.one_of(
        st.tuples(st.sampled_from(whole), _some(_VALUES[key], 3)),
        st.tuples(
            st.sampled_from([*wild, *arn] if key == "aws:PrincipalArn" else wild), _some(_VALUES[key] + _WILD[key], 2)
        ),
        null,
    )


_ASKED = {key: _asked(key) for key in _VALUES}


def _condition(lines: list[tuple[str, tuple[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Put lines together; one operator takes a key once, in whatever spelling."""
    condition: dict[str, dict[str, Any]] = {}
    for key, (operator, values) in lines:
        block = condition.setdefault(operator, {})
        if key.lower() not in map(str.lower, block):
            block[key] = values
    return condition


def _statements(keys: tuple[str, ...], *, opening: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Make statements; of one that opens a policy, it is likelier that it allows something."""

    def made(parts: tuple[Any, ...]) -> dict[str, Any]:
        (effect, action, resource), actions, resources, condition = parts
        more = {"Condition": condition} if condition else {}
        return {"Effect": effect, action: actions, resource: resources, **more}

    line = st.one_of(*(st.tuples(st.sampled_from(_SPELLINGS[key]), _ASKED[key]) for key in keys))
    return st.tuples(
        st.sampled_from(
            [
                (effect, action, resource)
                for effect in (("Allow",) if opening else ("Allow", "Deny"))
                for action in ("Action", "Action", "NotAction")
                for resource in ("Resource", "Resource", "Resource", "NotResource")
            ]
        ),
        st.sampled_from(("*", *_PATTERNS)) if opening else _some(_PATTERNS, 3),
        st.just("*") | _some(("*", *_RESOURCES), 2),
        st.lists(line, max_size=1 if opening else 3).map(_condition),
    ).map(made)


@st.composite
def policy_sets(draw: st.DrawFn) -> list[list[dict[str, Any]]]:
    """Make layers of policies; all of them ask about the region and about the same one to three other keys."""
    others = draw(st.sampled_from(_KEYS))
    keys = ("aws:RequestedRegion", "aws:RequestedRegion", *others)
    sizes = draw(st.sampled_from([(1,), (1,), (1,), (2,), (3,), (1, 1), (1, 2), (1, 1, 1)]))
    return [[{"Version": "2012-10-17", "Statement": draw(_policy(keys))} for _ in range(size)] for size in sizes]


@cache
def _policy(keys: tuple[str, ...]) -> st.SearchStrategy[list[dict[str, Any]]]:
    first = _statements(keys, opening=True) | _statements(keys, opening=False)
    rest = st.lists(_statements(keys, opening=False), max_size=5)
    return st.tuples(first, rest).map(lambda made: [made[0], *made[1]])
