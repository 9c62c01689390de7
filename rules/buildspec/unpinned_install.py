"""Rule buildspec-unpinned-install."""

from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.buildspec.calls import Call
from validator.buildspec.downloads import publishes, unpinned
from validator.rule import Finding, Severity, rule
from validator.suggest import listed


@rule("buildspec-unpinned-install", Severity.WARNING)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A build takes whatever version of a package is the newest on its day.

    It is reported where `--upgrade` asks for the newest, and in a build that publishes a package itself, which a bad
    version of a tool can change. `buildspec-unpinned-package` finds all others.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        commands:
          - pip install --upgrade cfn-lint boto3==1.40.1
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        commands:
          - pip install --upgrade pip
          - pip install cfn-lint==1.40.0 boto3==1.40.1
          - pip install -r requirements.txt
          - pip install --upgrade .
    ```
    """
    publisher = next((call for call in buildspec.calls if publishes(call)), None)
    for call in buildspec.calls:
        yield from _found(call, publisher)


def _found(call: Call, publisher: Call | None) -> Iterator[Finding]:
    loose, _ = unpinned(call, publishing=publisher is not None)
    if loose:
        names = listed(one.name for one in loose)
        why = "" if publisher is None else ", in a build that publishes"
        related = () if publisher is None else ((publisher.node, "it publishes here"),)
        message = f"{call.program!r} installs whatever version of {names} is the newest{why}"
        yield Finding(loose[0].part.node, message, "say which version, or take them from a lock file", related=related)
