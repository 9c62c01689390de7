"""What a build's commands do, as far as it can be told without running them: calls, variables, folders.

All is said for the finding's good: where a thing may be so or otherwise, it is taken to be possible.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice, product
from typing import TYPE_CHECKING

from validator.buildspec.calls import ANYTHING, SOURCE, Call, within_source
from validator.buildspec.shell import Part, Script

if TYPE_CHECKING:
    from validator.buildspec.spec import Command

_MOST = 64
# What a word can be; a longer one is no path and no name.
_LONGEST_TEXT = 10_000
# Nobody nests programs deeper by hand.
_DEEPEST = 60
_NAME = re.compile(r"[A-Za-z_]\w*")
_PLAIN_EXPANSION = re.compile(r"\$\{?([A-Za-z_]\w*)\}?")
_EXPANSIONS = frozenset({"simple_expansion", "expansion"})
_PUT_IN = _EXPANSIONS | {"command_substitution", "process_substitution", "arithmetic_expansion"}
# What asks for a variable in a way that does no harm if it is not set.
_DEFAULTED = frozenset({":-", "-", ":=", "=", ":+", "+", ":?", "?"})
# Programs that call the program that is named behind them.
_BEFORE_A_CALL = frozenset({"time", "sudo", "command", "exec", "env", "nohup", "coproc", "builtin"})
# Calls behind which variables may be set that no text here names.
_SETTERS = frozenset({"source", ".", "eval"})
# Programs that answer by failing, so that what stands behind `&&` is for one of the answers only.
_ASKING = frozenset({"test", "[", "command", "grep", "type", "which", "hash", "diff", "cmp"})


@dataclass(frozen=True, slots=True)
class Assigned:
    """A variable that a command sets.

    Attributes:
        part: Where its name stands.
        values: What it can be set to; `*` for what is not known.
        exported: Whether it is exported as it is set.
        passing: Whether it is set for one call only: `A=1 make`.
        local: Whether it is set within a function.
    """

    command: "Command | None"
    name: str
    part: Part
    values: tuple[str, ...]
    exported: bool = False
    passing: bool = False
    local: bool = False


@dataclass(frozen=True, slots=True)
class Used:
    """A place where a variable's value is put in.

    Attributes:
        defaulted: Whether the text says what is taken if it is not set, or that it must be: `${A:-b}`, `${A:?}`.
    """

    command: "Command | None"
    name: str
    part: Part
    defaulted: bool = False


@dataclass
class Flow:
    """What commands do, in the order in which they stand.

    Attributes:
        calls: The programs that they call; what stands below a condition may not happen.
        assigned: The variables that they set.
        used: Where they use variables.
        exported: Names that `export` makes known to programs, wherever they are set.
        functions: The names of their functions, and where each is.
        openings: Calls behind which variables may be set that nobody sees here: `source setup.sh`, `export $(cat env)`.
        unread: Scripts that nobody reads, or not to the end.
    """

    calls: list[Call] = field(default_factory=list)
    assigned: list[Assigned] = field(default_factory=list)
    used: list[Used] = field(default_factory=list)
    exported: set[str] = field(default_factory=set)
    functions: dict[str, Part] = field(default_factory=dict)
    openings: list[Call] = field(default_factory=list)
    unread: list[Script] = field(default_factory=list)


def follow(
    scripts: Iterable[tuple["Command | None", Script]], variables: Mapping[str, str], *, fresh: bool = False
) -> Flow:
    """Follow programs that run one after the other.

    Loops over words and variables that are set in the programs are followed; all else that a shell would put in is
    unknown.

    Args:
        scripts: The programs, each with the command of a buildspec that it is, if it is one.
        variables: What is in the environment before the first; `*` where only the name is known.
        fresh: Whether each program gets a shell of its own, so that variables and folder are forgotten.
    """
    reader = _Reader({name: (text,) for name, text in variables.items()})
    for command, script in scripts:
        if fresh:
            reader.start_afresh()
        reader.read(command, script)
    return reader.flow


class _Reader:
    """Goes through programs as a shell would, both ways at every fork."""

    def __init__(self, environment: Mapping[str, tuple[str, ...]]) -> None:
        self.flow = Flow()
        self._environment = {**environment, "CODEBUILD_SRC_DIR": (SOURCE,)}
        self._running: Command | None = None
        self.start_afresh()

    def start_afresh(self) -> None:
        self._set: dict[str, tuple[str, ...]] = {}
        # From the source's top; None where that is not known.
        self._folder: str | None = ""
        self._before: list[str | None] = []
        # Functions that leave the folder they are called in.
        self._leaving: set[str] = set()
        self._depth = 0
        self._perhaps = 0
        self._inside = 0

    def read(self, command: "Command | None", script: Script) -> None:
        self._running = command
        if script.unread:
            self.flow.unread.append(script)
            self._folder = None
        else:
            self._all(script.root.parts)

    # --- statements ------------------------------------------------------------------------------------------------

    def _all(self, parts: Iterable[Part]) -> None:
        for part in parts:
            self._statement(part)

    def _statement(self, part: Part) -> None:
        if self._depth > _DEEPEST:
            if part.script not in self.flow.unread:
                self.flow.unread.append(part.script)
            return
        self._depth += 1
        match part.kind:
            case "command":
                self._call(part, part.fields("redirect"))
            case "redirected_statement":
                self._redirected(part)
            case "variable_assignment":
                self._assignment(part)
            case "declaration_command":
                self._declaration(part)
            case "list":
                self._list(part)
            case "pipeline":
                self._pipeline(part)
            case "subshell" | "command_substitution" | "process_substitution":
                with self._within():
                    self._all(part.parts)
            case "if_statement":
                self._if(part)
            case "case_statement":
                self._case(part)
            case "for_statement":
                self._for(part)
            case "while_statement" | "c_style_for_statement":
                with self._maybe():
                    self._all(part.parts)
            case "function_definition":
                self._function(part)
            case "test_command" | "unset_command":
                self._look_into(part)
            case kind if kind in _WORDS:
                self._look_into(part)
            case _:
                self._all(part.parts)
        self._depth -= 1

    @contextmanager
    def _maybe(self, *, surely: bool = False) -> Iterator[None]:
        """Read what may be left out, or be done again: the folder behind it is known only if it is the same as before.

        Args:
            surely: Whether it is done once at least.
        """
        before, self._perhaps = self._folder, self._perhaps + (not surely)
        yield
        self._perhaps -= not surely
        if self._folder != before:
            self._folder = None

    @contextmanager
    def _within(self) -> Iterator[None]:
        """Read what runs in a shell of its own."""
        before, pushed = self._folder, list(self._before)
        yield
        self._folder, self._before = before, pushed

    def _pipeline(self, part: Part) -> None:
        for one in part.parts:
            with self._within():
                self._statement(one)

    def _list(self, part: Part) -> None:
        # `a && b && c` leans to the left; a long one is read without going down.
        right: list[Part] = []
        while part.kind == "list" and len(part.parts) == 2:
            right.append(part)
            part = part.parts[0]
        self._statement(part)
        for one in reversed(right):
            if any(token.kind == "||" for token in one.tokens) or _asks(one.parts[0]):
                with self._maybe():
                    self._statement(one.parts[1])
            else:
                self._statement(one.parts[1])

    def _if(self, part: Part) -> None:
        conditions = {one.start for one in part.fields("condition")}
        clauses = [one for one in part.parts if one.kind in {"elif_clause", "else_clause"}]
        self._all(one for one in part.parts if one.start in conditions)
        with self._maybe():
            self._all(one for one in part.parts if one.start not in conditions and one not in clauses)
        for one in clauses:
            with self._maybe():
                self._all(one.parts)

    def _case(self, part: Part) -> None:
        for one in part.parts:
            if one.kind == "case_item":
                with self._maybe():
                    self._all(one.parts)
            else:
                self._look_into(one)

    def _for(self, part: Part) -> None:
        name, body = part.field("variable"), part.field("body")
        listed = part.fields("value")
        for one in listed:
            self._look_into(one)
        values = [text for one in listed for texts, _ in self._words(one) for text in texts]
        if name is not None:
            self._set.pop(name.text, None)
            self._assign(name, values or [ANYTHING])
        if body is not None:
            with self._maybe(surely=any(ANYTHING not in text for text in values)):
                self._all(body.parts)

    def _function(self, part: Part) -> None:
        name, body = part.field("name"), part.field("body")
        if name is not None:
            self.flow.functions[name.text] = part
        if body is not None:
            self._inside += 1
            with self._maybe(), self._within():
                before = self._folder
                self._all(body.parts)
                if name is not None and self._folder != before:
                    self._leaving.add(name.text)
            self._inside -= 1

    def _redirected(self, part: Part) -> None:
        body = part.field("body")
        redirects = part.fields("redirect") or tuple(one for one in part.parts if one != body)
        if body is not None and body.kind == "command":
            self._call(body, redirects)
        else:
            if body is not None:
                self._statement(body)
            if any(self._targets(redirects)):
                self._call(part, redirects)
        for one in redirects:
            for below in one.parts:
                if one.kind == "heredoc_redirect" and below.kind in _STATEMENTS:
                    self._statement(below)  # what stands behind `<<END` on its line
                else:
                    self._look_into(below)

    def _assignment(self, part: Part, *, exported: bool = False, passing: bool = False) -> None:
        name, value = part.field("name"), part.field("value")
        if value is not None:
            self._look_into(value)
        if name is None:
            return
        if name.kind == "subscript":
            name = name.field("name") or name
            self._assign(name, [ANYTHING])
            return
        added = any(token.kind == "+=" for token in part.tokens)
        values = (ANYTHING,) if added else ("",) if value is None else self._texts(value)
        self._assign(name, values, exported=exported, passing=passing)

    def _declaration(self, part: Part) -> None:
        exported = part.text.startswith("export") or any(one.text.startswith("-x") for one in part.parts)
        for one in part.parts:
            if one.kind == "variable_assignment":
                self._assignment(one, exported=exported)
            elif one.kind == "variable_name" and exported:
                self.flow.exported.add(one.text)
            elif one.kind != "variable_name":
                self._look_into(one)
                if not one.text.startswith("-"):
                    self.flow.openings.append(Call(self._running, part, (), folder=self._folder))

    # --- calls -----------------------------------------------------------------------------------------------------

    def _call(self, part: Part, redirects: tuple[Part, ...]) -> None:
        found: list[tuple[tuple[str, ...], Part]] = []
        if part.kind == "command":
            for one in part.tokens:  # a `$` by itself has no name
                if one.kind == "variable_assignment":
                    self._assignment(one, passing=True)
                elif one not in redirects and one.kind != "comment":
                    self._look_into(one)
                    found += self._words(one)
            for one in part.fields("redirect"):
                self._look_into(one)
        while len(found) > 1 and found[0][0][0] in _BEFORE_A_CALL and not found[1][0][0].startswith("-"):
            found = found[1:]
        while len(found) > 1 and part.kind == "command" and found[0][0][0].partition("=")[1] and _is_set(found[0][0]):
            found = found[1:]  # env A=1 make
        call = Call(
            self._running,
            part,
            tuple(texts for texts, _ in found),
            tuple(place for _, place in found),
            tuple(self._targets(redirects)),
            self._folder,
            perhaps=self._perhaps > 0,
        )
        if found or call.writes:
            self.flow.calls.append(call)
        if found:
            self._effects(call)

    def _effects(self, call: Call) -> None:
        """Take in what a call does to the shell itself."""
        program = call.program
        if program in {"cd", "pushd"}:
            given = [word for word in call.texts[1:] if not word[0].startswith("-")]
            if program == "pushd":
                self._before.append(self._folder)
            self._folder = self._gone_to(given[0]) if len(given) == 1 else None
        elif program == "popd":
            self._folder = self._before.pop() if self._before else None
        elif program in {"read", "mapfile", "readarray", "getopts"}:
            for (name, *_), place in zip(call.words[1:], call.parts[1:], strict=True):
                if _NAME.fullmatch(name):
                    self._assign(place, [ANYTHING], name=name)
        elif program == "let":
            for (text, *_), place in zip(call.words[1:], call.parts[1:], strict=True):
                if (found := _NAME.match(text)) is not None:
                    self._assign(place, [ANYTHING], name=found[0])
        elif program in self._leaving:
            self._folder = None
        elif program == "printf" and len(call.words) > 2 and call.words[1] == ("-v",):
            self._assign(call.parts[2], [ANYTHING], name=call.words[2][0])
        elif program in _SETTERS or program == ANYTHING:
            self.flow.openings.append(call)
            if program != ANYTHING:
                self._folder = None

    def _gone_to(self, word: tuple[str, ...]) -> str | None:
        if len(word) != 1 or ANYTHING in word[0] or word[0] == "-" or word[0].startswith("~"):
            return None
        if word[0].startswith(SOURCE):
            return within_source(word[0].removeprefix(SOURCE).lstrip("/"))
        if word[0].startswith("/") or self._folder is None:
            return None
        return within_source(posixpath.join(self._folder, word[0]))

    def _targets(self, redirects: Iterable[Part]) -> Iterator[str]:
        for one in redirects:
            if one.kind == "heredoc_redirect":
                yield from self._targets(one.fields("redirect"))
            destination = one.field("destination")
            if one.kind == "file_redirect" and destination is not None and ">" in one.text[:3]:
                yield from self._texts(destination)

    # --- variables -------------------------------------------------------------------------------------------------

    def _assign(
        self, part: Part, values: Iterable[str], *, name: str = "", exported: bool = False, passing: bool = False
    ) -> None:
        name = name or part.text
        # It may be set in one branch and in another, or in each turn of a loop.
        found = tuple(dict.fromkeys((*self._set.get(name, ()), *values)))
        self._set[name] = found if 0 < len(found) <= _MOST else (ANYTHING,)
        shown = tuple(text.replace(SOURCE, ANYTHING) for text in self._set[name])
        self.flow.assigned.append(Assigned(self._running, name, part, shown, exported, passing, local=self._inside > 0))
        if exported:
            self.flow.exported.add(name)

    def _value(self, name: str) -> tuple[str, ...]:
        return self._set.get(name) or self._environment.get(name) or (ANYTHING,)

    def _look_into(self, part: Part) -> None:
        """Take in the variables that a word uses, and the programs within it."""
        waiting = [part]
        while waiting:
            one = waiting.pop()
            if one.kind in {"command_substitution", "process_substitution"}:
                self._statement(one)
                continue
            if one.kind in _EXPANSIONS and not _is_substituted(one):
                self._use(one)
            waiting += reversed(one.parts)

    def _use(self, part: Part) -> None:
        inner = next((one for one in part.parts if one.kind == "subscript"), part)
        name = next((one for one in inner.parts if one.kind == "variable_name"), None)
        if name is not None:
            operators = {token.kind for token in part.tokens}
            self.flow.used.append(Used(self._running, name.text, part, bool(operators & _DEFAULTED)))
            if operators & {":=", "="}:
                self._assign(name, [ANYTHING])

    # --- words -----------------------------------------------------------------------------------------------------

    def _words(self, part: Part) -> list[tuple[tuple[str, ...], Part]]:
        """Give the words that one becomes, each with what it can be."""
        inner = part.parts[0] if part.kind == "command_name" and part.parts else part
        found = _PLAIN_EXPANSION.fullmatch(inner.text)
        if inner.kind in _EXPANSIONS and found is not None:
            values = self._value(found[1]) if not _is_substituted(inner) else (ANYTHING,)
            if len(values) == 1 and values[0] != ANYTHING:
                return [((text,), part) for text in values[0].split()]
        return [(self._texts(inner), part)]

    def _texts(self, part: Part) -> tuple[str, ...]:
        """Give what a word can be."""
        levels = list(self._pieces(part))
        # `A=$A$A`, line after line, doubles with each.
        if sum(max(map(len, texts)) for texts in levels) > _LONGEST_TEXT:
            return (ANYTHING,)
        found = list(dict.fromkeys("".join(texts) for texts in islice(product(*levels), _MOST + 1)))
        return tuple(found) if len(found) <= _MOST else (ANYTHING,)

    def _pieces(self, part: Part) -> Iterator[tuple[str, ...]]:
        if part.kind == "raw_string":
            yield (part.text[1:-1],)
        elif part.kind == "ansi_c_string":
            yield (part.text[2:-1] if "\\" not in part.text else ANYTHING,)
        elif part.kind == "concatenation":
            for one in part.parts:
                yield from self._pieces(one)
        elif part.kind == "string":
            start = part.text.find('"') + 1
            at = part.start + start
            for one in part.parts:
                if one.kind in _PUT_IN:
                    yield (_unescaped(part.script.text[at : one.start], _IN_QUOTES),)
                    yield from self._pieces(one)
                    at = one.end
            yield (_unescaped(part.script.text[at : part.end - 1], _IN_QUOTES),)
        elif part.kind in _EXPANSIONS:
            found = _PLAIN_EXPANSION.fullmatch(part.text)
            yield self._value(found[1]) if found is not None and not _is_substituted(part) else (ANYTHING,)
        elif part.kind in _PUT_IN or part.kind in {"array", "brace_expression", "regex", "extglob_pattern"}:
            yield (ANYTHING,)
        else:
            yield (_unescaped(part.text, _BARE),)


_WORDS = frozenset({
    *("word", "number", "string", "raw_string", "ansi_c_string", "translated_string", "concatenation", "array"),
    *("arithmetic_expansion", "brace_expression", "extglob_pattern", "regex", "heredoc_body", *_EXPANSIONS),
})  # fmt: skip
_STATEMENTS = frozenset({"command", "pipeline", "list", "redirected_statement", "subshell", "compound_statement"})
_IN_QUOTES = re.compile(r'\\([$`"\\\n])')
_BARE = re.compile(r"\\(.|\n)")


def _is_substituted(part: Part) -> bool:
    """Whether an expansion is one of CloudFormation's, and no longer there when a shell reads the program."""
    return part.text.startswith("${") and not part.text.startswith("${!") and part.script.is_substituted


def _asks(part: Part) -> bool:
    """Whether a statement is a question: it fails where the answer is no."""
    while part.kind in {"list", "pipeline"} and part.parts:
        part = part.parts[-1]
    if part.kind == "redirected_statement":
        part = part.field("body") or part
    name = part.field("name")
    return part.kind in {"test_command", "negated_command"} or (name is not None and name.text in _ASKING)


def _unescaped(text: str, escapes: re.Pattern[str]) -> str:
    return escapes.sub(lambda found: found[1].replace("\n", ""), text) if "\\" in text else text


def _is_set(word: tuple[str, ...]) -> bool:
    return _NAME.fullmatch(word[0].partition("=")[0]) is not None
