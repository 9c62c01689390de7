"""The sample that AWS published with its own checker, deployed from its own templates: its spec conforms as it is.

The one thing in it that moto cannot give is the image: there is none of that id, and moto starts launch configurations
from any. That the id is there says only that the template's parameter got there, not that the image exists.
"""

import json
from pathlib import Path

import pytest

from .account import REGION, Client, deploy, verify

SAMPLE = Path(__file__).parents[3] / "shared" / "corpus" / "nested" / "awslabs+codepipeline-nested-cfn"
TEMPLATES = SAMPLE / "cfn-nested-repo"
SPEC = SAMPLE / "validate-resources" / "env-details.yml"
CHECKS = {
    "security-group-ELBSecurityGroup",
    "role-WebServerIAMRole-test",
    "load-balancer-WebELB",
    "launch-configuration-WebServerLaunchConfig",
    "auto-scaling-group-WebServerASG",
}

pytestmark = pytest.mark.skipif(not SAMPLE.is_dir(), reason="the corpus is not part of the repository")


@pytest.fixture
def sample(aws: Client) -> Client:
    """Deploy it for its test environment; the network, which its parameter file only names, is made here."""
    ec2, s3 = aws("ec2"), aws("s3")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = {
        f"{kind}Subnet{zone}": ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.0.{number}{zone}.0/24", AvailabilityZone=f"{REGION}{'ab'[zone - 1]}"
        )["Subnet"]["SubnetId"]
        for number, kind in ((1, "Private"), (2, "Public"))
        for zone in (1, 2)
    }
    parameters = json.loads((TEMPLATES / "config-test.json").read_text())["Parameters"]
    aws("rds").create_db_subnet_group(
        DBSubnetGroupName=parameters["DBSubnetGroup"],
        DBSubnetGroupDescription="network",
        SubnetIds=[subnets["PrivateSubnet1"], subnets["PrivateSubnet2"]],
    )
    s3.create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": REGION})
    for template in TEMPLATES.glob("*-stack.yml"):
        s3.put_object(Bucket="templates", Key=template.name, Body=template.read_bytes())
    given = parameters | subnets | {"TemplatePath": "templates", "VPCID": vpc}
    deploy(aws, "nested-test", (TEMPLATES / "master-stack.yml").read_text(), given)
    return aws


def test_conforms(sample: Client, server: str) -> None:
    report = verify(SPEC.read_text(), server)
    assert {(outcome.check, outcome.kind) for outcome in report.outcomes} == {(check, "conforms") for check in CHECKS}


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ("FromPort: 80", "FromPort: 22", "security-group-ELBSecurityGroup"),
        ('"ec2.amazonaws.com"', '"ecs.amazonaws.com"', "role-WebServerIAMRole-test"),
        ("internet-facing", "internal", "load-balancer-WebELB"),
        ("InstancePort: 80", "InstancePort: 8080", "load-balancer-WebELB"),
        ("codepipeline-demo", "another-key", "launch-configuration-WebServerLaunchConfig"),
        ("ami-e5083683", "ami-00000000", "launch-configuration-WebServerLaunchConfig"),
        ("t2.large", "m4.large", "launch-configuration-WebServerLaunchConfig"),
        ("MaxSize: 1", "MaxSize: 2", "auto-scaling-group-WebServerASG"),
        ("LoadBalancerNames: WebELB", "LoadBalancerNames: AppELB", "auto-scaling-group-WebServerASG"),
    ],
)
def test_each_change_of_the_spec_differs(sample: Client, server: str, old: str, new: str, check: str) -> None:
    text = SPEC.read_text()
    assert old in text
    report = verify(text.replace(old, new, 1), server)
    assert {outcome.check for outcome in report.outcomes if outcome.kind == "differs"} == {check}
    assert {outcome.check for outcome in report.outcomes if outcome.kind == "conforms"} == CHECKS - {check}


def test_the_image_itself_is_not_there(sample: Client) -> None:
    assert not sample("ec2").describe_images(Filters=[{"Name": "image-id", "Values": ["ami-e5083683"]}])["Images"]
