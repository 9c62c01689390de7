"""Rule buildspec-npm-install-with-lock."""

import posixpath
from collections.abc import Iterator

from validator.document import Node
from validator.project import Project
from validator.rule import Edit, Finding, Severity, rule

_LOCKS = frozenset({"package-lock.json", "npm-shrinkwrap.json"})
# Options that `npm ci` knows, too, and that leave what it does as it is.
_SAFE = frozenset({"--no-audit", "--no-fund", "--silent", "--quiet", "-s", "-q", "--no-progress", "--ignore-scripts"})


@rule("buildspec-npm-install-with-lock", Severity.WARNING, default=False)
def check(project: Project) -> Iterator[Finding]:
    """A build runs `npm install` where a lock file says what is to be installed.

    `npm install` may take other versions than the lock file's, and write it anew. `npm ci` installs what it says, or
    fails where it does not fit package.json.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - npm install
    ```

    ```json title="package-lock.json"
    {"name": "app", "lockfileVersion": 3, "packages": {}}
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - npm ci
    ```

    ```json title="package-lock.json"
    {"name": "app", "lockfileVersion": 3, "packages": {}}
    ```
    """
    locks = {posixpath.dirname(file.path) for file in project.files if posixpath.basename(file.path) in _LOCKS}
    for buildspec in project.buildspecs if locks else ():
        own = posixpath.dirname(buildspec.node.document.path)
        for call in buildspec.calls:
            if call.folder is None or (not call.starts("npm", "install") and not call.starts("npm", "i")):
                continue
            words = [word[0] for word in call.words[1:]]
            places = {posixpath.normpath(posixpath.join(top, call.folder)).strip(".") for top in ("", own)}
            if len(words) == 1 + len(_SAFE.intersection(words)) and not locks.isdisjoint(places):
                at = next(
                    place for word, place in zip(call.words, call.parts, strict=True) if word[0] in {"install", "i"}
                )
                yield Finding(
                    at.node,
                    "'npm install' may install other versions than the lock file says",
                    "write 'npm ci'",
                    fix=_replaced(at.node),
                )


def _replaced(node: Node) -> tuple[Edit, ...]:
    return (Edit(node.span, "ci"),) if node.text in {"install", "i"} else ()
