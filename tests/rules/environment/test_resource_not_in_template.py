"""Paths, types and conditions of resources against the templates."""

import pytest

from validator.rule import Severity
from validator.testing import findings

RULE = "environment-resource-not-in-template"
ROOT = """\
Parameters: {Env: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Env, prod]}
Resources:
  Web:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: web.yml}
  Far:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: !Ref Env}
  Spare:
    Type: AWS::SQS::Queue
    Condition: IsProd
"""
WEB = "Resources: {Queue: {Type: AWS::SQS::Queue}, Topic: {Type: AWS::SNS::Topic}}\n"
CONFIG = '[[stacks]]\ntemplate = "root.yml"\nparameters = "*.json"\n'
FILES = {
    "root.yml": ROOT,
    "web.yml": WEB,
    "test.json": '{"Parameters": {"Env": "test"}}',
    "stackproof.toml": CONFIG,
}


def found(check: str, **more: str) -> list[tuple[str, str, str, int]]:
    spec = f"envspec: 1\nchecks:\n- {{id: a, {check}}}\n"
    results = findings(RULE, {**FILES, "spec.yml": spec, **more})
    return [(one.message, one.help, one.at.text, one.at.span.column) for one in results]


def test_points_at_the_step_that_is_not_there() -> None:
    assert found("resource: Web/Qeue") == [("web.yml has no resource 'Qeue'", "did you mean 'Queue'?", "Qeue", 25)]
    assert found("resource: Wbe/Queue") == [("root.yml has no nested stack 'Wbe'", "did you mean 'Web'?", "Wbe", 21)]


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (
            "resource: Web/Queue, type: AWS::SNS::Topic",
            "'Web/Queue' is of the type AWS::SQS::Queue, not AWS::SNS::Topic",
        ),
        ("resource: Spare", "'Spare' is not made with test.json: the condition 'IsProd' is false"),
        ("resources: {under: Wed}, count: 1", "root.yml has no nested stack 'Wed'"),
        ("stack: Wed, expect: {StackStatus: X}", "root.yml has no nested stack 'Wed'"),
        ('output: X, expect: "${resource:Web/Topik}"', "web.yml has no resource 'Topik'"),
    ],
)
def test_reports(check: str, message: str) -> None:
    assert [one[0] for one in found(check)] == [message]


def test_points_at_the_path_within_a_reference() -> None:
    [(_, advice, text, column)] = found('output: X, expect: "a-${resource:Web/Topik}"')
    assert (advice, text, column) == ("did you mean 'Topic'?", "Topik", 48)


@pytest.mark.parametrize(
    "check",
    [
        "resource: Web/Queue",
        "resource: Web/Queue, type: AWS::SQS::Queue",
        "resource: Spare, absent: true",
        "resource: Gone, absent: true",
        # What a template that is not known holds.
        "resource: Far/Anything",
        'resource: "${var.path}/Queue"',
        # Another stack than the target's.
        "resource: Nothing, stack: other",
        "stack: ., expect: {StackStatus: X}",
    ],
)
def test_accepts(check: str) -> None:
    assert not found(check)


def test_a_transform_may_make_resources() -> None:
    assert not found("resource: Web/FunctionRole", **{"web.yml": "Transform: AWS::Serverless-2016-10-31\n" + WEB})


def test_what_one_deployment_makes_is_there() -> None:
    assert not found("resource: Spare", **{"prod.json": '{"Parameters": {"Env": "prod"}}'})


def test_a_stack_that_is_only_guessed_gives_a_warning() -> None:
    spec = "envspec: 1\nchecks:\n- {id: a, resource: Nothing}\n"
    [one] = findings(RULE, {**FILES, "spec.yml": spec})
    assert one.severity is Severity.WARNING


def test_two_unrelated_roots_leave_it_open() -> None:
    assert not found("resource: Nothing", **{"other.yml": "Resources: {A: {Type: AWS::SNS::Topic}}\n"})


@pytest.mark.parametrize(
    ("check", "result"),
    [
        ('resources: {logical: "Topik*"}, each: {A: 1}', [('"Topik*"', "did you mean 'Topic'?")]),
        ('resources: {type: "AWS::SNS::Topic", under: Web, logical: "T*"}', []),
        ('resources: {type: "AWS::S3::Bucket"}, count: {gte: 1}', [('"AWS::S3::Bucket"', "")]),
        ('resources: {type: "AWS::S3::Bucket"}, count: 0', []),
        ('resources: {type: "AWS::S3::Buckett"}, count: 1', []),
        ('resources: {type: "${output:Type}"}', []),
    ],
)
def test_sets_without_resources(check: str, result: list[tuple[str, str]]) -> None:
    """Without the nested stack that nobody knows, which may have anything."""
    files = {**FILES, "root.yml": ROOT.replace("{TemplateURL: !Ref Env}", "{TemplateURL: web.yml}")}
    spec = f"envspec: 1\nchecks:\n- {{id: a, {check}}}\n"
    every = findings(RULE, {**files, "spec.yml": spec})
    assert [(one.at.text, one.help if one.help.startswith("did") else "") for one in every] == result


def test_a_misspelt_type_is_told_by_another_rule() -> None:
    assert not found("resource: Web/Queue, type: AWS::SQS::Queues")


@pytest.mark.parametrize(
    ("transform", "type"), [("AWS::Serverless-2016-10-31", "AWS::Serverless::Function"), ("Own", "AWS::SNS::Topic")]
)
def test_a_transform_makes_other_types(transform: str, type: str) -> None:
    template = f"Transform: {transform}\nResources: {{F: {{Type: '{type}', Properties: {{CodeUri: .}}}}}}\n"
    spec = "envspec: 1\nchecks:\n- {id: a, resource: F, type: 'AWS::Lambda::Function'}\n"
    assert not findings(RULE, {"root.yml": template, "spec.yml": spec})


GROUPS = """\
Resources:
  Balancer: {Type: AWS::ElasticLoadBalancing::LoadBalancer, Properties: {LoadBalancerName: web-elb, Listeners: []}}
  Config: {Type: AWS::AutoScaling::LaunchConfiguration, Properties: {ImageId: ami-1, InstanceType: t3.small}}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {MinSize: 1, MaxSize: 2, Tags: [{Key: Name, Value: web-group, PropagateAtLaunch: true}]}
"""


@pytest.mark.parametrize(
    ("name", "config", "balancer", "result"),
    [
        ("web-group", "Config", "web-elb", []),
        ("Group", "x-Config-1ABC", "elb", []),
        ("web-grop", "Config", "web-elb", [("web-grop", "did you mean 'web-group'?")]),
        ("Group-grop", "Config", "web-elb", []),
        ("web-group", "Confg", "web-elb", [("Confg", "did you mean 'Config'?")]),
        ("web-group", "Config", "[web-elb, web-eblb]", [("web-eblb", "did you mean 'web-elb'?")]),
    ],
)
def test_names_within_an_entry_of_the_first_format(
    name: str, config: str, balancer: str, result: list[tuple[str, str]]
) -> None:
    spec = (
        f"describe_auto_scaling_groups:\n  Name: {name}\n"
        f"  Properties: {{LaunchConfigurationName: {config}, LoadBalancerNames: {balancer}}}\n"
    )
    every = findings(RULE, {"root.yml": GROUPS, "env-details.yml": spec})
    assert [(one.at.text, one.help) for one in every] == result


def test_a_name_of_the_first_format_that_is_nearly_a_resources() -> None:
    role = "Resources: {R: {Type: AWS::IAM::Role, Properties: {RoleName: WebRole-test}}}\n"
    spec = "get_role: {Name: WebRole-tset, Properties: {Path: /}}\n"
    [one] = findings(RULE, {"root.yml": role, "env-details.yml": spec})
    assert (one.at.text, one.help) == ("WebRole-tset", "did you mean 'WebRole-test'?")
    assert not findings(RULE, {"root.yml": role, "env-details.yml": spec.replace("WebRole-tset", "Elsewhere")})
