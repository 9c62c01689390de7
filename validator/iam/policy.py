"""Views of a policy document and its statements: the same nodes, under the names that IAM gives them.

Names of elements are case-sensitive: AWS refuses a `statement` as an unknown field.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from validator.document import Node, Value
from validator.iam.catalogue import Named, prefixes, told
from validator.lazy import lazy
from validator.shape import is_function
from validator.values import Cases, Scope, When

# Policy variables are plain text in any other version, the default one included.
VERSION_WITH_VARIABLES = "2012-10-17"


@dataclass(frozen=True)
class Policy:
    """One policy document: a file, a part of one, a property of a resource, or a text inside either.

    Nothing is promised about its shape, and an intrinsic function may stand for any part: what is not as it should be,
    or not known, is left out of every answer.

    Attributes:
        kind: `identity | resource | trust | scp | rcp | boundary | session`; identity where nothing says otherwise.
        guessed: The kind was taken from a name, so that nothing that follows from it is certain.
    """

    node: Node
    kind: str
    guessed: bool = False

    def statements(self) -> tuple["Statement", ...]:
        """List the statements in order, those in the branches of an `Fn::If` too."""
        return self._read[0]

    @lazy
    def variables(self) -> bool:
        """Whether its version knows policy variables."""
        body = self.node.value
        return isinstance(body, dict) and body.get("Version") == VERSION_WITH_VARIABLES

    @property
    def complete(self) -> bool:
        """Whether the statements are all that this policy will ever have: no function makes another."""
        return self._read[1]

    @lazy
    def _read(self) -> tuple[tuple["Statement", ...], bool]:
        """The statements, and whether nothing else stands where they belong."""
        found, complete = [], not is_function(self.node.value)
        stack = [(node, False) for node in (self.node.get("Statement"),) if node is not None]
        while stack:
            node, conditional = stack.pop()
            value = node.value
            if isinstance(value, list):
                stack += [(element, conditional) for element in reversed(list(node.elements()))]
            elif isinstance(value, dict) and not is_function(value):
                found.append(Statement(node, self, value, conditional))
            elif (branches := node.get("Fn::If")) is not None and isinstance(branches.value, list):
                stack += [(branch, True) for branch in reversed(list(branches.elements())[1:])]
            elif value != {"Ref": "AWS::NoValue"}:
                complete = False
        return tuple(found), complete


@dataclass(frozen=True)
class Element:
    """An element of a statement that has one value or several: Action, Resource, or their opposites.

    Attributes:
        negated: All but the values are meant: NotAction, NotResource.
    """

    node: Node
    negated: bool

    @lazy
    def values(self) -> tuple[Node, ...]:
        """The strings among the values."""
        return tuple(value for value in self._given if isinstance(value.value, str))

    @lazy
    def complete(self) -> bool:
        """Whether those are all values: none is made by a function."""
        return len(self.values) == len(self._given)

    @lazy
    def _given(self) -> tuple[Node, ...]:
        return tuple(self.node.elements()) if isinstance(self.node.value, list) else (self.node,)


class Texts(NamedTuple):
    """The texts among the values of an element, without their places: cheap, to ask before nodes are made.

    Attributes:
        negated: All but these are meant.
        complete: Whether those are all values: none is made by a function.
        given: Whether the element is there at all.
    """

    texts: tuple[str, ...] = ()
    negated: bool = False
    complete: bool = False
    given: bool = True


# Never changed; not frozen, which would take most of the time to make one.
@dataclass(eq=False)
class Statement:
    """One statement of a policy.

    Attributes:
        body: The mapping at the node: what is written, without places; cheap, to ask before nodes are made.
        conditional: It stands in a branch of an `Fn::If`, so that the deployed policy may do without it.
    """

    node: Node
    policy: Policy
    body: Mapping[str, Value] = field(repr=False, compare=False)
    conditional: bool = False

    @property
    def sid(self) -> str:
        """The statement's own name; empty if it has none."""
        sid = self.node.get("Sid")
        return sid.value if sid is not None and isinstance(sid.value, str) else ""

    @property
    def called(self) -> str:
        """How a message names it: by its Sid, or by its place, counted from 1."""
        if self.sid:
            return f"statement {self.sid!r}"
        at = next((part for part in reversed(self.node.path) if isinstance(part, int)), None)
        return "the statement" if at is None else f"statement {at + 1}"

    @lazy
    def effect(self) -> Node | None:
        """The Effect, if it is a plain string."""
        effect = self.node.get("Effect")
        return effect if effect is not None and isinstance(effect.value, str) else None

    @lazy
    def actions(self) -> Element | None:
        """The Action or the NotAction."""
        return self._element("Action")

    @lazy
    def resources(self) -> Element | None:
        """The Resource or the NotResource."""
        return self._element("Resource")

    @lazy
    def principal(self) -> Node | None:
        """The Principal or the NotPrincipal: a string, or lists of principals by kind."""
        return self.node.get("Principal") or self.node.get("NotPrincipal")

    @lazy
    def condition(self) -> Node | None:
        """The Condition."""
        return self.node.get("Condition")

    def has(self, key: str) -> bool:
        """Whether an element is there, well written or not."""
        return key in self.body

    def element(self, name: str) -> Value:
        """Give what is written as an element, without its place; None where it is missing."""
        return self.body.get(name)

    @lazy
    def action_texts(self) -> Texts:
        """What stands in Action or NotAction."""
        return self._texts("Action", "NotAction")

    @lazy
    def resource_texts(self) -> Texts:
        """What stands in Resource or NotResource."""
        return self._texts("Resource", "NotResource")

    @lazy
    def spoken(self) -> tuple[Named, tuple[str, ...]]:
        """The documented actions that `action_texts` fit, and those of the texts that fit none, or of any service."""
        return told(self.action_texts.texts)

    @lazy
    def services(self) -> tuple[str, ...]:
        """The prefixes of `action_texts`, in small letters, each once, some with wildcards."""
        return prefixes(*self.spoken)

    def _texts(self, name: str, opposite: str) -> Texts:
        negated = name not in self.body
        if negated and opposite not in self.body:
            return Texts(given=False)
        value = self.body[opposite if negated else name]
        if isinstance(value, str):
            return Texts((value,), negated, complete=True)
        if not isinstance(value, list):
            return Texts((), negated)
        # Faster than to ask of each value.
        if set(map(type, value)) <= {str}:
            return Texts(tuple(value), negated, complete=True)  # type: ignore[arg-type]  # all are text
        return Texts(tuple([one for one in value if isinstance(one, str)]), negated)

    def _element(self, name: str) -> Element | None:
        for key, negated in ((name, False), (f"Not{name}", True)):
            if (node := self.node.get(key)) is not None:
                return Element(node, negated)
        return None


# Compared by identity: nodes of the same place in two files of one name are equal, but what is proved of them is not.
@dataclass(frozen=True, eq=False)
class PolicySet:
    """Policies that act together: one alone, all that are inline in one role, or what the configuration groups.

    Attributes:
        scopes: Gives what evaluates the template that they stand in, with values of pseudo parameters: one for each way
            in which its stacks give values to its parameters. None or nothing, if its Defaults are all that is known.
        assumed: The truths of the template's conditions with which these policies are there, and no others.
        missing: The names of policies that are attached too, and whose text is not at hand.
        full: What attaches a policy of AWS's that allows everything. Only then may there be no policies.
    """

    policies: tuple[Policy, ...]
    scopes: Callable[[Mapping[str, Cases]], tuple[Scope, ...]] | None = None
    assumed: When = frozenset()
    missing: tuple[str, ...] = ()
    full: Node | None = None

    @property
    def node(self) -> Node:
        """The first policy's node: where something is said of the whole set."""
        if self.policies:
            return self.policies[0].node
        assert self.full is not None
        return self.full

    @property
    def guessed(self) -> bool:
        """Whether the kind of a policy rests on a name."""
        return any(policy.guessed for policy in self.policies)
