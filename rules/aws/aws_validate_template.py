"""Rule aws-validate-template."""

import re
from collections.abc import Iterator

from validator.cloudformation.template import Template
from validator.document import Node, Region
from validator.project import TemplateAnswer
from validator.rule import Finding, Result, Severity, Unchecked, rule

_POSITION = re.compile(r"\(line (\d+), column (\d+)\)")
_POINTER = re.compile(r"\[(/[\w/.:-]+)\]|(?<![\w.])(/(?:Resources|Parameters|Outputs|Mappings|Conditions)/[\w/:-]+)")
_NAMES = re.compile(r"\[([^\[\]]+)\]|(?<!\w)['\"]([^'\"]+)['\"]|\b(?:undefined|[Uu]nresolved) [a-z]+:? ([\w:.]+)")
_SECTION = re.compile(r"\bin the (\w+) block\b")
_WORD = re.compile(r"\w+")
_SECTIONS = ("Resources", "Parameters", "Conditions", "Mappings", "Outputs", "Rules")


@rule("aws-validate-template", Severity.ERROR)
def check(answer: TemplateAnswer) -> Iterator[Result]:
    """CloudFormation refuses a template.

    With `stackproof check --online`, each template is sent to CloudFormation's ValidateTemplate, and its objection
    stands at the place that its words name. A template of more than 51,200 bytes, and one that CloudFormation could not
    be asked about, is listed as not checked. Without `--online` this rule does not run, and AWS is never called.

    In the examples, `aws.json` holds what CloudFormation says.

    Bad:

    ```yaml title="template.yml"
    Resources:
      Subscription:
        Type: AWS::SNS::Subscription
        Properties: {TopicArn: !Ref Alarms, Protocol: email, Endpoint: team@example.com}
    ```

    ```json title="aws.json"
    {"ValidateTemplate": [{
      "error": "Template format error: Unresolved resource dependencies [Alarms] in the Resources block of the template"
    }]}
    ```

    Good:

    ```yaml title="template.yml"
    Resources:
      Alarms: {Type: AWS::SNS::Topic}
      Subscription:
        Type: AWS::SNS::Subscription
        Properties: {TopicArn: !Ref Alarms, Protocol: email, Endpoint: team@example.com}
    ```

    ```json title="aws.json"
    {"ValidateTemplate": [{}]}
    ```
    """
    if answer.missing:
        yield Unchecked(answer.template.root, answer.missing)
    elif answer.refusal:
        said = " ".join(answer.refusal.split()).rstrip(".")
        at, *others = _places(answer.template, said)
        message = f"CloudFormation refuses the template: {said}"
        yield Finding(at, message, related=tuple((other, "it names this, too") for other in others[:5]))


def _places(template: Template, text: str) -> list[Node]:
    """Find what CloudFormation speaks of; the whole template if it does not say."""
    document = template.root.document
    if (position := _POSITION.search(text)) and int(position[1]) <= len(document.line_starts):
        offset = document.line_starts[max(int(position[1]), 1) - 1] + max(int(position[2]), 1) - 1
        offset = min(offset, len(document.text))
        return [template.root.pin(Region(offset, offset))]
    if pointer := _POINTER.search(text):
        return [_below(template.root, (pointer[1] or pointer[2]).strip("/").split("/"))]
    section = _SECTION.search(text)
    searched = (template.root.get(section[1]) if section else None) or template.root
    quoted = [
        name.strip() for found in _NAMES.finditer(text) for name in "".join(filter(None, found.groups())).split(",")
    ]
    named = [node for name in quoted if (node := _declared(template, name) or _mentioned(searched, name))]
    plain = [node for name in _WORD.findall(text) if name in template.resources and (node := _declared(template, name))]
    return list(dict.fromkeys(named or plain)) or [searched.key]


def _below(node: Node, steps: list[str]) -> Node:
    for step in steps:
        child = node.get(step) or (node.get(int(step)) if step.isdecimal() else None)
        if child is None:
            break
        node = child
    return node.key


def _declared(template: Template, name: str) -> Node | None:
    """Give the key of what has a name of its own in the template."""
    found = (template.root.get(section, name) for section in _SECTIONS)
    node = template.root.get(name) or next(filter(None, found), None)
    return node.key if node is not None else None


def _mentioned(searched: Node, name: str) -> Node | None:
    """Give the first text that is a name or refers to it, else the first key that is the name."""
    reference = re.compile(rf"\$\{{\s*{re.escape(name)}\s*[.}}]")
    key: Node | None = None
    for node in searched.walk():
        if isinstance(node.value, str) and (
            node.value == name or node.value.startswith(f"{name}.") or reference.search(node.value)
        ):
            return node
        if key is None and node.name == name:
            key = node.key
    return key
