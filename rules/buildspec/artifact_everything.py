"""Rule buildspec-artifact-everything."""

from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.rule import Finding, Severity, rule

_ALL = frozenset({"**/*", "**", "./**/*", "./**"})


@rule("buildspec-artifact-everything", Severity.WARNING, default=False)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """An artifact takes in all files of the source, and all that the build left there.

    Among them are `.git`, with the whole history, files like `.env`, and what commands wrote their credentials to.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    artifacts:
      files:
        - '**/*'
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    artifacts:
      files:
        - '**/*'
      base-directory: dist
    ```
    """
    for artifact in buildspec.artifacts():
        if artifact.base in {"", ".", "./"} and artifact.node.get("exclude-paths") is None:
            for glob in artifact.files:
                if glob.value in _ALL:
                    message = f"{glob.value!r} takes in all of the source, '.git' and '.env' too"
                    yield Finding(
                        glob, message, "name the files, set 'base-directory', or leave them out by 'exclude-paths'"
                    )
