"""An account at moto's server, what tests deploy there, and runs against it."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import boto3
import yaml
from botocore.config import Config

from validator.environment import EnvironmentSpec, Spec, read
from validator.live import Clock, Options, Outcome, Report, Run
from validator.parse import parse

ROOT = Path(__file__).parents[2]
DELIVERY = ROOT / "fixtures/delivery"
REGION = "eu-central-1"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing-secret",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
UNSET = (
    "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy",
)  # fmt: skip

# The one slip in the sample that would stop its deployment, and how it is put right.
SLIP = ("[SecurityStack, Outputs.WebInstanceProfile]", "[SecurityStack, Outputs.WebInstanceProfileName]")

Client = Callable[[str], Any]


def reset(server: str) -> None:
    """Empty the account."""
    with build_opener(ProxyHandler({})).open(Request(f"{server}/moto-api/reset", method="POST")):  # noqa: S310  # ours
        pass


def clients(server: str) -> Client:
    """Make the clients that tests change things with."""
    made: dict[str, Any] = {}
    session = boto3.Session("testing", "testing-secret", region_name=REGION)

    def client(service: str) -> Any:
        if service not in made:
            config = Config(proxies={}, retries={"total_max_attempts": 1})
            made[service] = session.client(service, endpoint_url=server, config=config)
        return made[service]

    return client


def deploy(client: Client, name: str, template: str, parameters: Mapping[str, str]) -> None:
    """Create a stack; moto does so before it answers."""
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    client("cloudformation").create_stack(
        StackName=name, TemplateBody=template, Parameters=given, Capabilities=["CAPABILITY_NAMED_IAM"]
    )


def deliver(client: Client) -> None:
    """Deploy the sample delivery for its test environment, as the stack `webtier-test`.

    The network comes from elsewhere in a real account, so it is made here and takes the place of the ids in the
    parameter file. The image is only a name to moto. Of the four slips in the sample, one would stop the deployment: it
    is put right on the way.
    """
    ec2, s3 = client("ec2"), client("s3")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{'ab'[n % 2]}")["Subnet"][
            "SubnetId"
        ]
        for n in range(4)
    ]
    parameters = yaml.safe_load((DELIVERY / "config/test.json").read_text())["Parameters"]
    client("rds").create_db_subnet_group(
        DBSubnetGroupName=parameters["DBSubnetGroupName"], DBSubnetGroupDescription="network", SubnetIds=subnets[2:]
    )
    bucket = parameters["TemplateBucket"]
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    for template in (DELIVERY / "templates").iterdir():
        s3.put_object(Bucket=bucket, Key=f"test/templates/{template.name}", Body=template.read_bytes())
    root = (DELIVERY / "templates/root.yml").read_text()
    assert SLIP[0] in root
    deploy(
        client,
        "webtier-test",
        root.replace(*SLIP),
        parameters
        | {
            "TemplatePrefix": "test",
            "VpcId": vpc,
            "PublicSubnetIds": ",".join(subnets[:2]),
            "PrivateSubnetIds": ",".join(subnets[2:]),
        },
    )


def spec(text: str, path: str = "env.yml") -> Spec:
    """Read a spec of either format, with which nothing must be wrong."""
    document = parse(path, text)
    found, problems = read(EnvironmentSpec(document.root, "1" if "envspec" in text else "legacy"))
    assert not document.problems
    assert not problems
    return found


class Time:
    """Time that passes only where somebody waits."""

    def __init__(self) -> None:
        """Start."""
        self.now = 0.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Let it pass."""
        self.now += seconds
        self.pauses.append(seconds)

    def clock(self, deadline: float | None = None) -> Clock:
        """Make a clock that goes by it."""
        return Clock(deadline, now=lambda: self.now, sleep=self.sleep)


def verify(
    given: Spec | str, url: str, *, time: Time | None = None, deadline: float | None = None, **how: Any
) -> Report:
    """Make a run in which no time passes."""
    found = spec(given) if isinstance(given, str) else given
    options = Options(**{"endpoint": url, "region": "" if found.targets else REGION, **how})
    return Run([found], options, (time or Time()).clock(deadline)).make()


def of_kind(report: Report, kind: str) -> set[tuple[str, str]]:
    """Give the checks and the paths of which something came."""
    return {(outcome.check, outcome.path) for outcome in report.outcomes if outcome.kind == kind}


def only(report: Report) -> Outcome:
    """Give the one outcome of a run."""
    [outcome] = report.outcomes
    return outcome
