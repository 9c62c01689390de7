"""Rule iam-region-bedrock-cris."""

import json
from typing import Any

import pytest

from validator.testing import check_rule, findings

RULE = "iam-region-bedrock-cris"
CONFIG = '[[policies]]\nfiles = "scp.json"\nkind = "scp"\n'
LOCK = {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}
PROFILES = {"ArnNotLike": {"bedrock:InferenceProfileArn": "arn:aws:bedrock:*:*:inference-profile/eu.*"}}
INFERENCE = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream", "bedrock:CreateModelInvocationJob"]


def files(*statements: dict[str, Any], config: str = CONFIG) -> dict[str, str]:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"scp.json": json.dumps(policy, indent=1), "stackproof.toml": config}


def guard(*left_out: str) -> dict[str, Any]:
    return {"Effect": "Deny", "NotAction": ["iam:*", *left_out], "Resource": "*", "Condition": LOCK}


def allow(*resources: str, action: str = "bedrock:InvokeModel*") -> dict[str, Any]:
    return {"Sid": "Models", "Effect": "Allow", "Action": action, "Resource": list(resources)}


SECOND = {"Effect": "Deny", "Action": INFERENCE, "Resource": "*", "Condition": LOCK | PROFILES}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_all_of_bedrock_is_more_than_inference() -> None:
    [finding] = findings(RULE, files(guard("bedrock:*"), SECOND))
    assert finding.at.value == "bedrock:*"
    assert finding.message.startswith(
        "'bedrock:*' is more than cross-region inference needs: it takes in bedrock:Create"
    )


def test_inference_without_a_second_deny_can_be_called_everywhere() -> None:
    [finding] = findings(RULE, files(guard("bedrock:InvokeModel*")))
    assert finding.message == (
        "the guard leaves out 'bedrock:InvokeModel*', and no other Deny asks for an inference profile"
    )


def test_a_guard_that_leaves_out_nothing_stops_the_profiles_that_the_policy_is_about() -> None:
    [finding] = findings(
        RULE, files(guard(), allow("arn:aws:bedrock:*:*:inference-profile/eu.*", "arn:*:*:*:*:*"), config="")
    )
    assert finding.message == (
        "the guard stops cross-region inference, which statement 'Models' is about: "
        "it denies bedrock:InvokeModel where a profile answers"
    )


@pytest.mark.parametrize(
    ("statements", "config"),
    [
        pytest.param([guard(*INFERENCE), SECOND], CONFIG, id="as AWS publishes it"),
        pytest.param([guard()], CONFIG, id="Bedrock is not named"),
        pytest.param([guard("bedrock:Get*", "bedrock:List*")], CONFIG, id="reads"),
        pytest.param([guard(), allow("*", action="*")], "", id="everything allowed"),
        pytest.param([guard(), allow("arn:aws:bedrock:*::foundation-model/*")], "", id="models, no profiles"),
        pytest.param([guard(), allow("*", action="bedrock:ListFoundationModels")], "", id="no inference"),
    ],
)
def test_accepts(statements: list[dict[str, Any]], config: str) -> None:
    assert not findings(RULE, files(*statements, config=config))
