"""The policy that `spec policy` prints is enough for `verify`, and nothing in it is too much.

moto enforces policies, but holds conditions against nothing and calls some actions otherwise than IAM, by the name that
calls are signed for. What it is given is the printed policy without the condition, which is asserted, and with its own
names.
"""

import copy
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from validator.cli import main
from validator.live import Report

from .account import DELIVERY, REGION, Client, deliver, deploy, verify
from .account import spec as parsed

HERE = Path(__file__).parent
KINDS = HERE / "kinds"
ENV, MANY_ENV = HERE / "env.yml", KINDS / "env.yml"

# Which checks cannot do without an action, spec by spec.
DELIVERED: Mapping[str, str] = {
    "autoscaling:DescribeAutoScalingGroups": "asg",
    "autoscaling:DescribeLaunchConfigurations": "launch-config",
    "cloudformation:DescribeStacks": "elb-sg db-sg role profile elb launch-config asg db groups healthy url",
    "cloudformation:GetTemplateSummary": "launch-config healthy",
    "cloudformation:ListStackResources": "elb-sg db-sg role profile elb launch-config asg db groups",
    "ec2:DescribeInstances": "instances",
    "ec2:DescribeSecurityGroupRules": "elb-sg db-sg",
    "ec2:DescribeSecurityGroups": "elb-sg db-sg groups",
    "elasticloadbalancing:DescribeInstanceHealth": "elb",
    "elasticloadbalancing:DescribeLoadBalancers": "elb",
    "iam:GetInstanceProfile": "profile",
    "iam:GetRole": "role",
    "iam:ListAttachedRolePolicies": "role",
    "rds:DescribeDBInstances": "db",
    "s3:ListBucket": "no-legacy-bucket",
}
_RESOURCES = (
    "network subnet launch subnets balancer targets role user policy files topic queue function table setting stream"
    " cluster nightly log gone"
)
MANY: Mapping[str, str] = {
    "apigateway:GET": "interfaces",
    "cloudformation:DescribeStacks": f"{_RESOURCES} whole name",
    "cloudformation:GetTemplateSummary": "log whole",
    "cloudformation:ListStackResources": _RESOURCES,
    "cloudwatch:DescribeAlarms": "alarms",
    "dynamodb:DescribeTable": "table",
    "ec2:DescribeLaunchTemplateVersions": "launch",
    "ec2:DescribeSubnets": "subnet",
    "ec2:DescribeVpcAttribute": "network",
    "ec2:DescribeVpcs": "network",
    "ecr:DescribeRepositories": "repositories",
    "ecs:DescribeClusters": "cluster",
    "elasticloadbalancing:DescribeListeners": "balancer",
    "elasticloadbalancing:DescribeLoadBalancers": "balancer",
    "elasticloadbalancing:DescribeTargetGroups": "targets",
    "events:DescribeRule": "nightly",
    "iam:GetPolicy": "policy",
    "iam:GetRole": "role",
    "iam:GetUser": "user",
    "kinesis:DescribeStreamSummary": "stream",
    "kms:ListAliases": "keys",
    "lambda:GetFunctionConfiguration": "function",
    "logs:DescribeLogGroups": "log",
    "rds:DescribeDBSubnetGroups": "subnets",
    "s3:GetBucketVersioning": "files",
    "s3:ListBucket": "files old listed",
    "secretsmanager:DescribeSecret": "secret",
    "sns:GetTopicAttributes": "topic",
    "sqs:GetQueueAttributes": "queue",
    "ssm:GetParameter": "setting",
    "states:ListStateMachines": "machines",
    "tag:GetResources": "tagged",
}
# What moto calls actions that IAM calls otherwise: by the name that calls are signed for, or by that of the operation.
MOTO: Mapping[str, tuple[str, ...]] = {
    "cloudwatch:DescribeAlarms": ("monitoring:DescribeAlarms",),
    "s3:ListBucket": ("s3:ListBucket", "s3:HeadBucket"),
    "tag:GetResources": ("tagging:GetResources",),
}
# Of these moto takes the signatures for wrong ones as soon as it looks at any.
UNENFORCED = {"apigateway:GET", "lambda:GetFunctionConfiguration"}
BLIND = {check for action in UNENFORCED for check in MANY[action].split()}

Policy = Mapping[str, Any]
Allow = Callable[[Policy], None]
Print = Callable[[Path, Path], dict[str, Any]]


@pytest.fixture
def printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Print:
    """Print the policy of a spec, beside the templates that it is about."""

    def policy(folder: Path, spec: Path) -> dict[str, Any]:
        shutil.copytree(folder, tmp_path / folder.name)
        monkeypatch.chdir(tmp_path / folder.name)
        shutil.copy(spec, "env.yml")
        assert main(("spec", "policy", "env.yml")) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return policy


@pytest.fixture
def allow(aws: Client, server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Allow]:
    """Verify from now on as somebody who may do what a policy allows."""
    iam = aws("iam")
    iam.create_user(UserName="verifier")
    key = iam.create_access_key(UserName="verifier")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])

    def act(policy: Policy) -> None:
        enforce(server, "inf")
        iam.put_user_policy(UserName="verifier", PolicyName="verify", PolicyDocument=json.dumps(policy))
        enforce(server, "0")

    yield act
    enforce(server, "inf")


def enforce(server: str, after: str) -> None:
    """Let moto check what is allowed, after so many calls."""
    request = Request(  # noqa: S310  # ours
        f"{server}/moto-api/reset-auth", after.encode(), {"Content-Type": "application/octet-stream"}, method="POST"
    )
    with build_opener(ProxyHandler({})).open(request):
        pass


def as_moto_reads(policy: Policy) -> dict[str, Any]:
    found = copy.deepcopy(dict(policy))
    for statement in found["Statement"]:
        statement.pop("Condition", None)
        statement["Action"] = [name for action in statement["Action"] for name in MOTO.get(action, (action,))]
    return found


def without(policy: Policy, action: str) -> dict[str, Any]:
    found = copy.deepcopy(dict(policy))
    for statement in found["Statement"]:
        statement["Action"] = [one for one in statement["Action"] if one != action]
    found["Statement"] = [statement for statement in found["Statement"] if statement["Action"]]
    return found


def actions(policy: Policy) -> set[str]:
    return {action for statement in policy["Statement"] for action in statement["Action"]}


def look(spec: Path, server: str) -> Report:
    """Verify all of a spec that moto can be asked for by somebody who may not do everything."""
    found = parsed(spec.read_text())
    return verify(replace(found, checks=tuple(check for check in found.checks if check.id not in BLIND)), server)


def test_names_exactly_the_actions_that_are_needed(printed: Print) -> None:
    assert actions(printed(DELIVERY, ENV)) == set(DELIVERED)


def test_names_exactly_the_actions_that_resources_of_many_types_need(printed: Print) -> None:
    assert actions(printed(KINDS, MANY_ENV)) == set(MANY)


@pytest.mark.parametrize(("folder", "spec"), [(DELIVERY, ENV), (KINDS, MANY_ENV)])
def test_limits_what_is_regional_to_the_region_of_the_target(printed: Print, folder: Path, spec: Path) -> None:
    limited, unlimited = printed(folder, spec)["Statement"]
    assert limited["Condition"] == {"StringEquals": {"aws:RequestedRegion": [REGION]}}
    assert {action.partition(":")[0] for action in unlimited["Action"]} == {"iam"}
    assert "Condition" not in unlimited


def test_nothing_is_denied_with_the_whole_policy(printed: Print, allow: Allow, aws: Client, server: str) -> None:
    deliver(aws)
    allow(as_moto_reads(printed(DELIVERY, ENV)))
    assert not stopped(look(ENV, server))


def test_nothing_of_many_types_is_denied_with_the_whole_policy(
    printed: Print, allow: Allow, aws: Client, server: str
) -> None:
    deploy(aws, "kinds", (KINDS / "template.yml").read_text(), {"Token": "not to be seen"})
    allow(as_moto_reads(printed(KINDS, MANY_ENV)))
    assert not stopped(look(MANY_ENV, server))


def test_everything_is_denied_without_any(allow: Allow, server: str) -> None:
    allow({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:ListQueues", "Resource": "*"}]})
    report = look(ENV, server)
    assert {one.kind for one in report.outcomes} == {"error"}
    assert report.code == 3


@pytest.mark.parametrize("action", DELIVERED)
def test_without_one_action_exactly_what_needs_it_is_not_checked(
    printed: Print, allow: Allow, aws: Client, server: str, action: str
) -> None:
    deliver(aws)
    allow(as_moto_reads(without(printed(DELIVERY, ENV), action)))
    report = look(ENV, server)
    assert stopped(report) == {(check, action) for check in DELIVERED[action].split()}
    assert report.code == 3


def test_without_one_action_exactly_the_types_that_need_it_are_not_checked(
    printed: Print, allow: Allow, aws: Client, server: str
) -> None:
    deploy(aws, "kinds", (KINDS / "template.yml").read_text(), {"Token": "not to be seen"})
    policy = printed(KINDS, MANY_ENV)
    found, wanted = {}, {}
    for action in sorted(set(MANY) - UNENFORCED):
        allow(as_moto_reads(without(policy, action)))
        found[action] = stopped(look(MANY_ENV, server))
        wanted[action] = {(check, action) for check in MANY[action].split() if check not in BLIND}
    assert found == wanted


def stopped(report: Report) -> set[tuple[str, str]]:
    """Give each check that could not be made, with the action that is denied; whatever else does not conform, too."""
    return {
        (one.check, one.message.removeprefix("AWS denies ").partition(",")[0])
        for one in report.outcomes
        if one.kind != "conforms"
    } | {(one.check, one.kind) for one in report.outcomes if one.kind not in {"conforms", "error"}}
