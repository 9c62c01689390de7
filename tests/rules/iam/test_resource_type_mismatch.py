"""Rules iam-resource-type-mismatch, iam-resource-unused and iam-action-needs-star: what an action can be about."""

import json

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

MISMATCH, UNUSED, STAR = "iam-resource-type-mismatch", "iam-resource-unused", "iam-action-needs-star"


def statement(actions: object, resources: object, effect: str = "Allow", **other: object) -> dict[str, object]:
    return {"Effect": effect, "Action": actions, "Resource": resources, **other}


def run(rule: str, *statements: dict[str, object]) -> list[Finding]:
    return findings(rule, {"policy.json": json.dumps({"Version": "2012-10-17", "Statement": statements})})


def template(action: str, resource: str) -> dict[str, str]:
    one = f"{{Effect: Allow, Action: '{action}', Resource: {resource}}}"
    body = f"R: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {{Statement: [{one}]}}}}}}"
    own = "  B: {Type: AWS::S3::Bucket}\n  Q: {Type: AWS::SQS::Queue}\n"
    return {"template.yml": f"Conditions: {{C: !Equals [a, b]}}\nResources:\n{own}  {body}\n"}


@pytest.mark.parametrize("rule", [MISMATCH, UNUSED, STAR])
def test_does_what_its_documentation_says(rule: str) -> None:
    check_rule(rule)


# iam-resource-type-mismatch


@pytest.mark.parametrize(
    ("action", "resource", "message", "advice"),
    [
        (
            "s3:GetObject",
            "arn:aws:s3:::b",
            "the statement allows nothing: s3:GetObject takes 'arn:aws:s3:::*/*', not 'arn:aws:s3:::b'",
            "add 'arn:aws:s3:::b/*'",
        ),
        (
            "s3:ListBucket",
            "arn:aws:s3:::b/*",
            "the statement allows nothing: s3:ListBucket takes 'arn:aws:s3:::*', not 'arn:aws:s3:::b/*'",
            "add 'arn:aws:s3:::b'",
        ),
        (
            "logs:PutLogEvents",
            "arn:aws:logs:*:*:log-group:/x",
            (
                "the statement allows nothing: logs:PutLogEvents takes 'arn:aws:logs:*:*:log-group:*:log-stream:*', "
                "not 'arn:aws:logs:*:*:log-group:/x'"
            ),
            "add 'arn:aws:logs:*:*:log-group:/x:*'",
        ),
        (
            "dynamodb:PutItem",
            "arn:aws:sqs:*:*:q",
            (
                "the statement allows nothing: dynamodb:PutItem takes 'arn:aws:dynamodb:*:*:table/*', "
                "not 'arn:aws:sqs:*:*:q'"
            ),
            "add an ARN like 'arn:aws:dynamodb:*:*:table/*'",
        ),
    ],
)
def test_nothing_is_allowed(action: str, resource: str, message: str, advice: str) -> None:
    [found] = run(MISMATCH, statement(action, resource))
    assert (found.message, found.help, found.severity) == (message, advice, None)
    assert found.at.value == resource


def test_a_deny_denies_nothing() -> None:
    [found] = run(MISMATCH, statement(["s3:GetObject", "s3:DeleteObject"], "arn:aws:s3:::b", "Deny"))
    assert found.message.startswith("the statement denies nothing: s3:GetObject takes")


def test_some_of_the_actions_have_nothing() -> None:
    [found] = run(MISMATCH, statement(["s3:ListBucket", "s3:PutObject", "s3:GetObject"], ["arn:aws:s3:::b"]))
    assert found.message.startswith("the statement allows no s3:PutObject, nor s3:GetObject: s3:PutObject takes")
    assert (found.at.value, found.severity) == ("s3:PutObject", Severity.WARNING)


def test_what_aws_documents_in_part_gets_milder_words() -> None:
    [one] = run(MISMATCH, statement("codebuild:CreateReportGroup", "arn:aws:codebuild:*:*:report-group:/x"))
    [other] = run(MISMATCH, statement(["ec2:StopInstances", "ec2:DeleteVpc"], "arn:aws:ec2:*:*:vpc/x"))
    assert (one.severity, other.severity) == (Severity.WARNING, Severity.NOTE)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:*", "arn:aws:s3:::b"),
        ("s3:Get*", "arn:aws:s3:::b/*"),
        ("S3:getobject", "arn:aws:s3:::b/*"),
        ("s3:GetObject", "arn:aws:s3:::*"),
        ("s3:GetObject", "arn:aws:s3:::b*"),
        ("s3:GetObject", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]),
        ("s3:GetObject", ["arn:aws:s3:::b", "*"]),
        ("s3:GetObject", "arn:aws:s3:::b/${aws:username}/*"),
        ("s3:GetObject", "${bucket}"),
        ("s3:GetObject", "arn:aws:s3:::{{ bucket }}"),
        ("s3:FlyToTheMoon", "arn:aws:s3:::b"),
        ("ec2:RunInstances", "arn:aws:ec2:*::image/*"),
        ("ec2:DescribeInstances", "arn:aws:ec2:*:*:instance/*"),
        ("logs:CreateLogStream", "arn:aws:logs:*:*:log-group:/aws/lambda/x:*"),
        ("iam:PassRole", "arn:aws:iam::*:role/path/x"),
        ("kms:Decrypt", "arn:aws:kms:*:*:*"),
        ("s3:ListBucket", "arn:aws:s3:::b*"),
        ("dynamodb:Query", "arn:aws:dynamodb:*:*:table/x/index/*"),
        ("frobnicator:TagResource", "arn:aws:sqs:*:*:q"),
        ("codebuild:TagResource", "arn:aws:ec2:*:*:instance/x"),
        ("s3:GetObject", "arn:aws:s3:eu-west-1::b/*"),  # another rule's
        ("s3:GetObject", "arn:aws:s3::b"),
    ],
)
def test_accepts(action: str, resource: object) -> None:
    assert not run(MISMATCH, statement(action, resource))


def test_another_statement_may_have_what_is_lacking() -> None:
    both = ["s3:GetObject", "s3:ListBucket"]
    assert not run(MISMATCH, statement(both, "arn:aws:s3:::b"), statement(both, "arn:aws:s3:::b/*"))
    assert not run(MISMATCH, statement(both, "arn:aws:s3:::b"), statement("s3:Get*", "*"))
    assert run(MISMATCH, statement(both, "arn:aws:s3:::b"), statement(both, "arn:aws:s3:::b/*", "Deny"))


def test_looks_at_no_opposites() -> None:
    assert not run(MISMATCH, {"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": "arn:aws:s3:::b"})
    assert not run(MISMATCH, {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::b"})


@pytest.mark.parametrize(
    ("resource", "advice"),
    [
        ("!GetAtt B.Arn", "add '${B.Arn}/*'"),
        ("!Sub '${B.Arn}'", "add '${B.Arn}/*'"),
        ("!Sub 'arn:${AWS::Partition}:s3:::${B}'", "add 'arn:${AWS::Partition}:s3:::${B}/*'"),
        ("!Join ['', ['arn:aws:s3:::', !Ref B]]", "add an ARN like 'arn:aws:s3:::*/*'"),
        ("!GetAtt Q.Arn", "add an ARN like 'arn:aws:s3:::*/*'"),
    ],
)
def test_knows_the_arns_of_the_template(resource: str, advice: str) -> None:
    [found] = findings(MISMATCH, template("s3:GetObject", resource))
    assert (found.help, found.severity) == (advice, None)


@pytest.mark.parametrize(
    "resource",
    [
        "!Sub '${B.Arn}/*'",
        "!Sub 'arn:aws:s3:::${B}/*'",
        "!Join ['', [!GetAtt B.Arn, '/*']]",
        "!Sub 'arn:aws:s3:::${Parameter}'",
        "!GetAtt Other.Arn",
        "!ImportValue x",
        "!If [C, !GetAtt B.Arn, !Ref Parameter]",
        "!If [C, !GetAtt B.Arn, !Sub '${B.Arn}/*']",
    ],
)
def test_accepts_functions(resource: str) -> None:
    assert not findings(MISMATCH, template("s3:GetObject", resource))


def test_the_branches_of_a_condition_may_never_be_deployed() -> None:
    [found] = findings(MISMATCH, template("s3:GetObject", "!If [C, !GetAtt B.Arn, !Ref 'AWS::NoValue']"))
    assert found.severity is Severity.WARNING


def test_thousands_of_statements_are_no_burden() -> None:
    many = [statement(["s3:GetObject", "s3:ListBucket"], f"arn:aws:s3:::b{number}") for number in range(1000)]
    assert len(run(MISMATCH, *many)) == 1000


# iam-resource-unused


def test_points_at_the_resource_that_nothing_is_about() -> None:
    [found] = run(UNUSED, statement(["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::b/*", "arn:aws:s3:::b"]))
    assert (found.message, found.at.value) == ("no action of the statement is about 'arn:aws:s3:::b'", "arn:aws:s3:::b")


@pytest.mark.parametrize(
    ("actions", "resources"),
    [
        ("s3:*", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]),
        ("*", ["arn:aws:s3:::b", "arn:aws:sqs:*:*:q"]),
        (["s3:GetObject", "s3:FlyToTheMoon"], ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]),
        ("s3:GetObject", ["arn:aws:s3:::b", "arn:aws:s3:::c"]),
        ("s3:GetObject", ["arn:aws:s3:::b", "*"]),
        ("s3:GetObject", ["${bucket}", "arn:aws:s3:::b/*"]),
        ("s3:GetObject", ["arn:aws:s3::b", "arn:aws:s3:::b/*"]),
        ("codebuild:StartBuild", ["arn:aws:codebuild:*:*:project/x", "arn:aws:codebuild:*:*:thing/x"]),
    ],
)
def test_accepts_what_may_be_of_use(actions: object, resources: object) -> None:
    assert not run(UNUSED, statement(actions, resources))


# iam-action-needs-star


@pytest.mark.parametrize(
    "action",
    [
        "ec2:DescribeInstances",
        "ec2:describeinstances",
        "kms:ListKeys",
        "ecr:GetAuthorizationToken",
        "lambda:ListFunctions",
    ],
)
def test_a_resource_is_of_no_use_to_it(action: str) -> None:
    [found] = run(STAR, statement([action, "s3:GetObject"], ["arn:aws:ec2:*:*:instance/i-1"]))
    assert found.message == f"the statement allows no {action}: it is about no resource that has an ARN"
    assert (found.at.value, found.severity) == (action, None)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("ec2:DescribeInstances", "*"),
        ("ec2:DescribeInstances", ["arn:aws:ec2:*:*:instance/x", "*"]),
        ("ec2:DescribeInstances", "arn:aws:ec2:*:*:*"),
        ("ec2:DescribeInstances", "${resource}"),
        ("ec2:Describe*", "arn:aws:ec2:*:*:instance/x"),
        ("ec2:RunInstances", "arn:aws:ec2:*:*:instance/x"),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::*"),
        ("iam:ListUsers", "arn:aws:iam::*:user/*"),
        ("ec2:FlyToTheMoon", "arn:aws:ec2:*:*:instance/x"),
    ],
)
def test_accepts_what_may_be_enough(action: str, resource: object) -> None:
    assert not run(STAR, statement(action, resource))


def test_another_statement_may_have_the_star() -> None:
    named = statement("ec2:DescribeInstances", "arn:aws:ec2:*:*:instance/x")
    assert not run(STAR, named, statement("ec2:*", "*"))
    assert run(STAR, named, statement("ec2:*", "*", "Deny"))
