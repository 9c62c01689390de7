"""A spec of what a template makes with what it is deployed with."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from validator.cloudformation.constraints import facts
from validator.cloudformation.schemas import schema
from validator.cloudformation.stacks import Stack, references, root_of, sole_reference
from validator.cloudformation.template import Resource
from validator.document import Node, Value
from validator.environment.expressions import typed
from validator.environment.forecast import foresee, properties, told
from validator.environment.matchers import OPERATORS
from validator.environment.references import escaped
from validator.environment.resources import PART, Row, row
from validator.environment.shapes import Shape, operation
from validator.environment.statements import read as read_policy
from validator.environment.yaml_lines import yaml_lines
from validator.iam.regions import partition_of
from validator.shape import is_function
from validator.values import Cases, NoValue, Unknown, constant

_STACK = "AWS::CloudFormation::Stack"
_SETTLED = ["CREATE_COMPLETE", "UPDATE_COMPLETE"]
# Scripts that a machine starts with hold what is not to be shown.
_HIDDEN = frozenset({"UserData"})
# Keys of KMS are given by an id, an alias or an ARN, and shown by the one that the service likes.
_KEY = re.compile(r"kms.*key(?:id|arn)?$|^keyid$", re.IGNORECASE)


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
_SHOWN = _Left("which of its names the key is shown by is not known")


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
        become = properties(stack, resource)
        for name, member in node.items():
            is_read = name in table.properties
            if not is_read and known is not None and (name,) in known.write_only:
                self.left.append(f"{name} left out, it cannot be read back")
            elif self._is_hidden(name):
                self.left.append(f"{name} left out, it may hold a secret")
            elif not is_read:
                self.left.append(f"{name} left out, the table of types does not have it")
            elif isinstance(become.get(name).value, Unknown) and not isinstance(foresee(stack, member).value, Unknown):
                self.left.append(f"{name} left out, it changes after deployment")
            else:
                before = len(self.left)
                value = self._value(stack, member, name)
                if isinstance(value, _Left):
                    if value.reason:
                        self.left.append(f"{name} left out, {value.reason}")
                elif _is_policy(value) and len(self.left) > before:
                    # A policy with a part less is another policy.
                    self.left[before:] = [f"{name} left out, a part of the policy is not known before deployment"]
                elif name in table.small and isinstance(value, str):
                    found[name] = value if "${" in value else value.lower()
                else:
                    shape = _shape(table, name)
                    read = self._readable(value, shape, name)
                    if read or not value:
                        found[name] = self._matcher(shape, name, read, more=become.get(name).more)
        return found

    def _readable(self, value: Value, shape: Shape, path: str) -> Value:
        """Leave out the members of a value that the answer has no place for."""
        if isinstance(value, dict) and shape.kind == "structure":
            lacking = [name for name in value if name not in shape.members]
            self.left += [f"{path}.{name} left out, the table of types does not have it" for name in lacking]
            members = {name: member for name, member in value.items() if name in shape.members}
            return {name: self._readable(one, shape.members[name], f"{path}.{name}") for name, one in members.items()}
        if isinstance(value, list) and shape.find_element is not None:
            element = shape.find_element()
            return [self._readable(one, element, f"{path}[{at}]") for at, one in enumerate(value)]
        return value

    def _is_hidden(self, name: str) -> bool:
        return name in _HIDDEN or self.secret(name)

    def _matcher(self, shape: Shape, name: str, value: Value, *, more: bool) -> Value:
        if _is_policy(value):
            return {"policy": value}
        if isinstance(value, dict) and shape.kind == "string":
            return {"json": _guarded(value)}
        if isinstance(value, list):
            listed = [_guarded(one) for one in value]
            return {"contains_all": listed} if more else listed
        if name.endswith("Version") and isinstance(value, str) and value.replace(".", "").isdecimal():
            return {"version": value}
        return _guarded(value)

    def _value(self, stack: Stack, node: Node, path: str) -> Value | _Left:
        """Write what will stand at a node: itself, or a reference to what only the stack knows."""
        parameters = stack.template.parameters
        if _KEY.search(path.rpartition(".")[2]) and not str(told(foresee(stack, node))).startswith("arn:"):
            return _SHOWN
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
                if self._is_hidden(name):
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
        name = sole_reference(node)
        if name == "AWS::Region" and self.place.region:
            return "${target.region}"
        if name == "AWS::AccountId" and self.place.account:
            return "${target.account}"
        known = told(seen)
        if not isinstance(known, Unknown):
            return _plain(known)
        if seen.at != node:
            return self._value(seen.stack, seen.at, path)
        if name:
            if name in stack.template.resources:
                return f"${{resource:{'/'.join((*stack.path, name))}}}"
            if stack.above is not None and name in stack.given:
                return self._value(stack.above, stack.given[name].node, path)
        attribute = node.get("Fn::GetAtt")
        return self._attribute(stack, attribute, path) if attribute is not None else _LATER

    def _attribute(self, stack: Stack, attribute: Node, path: str) -> Value | _Left:
        """Write what an attribute gives: the id of a resource, or an output of a nested stack."""
        logical_id, name = _parts(attribute)
        resource = stack.template.resources.get(logical_id)
        if resource is not None and _is_id(resource, name):
            return f"${{resource:{'/'.join((*stack.path, logical_id))}}}"
        for output, node in stack.template.outputs.items():
            given = node.get("Value")
            if node.get("Condition") is None and given is not None and _attribute_of(given) == (logical_id, name):
                return f"${{output:{'/'.join((*stack.path, output))}}}"
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
    root = root_of(root.template, root.links, root.file, {**root.choice, **_known(root, place)})
    writer = _Writer(place, secret)
    source = root.template.path + (f" with {root.file.file.document.path}" if root.file is not None else "")
    lines = [f"# Generated by `stackproof spec generate` from {source}.", "envspec: 1"]
    if place.stack:
        target = {"account": place.account, "region": place.region, "stack": place.stack}
        lines += yaml_lines({"targets": {place.target: {name: text for name, text in target.items() if text}}})
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
        lines += yaml_lines([check]) if check is not None else []
    return "\n".join(lines) + "\n"


def _known(root: Stack, place: Place) -> Mapping[str, Cases]:
    """Give what only a stack knows, as far as its place says it."""
    found = {
        "AWS::Region": place.region,
        "AWS::Partition": (partition_of(place.region) or "") if place.region else "",
        "AWS::AccountId": place.account,
        # A nested stack has a name of its own.
        "AWS::StackName": place.stack if not root.below else "",
    }
    return {name: constant(text) for name, text in found.items() if text}


def _parts(attribute: Node) -> tuple[str, str]:
    """Split the argument of a GetAtt into logical id and attribute."""
    parts = attribute.value if isinstance(attribute.value, list) else [attribute.value]
    logical_id, _, name = ".".join(map(str, parts)).partition(".")
    return logical_id, name


def _attribute_of(node: Node) -> tuple[str, str] | None:
    """Give the attribute that an expression is nothing but; None for any other."""
    attribute = node.get("Fn::GetAtt")
    return _parts(attribute) if attribute is not None else None


def _is_policy(value: Value) -> bool:
    return isinstance(value, dict) and "Statement" in value and read_policy(value) is not None


def _shape(table: Row, name: str) -> Shape:
    """Give the shape that a property is read in."""
    read = next(one for one in table.reads if name in one.properties)
    model = operation(read.service, read.operation)
    if model is None or PART.fullmatch(read.properties[name]):
        return Shape("any")
    shape = typed(read.select.replace("{id}", "'x'"), model.output).shape if read.select else model.output
    return typed(read.properties[name], shape).shape


def _is_id(resource: Resource, attribute: str) -> bool:
    """Whether an attribute of a resource is its physical id."""
    kind = facts()["references"].get(resource.type)
    # The id of a group without a VPC may be its name.
    by_name = resource.type == "AWS::EC2::SecurityGroup" and resource.property("VpcId") is None
    return kind is not None and not by_name and facts()["attributes"].get(resource.type, {}).get(attribute) == kind


def _has_function(node: Node) -> bool:
    """Whether a function makes a mapping as a whole."""
    return not isinstance(node.value, dict) or is_function(node.value)


def _plain(value: Value | Unknown) -> Value | _Left:
    if isinstance(value, Unknown):
        return _Left(value.reason)
    return escaped(value)


def _guarded(value: Value) -> Value:
    """Write a mapping so that the names of its members are not read as operators."""
    if isinstance(value, dict) and value:
        if OPERATORS.issuperset(value):
            return {"equals": value}
        return {name: _guarded(member) for name, member in value.items()}
    return [_guarded(element) for element in value] if isinstance(value, list) else value
