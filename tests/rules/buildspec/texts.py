"""A project and its buildspec as texts: what the tests of rules on both look at."""

HEAD = """\
Parameters:
  Free: {Type: String}
  Image: {Type: String, Default: aws/codebuild/standard:8.0}
  Mode: {Type: String, Default: "false"}
  Hidden: {Type: String, NoEcho: true}
  Token: {Type: String, NoEcho: true}
Conditions:
  C: !Equals [!Ref Free, x]
Resources:
"""
SPEC = "version: 0.2\nphases: {build: {commands: [make]}}\n"


def project(
    *properties: str, name: str = "Project", spec: str | None = "buildspec.yml", artifacts: str = "CODEPIPELINE"
) -> str:
    """Write a project as a resource; the properties are lines of its Environment, those with a `/` are its own."""
    lines = [f"  {name}:", "    Type: AWS::CodeBuild::Project", "    Properties:"]
    lines += [f"      Source: {{Type: CODEPIPELINE{f', BuildSpec: {spec}' if spec else ''}}}"]
    lines += [f"      Artifacts: {{Type: {artifacts}}}"]
    lines += [f"      {one.removeprefix('/')}" for one in properties if one.startswith("/")]
    lines += ["      Environment:", "        ComputeType: BUILD_GENERAL1_SMALL"]
    lines += [f"        {one}" for one in properties if not one.startswith("/")]
    return "\n".join(lines) + "\n"


def both(spec: str, *properties: str, **given: str) -> dict[str, str]:
    """Give a template with one project, and its buildspec."""
    return {"template.yml": HEAD + project(*properties, **given), "buildspec.yml": spec}


def commands(*texts: str) -> str:
    """Write a buildspec; its commands begin at line 5."""
    return "version: 0.2\nphases:\n  build:\n    commands:\n" + "".join(f"      - {text}\n" for text in texts)
