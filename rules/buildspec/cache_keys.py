"""Rule buildspec-cache-keys."""

from collections.abc import Iterator

from validator.buildspec.spec import Buildspec
from validator.document import Node, Region
from validator.rule import Finding, Severity, rule

_MOST = 5  # source: the buildspec reference


@rule("buildspec-cache-keys", Severity.WARNING)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """The keys of a cache are not what CodeBuild looks up.

    Fallback keys count beside a key only, and five of them at most. A brace that nothing opens is part of the key: it
    stands so in an example of the official documentation, and was copied from there.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases: {build: {commands: [npm ci]}}
    cache:
      fallback-keys:
        - npm-
      paths:
        - node_modules/**/*
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases: {build: {commands: [npm ci]}}
    cache:
      key: npm-$(codebuild-hash-files package-lock.json)
      fallback-keys:
        - npm-
      paths:
        - node_modules/**/*
    ```
    """
    cache = buildspec.node.get("cache")
    if cache is None or buildspec.is_open(cache):
        return
    key, fallback = cache.get("key"), cache.get("fallback-keys")
    if fallback is not None and "key" not in dict(cache.items()):
        yield Finding(fallback.key, "CodeBuild ignores 'fallback-keys' where there is no 'key'", "write a 'key', too")
    keys = list(fallback.elements()) if fallback is not None else []
    if len(keys) > _MOST:
        yield Finding(keys[_MOST], f"{len(keys)} fallback keys, and CodeBuild takes {_MOST}", "remove the others")
    for node in (key, *keys):
        if node is not None and not buildspec.is_open(node) and (at := _brace(node)) is not None:
            yield Finding(at, "this '}' is part of the key: nothing opens it", "remove it, with the blank before it")


def _brace(node: Node) -> Node | None:
    """Find the brace that a key ends with, if none opens it."""
    text = node.value
    if not isinstance(text, str) or not text.endswith("}") or text.count("{") >= text.count("}"):
        return None
    region = node.characters[len(text) - 1]
    return node.pin(Region(region.start, region.end))
