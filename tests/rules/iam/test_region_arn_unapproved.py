"""Rule iam-region-arn-unapproved."""

import json
from typing import Any

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "iam-region-arn-unapproved"
CONFIG = 'approved-regions = ["eu-central-1"]\n'
QUEUE = "arn:aws:sqs:us-east-1:111122223333:orders"
LOCK = {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}


def files(*statements: dict[str, Any], config: str = CONFIG) -> dict[str, str]:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"policy.json": json.dumps(policy, indent=1), "stackproof.toml": config}


def allow(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "sqs:*", "Resource": QUEUE} | elements


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_points_at_the_arn_and_names_the_approved_regions() -> None:
    [finding] = findings(RULE, files(allow(Resource=["arn:aws:sqs:eu-central-1:1:x", QUEUE])))
    assert (finding.at.value, finding.severity) == (QUEUE, None)
    assert finding.message == (
        f"{QUEUE!r} is in us-east-1, which is not approved, and sqs:CreateQueue can be called there"
    )
    assert finding.help == "name one of the approved regions: eu-central-1"


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([allow(Resource="arn:aws:sqs:eu-central-1:111122223333:orders")], id="approved"),
        pytest.param([allow(Effect="Deny")], id="Deny"),
        pytest.param([allow(), allow(Effect="Deny", Resource="*", Condition=LOCK)], id="Deny elsewhere"),
        pytest.param([allow(Condition={"StringEquals": {"aws:RequestedRegion": "eu-central-1"}})], id="condition"),
        pytest.param([allow(Action="s3:*")], id="another service"),
        pytest.param([allow(Action="iam:*", Resource="arn:aws:iam:us-east-1:111122223333:role/x")], id="global"),
        pytest.param([allow(Resource="arn:aws:sqs:nowhere-1:111122223333:orders")], id="no region"),
        pytest.param([allow(Resource=[7, {"Ref": "Queue"}])], id="no text"),
    ],
)
def test_accepts(statements: list[dict[str, Any]]) -> None:
    assert not findings(RULE, files(*statements))


def test_what_is_exempt_is_no_finding() -> None:
    assert not findings(RULE, files(allow(), config=CONFIG + 'exempt = { services = ["sqs"] }\n'))


def test_without_approved_regions_nothing_is_said() -> None:
    assert not findings(RULE, files(allow(), config=""))


def test_reads_are_a_note() -> None:
    [finding] = findings(RULE, files(allow(Action="sqs:Get*")))
    assert finding.severity is Severity.NOTE


def test_what_cloudfront_needs_in_its_region_is_a_note_that_says_so() -> None:
    certificate = allow(Action="acm:DeleteCertificate", Resource="arn:aws:acm:us-east-1:111122223333:certificate/*")
    [finding] = findings(RULE, files(certificate))
    assert finding.severity is Severity.NOTE
    assert finding.help == (
        "CloudFront takes its certificates from us-east-1 only; if that is what it is for, "
        "add 'acm:DeleteCertificate' to exempt.actions in the configuration"
    )


TEMPLATE = """\
Parameters:
  Other: {Type: String, Default: us-west-2}
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: sqs:*
            Resource:
              - !Sub arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:here
              - !Sub arn:aws:sqs:${Other}:${AWS::AccountId}:there
"""


def test_functions_are_evaluated_and_the_region_of_the_stack_is_another_matter() -> None:
    config = CONFIG + 'deploy-regions = ["eu-central-1", "us-east-1"]\n'
    [finding] = findings(RULE, {"t.yml": TEMPLATE, "stackproof.toml": config})
    assert finding.at.span.line == 14
    assert "'arn:aws:sqs:us-west-2:…:there' is in us-west-2" in finding.message


def test_several_arns_of_one_function_are_one_finding() -> None:
    arns = ", ".join(f'"arn:aws:sqs:us-east-1:111122223333:{name}"' for name in "abc")
    text = TEMPLATE.replace("Resource:\n", f"Resource: !If [C, [{arns}], !Ref X]\n").split("              -")[0]
    [finding] = findings(RULE, {"t.yml": text, "stackproof.toml": CONFIG})
    assert "'arn:aws:sqs:us-east-1:111122223333:a' (and 2 more ARNs) is in us-east-1" in finding.message
