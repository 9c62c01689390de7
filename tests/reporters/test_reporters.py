import subprocess
import sys
from io import BytesIO, TextIOWrapper

import pytest
from hypothesis import given

from validator.engine.report import Report
from validator.reporters import FORMATS, writer

from .reports import reports, single, written


@pytest.mark.parametrize("name", FORMATS)
@given(report=reports())
def test_no_character_of_an_input_acts(name: str, report: Report) -> None:
    assert all(line.isprintable() for line in written(name, report).split("\n"))


@pytest.mark.parametrize("name", FORMATS)
@given(report=reports())
def test_same_report_gives_the_same_text(name: str, report: Report) -> None:
    assert written(name, report) == written(name, report)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("full", rb"1 | Z\xfcrich"),
        ("concise", rb"nicht sch\xf6n"),
        ("json", rb"nicht sch\u00f6n"),
        ("junit", rb"nicht sch&#246;n"),
    ],
)
def test_escapes_what_the_encoding_lacks(name: str, shown: bytes) -> None:
    memory = BytesIO()
    out = TextIOWrapper(memory, "ascii", newline="")
    writer(name)(single("Zürich: 名前", "名前", path="\udcff.yml", message="nicht schön"), out)
    out.flush()
    assert shown in memory.getvalue()


def test_refuses_an_unknown_format() -> None:
    with pytest.raises(ValueError, match="no format 'xml'"):
        writer("xml")


@pytest.mark.parametrize(
    ("name", "unwanted"),
    [("full", "rich"), ("concise", "rich"), ("json", "rich"), ("junit", "rich"), ("json", "xml"), ("full", "xml")],
)
def test_imports_no_more_than_it_needs(name: str, unwanted: str) -> None:
    program = f"""if True:
        import io, sys
        from validator.engine.report import Report
        from validator.reporters import writer
        writer({name!r})(Report(), io.StringIO())
        sys.exit({unwanted!r} in sys.modules)
    """
    subprocess.run([sys.executable, "-c", program], check=True)
