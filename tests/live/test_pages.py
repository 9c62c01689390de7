"""More things than stand on one page of an answer."""

import pytest

from .account import Client, of_kind, verify

MANY = 120


@pytest.fixture
def crowded(aws: Client) -> Client:
    """Make many things with names that are parts of each other."""
    scaling, elb = aws("autoscaling"), aws("elb")
    listener = {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}
    for number in range(MANY):
        wanted = number == MANY - 7
        name = f"web-{number:03}"
        scaling.create_launch_configuration(
            LaunchConfigurationName=name, ImageId="ami-1", InstanceType="m5.large" if wanted else "t3.small"
        )
        scaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchConfigurationName=name,
            MinSize=0,
            MaxSize=7 if wanted else 1,
            AvailabilityZones=["eu-central-1a"],
        )
        elb.create_load_balancer(
            LoadBalancerName=name,
            Listeners=[listener | {"InstancePort": 8080 if wanted else 80}],
            AvailabilityZones=["eu-central-1a"],
        )
    return aws


LEGACY = """\
describe_launch_configurations: {Name: web-113, Properties: {InstanceType: m5.large}}
describe_auto_scaling_groups: {Name: web-113, Properties: {MaxSize: 7}}
describe_load_balancers:
  Name: web-113
  Properties: {Listeners: [{LoadBalancerPort: 80, InstancePort: 8080, Protocol: HTTP}]}
"""
COUNTED = """\
envspec: 1
targets: {t: {region: eu-central-1}}
checks:
- {id: configurations, call: autoscaling.describe_launch_configurations, select: LaunchConfigurations, count: 120}
- {id: groups, call: autoscaling.describe_auto_scaling_groups, select: AutoScalingGroups, count: 120}
- {id: balancers, call: elb.describe_load_balancers, select: LoadBalancerDescriptions, count: 120}
- {id: large, call: autoscaling.describe_launch_configurations,
   select: "LaunchConfigurations[?InstanceType=='m5.large'].LaunchConfigurationName", expect: {"@": [web-113]}}
- {id: none, call: elb.describe_load_balancers,
   select: "LoadBalancerDescriptions[?LoadBalancerName=='web-113']", count: 0}
"""


def test_all_pages_are_looked_at(crowded: Client, server: str) -> None:
    assert verify(LEGACY, server).counts["conforms"] == 3
    report = verify(COUNTED, server)
    assert of_kind(report, "differs") == {("none", "count")}
    assert report.counts["conforms"] == 4
