"""Rule appspec-unknown-key."""

from collections.abc import Iterator

from validator.codedeploy import Appspec
from validator.codedeploy.appspec import SCHEMA, is_event
from validator.rule import Finding, Severity, rule
from validator.shape import keys_at, misplaced, places_of, problems
from validator.suggest import nearest

# What many take for a setting of one file.
_MEANT = {"overwrite": "write 'file_exists_behavior: OVERWRITE' at the top level"}


@rule("appspec-unknown-key", Severity.WARNING)
def check(appspec: Appspec) -> Iterator[Finding]:
    """An AppSpec file has a key that CodeDeploy does not know, or not at this place.

    CodeDeploy says nothing and ignores it: the script runs as another user, the file that is there already fails the
    deployment after all. An event that does not exist is the business of appspec-unknown-event.

    Of the files of services of ECS and functions of Lambda, only keys are reported that are misspelt or out of place.

    Bad:

    ```yaml title="appspec.yml"
    version: 0.0
    os: linux
    files:
      - source: /
        destination: /srv/web
        overwrite: true
    ```

    Good:

    ```yaml title="appspec.yml"
    version: 0.0
    os: linux
    files:
      - source: /
        destination: /srv/web
    file_exists_behavior: OVERWRITE
    ```
    """
    for problem in problems(appspec.node, SCHEMA):
        if problem.code != "unknown-key" or is_event(problem.at):
            continue
        *path, key = problem.at.path
        name = str(key)
        why, advice = misplaced(SCHEMA, path, name)
        if appspec.platform == "server" or places_of(SCHEMA, name) or nearest(name, keys_at(SCHEMA, path)):
            yield Finding(problem.at, f"CodeDeploy ignores {name!r}: {why}", _MEANT.get(name, advice))
