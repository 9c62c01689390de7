"""Fingerprints: names for findings that stay when lines move and messages are reworded."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from validator.engine.baseline import relative
from validator.engine.report import Reported


def stamped(findings: Iterable[Reported], folder: Path) -> Iterator[Reported]:
    """Give each finding its fingerprint: of rule, path, pointers, subject, and its number among equals.

    Args:
        findings: Sorted, and none left out: the number among equals depends on the others.
        folder: Absolute; what the path is taken relative to, so that the working directory does not matter.
    """
    from hashlib import blake2b  # noqa: PLC0415  # 12 ms, and most runs find nothing

    seen: Counter[tuple[str, ...]] = Counter()
    for finding in findings:
        place = (finding.rule, relative(finding.span.path, folder), finding.pointer, finding.inner, finding.subject)
        text = "\0".join((*place, str(seen[place])))
        seen[place] += 1
        yield replace(finding, fingerprint=blake2b(text.encode(), digest_size=8).hexdigest())
