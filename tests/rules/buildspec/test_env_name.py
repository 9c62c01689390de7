"""Rule buildspec-env-name."""

import pytest

from validator.testing import findings

RULE = "buildspec-env-name"
PHASES = "phases: {build: {commands: [make]}}\n"


@pytest.mark.parametrize(
    ("env", "at"),
    [
        ("{variables: {CODEBUILD_X: a}}", "CODEBUILD_X"),
        ("{parameter-store: {CODEBUILD_X: /a}}", "CODEBUILD_X"),
        ("{variables: {'a b': c}}", "'a b'"),
        ("{variables: {my-var: c}}", "my-var"),
        ("{secrets-manager: {1A: c}}", "1A"),
        ("{exported-variables: [AWS_REGION]}", "AWS_REGION"),
        ("{exported-variables: [$A]}", "$A"),
        ("{parameter-store: {A: /a}, exported-variables: [A]}", "A"),
    ],
)
def test_points_at_the_name(env: str, at: str) -> None:
    [finding] = findings(RULE, {"buildspec.yml": f"version: 0.2\nenv: {env}\n{PHASES}"})
    assert finding.at.text == at


@pytest.mark.parametrize(
    "text",
    [
        f"version: 0.1\nenvironment_variables: {{plaintext: {{CODEBUILD_X: a}}}}\n{PHASES}",
        "version: 0.2\nbatch: {build-list: [{identifier: a, buildspec: b, env: {variables: {CODEBUILD_X: a}}}]}\n",
        "version: 0.2\nbatch: {build-matrix: {dynamic: {buildspec: [b], env: {variables: {CODEBUILD_X: [a]}}}}}\n",
    ],
)
def test_looks_wherever_variables_are_set(text: str) -> None:
    assert len(findings(RULE, {"buildspec.yml": text})) == 1


@pytest.mark.parametrize(
    "env",
    [
        "{variables: {A: b, _a1: c, AWS_REGION: d, MY_CODEBUILD_X: e}}",
        "{exported-variables: [A, CODEBUILD_BUILD_ID], variables: {A: b}}",
        "",
    ],
)
def test_accepts(env: str) -> None:
    assert not findings(RULE, {"buildspec.yml": f"version: 0.2\nenv: {env}\n{PHASES}"})


@pytest.mark.parametrize(
    "inline",
    [
        "!Sub \"version: 0.2\\nenv: {variables: {'${N}': a}, exported-variables: ['${N}']}\\n\"",
        "{version: 0.2, env: {variables: !Ref A, exported-variables: [!Ref B]}}",
        "{version: 0.2, env: {variables: {Fn::Transform: {Name: x}}}}",
    ],
)
def test_cloudformation_may_fill_in_a_name(inline: str) -> None:
    template = f"Resources: {{P: {{Type: AWS::CodeBuild::Project, Properties: {{Source: {{BuildSpec: {inline}}}}}}}}}"
    assert not findings(RULE, {"t.yml": template})
