"""What CodeBuild says of a broken file, minutes later and without a column, is said here: with how to mend it.

The messages are real; where each was seen: see the comments.
"""

import pytest

from validator.rule import Finding
from validator.testing import findings

TEMPLATE = """\
Resources:
  Project:
    Type: AWS::CodeBuild::Project
    Properties:
      Source:
        BuildSpec: %s
"""
SPEC = "version: 0.2\nphases: {build: {commands: [make]}}\n"


def project(image: str, *environment: str, spec: str = "buildspec.yml") -> str:
    """Write a template with a project; lines of its Environment begin at line 10."""
    lines = ["Resources:", "  Project:", "    Type: AWS::CodeBuild::Project", "    Properties:"]
    lines += [f"      Source: {{Type: CODEPIPELINE, BuildSpec: {spec}}}", "      Environment:"]
    lines += ["        Type: LINUX_CONTAINER", "        ComputeType: BUILD_GENERAL1_SMALL"]
    lines += [f"        {line}" for line in (f"Image: {image or 'aws/codebuild/standard:8.0'}", *environment)]
    return "\n".join(lines) + "\n"


def runtimes(asked: str) -> str:
    return f"version: 0.2\nphases:\n  install:\n    runtime-versions:\n      {asked}\n  build: {{commands: [make]}}\n"


# What provokes the message, the rule that sees it coming, line and column, and words of what it says and advises.
CASES = {
    # aws/sagemaker-chainer-container#83, guidance-for-claude-code-with-amazon-bedrock#518
    "Expected Commands[2] to be of string type: found subkeys instead": (
        {
            "buildspec.yml": """\
version: 0.2
phases:
  build:
    commands:
      - make
      - make test
      - echo "Version: $VERSION"
"""
        },
        "buildspec-command-is-mapping",
        (7, 22),
        ["the ':' behind 'echo \"Version'", "Expected Commands[2] to be of string type", "in quotes"],
    ),
    "Expected Commands[0] to be of string type: found subkeys instead": (
        {"buildspec.yml": "version: 0.2\nphases:\n  build:\n    commands:\n      - { make; }\n"},
        "buildspec-command-is-mapping",
        (5, 9),
        ["starts with '{'", "Expected Commands[0] to be of string type", "in quotes"],
    ),
    # awsdocs/aws-codebuild-user-guide#25
    "found character that cannot start any token": (
        {"buildspec.yml": "version: 0.2\nphases:\n  build:\n    commands:\n\t- make\n"},
        "document-syntax",
        (5, 1),
        ["found a tab", "indent with spaces", "found character that cannot start any token"],
    ),
    # aws-samples/aws-container-devsecops-workshop#7
    "wrong number of container tags, expected 1": (
        {"buildspec.yml": "version: 0.2\nphases:\nbuild:\n  commands:\n    - make\n"},
        "buildspec-no-phases",
        (2, 1),
        ["'build' stands beside it", "wrong number of container tags, expected 1", "indent it"],
    ),
    # aws-samples/bedrock-chat#441
    "did not find expected ',' or ']'": (
        {"buildspec.yml": "version: 0.2\nphases:\n  build:\n    commands: [\n      make,\n      'make' test\n    ]\n"},
        "document-syntax",
        (6, 14),
        ["expected ',' or ']'", "did not find expected ',' or ']'"],
    ),
    "mapping values are not allowed in this context": (
        {"t.yml": TEMPLATE % ">\n          version: 0.2\n          phases: {build: {commands: [make]}}"},
        "document-syntax",
        (8, 17),
        ["found ':' where no key can stand", "quote the value", "mapping values are not allowed in this context"],
    ),
    "mapping values are not allowed in this context at line 0": (
        {"t.yml": TEMPLATE % '"version: 0.2 phases: {build: {commands: [make]}}"'},
        "document-syntax",
        (6, 40),
        ["found ':' where no key can stand", "mapping values are not allowed in this context"],
    ),
    # aws/copilot-cli#1673
    "BATCH_SPEC_VALIDATION_ERROR: Build Identifiers must contain only alphanumeric characters and underscores": (
        {"buildspec.yml": "version: 0.2\nbatch:\n  build-list:\n    - identifier: multi-env\n      buildspec: a.yml\n"},
        "buildspec-batch-identifier",
        (4, 19),
        ["letters, digits and '_', fewer than 128", "'multi_env'"],
    ),
    # meanjs/mean#1865; aws-samples/mlops-e2e#68 has it as "stat …/buildspec.yml: no such file or directory"
    "YAML_FILE_ERROR: YAML file does not exist": (
        {"t.yml": project("", spec="ci/biuld.yml"), "ci/build.yml": SPEC},
        "pipeline-buildspec-missing",
        (5, 47),
        ["runs 'ci/biuld.yml'", "YAML file does not exist", "did you mean 'ci/build.yml'?"],
    ),
    # aws-samples/aws-serverless-workshops#231
    "This build image requires selecting at least one runtime version": (
        {"t.yml": project("aws/codebuild/standard:2.0"), "buildspec.yml": SPEC},
        "buildspec-runtime-missing",
        (2, 1),
        ["requires selecting at least one runtime version", "write 'runtime-versions' in phases.install"],
    ),
    # awslabs/open-data-registry#1082
    "Unknown runtime version named '10' of nodejs. This build image has the following versions: 12, 14": (
        {"t.yml": project("aws/codebuild/standard:5.0"), "buildspec.yml": runtimes("nodejs: 22")},
        "buildspec-runtime-unknown",
        (5, 15),
        ["Unknown runtime version named '22' of nodejs", "take one that it has: 12, 14"],
    ),
    # Of the documentation's page on troubleshooting.
    "Skipping install of runtimes. Runtime version selection is not supported by this build image": (
        {"t.yml": project("example/builder:3"), "buildspec.yml": runtimes("nodejs: 24")},
        "buildspec-runtime-ignored",
        (4, 5),
        ["Skipping install of runtimes", "have the image bring the runtimes"],
    ),
    # acantril/learn-cantrill-io-labs#155
    "COMMAND_EXECUTION_ERROR: Error while executing command: buildspec.yml. Reason: exit status 127": (
        {"buildspec.yml": "version: 0.2\nphases:\n  build:\n    commands:\n      - buildspec.yml\n"},
        "buildspec-file-as-command",
        (5, 9),
        ["'buildspec.yml' is a file and no command", "exit status 127", "write the command"],
    ),
    # Of the documentation's page on troubleshooting.
    "Cannot connect to the Docker daemon": (
        {
            "t.yml": project("aws/codebuild/standard:8.0", "PrivilegedMode: false"),
            "buildspec.yml": "version: 0.2\nphases: {build: {commands: [docker build .]}}\n",
        },
        "buildspec-privileged-mode-missing",
        (10, 25),
        ["Cannot connect to the Docker daemon", "write 'PrivilegedMode: true'"],
    ),
    # The official reference's example of secondary artifacts: phases without an indent.
    "an example of the documentation: phases": (
        {
            "buildspec.yml": """\
version: 0.2
phases:
build:
  commands:
    - make dist
artifacts:
  files: ['**/*']
  secondary-artifacts:
    docs:
      files: [docs/index.html]
"""
        },
        "buildspec-no-phases",
        (2, 1),
        ["phases is empty", "indent it by two spaces"],
    ),
    # The official reference's examples of cache keys: a brace that nothing opens.
    "an example of the documentation: cache": (
        {
            "buildspec.yml": """\
version: 0.2
phases: {build: {commands: [npm ci]}}
cache:
  key: modules-$(codebuild-hash-files package-lock.json) }
  paths: [node_modules/**/*]
"""
        },
        "buildspec-cache-keys",
        (4, 58),
        ["'}' is part of the key", "remove it"],
    ),
}


@pytest.mark.parametrize("message", CASES)
def test_says_it_first(message: str) -> None:
    files, rule_id, place, words = CASES[message]
    [finding] = findings(rule_id, files)
    assert (finding.at.span.line, finding.at.span.column) == place
    assert [word for word in words if word not in said(finding)] == []


def said(finding: Finding) -> str:
    return f"{finding.message}; {finding.help}"
