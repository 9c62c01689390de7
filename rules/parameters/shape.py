"""Rule parameters-shape."""

from collections import Counter
from collections.abc import Iterator

from validator.cloudformation.parameters import ParameterFile
from validator.document import Node
from validator.project import Project
from validator.rule import Edit, Finding, Severity, rule
from validator.suggest import did_you_mean

_SECTIONS = ("Parameters", "Tags", "StackPolicy")
_MEMBERS = ("ParameterKey", "ParameterValue", "UsePreviousValue", "ResolvedValue")
_DEPLOYMENT = ("template-file-path", "parameters", "tags")


@rule("parameters-shape", Severity.ERROR)
def check(project: Project) -> Iterator[Finding]:
    """A parameter file does not have the shape that its reader takes.

    Each form has a reader of its own. A pipeline's CloudFormation action takes `Parameters`, `Tags` and `StackPolicy`,
    and strings for all values; the command line takes a list of `ParameterKey` and `ParameterValue`, and refuses
    numbers; Git sync takes `template-file-path`, `parameters` and `tags`.

    A section that nobody reads is a warning, as is a number or boolean in a pipeline's file. So is everything in a file
    of which nothing certain says that it is deployed: other tools have forms alike. Invalid JSON and keys that stand
    twice are reported by document-syntax and document-duplicate-key.

    Bad:

    ```json title="config.json"
    {"Parameters": {"Zones": ["eu-west-1a", "eu-west-1b"]}, "Tag": {"team": "web"}}
    ```

    ```json title="params.json"
    [{"ParameterKey": "Size", "ParameterValue": 3}]
    ```

    Good:

    ```json title="config.json"
    {"Parameters": {"Zones": "eu-west-1a,eu-west-1b"}, "Tags": {"team": "web"}}
    ```

    ```json title="params.json"
    [{"ParameterKey": "Size", "ParameterValue": "3"}]
    ```
    """
    certain = {link.file for link in project.parameter_links if link.certain}
    for file in project.parameter_files:
        severity = None if file in certain else Severity.WARNING
        if file.form == "codepipeline":
            yield from _configuration(file, severity)
        elif file.form in {"cli", "skeleton"}:
            yield from _elements(file, severity)
        elif file.form == "overrides":
            yield from _twice(file, severity)
        elif file.form == "deployment":
            yield from _sections(file.document.root, _DEPLOYMENT, "Git sync")


def _configuration(file: ParameterFile, severity: Severity | None) -> Iterator[Finding]:
    root = file.document.root
    yield from _sections(root, _SECTIONS, "the pipeline")
    for name in _SECTIONS:
        section = root.get(name)
        if section is None:
            continue
        if not isinstance(section.value, dict):
            yield Finding(section.key, f"{name} is {section.kind}, expected a mapping", severity=severity)
        elif name != "StackPolicy":
            what = "the parameter" if name == "Parameters" else "the tag"
            for key, value in section.items():
                scalar = isinstance(value.value, int | float)
                yield from _string(value, f"{what} {key!r}", Severity.WARNING if scalar else severity)


def _sections(root: Node, known: tuple[str, ...], reader: str) -> Iterator[Finding]:
    for key, value in root.items():
        if key not in known:
            yield Finding(
                value.key,
                f"{reader} reads no section {key!r}",
                did_you_mean(key, known) or f"remove it: what is read is {', '.join(known)}",
                severity=Severity.WARNING,
            )


def _elements(file: ParameterFile, severity: Severity | None) -> Iterator[Finding]:
    root = file.document.root
    listed = root if file.form == "cli" else root.get("Parameters") or root
    for element in listed.elements():
        if not isinstance(element.value, dict):
            message = f"{element.kind} stands where a mapping with ParameterKey and ParameterValue is expected"
            yield Finding(element, message, severity=severity)
            continue
        for key, member in element.items():
            if key not in _MEMBERS:
                known = [name for name in _MEMBERS if name not in element.value]
                advice = did_you_mean(key, known) or f"remove it: what is read is {', '.join(_MEMBERS[:3])}"
                yield Finding(member.key, f"the AWS CLI refuses the key {key!r}", advice, severity=severity)
        name, value, previous = map(element.get, _MEMBERS[:3])
        if name is None:
            if element.value.keys() <= set(_MEMBERS):
                yield Finding(element, "ParameterKey is missing", "say which parameter it is", severity=severity)
            continue
        yield from _string(name, "ParameterKey", severity)
        if value is None:
            continue
        yield from _string(value, f"the parameter {name.value!r}", severity)
        if previous is not None and previous.value is True:
            message = f"the parameter {name.value!r} is given a value, and is to keep its previous one"
            yield Finding(previous.key, message, "remove UsePreviousValue or ParameterValue", severity=severity)
    yield from _twice(file, severity)


def _string(value: Node, what: str, severity: Severity | None) -> Iterator[Finding]:
    """Report what is no string; a number or a boolean of JSON becomes one in quotes."""
    if isinstance(value.value, str):
        return
    message = f"{what} is {'null' if value.value is None else value.kind}, expected a string"
    if isinstance(value.value, int | float) and value.document.format == "json":
        quoted = f'"{value.text}"'
        yield Finding(
            value, message, f"write {quoted}", severity=severity, fix=(Edit(value.document.span(value.region), quoted),)
        )
    elif isinstance(value.value, list):
        yield Finding(value, message, "write one string with commas in it", severity=severity)
    else:
        yield Finding(value, message, "write a string, or remove it", severity=severity)


def _twice(file: ParameterFile, severity: Severity | None) -> Iterator[Finding]:
    """Report what a list gives more than one value."""
    often = Counter(entry.name for entry in file.entries())
    first: dict[str, Node] = {}
    for name, at, _ in file.entries():
        if often[name] > 1 and name in first:
            related = ((first[name], "here before"),)
            message = f"the parameter {name!r} is given a value twice"
            yield Finding(at, message, "remove one of them", severity=severity or Severity.WARNING, related=related)
        first.setdefault(name, at)
