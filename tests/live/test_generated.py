"""What is generated from the sample delivery's files holds for what is deployed from them, and goes stale with them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from validator.cli import main

from .account import DELIVERY, REGION, SLIP, Client, of_kind, verify
from .articles import NO_KEY, NO_TYPE, SYSTEM, SYSTEMS, build

Run = Callable[..., tuple[int, str]]
GENERATE = ("spec", "generate", "--template", "templates/root.yml", "--parameters", "config/test.json")


@pytest.fixture
def delivery(delivered: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a copy whose parameter file names the network that the stack was deployed into."""
    folder = tmp_path / "delivery"
    shutil.copytree(DELIVERY, folder, ignore=shutil.ignore_patterns(".*"))
    root = folder / "templates" / "root.yml"
    root.write_text(root.read_text().replace(*SLIP))
    found = delivered("ec2").describe_subnets(Filters=[{"Name": "cidr", "Values": ["10.0.?.0/24"]}])["Subnets"]
    subnets = {subnet["CidrBlock"]: subnet["SubnetId"] for subnet in found}
    path = folder / "config" / "test.json"
    written = json.loads(path.read_text())
    written["Parameters"] |= {
        "VpcId": found[0]["VpcId"],
        "PublicSubnetIds": f"{subnets['10.0.0.0/24']},{subnets['10.0.1.0/24']}",
        "PrivateSubnetIds": f"{subnets['10.0.2.0/24']},{subnets['10.0.3.0/24']}",
    }
    path.write_text(json.dumps(written, indent=2))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def stackproof(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; give its exit code and what it writes."""

    def run(*arguments: str) -> tuple[int, str]:
        code = main(arguments)
        return code, capsys.readouterr().out

    return run


@pytest.fixture
def generated(delivery: Path, stackproof: Run) -> Path:
    code, text = stackproof(*GENERATE)
    assert code == 0, text
    path = delivery / "generated.yml"
    path.write_text(text)
    return path


def test_conforms(generated: Path, stackproof: Run, server: str) -> None:
    report = verify(generated.read_text(), server, region=REGION)
    assert {(one.check, one.path, one.message) for one in report.outcomes if one.kind != "conforms"} == set()
    assert len(report.outcomes) > 50
    assert stackproof("verify", str(generated), "--region", REGION, "--endpoint-url", server)[0] == 0


def test_tells_what_is_changed_behind_its_back(generated: Path, delivered: Client, server: str) -> None:
    delivered("elb").configure_health_check(
        LoadBalancerName="WebELB-test",
        HealthCheck={"Target": "TCP:80", "Interval": 10, "Timeout": 5, "UnhealthyThreshold": 5, "HealthyThreshold": 2},
    )
    report = verify(generated.read_text(), server, region=REGION)
    assert of_kind(report, "differs") == {("WebStack.WebELB", "HealthCheck")}
    assert report.code == 1


def test_the_same_files_give_the_same_spec(generated: Path, stackproof: Run) -> None:
    assert stackproof(*GENERATE) == (0, generated.read_text())
    assert stackproof(*GENERATE, "--check", "generated.yml") == (0, "")


def test_check_notices_that_a_template_or_a_parameter_has_changed(
    delivery: Path, generated: Path, stackproof: Run
) -> None:
    for path, old, new in (
        ("templates/web.yml", "HealthCheckGracePeriod: 300", "HealthCheckGracePeriod: 60"),
        ("config/test.json", "ami-0f3a5b7c9d1e2f468", "ami-0f3a5b7c9d1e2f469"),
    ):
        text = (delivery / path).read_text()
        assert old in text
        (delivery / path).write_text(text.replace(old, new))
        assert stackproof(*GENERATE, "--check", "generated.yml")[0] == 1
        (delivery / path).write_text(text)
        assert stackproof(*GENERATE, "--check", "generated.yml")[0] == 0


NO_MANAGED = "moto has none of AWS's managed policies"
NO_FARGATE = "moto's stacks give a task and its service no network, no size and no launch type"
# What is generated for the systems of the articles and does not hold on moto, by check or check and path.
UNSERVED: dict[str, dict[str, str]] = {
    "classic-web-tier": {"ServerRole ManagedPolicyArns": NO_MANAGED},
    "rotated-secret": {"Secret": NO_TYPE, "Rotation": NO_TYPE, "RotationRole ManagedPolicyArns": NO_MANAGED},
    "order-table": {
        "Orders SSESpecification": NO_KEY,
        "FollowerRole ManagedPolicyArns": NO_MANAGED,
    },
    "parameter-tree": {"ReaderRole ManagedPolicyArns": NO_MANAGED},
    "redshift-access": {
        "WarehouseParameters Parameters": "moto's parameter groups have no parameters of their own",
    },
    "ad-tracking": {
        "Campaigns SSESpecification": NO_KEY,
        "CounterSubnets": NO_TYPE,
        "Counters": NO_TYPE,
        "ExecutionRole ManagedPolicyArns": NO_MANAGED,
        "Cluster ClusterSettings": "moto's clusters have no settings of their own",
        "TrackerTask RequiresCompatibilities": NO_FARGATE,
        "TrackerTask NetworkMode": NO_FARGATE,
        "TrackerTask Cpu": NO_FARGATE,
        "Tracker LaunchType": NO_FARGATE,
        "Tracker NetworkConfiguration": NO_FARGATE,
    },
    "workstation": {"WorkstationRole ManagedPolicyArns": NO_MANAGED},
}


@pytest.mark.parametrize("name", SYSTEM)
def test_systems_conform_as_far_as_moto_serves_them(
    aws: Client, server: str, stackproof: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    parameters = build(aws, name)
    monkeypatch.chdir(tmp_path)
    for file in ("template.yml", "stackproof.toml"):
        shutil.copy(SYSTEMS / name / file, file)
    Path("test.json").write_text(json.dumps({"Parameters": parameters}))
    given = ("--template", "template.yml", "--parameters", "test.json", "--stack", SYSTEM[name].stack)
    code, text = stackproof("spec", "generate", *given, "--region", REGION, "--account", "123456789012")
    assert code == 0
    Path("env.yml").write_text(text)
    assert stackproof("check", "--format", "concise", "env.yml", "template.yml", "test.json") == (0, "")
    kinds: dict[str, set[str]] = {}
    for one in verify(text, server).outcomes:
        whole = one.check if one.check in UNSERVED[name] else f"{one.check} {one.path}"
        kinds.setdefault(whole, set()).add(one.kind)
    assert {whole for whole, found in kinds.items() if found != {"conforms"}} == set(UNSERVED[name])
    assert not any("conforms" in kinds[whole] for whole in UNSERVED[name])
