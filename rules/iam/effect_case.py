"""Rule iam-effect-case."""

from collections.abc import Iterator

from validator.iam.policy import Statement
from validator.rule import Edit, Finding, Severity, rule


@rule(
    "iam-effect-case",
    Severity.ERROR,
    supersedes=("cfn-lint/E3510", "cfn-lint/E3512", "cfn-lint/E3513", "cfn-lint/E3530"),
)
def check(statement: Statement) -> Iterator[Finding]:
    """A statement spells its Effect in the wrong case.

    IAM compares Effect case-sensitively and rejects the policy at deploy time.

    Bad:

    ```json title="policy.json"
    {"Statement": [{"Effect": "allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}
    ```
    """
    if statement.element("Effect") in ("Allow", "Deny") or (effect := statement.effect) is None:
        return
    right = str(effect.value).capitalize()
    if right in {"Allow", "Deny"} and effect.value != right:
        # Behind its key without more: an alias stands for a text elsewhere, and an anchor hands this one on.
        alone = effect.document.text[effect.key.region.end : effect.region.start].strip() == ":"
        fix = (Edit.value(effect, right),) if alone and effect.style not in {"|", ">"} else ()
        yield Finding(effect, f"IAM does not know the Effect {effect.value!r}", f"write {right!r}", fix=fix)
