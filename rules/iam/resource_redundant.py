"""Rule iam-resource-redundant."""

from collections.abc import Iterator

from validator.iam.policy import Statement
from validator.iam.redundancy import covered, cut, includes_arn
from validator.rule import Edit, Finding, Severity, rule


@rule("iam-resource-redundant", Severity.NOTE)
def check(statement: Statement) -> Iterator[Finding]:
    """A statement lists a resource that another pattern of the same list covers.

    Nothing changes when it is removed, and it misleads: the statement looks narrower than it is. Beside `*`, every
    other resource is without effect. A pattern counts as covered where it is so whether or not a wildcard reaches past
    the colon at the end of its field.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::b/*", "arn:aws:s3:::b/logs/*"]}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]}]}
    ```
    """
    texts = statement.resource_texts.texts
    if len(texts) < 2:
        return
    for at, wider in covered(texts, lambda wide, narrow: includes_arn(texts[wide], texts[narrow])):
        assert statement.resources is not None
        nodes = statement.resources.values
        name, other = nodes[at].value, nodes[wider].value
        what = "is listed twice" if name == other else f"is covered by {other!r}"
        fix = (Edit(span, ""),) if (span := cut(nodes[at])) is not None else ()
        yield Finding(nodes[at], f"{name!r} {what}", "remove it", related=((nodes[wider], "covered by this"),), fix=fix)
