"""Reporters of a live run: one module per format, as for findings."""

from collections.abc import Callable
from importlib import import_module
from typing import TextIO, cast

from validator.live import Report

Writer = Callable[[Report, TextIO], None]


def writer(name: str) -> Writer:
    """Import the reporter of one of `validator.reporters.FORMATS` and give the function that writes to a stream."""
    return cast("Writer", import_module(f"validator.reporters.verify_{name}").write)
