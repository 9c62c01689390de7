from typing import Any

import pytest

from validator.cloudformation.constraints import drifts, refusal
from validator.cloudformation.template import Parameter
from validator.document import Node
from validator.parse import parse


def declared(text: str) -> Parameter:
    node = parse("child.yml", f"Parameters:\n  P: {{{text}}}\n").root.get("Parameters", "P")
    assert node is not None
    return Parameter("P", node)


def value(text: str) -> Node:
    node = parse("parent.yml", f"P: {text}\n").root.get("P")
    assert node is not None
    return node


@pytest.mark.parametrize(
    ("declaration", "text", "wants"),
    [
        ("AllowedValues: [dev, prod]", "staging", "allows only dev, prod"),
        ("AllowedValues: [dev, prod]", "Dev", "allows only dev, prod"),
        ("AllowedPattern: '[a-z]+'", "A", "wants a text like '[a-z]+'"),
        ("MinLength: 2", "a", "wants at least 2 characters"),
        ("MaxLength: '2'", "abc", "takes at most 2 characters"),
        ("Type: Number", "one", "wants a number"),
        ("Type: Number", "", "wants a number"),
        ("Type: Number, MinValue: 1", "0", "wants at least 1"),
        ("Type: Number, MaxValue: 5", "5.5", "takes at most 5"),
        ("Type: 'List<Number>'", "1,x", "wants a number"),
        ("Type: CommaDelimitedList, AllowedValues: [a, b]", "a, c", "allows only a, b"),
        ("Type: CommaDelimitedList, AllowedPattern: '[a-c]'", "a,d", "wants a text like '[a-c]'"),
        ("Type: 'AWS::EC2::VPC::Id'", "subnet-12345678", "wants the id of a VPC, 'vpc-…'"),
        ("Type: 'List<AWS::EC2::Subnet::Id>'", "subnet-1,vpc-1", "wants the id of a subnet, 'subnet-…'"),
        ("Type: 'AWS::EC2::KeyPair::KeyName'", "", "wants the name of a key pair"),
        (
            "Type: 'AWS::EC2::AvailabilityZone::Name'",
            "eu-west-1",
            "wants the name of an availability zone, 'eu-west-1a'",
        ),
        ("Type: 'AWS::Route53::HostedZone::Id'", "/hostedzone/Z1", "wants the id of a hosted zone, 'Z…'"),
        ("AllowedValues: [8.10, 7]", "8.10", "allows only 8.1, 7"),
        ("AllowedValues: [Yes, No]", "Yes", "allows only true, false"),
    ],
)
def test_refuses(declaration: str, text: str, wants: str) -> None:
    found = refusal(declared(declaration), text)
    assert found is not None
    assert found.wants == wants


@pytest.mark.parametrize(
    ("declaration", "given"),
    [
        ("Type: String", "anything"),
        ("AllowedValues: [dev, prod]", "prod"),
        ("AllowedValues: [1, 2]", "1"),
        ("AllowedValues: [8.0]", "8.0"),
        ("AllowedValues: [8.0]", "8"),
        ("AllowedValues: ['8']", 8.0),
        ("AllowedValues: [0123]", "0123"),
        ("AllowedValues: [0123]", "83"),
        ("AllowedValues: [true]", True),
        ("AllowedValues: [!Ref X]", "y"),
        ("AllowedPattern: '[a-z&&[^b]]'", "b"),
        ("AllowedPattern: 7", "b"),
        ("Type: Number, AllowedValues: [1, 2]", "1.0"),
        ("Type: Number, MaxValue: 5", "5e0"),
        ("Type: Number", "1e3"),
        ("Type: Number", "0x1F"),
        ("Type: CommaDelimitedList, AllowedValues: [a, b]", "b, a"),
        ("Type: CommaDelimitedList, AllowedValues: [a, b]", ""),
        ("Type: CommaDelimitedList, MaxLength: 2", "aaa"),
        ("Type: 'AWS::EC2::VPC::Id'", "vpc-0a1b2c3d"),
        ("Type: 'AWS::EC2::VPC::Id'", "__VPC_ID__"),
        ("Type: 'AWS::EC2::AvailabilityZone::Name'", "us-west-2-lax-1a"),
        ("Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>'", "/aws/x"),
        ("Type: 'AWS::SSM::Parameter::Value<String>', AllowedValues: [a]", "/aws/x"),
        ("Type: 'AWS::SSM::Parameter::Name'", "x"),
        ("Type: 'AWS::Some::New::Type'", "x"),
        ("MinLength: {Ref: X}", ""),
    ],
)
def test_takes(declaration: str, given: Any) -> None:
    assert refusal(declared(declaration), given) is None


def test_takes_no_null() -> None:
    assert refusal(declared("Type: String"), None) is not None


def test_names_the_item_of_a_list() -> None:
    found = refusal(declared("Type: CommaDelimitedList, AllowedValues: [a]"), "a,b")
    assert found is not None
    assert found.item == "b"


@pytest.mark.parametrize("text", ["8.10", "Yes", "on", "0123", "12:30", "1_000"])
def test_tells_scalars_that_quotes_would_cure(text: str) -> None:
    assert drifts(value(text), declared(f"AllowedValues: ['{text}', x]"))


@pytest.mark.parametrize("text", ["'8.10'", "8.1", "true", "1e3", "x"])
def test_tells_no_scalars_that_are_read_as_written(text: str) -> None:
    assert not drifts(value(text), declared(f"AllowedValues: [{text}, y]"))
