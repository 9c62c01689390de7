"""Faults of shell programs: what bash would refuse to run, found without bash.

The grammar is bash's own, as `bash -n` reads it: what stands in backquotes, in the body of a here-document or in
arithmetic is looked at only when it is run.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

# Nobody nests deeper by hand; what is nested deeper is taken to be right.
_DEEPEST = 60
# What is longer was not written by hand.
_LONGEST = 500_000


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where a shell stops reading a program, without having run any of it.

    Attributes:
        start: Where it stands in the text: 0-based, in code points.
        end: Where the text goes on behind it.
        kind: `open`: what begins here never ends; `unexpected`: it cannot stand here; `missing`: more must follow it.
        text: What stands there: `if`, `"`, `$(`, `fi`.
        sure: Whether every shell that builds run in refuses it.
    """

    start: int
    end: int
    kind: Literal["open", "unexpected", "missing"]
    text: str
    sure: bool = False

    @property
    def closer(self) -> str:
        """What would end it; empty for what has no end."""
        return _CLOSERS.get(self.text, self.text[-1:]) if self.kind == "open" else ""


_CLOSERS = {
    **dict.fromkeys(("for", "while", "until", "select"), "done"),
    **dict.fromkeys(("(", "$(", "<(", ">("), ")"),
    **dict(zip(("if", "case", "{", "${", "[", "$[", "[["), ("fi", "esac", "}", "}", "]", "]", "]]"), strict=True)),
    **dict.fromkeys(("((", "$(("), "))"),
}
# What all shells read alike, so that no doubt is left if it never ends.
_ALIKE = frozenset({'"', "'", "$(", "if", "for", "while", "until", "case"})
# Texts that some shells read otherwise than bash: `$'\''`, a quote in `"${a:-'}"`, arithmetic, patterns.
_DIFFERENT = re.compile(
    r"""\$['"\[]|\(\(|\[\[|\$\{[^}\n]*['"`$]|<<<|[<>]\(|[+\w]=\(|\w\[|\b(?:extglob|function|select|coproc|time)\b"""
)


@lru_cache(maxsize=512)
def fault(text: str) -> Fault | None:
    """Find the first fault of a program; None if bash would run it, or it is too long or too deep to be read."""
    if len(text) > _LONGEST:
        return None
    text, nul, _ = text.partition("\0")
    if (len(text) - len(text.rstrip("\\"))) % 2:
        text = text[:-1]  # it quotes nothing
    reader = _Reader(text)
    try:
        reader.program()
    except _Stop as stop:
        found = stop.fault
    except _TooDeep:
        return None
    else:
        return None
    if nul or found.kind != "open" or found.text not in _ALIKE or _DIFFERENT.search(text):
        return found
    return Fault(found.start, found.end, found.kind, found.text, sure=True)


class _Stop(Exception):  # noqa: N818  # never seen outside
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.text)
        self.fault = fault


class _TooDeep(Exception):  # noqa: N818  # the same
    pass


class _Token(NamedTuple):
    """A word, an operator, a line's end (`newline`), or the end of the text (an empty kind).

    Attributes:
        kind: `word`, or what it is.
        start: Where it begins.
        end: Where the text goes on behind it.
        bare: The word, if nothing in it is quoted or put in, so that it may be a keyword.
        assigns: Whether it is an assignment, where one can stand.
    """

    kind: str
    start: int
    end: int
    bare: str = ""
    assigns: bool = False


_BLANKS = re.compile(r"(?:[ \t]|\\\n)*(?:#[^\n]*)?")
_JOINTS = re.compile(r"(?:[ \t]|\\\n)*")
_PLAIN = re.compile(r"[^\s|&;()<>\"'\\$`\[]+|[^ \t\n|&;()<>\"'\\$`\[]+")
_OPERATOR = re.compile(r"&&|&>>|&>|\|\||\|&|;;&|;;|;&|<<-|<<<|<<|<&|<>|>>|>&|>\||[|&;()<>\n]")
_DESCRIPTOR = re.compile(r"(?:\d+|\{[A-Za-z_]\w*\})(?=[<>])(?![<>]\()")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(?:\[.*\])?\+?=", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w*")
_DOUBLE = re.compile(r'[^"\\`$]+')
_NESTED = re.compile(r"[^\"'`\\$(){}\[\]#%/^,~:=?+\-\n]+")
_REDIRECTS = frozenset({"<", ">", "<<", "<<-", "<<<", "<&", "<>", ">>", ">&", ">|", "&>", "&>>"})
_CLOSING = frozenset({"then", "else", "elif", "fi", "do", "done", "esac", "}", "in", "]]"})
_DECLARING = frozenset({"alias", "declare", "typeset", "local", "export", "readonly", "eval", "let"})
_UNARY = re.compile(r"-[a-zA-Z]")
_BINARY = frozenset({"=", "==", "!=", "=~", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"})
_REGEX_PLAIN = re.compile(r"[^ \t\n\"'\\$`();&<>]+")
_OPENING = frozenset({"if", "for", "while", "until", "case", "select", "{", "[[", "function"})


class _Reader:
    """Reads a program from left to right, as bash's parser does; a fault is raised."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._token = _Token("", 0, 0)
        # Texts that end the here-documents whose bodies begin on the next line, and whether tabs before them count.
        self._pending: list[tuple[str, bool]] = []
        # Within `$(`, where a line may end a here-document and the substitution at once.
        self._substituting = 0
        self._patterns = "extglob" in text

    def program(self) -> None:
        self._next(starting=True)
        while self._token.kind:
            if self._token.kind == "newline":
                self._next(starting=True)
                continue
            self._list(within=None)

    # --- lists -----------------------------------------------------------------------------------------------------

    def _list(self, within: _Token | None) -> None:
        """Read commands up to the end of a line, or, within something, up to what cannot begin another."""
        while True:
            self._pipelines(within)
            kind = self._token.kind
            if kind in {";", "&"} or (kind == "newline" and within is not None):
                self._next(starting=True)
                if within is not None:
                    self._lines()
                if not self._begins(within):
                    return
            elif kind in {"", "newline"}:
                return
            elif within is None:
                self._unexpected()
            else:
                return

    def _begins(self, within: _Token | None) -> bool:
        """Whether a command can begin at the token; at the top level what cannot is a fault, but for a line's end."""
        token = self._token
        if token.kind in {"", "newline"}:
            return False
        if within is None:
            return True
        return not (token.kind in {")", ";;", ";&", ";;&"} or (token.kind == "word" and token.bare in _CLOSING))

    def _compound(self, within: _Token) -> None:
        """Read the commands of a compound command, of which there is at least one."""
        self._lines()
        if not self._begins(within):
            self._unexpected(within)
        self._list(within)

    def _lines(self) -> None:
        while self._token.kind == "newline":
            self._next(starting=True)

    def _pipelines(self, within: _Token | None) -> None:
        while True:
            self._pipeline(within)
            operator = self._token
            if operator.kind not in {"&&", "||"}:
                return
            self._next(starting=True)
            self._lines()
            if not self._token.kind:
                self._end(within, operator)

    def _pipeline(self, within: _Token | None) -> None:
        while self._token.bare in {"!", "time"} and self._token.kind == "word":
            timing = self._token.bare == "time"
            self._next(starting=True)
            while timing and self._token.bare in {"-p", "--"}:
                self._next(starting=True)
            if self._token.kind in {"", "newline", ";"}:
                return
        self._command(within)
        while self._token.kind in {"|", "|&"}:
            operator = self._token
            self._next(starting=True)
            self._lines()
            if not self._token.kind:
                self._end(within, operator)
            if self._token.kind == "word" and self._token.bare == "!":
                self._unexpected(within)
            self._command(within)

    # --- commands --------------------------------------------------------------------------------------------------

    def _command(self, within: _Token | None) -> None:
        token = self._token
        if token.kind == "word":
            if token.bare in _CLOSING:
                self._unexpected(within)
            if token.bare in _OPENING:
                self._opened(token)
                return
            if token.bare == "coproc":
                self._coprocess(within)
                return
            self._simple(within)
        elif token.kind in {"(", "(("}:
            self._opened(token)
        elif token.kind in _REDIRECTS:
            self._simple(within)
        else:
            self._unexpected(within)

    def _opened(self, token: _Token) -> None:
        with self._deeper():
            self._shell_command(token)
        if self._token.kind in _REDIRECTS:
            while self._token.kind in _REDIRECTS:
                self._redirect()
            if self._token.kind == "word":
                self._unexpected()

    def _shell_command(self, token: _Token) -> None:
        match token.bare or token.kind:
            case "if":
                self._if(token)
            case "while" | "until":
                self._next(starting=True)
                self._compound(token)
                self._body(token)
            case "for" | "select":
                self._for(token)
            case "case":
                self._case(token)
            case "{":
                self._next(starting=True)
                self._compound(token)
                self._expect("}", token)
            case "(":
                self._next(starting=True)
                self._compound(token)
                self._close(")", token)
            case "((":
                self._next(starting=True)
            case "[[":
                self._test(token)
            case _:
                self._function(token)

    def _if(self, token: _Token) -> None:
        self._next(starting=True)
        self._compound(token)
        self._expect("then", token)
        self._compound(token)
        while self._token.bare == "elif":
            self._next(starting=True)
            self._compound(token)
            self._expect("then", token)
            self._compound(token)
        if self._token.bare == "else":
            self._next(starting=True)
            self._compound(token)
        self._expect("fi", token)

    def _for(self, token: _Token) -> None:
        self._next(looping=True)
        if self._token.kind == "((":
            if self._text.count(";", self._token.start, self._token.end) != 2:
                self._unexpected(token)
            self._next(starting=True)
            if self._token.kind in {";", "newline"}:
                self._next(starting=True)
                self._lines()
            self._body(token, braces=True)
            return
        if self._token.kind != "word":
            self._unexpected(token)
        self._next(starting=True)
        if self._token.kind == ";":
            self._next(starting=True)
            self._lines()
        else:
            self._lines()
            if self._token.bare == "in":
                self._next()
                while self._token.kind == "word":
                    self._next()
                if self._token.kind not in {";", "newline"}:
                    self._unexpected(token)
                self._next(starting=True)
                self._lines()
        self._body(token, braces=True)

    def _body(self, token: _Token, *, braces: bool = False) -> None:
        if braces and self._token.bare == "{":
            self._next(starting=True)
            self._compound(token)
            self._expect("}", token)
            return
        self._expect("do", token)
        self._compound(token)
        self._expect("done", token)

    def _case(self, token: _Token) -> None:
        self._next()
        if self._token.kind != "word":
            self._unexpected(token)
        self._next(starting=True)
        self._lines()
        self._expect("in", token)
        while True:
            self._lines()
            if self._token.bare == "esac":
                break
            if self._token.kind == "(":
                self._next()
            self._pattern(token)
            self._lines()
            if self._begins(token):
                self._list(token)
            if self._token.kind not in {";;", ";&", ";;&"}:
                break
            self._next(starting=True)
        self._expect("esac", token)

    def _pattern(self, token: _Token) -> None:
        while True:
            if self._token.kind != "word":
                self._unexpected(token)
            self._next()
            if self._token.kind != "|":
                break
            self._next()
        self._close(")", token)

    def _function(self, token: _Token) -> None:
        self._next()
        if self._token.kind != "word":
            self._unexpected(None)
        self._next(starting=True)
        if self._token.kind == "(":
            self._next()
            self._close(")", self._token)
        self._function_body(token)

    def _function_body(self, name: _Token) -> None:
        self._lines()
        token = self._token
        if not token.kind:
            raise _Stop(Fault(name.start, name.end, "missing", self._text[name.start : name.end]))
        if not (token.kind in {"(", "(("} or token.bare in _OPENING - {"function"}):
            self._unexpected(None)
        self._opened(token)

    def _coprocess(self, within: _Token | None) -> None:
        self._next(starting=True)
        if self._token.kind == "word" and self._token.bare not in _OPENING:
            self._simple(within, named=True)
        else:
            self._command(within)

    def _simple(self, within: _Token | None, *, named: bool = False) -> None:
        """Read a command with its words and redirections, or the head of a function."""
        first, words, assigning, declaring = self._token, 0, True, False
        while True:
            token = self._token
            if token.kind == "word":
                words += 1
                if assigning and not token.assigns:
                    assigning = False
                declaring = declaring or token.bare in _DECLARING
                self._next(assigning=assigning, declaring=declaring, starting=named and words == 1)
                if named and words == 1 and (self._token.kind in {"(", "(("} or self._token.bare in _OPENING):
                    self._opened(self._token)
                    return
            elif token.kind in _REDIRECTS:
                self._redirect(assigning=assigning)
            elif token.kind == "(" and words == 1 and self._token.start >= first.end and not first.assigns:
                if first.kind != "word":
                    self._unexpected(within)
                self._next()
                if self._token.kind != ")":
                    self._unexpected(token)
                self._next(starting=True)
                self._function_body(first)
                return
            else:
                return

    def _redirect(self, *, assigning: bool = False) -> None:
        operator = self._token
        self._next()
        token = self._token
        if token.kind != "word":
            if not token.kind:
                raise _Stop(Fault(operator.start, operator.end, "missing", operator.kind))
            self._unexpected(None)
        if operator.kind in {"<<", "<<-"}:
            end = self._text[token.start : token.end]
            self._pending.append((_unquoted(end), operator.kind == "<<-"))
        self._next(assigning=assigning)

    # --- tests: [[ … ]] --------------------------------------------------------------------------------------------

    def _test(self, token: _Token) -> None:
        self._next(testing=True)
        self._either(token)
        if self._token.bare != "]]":
            self._unexpected(token)
        self._next(starting=True)

    def _either(self, token: _Token) -> None:
        with self._deeper():
            while True:
                self._term(token)
                self._skip(token)
                if self._token.kind not in {"&&", "||"}:
                    return
                self._next(testing=True)

    def _skip(self, token: _Token) -> None:
        while self._token.kind == "newline":
            self._next(testing=True)
        if not self._token.kind:
            self._end(token, token)

    def _term(self, token: _Token) -> None:
        self._skip(token)
        while self._token.bare == "!":
            self._next(testing=True)
            self._skip(token)
        found = self._token
        if found.kind == "(":
            self._next(testing=True)
            self._either(token)
            if self._token.kind != ")":
                self._unexpected(token)
            self._next(testing=True)
            return
        if found.kind != "word" or found.bare == "]]":
            self._unexpected(token)
        self._next(testing=True)
        if _UNARY.fullmatch(found.bare):
            if self._token.kind != "word" or self._token.bare == "]]":
                self._unexpected(token)
            self._next(testing=True)
            return
        operator = self._token.bare or self._token.kind
        if operator in _BINARY:
            self._next(testing=True, regex=operator == "=~", patterns=operator in {"=", "==", "!="})
            if self._token.kind != "word":
                self._unexpected(token)
            self._next(testing=True)
        elif operator not in {"]]", "&&", "||", ")", "newline"}:
            self._unexpected(token)

    # --- faults ----------------------------------------------------------------------------------------------------

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _TooDeep
        yield
        self._depth -= 1

    def _expect(self, word: str, opened: _Token) -> None:
        if self._token.kind != "word" or self._token.bare != word:
            self._unexpected(opened)
        self._next(starting=True)

    def _close(self, operator: str, opened: _Token) -> None:
        if self._token.kind != operator:
            self._unexpected(opened)
        self._next(starting=True)

    def _unexpected(self, within: _Token | None = None) -> None:
        token = self._token
        if not token.kind:
            self._end(within, token)
        end = token.end if token.kind != "newline" else token.start + 1
        text = "newline" if token.kind == "newline" else self._text[token.start : token.end]
        raise _Stop(Fault(token.start, end, "unexpected", text))

    def _end(self, within: _Token | None, at: _Token) -> None:
        if within is None:
            end = at.end if at.kind else max(len(self._text.rstrip()), 1)
            start = at.start if at.kind else end - 1
            raise _Stop(Fault(start, end, "missing", self._text[start:end]))
        raise _Stop(Fault(within.start, within.end, "open", self._text[within.start : within.end]))

    # --- tokens ----------------------------------------------------------------------------------------------------

    def _next(
        self,
        *,
        starting: bool = False,
        assigning: bool = False,
        declaring: bool = False,
        looping: bool = False,
        testing: bool = False,
        regex: bool = False,
        patterns: bool = False,
    ) -> None:
        """Read the next token.

        Args:
            starting: A command can begin here.
            assigning: An assignment can stand here.
            declaring: It stands behind `export` or the like, so that an array can be assigned.
            looping: It stands behind `for`.
            testing: It stands in `[[ ]]`.
            regex: It is a regular expression there.
            patterns: It is a pattern there.
        """
        text = self._text
        at = (_BLANKS if not regex else _JOINTS).match(text, self._at).end()  # type: ignore[union-attr]  # may be empty
        if at >= len(text):
            self._at, self._token = at, _Token("", at, at)
            return
        if regex and text[at] != "\n":
            self._at = self._regex(at)
            self._token = _Token("word", at, self._at)
            return
        character = text[at]
        if character in "|&;()<>\n":
            if character in "<>" and text.startswith("(", at + 1):
                self._word(at, starting or assigning, declaring, patterns)
                return
            if character == "(" and text.startswith("((", at) and (starting or looping):
                end = self._arithmetic(at)
                if end:
                    self._at, self._token = end, _Token("((", at, end)
                    return
            operator = _OPERATOR.match(text, at)[0]  # type: ignore[index]  # one of these characters
            if testing and operator not in {"&&", "||", "\n"}:
                operator = character
            self._at = at + len(operator)
            if operator == "\n":
                self._token = _Token("newline", at, self._at)
                self._documents()
            else:
                self._token = _Token(operator, at, self._at)
            return
        if character.isdigit() or character == "{":
            descriptor = _DESCRIPTOR.match(text, at)
            if descriptor is not None and not testing and self._token.kind not in {">&", "<&"}:
                operator = _OPERATOR.match(text, descriptor.end())[0]  # type: ignore[index]  # looked ahead to
                self._at = descriptor.end() + len(operator)
                self._token = _Token(operator, descriptor.end(), self._at)
                return
        self._word(at, starting or assigning, declaring, patterns)

    def _word(self, at: int, assigning: bool, declaring: bool, patterns: bool) -> None:  # noqa: FBT001  # for every word
        text, length, start, plain = self._text, len(self._text), at, True
        while at < length:
            found = _PLAIN.match(text, at)
            if found is not None:
                at = found.end()
                if at >= length:
                    break
            character = text[at]
            if character in " \t\n":
                break
            if character == "(":
                if (patterns or self._patterns) and at > start and text[at - 1] in "?*+@!":
                    at, plain = self._matched(at, "(", ")", at, "("), False
                elif (
                    (assigning or declaring)
                    and text[at - 1] == "="
                    and at > start
                    and _ASSIGNMENT.fullmatch(text, start, at)
                ):
                    at, plain = self._array(at), False
                else:
                    break
            elif character in "<>":
                if not text.startswith("(", at + 1):
                    break
                at, plain = self._substitution(at, at + 2), False
            elif character in "|&;)":
                break
            elif character == "[":
                if assigning and plain and at > start and _NAME.fullmatch(text, start, at):
                    at = self._matched(at, "[", "]", at, "[")
                else:
                    at += 1
            else:
                at, plain = self._quoted(at), False
        self._at = at
        bare = text[start:at] if plain else ""
        assigns = assigning and _ASSIGNMENT.match(text, start, at) is not None
        self._token = _Token("word", start, at, bare, assigns)

    def _quoted(self, at: int) -> int:
        """Read what begins with a quote, a backslash or a dollar; give where it ends."""
        text, character = self._text, self._text[at]
        if character == "\\":
            return min(at + 2, len(text))
        if character == "'":
            return self._single(at)
        if character == '"':
            return self._double(at)
        if character == "`":
            return self._matched(at, "`", "`", at, "`")
        following = text[at + 1 : at + 2]
        if following == "'":
            return self._escaped(at)
        if following == '"':
            return self._double(at + 1)
        if following in {"(", "{", "["}:
            return self._dollar(at)
        return at + 2 if following == "$" else at + 1

    def _dollar(self, at: int, *, double: bool = False) -> int:
        with self._deeper():
            if self._text.startswith("$((", at):
                return self._matched(at + 1, "(", ")", at, "$((")
            if self._text[at + 1] == "(":
                return self._substitution(at, at + 2)
            if self._text[at + 1] == "{":
                return self._matched(at + 1, "{", "}", at, "${", double=double)
            return self._matched(at + 1, "[", "]", at, "$[")

    def _single(self, at: int) -> int:
        end = self._text.find("'", at + 1)
        if end < 0:
            raise _Stop(Fault(at, at + 1, "open", "'"))
        return end + 1

    def _escaped(self, at: int) -> int:
        """Read `$'…'`, in which a backslash keeps the quote."""
        text, end = self._text, at + 2
        while end < len(text) and text[end] != "'":
            end += 2 if text[end] == "\\" else 1
        if end >= len(text):
            raise _Stop(Fault(at, at + 2, "open", "$'"))
        return end + 1

    def _double(self, start: int) -> int:
        text, length, at = self._text, len(self._text), start + 1
        while at < length:
            found = _DOUBLE.match(text, at)
            if found is not None:
                at = found.end()
                if at >= length:
                    break
            character = text[at]
            if character == '"':
                return at + 1
            if character == "\\":
                at += 2
            elif character == "`":
                at = self._matched(at, "`", "`", at, "`")
            elif text[at + 1 : at + 2] in {"(", "{", "["}:
                at = self._dollar(at, double=True)
            else:
                at += 2 if text.startswith("$$", at) else 1
        raise _Stop(Fault(start, start + 1, "open", '"'))

    def _matched(self, at: int, opening: str, closing: str, start: int, shown: str, *, double: bool = False) -> int:
        """Read up to the bracket that matches the one at a place, over quotes and what is put in."""
        text, length = self._text, len(self._text)
        count, first = 1, opening == "{"
        at += 1
        while at < length:
            character = text[at]
            if character == closing:
                count -= 1
                at += 1
                if not count:
                    return at
            elif character == "\\":
                at += 2
            elif opening == closing:
                at += 1
            elif character == "'":
                at = self._single(at)
            elif character == '"':
                with self._deeper():
                    at = self._double(at)
            elif character == "`":
                at = self._matched(at, "`", "`", at, "`")
            elif character == "$" and text[at + 1 : at + 2] in {"(", "{", "["}:
                at = self._dollar(at, double=double)
            elif character == "$" and text[at + 1 : at + 2] == "'":
                at = self._escaped(at)
            elif text.startswith("$$", at):
                at += 2
            else:
                count += character == opening and not first
                at += 1
        raise _Stop(Fault(start, start + len(shown), "open", shown))

    def _arithmetic(self, at: int) -> int:
        """Give where `(( … ))` ends; 0 if it is two parentheses that have nothing to do with each other."""
        end = self._matched(at + 1, "(", ")", at, "((")
        return end + 1 if self._text.startswith(")", end) else 0

    def _array(self, at: int) -> int:
        """Read the parenthesis of `a=( … )`."""
        with self._deeper():
            token, opened = self._token, _Token("(", at, at + 1)
            self._at = at + 1
            self._next(assigning=True)
            while self._token.kind in {"word", "newline"}:
                self._next(assigning=True)
            if self._token.kind != ")":
                self._unexpected(opened)
            self._token = token
        return self._at

    def _substitution(self, start: int, at: int) -> int:
        """Read the program of `$( … )`; give where it ends."""
        with self._deeper():
            token, pending = self._token, self._pending
            self._pending, self._at = [], at
            self._substituting += 1
            opened = _Token(self._text[start:at], start, at)
            self._next(starting=True)
            self._lines()
            if self._token.kind != ")":
                self._list(opened)
            if self._token.kind != ")":
                self._unexpected(opened)
            self._token, self._pending = token, pending
            self._substituting -= 1
        return self._at

    def _regex(self, at: int) -> int:
        """Read a regular expression, in which parentheses go together and end nothing."""
        text, length, depth = self._text, len(self._text), 0
        while at < length:
            found = _REGEX_PLAIN.match(text, at)
            if found is not None and not depth:
                at = found.end()
                continue
            character = text[at]
            if character in " \t\n;&<>" and not depth:
                break
            if character in "()":
                if character == ")" and not depth:
                    break
                depth += 1 if character == "(" else -1
                at += 1
            elif character in "\"'\\$`":
                at = self._quoted(at)
            else:
                at += 1
        return at

    def _documents(self) -> None:
        """Skip the here-documents that begin on the line at hand; one may go to the end of the text."""
        text = self._text
        for end, tabs in self._pending:
            while self._at < len(text):
                stop = text.find("\n", self._at)
                stop = len(text) if stop < 0 else stop
                line = text[self._at : stop]
                shown = line.lstrip("\t") if tabs else line
                if shown == end:
                    self._at = min(stop + 1, len(text))
                    break
                if self._substituting and end and shown.startswith(end) and ")" in shown[len(end) :]:
                    self._at = stop - len(shown) + len(end)
                    break
                self._at = min(stop + 1, len(text))
        self._pending = []


def _unquoted(word: str) -> str:
    """Give what ends a here-document, whose word may be quoted."""
    return re.sub(r"\\(.)|[\"']", r"\1", word, flags=re.DOTALL)
