"""Rule iam-hard-coded-partition."""

import re
from collections.abc import Iterator

from validator.document import Document, Node, Region
from validator.iam.policy import Policy
from validator.rule import Edit, Finding, Severity, rule
from validator.settings import Settings


@rule("iam-hard-coded-partition", Severity.WARNING, supersedes=("cfn-lint/I3042",))
def check(policy: Policy, *, settings: Settings) -> Iterator[Finding]:
    """An ARN in a policy names a partition that the delivery is not for.

    In the partitions for China or the US government no ARN begins with `arn:aws:`, so that nothing is matched there.
    The configuration says by `partition` where a delivery goes. Without that, a template that writes
    `${AWS::Partition}` in other places was meant for more than one, and gets a note.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}]}
    ```

    ```toml title="stackproof.toml"
    partition = "aws-cn"
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws-cn:s3:::reports/*"}]}
    ```

    ```toml title="stackproof.toml"
    partition = "aws-cn"
    ```
    """
    document = _outermost(policy.node.document)
    templated = isinstance(document.value, dict) and "Resources" in document.value
    aware = templated and "AWS::Partition" in document.text
    if settings.partition == "aws" and not aware:
        return
    for statement in policy.statements():
        for element in ("Resource", "NotResource", "Principal", "NotPrincipal", "Condition"):
            if statement.conditional or (found := statement.node.get(element)) is None:
                continue
            named = [(node, match) for node in _texts(found) if (match := _ARN.match(str(node.value))) is not None]
            # Whoever names several knows what is where.
            if len({match[1] for _, match in named}) == 1:
                for node, match in named:
                    yield from _judged(node, match, settings.partition, templated=templated, aware=aware)


_ARN = re.compile(r"arn:(aws(?:-[a-z]+)*):")
_OWN_ACCOUNT = re.compile(r"arn:aws:[^:]*:[^:]*:[0-9]{12}:")


def _texts(node: Node) -> Iterator[Node]:
    """Yield the texts of an element, but for those under a condition."""
    stack = [node]
    while stack:
        each = stack.pop()
        if isinstance(each.value, str):
            yield each
        elif not isinstance(each.value, dict) or "Fn::If" not in each.value:
            stack.extend(reversed([child for _, child in each.items()] or list(each.elements())))


def _judged(node: Node, found: re.Match[str], partition: str, *, templated: bool, aware: bool) -> Iterator[Finding]:
    text = str(node.value)
    if partition != "aws" and found[1] != partition:
        message, severity = f"{text!r} is in partition {found[1]!r}, and the delivery is for {partition!r}", None
    # An account that is told by its number is in one partition only.
    elif aware and found[1] == partition and not _OWN_ACCOUNT.match(text):
        message = f"{text!r} names a partition, where the template writes AWS::Partition elsewhere"
        severity = Severity.NOTE
    else:
        return
    advice = f"begin it with 'arn:{partition}:'"
    if templated:
        advice = "begin it with 'arn:${AWS::Partition}:'" + ("" if _is_sub(node) else ", in an Fn::Sub")
    # Braces stand in the text already: whatever style it is written in takes them.
    fix = (_edit(node, found),) if templated and _is_sub(node) and "${" in text else ()
    yield Finding(node, message, advice, severity=severity, fix=fix)


def _edit(node: Node, found: re.Match[str]) -> Edit:
    characters = node.characters[found.start(1) : found.end(1)]
    return Edit(node.document.span(Region(characters[0].start, characters[-1].end)), "${AWS::Partition}")


def _is_sub(node: Node) -> bool:
    """Say whether Fn::Sub fills in the text itself, or the text that it stands in."""
    at: Node | None = node
    while at is not None:
        if at.name == "Fn::Sub" or (at.name == 0 and at.path[-2:-1] == ("Fn::Sub",)):
            return True
        at = at.document.outer
    return False


def _outermost(document: Document) -> Document:
    while document.outer is not None:
        document = document.outer.document
    return document
