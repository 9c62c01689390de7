"""AppSpec files and task definitions among files that are named or look like them."""

import pytest

from validator.discover import Kind, classify
from validator.parse import load


def kind(text: str, path: str = "appspec.yml") -> Kind:
    return classify(load(path, text.encode()))


@pytest.mark.parametrize(
    ("text", "path", "form"),
    [
        ("{version: 0.0, os: linux, files: []}", "appspec.yml", "server"),
        ("{version: 0, hooks: {}}", "deploy/appspec-test.yaml", "server"),
        ("{version: '0.0', os: linux, hooks: {}}", "appspec.yml", "server"),
        ("{version: 1, os: Linux, hooks: {AfterInstall: []}}", "appspec.yml", "server"),
        ("{os: linux, files: [{source: /, destination: /srv}]}", "appspec.yml", "server"),
        ("{version: 1, Resources: [{T: {Type: AWS::ECS::Service}}]}", "appspec.yaml", "service"),
        ("{version: 0.0, resources: [{F: {}}]}", "appspec.yml", "service"),
        ('{"version": 0.0, "Resources": [{"F": {"Type": "AWS::Lambda::Function"}}]}', "AppSpec.json", "service"),
    ],
)
def test_recognises_an_appspec_file_by_name_and_content(text: str, path: str, form: str) -> None:
    found = kind(text, path)
    assert (found.kind, found.form) == ("appspec", form)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{version: 0.0, os: linux, files: []}", "deploy.yml"),
        ("{version: 1.2, name: app, files: [a]}", "appspec.yml"),
        ("{version: 2, os: android, hooks: {before: [a]}}", "appspec.yml"),
        ("{version: 1, Resources: [{T: {Type: Own::Thing}}]}", "appspec.yml"),
        ("{apiVersion: v1, kind: AppSpec, os: linux, hooks: {AfterInstall: []}}", "appspec.yml"),
        ("version: 0.0\nhooks: {{ .Values.hooks }}\n", "appspec.yml"),
        ("[a, b]", "appspec.yml"),
        ("", "appspec.yml"),
    ],
)
def test_leaves_other_files_alone(text: str, path: str) -> None:
    assert kind(text, path).kind == "other"


def test_a_template_stays_one_whatever_its_name() -> None:
    assert kind("Resources: {S: {Type: AWS::ECS::Service}}", "appspec.yml").kind == "template"


def test_says_what_did_not_parse() -> None:
    assert kind("version: 0.0\nos: linux\nhooks:\n\tAfterInstall: x\n", "appspec.yml").kind == "appspec"


def test_recognises_a_task_definition_by_its_containers() -> None:
    assert kind('{"family": "f", "containerDefinitions": [{"image": "i"}]}', "t.json").kind == "task definition"
    assert kind('{"containerDefinitions": "none"}', "t.json").kind == "other"
