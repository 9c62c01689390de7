"""Which failures a build does not see: a shell goes on, and what counts is how the last command ends."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from operator import itemgetter

from validator.buildspec.calls import Call
from validator.buildspec.shell import Part, Script
from validator.buildspec.spec import Command

_KEPT = re.compile(r"\$\?[\"']?\s*>")
# What hardly fails, or is not missed if it does: it prints, asks, waits, or clears away.
_LIGHT = frozenset(
    {
        *(":", "[", "awk", "basename", "cat", "clear", "command", "continue", "cut", "date", "df", "dirname", "du"),
        *("echo", "env", "false", "find", "free", "grep", "head", "hostname", "id", "jq", "kill", "let", "local", "ls"),
        *("mkdir", "ping", "pkill", "popd", "printenv", "printf", "ps", "pwd", "read", "rm", "rmdir", "sed", "seq"),
        *("set", "shift", "shopt", "sleep", "sort", "tail", "tee", "test", "touch", "tr", "trap", "tree", "true"),
        *("type", "ulimit", "umask", "uname", "uniq", "unset", "wait", "wc", "which", "whoami", "xargs"),
    }
)
# Of programs that do more, what only asks or clears away, by the word behind the name.
_LIGHT_WORDS = {
    "aws": frozenset({"--version", "configure"}),
    "docker": frozenset(
        {"--version", "images", "info", "inspect", "kill", "logs", "ps", "rm", "rmi", "stop", "version"}
    ),
    "git": frozenset({"--version", "branch", "config", "describe", "diff", "log", "rev-parse", "show", "status"}),
    "npm": frozenset({"--version", "-v", "config", "list", "ls", "set"}),
}
_VERSIONS = frozenset({"--version", "-version", "version", "-v", "-V"})
# Programs that test, build, scan or deploy: what a build is there for.
_ALWAYS_WORK = frozenset({
    *("ant", "bandit", "behave", "cargo", "cfn-lint", "cfn_nag", "cfn_nag_scan", "checkov", "cmake", "ctest"),
    *("cypress", "eslint", "flake8", "golangci-lint", "gradle", "gradlew", "hadolint", "jest", "jsonlint"),
    *("make", "mocha", "msbuild", "mvn", "mvnw", "mypy", "ng", "ninja", "nosetests", "nox", "phpunit", "pylint"),
    *("pytest", "rspec", "ruff", "serverless", "shellcheck", "sls", "sonar-scanner", "tflint", "tfsec", "tox"),
    *("trivy", "trufflehog", "tsc", "yamllint"),
})  # fmt: skip
# Of some only with one of these words.
_WORK: dict[str, frozenset[str]] = {
    **dict.fromkeys(_ALWAYS_WORK, frozenset()),
    "aws": frozenset({"cloudformation", "deploy", "ecs", "lambda", "s3", "s3api", "ecr"}),
    "cdk": frozenset({"deploy", "synth", "diff"}),
    "docker": frozenset({"build", "buildx", "push", "run", "pull", "tag", "compose"}),
    "docker-compose": frozenset({"build", "up", "run", "push"}),
    "dotnet": frozenset({"build", "publish", "test", "pack", "restore"}),
    "go": frozenset({"build", "install", "test", "vet"}),
    "helm": frozenset({"install", "lint", "upgrade", "push", "package"}),
    "kubectl": frozenset({"apply", "create", "rollout", "set"}),
    "npm": frozenset({"ci", "install", "publish", "run", "run-script", "test", "t"}),
    "pnpm": frozenset({"build", "install", "publish", "run", "test"}),
    "sam": frozenset({"build", "deploy", "package", "publish", "validate"}),
    "terraform": frozenset({"apply", "init", "plan", "validate", "destroy"}),
    "yarn": frozenset({"build", "install", "lint", "publish", "run", "test"}),
    "newman": frozenset({"run"}),
    "python": frozenset({"pytest", "unittest", "tox"}),
    "python3": frozenset({"pytest", "unittest", "tox"}),
}
_PLAIN = frozenset({"command", "pipeline", "redirected_statement", "list"})


def keeps_status(script: Script) -> bool:
    """Whether how one of several programs has ended is kept, to be looked at later: `echo $? > status`."""
    return "PIPESTATUS" in script.text or _KEPT.search(script.text) is not None


def is_work(call: Call) -> bool:
    """Say whether a call tests, builds, scans or deploys."""
    name = call.program.removesuffix(".sh") if call.program.startswith("gradlew") else call.program
    wanted = _WORK.get(name)
    words = {text for word in call.words[1:] for text in word}
    return wanted is not None and (not wanted or not wanted.isdisjoint(words)) and not (words and words <= _VERSIONS)


def is_light(call: Call) -> bool:
    """Say whether a call prints, asks, waits or clears away, so that nobody misses its failure."""
    words = [text for word in call.words[1:] for text in word]
    if call.program == "sed" and any(word.startswith(("-i", "--in-place")) for word in words):
        return False
    if call.program in _LIGHT or not call.texts or (words and set(words) <= _VERSIONS):
        return True
    known = _LIGHT_WORDS.get(call.program, frozenset())
    return any(not word.startswith("-") and word in known for word in words[:2]) or (bool(words) and words[0] in known)


class Calls:
    """The calls of one command, in order of place, to be asked many times."""

    def __init__(self, command: Command) -> None:
        """Take them from all that the buildspec's commands do."""
        self._command = command
        self._numbered = command.buildspec.calls_of.get(command, ())
        own = ((call.part.start, call.part.end, call) for _, call in self._numbered)
        self._own = sorted(own, key=itemgetter(0))
        self._starts = [start for start, _, _ in self._own]
        self._seen: dict[bool, float] = {}

    def within(self, part: Part) -> Iterator[Call]:
        """Yield the calls that a part of the command makes itself, not those whose output it puts in."""
        end = part.end
        for start, stop, call in self._own[bisect_left(self._starts, part.start) :]:
            if start >= end:
                return
            if stop > end:
                continue
            above = call.part
            while above != part and above.parent is not None and "substitution" not in above.kind:
                above = above.parent
            if above == part:
                yield call

    def fails_at_once(self, at: int, *, pipes: bool = False) -> bool:
        """Say whether at a place the shell ends at a failure, or somebody looks: `set -e`, `trap … ERR`.

        Args:
            at: A place in the text of the command: what is set behind it comes too late.
            pipes: Whether that is asked for all that a pipe begins with: `pipefail`.
        """
        if pipes not in self._seen:
            own = (start for start, _, call in self._own if _heeds(call, pipes=pipes, own=True))
            self._seen[pipes] = -1 if self._begins(pipes=pipes) else next(own, float("inf"))
        return self._seen[pipes] < at

    def _begins(self, *, pipes: bool) -> bool:
        """Whether an earlier command has seen to it; in version 0.1 its shell is gone."""
        buildspec = self._command.buildspec
        if buildspec.version == "0.1" or not self._numbered:
            return False
        before = buildspec.flow.calls[: self._numbered[0][0]]
        return any(_heeds(call, pipes=pipes, own=False) for call in before if call.program in {"set", "trap"})


def _heeds(call: Call, *, pipes: bool, own: bool) -> bool:
    words = [text for word in call.words[1:] for text in word]
    if call.program == "set":
        return _sets(words, "pipefail" if pipes else "errexit")
    if pipes:
        return False
    # What is read in may set anything.
    return (call.program == "trap" and "ERR" in words) or (own and call.program in {"source", "."})


def _sets(words: list[str], option: str) -> bool:
    if option in words and "+o" not in words:
        return True
    return option == "errexit" and any(w.startswith("-") and not w.startswith("--") and "e" in w for w in words)


def unseen(parts: tuple[Part, ...], *, last: bool = False) -> Iterator[Part]:
    """Yield the statements whose failure nobody sees.

    Args:
        parts: Statements that run one after the other.
        last: Whether how the last one ends is lost as well, as in a loop.
    """
    for at, part in enumerate(parts):
        following = parts[at + 1] if at + 1 < len(parts) else None
        if following is None and not last:
            continue
        asked = following is not None and ("$?" in following.text or "PIPESTATUS" in following.text)
        if asked or _in_background(part):
            continue
        if part.kind in _PLAIN:
            if not any(token.kind == "||" for one in _lists(part) for token in one.tokens):
                yield part
        elif part.kind == "compound_statement":
            yield from unseen(part.parts, last=True)
        elif part.kind == "if_statement":
            conditions = {one.start for one in part.fields("condition")}
            own = tuple(one for one in part.parts if one.start not in conditions)
            yield from unseen(tuple(one for one in own if not one.kind.endswith("_clause")), last=True)
            for clause in own:
                if clause.kind.endswith("_clause"):
                    above = {one.start for one in clause.fields("condition")}
                    inner = clause.parts if clause.kind == "else_clause" else clause.parts[1:]
                    yield from unseen(tuple(one for one in inner if one.start not in above), last=True)
        elif part.kind == "case_statement":
            for item in part.parts:
                if item.kind == "case_item":
                    yield from unseen(item.parts[1:], last=True)


def _lists(part: Part) -> Iterator[Part]:
    while part.kind == "list":
        yield part
        part = part.parts[0]


def _in_background(part: Part) -> bool:
    following = part.syntax.next_sibling
    return following is not None and following.type == "&"
