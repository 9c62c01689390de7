"""A spec of what a template makes with what it is deployed with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import yaml

from validator.cloudformation.schemas import schema
from validator.cloudformation.stacks import Stack, references, sole_reference
from validator.cloudformation.template import Resource
from validator.document import Node, Value
from validator.environment.forecast import foresee, properties, told
from validator.environment.matchers import OPERATORS
from validator.environment.references import escaped
from validator.environment.resources import row
from validator.environment.statements import read as read_policy
from validator.shape import is_function
from validator.values import NoValue, Unknown

_STACK = "AWS::CloudFormation::Stack"
_SETTLED = ["CREATE_COMPLETE", "UPDATE_COMPLETE"]
# Scripts that a machine starts with hold what is not to be shown.
_HIDDEN = frozenset({"UserData"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where the stack is deployed, for the spec's one target.

    Attributes:
        stack: The name of the root stack; without one the spec has no target.
    """

    target: str
    stack: str
    region: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left out, and why."""

    reason: str


_LATER = _Left("known only after deployment")


@dataclass(slots=True)
class _Writer:
    """Writes one tree; collects what it leaves out of a resource.

    Attributes:
        secret: Whether a name says that its value is a secret.
    """

    place: Place
    secret: Callable[[str], bool]
    left: list[str] = field(default_factory=list)

    def tree(self, stack: Stack) -> Iterator[tuple[list[str], dict[str, Value] | None]]:
        """Yield the checks of a stack and all below it, in the order of the templates, with the comments before them.

        A comment that no check follows stands with None.
        """
        for resource in stack.template.resources.values():
            path = "/".join((*stack.path, resource.logical_id))
            made = self._made(stack, resource)
            if made is None:
                yield [f"{path}: whether it is made depends on {resource.condition}, which is not decided"], None
                continue
            if not made:
                yield [], {"id": path.replace("/", "."), "resource": path, "absent": True}
                continue
            if resource.type == _STACK:
                below = stack.nested(resource.logical_id)
                if len(below) == 1:
                    yield from self.tree(below[0])
                else:
                    yield [f"{path}: its template is not known"], None
                continue
            self.left = []
            expected = self._resource(stack, resource)
            comments = [f"{path}: {line}" for line in self.left]
            if expected is None:
                yield comments, None
                continue
            check: dict[str, Value] = {"id": path.replace("/", "."), "resource": path, "type": resource.type}
            yield comments, check | ({"expect": expected} if expected else {})

    def _made(self, stack: Stack, resource: Resource) -> bool | None:
        """Say whether a resource comes to be; None if that is not decided."""
        if not resource.condition:
            return True
        truths = stack.scope.possible(resource.condition)
        return next(iter(truths)) if len(truths) == 1 else None

    def _resource(self, stack: Stack, resource: Resource) -> dict[str, Value] | None:
        """Give what is expected of a resource; None for one that cannot be read."""
        known, table = schema(resource.type), row(resource.type)
        if table is None:
            self.left.append(f"not checked, the table of types has no {resource.type or 'such type'}")
            return None
        found: dict[str, Value] = {}
        node = resource.property()
        if node is None:
            return found
        if _has_function(node):
            self.left.append("a function makes its properties")
            return found
        more = properties(stack, resource)
        for name, member in node.items():
            if known is not None and (name,) in known.write_only:
                self.left.append(f"{name} left out, it cannot be read back")
            elif name in _HIDDEN or self.secret(name):
                self.left.append(f"{name} left out, it may hold a secret")
            elif name not in table.properties:
                self.left.append(f"{name} left out, the table of types does not have it")
            else:
                value = self._value(stack, member, name)
                if isinstance(value, _Left):
                    if value.reason:
                        self.left.append(f"{name} left out, {value.reason}")
                else:
                    found[name] = self._matcher(name, value, more=more.get(name).more)
        return found

    def _matcher(self, name: str, value: Value, *, more: bool) -> Value:
        if isinstance(value, dict) and "Statement" in value and read_policy(value) is not None:
            return {"policy": value}
        if isinstance(value, list):
            listed = [_guarded(one) for one in value]
            return {"contains_all": listed} if more else listed
        if name.endswith("Version") and isinstance(value, str) and value.replace(".", "").isdecimal():
            return {"version": value}
        return _guarded(value)

    def _value(self, stack: Stack, node: Node, path: str) -> Value | _Left:
        """Write what will stand at a node: itself, or a reference to what only the stack knows."""
        parameters = stack.template.parameters
        if isinstance(node.value, dict) and is_function(node.value):
            hidden = any(parameters[name].no_echo for name in references(node) if name in parameters)
            return _Left("it is a secret") if hidden else self._made_by(stack, node, path)
        if isinstance(node.value, dict | list):
            return self._below(stack, node, path)
        return _plain(told(foresee(stack, node)))

    def _below(self, stack: Stack, node: Node, path: str) -> Value | _Left:
        """Write a mapping or a list; what of it cannot be known is left out."""
        if isinstance(node.value, dict):
            members = {}
            for name, member in node.items():
                inner = f"{path}.{name}"
                if self.secret(name):
                    self.left.append(f"{inner} left out, it may hold a secret")
                    continue
                value = self._value(stack, member, inner)
                if not isinstance(value, _Left):
                    members[name] = value
                elif value.reason:
                    self.left.append(f"{inner} left out, {value.reason}")
            return members or _Left("" if not node.value else "nothing of it is known before deployment")
        elements = [self._value(stack, element, f"{path}[{at}]") for at, element in enumerate(node.elements())]
        missing = next((one for one in elements if isinstance(one, _Left) and one.reason), None)
        if missing is not None:
            return missing
        return [one for one in elements if not isinstance(one, _Left)]

    def _made_by(self, stack: Stack, node: Node, path: str) -> Value | _Left:
        """Write what a function makes."""
        seen = foresee(stack, node)
        if isinstance(seen.value, NoValue):
            return _Left("")
        known = told(seen)
        if not isinstance(known, Unknown):
            return _plain(known)
        if seen.at != node:
            return self._value(seen.stack, seen.at, path)
        if name := sole_reference(node):
            if name in stack.template.resources:
                return f"${{resource:{'/'.join((*stack.path, name))}}}"
            if stack.above is not None and name in stack.given:
                return self._value(stack.above, stack.given[name].node, path)
            if name == "AWS::Region" and self.place.region:
                return "${target.region}"
            if name == "AWS::AccountId" and self.place.account:
                return "${target.account}"
        attribute = node.get("Fn::GetAtt")
        return self._output(stack, attribute, path) if attribute is not None else _LATER

    def _output(self, stack: Stack, attribute: Node, path: str) -> Value | _Left:
        """Write what an output of a nested stack gives."""
        parts = attribute.value if isinstance(attribute.value, list) else str(attribute.value).split(".", 1)
        logical_id, _, name = ".".join(map(str, parts)).partition(".")
        below = stack.nested(logical_id)
        section, _, output = name.partition(".")
        if section != "Outputs" or len(below) != 1 or output not in below[0].template.outputs:
            return _LATER
        value = below[0].template.outputs[output].get("Value")
        found = self._value(below[0], value, path) if value is not None else _LATER
        return f"${{output:{'/'.join((*below[0].path, output))}}}" if found is _LATER else found


def generated(root: Stack, place: Place, secret: Callable[[str], bool]) -> str:
    """Write a spec of all that a stack and those below it will be.

    Args:
        root: The stack, with what it is deployed with.
        place: Where it is deployed.
        secret: Whether the name of a property says that its value is a secret.
    """
    writer = _Writer(place, secret)
    source = root.template.path + (f" with {root.file.file.document.path}" if root.file is not None else "")
    lines = [f"# Generated by `stackproof spec generate` from {source}.", "envspec: 1"]
    if place.stack:
        target = {"account": place.account, "region": place.region, "stack": place.stack}
        lines += _yaml({"targets": {place.target: {name: text for name, text in target.items() if text}}})
    checks: list[tuple[list[str], dict[str, Value] | None]] = [
        ([], {"id": "stack", "stack": ".", "expect": {"StackStatus": {"in": list(_SETTLED)}}}),
        *writer.tree(root),
    ]
    for name, output in root.template.outputs.items():
        if output.get("Condition") is None:
            checks.append(([], {"id": f"output.{name}", "output": name, "expect": {"exists": True}}))
    lines.append("checks:")
    for comments, check in checks:
        lines += [f"# {comment}" for comment in comments]
        lines += _yaml([check]) if check is not None else []
    return "\n".join(lines) + "\n"


def _yaml(value: Value) -> list[str]:
    text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return text.rstrip("\n").split("\n")


class _Dumper(yaml.SafeDumper):
    """Writes each value where it is used, and not by an alias."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  # of its base
        return True


def _has_function(node: Node) -> bool:
    """Whether a function makes a mapping as a whole."""
    return not isinstance(node.value, dict) or is_function(node.value)


def _plain(value: Value | Unknown) -> Value | _Left:
    if isinstance(value, Unknown):
        return _Left(value.reason)
    return _escaped(value)


def _escaped(value: Value) -> Value:
    """Write all texts so that nothing in them is a reference."""
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, dict):
        return {name: _escaped(member) for name, member in value.items()}
    return [_escaped(element) for element in value] if isinstance(value, list) else value


def _guarded(value: Value) -> Value:
    """Write a mapping so that the names of its members are not read as operators."""
    if isinstance(value, dict) and value:
        if OPERATORS.issuperset(value):
            return {"equals": value}
        return {name: _guarded(member) for name, member in value.items()}
    return [_guarded(element) for element in value] if isinstance(value, list) else value
