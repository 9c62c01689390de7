"""The view of a CodeBuild project, and its links."""

import pytest

from validator.project import BuildLink, BuildProject, Setting, runs

from .conftest import Loading

HEAD = """\
Parameters:
  Image: {Type: String, Default: aws/codebuild/standard:7.0}
  Stage: {Type: String, AllowedValues: [test, prod]}
  Free: {Type: String}
Conditions:
  Prod: !Equals [!Ref Stage, prod]
Resources:
  Role: {Type: AWS::IAM::Role}
  Topic: {Type: AWS::SNS::Topic}
  Project:
    Type: AWS::CodeBuild::Project
    Properties:
"""
SPEC = "version: 0.2\nphases: {build: {commands: [make]}}\n"


def project(loaded: Loading, *properties: str, head: str = HEAD, **files: str) -> BuildProject:
    return link(loaded, *properties, head=head, **files).project


def link(loaded: Loading, *properties: str, head: str = HEAD, **files: str) -> BuildLink:
    text = head + "".join(f"      {line}\n" for line in properties)
    [found] = loaded({"template.yml": text, **files}).build_links
    return found


def image(loaded: Loading, value: str) -> Setting:
    return project(loaded, f"Environment: {{Image: {value}}}").setting("Environment", "Image")


@pytest.mark.parametrize(
    ("value", "texts", "complete", "certain"),
    [
        ("'node:24'", ("node:24",), True, True),
        ("!Sub 'node:24'", ("node:24",), True, True),
        ("!Ref Image", ("aws/codebuild/standard:7.0",), True, False),
        ("!If [Prod, 'node:24', 'node:22']", ("node:24", "node:22"), True, False),
        ("!If [Prod, 'node:24', !Ref Free]", ("node:24",), False, False),
        ("!Ref Free", (), False, False),
        ("!Sub '${AWS::AccountId}.dkr.ecr.example.com/x'", (), False, False),
        ("!GetAtt Topic.TopicName", (), False, False),
        ("[a]", (), False, False),
        ("24", ("24",), True, True),
        ("!Ref AWS::NoValue", (), True, True),
    ],
)
def test_says_what_a_property_can_be(
    loaded: Loading, value: str, texts: tuple[str, ...], *, complete: bool, certain: bool
) -> None:
    found = image(loaded, value)
    assert (set(found.texts), found.complete, found.certain) == (set(texts), complete, certain)


@pytest.mark.parametrize(("value", "text"), [("a", "a"), ("!If [Prod, a, b]", None), ("!Ref Free", None)])
def test_gives_the_one_text(loaded: Loading, value: str, text: str | None) -> None:
    assert image(loaded, value).text == text


@pytest.mark.parametrize(
    ("properties", "absent"),
    [
        ("Environment: {Type: LINUX_CONTAINER}", True),
        ("Name: web", True),
        ("Environment: {Image: !Ref 'AWS::NoValue'}", True),
        ("Environment: {Image: !If [Prod, !Ref 'AWS::NoValue', a]}", False),
        ("Environment: !If [Prod, {Image: a}, {Image: b}]", False),
        ("Environment: {Fn::Transform: {Name: M}}", False),
        ("Environment: !Ref Free", False),
        ("Fn::Transform: {Name: M}", False),
    ],
)
def test_is_absent_only_where_nothing_can_make_it(loaded: Loading, properties: str, *, absent: bool) -> None:
    assert project(loaded, properties).setting("Environment", "Image").absent is absent


def test_is_not_absent_where_a_macro_rewrites_the_template(loaded: Loading) -> None:
    found = project(loaded, "Name: web", head="Transform: Mine\n" + HEAD).setting("Environment", "Image")
    assert not found.absent


def test_points_at_what_is_set_or_at_the_key_that_lacks_it(loaded: Loading) -> None:
    found = project(loaded, "Environment: {Image: a}")
    places = [found.setting("Environment", name).at.span for name in ("Image", "Type")]
    assert [(span.line, span.column) for span in places] == [(13, 28), (13, 7)]


@pytest.mark.parametrize(
    ("properties", "machine"),
    [
        ("Environment: {Type: ARM_LAMBDA_CONTAINER}", "lambda"),
        ("Environment: {Type: WINDOWS_EC2}", "instance"),
        ("Environment: {Type: SOMETHING_NEW}", None),
        ("Environment: {Type: !Ref Free}", None),
    ],
)
def test_knows_the_kind_of_machine(loaded: Loading, properties: str, machine: str | None) -> None:
    found = project(loaded, properties).environment
    assert (found and found.machine) == machine


@pytest.mark.parametrize(
    ("fleet", "has"),
    [
        ("{FleetArn: !Ref Free}", True),
        ("{FleetArn: 'arn:aws:codebuild:eu-central-1:123456789012:fleet/x'}", True),
        ("{FleetArn: !Ref 'AWS::NoValue'}", False),
        ("{FleetArn: !If [Prod, a, !Ref 'AWS::NoValue']}", False),
        ("!If [Prod, {FleetArn: a}, !Ref 'AWS::NoValue']", False),
        ("{}", False),
    ],
)
def test_has_a_fleet_if_it_surely_has(loaded: Loading, fleet: str, *, has: bool) -> None:
    assert project(loaded, f"Environment: {{Fleet: {fleet}}}").has_fleet is has


def test_lists_variables_through_conditions(loaded: Loading) -> None:
    found = project(
        loaded,
        "Environment:",
        "  EnvironmentVariables:",
        "    - {Name: A, Value: a}",
        "    - {Name: B, Value: /b, Type: PARAMETER_STORE}",
        "    - !If [Prod, {Name: C, Value: c, Type: !Ref Free}, !Ref 'AWS::NoValue']",
        "    - {Name: !Ref Free, Value: d}",
        "    - {Fn::Transform: {Name: M}}",
        "    - {Name: !Sub 'E', Value: !Ref Free}",
    ).variables
    assert [(one.name, one.type) for one in found] == [
        ("A", "PLAINTEXT"),
        ("B", "PARAMETER_STORE"),
        ("C", ""),
        ("E", "PLAINTEXT"),
    ]


@pytest.mark.parametrize(
    ("properties", "names"),
    [
        ("Name: web", []),
        ("SecondarySources: [{SourceIdentifier: a}, {SourceIdentifier: !Sub b}]", ["a", "b"]),
        ("SecondarySources: [{SourceIdentifier: !Ref Free}]", None),
        ("SecondarySources: [!If [Prod, {SourceIdentifier: a}, {SourceIdentifier: b}]]", None),
        ("SecondarySources: !If [Prod, [], []]", None),
        ("SecondarySources: [{Type: S3}]", None),
        ("Fn::Transform: {Name: M}", None),
    ],
)
def test_gives_identifiers_if_all_are_known(loaded: Loading, properties: str, names: list[str] | None) -> None:
    found = project(loaded, properties).identifiers("SecondarySources", "SourceIdentifier")
    assert (found if found is None else list(found)) == names


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("!GetAtt Role.Arn", "Role"),
        ("!Ref Role", "Role"),
        ("!Sub '${Role.Arn}'", "Role"),
        ("!GetAtt Topic.Arn", None),
        ("!Ref Free", None),
        ("arn:aws:iam::123456789012:role/Role", None),
    ],
)
def test_finds_its_role_in_the_template(loaded: Loading, role: str, name: str | None) -> None:
    found = project(loaded, f"ServiceRole: {role}").role
    assert (found and found.logical_id) == name


@pytest.mark.parametrize(
    ("source", "settled"),
    [("{BuildSpec: buildspec.yml}", True), ("{Type: S3}", False), ("{BuildSpec: other.yml}", False)],
)
def test_is_settled_where_the_project_names_a_file_that_lies_there(
    loaded: Loading, source: str, *, settled: bool
) -> None:
    found = link(loaded, f"Source: {source}", **{"buildspec.yml": SPEC, "folder/other.yml": SPEC})
    assert found.buildspec is not None
    assert found.settled is settled


def test_an_action_may_run_another_buildspec(loaded: Loading) -> None:
    pipeline = """\
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - Name: Build
          Actions:
            - Name: Build
              ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: "1"}
              Configuration: {ProjectName: !Ref Project, BuildspecOverride: other.yml}
"""
    properties = "      Source: {BuildSpec: buildspec.yml}\n"
    [found] = loaded({"template.yml": HEAD + properties + pipeline, "buildspec.yml": SPEC}).build_links
    assert (found.buildspec, found.certain) == (None, False)


def test_a_build_runs_in_every_image_that_it_may_be_given(loaded: Loading) -> None:
    found = link(
        loaded,
        "Source: {BuildSpec: buildspec.yml}",
        "Environment: {Image: !If [Prod, 'node:24', !Ref Image]}",
        **{"buildspec.yml": SPEC},
    )
    assert sorted((run.image.name, run.certain) for run in runs([found])) == [
        ("aws/codebuild/standard:7.0", False),
        ("node:24", False),
    ]


@pytest.mark.parametrize(("image", "spec"), [("!Ref Free", SPEC), ("'node:24'", SPEC + "batch: {build-list: []}\n")])
def test_says_nothing_of_where_a_build_runs_if_there_may_be_other_images(
    loaded: Loading, image: str, spec: str
) -> None:
    source, environment = "Source: {BuildSpec: buildspec.yml}", f"Environment: {{Image: {image}}}"
    assert runs([link(loaded, source, environment, **{"buildspec.yml": spec})]) == ()
