"""The evaluator of intrinsic functions in one template."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from validator.document import Node
from validator.values.cases import (
    MAX_CASES,
    MAX_TEXT,
    Abstract,
    Assumption,
    Case,
    Cases,
    NoValue,
    Unknown,
    all_of,
    apply,
    as_list,
    as_mapping,
    choices,
    combine,
    concatenate,
    constant,
    entry,
    equal,
    limit,
    list_of,
    position_of,
    present,
    select,
    static,
    string_of,
    text_of,
    under,
    unknown,
    unknown_of,
)
from validator.values.references import reference

# A list of allowed values as short as this says what a template is made for; a longer one lists regions or sizes.
_FEW = 8
# What a resource's ARN has in common with its stack.
_OWN = {"partition": "AWS::Partition", "region": "AWS::Region", "account": "AWS::AccountId"}
_REFERENCE = re.compile(r"\$\{(!?)([^{}]*)\}")


class Scope:
    """One template with what is known of its parameters: evaluates any expression in it.

    Attributes:
        template: The template's root node.
    """

    def __init__(
        self,
        template: Node,
        parameters: Mapping[str, Cases] | None = None,
        pseudo: Mapping[str, Cases] | None = None,
        *,
        defaults: bool = True,
        decide: bool = True,
        conditions: "Scope | None" = None,
        label: str = "",
        truths: dict[str, Cases] | None = None,
    ) -> None:
        """Take a template and its surroundings.

        Args:
            template: The template's root node.
            parameters: Values given by a caller or a parameter file, by name. What they assume must be about this
                template: the names of another's conditions would be taken for its own.
            pseudo: Values of pseudo parameters, by name: `AWS::Region` …; those not given are unknown.
            defaults: Whether a parameter that is not given has its Default; else it can be anything that is allowed.
            decide: Whether Defaults decide anything; else a parameter that is allowed a few values is one of these,
                conditions are decided by given values only, and Defaults merely stand in for what nobody knows.
            conditions: What decides conditions; this scope itself, if it decides anything.
            label: Put before the names in assumptions, to tell those of several templates apart.
            truths: What conditions came to in a scope with the same values for all that conditions name; what is
                found out here is added.
        """
        self.template = template
        self.label = label
        self._given = dict(parameters or {})
        self._pseudo = dict(pseudo or {})
        self._defaults = defaults
        self._stand_in = not decide
        if conditions is None and not decide:
            conditions = Scope(template, parameters, pseudo, defaults=False, label=label, truths=truths)
        self._undecided = conditions
        self._truths: dict[str, Cases] = truths if truths is not None else {}
        self._parameters: dict[str, Cases] = {}

    @property
    def conditions(self) -> "Scope":
        """What decides conditions: only by what is given, if Defaults are not to decide anything."""
        return self._undecided or self

    # --- names -----------------------------------------------------------------------------------------------------

    def parameter(self, name: str) -> Cases:
        """Say what a declared parameter can be: what is given, or its Default, or one of AllowedValues."""
        if name not in self._parameters:
            self._parameters[name] = self._parameter(name)
        return self._parameters[name]

    def _parameter(self, name: str) -> Cases:
        declared = self.template.get("Parameters", name)
        if declared is None:
            return unknown(f"{name} is no parameter of this template")
        type_name = declared.get("Type")
        kind = type_name.value if type_name is not None and isinstance(type_name.value, str) else "String"
        if kind.startswith("AWS::SSM::Parameter::Value"):
            return unknown(f"parameter {name} is read from SSM at deployment")
        plural = kind == "CommaDelimitedList" or kind.startswith("List<")
        found: list[Case] = []
        for case in self._given.get(name, (Case(NoValue()),)):
            # A caller that passes AWS::NoValue passes nothing.
            absent = isinstance(case.value, NoValue)
            found += under(self._declared(name, declared, plural=plural), case.when) if absent else [case]
        return limit(Case(list_of(case.value) if plural else string_of(case.value), case.when) for case in found)

    def _declared(self, name: str, declared: Node, *, plural: bool) -> Cases:
        """Say what a parameter can be that nobody gives a value."""
        default = declared.get("Default") if self._defaults else None
        # What is allowed for a list is allowed for each element.
        allowed = declared.get("AllowedValues") if not plural else None
        texts = dict.fromkeys(text_of(element.value) for element in allowed.elements()) if allowed is not None else {}
        most = MAX_CASES if default is None else _FEW if self._stand_in else 0
        if None not in texts and 0 < len(texts) <= most:
            return tuple(
                Case(text, frozenset({Assumption("parameter", self.label + name, str(text))})) for text in texts
            )
        if default is not None and text_of(default.value) is not None:
            return constant(default.value)
        return unknown(f"no value is given for parameter {name}")

    def condition(self, name: str) -> Cases:
        """Say what a named condition can be; where it cannot be decided, both truths under that assumption."""
        if self._undecided is not None:
            return self._undecided.condition(name)
        # One by one, after those that it is made of: a chain of conditions may be longer than calls may be deep.
        waiting, opened = [name], set[str]()
        while waiting:
            current = waiting.pop()
            if current in self._truths:
                continue
            definition = self.template.get("Conditions", current)
            needed = [other for other in conditions_in(definition) if other not in self._truths]
            if needed and current not in opened:
                opened.add(current)
                waiting += [current, *needed]
            else:
                # What is still needed by now, needs this one itself.
                self._truths[current] = self._decided(current, definition if not needed else None)
        return self._truths[name]

    def _decided(self, name: str, definition: Node | None) -> Cases:
        cases = self._truth(definition) if definition is not None else ()
        if cases and all(isinstance(case.value, bool) for case in cases):
            return cases
        return tuple(
            Case(truth, frozenset({Assumption("condition", self.label + name, truth)})) for truth in (True, False)
        )

    def possible(self, name: str) -> frozenset[bool]:
        """Give the truths that a named condition can have."""
        return frozenset(bool(case.value) for case in self.condition(name))

    # --- expressions -----------------------------------------------------------------------------------------------

    def evaluate(self, node: Node) -> Cases:
        """Say what the value at a node can be, intrinsic functions followed.

        Never raises, and takes little time, whatever stands there: what is malformed is unknown.
        """
        value = node.value
        if isinstance(value, dict):
            if len(value) == 1:
                [(name, argument)] = node.items()
                if name in _FUNCTIONS:
                    return _FUNCTIONS[name](self, argument)
                if name.startswith("Fn::"):
                    return unknown(f"{name} is known at deployment only")
            names = list(value)
            return combine([self.evaluate(child) for _, child in node.items()], lambda found: as_mapping(names, found))
        if isinstance(value, list):
            return combine([self.evaluate(child) for child in node.elements()], as_list)
        return (Case(static(value)),)

    def _ref(self, argument: Node) -> Cases:
        return self._named(argument.value) if isinstance(argument.value, str) else unknown("Ref without a name")

    def _named(self, name: str) -> Cases:
        if name == "AWS::NoValue":
            return (Case(NoValue()),)
        if name in self._pseudo:
            return self._pseudo[name]
        if name.startswith("AWS::"):
            return unknown(f"{name} is known in a stack only")
        if self.template.get("Parameters", name) is not None:
            return self.parameter(name)
        return self._resource(name, "Ref", f"what {name} becomes is known after deployment")

    def _get_att(self, argument: Node) -> Cases:
        parts = argument.value if isinstance(argument.value, list) else [argument.value]
        return self._attribute(".".join(part for part in parts if isinstance(part, str)))

    def _attribute(self, name: str) -> Cases:
        logical_id, _, attribute = name.partition(".")
        return self._resource(logical_id, attribute, f"attribute {name} is known after deployment")

    def _resource(self, logical_id: str, attribute: str, reason: str) -> Cases:
        """Say what a reference to a resource becomes: mostly an ARN of the stack's own region, but for a name."""
        kind = self.template.get("Resources", logical_id, "Type")
        later = unknown(reason)
        found = [
            (self._named(_OWN[text]) if text in _OWN else later) if place % 2 else constant(text)
            for place, text in enumerate(reference(kind.value if kind is not None else None, attribute))
        ]
        return combine(found, lambda values: concatenate(values, "")) if found else later

    def _sub(self, argument: Node) -> Cases:
        template = argument.get(0) if isinstance(argument.value, list) else argument
        if template is None or not isinstance(template.value, str):
            return unknown("Fn::Sub without a string")
        local = argument.get(1)
        known: dict[str, Cases] = {}
        pieces: list[Cases] = []
        end = 0
        for match in _REFERENCE.finditer(template.value):
            escaped, name = match.groups()
            pieces.append(constant(template.value[end : match.start()] + ("${" + name + "}" if escaped else "")))
            end = match.end()
            if not escaped:
                name = name.strip()
                if name not in known:
                    known[name] = self._reference(name, local)
                pieces.append(known[name])
        pieces.append(constant(template.value[end:]))
        return combine(pieces, lambda values: concatenate(values, ""))

    def _reference(self, name: str, local: Node | None) -> Cases:
        if local is not None and (given := local.get(name)) is not None:
            return self.evaluate(given)
        return self._named(name) if "." not in name else self._attribute(name)

    def _join(self, argument: Node) -> Cases:
        separator, parts = argument.get(0), argument.get(1)
        if separator is None or parts is None or not isinstance(separator.value, str):
            return unknown("Fn::Join without a separator and a list")
        delimiter = separator.value
        if isinstance(parts.value, list):
            # Elements are taken one by one, so that an unknown one does not spoil those that are known.
            elements = [self.evaluate(part) for part in parts.elements()]
            return combine(elements, lambda values: concatenate(present(values), delimiter))
        return apply(
            self.evaluate(parts),
            lambda found: concatenate(found, delimiter) if isinstance(found, list) else unknown_of(found),
        )

    def _split(self, argument: Node) -> Cases:
        separator, text = argument.get(0), argument.get(1)
        if separator is None or text is None or not isinstance(separator.value, str) or not separator.value:
            return unknown("Fn::Split without a separator and a string")
        delimiter = separator.value
        return apply(
            self.evaluate(text),
            lambda found: as_list(found.split(delimiter)) if isinstance(found, str) else unknown_of(found),
        )

    def _select(self, argument: Node) -> Cases:
        index, elements = argument.get(0), argument.get(1)
        if index is None or elements is None:
            return unknown("Fn::Select without an index and a list")
        if not isinstance(elements.value, list):
            return combine([self.evaluate(index), self.evaluate(elements)], select)
        # Elements are taken one by one, so that an unknown neighbour does not spoil a known one.
        each = [self.evaluate(element) for element in elements.elements()]
        holes = [any(isinstance(case.value, NoValue) for case in cases) for cases in each]
        found: list[Case] = []
        for case in self.evaluate(index):
            position = position_of(case.value)
            if position is None or position >= len(each) or any(holes[: position + 1]):
                found.append(Case(Unknown("what Fn::Select selects is unknown"), case.when))
            else:
                found += under(each[position], case.when)
        return limit(found)

    def _if(self, argument: Node) -> Cases:
        name, then, other = argument.get(0), argument.get(1), argument.get(2)
        if name is None or then is None or other is None or not isinstance(name.value, str):
            return unknown("Fn::If without a condition's name and two values")
        branches = {True: self.evaluate(then), False: self.evaluate(other)}
        truths = self.condition(name.value)
        return limit(case for truth in truths for case in under(branches[truth.value is True], truth.when))

    def _find_in_map(self, argument: Node) -> Cases:
        names = [name for index in range(3) if (name := argument.get(index)) is not None]
        mappings = self.template.get("Mappings")
        if mappings is None or len(names) < 3:
            return unknown("Fn::FindInMap without a mapping and two keys")
        otherwise = argument.get(3, "DefaultValue")
        default = self.evaluate(otherwise) if otherwise is not None else ()
        found: list[Case] = []
        for keys, facts in choices([self.evaluate(name) for name in names]):
            when = frozenset(facts.values())
            rows: Iterable[Node] = [mappings]
            for key in keys:
                rows = _entries(rows, key)
            entries = [Case(entry(row.value), when) for row in islice(rows, MAX_CASES + 1)]
            found += entries
            # A key that is not known can be none of those that the mapping has.
            if not entries or any(text_of(key) is None for key in keys):
                found += under(default, when)
        return limit(found)

    def _base64(self, argument: Node) -> Cases:
        return apply(
            self.evaluate(argument),
            lambda found: (
                b64encode(found.encode(errors="replace")).decode()
                if isinstance(found, str) and len(found) <= MAX_TEXT
                else unknown_of(found)
            ),
        )

    def _length(self, argument: Node) -> Cases:
        return apply(
            self.evaluate(argument), lambda found: len(found) if isinstance(found, list) else unknown_of(found)
        )

    # --- conditions ------------------------------------------------------------------------------------------------

    def _truth(self, node: Node) -> Cases:
        """Evaluate a node at which a condition stands: `{Condition: name}` is another one only there."""
        name = _condition_of(node)
        return self.condition(name) if name is not None else self.evaluate(node)

    def _equals(self, argument: Node) -> Cases:
        sides = [self.evaluate(side) for side in argument.elements()]
        return combine(sides, equal) if len(sides) == 2 else unknown("Fn::Equals wants two values")

    def _not(self, argument: Node) -> Cases:
        element = argument.get(0)
        if element is None or argument.get(1) is not None:
            return unknown("Fn::Not wants a condition")
        return apply(self._truth(element), lambda found: not found if isinstance(found, bool) else unknown_of(found))

    def _and(self, argument: Node) -> Cases:
        return self._all(argument, neutral=True)

    def _or(self, argument: Node) -> Cases:
        return self._all(argument, neutral=False)

    def _all(self, argument: Node, *, neutral: bool) -> Cases:
        if not argument.value:
            return unknown("Fn::And and Fn::Or want conditions")
        return combine(
            [self._truth(element) for element in argument.elements()], lambda found: all_of(found, neutral=neutral)
        )


_FUNCTIONS: Mapping[str, Callable[[Scope, Node], Cases]] = {
    "Ref": Scope._ref,  # noqa: SLF001  # the table belongs to the class
    **{
        f"Fn::{name}": function
        for name, function in {
            "GetAtt": Scope._get_att,  # noqa: SLF001
            "Sub": Scope._sub,  # noqa: SLF001
            "Join": Scope._join,  # noqa: SLF001
            "Split": Scope._split,  # noqa: SLF001
            "Select": Scope._select,  # noqa: SLF001
            "If": Scope._if,  # noqa: SLF001
            "FindInMap": Scope._find_in_map,  # noqa: SLF001
            "Base64": Scope._base64,  # noqa: SLF001
            "Length": Scope._length,  # noqa: SLF001
            "Equals": Scope._equals,  # noqa: SLF001
            "Not": Scope._not,  # noqa: SLF001
            "And": Scope._and,  # noqa: SLF001
            "Or": Scope._or,  # noqa: SLF001
        }.items()
    },
}


def _condition_of(node: Node) -> str | None:
    name = node.value.get("Condition") if isinstance(node.value, dict) and len(node.value) == 1 else None
    return name if isinstance(name, str) else None


def conditions_in(definition: Node | None) -> Iterator[str]:
    """Yield the names of the conditions that one is made of."""
    for node, value in definition.mappings() if definition is not None else ():
        name = node.get("Fn::If", 0) if "Fn::If" in value else None
        if name is not None and isinstance(name.value, str):
            yield name.value
        if (condition := _condition_of(node)) is not None:
            yield condition


def _entries(rows: Iterable[Node], key: Abstract) -> Iterator[Node]:
    """Yield what stands under a key in each of several mappings; under any, if the key is not known."""
    text = text_of(key)
    for row in rows:
        if text is None:
            yield from (child for _, child in row.items())
        elif (child := row.get(text)) is not None:
            yield child
