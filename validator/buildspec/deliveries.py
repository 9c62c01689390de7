"""What a build does with templates: packages, uploads, deploys and rewrites them."""

import posixpath
from collections.abc import Container, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from validator.buildspec.calls import ANYTHING, Call

# Programs that leave the templates of the source as they are, and upload none of them.
_HARMLESS = frozenset({
    *("[", "[[", ":", "apk", "apt", "apt-get", "awk", "basename", "cat", "cd", "cfn-lint", "cfn_nag", "cfn_nag_scan"),
    *("checkov", "chmod", "curl", "cut", "date", "dirname", "dnf", "echo", "env", "exit", "export", "false", "gem"),
    *("grep", "head", "jq", "jsonlint", "ls", "mkdir", "pip", "pip3", "printenv", "printf", "pwd", "pylint", "pytest"),
    *("return", "rm", "ruff", "set", "sleep", "sort", "stackproof", "tail", "tar", "test", "touch", "tr", "trap"),
    *("true", "unset", "unzip", "wc", "wget", "which", "yamllint", "yum", "zip"),
})  # fmt: skip
# Programs of which only some commands do.
_HARMLESS_COMMANDS: Mapping[str, frozenset[str]] = {
    "bundle": frozenset({"install"}),
    "docker": frozenset({"build", "images", "login", "pull", "push", "tag", "version"}),
    "git": frozenset({"config", "describe", "diff", "fetch", "log", "rev-parse", "status", "tag"}),
    "npm": frozenset({"ci", "i", "install"}),
    "sam": frozenset({"package", "validate"}),
    "yarn": frozenset({"install"}),
}
_MAKERS = frozenset({"cp", "mv", "tee", "install", "rsync"})
_REWRITERS = _MAKERS | {"sed", "yq", "envsubst"}
_NONE: frozenset[str] = frozenset()


class Packaged(NamedTuple):
    """A template that a call makes of another: what it uploads, it names by its URL there."""

    call: Call
    template: tuple[str, ...]
    output: tuple[str, ...]


class Uploaded(NamedTuple):
    """What a call uploads: files, or a folder with all in it; all that there is, if nobody can tell."""

    call: Call
    sources: tuple[str, ...]
    whole: bool

    def covers(self, path: str, folders: Container[str]) -> bool:
        """Whether a file of the source, which has these folders, may be among what is uploaded."""
        name = posixpath.basename(path)
        for source in self.sources:
            clean = posixpath.normpath(source)
            if ANYTHING in source and (fnmatchcase(name, posixpath.basename(clean)) or fnmatchcase(path, clean)):
                return True
            if posixpath.basename(clean) == name or (self.whole and _may_hold(clean, path, folders)):
                return True
        return False


class Deployed(NamedTuple):
    """A template that a call deploys.

    Attributes:
        change_set: Whether the call makes a change set first, and deploys that.
        capabilities: What is acknowledged; None if nobody can tell.
    """

    call: Call
    template: str
    change_set: bool
    capabilities: frozenset[str] | None


def packaged(calls: Iterable[Call]) -> Iterator[Packaged]:
    """Yield the templates that are packaged: their local files uploaded, and these named by URLs."""
    for call in calls:
        if call.starts("aws", "cloudformation", "package"):
            template = call.option("--template-file") or (ANYTHING,)
            yield Packaged(call, template, call.option("--output-template-file") or call.writes or (ANYTHING,))
        elif call.starts("sam", "package"):
            template = call.option("--template-file", "--template", "-t") or ("template.yaml",)
            yield Packaged(call, template, call.option("--output-template-file") or call.writes or (ANYTHING,))


def uploaded(calls: Iterable[Call]) -> Iterator[Uploaded]:
    """Yield what is copied to S3 one by one, by folder or by both."""
    for call in calls:
        if call.starts("aws", "s3", "cp") or call.starts("aws", "s3", "mv") or call.starts("aws", "s3", "sync"):
            operands = [word for word in call.operands if not {"s3", "cp", "mv", "sync"}.intersection(word)]
            remote = [word for word in operands if any(text.startswith("s3:") for text in word)]
            local = [word for word in operands if word not in remote]
            # From S3 to here, or from one bucket to another.
            if operands and operands[0] in remote:
                continue
            filtered = call.option("--include") is not None or call.option("--exclude") is not None
            whole = call.starts("aws", "s3", "sync") or call.option("--recursive", "--recursive=true") is not None
            whole = whole or any(word[0] == "--recursive" for word in call.words)
            yield Uploaded(call, (ANYTHING,) if filtered or not local else local[0], whole)
        elif call.starts("aws", "s3api", "put-object"):
            yield Uploaded(call, call.option("--body") or (ANYTHING,), whole=False)


def deployed(calls: Iterable[Call]) -> Iterator[Deployed]:
    """Yield the templates that are deployed from here."""
    for call in calls:
        if call.starts("aws", "cloudformation", "deploy"):
            templates, change_set = call.option("--template-file"), True
        elif call.starts("sam", "deploy"):
            # What it acknowledges may stand in its configuration file.
            if call.listed("--capabilities") is None:
                continue
            templates, change_set = call.option("--template-file", "--template", "-t"), True
        elif call.starts("aws", "cloudformation", "create-stack") or call.starts(
            "aws", "cloudformation", "update-stack"
        ):
            templates, change_set = call.option("--template-body"), False
        elif call.starts("aws", "cloudformation", "create-change-set"):
            templates, change_set = call.option("--template-body"), True
        else:
            continue
        given = call.listed("--capabilities") or ()
        names = frozenset(name for text in given for name in text.replace(",", " ").split())
        for template in templates or ():
            path = template.removeprefix("file://")
            yield Deployed(call, path, change_set, None if any(ANYTHING in name for name in names) else names)


def opaque(calls: Iterable[Call]) -> Iterator[Call]:
    """Yield the calls of which nobody can tell what they do with templates: scripts, tools, unknown programs."""
    for call in calls:
        program = call.program
        first = call.operands[0] if call.operands else ("",)
        if program == "aws" or program in _HARMLESS | _REWRITERS or _HARMLESS_COMMANDS.get(program, _NONE) >= {*first}:
            continue
        yield call


def makes(calls: Iterable[Call], path: str) -> bool:
    """Whether a call may write a file of a path's name that was not there."""
    return _writes(calls, path, _MAKERS)


def copies(calls: Iterable[Call]) -> bool:
    """Whether a call may put a file of the source into another folder."""
    return any(call.program in _MAKERS for call in calls)


def rewrites(calls: Iterable[Call], path: str) -> bool:
    """Whether a call may put something else in the place of a file, or change it where it is."""
    return _writes(calls, path, _REWRITERS)


def _writes(calls: Iterable[Call], path: str, programs: Container[str]) -> bool:
    name = posixpath.basename(path)
    for call in calls:
        targets = [*call.writes]
        if call.program in programs and call.operands:
            targets += call.operands[-1]
            # What is copied from another folder keeps its name.
            copied = [text for word in call.operands[:-1] for text in word] if call.program in _MAKERS else []
            targets += [text for text in copied if not _beside(text, path)]
        targets += [text for one in packaged((call,)) for text in one.output]
        if any(fnmatchcase(name, posixpath.basename(text)) for text in targets):
            return True
    return False


def _beside(text: str, path: str) -> bool:
    folder = posixpath.dirname(posixpath.normpath(text))
    return f"/{posixpath.dirname(path)}".endswith(f"/{folder}") if folder else True


def _may_hold(folder: str, path: str, folders: Container[str]) -> bool:
    # A folder that the source does not have is one that the build fills, with whatever it will.
    return folder == "." or f"/{folder}/" in f"/{path}" or folder not in folders
