"""Rule environment-target-invalid."""

import re
from collections.abc import Iterator

from validator.document import Node
from validator.environment import EnvironmentSpec, Target, read
from validator.environment.references import is_open
from validator.iam.regions import could_be, partition_of, partitions, regions
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed

_ROLE = re.compile(r"arn:(?P<partition>aws[a-z-]*):iam::(?P<account>[0-9]{12}):role/[\w+=,.@/-]+")


@rule("environment-target-invalid", Severity.ERROR)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A target names a region, a partition or a role that cannot be, or that do not go together.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    targets:
      test: {region: eu-west1, stack: web-test}
    checks:
    - {id: web, resource: Web}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    targets:
      test: {region: eu-west-1, stack: web-test}
    checks:
    - {id: web, resource: Web}
    ```
    """
    found = read(spec)[0]
    for target in found.targets.values():
        yield from _partition(target)
        yield from _role(target)
        if (endpoint := target.at.get("endpoint_url")) is not None and _is_wrong_url(endpoint.value):
            yield Finding(
                endpoint, f"{endpoint.value!r} is no URL of an endpoint", "write it as 'http://127.0.0.1:5000'"
            )
    for node in _regions(spec.node):
        yield from _region(node)


def _regions(root: Node) -> Iterator[Node]:
    """Yield every place that names a region."""
    holders = [root.get("defaults")]
    for key in ("targets", "checks"):
        if (listed := root.get(key)) is not None:
            holders += [*listed.elements(), *(node for _, node in listed.items())]
    for holder in holders:
        if holder is None:
            continue
        if (one := holder.get("region")) is not None:
            yield one
        if (several := holder.get("regions")) is not None:
            yield from several.elements()


def _region(node: Node) -> Iterator[Finding]:
    name = node.value
    if not isinstance(name, str) or is_open(name) or any(name in regions(each) for each in partitions()):
        return
    advice = did_you_mean(name, (region for each in partitions() for region in regions(each)))
    if could_be(name):
        # A region that is newer than the data.
        yield Finding(node, f"no region {name!r} is known", advice, severity=Severity.WARNING)
    else:
        yield Finding(node, f"there is no region {name!r}", advice)


def _partition(target: Target) -> Iterator[Finding]:
    node = target.at.get("partition")
    if node is None or not isinstance(node.value, str) or is_open(node.value):
        return
    if node.value not in partitions():
        advice = did_you_mean(node.value, partitions()) or f"known: {listed(partitions())}"
        yield Finding(node, f"there is no partition {node.value!r}", advice)
        return
    for region in target.regions:
        if not is_open(region) and (own := partition_of(region)) not in {None, node.value}:
            yield Finding(node, f"{region} is in the partition {own!r}, not in {node.value!r}", "remove `partition`")


def _role(target: Target) -> Iterator[Finding]:
    node = target.at.get("role_arn")
    if node is None or not isinstance(node.value, str) or is_open(node.value):
        return
    found = _ROLE.fullmatch(node.value)
    if found is None:
        yield Finding(node, f"{node.value!r} is no ARN of a role", "write it as 'arn:aws:iam::123456789012:role/name'")
        return
    account = target.account
    if account and not is_open(account) and account != found["account"]:
        message = f"the role is in account {found['account']!r}, the target says {account!r}"
        related = tuple((at, "the target's account") for at in [target.at.get("account")] if at is not None)
        yield Finding(node, message, "take the role or the account of the other", related=related)
    for region in target.regions:
        own = None if is_open(region) else partition_of(region)
        if own not in {None, found["partition"]}:
            yield Finding(node, f"a role of {found['partition']!r} cannot act in {region}", f"write arn:{own}:iam::…")
            return


def _is_wrong_url(value: object) -> bool:
    return isinstance(value, str) and not is_open(value) and re.match(r"https?://[^/\s]", value) is None
