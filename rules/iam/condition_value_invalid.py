"""Rule iam-condition-value-invalid."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from ipaddress import IPv4Network, IPv6Network, ip_network

from validator.document import Node
from validator.iam.comparisons import comparisons, literals, suits
from validator.iam.condition import Atom, Family
from validator.iam.keys import Key, counterpart, form, key, mistaken, private_networks
from validator.iam.policy import Statement
from validator.rule import Edit, Finding, Severity, rule


@rule("iam-condition-value-invalid", Severity.ERROR)
def check(statement: Statement) -> Iterator[Finding]:
    """A Condition compares a key with a value that it can never have.

    Such as a date that is none, a host name where an IP address belongs, `yes` for a boolean, the id of a VPC endpoint
    for that of a VPC, eleven digits for an account id, or text for an ARN. A warning for a range of addresses with
    bits set beyond its prefix, which IAM ignores, for private addresses in `aws:SourceIp`, which no request over the
    internet has, and for both `true` and `false`. Policy variables, references and placeholders are not judged.

    Bad:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*",
      "Condition": {"StringNotEquals": {"aws:SourceVpc": "vpce-0abc1234def567890"}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*",
      "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-0abc1234def567890"}}}]}
    ```
    """
    for atom in comparisons(statement):
        known = key(atom.name)
        if known is None or not suits(atom, known):
            continue
        if (judge := _JUDGES.get(atom.operator.family)) is not None:
            for node, text in literals(atom):
                yield from judge(atom, known, node, text)
        if atom.operator.family == "ip" and known.name == "aws:SourceIp":
            yield from _private(atom)
        if atom.operator.family in {"bool", "null"}:
            yield from _both(atom)


def _boolean(atom: Atom, _: Key, node: Node, text: str) -> Iterator[Finding]:
    if text.lower() not in {"true", "false"}:
        yield Finding(node, f"{atom.written} compares with {text!r}, expected 'true' or 'false'")


def _both(atom: Atom) -> Iterator[Finding]:
    found = [(node, text.lower()) for node, text in literals(atom)]
    if {text for _, text in found} == {"true", "false"}:
        message = f"{atom.written} names both 'true' and 'false' for {atom.name}, and so tells nothing apart"
        yield Finding(found[1][0], message, "keep the one that is meant", Severity.WARNING)


def _number(atom: Atom, _: Key, node: Node, text: str) -> Iterator[Finding]:
    if not _NUMBER.fullmatch(text):
        yield Finding(node, f"{atom.written} compares with {text!r}, expected a number")


def _date(atom: Atom, _: Key, node: Node, text: str) -> Iterator[Finding]:
    if not _is_date(text):
        advice = "write it as 2026-01-31T00:00:00Z, or in seconds since 1970"
        yield Finding(node, f"{atom.written} compares with {text!r}, expected a date", advice)


def _is_date(text: str) -> bool:
    """Say whether a text is a date as IAM takes it: of the W3C's profile of ISO 8601, or the seconds since 1970."""
    if _NUMBER.fullmatch(text):
        return True
    if not (match := _DATE.fullmatch(text)):
        return False
    year, month, day, time = match["year"], match["month"] or "01", match["day"] or "01", match["time"]
    try:
        date(int(year), int(month), int(day))
        return time is None or bool(datetime.fromisoformat(f"{year}-{month}-{day}{time.upper()}"))
    except ValueError:
        return False


def _address(atom: Atom, _: Key, node: Node, text: str) -> Iterator[Finding]:
    network = _network(text)
    if network is None:
        advice = "write an address or a range, such as 203.0.113.0/24"
        yield Finding(node, f"{atom.written} compares with {text!r}, expected an IP address", advice)
    elif "/" in text and not _is_range(text):
        message = f"{text!r} has bits set beyond its prefix, and stands for {str(network)!r}"
        # Where there is an anchor, the text may stand elsewhere, or for something else besides.
        alone = node.document.format == "json" or "&" not in node.document.text
        fix = (Edit.value(node, str(network)),) if alone and node.style not in {"|", ">"} else ()
        advice = f"write {str(network)!r}, or a longer prefix if less is meant"
        yield Finding(node, message, advice, Severity.WARNING, fix=fix)


def _private(atom: Atom) -> Iterator[Finding]:
    """Report private addresses: all of them at once, and mildly where public ones stand beside them."""
    found = [(node, _network(text)) for node, text in literals(atom)]
    private = [node for node, network in found if network is not None and _is_private(network)]
    if not private:
        return
    all_of_them = len(private) == len(atom.operands)
    message = f"no request over the internet comes from {private[0].value!r}, so it matches none"
    advice = "compare private addresses with aws:VpcSourceIp, which requests through a VPC endpoint have"
    yield Finding(private[0], message, advice, Severity.WARNING if all_of_them else Severity.NOTE)


def _arn(atom: Atom, _: Key, node: Node, text: str) -> Iterator[Finding]:
    if set(text) == {"*"} or text.count(":") >= 5:
        return
    message = f"{atom.written} compares with {text!r}, which has not the six fields of an ARN"
    # It may be that a star at the end stands for the fields that are left out, as it does in Resource.
    severity = Severity.WARNING if text.startswith(("arn:", "*")) and text.endswith("*") else None
    yield Finding(node, message, "write arn:partition:service:region:account:resource, with wildcards", severity)


def _text(atom: Atom, known: Key, node: Node, text: str) -> Iterator[Finding]:
    expected = form(known)
    if expected is None or isinstance(node.value, float):
        return
    other = mistaken(text, expected)
    if other is expected:
        message = f"{text!r} is not {expected.called}, which {atom.name} holds"
        yield Finding(node, message, f"expected something like {expected.example!r}")
    elif other is not None:
        message = f"{text!r} is {other.called}, and {atom.name} holds {expected.called}"
        twin = counterpart(known, other)
        advice = f"{twin} holds {other.called}" if twin else f"expected something like {expected.example!r}"
        yield Finding(node, message, advice)


def _network(text: str) -> IPv4Network | IPv6Network | None:
    if not _ADDRESS.fullmatch(text):
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _is_range(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _is_private(network: IPv4Network | IPv6Network) -> bool:
    first, last = int(network.network_address), int(network.broadcast_address)
    return any(
        one.version == network.version and int(one.network_address) <= first <= last <= int(one.broadcast_address)
        for one in private_networks()
    )


_ADDRESS = re.compile(r"[0-9A-Fa-f:.]+(/[0-9]+)?")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DATE = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)(?P<time>[Tt]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?)?)?)?"
)
_JUDGES: dict[Family, Callable[[Atom, Key, Node, str], Iterator[Finding]]] = {
    "bool": _boolean,
    "null": _boolean,
    "number": _number,
    "date": _date,
    "ip": _address,
    "arn": _arn,
    "string": _text,
}
