"""Rule buildspec-too-many-reports."""

from collections.abc import Iterator

from validator.buildspec.spec import Buildspec
from validator.rule import Finding, Severity, rule

_MOST = 5  # source: the buildspec reference and the quotas of CodeBuild


@rule("buildspec-too-many-reports", Severity.WARNING)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A buildspec reports to more than five report groups.

    A project can have five. CodeBuild does not create any more.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases: {build: {commands: [make test]}}
    reports:
      unit: {files: [unit.xml]}
      api: {files: [api.xml]}
      web: {files: [web.xml]}
      load: {files: [load.xml]}
      lint: {files: [lint.xml]}
      smoke: {files: [smoke.xml]}
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases: {build: {commands: [make test]}}
    reports:
      unit: {files: [unit.xml, lint.xml]}
      api: {files: [api.xml]}
      web: {files: [web.xml]}
      load: {files: [load.xml]}
      smoke: {files: [smoke.xml]}
    ```
    """
    reports = list(buildspec.reports())
    if len(reports) > _MOST:
        _, node = reports[_MOST]
        message = f"{len(reports)} report groups, and a project can have {_MOST}"
        yield Finding(node.key, message, "list several files in one group")
