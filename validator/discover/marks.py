"""What a text that did not parse looks like it was meant to be."""

import re

from validator.discover.foreign import text_of_tool
from validator.discover.kind import Kind, KindName, name
from validator.document import Document

# More is not needed to recognise a file.
_READ = 1_000_000


def _key(names: str, after: str = "") -> str:
    return rf"""(?:^|[{{,])[ \t]*["']?(?:{names})["']?[ \t]*:{after}"""


def _all(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.MULTILINE) for pattern in patterns)


_PHASE = "(?:pre_|post_)?build|install"
# In this order: a template may hold policies and pipelines, but not the other way round. All of a row must be there.
_MARKS: tuple[tuple[KindName, str, tuple[re.Pattern[str], ...]], ...] = (
    ("template", "AWSTemplateFormatVersion", _all(_key("AWSTemplateFormatVersion"))),
    ("buildspec", "a version and phases", _all(_key("version", r"""\s*["']?0\.[12]\b"""), _key("phases"))),
    ("appspec", "version 0.0 and hooks", _all(_key("version", r"\s*0\.0\b"), _key("hooks|Hooks"))),
    ("template", "Resources with a Type", _all(_key("Resources"), r"""\bType["']?\s*:\s*["']?AWS::\w+::\w""")),
    ("pipeline", "stages and actionTypeId", _all(r"""\bstages["']?\s*:""", r"\bactionTypeId\b")),
    ("parameters", "ParameterKey", _all(r"\bParameterKey\b", r"\bParameterValue\b")),
    ("environment", "envspec", _all(_key("envspec"))),
    ("environment", "what an operation reads", _all(_key("(?:describe|get|list|head)_[a-z_]+"), _key("Properties"))),
    ("policy", "Statement and Effect", _all(r"""\bStatement["']?\s*:""", r"""\bEffect["']?\s*:""")),
    ("buildspec", "phases with commands", _all(_key("phases"), _key(_PHASE), _key("commands"))),
)
_NAMES: tuple[tuple[KindName, re.Pattern[str], bool], ...] = (
    ("buildspec", re.compile(r"buildspec"), True),
    ("template", re.compile(r"(?:^|[._-])cfn(?:[._-]|$)|cloudformation|\.template\.(?:json|ya?ml)$"), True),
    ("template", re.compile(r"\.template$"), False),
    ("policy", re.compile(r"policy.*\.json$"), False),
)
_EMPTY = re.compile(r"\ufeff?\s*")
_COMMENT = re.compile(r"^[ \t]*(?://|/\*)", re.MULTILINE)


def read(document: Document) -> Kind:
    """Say what a document that did not parse was meant to be, by its text, then by its name."""
    text = document.text[:_READ]
    if other := text_of_tool(text):
        return Kind("other", why=f"did not parse, and looks like {other}")
    for kind, why, patterns in _MARKS:
        if all(pattern.search(text) for pattern in patterns):
            return Kind(kind, why=f"did not parse, but speaks of {why}")
    # AWS takes no comments in JSON either, so that it counts only where nothing says that the file is for AWS.
    if name(document.path).endswith(".json") and _COMMENT.search(text):
        return Kind("other", why="did not parse, and is JSON with comments")
    for kind, pattern, sure in _NAMES:
        if pattern.search(name(document.path)):
            return Kind(kind, why="did not parse, but is named so", sure=sure)
    if document.format == "json" and _EMPTY.fullmatch(text):
        return Kind("other", why="is empty")
    # YAML has such keys, and so do tools that read them; nothing of ours does.
    if any(problem.message.endswith(" as a key, expected a string") for problem in document.problems):
        return Kind("other", why="has keys that are no strings")
    return Kind("other", why="did not parse, and nothing says what it is", sure=False)
