"""What comes of a run: plain data, which reporters write."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from validator.document import Span, Value
from validator.environment.comparison import Difference

Kind = Literal["conforms", "differs", "error", "skipped"]

KINDS: tuple[Kind, ...] = ("conforms", "differs", "error", "skipped")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something could not be looked at.

    Attributes:
        rule: The id of the reason.
        reason: As a message would say it.
        code: AWS's own word for it; empty where AWS had none.
        passing: Whether it may be otherwise when it is asked again.
    """

    rule: str
    reason: str
    code: str = ""
    passing: bool = False


class FaultError(Exception):
    """Something could not be looked at."""

    def __init__(self, fault: Fault) -> None:
        """Take the reason."""
        super().__init__(fault.reason)
        self.fault = fault


class MissingError(Exception):
    """AWS has no such thing; says which, as a message would."""


class NoStackError(MissingError):
    """AWS has not even the root stack that it would be in."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one expectation in one region of one target. No secret is in it any more.

    Attributes:
        check: The check's id.
        span: Where the expectation stands.
        target: Name of the target; empty for the legacy format, which has none.
        subject: What was looked at: the path of a resource, `service.operation` ….
        path: The expectation's path; `count`, `absent`, `type`, or nothing where the thing just has to be there.
        rule: Why it is as it is, by id; empty where it conforms.
        expected: What the spec asks for, references filled in as far as it came to that.
        differences: In what it differs; their paths go on from `path`.
        severity: `error`, or `warning` for what nobody needs to fail for.
        attempts: How often it was looked at.
    """

    check: str
    span: Span
    target: str
    region: str
    subject: str
    path: str
    kind: Kind
    rule: str = ""
    message: str = ""
    expected: Value = None
    differences: tuple[Difference, ...] = ()
    severity: str = "error"
    title: str = ""
    why: str = ""
    attempts: int = 1

    @property
    def fails(self) -> bool:
        """Whether it is a reason not to go on: it differs, and is more than a warning."""
        return self.kind == "differs" and self.severity == "error"


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run, in the order of the specs.

    Attributes:
        interrupted: Whether somebody ended it before its end.
    """

    outcomes: tuple[Outcome, ...] = ()
    interrupted: bool = False
    counts: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Count."""
        counted = Counter(outcome.kind for outcome in self.outcomes)
        object.__setattr__(self, "counts", {kind: counted[kind] for kind in KINDS})

    @property
    def code(self) -> int:
        """The exit code that follows from it."""
        if self.interrupted:
            return 130
        return 1 if any(outcome.fails for outcome in self.outcomes) else 3 if self.counts["error"] else 0
