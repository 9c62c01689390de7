"""Rule environment-ambiguous-selection."""

import re
from collections.abc import Iterator

from validator.environment import Check, EnvironmentSpec, read
from validator.environment.references import place
from validator.rule import Finding, Severity, rule

# An index behind names alone: nothing has chosen or sorted the elements.
_FIRST = re.compile(r"\s*[A-Za-z_]\w*(?:\[\])?(?:\.[A-Za-z_]\w*(?:\[\])?)*(?:\s*\|\s*)?(?P<index>\[-?\d+\])")
_PAGES = frozenset({"MaxResults", "MaxRecords", "PageSize", "MaxItems", "Limit", "maxResults", "limit"})


@rule("environment-ambiguous-selection", Severity.WARNING)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A check looks at the first thing of all that there are.

    Which one is the first is not defined: another may be, as soon as there are two.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: balancer
      call: elb.describe_load_balancers
      expect: {"LoadBalancerDescriptions[0].Scheme": internal}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - id: balancer
      call: elb.describe_load_balancers
      with: {LoadBalancerNames: [web]}
      expect: {"LoadBalancerDescriptions[0].Scheme": internal}
    ```
    """
    for one in read(spec)[0].checks:
        for each in (one, one.also):
            if each is not None and not each.literal and each.call is not None and not {*each.call.parameters} - _PAGES:
                yield from _first(each)


def _first(one: Check) -> Iterator[Finding]:
    assert one.call is not None
    selected = one.call.selected
    nodes = [selected] if selected is not None else [expected.at for expected in one.expected]
    for node in nodes:
        text = node.value
        if isinstance(text, str) and (found := _FIRST.match(text)) is not None:
            message = f"{found['index']} takes one of all that {one.call.operation} answers"
            yield Finding(
                place(node, *found.span("index")), message, "name the thing in `with`, or choose it by a filter, [?…]"
            )
