"""Rule buildspec-missing-file."""

import posixpath
from collections.abc import Iterator
from itertools import pairwise

from validator.buildspec.files import Made, Read, reads
from validator.buildspec.flow import follow
from validator.buildspec.shell import Script
from validator.document import Node
from validator.project import Source
from validator.rule import Finding, Severity, rule
from validator.suggest import one_edit_apart

_SHORTEST = 4
_TESTS = frozenset({"-a", "-d", "-e", "-f", "-h", "-L", "-r", "-s", "-w", "-x"})


@rule("buildspec-missing-file", Severity.ERROR)
def check(source: Source) -> Iterator[Finding]:
    """A command, or a task of a batch, needs a file that the source does not have.

    The build fails with "No such file or directory" when it gets there. Looked at are scripts that are run or sourced,
    `pip install -r`, `file://` and `--template-file`, the Dockerfile of `docker build -f`, what `aws s3 cp` uploads,
    the arguments of `codebuild-hash-files`, and buildspecs of batches; also where the names stand in a variable that a
    loop goes over. A path counts from the top of the repository, or from the buildspec's folder.

    It is a warning where nothing says that the repository is the build's source, or where the command may be left out.
    Nothing is said of files that a command before it may make; where that could be any file, only what differs from
    one beside it in a letter or two is reported.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - bash scripts/biuld.sh
    ```

    ```sh title="scripts/build.sh"
    make
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - bash scripts/build.sh
    ```

    ```sh title="scripts/build.sh"
    make
    ```
    """
    calls = source.buildspec.calls
    needed = [(number, read, path) for number, call in enumerate(calls) for read in reads(call) if (path := read.path)]
    named = list(_named(source))
    every = {path for _, _, path in needed} | {path for _, path in named}
    missing = {path for path in every if not source.has(path)}
    seen = missing != every
    last = {call.command: number for number, call in enumerate(calls)}
    made, asked = (Made(calls), set(_asked_for(source))) if missing else (Made(()), set())
    told: set[tuple[Node, str]] = set()
    for number, read, path in needed:
        if path not in missing or made.may_hold(path, last[read.call.command], number):
            continue
        if _is_cached(source, path) or _is_accepted(read) or posixpath.normpath(read.text) in asked:
            continue
        near = source.near(path)
        slip = _is_slip(near, path) and near not in every
        doubt = bool(source.buildspec.flow.unread) or source.has_submodules
        doubt = doubt or made.is_open(last[read.call.command], number)
        if not slip and (doubt or not (seen or (source.certain and source.is_whole(path)))):
            continue
        at = _written(source, read)
        if (at, path) not in told:
            told.add((at, path))
            certain = source.certain and not doubt and not read.call.perhaps
            yield _finding(source, at, path, near, certain=certain)
    for at, path in named:
        near = source.near(path)
        known = seen or (source.certain and source.is_whole(path))
        if path in missing and (_is_slip(near, path) or (known and not source.has_submodules)):
            yield _finding(source, at, path, near, certain=source.certain and at.path[-1:] == ("buildspec",))


def _finding(source: Source, at: Node, path: str, near: str, *, certain: bool) -> Finding:
    if near:
        advice = f"did you mean {near!r}?"
    elif other := source.elsewhere(path):
        advice = f"there is {other!r}: a path counts from the top of the source, or from where 'cd' went"
    else:
        advice = "add the file, or name one that is there"
    severity = None if certain else Severity.WARNING
    return Finding(at, f"there is no {path!r} in the source", advice, severity=severity)


def _is_slip(near: str, path: str) -> bool:
    """Whether a path differs from one that is there in a letter: not in a digit, which counts files of a kind."""
    differing = set(near) ^ set(path)
    # Too many short words are one letter away.
    if len(posixpath.basename(path).partition(".")[0]) < _SHORTEST:
        return False
    return one_edit_apart(near, path) and not any(letter.isdigit() for letter in differing)


def _named(source: Source) -> Iterator[tuple[Node, str]]:
    """Yield the paths that the buildspec itself names: of the buildspecs of a batch, and of what a cache depends on."""
    tasks = [task.get("buildspec") for task in source.buildspec.tasks()]
    dynamic = source.node.get("batch", "build-matrix", "dynamic", "buildspec")
    for node in (*tasks, *(dynamic.elements() if dynamic is not None else ())):
        text = node.value if node is not None and not source.buildspec.is_open(node) else None
        # It may be a whole buildspec, or lie in S3.
        if node is not None and isinstance(text, str) and text and not set(text) & set("\n$*:{"):
            path = posixpath.normpath(text)
            if not path.startswith(("/", "..")):
                yield node, path
    key = source.node.get("cache", "key")
    if key is not None and isinstance(key.value, str) and not source.buildspec.is_open(key):
        script = Script(key, key.value)
        for call in follow([(None, script)], {}).calls:
            if call.program == "codebuild-hash-files":
                yield from ((read.node, read.path) for read in reads(call) if read.path)


def _written(source: Source, read: Read) -> Node:
    """Give the place where a path is written out: the word, or the variable that it comes of."""
    if read.text in read.part.text:
        return read.node
    for variable in source.buildspec.variables():
        command = read.call.command.text if read.call.command is not None else None
        if read.text not in variable.text.split() or f"${variable.name}" not in (command or "").replace("{", ""):
            continue
        text, at = variable.text, 0
        while (at := text.find(read.text, at)) >= 0:
            end = at + len(read.text)
            if not text[at - 1 : at].strip() and not text[end : end + 1].strip():
                return Script(variable.node, text).at(at, end)
            at = end
    return read.node


def _is_cached(source: Source, path: str) -> bool:
    """Whether the cache may bring the file along."""
    paths = source.node.get("cache", "paths")
    for node in paths.elements() if paths is not None else ():
        fixed = str(node.value).removeprefix("./").partition("*")[0]
        if path.startswith(fixed):
            return True
    return False


def _is_accepted(read: Read) -> bool:
    """Whether the commands go on without the file: `bash x.sh || true`, `if bash x.sh; then`."""
    below, above = read.call.part, read.call.part.parent
    while above is not None:
        first = bool(above.parts) and above.parts[0] == below
        if first and above.kind in {"list", "negated_command"} and any(one.kind in {"||", "!"} for one in above.tokens):
            return True
        if above.kind in {"if_statement", "while_statement", "elif_clause"} and below in above.fields("condition"):
            return True
        below, above = above, above.parent
    return False


def _asked_for(source: Source) -> Iterator[str]:
    """Yield the files that commands ask for before they take them: `[ -f x.sh ]`."""
    scripts = [command.script for command in source.buildspec.commands()]
    for script in scripts:
        for part in script.root.walk() if script is not None and " -" in script.text else ():
            words = part.text.split() if part.kind == "test_command" else []
            if part.kind == "command" and part.text.startswith("test "):
                words = part.text.split()
            plain = [word.strip("\"'") for word in words]
            yield from (posixpath.normpath(name) for word, name in pairwise(plain) if word in _TESTS)
