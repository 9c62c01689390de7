"""Rule buildspec-plaintext-secret."""

from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.document import Node
from validator.project.secrets import is_example, part, secret_key, secret_value, tokens, written
from validator.rule import Finding, Severity, rule

_HELP = "replace it where it is from: history has it; keep the new one in Secrets Manager, and name that in 'env'"


@rule("buildspec-plaintext-secret", Severity.ERROR)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A secret is written out, where everybody who can read the repository reads it.

    It is an error for what is a secret by its form: a key of AWS, a token of GitHub, a private key. It is a warning
    for what a variable that is named like a secret is set to, and for a password on a command line, unless that is
    a path, an address, a name, a placeholder, or what throw-away databases have. What is reported, no report shows.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      variables:
        DB_PASSWORD: Tr0ub4dor&3
    phases:
      build:
        commands:
          - make deploy
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      variables:
        DB_PASSWORD_FILE: /run/secrets/db
      secrets-manager:
        DB_PASSWORD: prod/db:password
    phases:
      build:
        commands:
          - make deploy
    ```
    """
    known: set[Node] = set()
    for node in buildspec.node.walk():
        if not isinstance(node.value, str):
            continue
        for token in tokens(node.value):
            if not is_example(node.value[token.start : token.end]):
                at = part(node, token.start, token.end)
                known.add(at)
                yield Finding(
                    at, f"{token.name} stands here in clear", _HELP, None if token.certain else Severity.WARNING
                )
    for name, node in _set(buildspec):
        value = node.value if isinstance(node.value, str) else node.text
        if secret_value(name or "password", value) and not any(_overlap(node, one) for one in known):
            sure = secret_key(name, value)
            what = f"{name!r} is set to what looks like a secret" if name else "what looks like a password stands here"
            yield Finding(node, f"{what}, in clear", _HELP, severity=None if sure else Severity.WARNING)


def _set(buildspec: Buildspec) -> Iterator[tuple[str, Node]]:
    """Yield what variables are set to, by name, and passwords on command lines, without one."""
    yield from ((one.name, one.node) for one in buildspec.variables() if one.source == "plaintext")
    for task in buildspec.tasks():
        if (variables := task.get("env", "variables")) is not None:
            yield from variables.items()
    if buildspec.dialect in {"sh", "bash"}:
        yield from written(buildspec)


def _overlap(one: Node, other: Node) -> bool:
    return (
        one.document is other.document and one.region.start < other.region.end and other.region.start < one.region.end
    )
