import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from validator.discover import Found, Kind, classify, files
from validator.parse import load

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
CASES = Path(__file__).parents[3] / "shared" / "cases"


def kind(text: str, path: str = "x.yml") -> Kind:
    return classify(load(path, text.encode()))


def named(text: str, path: str = "x.yml") -> str:
    found = kind(text, path)
    return f"{found.kind} {found.form}".strip()


STATEMENT = '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}'
POLICY = f'{{"Version": "2012-10-17", "Statement": [{STATEMENT}]}}'
BUCKET_POLICY = POLICY.replace('"Effect"', '"Principal": "*", "Effect"')
TRUST_POLICY = """{"Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"},
                                  "Action": ["sts:AssumeRole", "sts:TagSession"]}]}"""


# --- what is ours --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AWSTemplateFormatVersion: '2010-09-09'", "template cloudformation"),
        ("Resources: {A: {Type: AWS::S3::Bucket}}", "template cloudformation"),
        ("Resources: {A: {Type: Custom::Thing}}", "template cloudformation"),
        ("Resources: {A: {Type: My::Own::Bucket::MODULE}}", "template cloudformation"),
        ("Resources: {'Fn::ForEach::A': [X, [a], {'B${X}': {Type: AWS::S3::Bucket}}]}", "template cloudformation"),
        ("Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: AWS::S3::Bucket}}", "template sam"),
        ("Transform: [X, AWS::Serverless-2016-10-31]\nAWSTemplateFormatVersion: 2010-09-09", "template sam"),
        ("Resources: {A: {Type: AWS::Serverless::Function}}", "template sam"),
        ("Resources: {P: {Type: AWS::CodePipeline::Pipeline}}", "template cloudformation with a pipeline"),
        (
            "Resources: {P: {Type: AWS::CodePipeline::Pipeline}, F: {Type: AWS::Serverless::Api}}",
            "template sam with a pipeline",
        ),
        ("pipeline: {name: p, roleArn: a, stages: [{name: s, actions: []}]}\nmetadata: {}", "pipeline get-pipeline"),
        ("{name: p, roleArn: a, artifactStore: {}, stages: []}", "pipeline structure"),
        ("version: 0.2\nphases: {build: {commands: [make]}}", "buildspec 0.2"),
        ("version: '0.1'\nphases: {install: }", "buildspec 0.1"),
        ("phases: {build: {commands: [make]}}", "buildspec unknown version"),
        ("version: 1\nphases: {post_build: {commands: [make]}}", "buildspec unknown version"),
        ("batch: {build-graph: []}", "buildspec unknown version"),
        ("{Parameters: {A: b, C: 1}}", "parameters codepipeline"),
        ("{Parameters: {}}", "parameters codepipeline"),
        ("{Parameters: {A: [b]}, Tags: {a: b}, StackPolicy: {Statement: []}}", "parameters codepipeline"),
        ("[{ParameterKey: A, ParameterValue: b}, {ParameterKey: B, UsePreviousValue: true}]", "parameters cli"),
        ("{template-file-path: a.yml, parameters: {A: b}, tags: {}}", "parameters deployment"),
        ("envspec: 1\nchecks: []", "environment 1"),
        ("get_role: {Name: a, Properties: {B: c}}", "environment legacy"),
        ("describe_security_groups: [{Name: a, Properties: {B: c}}, {Name: b, Properties: {}}]", "environment legacy"),
        (POLICY, "policy identity"),
        (f'{{"Statement": {STATEMENT}}}', "policy identity"),
        ('{"Version": "2012-10-17", "Statement": []}', "policy identity"),
        (BUCKET_POLICY, "policy resource"),
        (TRUST_POLICY, "policy trust"),
        ('{"UserDetailList": [], "RoleDetailList": [], "Policies": []}', "policy account-authorization-details"),
    ],
)
def test_content_tells(text: str, expected: str) -> None:
    assert named(text) == expected


@pytest.mark.parametrize("path", ["params.json", "deploy/overrides.json"])
def test_a_list_of_overrides_needs_a_name(path: str) -> None:
    assert named('["Env=prod", "Size=1=2"]', path) == "parameters overrides"
    assert named('["Env=prod", "Size=1=2"]', "environment.json") == "other"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AWSTemplateFormatversion: '2010-09-09'\nResources: {}", "template cloudformation"),
        ("Resource: {A: {Type: AWS::S3::Bucket}}", "template cloudformation"),
        ("Resources: {A: {Properties: {B: c}}}", "template cloudformation"),
        ("Resources: {A: {Type: 'AWS:S3::Bucket'}}", "template cloudformation"),
        ("Description: a\nResources: {}\nOutputs: {}", "template cloudformation"),
        ("Parameters: {A: {Type: String}}\nOutputs: {}", "template cloudformation"),
        ("version: 0.2\nphase: {build: {commands: [make]}}", "buildspec 0.2"),
        ("Phases: {build: {commands: [make]}}", "buildspec unknown version"),
        ("version: 0.2\nphases: {biuld: {commands: [make]}}", "buildspec 0.2"),
        ("version: 0.2\nphases:\nbuild: {commands: [make]}", "buildspec 0.2"),
        ("version: 0.2\nphases: {install: {Commands: [make]}}", "buildspec 0.2"),
        ("describe_security_group: {Name: a, Properties: {B: c}}", "environment legacy"),
        ("get_role: {Name: a, Properties: {}}\nget_bucket: {Name: b, Propertys: {}}", "environment legacy"),
        ("descibe_images: {Name: a, Properties: {B: c}}", "environment legacy"),
        ("env_spec: 1\nchecks: []", "environment 1"),
        (POLICY.replace("Statement", "Statment"), "policy identity"),
        (POLICY.replace("Statement", "statement"), "policy identity"),
        (POLICY.replace("Effect", "Efect"), "policy identity"),
        (STATEMENT, "policy identity"),
        ('{"Parameters": {"E": ["a"]}, "Tag": {"x": 1}}', "parameters codepipeline"),
        ('{"Parameters": {"E": "a"}, "Tags": {}, "Comment": "c"}', "parameters codepipeline"),
        ('[{"ParamterKey": "A", "ParameterVal": "b"}]', "parameters cli"),
    ],
)
def test_a_misspelt_file_is_what_it_was_meant_to_be(text: str, expected: str) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    "text", ["", "# nothing yet", "a: 1", "- a", "version: 0.2", "phases:\n- build", "Phases: {x: y}"]
)
def test_a_file_named_buildspec_is_one(text: str) -> None:
    assert kind(text, "ci/BuildSpec.yml").kind == "buildspec"


def test_a_file_named_for_a_buildspec_is_none_without_its_keys() -> None:
    assert kind("env: {variables: {A: b}}", "ci/buildspec-test.yml").kind == "buildspec"
    assert kind("image: a", "ci/buildspec-images.yml").kind == "other"
    assert kind('{"Parameters": {"A": "b"}}', "buildspec-params.json").kind == "parameters"


# --- kinds of policy -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text", "form", "certainty"),
    [
        ("scp/deny.json", POLICY, "scp", "guessed"),
        ("policies/DenyRegionsSCP.json", POLICY, "scp", "guessed"),
        ("service-control-policies/deny.json", POLICY, "scp", "guessed"),
        ("scp/boundary.json", POLICY, "boundary", "guessed"),
        ("MyPermissionsBoundary.json", POLICY, "boundary", "guessed"),
        ("rcp/deny.json", BUCKET_POLICY.replace("Allow", "Deny"), "rcp", "guessed"),
        ("rcp/allow.json", BUCKET_POLICY, "resource", "certain"),
        ("scp/bucket.json", BUCKET_POLICY, "resource", "certain"),
        ("scp/role.json", TRUST_POLICY, "trust", "certain"),
        ("describe.json", POLICY, "identity", "certain"),
        ("role.json", '{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}', "trust", "guessed"),
        ("role.json", POLICY.replace("s3:GetObject", "sts:AssumeRole"), "identity", "certain"),
        ("role.json", TRUST_POLICY.replace("AssumeRole", "AssumRole"), "trust", "certain"),
        ("endpoint.json", BUCKET_POLICY.replace("s3:GetObject", "sts:AssumeRole"), "trust", "guessed"),
        ("repository.json", TRUST_POLICY.replace("sts:", "ecr:"), "resource", "certain"),
    ],
)
def test_a_policy_is_told_by_its_content_then_by_its_path(path: str, text: str, form: str, certainty: str) -> None:
    found = kind(text, path)
    assert (found.kind, found.form, found.guessed) == ("policy", form, certainty == "guessed")


@pytest.mark.parametrize(
    ("wrapper", "form", "at"),
    [
        ({"PolicyName": "p", "PolicyDocument": json.loads(POLICY)}, "identity", ("PolicyDocument",)),
        ({"Policy": BUCKET_POLICY}, "resource", ("Policy",)),
        ({"PolicyVersion": {"Document": json.loads(POLICY)}}, "identity", ("PolicyVersion", "Document")),
        ({"RoleName": "r", "AssumeRolePolicyDocument": TRUST_POLICY}, "trust", ("AssumeRolePolicyDocument",)),
        (
            {"Role": {"AssumeRolePolicyDocument": json.loads(TRUST_POLICY)}},
            "trust",
            ("Role", "AssumeRolePolicyDocument"),
        ),
        ({"Content": POLICY, "Type": "SERVICE_CONTROL_POLICY"}, "scp", ("Content",)),
        (
            {"Policy": {"PolicySummary": {"Type": "RESOURCE_CONTROL_POLICY"}, "Content": BUCKET_POLICY}},
            "rcp",
            ("Policy", "Content"),
        ),
    ],
)
def test_a_policy_is_found_in_what_the_cli_prints_and_reads(
    wrapper: dict[str, object], form: str, at: tuple[str, ...]
) -> None:
    found = kind(json.dumps(wrapper), "x.json")
    assert (found.kind, found.form, found.at, found.guessed) == ("policy", form, at, False)


@pytest.mark.parametrize("content", ["{" * 100_000, "{", '{"Statement": 1}', "[]", "text"])
def test_a_string_that_holds_no_policy_is_none(content: str) -> None:
    assert kind(json.dumps({"Policy": content}), "x.json").kind == "other"


# --- what is not ours ----------------------------------------------------------------------------------------------

OTHERS = {
    "device farm": "version: 0.1\nphases: {install: {commands: [a]}, pre_test: {commands: [b]}, test: {commands: [c]}}",
    "device farm, short": "version: 0.1\nphases: {install: {commands: [a]}, test: {commands: [c]}}",
    "image builder": "name: a\nschemaVersion: 1.0\nphases: [{name: build, steps: []}]",
    "amplify": "version: 1\nfrontend: {phases: {build: {commands: [make]}}}",
    "amplify, old": "version: 0.1\nfrontend: {phases: {build: {commands: [make]}}}\nartifacts: {files: ['**/*']}",
    "kubernetes": "apiVersion: v1\nkind: ConfigMap\ndata: {Resources: a}",
    "kustomize": "resources: [a.yml]\npatches: []",
    "compose": "version: '3'\nservices: {a: {image: b}}",
    "workflow": "on: push\njobs: {build: {steps: []}}",
    "gitlab": "stages: [build]\nbuild: {script: [make]}",
    "ansible": "- hosts: all\n  tasks: []",
    "openapi": "openapi: 3.0.0\npaths: {}",
    "serverless": "service: a\nprovider: {name: aws}\nresources: {Resources: {A: {Type: AWS::S3::Bucket}}}",
    "serverless part": "Resources: {A: {Type: AWS::S3::Bucket, Properties: {BucketName: '${self:service}-a'}}}",
    "arm": '{"$schema": "https://schema.management.azure.com/x/deploymentTemplate.json#", "resources": []}',
    "arm parameters": """{"$schema": "https://schema.management.azure.com/x/deploymentParameters.json#",
                          "parameters": {"a": {"value": "b"}}}""",
    "tsconfig": '{"compilerOptions": {"strict": true}}',
    "package.json": '{"name": "a", "version": "0.2.0", "scripts": {"build": "make"}}',
    "resource type": '{"typeName": "AWS::S3::Bucket", "properties": {"A": {"type": "string"}}}',
    "resource specification": '{"ResourceTypes": {"AWS::S3::Bucket": {"Properties": {}}}, "PropertyTypes": {}}',
    "json schema": '{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"Resources": {}}}',
    "cfn-lint": "templates: [a.yml]\nignore_checks: [W]",
    "ssm": "schemaVersion: '2.2'\nmainSteps: [{action: a}]\nparameters: {A: {type: String}}",
    "state machine": '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:::function:x"}}}',
    "appspec": "version: 0.0\nos: linux\nfiles: []",
    "appspec, ecs": "version: 0.0\nResources: [{TargetService: {Type: 'AWS::ECS::Service', Properties: {}}}]",
    "cdk.json": '{"app": "python app.py", "context": {}}',
    "cdk manifest": '{"version": "36.0.0", "artifacts": {"a": {"type": "aws:cloudformation:stack"}}}',
    "harness": "pipeline: {name: a, identifier: b, stages: [{stage: {name: c}}]}",
    "parameters section": "Parameters: {A: {Type: String}}",
    "sam local environment": '{"Parameters": {"TABLE_NAME": "a", "QUEUE_URL": "b"}}',
    "run command": '{"Parameters": {"commands": ["ls"]}}',
    "fragment": "Bucket: {Type: AWS::S3::Bucket}",
    "waf": '{"Name": "a", "Statement": {"RateBasedStatement": {"Limit": 100}}, "Action": {"Block": {}}}',
    "stack policy": '{"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}',
    "other cloud": '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "oss:*", "Resource": "acs:oss:*"}]}',
    "rosetta": "ROSTemplateFormatVersion: '2015-09-01'\nResources: {A: {Type: ALIYUN::ECS::Instance}}",
    "heat": "heat_template_version: 2015-04-30\nresources: {a: {type: OS::Nova::Server}}",
    "org-formation": "AWSTemplateFormatVersion: '2010-09-09-OC'\nOrganization: {A: {Type: OC::ORG::Account}}",
    "openstack policy": '{"identity:get_user": "rule:admin", "get_role": "rule:admin"}',
    "getters": "get_name: {type: string}\nget_value: {type: int}",
    "buildtest": "version: '1.0'\nbuildspecs: {a: {type: script}}",
    "several documents": "a: 1\n---\nb: 2",
    "several manifests": "apiVersion: v1\nkind: A\n---\napiVersion: v1\nkind: B",
    "empty": "",
    "text": "hello",
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS.keys())
def test_look_alikes_are_not_ours(text: str) -> None:
    assert kind(text) == Kind("other", why=kind(text).why, sure=kind(text).sure)


def test_the_first_of_several_documents_counts_if_it_is_clearly_ours() -> None:
    assert kind("Resources: {A: {Type: AWS::S3::Bucket}}\n---\na: 1").kind == "template"
    assert kind("a: 1\n---\nb: 1", "buildspec.yml").kind == "other"


# --- what did not parse --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.yml", "AWSTemplateFormatVersion: '2010-09-09'\nResources: {", "template"),
        ("a.json", '{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {]', "template"),
        ("a.json", '{"Resources": {"A": {"Type": "AWS::S3::Bucket",}}}', "template"),
        ("a.yml", "version: 0.2\nphases:\n\tbuild:\n\t\tcommands: [make]", "buildspec"),
        ("a.yml", "phases:\n  build:\n    commands:\n    - a: b: c\n", "buildspec"),
        (
            "a.yml",
            "version: 0.2\nphases:\n  build:\n    commands:\n    - docker inspect --format '{{.Id}}' \"\n",
            "buildspec",
        ),
        ("buildspec.yml", "\t", "buildspec"),
        ("buildspec", "a: [", "buildspec"),
        ("a.json", POLICY[:-1], "policy"),
        ("a.json", "// why\n" + POLICY, "policy"),
        ("a.json", '[{"ParameterKey": "A" "ParameterValue": "b"}]', "parameters"),
        ("a.json", '{"pipeline": {"stages": [{"actions": [{"actionTypeId": }]}]}}', "pipeline"),
        ("a.yml", "envspec: 1\nchecks: [", "environment"),
        ("a.yml", "get_role:\n  Name: a\n  Properties: [\n", "environment"),
        ("a.json", '{"Parameters": {"A": "b", /* why */}}', "parameters"),
        ("vpc.template.json", "{", "template"),
        ("vpc-cfn.yml", "a: [", "template"),
    ],
)
def test_text_and_name_tell_what_a_broken_file_was_meant_to_be(path: str, text: str, expected: str) -> None:
    found = kind(text, path)
    assert (found.kind, found.sure) == (expected, True)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("templates/deployment.yaml", "apiVersion: v1\nkind: A\n{{- if .Values.a }}\nb: c\n{{- end }}\n"),
        ("templates/x.yaml", "AWSTemplateFormatVersion: '2010-09-09'\n{% if a %}\nb: c\n{% endif %}\nd: ["),
        ("policy.json", '{"Statement": [{"Effect": "Allow", "Resource": {{ bucket | tojson }}}]}\n{{ x }}'),
        ("a.yml", "a: <%= b %>\nc: [<% d %>"),
        ("tsconfig.json", '{\n  // strict\n  "strict": true\n}'),
        (".vscode/settings.json", '{"a": "http://b", "c": 1} // why'),
        (".devcontainer/devcontainer.json", '{"a": [1 /* why */, "\\" // no"]}'),
        ("tsconfig.json", '{"a": [1, 2,], "b": ",]",\n}'),
        ("a.json", ""),
        ("a.json", "\ufeff \n"),
        ("a.yml", "? [a, b]\n: c\n"),
        ("a.yml", "a: &b c\n*b : d\n"),
        ("log.json", '{"a": 1}\n{"b": {"Statement": [], "Effect": 1}}\n'),
        ("a.yml", "apiVersion: v1\nkind: A\nb: [\n---\n"),
        ("a.yml", "on: push\njobs:\n  a: [\n"),
    ],
)
def test_broken_files_of_other_tools_are_surely_not_ours(path: str, text: str) -> None:
    found = kind(text, path)
    assert (found.kind, found.sure) == ("other", True)


def test_a_dynamic_reference_is_no_text_template() -> None:
    assert kind("Resources:\n  A:\n    Type: AWS::X::Y\n    B: {{resolve:ssm:a}}\n").kind == "template"


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a.json", "other"), ("a.yml", "other"), ("lifecycle-policy.json", "policy"), ("a.template", "template")],
)
def test_a_broken_file_that_nothing_speaks_for_is_not_surely_anything(path: str, expected: str) -> None:
    found = kind("{", path)
    assert (found.kind, found.sure) == (expected, False)


@pytest.mark.parametrize(
    "piece",
    [
        "apiVersion: a\n",
        "\n",
        "   ",
        "<% ",
        "{%",
        "{{",
        "a ",
        "Type",
        "Type: ",
        ",",
        "{ ",
        "- - ",
        "\t\n",
        "'",
        "//\n",
        '"',
        "/*",
    ],
)
def test_no_broken_text_takes_long(piece: str) -> None:
    text = piece * (500_000 // len(piece)) + "\x00{"
    document = load("a.json", text.encode())
    assert document.broken
    assert classify(document).kind == "other"


# --- always --------------------------------------------------------------------------------------------------------

KEYS = st.sampled_from(
    """
    AWSTemplateFormatVersion Resources Resource Type Properties Transform Outputs Parameters Tags ParameterKey
    version phases build commands batch pipeline stages actions roleArn envspec get_role Name $schema
    Version Statement Statment Effect Action Principal Policy PolicyDocument Content PolicyVersion Document
    """.split()  # noqa: SIM905  # three lines of names read better than forty
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
    st.sampled_from(["AWS::S3::Bucket", "0.2"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(VALUES, st.sampled_from(["a.json", "buildspec.json", "scp/policy.json", "params.json"]))
def test_any_value_has_a_kind(value: object, path: str) -> None:
    found = classify(load(path, json.dumps(value).encode()))
    assert found.why.isprintable() or found.kind != "other"


@settings(max_examples=200, deadline=None)
@given(st.binary() | st.text().map(str.encode), st.sampled_from(["a.json", "buildspec.yml", "a.template", "a.yml"]))
def test_any_bytes_have_a_kind(data: bytes, path: str) -> None:
    assert classify(load(path, data)).why


# --- the corpus ----------------------------------------------------------------------------------------------------


def census(folder: Path) -> Counter[str]:
    found = [one for one in files([str(folder)]) if isinstance(one, Found)]
    kinds = [classify(load(one.path, one.file.read_bytes())) for one in found]
    return Counter(f"{one.kind} {one.form}".strip() for one in kinds)


corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not part of the repository")


@corpus
def test_the_nested_stacks_sample() -> None:
    assert census(CORPUS / "nested/awslabs+codepipeline-nested-cfn") == {
        "buildspec 0.1": 2,
        "environment legacy": 1,
        "parameters cli": 2,
        "parameters codepipeline": 3,
        "template cloudformation": 5,
        "template cloudformation with a pipeline": 1,
    }


@corpus
@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("buildspec", {"buildspec 0.2": 81, "buildspec 0.1": 5, "buildspec unknown version": 1}),
        ("iam/aws-managed", {"policy identity": 402, "policy boundary": 2}),
        ("iam/aws-scp-examples", {"policy scp": 56}),
        ("iam/cloudposse-scp", {"policy scp": 42}),
        (
            "iam/org-formation",
            {"policy identity": 19, "policy resource": 14, "policy trust": 15, "policy scp": 2, "other": 2},
        ),
        (
            "nested",
            {
                "template cloudformation": 181,
                "template cloudformation with a pipeline": 2,
                "parameters cli": 13,
                "parameters codepipeline": 3,
                "buildspec 0.1": 2,
                "buildspec 0.2": 2,
                "environment legacy": 1,
                "other": 121,
            },
        ),
    ],
)
def test_the_corpus(folder: str, expected: dict[str, int]) -> None:
    assert census(CORPUS / folder) == expected


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not part of the repository")
@pytest.mark.parametrize("folder", ["cloudformation", "iam"])
def test_every_case_is_ours(folder: str) -> None:
    assert census(CASES / folder)["other"] == 1  # EXPECTED.json, which says what is wrong with them
