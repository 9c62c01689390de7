import pytest

from validator.testing import findings

RULE = "document-duplicate-key"
POLICY = (
    '{{"Version": "2012-10-17", "Statement": [{{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {}}}]}}'
)


def test_points_at_the_later_key_and_names_the_first() -> None:
    [finding] = findings(RULE, {"buildspec.yml": "version: 0.2\nenv: {}\nenv: {}\n"})
    [(first, _)] = finding.related
    assert (finding.at.span.line, first.span.line) == (3, 2)


def test_a_key_written_three_times_is_two_findings() -> None:
    text = '{"Version": "2012-10-17", "Version": "2012-10-17",\n"Version": "2012-10-17", "Statement": []}'
    assert [finding.at.span.line for finding in findings(RULE, {"policy.json": text})] == [1, 2]


@pytest.mark.parametrize(
    "condition",
    [
        '{"StringEquals": {"aws:RequestedRegion": "a", "AWS:requestedregion": "b"}}',
        '{"Bool": {"a": "true"}, "StringEquals": {"s3:prefix": "a", "x": "b", "S3:Prefix": "c"}}',
    ],
)
def test_condition_keys_that_differ_in_case_are_one(condition: str) -> None:
    [finding] = findings(RULE, {"policy.json": POLICY.format(condition)})
    assert finding.message.endswith("in case only, and is the same to IAM")


@pytest.mark.parametrize(
    "condition",
    [
        '{"StringEquals": {"aws:RequestedRegion": "a"}, "StringLike": {"aws:requestedregion": "b"}}',
        '{"StringEquals": {"aws:PrincipalTag/a": "a", "aws:PrincipalTag/b": "b"}}',
        "{}",
        '"x"',
    ],
)
def test_accepts_conditions(condition: str) -> None:
    assert not findings(RULE, {"policy.json": POLICY.format(condition)})


def test_accepts_names_that_differ_in_case_elsewhere() -> None:
    text = "Parameters:\n  env: {Type: String}\n  Env: {Type: String}\nResources: {A: {Type: AWS::SNS::Topic}}\n"
    assert not findings(RULE, {"stack.yml": text})
