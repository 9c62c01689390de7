"""Rule environment-type-not-readable."""

import pytest

from validator.testing import findings

RULE = "environment-type-not-readable"


def found(check: str, head: str = "", **more: str) -> list[tuple[str, str, str]]:
    spec = f"envspec: 1\n{head}checks:\n- {{id: a, {check}}}\n"
    every = findings(RULE, {"spec.yml": spec, **more})
    return [(one.at.text, one.message, one.help) for one in every]


def test_a_type_without_a_way_to_read_it() -> None:
    assert found("resource: M, type: AWS::AppMesh::Mesh, expect: {Spec: {exists: true}}") == [
        ("AWS::AppMesh::Mesh", "nothing reads the properties of AWS::AppMesh::Mesh", "look at it with a `call`")
    ]


def test_the_template_says_the_type() -> None:
    template = "Resources:\n  C: {Type: 'Custom::Thing', Properties: {ServiceToken: a, Size: 1}}\n"
    [(at, message, _)] = found("resource: C, expect: {Size: 1}", **{"template.yml": template})
    assert (at, message) == ("C", "nothing reads the properties of Custom::Thing")


def test_the_way_may_be_closed_by_the_spec_itself() -> None:
    [(_, _, advice)] = found(
        "resource: R, type: AWS::AppConfig::Application, expect: {Name: x}", "defaults: {via: table}\n"
    )
    assert advice == "leave `via` out, so that Cloud Control reads it"


@pytest.mark.parametrize(
    "check",
    [
        # That it is there can be told of any resource.
        "resource: M, type: AWS::AppMesh::Mesh",
        "resource: G, type: AWS::EC2::SecurityGroup, expect: {GroupDescription: a}",
        "resource: A, type: AWS::AppConfig::Application, expect: {Name: x}",
        "resource: A, type: AWS::Quasar::Pulsation, expect: {Name: x}",
        "resource: A, expect: {Name: x}",
    ],
)
def test_accepts(check: str) -> None:
    assert not found(check)
