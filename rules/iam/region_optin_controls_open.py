"""Rule iam-region-optin-controls-open."""

from collections.abc import Iterator

from validator.document import Node
from validator.iam.actions import matches
from validator.iam.clause import Layer
from validator.iam.decision import decide
from validator.iam.guards import Guard, guards, speaks_of_region
from validator.iam.policy import PolicySet
from validator.iam.regions import home
from validator.iam.sets import deployments
from validator.rule import Finding, Severity, rule
from validator.settings import Settings

_SWITCHES = ("account:EnableRegion", "account:DisableRegion")


@rule("iam-region-optin-controls-open", Severity.NOTE)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """A region guard leaves it open to enable and disable regions.

    The newer regions are off until an account enables them. A guard that leaves out `account:*`, since the service is
    global, lets everybody do that whom no other statement stops: `account:EnableRegion` and `account:DisableRegion`
    need a Deny of their own.

    Bad:

    ```json title="scp.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "NotAction": ["account:*", "iam:*"], "Resource": "*",
      "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```

    ```toml title="stackproof.toml"
    [[policies]]
    files = "scp.json"
    kind = "scp"
    ```

    Good:

    ```json title="scp.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "NotAction": ["account:*", "iam:*"], "Resource": "*",
      "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}},
      {"Effect": "Deny", "Action": ["account:EnableRegion", "account:DisableRegion"], "Resource": "*"}]}
    ```

    ```toml title="stackproof.toml"
    [[policies]]
    files = "scp.json"
    kind = "scp"
    ```
    """
    if not any(map(speaks_of_region, policies.policies)):
        return
    for _, layers in deployments(policies, settings):
        for guard in guards(layers):
            node = _left_out(guard)
            opened = [action for action in _SWITCHES if node is not None and _free(layers, action, settings)]
            if node is not None and opened:
                message = f"the guard leaves out {' and '.join(opened)}, and no other Deny stops"
                yield Finding(
                    node,
                    f"{message} {'it' if len(opened) == 1 else 'them'}",
                    "deny them in a statement of their own, but to those who manage regions",
                )
                return


def _left_out(guard: Guard) -> Node | None:
    """Find the value of NotAction by which a guard leaves out what enables and disables regions."""
    actions = guard.clause.statement.actions
    if guard.form != "denies-elsewhere" or actions is None or not actions.negated:
        return None
    for node in actions.values:
        if any(matches(str(node.value), action) for action in _SWITCHES):
            return node
    return None


def _free(layers: tuple[Layer, ...], action: str, settings: Settings) -> bool:
    exempt = settings.exempt
    for region in sorted(home("account", settings.partition) or ()):
        decision = decide(layers, action, region, partition=settings.partition, principals=exempt.principals)
        if decision.kind == "always":
            return True
    return False
