"""Rule buildspec-artifacts-without-files."""

from collections.abc import Iterator

from validator.buildspec.spec import Buildspec
from validator.rule import Finding, Severity, rule


@rule("buildspec-artifacts-without-files", Severity.NOTE)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A buildspec has secondary artifacts, and no files for the primary one.

    CodeBuild's reference asks for `files` even then. Builds of pipelines go well without, and samples of AWS's leave
    them out; whether it stays so is not written anywhere.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases: {build: {commands: [make]}}
    artifacts:
      secondary-artifacts:
        App: {files: [app.zip]}
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases: {build: {commands: [make]}}
    artifacts:
      files: [app.zip]
      secondary-artifacts:
        App: {files: [app.zip]}
    ```
    """
    artifacts = buildspec.node.get("artifacts")
    if artifacts is None or artifacts.get("secondary-artifacts") is None or artifacts.get("files") is not None:
        return
    if not buildspec.is_open(artifacts) and not any(buildspec.is_open(member.key) for _, member in artifacts.items()):
        message = "the artifacts have no 'files' of their own, which CodeBuild's reference asks for"
        yield Finding(artifacts.key, message, "name the files of the primary artifact as well", subject="files")
