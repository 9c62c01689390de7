"""AWS's managed policies."""

import pytest

from validator.iam.managed import Verdict, judge, path_of, sam_templates


@pytest.mark.parametrize(
    "path",
    [
        "/ReadOnlyAccess",
        "/service-role/AWSLambdaBasicExecutionRole",
        "/job-function/ViewOnlyAccess",
        "/AWSLambdaFullAccess",
    ],
)
def test_knows_the_policies_of_all_partitions(path: str) -> None:
    assert judge(path) is None


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("/AWSLambdaBasicExecutionRole", Verdict("path", "/service-role/AWSLambdaBasicExecutionRole")),
        ("/aws-service-role/AmazonECSServiceRolePolicy", Verdict("linked")),
        ("/ReadOnlyAcess", Verdict("unknown", "/ReadOnlyAccess")),
        ("/AWSCodePipelineFullAccess", Verdict("retired", "", "2022-06", certain=False)),
        ("/AmazonGuardDutyFullAccess", Verdict("retired", "/AmazonGuardDutyFullAccess_v2", "2026-02", certain=False)),
        ("/FrobnicatorQuux", Verdict("unknown", certain=False)),
    ],
)
def test_tells_what_is_wrong(path: str, verdict: Verdict) -> None:
    assert judge(path) == verdict


def test_a_version_in_a_name_may_be_new() -> None:
    verdict = judge("/AmazonGuardDutyFullAccess_v3")
    assert verdict is not None
    assert not verdict.certain


def test_finds_a_policy_by_its_name_alone() -> None:
    assert path_of("AWSLambdaBasicExecutionRole") == "/service-role/AWSLambdaBasicExecutionRole"
    assert not path_of("Frobnicator")


def test_knows_the_parameters_of_sam() -> None:
    assert sam_templates()["DynamoDBStreamReadPolicy"] == ["StreamName", "TableName"]
