"""Rule appspec-unknown-event."""

from collections.abc import Iterator, Sequence

from validator.codedeploy import Appspec
from validator.codedeploy.appspec import OWN_EVENTS
from validator.rule import Finding, Severity, rule
from validator.suggest import listed, nearest


@rule("appspec-unknown-event", Severity.ERROR)
def check(appspec: Appspec) -> Iterator[Finding]:
    """A script or function is meant for a lifecycle event that does not exist, or that takes none.

    It never runs: the deployment goes on without it, or fails for the unknown event. What CodeDeploy does itself, such
    as DownloadBundle and Install, takes no scripts. Servers, ECS and Lambda have events of their own.

    It is a warning for ECS and Lambda, and for a name that is like none of the events: a deployment that the agent
    makes from the command line can have its own.

    Bad:

    ```yaml title="appspec.yml"
    version: 0.0
    os: linux
    hooks:
      After Install:
        - location: scripts/configure.sh
    ```

    Good:

    ```yaml title="appspec.yml"
    version: 0.0
    os: linux
    hooks:
      AfterInstall:
        - location: scripts/configure.sh
    ```
    """
    known = appspec.events
    server = appspec.platform == "server"
    for event, node in appspec.hooks():
        if event in known:
            continue
        close = event in OWN_EVENTS or _meant(event, known)
        severity = None if server and close else Severity.WARNING
        yield Finding(node.key, _message(appspec, event), _advice(event, known), severity=severity)


def _message(appspec: Appspec, event: str) -> str:
    if event in OWN_EVENTS:
        return f"CodeDeploy runs nothing of yours for the event {event!r}"
    where = {"server": "on servers", "ecs": "of ECS", "lambda": "of Lambda"}.get(appspec.platform, "of a service")
    return f"there is no lifecycle event {event!r} in deployments {where}"


def _meant(event: str, known: Sequence[str]) -> str:
    # Two words are what the console shows.
    plain = event.replace(" ", "")
    return plain if plain in known else next(iter(nearest(plain, known)), "")


def _advice(event: str, known: Sequence[str]) -> str:
    around = [name for name in (f"Before{event}", f"After{event}") if name in known]
    if around:
        return f"write {' or '.join(map(repr, around))}"
    near = _meant(event, known)
    return f"did you mean {near!r}?" if near else f"known are {listed(known)}"
