"""Rule buildspec-curl-no-fail."""

from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.buildspec.downloads import downloads
from validator.rule import Finding, Severity, rule


@rule("buildspec-curl-no-fail", Severity.WARNING, default=False)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A download with curl goes on with the page of an error.

    Without `-f` curl is content with any answer of the server, `404 Not Found` too, and writes it to the file. The
    build fails later, where the file is used, or never.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        commands:
          - curl -sSLo tool.zip https://example.com/tool.zip
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        commands:
          - curl -fsSLo tool.zip https://example.com/tool.zip
          - curl -s https://example.com/version
    ```
    """
    for call in buildspec.calls:
        found = next(downloads(call), None)
        if found is not None and found.kept and not found.checked:
            message = "'curl' writes the page of an error to the file, too, and reports no failure"
            yield Finding(call.parts[0].node, message, "add '-f'")
