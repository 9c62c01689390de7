"""Shapes read from botocore's models."""

import subprocess
import sys
from pathlib import Path

from validator.environment.operations import operations, services
from validator.environment.shapes import Shape, operation


def output(service: str, name: str, *path: str) -> Shape:
    """Give the shape at a path of an answer: names of members, `[]` for the elements of a list or a map."""
    found = operation(service, name)
    assert found is not None
    shape = found.output
    for step in path:
        shape = shape.element if step == "[]" else shape.members[step]
    return shape


def test_agrees_with_botocore_on_an_answer() -> None:
    import botocore.session  # noqa: PLC0415  # slow, for this test only

    model = botocore.session.Session().get_service_model("rds")
    theirs = model.shape_for("DBInstance")
    ours = output("rds", "describe_db_instances", "DBInstances", "[]")
    assert ours.name == theirs.name
    assert [*ours.members] == [*getattr(theirs, "members", ())]


def test_agrees_with_botocore_on_what_must_be_given() -> None:
    import botocore.session  # noqa: PLC0415

    model = botocore.session.Session().get_service_model("elbv2")
    for api in model.operation_names:
        theirs = model.operation_model(api)
        ours = operation("elbv2", next(one for one in operations("elbv2") if one.replace("_", "") == api.lower()))
        assert ours is not None
        assert [*ours.input.required] == (theirs.input_shape.required_members if theirs.input_shape else [])


def test_there_is_no_operation_that_does_not_exist() -> None:
    assert operation("ec2", "describe_vpc") is None
    assert operation("../ec2", "describe_vpcs") is None


def test_kinds() -> None:
    instance = output("ec2", "describe_instances", "Reservations", "[]", "Instances", "[]")
    names = ("LaunchTime", "EbsOptimized", "InstanceId", "Placement", "Tags", "AmiLaunchIndex")
    assert [instance.members[name].kind for name in names] == [
        *("timestamp", "boolean", "string", "structure", "list", "integer"),
    ]
    assert instance.members["State"].members["Name"].enum[:2] == ("pending", "running")


def test_shapes_may_hold_themselves() -> None:
    value = output("dynamodb", "get_item", "Item", "[]")
    assert value.members["L"].element is value


def test_policies_of_iam_are_decoded_in_answers_only() -> None:
    assert output("iam", "get_role", "Role", "AssumeRolePolicyDocument").kind == "any"
    put = operation("iam", "put_role_policy")
    assert put is not None
    assert put.input.members["PolicyDocument"].kind == "string"


def test_policies_of_other_services_are_texts() -> None:
    assert output("kms", "get_key_policy", "Policy").kind == "string"


def test_streams_and_documents_are_anything() -> None:
    assert output("s3", "get_object", "Body").kind == "any"
    assert output("cloudformation", "get_template", "TemplateBody").kind == "any"


def test_every_answer_says_how_it_came() -> None:
    assert output("ec2", "describe_vpcs", "ResponseMetadata").kind == "any"


def test_knows_what_is_sensitive() -> None:
    assert output("secretsmanager", "get_secret_value", "SecretString").sensitive
    assert not output("secretsmanager", "get_secret_value", "Name").sensitive


def test_what_botocore_fills_in_need_not_be_given() -> None:
    vaults, start = operation("glacier", "list_vaults"), operation("athena", "start_query_execution")
    assert vaults is not None
    assert vaults.input.required == ()
    assert start is not None
    assert "ClientRequestToken" not in start.input.required


def test_knows_values_that_only_the_documentation_lists() -> None:
    gateway = output("ec2", "describe_internet_gateways", "InternetGateways", "[]", "Attachments", "[]")
    assert "available" in gateway.members["State"].enum


def test_every_operation_of_every_service_has_shapes() -> None:
    """Down to the members of the answer, which needs all that it names to be there."""
    for service in services():
        for name in operations(service):
            found = operation(service, name)
            assert found is not None
            assert [shape.kind for shape in (*found.input.members.values(), *found.output.members.values())]


def test_reading_a_model_makes_no_session() -> None:
    code = "import sys; from validator.environment.shapes import operation\n"
    code += "assert operation('iam', 'get_role').output.members['Role'].members\n"
    code += "assert not {'boto3', 'botocore.session', 'botocore.client', 'botocore.loaders'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_checking_a_spec_makes_no_session(tmp_path: Path) -> None:
    text = "envspec: 1\nchecks: [{id: a, call: iam.get_role, with: {RoleName: b}, expect: {Role.Pth: /}}]\n"
    (tmp_path / "spec.yml").write_text(text)
    code = """\
import sys
from pathlib import Path
from validator.cli import main
assert main(["check", "--format", "concise", "--select", "environment"]) == 1
print(sorted({"boto3", "botocore.session", "botocore.client", "botocore.loaders", "rich"} & set(sys.modules)))
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert "[environment-path-not-in-answer]" in run.stdout
    assert run.stdout.endswith("[]\n")
