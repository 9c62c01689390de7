"""Rule buildspec-batch-identifier."""

import re
from collections.abc import Iterator

from validator.buildspec.spec import Buildspec
from validator.document import Node
from validator.rule import Finding, Severity, rule

# Source: CodeBuild's own message, as aws/copilot-cli#1673 quotes it.
_IDENTIFIER = re.compile(r"[A-Za-z0-9_]{1,127}")


@rule("buildspec-batch-identifier", Severity.ERROR)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """Two tasks of a batch have one identifier, or a task has one of other characters than it may.

    Letters, digits and underscores are allowed, fewer than 128. The batch fails before its first build, with
    BATCH_SPEC_VALIDATION_ERROR.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    batch:
      build-list:
        - identifier: linux-x86
          buildspec: linux.yml
        - identifier: windows
          buildspec: windows.yml
        - identifier: windows
          buildspec: windows-2022.yml
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    batch:
      build-list:
        - identifier: linux_x86
          buildspec: linux.yml
        - identifier: windows
          buildspec: windows.yml
        - identifier: windows_2022
          buildspec: windows-2022.yml
    ```
    """
    seen: dict[tuple[object, str], Node] = {}
    for task in buildspec.tasks():
        node = task.get("identifier")
        if node is None or isinstance(node.value, dict | list) or node.value is None or buildspec.is_open(node):
            continue
        name = node.value if isinstance(node.value, str) else node.text
        first = seen.setdefault((task.path[-2], name), node)
        if first != node:
            advice = "rename one of them, with all that depends on it"
            yield Finding(node, f"another task is called {name!r}, too", advice, related=((first, "the first one"),))
        elif not _IDENTIFIER.fullmatch(name):
            shown = name if len(name) <= 40 else name[:39] + "…"
            message = f"{shown!r} is no identifier: CodeBuild takes letters, digits and '_', fewer than 128"
            right = re.sub(r"[^A-Za-z0-9_]", "_", name)
            advice = f"write {right!r}, here and in 'depend-on'" if _IDENTIFIER.fullmatch(right) else "shorten it"
            yield Finding(node, message, advice)
