"""`stackproof reach`: verdicts, witnesses and pictures of policies."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Folder = Callable[[Mapping[str, str]], Path]

EU = "eu-central-1,eu-west-1"
GUARD = {
    "Sid": "Guard",
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}},
}
ALLOW = {"Sid": "Work", "Effect": "Allow", "Action": ["ec2:RunInstances", "s3:GetObject"], "Resource": "*"}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=1)


def shown(out: str) -> dict[str, Any]:
    [found] = json.loads(out)["policies"]
    return dict(found)


def test_a_guarded_policy_is_confined(stackproof: Run, folder: Folder) -> None:
    folder({"p.json": policy(ALLOW, GUARD)})
    ran = stackproof("reach", "--approved", EU, "p.json")
    assert ran.code == 0
    assert ran.out.startswith("p.json:1 (identity) is confined to eu-central-1, eu-west-1\n")


def test_an_open_policy_escapes_with_a_witness(stackproof: Run, folder: Folder) -> None:
    narrow = GUARD | {"Action": "s3:*"}
    folder({"p.json": policy(ALLOW, narrow)})
    ran = stackproof("reach", "--approved", EU, "--format", "json", "p.json")
    found = shown(ran.out)
    assert (ran.code, found["verdict"], found["kind"], found["pointer"]) == (1, "escapes", "identity", "")
    witness = found["witnesses"][0]
    assert (witness["action"], witness["region"], witness["statement"]["sid"]) == (
        "ec2:RunInstances",
        "us-east-1",
        "Work",
    )
    assert (witness["if"], len(witness["because"])) == ({}, 1)


def test_the_picture_is_of_the_actions_that_are_asked_for(stackproof: Run, folder: Folder) -> None:
    folder({"p.json": policy(ALLOW, GUARD)})
    ran = stackproof("reach", "--approved", EU, "--format", "json", "--action", "ec2:RunInstances", "p.json")
    assert shown(ran.out)["reach"] == {
        "ec2:RunInstances": {"unconditional": ["eu-central-1", "eu-west-1"], "conditional": [], "unknown": []}
    }


@pytest.mark.parametrize("option", ["--scp", "--boundary"])
def test_what_stands_around_a_policy_confines_it(stackproof: Run, folder: Folder, option: str) -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    folder({"p.json": policy(ALLOW), "around.json": policy(everything, GUARD)})
    assert stackproof("reach", "--approved", EU, "p.json").code == 1
    assert stackproof("reach", "--approved", EU, option, "around.json", "p.json").code == 0


def test_a_ceiling_alone_is_judged_as_that_of_one_who_may_do_everything(stackproof: Run, folder: Folder) -> None:
    folder({"p.json": policy(GUARD)})
    assert stackproof("reach", "--approved", EU, "--kind", "scp", "p.json").code == 0
    assert stackproof("reach", "--approved", "eu-west-1", "--kind", "scp", "p.json").code == 1


TEMPLATE = """
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Statement: []}}
      {properties}
      Policies:
        - PolicyName: p
          PolicyDocument: {work}
  B:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {boundary}
"""


def test_a_file_of_a_configured_set_is_shown_with_the_rest_of_it(stackproof: Run, folder: Folder) -> None:
    sets = '[[policies]]\nfiles = "scp.json"\nkind = "scp"\n[[policy-sets]]\nscp = "scp.json"\nidentity = "role.json"\n'
    folder({"role.json": policy(ALLOW), "scp.json": policy(GUARD), "stackproof.toml": sets})
    ran = stackproof("reach", "--approved", EU, "role.json")
    told = "role.json:1 (identity) with scp.json:1 (scp) is confined to eu-central-1, eu-west-1\n"
    assert ran.out.startswith(told)
    assert stackproof("reach", "--approved", EU, "--scp", "scp.json", "role.json").out.startswith(told)


def template(properties: str) -> str:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    work = json.dumps(json.loads(policy(ALLOW)))
    return TEMPLATE.format(work=work, boundary=json.dumps(json.loads(policy(everything, GUARD))), properties=properties)


def test_what_acts_together_in_a_template_is_judged_together(stackproof: Run, folder: Folder) -> None:
    folder({"t.yml": template("PermissionsBoundary: !Ref B")})
    ran = stackproof("reach", "--approved", EU, "t.yml")
    assert ran.out.startswith("t.yml:10 (identity) with t.yml:14 (boundary) is confined to eu-central-1, eu-west-1\n")


def test_each_role_of_a_dump_is_judged_with_its_boundary(stackproof: Run, folder: Folder) -> None:
    arn = "arn:aws:iam::111122223333:policy/limit"
    limit = json.loads(policy({"Effect": "Allow", "Action": "*", "Resource": "*"}, GUARD))
    role = {"RolePolicyList": [{"PolicyName": "p", "PolicyDocument": json.loads(policy(ALLOW))}]}
    bounded = role | {"PermissionsBoundary": {"PermissionsBoundaryArn": arn}}
    versions = [{"Document": limit, "IsDefaultVersion": True, "VersionId": "v1"}]
    managed = [{"PolicyName": "limit", "Arn": arn, "PolicyVersionList": versions}]
    sections = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [bounded, role], "Policies": managed}
    folder({"account.json": json.dumps(sections, indent=1)})
    ran = stackproof("reach", "--approved", EU, "--format", "json", "account.json")
    assert [one["verdict"] for one in json.loads(ran.out)["policies"]] == ["confined", "escapes"]


def test_what_is_attached_and_not_at_hand_leaves_the_picture_open(stackproof: Run, folder: Folder) -> None:
    attached = "ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonSQSFullAccess]"
    folder({"t.yml": template(attached).replace('"ec2:RunInstances", "s3:GetObject"', '"iam:CreateUser"')})
    ran = stackproof("reach", "--approved", EU, "--format", "json", "--action", "sqs:SendMessage", "t.yml")
    found = json.loads(ran.out)["policies"][0]
    assert (
        found["reason"] == "the text of arn:aws:iam::aws:policy/AmazonSQSFullAccess, which is attached, is not at hand"
    )
    assert "us-east-1" in found["reach"]["sqs:SendMessage"]["unknown"]


@pytest.mark.parametrize("option", ["--scp", "--boundary"])
def test_what_stands_around_a_template_confines_all_of_it(stackproof: Run, folder: Folder, option: str) -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    attached = "ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonSQSFullAccess]"
    folder({"t.yml": template(attached), "around.json": policy(everything, GUARD)})
    assert stackproof("reach", "--approved", EU, "t.yml").code == 1
    assert stackproof("reach", "--approved", EU, option, "around.json", "t.yml").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["p.json"], "no region is approved"),
        (
            ["--approved", "eu-centrl-1", "p.json"],
            "there is no region 'eu-centrl-1' in aws; did you mean 'eu-central-1'?",
        ),
        (["--approved", EU, "gone.json"], "gone.json does not exist"),
        (["--approved", EU, "--kind", "scpp", "p.json"], "did you mean 'scp'?"),
        (["--approved", EU, "broken.json"], "broken.json:1: "),
    ],
)
def test_says_what_keeps_it_from_an_answer(stackproof: Run, folder: Folder, arguments: list[str], said: str) -> None:
    folder({"p.json": policy(ALLOW), "broken.json": '{"Statement": [{"Effect": "Allow" "Action"'})
    ran = stackproof("reach", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
