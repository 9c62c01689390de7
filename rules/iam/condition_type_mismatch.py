"""Rule iam-condition-type-mismatch."""

from collections.abc import Iterator

from validator.iam.comparisons import comparisons, literals, may_be, suits
from validator.iam.condition import Atom
from validator.iam.keys import Key, key
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule

_CALLED = {
    "String": ("text", "StringEquals or StringLike"),
    "ARN": ("an ARN", "ArnEquals or ArnLike"),
    "Bool": ("true or false", "Bool"),
    "Date": ("a date", "DateLessThan and the like"),
    "Numeric": ("a number", "NumericLessThan and the like"),
    "IPAddress": ("an IP address", "IpAddress or NotIpAddress"),
}


@rule("iam-condition-type-mismatch", Severity.ERROR)
def check(statement: Statement) -> Iterator[Finding]:
    """A Condition compares a key by an operator for values of another type.

    What such a comparison comes to, AWS does not say; mostly it never holds. Not reported is what works all the same:
    a string operator on an ARN, or on `true` and on numbers as they are written, and any operator on a tag. An error
    for global keys. A warning for those of services, of which the catalogue may err; for a string operator on a date or
    an address that is written like one; and where a global key can have several values and the operator compares one,
    for lack of `ForAnyValue:` or `ForAllValues:`.

    Bad:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*",
      "Condition": {"Bool": {"aws:PrincipalOrgID": "false"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*",
      "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}
    ```
    """
    for atom in comparisons(statement):
        known = key(atom.name)
        if known is None:
            continue
        if not suits(atom, known):
            yield _mismatch(atom, known)
        elif known.multivalued and not (
            known.scope or known.claim or atom.quantifier or atom.operator.family == "null"
        ):
            message = f"{atom.name} can have several values, and {atom.written} compares one"
            advice = f"write 'ForAnyValue:{atom.written}' or 'ForAllValues:{atom.written}'"
            yield Finding(atom.node.key, message, advice, Severity.WARNING)


def _mismatch(atom: Atom, known: Key) -> Finding:
    at, severity = atom.node.key, Severity.WARNING if known.scope else None
    compared = _COMPARED[atom.operator.family]
    if atom.operator.family == "string":
        odd = next(((node, text) for node, text in literals(atom) if not may_be(text, known)), None)
        if odd is not None:
            at, compared = odd[0], repr(odd[1])
        if odd is None or atom.operator.like:
            severity = Severity.WARNING
    values = " or ".join(_CALLED[name][0] for name in known.types)
    return Finding(
        at, f"{atom.name} is {values}, and {atom.written} compares it with {compared}", _advice(known), severity
    )


def _advice(known: Key) -> str:
    return f"compare it by {' or '.join(_CALLED[name][1] for name in known.types)}"


_COMPARED = {
    "string": "text",
    "arn": "ARNs",
    "bool": "booleans",
    "date": "dates",
    "number": "numbers",
    "ip": "IP addresses",
}
