"""Run cfn-lint over many templates, in worker processes.

cfn-lint takes a second to import and a third of one per template, its objects cannot be pickled, and a hostile template
makes it hang or crash. So a worker is a Python process of its own: it loads the rules once, then answers each line of
JSON with another, a template's path in, its matches out. The parent never imports cfn-lint, and kills a late worker.

What is found follows from the templates and what cfn-lint reads besides: child templates named by a literal relative
path, if they lie under `root`; and `.cfnlintrc` (also .yaml, .yml) in `root` and in the home directory. Of its keys
those in `_HONOURED` count: not `templates`, `parameters` and the like, since the caller says what is checked, nor
`append_rules`, since checking a repository must not run the code in it. `Metadata.cfn-lint.config` works as ever.
"""

# ruff: noqa: PLC0415 cfn-lint is imported in workers only, and `resource` where there is one

import atexit
import json
import math
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any, Literal, Self, cast

Level = Literal["error", "warning", "note"]

REGIONS = ("us-east-1",)  # which resource types there are, if nobody says where they shall be

_LEVELS: Mapping[str, Level] = {"E": "error", "W": "warning", "I": "note"}
_HONOURED = {
    "configure_rules", "custom_rules", "ignore_checks", "include_checks", "include_experimental", "mandatory_checks",
    "merge_configs", "override_spec", "regions", "registry_schemas",
}  # fmt: skip
_START_SECONDS = 60  # importing cfn-lint takes 1 s, on a busy machine 5 s
_MEMORY = 2 << 30  # address space of a worker, in bytes; cfn-lint needs a tenth of it
_COMMAND = [sys.executable, "-P", "-X", "utf8", "-c", f"from {__name__} import work; work()"]

_Row = dict[str, Any]  # the fields of a Match but its path, as JSON has them
_Answer = tuple[list[_Row], list[str]]  # what was found, and why not everything could be


@dataclass(frozen=True, slots=True)
class Match:
    """One thing that cfn-lint found.

    Attributes:
        path: The template, spelled as it was given.
        code: cfn-lint's id of the rule, such as E3012.
        line: 1-based, as are the other three; the end is exclusive.
        pointer: Keys and 0-based indices from the top of the template; empty if cfn-lint gives none.
        summary: The rule in a few words.
        url: Where the rule comes from, most often a page of AWS's documentation; may be empty.
    """

    path: str
    code: str
    level: Level
    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    pointer: tuple[str | int, ...] = ()
    summary: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Failure:
    """A template that cfn-lint could not judge, or not by all of its rules."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule of cfn-lint, in its own words."""

    code: str
    level: Level
    summary: str
    description: str
    url: str


def start(
    paths: Iterable[str],
    *,
    workers: int,
    seconds: float,
    root: str | None = None,
    regions: Sequence[str] = REGIONS,
) -> "Run":
    """Start cfn-lint on templates, and return at once.

    Args:
        paths: Files, absolute or relative to the working directory. One given twice is checked once.
        workers: How many processes at most; never more than there are paths.
        seconds: How long a template may take; the start of a worker does not count.
        root: Where workers run, see above; the working directory by default.
        regions: Whose resource types there are, if neither `.cfnlintrc` nor the template says. cfn-lint would ask the
            environment, and reports would differ from one machine to the next.
    """
    settings = {"regions": list(regions), "limit": math.ceil(seconds) + _START_SECONDS}
    return Run(paths, workers, seconds, lambda: _Worker(_COMMAND, root, settings))


class Run:
    """cfn-lint under way. As a context manager it leaves no worker behind."""

    def __init__(self, paths: Iterable[str], workers: int, seconds: float, hire: Callable[[], "_Worker"]) -> None:
        """Start up to so many threads, each with one worker at a time."""
        self._places = {path: _place(path) for path in paths}
        self._waiting = iter(tuple(self._places.items()))
        self._seconds = seconds
        self._hire = hire
        self._answers: dict[str, _Answer] = {}
        self._trouble = "not checked"  # why some templates found no worker
        self._workers: set[_Worker] = set()
        self._cancelled = False
        self._lock = threading.Lock()  # no worker starts once cancelled
        count = min(workers, len(self._places))
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(count)]
        atexit.register(self.cancel)  # an exception may end the program before `collect`
        for thread in self._threads:
            thread.start()

    def collect(self) -> tuple[tuple[Match, ...], tuple[Failure, ...]]:
        """Wait for all templates: one may have matches, failures, both, or neither.

        Returns:
            Matches by path, position and code, and failures by path; the same however many workers there were.
        """
        try:
            for thread in self._threads:
                thread.join()
        except BaseException:  # Ctrl-C
            self.cancel()
            raise
        finally:
            atexit.unregister(self.cancel)
        matches: list[Match] = []
        failures: set[Failure] = set()
        for path, place in self._places.items():
            rows, reasons = self._answers.get(path, ([], [self._trouble]))
            for row in rows:
                spelled = {"message": row["message"].replace(place, path), "pointer": tuple(row["pointer"])}
                matches.append(Match(path, **row | spelled))
            failures |= {Failure(path, reason.replace(place, path)) for reason in reasons}
        return tuple(sorted(matches, key=_order)), tuple(sorted(failures))

    def cancel(self) -> None:
        """End all workers now; a template not judged by then is a failure."""
        with self._lock:
            self._cancelled, self._trouble = True, "cancelled"
            for worker in self._workers:
                worker.process.kill()
                worker.process.wait()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Self:
        """Return the run, which is under way already."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers that are left."""
        self.cancel()

    def _serve(self) -> None:
        """Have templates judged until none waits, by one worker after another."""
        worker: _Worker | None = None
        while not self._cancelled and (task := next(self._waiting, None)):
            path, place = task
            try:
                worker = worker or self._begin()
            except (_LostError, OSError) as error:  # nor would the next worker start
                self._trouble = "cancelled" if self._cancelled else str(error)
                return
            try:
                self._answers[path] = worker.ask(place, self._seconds)
            except _LostError as lost:
                self._answers[path] = [], ["cancelled" if self._cancelled else str(lost)]
                self._end(worker)
                worker = None
        if worker:
            self._end(worker)

    def _begin(self) -> "_Worker":
        with self._lock:
            if self._cancelled:
                raise _LostError
            worker = self._hire()
            self._workers.add(worker)
        try:
            worker.begin()
        except _LostError:
            self._end(worker)
            raise
        return worker

    def _end(self, worker: "_Worker") -> None:
        worker.end()
        with self._lock:
            self._workers.discard(worker)


class _LostError(Exception):
    """A worker answers nothing any more, and why."""


class _Worker:
    """A worker process; of its methods, only `end` may be called once one has raised _LostError."""

    def __init__(self, command: Sequence[str], root: str | None, settings: Mapping[str, object]) -> None:
        self._settings = settings
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=root,
            env=_environment(),
        )
        self._requests = cast(IO[bytes], self.process.stdin)
        self._replies = cast(IO[bytes], self.process.stdout)

    def begin(self) -> None:
        """Wait until cfn-lint is loaded; _LostError if it cannot be."""
        _, reasons = self.ask(self._settings, _START_SECONDS)
        if reasons:
            raise _LostError(reasons[0])

    def ask(self, request: object, seconds: float) -> _Answer:
        """Send a request and wait for the answer; _LostError if none comes in time, or the process has ended."""
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self.process.kill()

        timer = threading.Timer(seconds, give_up)
        timer.daemon = True
        timer.start()
        with suppress(OSError):  # a broken pipe: there will be no reply either
            self._requests.write(json.dumps(request).encode() + b"\n")
            self._requests.flush()
        reply = self._replies.readline()
        timer.cancel()
        timer.join()  # from here on it does not strike
        if late.is_set():
            raise _LostError(f"no answer within {seconds:g} s")
        if not reply.endswith(b"\n"):
            code = self.process.wait()
            raise _LostError(f"the worker ended {f'by signal {-code}' if code < 0 else f'with exit code {code}'}")
        return cast(_Answer, json.loads(reply))

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        self._replies.close()
        with suppress(OSError):  # what is left in the buffer finds nobody
            self._requests.close()


def _environment() -> dict[str, str]:
    """Have a worker import what its parent would, not what lies in `root`, and order sets, which show in messages."""
    folders = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    return os.environ | {"PYTHONPATH": folders, "PYTHONHASHSEED": "0"}


def _place(path: str) -> str:
    # cfn-lint compares a child's place with the working directory as the system spells that, links resolved. A link at
    # the end stays: children are looked for next to the link.
    place = Path(path).absolute()
    return str(place.parent.resolve() / place.name)


def _order(match: Match) -> tuple[object, ...]:
    span = match.line, match.column, match.end_line, match.end_column
    return match.path, span, match.code, match.message, [str(key) for key in match.pointer]


def work() -> None:
    """Be a worker: answer requests, one a line, the settings first, then the path of one template after another.

    A worker ends with its standard input, hence with its parent, however that ends: at once, or when the template at
    hand is done or its time is up.
    """
    _confine()
    with os.fdopen(os.dup(1), "w", encoding="ascii") as answers:
        os.dup2(2, 1)  # nothing printed gets among the answers
        limit, lint = _START_SECONDS, None
        for request in map(json.loads, sys.stdin):
            _allow(limit)
            answer: _Answer = [], []
            try:
                if lint is None:
                    limit, lint = request["limit"], _linter(request["regions"])
                else:
                    answer = lint(request)
            except (Exception, SystemExit) as error:  # noqa: BLE001 whatever it is, it is the template's answer
                answer = [], [f"cfn-lint failed: {type(error).__name__}: {error}"]
            answers.write(json.dumps(answer) + "\n")
            answers.flush()
            _allow(0)


def _confine() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # ends C code too, and in silence
    if sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):  # a lower limit holds already, or the system knows none
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _allow(seconds: int) -> None:
    """Have the system end this process after so many seconds, should the parent not be there to do it; 0: never."""
    if sys.platform != "win32":
        signal.alarm(seconds)


def _linter(regions: list[str]) -> Callable[[str], _Answer]:
    """Load cfn-lint and its rules."""
    from cfnlint.config import ConfigMixIn
    from cfnlint.runner import Runner
    from cfnlint.runner.template import run_template_by_file_path

    config = ConfigMixIn()
    config.file_args = {"regions": regions} | {k: v for k, v in config.file_args.items() if k in _HONOURED and v}
    rules = Runner(config).rules

    def lint(path: str) -> _Answer:
        try:
            Path(path).open("rb").close()
        except OSError as error:
            return [], [f"cannot be read: {error.strerror}"]
        config.set_template_args({})  # else the Metadata of the last template would hold for a broken one
        rows: list[_Row] = []
        reasons: list[str] = []
        for match in run_template_by_file_path(path, config, rules, False):
            if _gave_up(match):
                reasons.append(f"cfn-lint failed: {match.message.rstrip(': ')}")
            else:
                rows.append(_row(match))
        return rows, reasons

    return lint


def _gave_up(match: Any) -> bool:
    """Tell whether a match is about cfn-lint, not the template: an exception in a rule, or no stack or memory left."""
    unable = match.message.endswith("be parsed: ") or "maximum recursion depth exceeded" in match.message
    return match.rule.id == "E0002" or (match.rule.id == "E0000" and unable)


def _row(match: Any) -> _Row:
    return {
        "code": match.rule.id,
        "level": _level(match.rule.id),
        "message": str(match.message),
        "line": max(1, match.linenumber),
        "column": max(1, match.columnnumber),
        "end_line": max(1, match.linenumberend),
        "end_column": max(1, match.columnnumberend),
        "pointer": [key if type(key) is int else str(key) for key in getattr(match, "path", ())],
        "summary": match.rule.shortdesc,
        "url": match.rule.source_url,
    }


def _level(code: str) -> Level:
    return _LEVELS.get(code[:1], "warning")


def explain(code: str) -> Explanation | None:
    """Say what a rule of cfn-lint checks; None if there is no such rule. Imports cfn-lint."""
    if (rule := _rules().get(code)) is None:
        return None
    return Explanation(code, _level(code), rule.shortdesc, rule.description, rule.source_url)


@cache
def _rules() -> dict[str, Any]:
    import cfnlint
    from cfnlint.rules import Rules

    [package] = cfnlint.__path__
    return dict(Rules.create_from_directory(str(Path(package) / "rules")))
