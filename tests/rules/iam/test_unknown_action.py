"""Rule iam-unknown-action."""

import pytest

from validator.rule import Severity
from validator.testing import findings

POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": [%s], "Resource": "*"}]}'


def single(action: str) -> tuple[str, str, Severity | None]:
    [finding] = findings("iam-unknown-action", {"policy.json": POLICY % f'"{action}"'})
    return finding.message, finding.help, finding.severity


@pytest.mark.parametrize(
    ("action", "message", "suggestion", "severity"),
    [
        ("s3:GetObjects", "s3 has no action 'GetObjects'", "did you mean 's3:GetObject'?", None),
        ("s3:FlyToTheMoon", "s3 has no action 'FlyToTheMoon'", None, Severity.WARNING),
        ("s3:Gett*", "'s3:Gett*' matches no action of s3", None, Severity.WARNING),
        ("quuxly:Get*", "no service has the prefix 'quuxly'", None, Severity.WARNING),
        ("GetObject", "IAM does not take the action 'GetObject': it has no service before the colon", None, None),
        (
            "*:GetObject",
            "IAM does not take the action '*:GetObject': no wildcard can stand for the service",
            None,
            None,
        ),
        (
            "deepracer:*",
            "AWS no longer has 'deepracer:*', last listed in 2025-04",
            "remove it if nothing needs it any more",
            Severity.NOTE,
        ),
    ],
)
def test_is_as_sure_as_it_can_be(action: str, message: str, suggestion: str | None, severity: Severity | None) -> None:
    found = single(action)
    assert (found[0], found[2]) == (message, severity)
    assert suggestion is None or found[1] == suggestion


@pytest.mark.parametrize(
    ("action", "advice"),
    [
        ("s3:HeadBucket", "the operation 'HeadBucket' of the API needs 's3:ListBucket'"),
        ("s3:ListObject", "the operation 'ListObjects' of the API needs 's3:ListBucket'"),
        ("s3:CopyObject", "the operation 'CopyObject' of the API needs 's3:GetObject' and 's3:PutObject'"),
        (
            "s3:ListBuckets",
            "the operation 'ListBuckets' of the API needs 's3:ListAllMyBuckets'; or did you mean 's3:ListBucket'?",
        ),
        ("s3:ListBucketByTags", "s3 has s3:ListBucket, s3:ListAllMyBuckets, s3:ListBucketVersions, "),
        ("s3:FlyToTheMoon", "look it up among the"),
        ("s3:Move*", "look it up among the"),
        ("quuxly:Get*", "look up the prefix in the Service Authorization Reference"),
        ("Put Object", "write it as service:Action"),
    ],
)
def test_says_what_to_do(action: str, advice: str) -> None:
    assert single(action)[1].startswith(advice)


def test_points_at_the_action() -> None:
    [finding] = findings("iam-unknown-action", {"policy.json": POLICY % '"s3:GetObject", "s3:GetObjects"'})
    assert finding.at.text == '"s3:GetObjects"'


def test_an_action_that_is_not_meant_counts_as_well() -> None:
    text = POLICY.replace('"Action"', '"NotAction"') % '"s3:GetObjects"'
    assert findings("iam-unknown-action", {"policy.json": text})


@pytest.mark.parametrize(
    "action", ["*", "s3:*", "S3:getobject", "s3:Get*", "s3:Get?bject", "${service}:Get*", "Update:*"]
)
def test_accepts(action: str) -> None:
    assert not findings("iam-unknown-action", {"policy.json": POLICY % f'"{action}"'})


def test_what_a_function_gives_is_not_known() -> None:
    text = """\
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - {Effect: Allow, Action: [!Ref A, !Sub 's3:${B}'], Resource: '*'}
          - !If [A, {Effect: Allow, Action: 's3:GetObjects', Resource: '*'}, !Ref 'AWS::NoValue']
"""
    assert [each.at.value for each in findings("iam-unknown-action", {"t.yml": text})] == ["s3:GetObjects"]
