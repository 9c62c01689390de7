"""Rule buildspec-unquoted-version."""

from collections.abc import Iterator

from validator.buildspec.spec import Buildspec, is_rewritable
from validator.rule import Edit, Finding, Severity, rule


@rule("buildspec-unquoted-version", Severity.NOTE)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """The version of a runtime is a number that ends in 0.

    To YAML `3.10` is the number 3.1. What CodeBuild makes of it depends on how it reads YAML; quotes leave no doubt.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        runtime-versions:
          python: 3.10
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        runtime-versions:
          python: '3.10'
    ```
    """
    runtimes = buildspec.node.get("phases", "install", "runtime-versions")
    for name, node in runtimes.items() if runtimes is not None else ():
        if isinstance(node.value, float) and node.text.endswith("0") and node.text.replace(".", "", 1).isdigit():
            quote = '"' if node.document.format == "json" else "'"
            fix = (Edit(node.span, f"{quote}{node.text}{quote}"),) if is_rewritable(node) else ()
            message = f"{name} {node.text} is the number {float(node.value):g} to YAML"
            yield Finding(node, message, f"write {quote}{node.text}{quote}, in quotes", fix=fix)
