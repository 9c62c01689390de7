"""What a rule is and what it gives: Rule, Finding, Undecided, Unchecked, Edit."""

import inspect
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import UnionType

from validator.document import Node, Region, Span
from validator.settings import Settings


class Severity(StrEnum):
    """How bad a finding is; SARIF's levels, so that no reporter maps them."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return ("error", "warning", "note").index(self.value)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replacement of a span of a file by other text; a change of text, so that all around it stays as it was."""

    span: Span
    text: str

    @staticmethod
    def value(node: Node, new: str) -> "Edit":
        """Write another string in place of a scalar, in the quotes that it has.

        Only for a new value that means the same in every scalar style, such as a name: letters, digits, `-_.:/*`.

        Raises:
            ValueError: The new value would need quoting or escaping of its own.
        """
        if not new or not all(c.isalnum() or c in "-_.:/*" for c in new) or node.style in {"|", ">"}:
            message = f"{new!r} cannot stand in place of a scalar of any style"
            raise ValueError(message)
        region = node.region
        if node.text[:1] in {"'", '"'}:
            region = Region(region.start + 1, region.end - 1)
        return Edit(node.document.span(region), new)


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect at one node.

    Attributes:
        at: The smallest node that is wrong.
        message: What is wrong, with the names the reader knows; lower case, no full stop.
        help: What to do.
        severity: Only to lower the rule's own.
        code: For a rule that speaks for another tool: the id to show after the rule's, `E3012`.
        related: Other places that play a part, each with what it is.
        fix: Edits that keep the meaning; empty if there is no such edit.
        subject: Name of what is missing at `at`, such as a parameter's; a baseline tells findings of one place apart by
            it, so it must stay the same when the message is reworded.
    """

    at: Node
    message: str
    help: str = ""
    severity: Severity | None = None
    code: str = ""
    related: tuple[tuple[Node, str], ...] = ()
    fix: tuple[Edit, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Undecided:
    """A question the rule is made for and could not answer here: neither a defect nor safe."""

    at: Node
    reason: str


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A question that AWS was to be asked and could not be: the run has not done all that it was to do."""

    at: Node
    reason: str


Result = Finding | Undecided | Unchecked

# A check may yield None once it has set work going elsewhere, in other processes: it is resumed when all other checks
# are done. Checks of the Project are called before all others, so that such work goes on beside them.
Check = Callable[..., Iterator[Result | None]]


class RuleError(ValueError):
    """A function that is not a rule: says which and why."""


@dataclass(frozen=True)
class Rule:
    """A check with its name; what it runs on and its options are read from its signature.

    Attributes:
        supersedes: Ids of rules (`cfn-lint/E3043`) whose finding this rule's finding replaces: on the same line, at the
            same node or one within the other, and no error unless this is one too.
        default: False for a rule that runs only when it is selected by its own id.
    """

    id: str
    severity: Severity
    check: Check
    supersedes: tuple[str, ...] = ()
    default: bool = True

    def __post_init__(self) -> None:
        """Refuse a check whose signature does not say when it runs.

        Raises:
            RuleError: Names the rule and what its signature lacks.
        """
        self.targets  # noqa: B018  # evaluated for its complaint
        self.options  # noqa: B018

    @cached_property
    def hints(self) -> dict[str, object]:
        """The types of the check's parameters, by name."""
        try:
            return typing.get_type_hints(self.check)
        except NameError as error:
            message = f"rule {self.id}: {error}; import the target's type outside `if TYPE_CHECKING`"
            raise RuleError(message) from None

    @cached_property
    def targets(self) -> tuple[type, ...]:
        """The types of object that the check is called with: its first parameter's annotation."""
        parameters = list(inspect.signature(self.check).parameters.values())
        if not parameters or parameters[0].kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
            message = f"rule {self.id}: the first parameter must be the object to check"
            raise RuleError(message)
        hint = self.hints.get(parameters[0].name)
        union = isinstance(hint, UnionType) or typing.get_origin(hint) is typing.Union
        members = typing.get_args(hint) if union else (hint,)
        if not all(isinstance(member, type) for member in members):
            message = f"rule {self.id}: parameter {parameters[0].name!r} must be annotated with a type to check"
            raise RuleError(message)
        return typing.cast("tuple[type, ...]", members)

    @cached_property
    def options(self) -> dict[str, object]:
        """Names and defaults of the rule's options: its keyword-only parameters, but for the settings."""
        found: dict[str, object] = {}
        for parameter in list(inspect.signature(self.check).parameters.values())[1:]:
            if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
                message = f"rule {self.id}: parameter {parameter.name!r} must be keyword-only"
                raise RuleError(message)
            if parameter.name == self.settings_parameter:
                continue
            if parameter.default is inspect.Parameter.empty:
                message = f"rule {self.id}: option {parameter.name!r} needs a default"
                raise RuleError(message)
            found[parameter.name] = parameter.default
        return found

    @cached_property
    def settings_parameter(self) -> str:
        """The name of the parameter that takes the run's settings; empty if the rule asks for none."""
        return next((name for name, hint in self.hints.items() if hint is Settings and name != "return"), "")

    @property
    def title(self) -> str:
        """First line of the docstring, without the full stop."""
        return (inspect.getdoc(self.check) or "").partition("\n")[0].rstrip(".")


def rule(
    id: str,
    severity: Severity,
    *,
    supersedes: tuple[str, ...] = (),
    default: bool = True,
) -> Callable[[Check], Rule]:
    """Make a rule of a generator function; see Rule for what its signature says."""

    def make(check: Check) -> Rule:
        return Rule(id, severity, check, supersedes, default)

    return make
