"""A pipeline as a text: what the tests of its rules look at."""

import textwrap

HEAD = """\
Parameters:
  Name: {Type: String, Default: main}
  Stage: {Type: String, AllowedValues: [test, prod]}
  Token: {Type: String}
Conditions:
  C: !Equals [!Ref Token, x]
Resources:
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - Name: Source
          Actions:
            - Name: Checkout
              Namespace: Checkout
              ActionTypeId: {Category: Source, Owner: AWS, Provider: CodeCommit, Version: "1"}
              Configuration: {RepositoryName: web, BranchName: main}
              OutputArtifacts: [{Name: Src}]
        - Name: Work
          Actions:
"""
PROJECT = """\
  Project: {Type: AWS::CodeBuild::Project, Properties: {Source: {Type: CODEPIPELINE}}}
  Role: {Type: AWS::IAM::Role, Properties: {}}
"""
MAIN = "Parameters: {Size: {Type: String, Default: small}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"


def pipeline(*actions: str) -> str:
    """Write a template with a pipeline of a source and a stage of actions; the first action begins at line 21."""
    return HEAD + "".join(textwrap.indent(action, " " * 12) for action in actions) + PROJECT


def deploy(
    path: str = "Src::main.yml",
    *,
    name: str = "Deploy",
    inputs: str = "[{Name: Src}]",
    mode: str = "CREATE_UPDATE",
    order: int | str = 2,
    **configuration: str,
) -> str:
    """Write an action that deploys a template: nine lines, and one for each further member of its configuration."""
    lines = [
        f"- Name: {name}",
        f"  RunOrder: {order}",
        '  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}',
        f"  InputArtifacts: {inputs}",
        "  Configuration:",
        f"    ActionMode: {mode}",
        "    StackName: web",
        "    RoleArn: arn:aws:iam::123456789012:role/deploy",
        f"    TemplatePath: {path}",
        *(f"    {key}: {value}" for key, value in configuration.items()),
    ]
    return "\n".join(lines) + "\n"


def build(
    *, project: str = "!Ref Project", inputs: str = "[{Name: Src}]", outputs: str = "[{Name: Built}]", extra: str = ""
) -> str:
    """Write an action that builds: six lines."""
    return f"""\
- Name: Build
  Namespace: Build
  ActionTypeId: {{Category: Build, Owner: AWS, Provider: CodeBuild, Version: "1"}}
  InputArtifacts: {inputs}
  OutputArtifacts: {outputs}
  Configuration: {{ProjectName: {project}{extra}}}
"""


def buildspec(artifacts: str, *commands: str) -> str:
    """Write a buildspec with its artifacts in flow style; its commands begin at line 5, its artifacts end it."""
    listed = "".join(f"      - {command}\n" for command in commands or ("cfn-lint main.yml",))
    return f"version: 0.2\nphases:\n  build:\n    commands:\n{listed}artifacts: {artifacts}\n"
