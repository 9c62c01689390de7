"""Rule buildspec-file-as-command."""

import posixpath
from collections.abc import Collection, Iterator

from validator.buildspec.calls import ANYTHING, Call
from validator.project import Source
from validator.rule import Finding, Severity, rule

# What holds data, so that no program has such a name.
_DATA = frozenset({".json", ".md", ".toml", ".txt", ".xml", ".yaml", ".yml"})
_SCRIPTS = frozenset({".bash", ".js", ".mjs", ".pl", ".py", ".rb", ".sh"})
# Programs that put none where the shell looks for programs, whatever they are given.
_HARMLESS = frozenset({"cat", "chmod", "dos2unix", "echo", "ls", "shellcheck"})
# What makes programs of the source known to the shell: `pip install .`, `npm link`, `make install`.
_INSTALLING = frozenset({"develop", "install", "link"})


@rule("buildspec-file-as-command", Severity.ERROR)
def check(source: Source) -> Iterator[Finding]:
    """A file is called as if it were a program on the path.

    The shell looks for a command without a '/' in the folders of `PATH`, and the source is none of them:
    "COMMAND_EXECUTION_ERROR … exit status 127". A file of data is no program wherever it lies; it is a warning where
    more than that stands in the command. So is a script in the source, since the image may have one of that name too.
    Nothing is said where the commands change `PATH`, or may have put the script there.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - buildspec.yml
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    ```
    """
    flow = source.buildspec.flow
    if "PATH" in {one.name for one in flow.assigned} or any(one.name == "PATH" for one in source.buildspec.variables()):
        return
    before: list[Call] = []
    for call in source.buildspec.calls:
        name = call.words[0][0] if call.texts and len(call.words[0]) == 1 else ANYTHING
        kind = posixpath.splitext(name)[1].lower()
        named = call.command is not None and "/" not in name and ANYTHING not in name and name not in flow.functions
        if named and kind in _DATA:
            message = f"{name!r} is a file and no command: it ends with 'exit status 127'"
            alone = call.part.text == call.part.script.text.strip() and not call.perhaps
            severity = None if alone else Severity.WARNING
            yield Finding(call.parts[0].node, message, "write the command that is to read it", severity=severity)
        elif named and kind in _SCRIPTS and _lies_there(source, call, name) and not _may_be_installed(name, before):
            message = (
                f"{name!r} lies in the source, where the shell looks for no commands: it ends with 'exit status 127'"
            )
            yield Finding(call.parts[0].node, message, f"write './{name}'", severity=Severity.WARNING)
        before.append(call)


def _lies_there(source: Source, call: Call, name: str) -> bool:
    path = call.path(name)
    return path is not None and source.has(path)


def _may_be_installed(name: str, before: Collection[Call]) -> bool:
    """Whether a call may have put a program of that name where the shell finds it."""
    for call in before:
        words = [text for word in call.words[1:] for text in word]
        handled = call.program not in _HARMLESS and any(ANYTHING in text or name in text for text in words)
        if handled or call.program == ANYTHING or call.program in {"alias", "install"} or _INSTALLING & set(words):
            return True
    return False
