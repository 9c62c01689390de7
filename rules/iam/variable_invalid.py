"""Rule iam-variable-invalid."""

import re
from collections.abc import Iterator

from validator.document import Node, Value
from validator.iam.actions import services
from validator.iam.comparisons import comparisons
from validator.iam.keys import guess, key
from validator.iam.policy import Statement
from validator.rule import Finding, Severity, rule

_VARIABLE = re.compile(r"\$\{([^{}]*)(\}?)")
_NAMED = re.compile(r"\s*!?\s*[A-Za-z][A-Za-z0-9.-]*:(?!:)")
_WITHOUT = ("Sid", "Effect", "Action", "NotAction", "Principal", "NotPrincipal")
_PSEUDO = {"accountid": "AWS::AccountId", "region": "AWS::Region", "partition": "AWS::Partition"}


@rule("iam-variable-invalid", Severity.ERROR)
def check(statement: Statement) -> Iterator[Finding]:
    """A policy variable is malformed, unknown, or in a place where IAM does not replace it.

    IAM replaces `${aws:username}` and the like in Resource, and in what string and ARN operators compare with; nowhere
    else. A name has no blanks, a value for want of one stands in single quotes, and a global key that can have several
    values is no variable. A variable of an unknown name resolves to nothing, so that the statement never applies: an
    error where the name is surely a slip, otherwise a warning. What looks like no variable of IAM, such as `${Token}`,
    is not judged, and neither is a policy of a version without variables.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::b/${aws:usernam}/*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::b/${aws:username}/*"}]}
    ```
    """
    # All that is written in it, names and values, at once.
    if "${" not in str(statement.node.value) or not statement.policy.variables or _is_substituted(statement.node):
        return
    for name in _WITHOUT:
        if (element := statement.node.get(name)) is not None and _has_any(element.value):
            yield from _misplaced(element, name)
    if statement.resources is not None:
        for node in statement.resources.values:
            yield from _faults(node)
    for atom in comparisons(statement):
        if (variable := _known(atom.name)) is not None:
            yield Finding(atom.node.key, f"a condition key takes no policy variable, and {variable!r} is one")
        takes = atom.operator.family in {"string", "arn", "bool"}
        for node in atom.operands:
            if takes:
                yield from _faults(node)
            elif (variable := _known(node.value)) is not None:
                yield Finding(node, f"{atom.written} takes no policy variable, and {variable!r} is one")


def _has_any(value: Value) -> bool:
    """Say, cheaply, whether a variable can be anywhere in a value."""
    if isinstance(value, str):
        return "${" in value
    if isinstance(value, dict):
        return any("${" in name or _has_any(part) for name, part in value.items())
    return isinstance(value, list) and any(map(_has_any, value))


def _is_substituted(node: Node) -> bool:
    """Say whether the policy is a text that Fn::Sub makes: its variables are written otherwise there."""
    document = node.document
    while (outer := document.outer) is not None:
        if "Fn::Sub" in outer.path:
            return True
        document = outer.document
    return False


def _misplaced(element: Node, name: str) -> Iterator[Finding]:
    for node in element.walk():
        if "Fn::Sub" not in node.path and (variable := _known(node.value)) is not None:
            yield Finding(node, f"{name} takes no policy variable, and {variable!r} is one")


def _known(value: Value) -> str | None:
    """Find a variable in a text that IAM would know."""
    if not isinstance(value, str) or "${" not in value:
        return None
    found = (match for match in _VARIABLE.finditer(value) if match[2] and _NAMED.match(match[1]))
    return next((match[0] for match in found if key(match[1].partition(",")[0].strip()) is not None), None)


def _faults(node: Node) -> Iterator[Finding]:
    if not isinstance(node.value, str) or "${" not in node.value:
        return
    for match in _VARIABLE.finditer(node.value):
        content, closed = match[1], bool(match[2])
        if closed and not content.strip():
            yield Finding(node, "the policy variable '${}' has no name")
        elif not _NAMED.match(content):
            continue
        elif closed:
            yield from _fault(node, content)
        else:
            yield Finding(node, f"the policy variable {match[0]!r} has no closing brace")


def _fault(node: Node, content: str) -> Iterator[Finding]:
    name, comma, default = content.partition(",")
    bare = name.strip()
    known = key(bare.removeprefix("!"))
    written = f"${{{content}}}"
    if bare.startswith("!"):
        if known is not None:
            message = f"{written!r} is no policy variable: the '!' is for a text in Fn::Sub, and this is none"
            yield Finding(node, message, f"write '${{{content.replace('!', '', 1)}}}'")
    elif any(map(str.isspace, name)):
        # A tag's key may hold blanks, but a variable may not, says Access Analyzer.
        severity = Severity.WARNING if bare == name else None
        yield Finding(node, f"the policy variable {written!r} has a blank in its name", severity=severity)
    elif comma and not re.fullmatch(r"\s*'[^']*'\s*", default):
        message = f"the policy variable {written!r} has a default value without quotes"
        quoted = default.strip(" \"'")
        yield Finding(node, message, f"write ${{{name}, '{quoted}'}}")
    elif known is None:
        yield from _unknown(node, bare)
    elif known.multivalued and not known.claim and not known.scope:
        yield Finding(node, f"{bare} can have several values, so that it is no policy variable")


def _unknown(node: Node, name: str) -> Iterator[Finding]:
    """Report a name of no key. Services have variables that are no keys, so of theirs only one that is surely wrong."""
    prefix, _, rest = name.lower().partition(":")
    if prefix not in {*services(), "aws"} or "." in rest:
        return
    meant = guess(name)
    certain = meant is not None and meant.certain
    if certain or prefix == "aws":
        advice = f"did you mean '${{{meant.name}}}'?" if meant is not None else ""
        if rest in _PSEUDO:
            advice = f"in a template, write '${{{_PSEUDO[rest]}}}' in a text of Fn::Sub"
        severity = None if certain and rest not in _PSEUDO else Severity.WARNING
        yield Finding(node, f"IAM has no policy variable '${{{name}}}'", advice, severity)
