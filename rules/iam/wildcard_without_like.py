"""Rule iam-wildcard-without-like."""

import re
from collections.abc import Iterator

from validator.iam.comparisons import comparisons
from validator.iam.keys import key, literal_star
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule

_EQUALS = re.compile(r"Equals(IgnoreCase)?", re.IGNORECASE)
# Policy variables and escaped characters, and placeholders of other tools.
_NOT_LITERAL = re.compile(r"\$\{[^{}]*\}|\{\{.*?\}\}|<[^<>]*>|\$\([^()]*\)|<%.*?%>")


@rule("iam-wildcard-without-like", Severity.WARNING)
def check(statement: Statement) -> Iterator[Finding]:
    """A wildcard stands under an operator that takes it literally.

    `StringEquals` compares `*` and `?` as the characters they are, so that an Allow does not match, and a Deny of all
    others matches everyone. `StringLike` knows wildcards. Written as `${*}`, a star is surely meant as one.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*",
      "Condition": {"StringEquals": {"aws:PrincipalTag/team": "data-*"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*",
      "Condition": {"StringLike": {"aws:PrincipalTag/team": "data-*"}}}]}
    ```
    """
    for atom in comparisons(statement):
        if atom.operator.family != "string" or atom.operator.like:
            continue
        for node in atom.operands:
            if not isinstance(node.value, str) or not ("*" in node.value or "?" in node.value):
                continue
            text = _NOT_LITERAL.sub("", node.value)
            # In an address a question mark begins the query.
            found = "*" if "*" in text else "?" if "?" in text and "://" not in text else ""
            known = key(atom.name)
            if not found or (text == "*" and known is not None and literal_star(known)):
                continue
            like = _EQUALS.sub("Like", atom.written)
            if known is not None and known.types == ("ARN",):
                like = like.replace("String", "Arn")
            case = ", which does not ignore case" if atom.operator.ignore_case else ""
            message = f"{atom.written} takes the {found!r} in {node.value!r} literally"
            yield Finding(node, message, f"write {like!r}{case}")
