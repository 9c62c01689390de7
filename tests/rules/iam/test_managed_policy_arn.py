"""Rules iam-managed-policy-arn and iam-sam-policy-template: policies of AWS's and of SAM's that there are not."""

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

MANAGED, TEMPLATE = "iam-managed-policy-arn", "iam-sam-policy-template"
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def role(arn: str, name: str = "ManagedPolicyArns") -> dict[str, str]:
    resource = f"R: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{}}, {name}: {arn}}}}}"
    return {"template.yml": f"Conditions: {{C: !Equals [a, b]}}\nResources:\n  {resource}\n"}


def function(policies: str) -> dict[str, str]:
    head = "Transform: AWS::Serverless-2016-10-31\nConditions: {C: !Equals [a, b]}\n"
    resource = f"F: {{Type: AWS::Serverless::Function, Properties: {{Policies: {policies}}}}}"
    return {"template.yml": f"{head}Resources:\n  {resource}\n"}


@pytest.mark.parametrize("rule", [MANAGED, TEMPLATE])
def test_does_what_its_documentation_says(rule: str) -> None:
    check_rule(rule)


@pytest.mark.parametrize(
    ("name", "message", "advice", "severity"),
    [
        (
            "AWSLambdaBasicExecutionRole",
            "AWS's policy 'AWSLambdaBasicExecutionRole' has another path",
            f"write '{BASIC}'",
            None,
        ),
        (
            "service-role/AmazonS3ReadOnlyAccess",
            "AWS's policy 'AmazonS3ReadOnlyAccess' has another path",
            "write 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'",
            None,
        ),
        (
            "AmazonS3ReadOnlyAcces",
            "AWS has no policy 'AmazonS3ReadOnlyAcces'",
            "did you mean 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'?",
            None,
        ),
        (
            "service-role/AWSLambdaBasicExecutonRole",
            "AWS has no policy 'AWSLambdaBasicExecutonRole'",
            f"did you mean '{BASIC}'?",
            None,
        ),
        (
            "aws-service-role/AmazonECSServiceRolePolicy",
            "'AmazonECSServiceRolePolicy' can be attached to a service-linked role only",
            "remove it: the service attaches it to the role that it makes itself",
            None,
        ),
        (
            "AWSCodePipelineFullAccess",
            "AWS no longer has the policy 'AWSCodePipelineFullAccess', last listed in 2022-06",
            "use the policy that AWS has replaced it by, or one of your own",
            Severity.WARNING,
        ),
        ("AWSFrobnicatorQuuxAccess", "AWS had no policy 'AWSFrobnicatorQuuxAccess' in 2026-09", "", Severity.WARNING),
    ],
)
def test_tells_what_is_wrong_with_a_name(name: str, message: str, advice: str, severity: Severity | None) -> None:
    [found] = findings(MANAGED, role(f"['arn:aws:iam::aws:policy/{name}']"))
    assert (found.message, found.help, found.severity) == (message, advice, severity)


def test_names_the_successor_of_a_policy() -> None:
    [found] = findings(MANAGED, role("['arn:aws:iam::aws:policy/AWSElasticBeanstalkFullAccess']"))
    assert found.message.startswith("AWS no longer has the policy")
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize(
    "arns",
    [
        f"['{BASIC}']",
        "['arn:aws:iam::aws:policy/job-function/ViewOnlyAccess']",
        "[!Sub 'arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess']",
        "[!Join ['', ['arn:', !Ref 'AWS::Partition', ':iam::aws:policy/ReadOnlyAccess']]]",
        "['arn:aws:iam::111122223333:policy/Whatever']",
        "[!Ref Policy, !ImportValue x, 5, null, [], {'Fn::Join': 5}]",
        "!Ref Arns",
        "[!Sub 'arn:aws:iam::aws:policy/${Name}']",
        "['{{resolve:ssm:x}}']",
        "['arn:aws-cn:iam::aws:policy/AWSLambdaFullAccess']",
    ],
)
def test_accepts(arns: str) -> None:
    assert not findings(MANAGED, role(arns))


@pytest.mark.parametrize(
    "arns",
    [
        "[!Sub 'arn:${AWS::Partition}:iam::aws:policy/AWSLambdaBasicExecutionRole']",
        "[!Join ['', ['arn:', !Ref 'AWS::Partition', ':iam::aws:policy/AWSLambdaBasicExecutionRole']]]",
        "!If [C, ['arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole'], []]",
        "[!If [C, 'arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole', !Ref X]]",
    ],
)
def test_reads_functions(arns: str) -> None:
    [found] = findings(MANAGED, role(arns))
    assert found.help.endswith(":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'")


def test_a_boundary_is_a_policy_too() -> None:
    assert findings(MANAGED, role("'arn:aws:iam::aws:policy/PowerUserAcess'", "PermissionsBoundary"))


@pytest.mark.parametrize(
    ("policies", "message", "advice"),
    [
        ("AWSLambdaExecut", "AWS has no policy 'AWSLambdaExecut'", "did you mean 'AWSLambdaExecute'?"),
        (
            "[AmazonDynamoDBFullAcces]",
            "AWS has no policy 'AmazonDynamoDBFullAcces'",
            "did you mean 'AmazonDynamoDBFullAccess'?",
        ),
    ],
)
def test_sam_looks_up_bare_names(policies: str, message: str, advice: str) -> None:
    [found] = findings(MANAGED, function(policies))
    assert (found.message, found.help) == (message, advice)


@pytest.mark.parametrize(
    "policies", ["AWSLambdaExecute", "[AWSLambdaBasicExecutionRole, AmazonS3ReadOnlyAccess]", "[!Ref P]", "[]", "null"]
)
def test_accepts_the_names_that_sam_finds(policies: str) -> None:
    assert not findings(MANAGED, function(policies))


# iam-sam-policy-template


@pytest.mark.parametrize(
    ("policies", "message", "advice"),
    [
        (
            "[S3ReadsPolicy: {BucketName: b}]",
            "SAM has no policy template 'S3ReadsPolicy'",
            "did you mean 'S3ReadPolicy'?",
        ),
        (
            "{s3readpolicy: {BucketName: b}}",
            "SAM has no policy template 's3readpolicy'",
            "did you mean 'S3ReadPolicy'?",
        ),
        (
            "[Frobnicate: {}]",
            "SAM has no policy template 'Frobnicate'",
            "write a document with a Statement, or a managed policy's name",
        ),
        (
            "[S3ReadPolicy: {Bucket: b}]",
            "policy template 'S3ReadPolicy' lacks its parameter 'BucketName'",
            "give 'BucketName' a value",
        ),
        (
            "[S3ReadPolicy: {BucketNames: b}]",
            "policy template 'S3ReadPolicy' has no parameter 'BucketNames'",
            "did you mean 'BucketName'?",
        ),
        (
            "[S3ReadPolicy: {}]",
            "policy template 'S3ReadPolicy' lacks its parameter 'BucketName'",
            "give 'BucketName' a value",
        ),
        (
            "[AMIDescribePolicy: ]",
            "policy template 'AMIDescribePolicy' has no mapping of parameters",
            "write {} behind it",
        ),
        (
            "[{S3ReadPolicy: {BucketName: b}, S3WritePolicy: {BucketName: b}}]",
            "two policy templates stand in one element",
            None,
        ),
    ],
)
def test_tells_what_is_wrong_with_a_policy_template(policies: str, message: str, advice: str | None) -> None:
    found = [one for one in findings(TEMPLATE, function(policies)) if one.severity is None]
    assert [one.message for one in found] == [message]
    assert advice is None or found[0].help == advice


@pytest.mark.parametrize(
    "policies",
    [
        "[S3ReadPolicy: {BucketName: !Ref B}, AMIDescribePolicy: {}]",
        "[!If [C, {SQSPollerPolicy: {QueueName: q}}, !Ref 'AWS::NoValue']]",
        "!If [C, [{SQSPollerPolicy: {QueueName: q}}], []]",
        "[{Version: '2012-10-17', Statement: []}, AWSLambdaExecute, !Ref P, 5, null]",
        "[{Statement: []}]",
        "{Version: '2012-10-17'}",
        "[{'Fn::Transform': {Name: AWS::Include}}]",
        "[S3ReadPolicy: !Ref X]",
        "[]",
    ],
)
def test_accepts_policies_of_all_forms(policies: str) -> None:
    text = function(
        policies.replace("[S3ReadPolicy: {BucketName: !Ref B}, ", "[{S3ReadPolicy: {BucketName: !Ref B}}, ")
    )
    assert not findings(TEMPLATE, text)


def test_what_sam_does_not_look_for_does_no_harm() -> None:
    [found] = findings(TEMPLATE, function("[S3ReadPolicy: {BucketName: b, Prefix: x}]"))
    assert found.severity is Severity.WARNING
