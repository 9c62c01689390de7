"""Rule buildspec-secret-reference."""

import pytest

from validator.rule import Severity
from validator.testing import findings

RULE = "buildspec-secret-reference"
ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/db-AbCdEf"


def text_of(reference: str) -> str:
    return f"version: 0.2\nenv:\n  secrets-manager:\n    A: {reference}\nphases: {{build: {{commands: [make]}}}}\n"


@pytest.mark.parametrize(
    ("reference", "message", "severity"),
    [
        ("a:b:c:d:e", "A refers to a secret by 5 parts, expected 4 at most", None),
        (f"{ARN}:b:c:d:e", "A refers to a secret by 5 parts, expected 4 at most", None),
        ("a::stage:id", "A names a version by its stage and by its id, expected one of them", Severity.WARNING),
        (
            f"{ARN}:key:stage:id",
            "A names a version by its stage and by its id, expected one of them",
            Severity.WARNING,
        ),
        (":key", "A names no secret", None),
        ("", "A names no secret", None),
        ("arn:aws:ssm:eu-west-1:111122223333:parameter/x", "A refers to an ARN, though of no secret", None),
        ("'arn:aws:secretsmanager:eu-west-1:1:secret:'", "A refers to an ARN, though of no secret", None),
    ],
)
def test_reports(reference: str, message: str, severity: Severity | None) -> None:
    [finding] = findings(RULE, {"buildspec.yml": text_of(reference)})
    assert (finding.message, finding.severity, finding.at.span.line) == (message, severity, 4)


@pytest.mark.parametrize(
    "reference",
    [
        "app/db",
        "app/db:key",
        "a:key:AWSCURRENT",
        "'a:key::id'",
        "'a:::id'",
        "'a:key:'",
        ARN,
        f"{ARN}:key",
        "$SECRET:a:b:c:d:e",
    ],
)
def test_accepts(reference: str) -> None:
    assert not findings(RULE, {"buildspec.yml": text_of(reference)})


@pytest.mark.parametrize(
    "inline",
    [
        "!Sub \"version: 0.2\\nenv: {secrets-manager: {A: '${S}:a:b:c:d'}}\\n\"",
        "{version: 0.2, env: {secrets-manager: {A: !Sub 'a:${B}:c:d:e'}}}",
    ],
)
def test_cloudformation_may_fill_in_a_part(inline: str) -> None:
    template = f"Resources: {{P: {{Type: AWS::CodeBuild::Project, Properties: {{Source: {{BuildSpec: {inline}}}}}}}}}"
    assert not findings(RULE, {"t.yml": template})
