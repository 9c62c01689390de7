"""What a secret looks like, and which scalars hold secrets, so that no output shows them."""

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from validator import parse
from validator.buildspec import Buildspec, credentials
from validator.buildspec.flow import Assigned
from validator.buildspec.shell import Part
from validator.cloudformation.parameters import ParameterFile
from validator.cloudformation.pipeline import PipelineAction
from validator.cloudformation.template import Template
from validator.cloudformation.tree import StackLink
from validator.document import Document, Node, Region, Value
from validator.environment import EnvironmentSpec, read
from validator.environment.matchers import literals

_NAME = re.compile(
    r"pas+(w?o?r?d|phrase)?$|pwd$|secret(?!.*(name|arn|id)$)|token$|api_?key$|(private|access)_?key$|credentials?$",
    re.IGNORECASE,
)
_USER = re.compile(r"(user|login|e_?mail|admin)$", re.IGNORECASE)
_IDENTIFIER = re.compile(r"([a-z0-9_](Name|Id|ID|Arn|ARN|Url|URL|Region)|(?i:(^|_)(name|id|arn|url|region)|username))$")
# Values that only say where a secret is: references, paths, URLs, ARNs.
_RESOLVED = re.compile(r"\{\{resolve:|(?:\$\{[^}]*\})*\Z")
_ELSEWHERE = re.compile(r"\{\{resolve:|\$|/|\.{1,2}/|~/|https?://|arn:|\Z")

_SCALARS = (str, int, float)

# What a script replaces before the deployment, and words that say that there is none.
_PLACEHOLDER = re.compile(
    r"<.*>|\$\{.*\}|\$\(.*\)|\$\w+|\{\{.*\}\}|__.*__|@.*@|%.*%|(.)\1*|.*(placeholder|replace|change_?(me|it)).*|todo|tbd"
    r"|none|null|n/?a|true|false|yes|no",
    re.IGNORECASE | re.DOTALL,
)

# Names whose values are secrets, whatever stands behind: of variables, where many a name only has the word in it.
_VARIABLE = re.compile(
    r"(?:pass(?:w(?:or)?d|phrase)?|pwd|secret|token|(?:api|private|secret|access|signing|encryption)_?key)\Z",
    re.IGNORECASE,
)
_FOLDER = re.compile(r"(?:\A|_)(?:OLD)?PWD\Z")
_SHORTEST = 6
# Passwords of databases that live as long as the build, and what examples have.
_THROWN_AWAY = re.compile(
    r"(?:test|dummy|fake|mock|example|sample|local|dev|ci|foo|bar|secret|password|passw0rd|admin|root|guest|user|postgres"
    r"|mysql|maria|mongo|redis|rabbit|oracle|minio|default|required|ignored?|unused|skip|always|never|auto)"
    r"(?:[-_]?(?:test|dummy|fake|password|passw0rd|pass|pwd|secret|token|key|user|admin|value|db|\d{1,6})){0,4}",
    re.IGNORECASE,
)
# The name of a secret or of a file rather than a secret: words of letters, joined; the file of a key.
_OF_A_THING = re.compile(
    r"[A-Za-z]+(?:[-_.:/][A-Za-z]+)+|[\w.-]+\.(?:json|ya?ml|txt|pem|key|crt|env|p12|jks|asc|gpg|sh|py)"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)(?:\.pub)?|[\w.-]+(?:/[\w.-]+)+(?::[\w:-]*)?|[A-Z]\w*(?:Password|Secret|Token|Key)"
)
_AWS_SECRET = re.compile(r"[A-Za-z0-9/+]{40}")
_WITHIN = re.compile(r"[A-Za-z0-9_-]")

# Of a path in a spec.
_LAST_NAME = re.compile(r"[A-Za-z_][\w-]*(?=[^A-Za-z_]*\Z)")

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


class Token(NamedTuple):
    """A text of the form that somebody gives to secrets.

    Attributes:
        name: What it is: `a token of GitHub`.
        certain: Whether whatever has this form is a secret; else some are public, or soon worth nothing.
    """

    name: str
    start: int
    end: int
    certain: bool


def tokens(text: str) -> Iterator[Token]:
    """Find the secrets in a text that are known by their form, form by form."""
    for begins, rest, name, certain in _formats():
        done = 0
        while (start := text.find(begins, done)) >= 0:
            done = start + len(begins)
            # Within a longer word it is chance; a private key begins with what is no part of one.
            if begins[0] == "-" or not _WITHIN.match(text, max(start - 1, 0), start):
                found = rest.match(text, done)
                if found is not None:
                    done = found.end()
                    yield Token(name, start, done, certain)


def is_example(token: str) -> bool:
    """Whether a text of the form of a secret is nobody's: few letters, over and over, or one of a documentation."""
    plain = token.lower()
    told = "example" in plain or "123456789" in plain or "abcdefghi" in plain
    return told or 3 * len(set(plain)) < min(len(plain), 30)


def secret_value(name: str, value: str) -> bool:
    """Whether a variable is a secret by its name and by its looks: no path, no name of a thing, no throw-away word."""
    plain = name.replace("-", "_")
    if secret_key(name, value):
        return True
    if not _VARIABLE.search(plain) or _FOLDER.search(plain) or not in_clear(value):
        return False
    if len(value) < _SHORTEST or "$" in value or any(letter.isspace() for letter in value):
        return False
    return not (_THROWN_AWAY.fullmatch(value) or _OF_A_THING.fullmatch(value) or is_example(value))


def secret_key(name: str, value: str) -> bool:
    """Whether a variable is a secret access key of AWS, which may look like a path."""
    return name.upper().endswith("SECRET_ACCESS_KEY") and bool(_AWS_SECRET.fullmatch(value)) and not is_example(value)


@cache
def _formats() -> tuple[tuple[str, re.Pattern[str], str, bool], ...]:
    data = json.loads((files("validator.buildspec") / "data" / "secret_formats.json").read_text(encoding="utf-8"))
    return tuple(
        (begins, re.compile(f"(?:{one['pattern']})(?![A-Za-z0-9])"), one["name"], one["certain"])
        for one in data["formats"]
        for begins in one["begins"]
    )


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
    for node, members in resources.mappings() if resources is not None else ():
        for name, value in members.items():
            if isinstance(value, _SCALARS) and secret_like(name) and (at := node.get(name)) is not None:
                yield from _values(name, at)
        # Variables of builds and containers, parameters of stack sets.
        for key, value_key in (("Name", "Value"), ("ParameterKey", "ParameterValue")):
            owner = members.get(key)
            if isinstance(owner, str) and (given := node.get(value_key)) is not None:
                yield from _values(owner, given, hidden if key == "ParameterKey" else ())


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


def in_spec(spec: EnvironmentSpec) -> Iterator[tuple[str, Node, bool]]:
    """Yield the secrets that a spec of an environment expects by value, each with the path of what must have it.

    Last stands whether the spec itself says that it is one; else only the name does.
    """
    found = read(spec)[0]
    checks = [each for one in found.checks for each in (one, one.also) if each is not None]
    for expected in (expected for one in checks for expected in one.expected):
        for path, at in literals(expected.matcher, expected.path):
            named = any(fnmatchcase(path, glob) for glob in found.sensitive)
            last = _LAST_NAME.search(path)
            if named or (last is not None and secret_like(last[0])):
                yield from ((path, node, named) for node in at.walk() if in_clear(node.value))


def overridden(action: PipelineAction) -> Iterator[tuple[str, Node]]:
    """Yield the parameters that a pipeline's action overrides, with their values in its JSON."""
    overrides = action.configuration("ParameterOverrides")
    text = overrides and (overrides.get("Fn::Sub", 0) or overrides.get("Fn::Sub") or overrides)
    if text is not None and isinstance(text.value, str):
        yield from parse.embedded(text, format="json").root.items()


def in_buildspec(buildspec: Buildspec) -> Iterator[Node]:
    """Yield the secrets in a buildspec.

    They are the values whose keys are named like secrets, but where such a key only says which one; what commands set
    variables of such names to, and give to programs as passwords; and all that is known by its form.
    """
    for node in buildspec.node.walk():
        if node.name not in {"parameter-store", "secrets-manager"}:
            for name, value in node.items():
                if isinstance(value.value, str | int | float):
                    yield from _values(name, value)
        if isinstance(node.value, str):
            yield from (part(node, token.start, token.end) for token in tokens(node.value))
    for name, node in written(buildspec):
        text = str(node.value)
        if not name or (secret_like(name) and (secret_key(name, text) or not _ELSEWHERE.match(text))):
            yield node


def part(node: Node, start: int, end: int) -> Node:
    """Give a part of a text as a node of its own; it stands where all of the text does if nobody can tell."""
    assert isinstance(node.value, str)
    characters = node.characters
    known = len(characters) >= end
    region = Region(characters[start].start, characters[end - 1].end) if known else node.region
    return Node(node.document, node.path, node.value[start:end], pinned=region)


def written(buildspec: Buildspec) -> Iterator[tuple[str, Node]]:
    """Yield what commands write out and set variables to, by name, and what they give as passwords, without one."""
    for assigned in buildspec.flow.assigned:
        statement = assigned.part.parent
        value = statement.field("value") if statement is not None and statement.kind == "variable_assignment" else None
        if value is not None:
            yield from ((assigned.name, node) for node in _literal(value, value.start, value.end))
    for call in buildspec.flow.calls:
        for found in credentials.given(call):
            yield from (("", node) for node in _literal(found.part, found.start, found.end))
        if call.program in _CONTAINERS:
            for (option, *_), place in zip(call.words, call.parts[1:], strict=False):
                name, equals, _ = place.text.partition("=")
                if option in _SETTING and equals:
                    quoted = name[:1] in {'"', "'"}
                    for node in _literal(place, place.start + len(name) + 1, place.end - quoted):
                        yield name[quoted:], node


_CONTAINERS = frozenset({"docker", "podman", "nerdctl", "buildah"})
_SETTING = frozenset({"-e", "--env", "--build-arg"})


def _literal(word: Part, start: int, end: int) -> Iterator[Node]:
    """Yield a part of a word if the shell puts nothing into it, without its quotes."""
    text = word.script.text
    if any(one.kind in _PUT_IN and one.end > start for one in word.walk()):
        return
    while end - start > 1 and text[start] in "\"'" and text[end - 1] == text[start]:
        start, end = start + 1, end - 1
    if end > start:
        node = word.script.at(start, end)
        yield Node(node.document, node.path, text[start:end], pinned=node.region)


_PUT_IN = frozenset({"simple_expansion", "expansion", "command_substitution", "arithmetic_expansion"})


# --- variables of a build that hold secrets ------------------------------------------------------------------------


class Held(NamedTuple):
    """A variable of a build that holds a secret.

    Attributes:
        node: Where it is said.
        masked: Whether CodeBuild writes `***` for its value in the log.
        whole: Whether it may be a whole document of secrets, with the one that is meant inside.
        lasting: Whether the secret is good until somebody changes it.
    """

    name: str
    node: Node
    masked: bool
    whole: bool
    lasting: bool


def held(buildspec: Buildspec) -> Mapping[str, Held]:
    """Give the variables that hold secrets: those of `env` that are named so, and those that commands fetch.

    CodeBuild hides what it fetched itself, word for word; of what commands fetch it knows nothing.
    """
    found: dict[str, Held] = {}
    for variable in buildspec.variables():
        value = variable.node.value
        if variable.source != "plaintext" and isinstance(value, str):
            key = value.rpartition("/")[2]
            json_key = ""
            if variable.source == "secrets-manager":
                parts = value.split(":")[6:] if value.startswith("arn:") else value.split(":")
                json_key = parts[1] if len(parts) > 1 else ""
                key = json_key
            whole = variable.source == "secrets-manager" and not json_key
            if whole or secret_like(variable.name) or secret_like(key):
                found[variable.name] = Held(variable.name, variable.node, masked=True, whole=whole, lasting=True)
    calls = {call.part: call for call in buildspec.flow.calls}
    for assigned in buildspec.flow.assigned:
        taken = credentials.source(assigned, calls)
        if taken is not None and (taken[1] or secret_like(assigned.name)):
            answer, plain = taken
            found[assigned.name] = Held(assigned.name, assigned.part.node, False, plain, answer.lasting)
        elif assigned.name in found and not _same(assigned):
            del found[assigned.name]
    return found


def _same(assigned: Assigned) -> bool:
    """Whether a variable is set to what it is: `export TOKEN=$TOKEN`."""
    statement = assigned.part.parent
    value = statement.field("value") if statement is not None else None
    return value is not None and value.text.strip("\"'") in {f"${assigned.name}", f"${{{assigned.name}}}"}


def in_text(document: Document, hidden: Container[str]) -> Iterator[Node]:
    """Yield the secrets that are known by their form, and those of which no node is left.

    Of a file that did not parse no node is left, nor of a value that a later key hid.
    """
    for token in tokens(document.text):
        region = Region(token.start, token.end)
        yield Node(document, (), document.text[token.start : token.end], pinned=region)
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
            if secret_key(name, value.value) or not (_RESOLVED if name in hidden else _ELSEWHERE).match(value.value):
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
