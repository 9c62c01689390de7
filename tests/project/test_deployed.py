"""Policies of templates are judged as their templates are deployed: with what files and callers give."""

import pytest

from validator.iam.sets import prove_set
from validator.settings import Layout, Settings, StackFiles

from .conftest import Loading

EU = "eu-central-1"
POLICY = """\
Parameters:
  Where: {Type: String, Default: eu-central-1}
  Other: {Type: String, Default: x}
  On: {Type: String, Default: "no"}
Conditions:
  IsOn: !Equals [!Ref On, "yes"]
Resources:
  R:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Description: !Ref Other
      PolicyDocument:
        Statement: {Effect: Allow, Action: "sqs:*", Resource: !Sub "arn:aws:sqs:${Where}:1:q"}
"""
ROOT = """\
Parameters:
  Region: {Type: String, Default: eu-central-1}
Resources:
  S:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: role.yml, Parameters: {Where: GIVEN}}
"""


def verdicts(
    loaded: Loading, files: dict[str, str], *pairs: tuple[str, str], regions: tuple[str, ...] = (EU,)
) -> list[str]:
    layout = Layout(stacks=tuple(StackFiles(template, (file,)) for template, file in pairs))
    settings = Settings((EU,), regions)
    return [prove_set(policies, settings).verdict for policies in loaded(files, layout=layout).policy_sets]


def given(**parameters: str) -> str:
    return '{"Parameters": {' + ", ".join(f'"{name}": "{value}"' for name, value in parameters.items()) + "}}"


@pytest.mark.parametrize(
    ("parameters", "verdict"), [({"Where": EU}, "confined"), ({"Where": "us-east-1"}, "escapes"), ({}, "confined")]
)
def test_a_parameter_file_decides(parameters: dict[str, str], verdict: str, loaded: Loading) -> None:
    files = {"role.yml": POLICY, "p.json": given(**parameters)}
    assert verdicts(loaded, files, ("role.yml", "p.json")) == [verdict]


def test_the_worst_of_several_files_counts(loaded: Loading) -> None:
    files = {"role.yml": POLICY, "a.json": given(Where=EU), "b.json": given(Where="us-east-1")}
    assert verdicts(loaded, files, ("role.yml", "a.json"), ("role.yml", "b.json")) == ["escapes"]


@pytest.mark.parametrize(
    ("passed", "verdict"),
    [
        (EU, "confined"),
        ("us-east-1", "escapes"),
        ("!Ref Region", "confined"),
        ("!Ref AWS::Region", "escapes"),
        ("!Ref AWS::NoValue", "confined"),
    ],
)
def test_a_caller_decides_and_the_region_is_known_all_the_way_down(passed: str, verdict: str, loaded: Loading) -> None:
    files = {"role.yml": POLICY, "main.yml": ROOT.replace("GIVEN", passed)}
    assert verdicts(loaded, files, regions=(EU, "us-east-1")) == [verdict]


def test_a_file_decides_two_levels_down(loaded: Loading) -> None:
    files = {"role.yml": POLICY, "main.yml": ROOT.replace("GIVEN", "!Ref Region"), "p.json": given(Region="us-east-1")}
    assert verdicts(loaded, files, ("main.yml", "p.json")) == ["escapes"]


def test_what_is_not_there_is_not_judged(loaded: Loading) -> None:
    template = POLICY.replace("    Properties:\n      Desc", "    Condition: IsOn\n    Properties:\n      Desc")
    files = {"role.yml": template, "a.json": given(Where=EU, On="yes"), "b.json": given(Where="us-east-1", On="no")}
    assert verdicts(loaded, files, ("role.yml", "a.json"), ("role.yml", "b.json")) == ["confined"]


def test_stacks_that_differ_in_nothing_that_matters_are_one(loaded: Loading) -> None:
    files = {"role.yml": POLICY} | {f"{number}.json": given(Where=EU, Other=str(number)) for number in range(20)}
    layout = Layout(stacks=(StackFiles("role.yml", ("*.json",)),))
    [policies] = loaded(files, layout=layout).policy_sets
    assert policies.scopes is not None
    assert len(policies.scopes({})) == 1


def test_of_too_many_ways_nothing_is_known(loaded: Loading) -> None:
    files = {"role.yml": POLICY} | {f"{number}.json": given(Where=f"r{number}") for number in range(20)}
    assert verdicts(loaded, files, ("role.yml", "*.json")) == ["undecided"]


def test_a_policy_file_has_no_stacks(loaded: Loading) -> None:
    text = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
    [policies] = loaded({"policy.json": text}).policy_sets
    assert policies.scopes is None


def test_a_default_does_not_prove_what_other_regions_are_allowed_beside(loaded: Loading) -> None:
    choice = POLICY.replace(
        "Default: eu-central-1}", "Default: eu-central-1, AllowedValues: [eu-central-1, us-east-1]}"
    )
    assert verdicts(loaded, {"role.yml": choice}) == ["undecided"]
    assert verdicts(loaded, {"role.yml": choice, "p.json": given(Where=EU)}, ("role.yml", "p.json")) == ["confined"]
