"""The files that a build's commands cannot do without, and those that they make."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from validator.buildspec.calls import ANYTHING, SOURCE, Call
from validator.buildspec.shell import Part
from validator.document import Node

# Options that stand before the name of a script and take no value, by the interpreter.
_FLAGS: Mapping[str, re.Pattern[str]] = {
    "sh": re.compile(r"-[aefhilnuvx]+"),
    "python": re.compile(r"-[bBdEIOqsSuvx]+"),
}
_INTERPRETERS: Mapping[str, str] = {
    **dict.fromkeys(("sh", "bash", "dash", "zsh", "ksh"), "sh"),
    **dict.fromkeys(("python", "python2", "python3", "pypy3"), "python"),
    **dict.fromkeys(("node", "ruby", "perl", "php", "pwsh", "source", "."), ""),
}
_PYTHON = re.compile(r"python\d\.\d+")
# Programs of which each word that is no option is a file; none of their options takes a value that looks like one.
_READERS = frozenset({"jsonlint", "codebuild-hash-files"})
_DEEP = re.compile(r"-[a-zA-Z]*[arR][a-zA-Z]*|--recursive")
# More globs than these nobody writes.
_MOST = 200
_WITH_DOCKERFILE = (("docker", "build"), ("docker", "buildx", "build"), ("docker", "compose"))
_HERE = frozenset({".", "..", SOURCE})
_UNKNOWN = re.compile(r"[*?\[{]|://|^-|^$")
# Programs that leave no file in the source.
_WITHOUT_TRACE = frozenset({
    *("[", ":", "apk", "apt", "apt-get", "add-apt-repository", "awk", "basename", "cat", "cd", "cfn-lint", "chmod"),
    *("chown", "command", "cut", "date", "df", "diff", "dirname", "dnf", "du", "echo", "env", "eval", "exit", "export"),
    *("false", "find", "free", "grep", "head", "hostname", "id", "jq", "jsonlint", "kubectl", "ls", "nproc", "ping"),
    *("popd", "printenv", "printf", "pushd", "pwd", "read", "return", "rm", "rmdir", "sed", "set", "shift", "sleep"),
    *("sort", "sysctl", "tail", "test", "tr", "trap", "true", "type", "uname", "uniq", "unset", "wc", "which"),
    *("whoami", "yamllint", "yum"),
})  # fmt: skip
# Programs of which only some commands leave none.
_COMMANDS_WITHOUT_TRACE: Mapping[str, frozenset[str]] = {
    "docker": frozenset({"build", "images", "info", "login", "logout", "pull", "push", "tag", "version"}),
    "git": frozenset({"add", "commit", "config", "describe", "diff", "fetch", "log", "push", "rev-parse", "status"}),
    "pip": frozenset({"list", "freeze", "--version"}),
    "gem": frozenset({"install"}),
    "nohup": frozenset({"dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd"}),
    **dict.fromkeys(("python", "node", "npm", "sam", "java", "mvn", "aws", "go"), frozenset({"--version", "-v"})),
}


class Read(NamedTuple):
    """A file that a call fails without.

    Attributes:
        part: The word that names it.
        text: Its path, as the call gets it.
    """

    call: Call
    part: Part
    text: str

    @property
    def path(self) -> str | None:
        """Where it is, from the source's top; None if nobody can tell."""
        return None if _UNKNOWN.search(self.text) else self.call.path(self.text)

    @property
    def node(self) -> Node:
        """The place to report at: the path where it is written out, else the word that it comes of."""
        at = self.part.text.find(self.text)
        start = self.part.start + at
        return self.part.script.at(start, start + len(self.text)) if at >= 0 else self.part.node


def reads(call: Call) -> Iterator[Read]:
    """Yield the files that a call cannot do without, as far as its words name them."""
    for at, prefix in _named(call):
        for text in call.texts[at]:
            if text.startswith(prefix):
                yield Read(call, call.parts[at], text.removeprefix(prefix))


def _named(call: Call) -> Iterator[tuple[int, str]]:
    """Yield the numbers of words that name files, with what stands before the path in them."""
    if not call.texts:
        return
    if all("/" in text for text in call.texts[0]):
        yield 0, ""
    program = "python" if _PYTHON.fullmatch(call.program) else call.program
    if program in _INTERPRETERS:
        yield from _script(call, _FLAGS.get(_INTERPRETERS[program]))
    if _is_pip(call):
        yield from _options(call, "-r", "--requirement")
    elif program == "aws":
        yield from ((at, "file://") for at in range(1, len(call.texts)))
        yield from ((at, "fileb://") for at in range(1, len(call.texts)))
        yield from _options(call, "--template-file")
        yield from _uploaded(call)
    elif program == "sam":
        yield from _options(call, "--template-file", "--template", "-t")
    elif program == "docker-compose" or any(call.starts(*words) for words in _WITH_DOCKERFILE):
        yield from _options(call, "-f", "--file")
    elif program in _READERS:
        yield from ((at, "") for at in range(1, len(call.texts)))


def _script(call: Call, flags: re.Pattern[str] | None) -> Iterator[tuple[int, str]]:
    for at, word in enumerate(call.texts[1:], 1):
        if len(word) > 1 or not (flags and flags.fullmatch(word[0])):
            # `node app` may mean app.js, or app/index.js.
            if call.program != "node" or all("." in posixpath.basename(text) for text in word):
                yield at, ""
            return


def _options(call: Call, *names: str) -> Iterator[tuple[int, str]]:
    for at, word in enumerate(call.words):
        for name in names:
            if word == (name,) and at + 1 < len(call.texts):
                yield at + 1, ""
            elif word[0].startswith(name + "="):
                yield at, name + "="


def _uploaded(call: Call) -> Iterator[tuple[int, str]]:
    """Yield what `aws s3 cp` copies to S3 as one file."""
    words = call.words
    if not (call.starts("aws", "s3", "cp") or call.starts("aws", "s3", "mv")) or ("--recursive",) in words:
        return
    at = next((at for at, word in enumerate(words) if word in {("cp",), ("mv",)}), 0) + 1
    if at + 1 < len(words) and all(text.startswith("s3://") for text in words[at + 1]):
        yield at, ""


class Made:
    """The files that calls make, which stand in the order in which they happen."""

    def __init__(self, calls: Iterable[Call]) -> None:
        """Take the calls."""
        # The first two calls are enough to find one that is not the call that is asked about.
        self._any: list[int] = []
        self._at: dict[str, list[int]] = {}
        self._globs: dict[str, list[int]] = {}
        for number, call in enumerate(calls):
            for text in made(call):
                if text.startswith(("/", "~")):
                    continue
                numbers = self._numbers(text, call.path(text))
                if len(numbers) < 2:
                    numbers.append(number)
        if len(self._globs) > _MOST:
            self._any = [0, 1]

    def _numbers(self, text: str, path: str | None) -> list[int]:
        if ANYTHING in text:
            return self._any if text.strip("*/.") == "" else self._globs.setdefault(text, [])
        return self._any if path is None else self._at.setdefault(path, [])

    def is_open(self, last: int, but: int) -> bool:
        """Whether one of the calls up to a number may make any file.

        Args:
            last: The number of the last call that counts.
            but: The number of the call that is left out.
        """
        return any(number <= last and number != but for number in self._any)

    def may_hold(self, path: str, last: int, but: int) -> bool:
        """Whether one of the calls up to a number makes what may lie at a path from the source's top."""
        found = [*self._at.get(path, ())]
        for folder in _above(path):
            found += self._at.get(folder, ())
        name = posixpath.basename(path)
        for glob, numbers in self._globs.items():
            if fnmatchcase(path, glob) or fnmatchcase(name, posixpath.basename(glob)):
                found += numbers
        return any(number <= last and number != but for number in found)


def _above(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


def made(call: Call) -> Iterator[str]:
    """Yield the files and folders that a call makes, as its words name them; `*` if it may make any."""
    yield from call.writes
    program, operands = call.program, [word for word in call.texts[1:] if not word[0].startswith("-")]
    first = operands[0][0] if operands else call.texts[1][0] if len(call.texts) > 1 else ""
    if not call.texts or program in _WITHOUT_TRACE or _is_set_up(call):
        return
    match program:
        case "aws":
            yield from _made_by_aws(call, operands)
        case "curl" | "wget":
            yield from _downloaded(call, operands)
        case "git" if first == "clone":
            yield from _cloned(operands[1:])
        case "cp" | "mv" | "install" | "rsync" | "ln":
            yield from _copied(call, operands)
        case "mkdir" | "touch" | "tee" | "zip" | "truncate":
            yield from (text for word in operands for text in word)
        case "unzip":
            yield from _folders(call, "-d")
        case "tar":
            yield from _folders(call, "-C", "--directory")
        case _ if first in _COMMANDS_WITHOUT_TRACE.get(program.rstrip("0123456789."), ()):
            pass
        case _:
            yield ANYTHING


def _made_by_aws(call: Call, operands: list[tuple[str, ...]]) -> Iterator[str]:
    yield from call.option("--output-template-file") or ()
    if call.starts("aws", "s3"):
        *sources, target = operands[2:] or [(ANYTHING,)]
        deep = call.starts("aws", "s3", "sync") or ("--recursive",) in call.words
        for folder in target:
            if not folder.startswith("s3://"):
                yield ANYTHING if deep and folder.rstrip("/") in _HERE else folder
                yield from (posixpath.join(folder, posixpath.basename(text)) for word in sources for text in word)
    elif call.starts("aws", "s3api", "get-object") or call.starts("aws", "lambda", "invoke"):
        yield from operands[-1]


def _downloaded(call: Call, operands: list[tuple[str, ...]]) -> Iterator[str]:
    named = "O" if call.program == "wget" else "o"
    options = re.compile(rf"-[A-Za-z]*{named}|--output(?:-document)?")
    given = [after for word, after in zip(call.texts, call.texts[1:], strict=False) if options.fullmatch(word[0])]
    yield from (text for word in given for text in word)
    yield from (
        text.partition("=")[2] for word in call.texts for text in word if text.startswith("--output") and "=" in text
    )
    yield from _folders(call, "-P", "--directory-prefix", "--output-dir", otherwise=())
    if not given:
        yield from (posixpath.basename(text) or ANYTHING for word in operands for text in word)


def _cloned(operands: list[tuple[str, ...]]) -> Iterator[str]:
    for word in operands[:1] if len(operands) == 1 else operands[1:]:
        for text in word:
            yield ANYTHING if text == "." else posixpath.basename(text).removesuffix(".git") or ANYTHING


def _copied(call: Call, operands: list[tuple[str, ...]]) -> Iterator[str]:
    *sources, target = operands or [(ANYTHING,)]
    deep = call.program == "rsync" or any(
        re.fullmatch(r"-[a-z]*[arR][a-z]*|--recursive", word[0]) for word in call.words
    )
    for folder in target:
        yield ANYTHING if deep and folder.rstrip("/") in _HERE else folder
        yield from (posixpath.join(folder, posixpath.basename(text)) for word in sources for text in word)


def _folders(call: Call, *options: str, otherwise: tuple[str, ...] = (ANYTHING,)) -> tuple[str, ...]:
    """Give the folders that an option names."""
    given = [text for at, _ in _options(call, *options) for text in call.texts[at]]
    return tuple(given) or otherwise


def _is_pip(call: Call) -> bool:
    module = call.words[1:3] == (("-m",), ("pip",)) and call.program.startswith("python")
    return module or re.fullmatch(r"pip(?:\d(?:\.\d+)?)?", call.program) is not None


def _is_set_up(call: Call) -> bool:
    """Whether a call puts packages where programs look for them."""
    if call.program in {"npm", "yarn", "pnpm"}:
        return any(word in {("-g",), ("--global",), ("global",)} for word in call.words)
    target = any(word[0].startswith(("-t", "--target", "--root", "--prefix")) for word in call.words)
    return _is_pip(call) and not target
