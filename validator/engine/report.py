"""What a run has to say: plain data, masked and sorted, for reporters to write."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from validator.document import Span
from validator.registry import Fault
from validator.rule import Edit, Severity

__all__ = ["Doubt", "Fault", "Looked", "Related", "Report", "Reported", "Suppressed"]


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that plays a part in a finding, and what it is."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Reported:
    """A finding as the report holds it: with its rule's id and severity, and no secret in any text.

    Attributes:
        rule: The rule's id; with the foreign tool's code behind a slash if there is one: `cfn-lint/E3012`.
        pointer: JSON pointer in the file; `inner` the pointer within a text inside that scalar.
        subject: What the finding is about, of several at one place; part of the fingerprint.
        fingerprint: The same for the same defect in the next version of the file: knows no line and no message.
    """

    rule: str
    severity: Severity
    message: str
    help: str
    span: Span
    pointer: str
    inner: str
    related: tuple[Related, ...] = ()
    fix: tuple[Edit, ...] = ()
    subject: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that somebody accepted: by a comment, in metadata, in the configuration or in the baseline."""

    finding: Reported
    reason: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question that has no answer: counted and listed, never a defect and never "safe"."""

    rule: str
    reason: str
    span: Span
    pointer: str
    inner: str


@dataclass(frozen=True, slots=True)
class Looked:
    """One file that the run looked at.

    Attributes:
        kind: What it was taken for: `template`, `buildspec` …; `other` if it is none of ours.
        why: Why it was taken for that, in words.
        unreadable: Nothing in it was checked, since it could not be read or parsed.
        families: The rule families that ran over it; empty for `other`.
    """

    path: str
    kind: str
    why: str
    unreadable: bool = False
    families: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All that a run found; every sequence is in the order in which it is shown.

    Attributes:
        undecided: What rules could not decide.
        unchecked: What AWS was to be asked about and could not be, so that the run is incomplete.
        texts: Masked texts of the files that findings name, by path: what excerpts are taken from. A masked character
            stands where the secret's character stood, so spans hold.
        fail_on: The mildest severity that makes the run fail; None if no finding does.
    """

    findings: tuple[Reported, ...] = ()
    undecided: tuple[Doubt, ...] = ()
    unchecked: tuple[Doubt, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    files: tuple[Looked, ...] = ()
    faults: tuple[Fault, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    fail_on: Severity | None = Severity.ERROR

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def checked(self) -> int:
        """Number of files that are of a kind of ours, or could not be read to tell."""
        return sum(file.kind != "other" or file.unreadable for file in self.files)

    def fails(self, finding: Reported) -> bool:
        """Whether this finding alone makes the run fail."""
        return self.fail_on is not None and finding.severity.rank <= self.fail_on.rank

    @property
    def failed(self) -> bool:
        """Whether any finding makes the run fail."""
        return any(self.fails(finding) for finding in self.findings)
