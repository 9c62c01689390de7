"""One region of one target, and what references come to there."""

from dataclasses import dataclass, field

from validator.document import Node, Value
from validator.environment import Spec, Target
from validator.environment.references import Lookup, Reference, UnresolvedError, settle, substitute
from validator.live.calls import Aws
from validator.live.clock import Clock
from validator.live.outcome import Fault, MissingError
from validator.live.stacks import Stacks


@dataclass(frozen=True, slots=True)
class Place:
    """One region of one target, ready to be looked at.

    Attributes:
        target: None for the legacy format.
        given: Values of variables that take the place of the spec's and the target's.
        fault: Why nothing there can be looked at.
    """

    spec: Spec
    target: Target | None
    region: str
    aws: Aws
    clock: Clock
    given: dict[str, Value] = field(default_factory=dict)
    fault: Fault | None = None

    @property
    def name(self) -> str:
        """The target's name."""
        return self.target.name if self.target is not None else ""

    @property
    def variables(self) -> set[str]:
        """The names of the variables that there are."""
        return {name.removeprefix("var.") for name in self._definitions() if name.startswith("var.")}

    def lookup(self, since: float | None = None) -> Lookup:
        """Make what gives the values of references.

        Args:
            since: Since when what only the stack knows must have been looked at; None if it is not to be asked.
        """

        def live(reference: Reference) -> Value:
            if since is None:
                raise UnresolvedError(reference, "is known only to the deployed stack")
            stacks = Stacks(self.aws, self.root(lookup), since)
            try:
                if reference.kind == "output":
                    return stacks.output(reference.name)
                if reference.kind == "param":
                    return stacks.parameter(reference.name)
                return stacks.resource(reference.name).id
            except MissingError as error:
                raise UnresolvedError(reference, f"has no value: {error}") from None

        lookup = settle(self._definitions(), live)
        return lookup

    def _definitions(self) -> dict[str, Node]:
        definitions = dict(self.spec.definitions(self.target, self.region))
        for name, value in self.given.items():
            definitions[f"var.{name}"] = Node(self.spec.at.document, (), value)
        if self.region:
            definitions["target.region"] = Node(self.spec.at.document, (), self.region)
        return definitions

    def setting(self, name: str, lookup: Lookup) -> str:
        """Give a text of the target."""
        written_ = self.target.settings.get(name, "") if self.target is not None else ""
        found = substitute(written_, lookup)
        return found if isinstance(found, str) else str(found)

    def root(self, lookup: Lookup) -> str:
        """Give the name of the root stack."""
        return self.setting("stack", lookup)
