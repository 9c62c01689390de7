"""Rule iam-size-exceeded."""

import json

import pytest

from validator.testing import check_rule, findings

RULE = "iam-size-exceeded"


def policy(size: int, **elements: object) -> str:
    """Write a policy of so many characters, without white space."""
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": ""} | elements
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
    statement["Resource"] = "x" * (size - len(text))
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def severities(files: dict[str, str]) -> list[str]:
    return [finding.severity or "error" for finding in findings(RULE, files)]


def configured(kind: str, text: str) -> dict[str, str]:
    return {"p.json": text, "stackproof.toml": f'[[policies]]\nfiles = "*.json"\nkind = "{kind}"\n'}


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("kind", "size", "severity"),
    [
        ("scp", 10_240, []),
        ("scp", 10_241, ["error"]),
        ("rcp", 5_120, []),
        ("rcp", 5_121, ["error"]),
        ("boundary", 6_144, []),
        ("boundary", 6_145, ["error"]),
        ("trust", 2_048, []),
        ("trust", 2_049, ["warning"]),
        ("trust", 8_193, ["error"]),
        ("identity", 6_144, []),
        ("identity", 6_145, ["note"]),
        ("identity", 10_241, ["warning"]),
        ("resource", 50_000, []),
    ],
)
def test_each_kind_has_its_quota(kind: str, size: int, severity: list[str]) -> None:
    assert severities(configured(kind, policy(size))) == severity


def test_a_kind_that_is_guessed_makes_it_a_warning() -> None:
    assert severities({"scp/p.json": policy(10_241)}) == ["warning"]


def test_counts_no_white_space_within_strings_where_iam_does_not() -> None:
    assert not severities(configured("boundary", policy(7_000, Sid=" " * 900)))
    assert severities(configured("rcp", policy(5_200, Sid=" " * 900))) == ["error"]


@pytest.mark.parametrize("filled", ["${Token}", "{{ token }}", "<%= token %>", "<account>", "${AWS::AccountId}"])
def test_what_is_filled_in_may_come_to_nothing(filled: str) -> None:
    assert not severities(configured("rcp", policy(5_100, Sid=filled * 10)))
    assert severities(configured("rcp", policy(5_200, Sid="${aws:username}"))) == ["error"]


def template(resource: str, properties: dict[str, object]) -> dict[str, str]:
    return {"t.json": json.dumps({"Resources": {"It": {"Type": resource, "Properties": properties}}})}


@pytest.mark.parametrize(
    ("resource", "properties", "most"),
    [
        ("AWS::IAM::ManagedPolicy", {}, 6_144),
        ("AWS::IAM::Policy", {"Users": ["a"]}, 2_048),
        ("AWS::IAM::Policy", {"Roles": ["a"], "Groups": ["b"]}, 5_120),
        ("AWS::IAM::Policy", {"Roles": ["a"]}, 10_240),
        ("AWS::IAM::Policy", {"Roles": ["a"], "Users": [], "Groups": {"Ref": "AWS::NoValue"}}, 10_240),
        ("AWS::IAM::RolePolicy", {}, 10_240),
        ("AWS::S3::BucketPolicy", {}, 20_480),
        ("AWS::SQS::QueuePolicy", {}, 8_192),
    ],
)
def test_each_resource_has_its_quota(resource: str, properties: dict[str, object], most: int) -> None:
    for size, severity in ((most, []), (most + 1, ["error"])):
        document = json.loads(policy(size))
        assert severities(template(resource, {"PolicyDocument": document, **properties})) == severity


def inline(*sizes: int) -> dict[str, str]:
    policies = [{"PolicyName": "p", "PolicyDocument": json.loads(policy(size))} for size in sizes]
    return template("AWS::IAM::Role", {"Policies": policies})


def test_inline_policies_count_together() -> None:
    assert not severities(inline(5_000, 5_240))
    [finding] = findings(RULE, inline(5_000, 5_241))
    assert finding.message == (
        "2 inline policies together have 10,241 characters, and all inline policies of a role can have 10,240"
    )


def test_an_inline_policy_that_may_not_be_there_does_not_count() -> None:
    [one, other] = ({"PolicyName": "p", "PolicyDocument": json.loads(policy(6_000))} for _ in range(2))
    perhaps = {"Fn::If": ["A", other, {"Ref": "AWS::NoValue"}]}
    assert not severities(template("AWS::IAM::Role", {"Policies": [one, perhaps]}))


def test_one_that_is_too_large_alone_is_reported_alone() -> None:
    assert len(findings(RULE, inline(10_241, 5_000))) == 1


def test_functions_may_come_to_nothing() -> None:
    document = json.loads(policy(6_100))
    document["Statement"] += [{"Fn::If": ["A", {"Sid": "x" * 500}, {"Ref": "AWS::NoValue"}]}]
    assert not severities(template("AWS::IAM::ManagedPolicy", {"PolicyDocument": document}))
    document["Statement"][0]["Sid"] = {"Fn::Sub": "x" * 500 + "${A}"}
    assert severities(template("AWS::IAM::ManagedPolicy", {"PolicyDocument": document})) == ["error"]


def test_what_is_deployed_already_fits() -> None:
    version = {"Document": json.loads(policy(30_000)), "IsDefaultVersion": True}
    dump = {
        "Policies": [{"PolicyName": "a", "PolicyVersionList": [version]}],
        "RoleDetailList": [],
        "UserDetailList": [],
    }
    assert not severities({"dump.json": json.dumps(dump)})
