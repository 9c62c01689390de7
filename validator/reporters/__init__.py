"""Reporters: functions of a report and a stream, one module per format, each imported when it is asked for."""

from collections.abc import Callable
from importlib import import_module
from typing import TextIO, cast

from validator.engine.report import Report

FORMATS: tuple[str, ...] = ("full", "concise", "json", "junit")

Writer = Callable[[Report, TextIO], None]


def writer(name: str) -> Writer:
    r"""Import the reporter of one of FORMATS and give the function that writes a report to a stream.

    Lines end with `\n`. JSON and JUnit are pure ASCII whatever the stream; in the formats for people, a character that
    the stream's encoding lacks is written as an escape.
    """
    if name not in FORMATS:
        raise ValueError(f"no format {name!r} (formats: {', '.join(FORMATS)})")
    return cast("Writer", import_module(f"{__name__}.{name}").write)
