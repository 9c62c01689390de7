"""Rule document-syntax."""

from collections.abc import Iterator

from validator.document import Document
from validator.rule import Finding, Severity, rule


@rule("document-syntax", Severity.ERROR, supersedes=("cfn-lint/E0000",))
def check(document: Document) -> Iterator[Finding]:
    """A file cannot be read, so that nothing in it was checked.

    It is broken YAML or JSON, is not UTF-8, or is nested or large beyond all limits. This is a warning where neither
    name nor content says that the file has to do with a delivery.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands: [make
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands: [make]
    ```
    """
    for problem in document.problems:
        if problem.code == "syntax":
            severity = None if problem.sure else Severity.WARNING
            yield Finding(problem.at, problem.message, problem.help, severity=severity, related=problem.related)
