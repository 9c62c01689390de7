"""Rules iam-hard-coded-partition and iam-hard-coded-account."""

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

PARTITION, ACCOUNT = "iam-hard-coded-partition", "iam-hard-coded-account"
CHINA = {"stackproof.toml": 'partition = "aws-cn"\n'}
AWARE = "Outputs: {O: {Value: !Ref 'AWS::Partition'}}\n"


def template(statement: str, more: str = "") -> dict[str, str]:
    body = f"R: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {{Statement: [{statement}]}}}}}}"
    return {"template.yml": f"Conditions: {{C: !Equals [a, b]}}\n{more}Resources:\n  {body}\n"}


def allow(resource: str) -> str:
    return f"{{Effect: Allow, Action: 's3:GetObject', Resource: {resource}}}"


@pytest.mark.parametrize("rule", [PARTITION, ACCOUNT])
def test_does_what_its_documentation_says(rule: str) -> None:
    check_rule(rule)


def test_no_arn_of_another_partition_is_of_use() -> None:
    [found] = findings(PARTITION, {**template(allow("'arn:aws:s3:::b/*'")), **CHINA})
    assert found.message == "'arn:aws:s3:::b/*' is in partition 'aws', and the delivery is for 'aws-cn'"
    assert (found.help, found.severity) == ("begin it with 'arn:${AWS::Partition}:', in an Fn::Sub", None)


def test_a_template_that_knows_partitions_is_told_where_it_forgets_them() -> None:
    [found] = findings(PARTITION, template(allow("'arn:aws:s3:::b/*'"), AWARE))
    assert (found.severity, found.fix) == (Severity.NOTE, ())


@pytest.mark.parametrize(
    ("resource", "fixed"),
    [
        ("!Sub 'arn:aws:s3:::${B}/*'", "arn:${AWS::Partition}:s3:::${B}/*"),
        ("!Sub ['arn:aws:s3:::${B}/*', {B: b}]", "arn:${AWS::Partition}:s3:::${B}/*"),
    ],
)
def test_fixes_what_a_sub_fills_in(resource: str, fixed: str) -> None:
    files = template(allow(resource), AWARE)
    [found] = findings(PARTITION, files)
    [edit] = found.fix
    text = files["template.yml"]
    assert f"'{fixed}'" in text[: edit.span.start] + edit.text + text[edit.span.end :]


@pytest.mark.parametrize(
    ("statement", "more"),
    [
        (allow("'arn:aws:s3:::b/*'"), ""),
        (allow("!Sub 'arn:${AWS::Partition}:s3:::${B}/*'"), ""),
        (allow("'arn:*:s3:::b/*'"), AWARE),
        (allow("['arn:aws:s3:::b/*', 'arn:aws-cn:s3:::b/*']"), AWARE),
        (allow("!If [C, 'arn:aws:s3:::b/*', x]"), AWARE),
        (f"!If [C, {allow('arn:aws:s3:::b')}, {allow('x')}]", AWARE),
        ("{Effect: Allow, Action: '*', Resource: '*', Principal: {AWS: 'arn:aws:iam::111122223333:root'}}", AWARE),
        (allow("5"), AWARE),
    ],
)
def test_accepts(statement: str, more: str) -> None:
    assert not findings(PARTITION, template(statement, more))


def test_plain_policies_are_in_one_partition() -> None:
    policy = '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b", "Principal": "*"}]}'
    assert not findings(PARTITION, {"policy.json": policy})


def test_an_account_is_named_where_its_number_stands() -> None:
    [found] = findings(ACCOUNT, template(allow("['*', !Sub 'arn:aws:sqs:*:111122223333:${Q}']")))
    assert found.message == "'arn:aws:sqs:*:111122223333:${Q}' names account '111122223333'"


@pytest.mark.parametrize(
    "resource", ["!Sub 'arn:aws:sqs:*:${AWS::AccountId}:q'", "'arn:aws:iam::aws:policy/x'", "!Ref X"]
)
def test_accepts_accounts_that_are_filled_in(resource: str) -> None:
    assert not findings(ACCOUNT, template(allow(resource)))
