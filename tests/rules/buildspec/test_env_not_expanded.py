"""Rule buildspec-env-not-expanded."""

import pytest

from validator.testing import findings

RULE = "buildspec-env-not-expanded"


def text_of(variable: str, *commands: str) -> str:
    listed = "".join(f"      - |\n        {command}\n" for command in commands)
    return f"version: 0.2\nenv:\n  variables:\n    {variable}\nphases:\n  build:\n    commands:\n{listed}"


@pytest.mark.parametrize(
    ("variable", "command", "at"),
    [
        ("PATH: $PATH:/x", "make", "$PATH"),
        ("PYTHONPATH: '/a:${CODEBUILD_SRC_DIR}/b'", "pytest", "${CODEBUILD_SRC_DIR}"),
        ("GRADLE_HOME: $HOME/gradle", "make", "$HOME"),
        ("OUT: $CODEBUILD_SRC_DIR", "cd $OUT", "$CODEBUILD_SRC_DIR"),
        ("OUT: $HOME", "ls ${OUT}/x", "$HOME"),
        ("IMAGE: $ACCOUNT.dkr.ecr.eu-west-1.amazonaws.com/app", "docker push $IMAGE", "$ACCOUNT"),
        ("NOW: $(date)", "make DATE=$NOW", "$(date)"),
        ("NOW: '`date`'", 'make DATE="${NOW}"', "`date`"),
    ],
)
def test_points_at_what_stays_as_it_is(variable: str, command: str, at: str) -> None:
    [finding] = findings(RULE, {"buildspec.yml": text_of(variable, command)})
    assert finding.at.text == at


@pytest.mark.parametrize(
    ("variable", "command"),
    [
        ("OUT: $HOME/x", "make"),
        ("OUT: $HOME/x", "echo $OUT"),
        ("OUT: $HOME/x", "eval cd $OUT"),
        ("OUT: $HOME/x", 'bash -ec "cd $OUT"'),
        ("OUT: $HOME/x", "cd ${OUT@P}"),
        ("OUT: $HOME/x", "envsubst < a > b; cd $OUT"),
        ("OUT: $HOME/x", "OUT=$HOME/y; cd $OUT"),
        ("OUT: $HOME/x", "cd $OUTSIDE"),
        ("OUT: /x", "cd $OUT"),
        ("PRICE: 5$", "cd $PRICE"),
        ("PRICE: costs $5", "cd $PRICE"),
        ("PATTERN: ^a$", "grep $PATTERN x/y"),
        ("QUERY: $A", "make $QUERY"),
        ("PATH: /usr/bin:/x", "make"),
        ("PATH: '\\$PATH:/x'", "make"),
    ],
)
def test_accepts(variable: str, command: str) -> None:
    assert not findings(RULE, {"buildspec.yml": text_of(variable, command)})


def test_what_sub_fills_in_is_known_by_cloudformation() -> None:
    inline = "!Sub \"version: 0.2\\nenv: {variables: {PATH: '${A}:/x'}}\\nphases: {build: {commands: [make]}}\\n\""
    template = f"Resources: {{P: {{Type: AWS::CodeBuild::Project, Properties: {{Source: {{BuildSpec: {inline}}}}}}}}}"
    assert not findings(RULE, {"t.yml": template})
