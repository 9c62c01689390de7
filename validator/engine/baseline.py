"""The baseline: findings that were there when a repository took up this tool, by fingerprint."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from validator.engine.report import Report

REASON = "baseline"


class BaselineError(ValueError):
    """A file that is no baseline."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An accepted finding; all but the fingerprint is for readers.

    Attributes:
        path: Relative to the configuration's folder, with `/`.
    """

    path: str
    rule: str
    fingerprint: str
    reason: str = REASON


@dataclass(frozen=True, slots=True)
class Baseline:
    """Accepted findings, by fingerprint."""

    entries: dict[str, Entry] = field(default_factory=dict)

    def __contains__(self, fingerprint: str) -> bool:
        """Whether the finding of a fingerprint is accepted."""
        return fingerprint in self.entries

    def stale(self, report: Report, folder: Path, *, whole: bool) -> Iterator[Entry]:
        """Yield the entries that match no finding, of the files that were looked at, or of all.

        Args:
            report: Of the run that the baseline was used in.
            folder: What the paths of entries are relative to.
            whole: Whether all files were looked at, so that a path which was not is gone.
        """
        found = {one.fingerprint for one in (*report.findings, *(accepted.finding for accepted in report.suppressed))}
        looked = {relative(file.path, folder) for file in report.files}
        for entry in self.entries.values():
            if entry.fingerprint not in found and (whole or entry.path in looked):
                yield entry


def read(file: Path) -> Baseline:
    """Read a baseline.

    Raises:
        BaselineError: Names the file and what is wrong with it.
    """
    try:
        rows = json.loads(file.read_bytes())["findings"]
        entries = [Entry(*(_text(row[key]) for key in ("path", "rule", "fingerprint"))) for row in rows]
    except OSError as error:
        raise BaselineError(f"{file}: {error.strerror}") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BaselineError(f"{file}: this is no baseline; write one with `stackproof baseline`") from None
    return Baseline({entry.fingerprint: entry for entry in entries})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def write(report: Report, folder: Path, file: Path) -> int:
    """Write down all findings of a report, sorted, and say how many they are."""
    entries = [Entry(relative(one.span.path, folder), one.rule, one.fingerprint) for one in report.findings]
    rows = [asdict(entry) for entry in sorted(entries, key=lambda entry: (entry.path, entry.rule, entry.fingerprint))]
    text = json.dumps({"version": 1, "findings": rows}, indent=2)
    file.write_text(text + "\n", encoding="utf-8", newline="\n")
    return len(rows)


def relative(path: str, folder: Path) -> str:
    """Take a path of a report relative to a folder, so that the working directory does not matter."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return path
