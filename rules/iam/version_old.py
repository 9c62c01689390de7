"""Rule iam-version-old."""

import re
from collections.abc import Iterator

from validator.document import Node, Region
from validator.iam.keys import key
from validator.iam.policy import VERSION_WITH_VARIABLES, Policy
from validator.rule import Edit, Finding, Severity, rule


@rule("iam-version-old", Severity.ERROR, supersedes=("cfn-lint/W2511",))
def check(policy: Policy) -> Iterator[Finding]:
    """A policy is of the old version, or says no version, which makes it of the old one.

    The version is that of the policy language. In the old one a policy variable such as `${aws:username}` is plain
    text: a Resource that holds it matches nothing, and neither does a Condition. That is an error. Where there is no
    variable yet, it is a note, since one will be added some day. Service and resource control policies have to be of
    the new version.

    Bad:

    ```json title="policy.json"
    {"Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::home/${aws:username}/*"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::home/${aws:username}/*"}]}
    ```

    Bad:

    ```json title="policy.json"
    {"Version": "2008-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}
    ```
    """
    if policy.variables:
        return
    version, statements = policy.node.get("Version"), policy.node.get("Statement")
    # Among the properties of a resource, where some resources have their only statement, no version is taken.
    if statements is None or policy.node.name == "Properties":
        return
    if version is not None and version.value != "2008-10-17":
        return
    at = statements.key if version is None else version
    said = "the policy lacks 'Version'" if version is None else "the policy is of version 2008-10-17"
    subject = "Version" if version is None else ""
    advice = f'add "Version": "{VERSION_WITH_VARIABLES}"' if version is None else f"write {VERSION_WITH_VARIABLES!r}"
    if found := _variable(statements):
        node, variable = found
        message = f"{said}, so {variable!r} is plain text in it"
        yield Finding(at, message, advice, related=((node, "the variable"),), subject=subject)
    elif policy.kind in {"scp", "rcp"}:
        message = f"{said}, and a control policy has to be of {VERSION_WITH_VARIABLES}"
        yield Finding(at, message, advice, severity=Severity.WARNING, fix=_fix(policy, version), subject=subject)
    else:
        message = f"{said}, so no policy variable works in it"
        yield Finding(at, message, advice, severity=Severity.NOTE, fix=_fix(policy, version), subject=subject)


# Behind the comma stands a default. The `!` is for Fn::Sub, which takes it away.
_VARIABLE = re.compile(r"\$\{!?([^{},]+)(?:,[^{}]*)?\}")


def _variable(statements: Node) -> tuple[Node, str] | None:
    """Find a text with a policy variable that AWS knows: `${Token}` is somebody else's."""
    for node in statements.walk():
        if isinstance(node.value, str) and "${" in node.value:
            for match in _VARIABLE.finditer(node.value):
                name = match[1].strip()
                if ":" in name and "::" not in name and key(name) is not None:
                    return node, match[0].replace("${!", "${")
    return None


def _kept(node: Node) -> str:
    """Give the text that would be read otherwise; what Fn::Sub fills in is gone before IAM reads it."""
    return "${!" if "Fn::Sub" in {node.name, *node.path[-2:-1]} else "${"


def _fix(policy: Policy, version: Node | None) -> tuple[Edit, ...]:
    """Write the new version, where nothing in the policy is read otherwise for it."""
    document = policy.node.document
    if any(isinstance(node.value, str) and _kept(node) in node.value for node in policy.node.walk()):
        return ()
    if version is not None:
        plain = version.text.strip("'\"") == version.value
        return (Edit.value(version, VERSION_WITH_VARIABLES),) if plain else ()
    first = next(iter(policy.node.items()), None)
    if first is None or document.outer is not None:
        return ()
    whole, place = policy.node.region, first[1].key.region.start
    before = document.text[whole.start : place]
    spot = document.span(Region(place, place))
    if document.format == "json" or policy.node.style == "flow":
        added = f'"Version": "{VERSION_WITH_VARIABLES}",{before[1:] or " "}'
        return (Edit(spot, added),) if before.strip() == "{" else ()
    end = "\r\n" if "\r\n" in document.text else "\n"
    # A first key elsewhere is one that an alias brings along.
    return (Edit(spot, f'Version: "{VERSION_WITH_VARIABLES}"{end}{" " * (spot.column - 1)}'),) if not before else ()
