"""Rule iam-condition-empty."""

from collections.abc import Iterator

from validator.document import Value
from validator.iam.clause import REGION_KEYS
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule
from validator.shape import is_function


@rule("iam-condition-empty", Severity.WARNING)
def check(statement: Statement) -> Iterator[Finding]:
    """A Condition compares a key with nothing.

    What a comparison with an empty list comes to, AWS does not say; a negated operator may well hold for every request.
    A note for a Condition without a comparison, which limits nothing.

    Bad:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*",
      "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": []}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*",
      "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5"]}}}]}
    ```
    """
    written = statement.element("Condition")
    if (
        not isinstance(written, dict)
        or is_function(written)
        or (written and not any(map(_is_lacking, written.values())))
    ):
        return
    condition = statement.condition
    assert condition is not None
    if condition.value == {}:
        yield Finding(condition, "the Condition is empty, and limits nothing", "remove it", Severity.NOTE)
    for operator, tests in condition.items():
        if tests.value == {}:
            message = f"{operator} compares no key, and limits nothing"
            yield Finding(tests, message, "remove it", Severity.NOTE)
        elif not is_function(tests.value):
            for name, values in tests.items():
                if values.value == [] and name.lower() not in REGION_KEYS:
                    message = f"{operator} compares {name} with an empty list, and what that comes to is not defined"
                    yield Finding(values, message, "name the values, or remove the condition")


def _is_lacking(tests: Value) -> bool:
    """Say whether an operator has no key, or a key no value."""
    return tests == {} or (isinstance(tests, dict) and [] in tests.values())
