"""`spec generate`, `spec plan` and `spec policy` on the delivery that the README shows."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

Run = Callable[..., Any]
DELIVERY = Path(__file__).parents[2] / "fixtures" / "delivery"
GENERATE = ("spec", "generate", "--template", "templates/root.yml", "--parameters", "config/test.json")


@pytest.fixture
def delivery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(DELIVERY, tmp_path / "delivery")
    monkeypatch.chdir(tmp_path / "delivery")
    return tmp_path / "delivery"


def test_what_is_generated_is_a_spec_without_findings(delivery: Path, stackproof: Run) -> None:
    written = stackproof(*GENERATE)
    assert (written.code, written.err) == (0, "")
    (delivery / "generated.yml").write_text(written.out)
    ran = stackproof("check", "--select", "environment", "generated.yml")
    assert (ran.code, "no findings" in ran.out) == (0, True)


def test_the_same_files_give_the_same_spec(delivery: Path, stackproof: Run) -> None:
    assert stackproof(*GENERATE).out == stackproof(*GENERATE).out
    found = yaml.safe_load(stackproof(*GENERATE).out)
    assert found["targets"] == {"test": {"stack": "webtier-test"}}
    assert [one["id"] for one in found["checks"]][:3] == [
        "stack",
        "SecurityStack.ELBSecurityGroup",
        "SecurityStack.ELBHttpsIngress",
    ]


def test_values_references_and_what_is_left_out(delivery: Path, stackproof: Run) -> None:
    text = stackproof(*GENERATE).out
    checks = {one["id"]: one for one in yaml.safe_load(text)["checks"]}
    assert checks["SecurityStack.ELBHttpsIngress"]["absent"] is True
    assert checks["WebStack.WebLaunchConfig"]["expect"]["InstanceType"] == "t3.small"
    assert checks["WebStack.WebASG"]["expect"]["LoadBalancerNames"] == ["${resource:WebStack/WebELB}"]
    assert checks["DatabaseStack.Database"]["expect"]["VPCSecurityGroups"] == [
        "${resource:SecurityStack/DBSecurityGroup}"
    ]
    assert "# DatabaseStack/Database: MasterUserPassword left out, it cannot be read back\n" in text
    assert "resolve:" not in text


def test_check_says_when_the_template_has_changed(delivery: Path, stackproof: Run) -> None:
    (delivery / "generated.yml").write_text(stackproof(*GENERATE).out)
    assert stackproof(*GENERATE, "--check", "generated.yml").code == 0
    web = delivery / "templates" / "web.yml"
    web.write_text(web.read_text().replace("HealthCheckGracePeriod: 300", "HealthCheckGracePeriod: 60"))
    ran = stackproof(*GENERATE, "--check", "generated.yml")
    assert (ran.code, ran.out) == (1, "")
    assert "generated.yml:" in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("generate",), "generate needs --template FILE"),
        (("plan",), "plan needs a FILE"),
        (("plan", "env-details.yml", "--template", "x"), "plan takes no --template"),
        (("plan", "nothing.yml"), "nothing.yml is not there"),
        (("policy", "pipeline.yml"), "pipeline.yml is no spec of an environment"),
        (("generate", "--template", "env-details.yml"), "env-details.yml is no template"),
        (("generate", "--template", "templates/root.yml"), "is deployed in several ways"),
        (("generate", "--template", "templates/web.yml"), "is nested in another template"),
    ],
)
def test_complains(arguments: tuple[str, ...], says: str, delivery: Path, stackproof: Run) -> None:
    ran = stackproof("spec", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


@pytest.mark.usefixtures("delivery")
def test_the_policy_of_the_delivery_names_exactly_what_it_reads(stackproof: Run) -> None:
    ran = stackproof("spec", "policy", "env-details.yml", "--region", "eu-central-1")
    regional, everywhere = json.loads(ran.out)["Statement"]
    assert (ran.code, ran.err) == (0, "")
    assert regional["Condition"] == {"StringEquals": {"aws:RequestedRegion": ["eu-central-1"]}}
    assert regional["Action"] == [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeLaunchConfigurations",
        "ec2:DescribeSecurityGroups",
        "elasticloadbalancing:DescribeLoadBalancers",
    ]
    assert everywhere["Action"] == ["iam:GetRole"]


@pytest.mark.usefixtures("delivery")
def test_the_plan_lists_the_calls_in_order(stackproof: Run) -> None:
    ran = stackproof("spec", "plan", "env-details.yml", "--region", "eu-central-1")
    assert [line.split()[0:2][0] for line in ran.out.splitlines()[1:]] == [
        "ec2.describe_security_groups",
        "iam.get_role",
        "elb.describe_load_balancers",
        "autoscaling.describe_launch_configurations",
        "autoscaling.describe_auto_scaling_groups",
    ]


@pytest.mark.usefixtures("delivery")
def test_an_action_that_nobody_knows_fails_the_policy(stackproof: Run) -> None:
    Path("spec.yml").write_text("envspec: 1\nchecks:\n- {id: a, resource: Nowhere, stack: x, expect: {Name: y}}\n")
    ran = stackproof("spec", "policy", "spec.yml")
    assert ran.code == 1
    assert "unknown: of which type Nowhere is" in ran.err
