"""What boto3 can call."""

import subprocess
import sys

import pytest

from validator.environment.operations import LEGACY, operations, reads, services, services_with


def test_agrees_with_botocore_on_a_service() -> None:
    import botocore.session  # noqa: PLC0415  # slow, for this test only
    from botocore import xform_name  # noqa: PLC0415

    model = botocore.session.Session().get_service_model("rds")
    assert operations("rds") == {xform_name(name) for name in model.operation_names}


def test_agrees_with_botocore_on_the_services() -> None:
    import botocore.session  # noqa: PLC0415

    assert services() == set(botocore.session.Session().get_available_services())


@pytest.mark.parametrize(("operation", "service"), LEGACY.items())
def test_the_operations_of_the_legacy_format_are_real(operation: str, service: str) -> None:
    assert operation in operations(service)
    assert reads(operation)


def test_a_service_that_does_not_exist_has_no_operations() -> None:
    assert not operations("../ec2")


def test_finds_the_services_of_an_operation() -> None:
    assert services_with("describe_load_balancers") == ("autoscaling", "elb", "elbv2")
    assert not services_with("describe_nothing_at_all")
    assert not services_with("DescribeLoadBalancers")
    assert not services_with("\udcff[")


@pytest.mark.parametrize("operation", ["delete_role", "getter", "put_object", "start_build"])
def test_a_name_that_does_not_say_so_reads_nothing(operation: str) -> None:
    assert not reads(operation)


def test_listing_services_costs_no_botocore() -> None:
    code = "import sys; from validator.environment.operations import services; assert services()\n"
    code += "assert 'botocore' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
