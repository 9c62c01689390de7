"""Rule buildspec-cache-key-from-ref."""

import re
from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.rule import Finding, Severity, rule

_CHOSEN = re.compile(r"\$\{?(CODEBUILD_WEBHOOK_(?:HEAD|BASE)_REF)\b")


@rule("buildspec-cache-key-from-ref", Severity.NOTE)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """Whoever opens a pull request chooses the cache that its build writes.

    A branch of a fork can be called `main`, too; its build then saves a cache under the key that the builds of the
    branch `main` restore theirs by. CODEBUILD_WEBHOOK_TRIGGER tells them apart: `branch/main`, `pr/12`.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - npm ci
    cache:
      key: npm-$CODEBUILD_WEBHOOK_HEAD_REF
      paths:
        - node_modules/**/*
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - npm ci
    cache:
      key: npm-$CODEBUILD_WEBHOOK_TRIGGER
      paths:
        - node_modules/**/*
    ```
    """
    key, action = buildspec.node.get("cache", "key"), buildspec.node.get("cache", "action")
    if key is None or not isinstance(key.value, str) or (action is not None and action.value == "restore"):
        return
    if (found := _CHOSEN.search(key.value)) is not None:
        message = f"a pull request chooses {found[1]!r}, and with it the cache that its build writes"
        yield Finding(key, message, "take '$CODEBUILD_WEBHOOK_TRIGGER', which names the branch or the pull request")
