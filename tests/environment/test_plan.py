"""The calls that a spec takes, in order, each once."""

import pytest

from validator import parse
from validator.environment import EnvironmentSpec, read
from validator.environment.plan import plans

HEAD = "envspec: 1\ntargets: {t: {region: eu-west-1, stack: Root, account: '111122223333'}}\nchecks:\n"


def planned(*checks: str, head: str = HEAD) -> list[str]:
    text = head + "".join(f"- {{id: c{at}, {one}}}\n" for at, one in enumerate(checks))
    spec = read(EnvironmentSpec(parse.parse("spec.yml", text).root, "1"))[0]
    found = plans(spec, {})
    return [f"{plan.region} {one.text} #{','.join(one.checks)}".strip() for plan in found for one in plan.reads]


GUARD = "eu-west-1 sts.get_caller_identity #"


def test_a_resource_takes_the_way_down_to_it_and_the_reads_of_what_is_expected() -> None:
    assert planned("resource: A/B/Group, type: 'AWS::EC2::SecurityGroup', expect: {GroupName: x}") == [
        GUARD,
        'eu-west-1 cloudformation.describe_stacks {"StackName": "Root"} #c0',
        'eu-west-1 cloudformation.list_stack_resources {"StackName": "Root"} #c0',
        'eu-west-1 cloudformation.list_stack_resources {"StackName": "${resource:A}"} #c0',
        'eu-west-1 cloudformation.list_stack_resources {"StackName": "${resource:A/B}"} #c0',
        'eu-west-1 ec2.describe_security_groups {"GroupIds": ["${resource:A/B/Group}"]} #c0',
    ]


def test_a_call_that_several_checks_need_is_made_once() -> None:
    role = "resource: Role, type: 'AWS::IAM::Role', expect: "
    assert planned(role + "{Path: /}", role + "{ManagedPolicyArns: []}") == [
        GUARD,
        'eu-west-1 cloudformation.describe_stacks {"StackName": "Root"} #c0,c1',
        'eu-west-1 cloudformation.list_stack_resources {"StackName": "Root"} #c0,c1',
        'eu-west-1 iam.get_role {"RoleName": "${resource:Role}"} #c0,c1',
        'eu-west-1 iam.list_attached_role_policies {"RoleName": "${resource:Role}"} #c1',
    ]


@pytest.mark.parametrize(
    ("check", "call"),
    [
        ("call: ec2.describe_vpcs, with: {VpcIds: [vpc-1]}, count: 1", 'ec2.describe_vpcs {"VpcIds": ["vpc-1"]}'),
        ("stack: ., expect: {StackStatus: X}", 'cloudformation.describe_stacks {"StackName": "Root"}'),
        ("output: Url, stack: Other, expect: x", 'cloudformation.describe_stacks {"StackName": "Other"}'),
        (
            "resource: Q, type: 'AWS::AppSync::GraphQLApi', expect: {Name: x}",
            'cloudcontrol.get_resource {"TypeName": "AWS::AppSync::GraphQLApi", "Identifier": "${resource:Q}"}',
        ),
        ("resource: Q, expect: {Name: x}", "unknown: of which type Q is, is not known: say `type` in the check"),
    ],
)
def test_the_last_call_of_a_check(check: str, call: str) -> None:
    assert planned(check)[-1] == f"eu-west-1 {call} #c0"


@pytest.mark.parametrize("kind", ["AWS::EC2::SecurityGroup", "AWS::AppSync::GraphQLApi"])
def test_that_a_resource_is_absent_is_for_its_stack_to_say(kind: str) -> None:
    assert planned(f"resource: Gone, type: '{kind}', absent: true") == [
        GUARD,
        'eu-west-1 cloudformation.describe_stacks {"StackName": "Root"} #c0',
        'eu-west-1 cloudformation.list_stack_resources {"StackName": "Root"} #c0',
    ]


def test_references_are_asked_for() -> None:
    calls = planned('call: ec2.describe_vpcs, with: {VpcIds: ["${output:Net/Vpc}", "${param:Vpc}"]}, count: 1')
    assert calls[1:] == [
        'eu-west-1 cloudformation.describe_stacks {"StackName": "Root"} #c0',
        'eu-west-1 cloudformation.list_stack_resources {"StackName": "Root"} #c0',
        'eu-west-1 cloudformation.describe_stacks {"StackName": "${resource:Net}"} #c0',
        'eu-west-1 cloudformation.get_template_summary {"StackName": "Root"} #c0',
        'eu-west-1 ec2.describe_vpcs {"VpcIds": ["${output:Net/Vpc}", "${param:Vpc}"]} #c0',
    ]


def test_each_region_is_asked() -> None:
    head = (
        "envspec: 1\ntargets: {t: {regions: [eu-west-1, eu-central-1], role_arn: 'arn:aws:iam::1:role/r'}}\nchecks:\n"
    )
    assert [line.split(" #")[0] for line in planned("call: iam.list_roles, regions: [eu-west-1]", head=head)] == [
        'eu-west-1 sts.assume_role {"RoleArn": "arn:aws:iam::1:role/r"}',
        "eu-west-1 iam.list_roles",
        'eu-central-1 sts.assume_role {"RoleArn": "arn:aws:iam::1:role/r"}',
    ]


def test_what_the_spec_says_itself_is_filled_in() -> None:
    head = (
        "envspec: 1\nvars: {env: test}\n"
        "targets: {t: {regions: [eu-west-1, eu-central-1], stack: 'web-${var.env}-${target.region}'}}\nchecks:\n"
    )
    check = "call: ssm.get_parameter, with: {Name: '/${var.env}/${target.region}/${target.stack}'}, targets: [t]"
    assert planned(check, "call: iam.list_roles, targets: [other]", head=head) == [
        'eu-west-1 ssm.get_parameter {"Name": "/test/eu-west-1/web-test-eu-west-1"} #c0',
        'eu-central-1 ssm.get_parameter {"Name": "/test/eu-central-1/web-test-eu-central-1"} #c0',
    ]


def test_what_is_not_for_a_target_is_not_asked_there() -> None:
    head = (
        "envspec: 1\nvars: {env: test}\n"
        "targets: {test: {region: eu-west-1}, prod: {region: eu-west-1, vars: {env: prod}}}\nchecks:\n"
    )
    check = "call: iam.list_roles, when: {var: env, in: [uat, prod]}"
    found = plans(read(EnvironmentSpec(parse.parse("s.yml", f"{head}- {{id: c, {check}}}\n").root, "1"))[0], {})
    assert {plan.target: len(plan.reads) for plan in found} == {"test": 0, "prod": 1}
