"""Rule appspec-missing-file."""

import posixpath
from collections.abc import Iterator

from validator.document import Node
from validator.project import Revision
from validator.rule import Finding, Severity, rule
from validator.suggest import one_edit_apart


@rule("appspec-missing-file", Severity.ERROR)
def check(revision: Revision) -> Iterator[Finding]:
    """An AppSpec file names a script, or something to copy, that is not in the revision.

    The deployment fails on every server: "Script does not exist at specified location". Paths count from the top of
    the revision, which is where the AppSpec file lies. A script of ApplicationStop is looked for in the revision that
    was deployed before.

    It is a warning where no other script that the file names is there, so that another folder may be the top. Nothing
    is said of a script that a command of the repository speaks of, since it may make it. What is to be copied is mostly
    built: only what differs from one that is there in a letter is reported.

    Bad:

    ```yaml title="appspec.yml"
    version: 0.0
    os: linux
    hooks:
      BeforeInstall:
        - location: scripts/prepare.sh
      ApplicationStart:
        - location: scripts/strat.sh
    ```

    ```sh title="scripts/prepare.sh"
    mkdir -p /srv/web
    ```

    ```sh title="scripts/start.sh"
    systemctl start web
    ```

    Good:

    ```yaml title="appspec.yml"
    version: 0.0
    os: linux
    hooks:
      BeforeInstall:
        - location: scripts/prepare.sh
      ApplicationStart:
        - location: scripts/start.sh
    ```

    ```sh title="scripts/prepare.sh"
    mkdir -p /srv/web
    ```

    ```sh title="scripts/start.sh"
    systemctl start web
    ```
    """
    appspec = revision.appspec
    if not appspec.in_place:
        return
    places: dict[str, list[Node]] = {}
    for script in appspec.scripts():
        if script.location is not None and (path := appspec.path(script.location)):
            places.setdefault(path, []).append(script.location)
    # Many a file in a folder of its own counts from the top of the repository, and is copied there.
    missing = [path for path in places if not revision.has(path)]
    seen = any(revision.exists(posixpath.join(revision.folders[-1], path)) for path in places)
    for path in missing:
        near = revision.near(path)
        near = near if near not in places else ""
        slip = bool(near) and one_edit_apart(near, path)
        if not slip and (revision.mentions(posixpath.basename(path)) or not (seen or _in_a_folder(revision, path))):
            continue
        severity = None if seen and not revision.mentions(posixpath.basename(path)) else Severity.WARNING
        yield _finding(revision, places[path], path, near, severity)
    for node in appspec.sources():
        path = appspec.path(node)
        near = revision.near(path) if path and not revision.has(path) else ""
        if near and near not in {appspec.path(one) for one in appspec.sources()} and one_edit_apart(near, path):
            yield _finding(revision, [node], path, near, Severity.WARNING)


def _in_a_folder(revision: Revision, path: str) -> bool:
    """Whether the folder that a path leads to lies beside the AppSpec file."""
    folder = posixpath.dirname(path)
    return folder != "" and revision.exists(posixpath.join(revision.folders[-1], folder))


def _finding(revision: Revision, nodes: list[Node], path: str, near: str, severity: Severity | None) -> Finding:
    if near:
        advice = f"did you mean {near!r}?"
    elif other := revision.elsewhere(path):
        advice = f"there is {other!r}: a path counts from the folder of the AppSpec file"
    else:
        advice = "add the file, or name one that is there"
    related = tuple((node, "it is named here, too") for node in nodes[1:])
    return Finding(nodes[0], f"there is no {path!r} in the revision", advice, severity=severity, related=related)
