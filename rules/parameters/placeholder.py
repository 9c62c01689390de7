"""Rule parameters-placeholder."""

import re
from collections.abc import Iterator

from validator.cloudformation.parameters import ParameterFile, ParameterLink
from validator.project import Project
from validator.rule import Finding, Severity, rule

# What people are asked to fill in, and what programs do.
_BLANK = re.compile(
    r"<[A-Za-z][\w .:/-]*>|(?:REPLACE|CHANGE|FILL|INSERT)[_-]?(?:ME|THIS|IN|HERE)|TODO|TBD|FIXME|[xX]{8,}"
)
_MARK = re.compile(
    r"[A-Z0-9_-]*PLACEHOLDER[A-Z0-9_-]*|__[A-Za-z]\w*__|@@?[A-Za-z]\w*@@?|%[A-Z]\w+%|\$\{?[A-Z_]\w+\}?"
    r"|\{\{ *[A-Za-z][\w.]* *\}\}|#\{[\w.]+\}#?"
)
_FILLING = re.compile(r"\b(?:envsubst|gomplate|j2|jinja2?|mustache|consul-template|esh)\b")
_WRITING = re.compile(r"\b(?:sed|jq|yq|perl|python3?|awk|node|ruby|tee|sponge|crudini)\b|>")
_EXAMPLE = re.compile(r"example|sample|template|skeleton|\.dist\b", re.IGNORECASE)


@rule("parameters-placeholder", Severity.WARNING)
def check(project: Project) -> Iterator[Finding]:
    """A value is a placeholder, and no command puts anything in its place.

    The stack would be deployed with the placeholder itself. What counts is a value that asks to be filled in
    (`<your-vpc>`, `CHANGE_ME`), or one that looks like a program's mark (`VPC_PLACEHOLDER`, `__VPC__`, `${VPC}`) in a
    repository with a buildspec or a script. A command that names the placeholder replaces it, as does a tool such as
    `envsubst`; so may a program that names the parameter file and a tool that writes files.

    Bad:

    ```json title="test.json"
    {"Parameters": {"Bucket": "BUCKET_PLACEHOLDER"}}
    ```

    ```yaml title="main.yml"
    Parameters:
      Bucket: {Type: String}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - aws cloudformation validate-template --template-body file://main.yml
    ```

    ```toml title="stackproof.toml"
    [[stacks]]
    template = "main.yml"
    parameters = "test.json"
    ```

    Good:

    ```json title="test.json"
    {"Parameters": {"Bucket": "BUCKET_PLACEHOLDER"}}
    ```

    ```yaml title="main.yml"
    Parameters:
      Bucket: {Type: String}
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - sed -i "s/BUCKET_PLACEHOLDER/$BUCKET/" test.json
    ```

    ```toml title="stackproof.toml"
    [[stacks]]
    template = "main.yml"
    parameters = "test.json"
    ```
    """
    programs = [program.text for program in project.programs]
    seen: set[tuple[ParameterFile, str]] = set()
    for link in project.parameter_links:
        for name, value in link.file.values.items():
            text = value.value.removeprefix(f"{name}=") if isinstance(value.value, str) else ""
            if not (_BLANK.fullmatch(text) or (programs and _MARK.fullmatch(text))):
                continue
            if (link.file, name) in seen or _overridden(link, name) or link.file.form == "written":
                continue
            seen.add((link.file, name))
            path = link.file.document.path
            if _EXAMPLE.search(path.rpartition("/")[2]) or any(_replaces(one, text, path) for one in programs):
                continue
            yield Finding(
                value,
                f"{text!r} is a placeholder for {name}, and no command replaces it",
                "write the value, or replace the placeholder before the deployment",
                severity=Severity.NOTE if link.guessed else None,
                subject=name,
            )


def _overridden(link: ParameterLink, name: str) -> bool:
    return link.overridden is None or name in link.overridden


def _replaces(program: str, text: str, path: str) -> bool:
    """Whether a program names the placeholder, fills in all of them, or may write the file."""
    bare = text.strip("<>{}$@%#_ ")
    if bare in program or _FILLING.search(program):
        return True
    return path.rpartition("/")[2] in program and _WRITING.search(program) is not None
