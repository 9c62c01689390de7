import json

import pytest

from validator.testing import findings

RULE = "aws-validate-template"
TEMPLATE = """\
Description: a site
Parameters:
  Size: {Type: Strin}
Conditions:
  Large: !Equals [!Ref Size, large]
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub ${Nme}-${Size}
      Tags: []
  Site:
    Type: AWS::CloudFront::Distributon
    Condition: Lage
Outputs:
  Name: {Value: !GetAtt Buckt.Arn}
"""


def place(error: str) -> tuple[int, int]:
    replies = {"ValidateTemplate": [{"error": error}]}
    [finding] = findings(RULE, {"template.yml": TEMPLATE, "aws.json": json.dumps(replies)})
    return finding.at.span.line, finding.at.span.column


@pytest.mark.parametrize(
    ("error", "at"),
    [
        (
            "Template format error: Unresolved resource dependencies [Nme] in the Resources block of the template",
            (10, 24),
        ),
        (
            "Template format error: Unresolved resource dependencies [Buckt] in the Outputs block of the template",
            (16, 25),
        ),
        ("Template error: instance of Fn::GetAtt references undefined resource Buckt", (16, 25)),
        ("Template format error: Unrecognized resource types: [AWS::CloudFront::Distributon]", (13, 11)),
        ("Template format error: Unrecognized parameter type: 'Strin'", (3, 16)),
        ("Template format error: Unresolved condition Lage", (14, 16)),
        ("Invalid template property or properties [Description]", (1, 1)),
        ("Circular dependency between resources: [Site, Bucket]", (12, 3)),
        ("[/Resources/Bucket/Properties/Tags] 'null' values are not allowed in templates", (11, 7)),
        ("[/Resources/Bucket/Properties/Nowhere/At/All] 'null' values are not allowed in templates", (9, 5)),
        ("Template format error: YAML not well-formed. (line 8, column 11)", (8, 11)),
        ("Template format error: YAML not well-formed. (line 800, column 11)", (1, 1)),
        ("Template error: the resource Bucket is odd.", (7, 3)),
        ("Template format error: something in the Outputs block of the template is odd", (15, 1)),
        ("Template format error: unsupported structure.", (1, 1)),
    ],
)
def test_stands_where_the_words_point(error: str, at: tuple[int, int]) -> None:
    assert place(error) == at


def test_names_all_that_the_words_name() -> None:
    replies = {"ValidateTemplate": [{"error": "Circular dependency between resources: [Site, Bucket]"}]}
    [finding] = findings(RULE, {"template.yml": TEMPLATE, "aws.json": json.dumps(replies)})
    assert [(node.span.line, said) for node, said in finding.related] == [(7, "it names this, too")]


def test_each_template_has_its_own_answer() -> None:
    replies = {"ValidateTemplate": [{}, {"error": "Template format error: no."}]}
    files = {"a.yml": TEMPLATE, "b.yml": f"{TEMPLATE}# another\n", "aws.json": json.dumps(replies)}
    [finding] = findings(RULE, files)
    assert (finding.at.document.path, finding.message) == (
        "b.yml",
        "CloudFormation refuses the template: Template format error: no",
    )
