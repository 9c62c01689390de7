"""Which files a run looks at, and what each of them is."""

from validator.discover.classify import classify, text
from validator.discover.files import Found, Missed, files
from validator.discover.kind import Kind, KindName

__all__ = ["Found", "Kind", "KindName", "Missed", "classify", "files", "text"]
