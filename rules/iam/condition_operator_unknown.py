"""Rule iam-condition-operator-unknown."""

from collections.abc import Iterator

from validator.iam.comparisons import is_filled_in
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule
from validator.shape import is_function
from validator.suggest import did_you_mean

_PLAIN = (
    *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike"),
    *("StringNotLike", "ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike", "Bool", "Null", "BinaryEquals"),
    *("IpAddress", "NotIpAddress"),
    *(
        f"{family}{name}"
        for family in ("Numeric", "Date")
        for name in ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
    ),
)

# Without case, as the evaluator has it.
_KNOWN = {
    f"{prefix}{name}{suffix}".lower(): f"{prefix}{name}{suffix}"
    for name in _PLAIN
    for prefix in ("", "ForAllValues:", "ForAnyValue:")
    for suffix in ("", "IfExists")
    if (name, suffix) != ("Null", "IfExists")
}


@rule(
    "iam-condition-operator-unknown",
    Severity.ERROR,
    supersedes=("cfn-lint/E3510", "cfn-lint/E3512", "cfn-lint/E3513", "cfn-lint/E3530"),
)
def check(statement: Statement) -> Iterator[Finding]:
    """A Condition has an operator that IAM does not know.

    IAM refuses the policy. `IfExists` can end the name of every operator but `Null`, which asks for nothing else
    anyway; `ForAllValues:` and `ForAnyValue:` can begin one.

    Bad:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
      "Condition": {"StringEqualsIfExist": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
      "Condition": {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}]}
    ```
    """
    condition = statement.condition
    if condition is None or is_function(condition.value):
        return
    for name, tests in condition.items():
        if name.lower() in _KNOWN or is_filled_in(name):
            continue
        if name.lower() == "nullifexists":
            message = f"IAM does not take {name!r}: Null itself asks whether the key is there"
            yield Finding(tests.key, message, "write 'Null'")
        else:
            advice = did_you_mean(name, _alike(name)) or "those for text begin with String, those for ARNs with Arn"
            yield Finding(tests.key, f"IAM has no condition operator {name!r}", advice)


def _alike(name: str) -> Iterator[str]:
    """Yield the operators that are negated, or know wildcards, as a name says it: the others mean something else."""
    folded = name.lower()
    for lower, known in _KNOWN.items():
        if all((word in lower) == (word in folded) for word in ("not", "like")):
            yield known
