"""Rule cloudformation-template-url-not-s3."""

import pytest

from validator.rule import Finding, Severity
from validator.testing import check_rule, findings

RULE = "cloudformation-template-url-not-s3"
PARENT = """\
Parameters:
  X: {{Type: String}}
  Url: {{Type: String, Default: 'https://github.com/acme/x/raw/main/vpc.yml'}}
Conditions: {{C: !Equals [!Ref X, y], Never: !Equals [a, b]}}
Resources:
  Vpc:
    Type: {kind}
    {condition}
    Properties:
      {property}: {url}
"""


def found(
    url: str,
    *,
    kind: str = "AWS::CloudFormation::Stack",
    condition: str = "DependsOn: []",
    property: str = "TemplateURL",
    **files: str,
) -> list[Finding]:
    return findings(
        RULE, {"parent.yml": PARENT.format(url=url, kind=kind, condition=condition, property=property), **files}
    )


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://raw.githubusercontent.com/acme/x/main/vpc.yml", "raw.githubusercontent.com"),
        ("https://user@gitlab.com:443/acme/x/vpc.yml", "gitlab.com"),
        ("HTTP://Example.com/vpc.yml", "example.com"),
        ("https://notamazonaws.com/vpc.yml", "notamazonaws.com"),
        ("https://example.com", "example.com"),
        ("!Sub https://raw.githubusercontent.com/acme/${X}/vpc.yml", "raw.githubusercontent.com"),
        ("!Join ['/', ['https://example.com', !Ref X, vpc.yml]]", "example.com"),
        ("s3://bucket/vpc.yml", "s3://"),
        ("!Sub 's3://${X}/vpc.yml'", "s3://"),
        ("file:///templates/vpc.yml", "file://"),
    ],
)
def test_points_at_the_location(url: str, said: str) -> None:
    [finding] = found(url)
    assert finding.at.span.line == 10
    assert finding.message == f"Vpc takes its template from {said!r}, and CloudFormation wants a URL of S3"


def test_what_is_written_out_is_an_error() -> None:
    assert [one.severity for one in found("https://example.com/vpc.yml")] == [None]


@pytest.mark.parametrize(
    "url",
    [
        "vpc.yml",
        "../templates/vpc.yml",
        "https://bucket.s3.amazonaws.com/vpc.yml",
        "https://s3.eu-central-1.amazonaws.com/bucket/vpc.yml",
        "https://s3.cn-north-1.amazonaws.com.cn/bucket/vpc.yml",
        "https://bucket.s3.dualstack.eu-west-1.amazonaws.com/vpc.yml",
        "https://bucket.s3.us-iso-east-1.c2s.ic.gov/vpc.yml",
        "!Sub https://${X}.s3.${AWS::Region}.${AWS::URLSuffix}/vpc.yml",
        "!Sub https://s3.amazonaws.com/${X}/vpc.yml",
        "!Sub https://example.com${X}/vpc.yml",
        "!Sub 'https://${X}/vpc.yml'",
        "!Ref X",
        "https://HOST_PLACEHOLDER/vpc.yml",
        "ssm-doc://arn:aws:ssm:eu-west-1:123456789012:document/vpc",
        "12",
        "[https://example.com/]",
    ],
)
def test_accepts(url: str) -> None:
    assert not found(url)


@pytest.mark.parametrize(
    ("url", "condition"),
    [("!Ref Url", ""), ("!If [C, 'https://example.com/a.yml', 'https://b.s3.amazonaws.com/a.yml']", "")],
)
def test_a_default_or_a_condition_makes_it_a_warning(url: str, condition: str) -> None:
    assert [one.severity for one in found(url)] == [Severity.WARNING]


def test_what_is_never_used_is_left_alone() -> None:
    assert not found("https://example.com/vpc.yml", condition="Condition: Never")
    assert not found("!If [Never, 'https://example.com/a.yml', 'https://b.s3.amazonaws.com/a.yml']")


def test_names_the_parameter_whose_default_it_is() -> None:
    [finding] = found("!Ref Url")
    assert [(node.value, node.span.line) for node, _ in finding.related] == [("Url", 3)]


def test_a_parameter_file_decides() -> None:
    config = '[[stacks]]\ntemplate = "parent.yml"\nparameters = "*.json"\n'
    good = '{"Parameters": {"Url": "https://b.s3.amazonaws.com/vpc.yml", "X": "y"}}'
    assert not found("!Ref Url", **{"x.json": good, "stackproof.toml": config})
    bad = '{"Parameters": {"Url": "https://example.com/vpc.yml", "X": "y"}}'
    assert [one.severity for one in found("!Ref Url", **{"x.json": bad, "stackproof.toml": config})] == [None]


@pytest.mark.parametrize(
    ("kind", "property"),
    [("AWS::CloudFormation::StackSet", "TemplateURL"), ("AWS::Serverless::Application", "Location")],
)
def test_stack_sets_and_applications_want_s3_too(kind: str, property: str) -> None:
    assert len(found("https://example.com/vpc.yml", kind=kind, property=property)) == 1


def test_a_template_in_a_text_is_no_url() -> None:
    text = "'https://example.com'"
    assert not found(text, kind="AWS::CloudFormation::StackSet", property="TemplateBody")
