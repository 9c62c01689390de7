"""Rule iam-principal-star."""

import json
from typing import Any

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings, undecided

RULE = "iam-principal-star"
QUEUE = "arn:aws:sqs:eu-central-1:123456789012:jobs"


def allow(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": QUEUE} | elements


def deny(**elements: Any) -> dict[str, Any]:
    return allow(**elements) | {"Effect": "Deny"}


def files(*statements: dict[str, Any], path: str = "policy.json") -> dict[str, str]:
    return {path: json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=1)}


def template(kind: str, carrier: str, *statements: Any, **properties: Any) -> dict[str, str]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    resource = {"Type": kind, "Properties": {carrier: document} | properties}
    return {"template.json": json.dumps({"Resources": {"R": resource}}, indent=1)}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["arn:aws:iam::123456789012:root", "*"]}])
def test_points_at_the_star(principal: Any) -> None:
    [finding] = findings(RULE, files(allow(Principal=principal)))
    assert (finding.message, finding.severity) == ("everybody can call sqs:SendMessage", None)
    assert finding.at.value == "*"


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}},
        {"StringEquals": {"AWS:PrincipalAccount": ["123456789012", "210987654321"]}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/*"}},
        {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:eu-central-1:123456789012:topic"}},
        {"StringEquals": {"aws:SourceAccount": "123456789012"}},
        {"StringEquals": {"aws:SourceOwner": "123456789012"}},
        {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}},
        {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.7"]}},
        {"StringEquals": {"kms:CallerAccount": "123456789012", "kms:ViaService": "s3.eu-central-1.amazonaws.com"}},
        {"Bool": {"aws:PrincipalIsAWSService": "true"}, "StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}},
        {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
        {"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}},
        {"Fn::If": ["A", {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, {"Ref": "AWS::NoValue"}]},
    ],
)
def test_a_condition_keeps_strangers_out(condition: Any) -> None:
    assert not findings(RULE, files(allow(Condition=condition)))


@pytest.mark.parametrize(
    "condition",
    [
        {"StringLike": {"aws:PrincipalOrgID": "*"}, "Bool": {"aws:SecureTransport": "true"}},
        {"StringLike": {"aws:PrincipalArn": "*"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}},
        {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}},
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        {"Null": {"aws:PrincipalArn": "false"}},
        {"Bool": {"aws:SecureTransport": "true"}},
    ],
)
def test_a_condition_keeps_nobody_out(condition: Any) -> None:
    [finding] = findings(RULE, files(allow(Condition=condition)))
    assert (finding.message, finding.severity) == ("everybody can call sqs:SendMessage", None)


def test_what_a_stranger_can_set_is_said_and_a_warning() -> None:
    [finding] = findings(RULE, files(allow(Condition={"StringEquals": {"aws:PrincipalTag/team": "web"}})))
    assert finding.message == "everybody can call sqs:SendMessage where aws:PrincipalTag/team is 'web'"
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "other",
    [
        deny(Condition={"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}, Action="sqs:*"),
        deny(Action="*", Condition={"StringNotEquals": {"aws:PrincipalAccount": "123456789012"}}),
        {
            "Effect": "Deny",
            "NotPrincipal": {"AWS": "arn:aws:iam::123456789012:root"},
            "Action": "sqs:*",
            "Resource": "*",
        },
    ],
)
def test_a_deny_keeps_strangers_out(other: dict[str, Any]) -> None:
    assert not findings(RULE, files(allow(), other))


@pytest.mark.parametrize(
    "other",
    [
        deny(Condition={"Bool": {"aws:SecureTransport": "false"}}),
        deny(Principal={"AWS": "arn:aws:iam::123456789012:role/x"}),
        deny(Action="sqs:DeleteQueue"),
    ],
)
def test_a_deny_of_something_else_does_not(other: dict[str, Any]) -> None:
    assert findings(RULE, files(allow(), other))


@pytest.mark.parametrize(
    ("action", "resource", "severity"),
    [
        ("s3:GetObject", "arn:aws:s3:::site/*", Severity.NOTE),
        (["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::site/*", None),
        ("s3:*", "arn:aws:s3:::site/*", None),
        ("*", "arn:aws:s3:::site/*", None),
        ("sqs:ReceiveMessage", QUEUE, Severity.WARNING),
        ("sqs:SendMessage", "*", Severity.WARNING),
        ("lambda:InvokeFunctionUrl", "arn:aws:lambda:eu-central-1:123456789012:function:f", Severity.NOTE),
    ],
)
def test_how_bad_it_is_depends_on_what_can_be_done(action: Any, resource: str, severity: Severity | None) -> None:
    [finding] = findings(RULE, files(allow(Action=action, Resource=resource)))
    assert finding.severity is severity


def test_a_role_that_everybody_can_assume() -> None:
    given = files({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"})
    [finding] = findings(RULE, given)
    assert (finding.message, finding.severity) == ("everybody in the world can assume the role", None)


def test_an_external_id_is_no_secret() -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}
    [finding] = findings(RULE, files(statement | {"Condition": {"StringEquals": {"sts:ExternalId": "42"}}}))
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "given",
    [
        template("AWS::EC2::VPCEndpoint", "PolicyDocument", allow(Action="*", Resource="*")),
        template("AWS::ApiGateway::RestApi", "Policy", allow(Action="execute-api:Invoke", Resource="*")),
        template(
            "AWS::OpenSearchService::Domain", "AccessPolicies", allow(Action="es:*"), VPCOptions={"SubnetIds": []}
        ),
        files(allow(Action="*", Resource="*"), path="s3-endpoint.json"),
        template("AWS::ECR::PublicRepository", "RepositoryPolicyText", allow(Action="ecr:BatchGetImage")),
        files(allow(Action="*", Resource="*"), path="vpce.json"),
        files(allow(Action="execute-api:Invoke", Resource="execute-api:/*")),
    ],
)
def test_a_star_is_usual_behind_a_network(given: dict[str, str]) -> None:
    assert not findings(RULE, given)


def test_an_open_domain_is_no_private_one() -> None:
    [finding] = findings(RULE, template("AWS::OpenSearchService::Domain", "AccessPolicies", allow(Action="es:*")))
    assert finding.severity is None


def test_the_resource_of_a_template_may_be_made_by_a_function() -> None:
    resource = {"Fn::Sub": "${Bucket.Arn}/*"}
    [finding] = findings(
        RULE, template("AWS::S3::BucketPolicy", "PolicyDocument", allow(Action="*", Resource=resource))
    )
    assert finding.message.startswith("everybody can call s3:")


def test_a_statement_under_a_condition_of_the_template_is_a_warning() -> None:
    branch = {"Fn::If": ["Public", allow(Action="s3:PutObject"), {"Ref": "AWS::NoValue"}]}
    [finding] = findings(RULE, template("AWS::S3::BucketPolicy", "PolicyDocument", branch))
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize("action", ["Update:*", "sqs:Nonsense*", {"Ref": "Action"}, [], "no-colon"])
def test_says_nothing_of_actions_that_are_not_known(action: Any) -> None:
    assert not findings(RULE, files(allow(Action=action)))


def test_more_statements_than_are_compared_are_undecided() -> None:
    [reason] = [each.reason for each in undecided(RULE, files(*[allow()] * 201))]
    assert reason == "who can call what: the policy has more than 200 statements"


def test_a_stranger_fits_the_exception_of_a_deny() -> None:
    exception = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}
    assert findings(RULE, files(allow(), deny(Action="*", Condition=exception)))
