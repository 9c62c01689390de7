"""Rule cloudformation-child-ambiguous."""

from validator.testing import check_rule, findings

RULE = "cloudformation-child-ambiguous"
PARENT = """\
Resources:
  Web:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: 'https://bucket.s3.amazonaws.com/web.yml'}
"""
CHILD = "Resources: {T: {Type: AWS::SNS::Topic}}\n"


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def test_points_at_the_url_and_names_the_files() -> None:
    [finding] = findings(RULE, {"parent.yml": PARENT, "a/web.yml": CHILD, "b/web.yml": CHILD + "#\n"})
    assert (finding.at.span.line, finding.message) == (4, "Web may be any of a/web.yml, b/web.yml")
    assert [node.span.path for node, _ in finding.related] == ["a/web.yml", "b/web.yml"]


def test_names_five_of_many() -> None:
    files = {f"{at:02}/web.yml": CHILD + "#" * at for at in range(60)}
    [finding] = findings(RULE, {"parent.yml": PARENT, **files})
    assert finding.message.endswith("04/web.yml and 55 more")
    assert len(finding.related) == 5


def test_copies_are_one_template() -> None:
    assert not findings(RULE, {"parent.yml": PARENT, "a/web.yml": CHILD, "b/web.yml": CHILD})


def test_the_one_that_lies_nearest_is_taken() -> None:
    assert not findings(RULE, {"a/parent.yml": PARENT, "a/web.yml": CHILD, "b/web.yml": CHILD + "#\n"})
