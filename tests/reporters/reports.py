"""Reports made by hand and by chance."""

from io import StringIO
from typing import Any, cast

from hypothesis import strategies as st

from validator.document import Document, Region, Span
from validator.engine.report import Doubt, Fault, Looked, Related, Report, Reported, Suppressed
from validator.reporters import writer
from validator.rule import Edit, Severity


def span(path: str, text: str, start: int, end: int) -> Span:
    return Document(path, text, None, cast("Any", None)).span(Region(start, end))


def place(path: str, text: str, fragment: str) -> Span:
    start = text.index(fragment)
    return span(path, text, start, start + len(fragment))


def finding(at: Span, severity: Severity = Severity.ERROR, **fields: Any) -> Reported:
    plain: dict[str, Any] = {
        "rule": "iam-effect-case",
        "message": "IAM does not know the Effect 'allow'",
        "help": "",
        "pointer": "/Statement/0/Effect",
        "inner": "",
        "fingerprint": "4f2c",
    }
    return Reported(severity=severity, span=at, **(plain | fields))


def single(text: str, fragment: str, path: str = "a.yml", **fields: Any) -> Report:
    """Report one finding in one file."""
    return Report(
        (finding(place(path, text, fragment), **fields),), files=(Looked(path, "policy", ""),), texts={path: text}
    )


class Terminal(StringIO):
    """A stream in memory that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def written(name: str, report: Report) -> str:
    out = StringIO()
    writer(name)(report, out)
    return out.getvalue()


ANY = st.text(st.characters())  # lone surrogates too, as a file name that is not UTF-8 has them
_NAMES = st.text(st.characters(), min_size=1)
_PATHS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@st.composite
def _spans(draw: st.DrawFn, texts: dict[str, str]) -> Span:
    path = draw(st.sampled_from(sorted(texts)))
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(texts[path]))] * 2)))
    return span(path, texts[path], start, end)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Draw a report with any text in any place."""
    texts = draw(st.dictionaries(_PATHS, ANY, min_size=1, max_size=3))
    spans = _spans(texts)
    edits = st.builds(Edit, spans, ANY)
    findings = st.builds(
        Reported,
        rule=_NAMES,
        severity=st.sampled_from(Severity),
        message=ANY,
        help=ANY,
        span=spans,
        pointer=ANY,
        inner=ANY,
        related=st.lists(st.builds(Related, spans, ANY), max_size=2).map(tuple),
        fix=st.lists(edits, max_size=2).map(tuple),
        fingerprint=_NAMES,
    )
    families = st.lists(st.sampled_from(["iam", "cloudformation", "buildspec"]), unique=True).map(tuple)
    return Report(
        findings=tuple(draw(st.lists(findings, max_size=4))),
        undecided=tuple(draw(st.lists(st.builds(Doubt, _NAMES, ANY, spans, ANY, ANY), max_size=2))),
        unchecked=tuple(draw(st.lists(st.builds(Doubt, _NAMES, ANY, spans, ANY, ANY), max_size=2))),
        suppressed=tuple(draw(st.lists(st.builds(Suppressed, findings, ANY), max_size=2))),
        files=tuple(draw(st.builds(Looked, st.just(path), ANY, ANY, st.booleans(), families)) for path in texts),
        faults=tuple(draw(st.lists(st.builds(Fault, ANY, ANY, ANY), max_size=2))),
        texts=texts,
        fail_on=draw(st.none() | st.sampled_from(Severity)),
    )
