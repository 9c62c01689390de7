"""Which scalars hold secrets, so that no output shows them."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache

from validator import parse
from validator.cloudformation.parameters import ParameterFile
from validator.cloudformation.pipeline import PipelineAction
from validator.cloudformation.template import Template
from validator.cloudformation.tree import StackLink
from validator.document import Document, Node, Region, Value

_NAME = re.compile(
    r"pas+(w?o?r?d|phrase)?$|pwd$|secret(?!.*(name|arn|id)$)|token$|api_?key$|(private|access)_?key$|credentials?$",
    re.IGNORECASE,
)
_USER = re.compile(r"(user|login|e_?mail|admin)$", re.IGNORECASE)
_IDENTIFIER = re.compile(r"([a-z0-9_](Name|Id|ID|Arn|ARN|Url|URL|Region)|(?i:(^|_)(name|id|arn|url|region)|username))$")
# Values that only say where a secret is: references, paths, URLs, ARNs.
_RESOLVED = re.compile(r"\{\{resolve:|(?:\$\{[^}]*\})*\Z")
_ELSEWHERE = re.compile(r"\{\{resolve:|\$|/|\.{1,2}/|~/|https?://|arn:|\Z")

# What a script replaces before the deployment, and words that say that there is none.
_PLACEHOLDER = re.compile(
    r"<.*>|\$\{.*\}|\$\(.*\)|\$\w+|\{\{.*\}\}|__.*__|@.*@|%.*%|(.)\1*|.*(placeholder|replace|change_?(me|it)).*|todo|tbd"
    r"|none|null|n/?a|true|false|yes|no",
    re.IGNORECASE | re.DOTALL,
)

# What stands behind a key in a text that has no nodes: to the next quote, or to the end of a plain value.
_VALUE = re.compile(r"""["']?[ \t]*[:=][ \t]*["']?(?P<value>[^"'\s,{}\[\]][^"'\r\n,}\]]*)""")
_ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z_][\w-]*)" + _VALUE.pattern)


@lru_cache(maxsize=4096)
def secret_like(name: str) -> bool:
    """Whether a variable's or parameter's name says that its value is a secret."""
    return _NAME.search(name.replace("-", "_")) is not None


def identifier_like(name: str) -> bool:
    """Whether a parameter's name says that its value names somebody or something, which people hide but need not."""
    plain = name.replace("-", "_")
    return _USER.search(plain) is not None or _IDENTIFIER.search(plain) is not None


def in_clear(value: Value) -> bool:
    """Whether a value is a secret itself: not where one is kept, nor what a script puts one in place of."""
    if isinstance(value, str):
        return not _ELSEWHERE.match(value) and not _PLACEHOLDER.fullmatch(value.strip())
    return isinstance(value, int | float) and not isinstance(value, bool)


def hidden(templates: Sequence[Template], links: Iterable[StackLink]) -> frozenset[str]:
    """Give the names of all parameters that are NoEcho, or that are handed down to one that is."""
    names = {
        parameter.name for template in templates for parameter in template.parameters.values() if parameter.no_echo
    }
    handed = {(name, value) for link in links for name, node in _passed(link) for value in _referenced(node)}
    while more := {value for name, value in handed if name in names} - names:
        names |= more
    return frozenset(names)


def in_template(template: Template, hidden: Container[str]) -> Iterator[Node]:
    """Yield the secrets that a template writes out: Defaults of hidden parameters, properties named like secrets."""
    for parameter in template.parameters.values():
        if parameter.default is not None:
            yield from _values(parameter.name, parameter.default, hidden)
    resources = template.root.get("Resources")
    for node in resources.walk() if resources is not None else ():
        if not isinstance(node.value, dict):
            continue
        for name, value in node.value.items():
            if isinstance(value, str | int | float) and secret_like(name) and (at := node.get(name)) is not None:
                yield from _values(name, at)
        # Variables of builds and containers, parameters of stack sets.
        for key, value_key in (("Name", "Value"), ("ParameterKey", "ParameterValue")):
            name_node, given = node.get(key), node.get(value_key)
            if name_node is not None and given is not None and isinstance(name_node.value, str):
                yield from _values(name_node.value, given, hidden if key == "ParameterKey" else ())


def in_link(link: StackLink, hidden: Container[str]) -> Iterator[Node]:
    """Yield the literals that a parent passes to hidden parameters of its children."""
    for name, value in _passed(link):
        yield from _values(name, value, hidden)


def in_parameter_file(file: ParameterFile, hidden: Container[str]) -> Iterator[Node]:
    """Yield the secrets in a parameter file: the values of hidden parameters."""
    for name, value in file.values.items():
        node = value
        if file.form == "overrides" and isinstance(value.value, str):
            behind = len(name) + 1
            characters = value.characters[behind:]
            region = Region(characters[0].start, characters[-1].end) if characters else value.region
            node = Node(value.document, value.path, value.value[behind:], pinned=region)
        yield from _values(name, node, hidden)


def in_action(action: PipelineAction, hidden: Container[str]) -> Iterator[Node]:
    """Yield the secrets among the parameters that a pipeline's action overrides."""
    for name, value in overridden(action):
        yield from _values(name, value, hidden)


def overridden(action: PipelineAction) -> Iterator[tuple[str, Node]]:
    """Yield the parameters that a pipeline's action overrides, with their values in its JSON."""
    overrides = action.configuration("ParameterOverrides")
    text = overrides and (overrides.get("Fn::Sub", 0) or overrides.get("Fn::Sub") or overrides)
    if text is not None and isinstance(text.value, str):
        yield from parse.embedded(text, format="json").root.items()


def in_buildspec(root: Node) -> Iterator[Node]:
    """Yield the values in a buildspec whose keys are named like secrets, but where such a key only says which one."""
    for node in root.walk():
        if node.name not in {"parameter-store", "secrets-manager"}:
            for name, value in node.items():
                if isinstance(value.value, str | int | float):
                    yield from _values(name, value)


def in_text(document: Document, hidden: Container[str]) -> Iterator[Node]:
    """Yield the secrets of which no node is left: all of a file that did not parse, and values that a later key hid."""
    if document.broken:
        for match in _ASSIGNMENT.finditer(document.text):
            if match["name"] in hidden or secret_like(match["name"]):
                yield Node(document, (), match["value"], pinned=Region(*match.span("value")))
        return
    for problem in document.problems:
        for key in (problem.at, *(node for node, _ in problem.related)) if problem.code == "duplicate-key" else ():
            owner = key.path[-2] if key.name == "Default" and len(key.path) > 1 else key.name
            value = _VALUE.match(document.text, key.region.end)
            if value and (owner in hidden or secret_like(str(owner))):
                yield Node(document, (), value["value"], pinned=Region(*value.span("value")))


def _passed(link: StackLink) -> Iterator[tuple[str, Node]]:
    if link.parameters is not None:
        yield from link.parameters.items()


def _referenced(node: Node) -> Iterator[str]:
    """Yield the name of the parameter whose value is taken as it is, in each branch of an Fn::If."""
    for value in branches(node):
        reference = value.get("Ref")
        if reference is not None and isinstance(reference.value, str):
            yield reference.value


def _values(name: str, node: Node, hidden: Container[str] = ()) -> Iterator[Node]:
    """Yield the scalars at a node that may be a secret: of a hidden name any that is no dynamic reference."""
    if name not in hidden and not secret_like(name):
        return
    for value in branches(node):
        if isinstance(value.value, str):
            if not (_RESOLVED if name in hidden else _ELSEWHERE).match(value.value):
                yield value
        elif isinstance(value.value, int | float) and not isinstance(value.value, bool):
            yield value


def branches(node: Node) -> Iterator[Node]:
    """Yield a value, or those in the branches of an Fn::If, the elements of a list, what a Join or Sub is made of."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        branches, joined = node.get("Fn::If"), node.get("Fn::Join", 1) or node.get("Fn::Sub")
        children = list(branches.elements())[1:] if branches is not None else list(node.elements())
        children = [joined] if joined is not None else children
        waiting += reversed(children)
        if not children:
            yield node
