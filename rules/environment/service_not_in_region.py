"""Rule environment-service-not-in-region."""

from collections.abc import Iterator

from validator.document import Node
from validator.environment import Check, Spec, Suite, joined
from validator.environment.operations import model
from validator.environment.references import is_open
from validator.iam.footprint import offered
from validator.rule import Finding, Severity, rule


@rule("environment-service-not-in-region", Severity.WARNING)
def check(suite: Suite) -> Iterator[Finding]:
    """A check calls a service in a region in which AWS does not offer it.

    No endpoint answers there, so that the check can never be made. Two sources must agree that the service is not
    offered; regions are added all the time.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    targets:
      test: {region: eu-south-2}
    checks:
    - id: app
      call: amplify.get_app
      with: {appId: d1a2b3c4}
      expect: {app.platform: WEB}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    targets:
      test: {region: eu-west-1}
    checks:
    - id: app
      call: amplify.get_app
      with: {appId: d1a2b3c4}
      expect: {app.platform: WEB}
    ```
    """
    spec = joined(suite)
    for one in spec.checks:
        for each in (one, one.also):
            if each is not None and each.call is not None and each.call.service:
                yield from _called(each.call.at, each.call.service, dict(_places(one, spec)))


def _called(at: Node, service: str, places: dict[str, Node]) -> Iterator[Finding]:
    metadata = model(service).get("metadata", {})
    name = metadata.get("signingName") or metadata.get("endpointPrefix", "")
    for region, node in places.items():
        if name and offered(name, region) is False:
            message = f"{service} is not offered in {region}"
            advice = "look at it in a region where it is, with `regions`, or leave the check out for this one"
            yield Finding(at, message, advice, related=((node, "the region is named here"),))


def _places(one: Check, spec: Spec) -> Iterator[tuple[str, Node]]:
    """Yield the regions that a check looks at, each with the node that names it."""
    if one.regions:
        yield from ((region, one.at) for region in one.regions if not is_open(region))
        return
    for target in spec.targets.values():
        if not one.targets or target.name in one.targets:
            at = target.at.get("region") or target.at.get("regions") or target.at.key
            yield from ((region, at) for region in target.regions if not is_open(region))
