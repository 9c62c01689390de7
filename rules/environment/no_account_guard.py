"""Rule environment-no-account-guard."""

import re
from collections.abc import Iterator

from validator.environment import EnvironmentSpec, read
from validator.rule import Finding, Severity, rule

_PRODUCTION = re.compile(r"(?:^|[-_.])(?:prod|prd|production)(?:[-_.]|\d*$)", re.IGNORECASE)


@rule("environment-no-account-guard", Severity.WARNING)
def check(spec: EnvironmentSpec) -> Iterator[Finding]:
    """A target that is production by its name does not say which account must answer.

    With the credentials of another account at hand, that one is looked at, and what is said of it is taken for
    production's.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    targets:
      prod: {region: eu-west-1, stack: web-prod}
    checks:
    - {id: web, resource: Web}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    targets:
      prod: {region: eu-west-1, stack: web-prod, account: "123456789012"}
    checks:
    - {id: web, resource: Web}
    ```
    """
    for name, target in read(spec)[0].targets.items():
        # The ARN of a role to assume says the account, too; what answers elsewhere is none of AWS.
        if _PRODUCTION.search(name) and not {"account", "role_arn", "endpoint_url"} & target.settings.keys():
            yield Finding(target.at.key, f"target {name!r} does not say its account", "add `account`, in quotes")
