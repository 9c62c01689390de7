"""Passwords and tokens on command lines, and programs that write them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from validator.buildspec.calls import ANYTHING, Call
from validator.buildspec.flow import Assigned
from validator.buildspec.shell import Part
from validator.document import Node

_EXPANDED = frozenset({"simple_expansion", "expansion", "command_substitution"})
_HEADER = re.compile(r"""["']?(?i:authorization:[ ]*(?:bearer|basic|token)[ ]+|private-token:[ ]*|x-api-key:[ ]*)""")


class _Way(NamedTuple):
    """How a program takes a password, and how else it would.

    Attributes:
        behind: What stands before it in its word: `:` behind a user's name, or a header.
        apart: Whether it may be the word behind the option.
        glued: Whether it may follow the letter of a short option at once.
        words: One of the program's commands that it is an option of.
    """

    options: tuple[str, ...]
    instead: str
    behind: str = ""
    apart: bool = True
    glued: bool = False
    words: tuple[str, ...] = ()


_STDIN = "pipe it in, with '--password-stdin'"
_LOGIN = _Way(("-p", "--password"), _STDIN, words=("login",))
_CURL = "write it to a file of its own and name that with '--config' or '--netrc-file'"
_OPTION_FILE = "write it to an option file, and name that with '--defaults-extra-file'"
_MYSQL = _Way(("-p", "--password"), _OPTION_FILE, apart=False, glued=True)
# Source: the manual of each program.
_WAYS: Mapping[str, tuple[_Way, ...]] = {
    **dict.fromkeys(("docker", "podman", "nerdctl", "buildah", "helm", "oras", "crane", "skopeo"), (_LOGIN,)),
    "curl": (_Way(("-u", "--user"), _CURL, ":"), _Way(("-H", "--header"), "name a file: '-H @file'", "header")),
    "wget": (_Way(("--password", "--http-password"), "write it to ~/.netrc"),),
    **dict.fromkeys(("mysql", "mysqldump", "mysqladmin", "mariadb"), (_MYSQL,)),
    "sshpass": (_Way(("-p",), "set SSHPASS, and write '-e'", glued=True),),
}


@dataclass(frozen=True, slots=True)
class Credential:
    """A password or token that a program is given on its command line.

    Attributes:
        part: The word that it is in.
        start: Where it begins in the script's text.
        end: Where the text goes on behind it.
        instead: How else the program would take it.
        is_header: Whether it is in a header of a request.
    """

    call: Call
    part: Part
    start: int
    end: int
    instead: str
    is_header: bool = False

    @property
    def node(self) -> Node:
        """Where it stands."""
        return self.part.script.at(self.start, self.end)

    @property
    def text(self) -> str:
        """What stands there."""
        return self.part.script.text[self.start : self.end]

    @property
    def literal(self) -> bool:
        """Whether it is written out, rather than put in by the shell."""
        return not any(one.kind in _EXPANDED and one.end > self.start for one in self.part.walk())


def given(call: Call) -> Iterator[Credential]:
    """Yield the passwords and tokens on a command line, of the programs that would take them otherwise, too."""
    words = call.words
    for way in _WAYS.get(call.program, ()):
        if way.words and not any(word in {(each,) for each in way.words} for word in words[1:4]):
            continue
        for at, (word, part) in enumerate(zip(words[1:], call.parts[1:], strict=True), 1):
            name, equals, _ = word[0].partition("=")
            short = len(word[0]) > 2 and word[0][1] != "-"
            if name in way.options and equals and not short:
                found = _credential(call, part, len(name) + 1, way)
            elif word[0] in way.options and way.apart and at + 1 < len(words):
                found = _credential(call, call.parts[at + 1], 0, way)
            elif way.glued and short and word[0][:2] in way.options:
                found = _credential(call, part, 2, way)
            else:
                continue
            if found is not None:
                yield found


def _credential(call: Call, part: Part, skipped: int, way: _Way) -> Credential | None:
    """Find the secret in a word, behind what is before it there."""
    text = part.text
    start = skipped
    if not skipped and text[:1] in {"'", '"'}:
        start = 1
    elif skipped and text[start : start + 1] in {"'", '"'}:
        start += 1
    if way.behind == "header":
        header = _HEADER.match(text)
        if header is None:
            return None
        start = header.end()
    elif way.behind:
        # `${USER:-x}:secret`: what a variable is asked for with is no separator.
        inside = [(one.start, one.end) for one in part.walk() if one.kind in _EXPANDED]
        places = (at for at, letter in enumerate(text) if letter == way.behind)
        colon = next((at for at in places if not any(a <= part.start + at < b for a, b in inside)), None)
        if colon is None:
            return None
        start = colon + 1
    end = len(text) - (text[-1:] in {"'", '"'} and len(text) > start)
    if end <= start:
        return None
    return Credential(call, part, part.start + start, part.start + end, way.instead, way.behind == "header")


class PutIn(NamedTuple):
    """A variable that a shell puts into a word.

    Attributes:
        whole: Whether all of its value is, rather than a part of it.
    """

    name: str
    part: Part
    whole: bool


# What is put in where the variable is not set, and what is put in for it whatever its value is.
_ELSE = frozenset({":-", "-", ":=", "=", ":?", "?"})
_INSTEAD = frozenset({":+", "+"})


def put_in(call: Call) -> Iterator[PutIn]:
    """Yield the variables whose values, or parts of them, are in the words of a call."""
    waiting = list(reversed(call.parts[1:]))
    while waiting:
        one = waiting.pop()
        if one.kind not in _EXPANDED:
            waiting += reversed(one.parts)
        elif one.kind != "command_substitution":
            name = next((below for below in one.parts if below.kind == "variable_name"), None)
            kinds = [token.kind for token in one.tokens[1:]]
            operators = {kind for kind in kinds if not kind[0].isalpha() and kind != "}"}
            # `${#A}` is its length, `${A:+set}` only says that it is there.
            if name is not None and kinds[0] not in {"#", "!"} and not operators & _INSTEAD:
                yield PutIn(name.text, one, whole=operators <= _ELSE)


class _Gives(NamedTuple):
    """A command of the AWS command line that writes secrets, by what of its answer is asked for."""

    secret: str
    lasting: bool
    needs: str = ""


_SESSION = _Gives(r"SecretAccessKey|SessionToken|Credentials(?!\.\w+\s*\Z)", lasting=False)
_WRITES: Mapping[tuple[str, str], _Gives] = {
    ("secretsmanager", "get-secret-value"): _Gives("SecretString|SecretBinary", lasting=True),
    ("ssm", "get-parameter"): _Gives("Value", lasting=True, needs="--with-decryption"),
    ("ssm", "get-parameters"): _Gives("Value", lasting=True, needs="--with-decryption"),
    ("ssm", "get-parameters-by-path"): _Gives("Value", lasting=True, needs="--with-decryption"),
    ("iam", "create-access-key"): _Gives(r"SecretAccessKey|AccessKey(?!\.\w+\s*\Z)", lasting=True),
    ("sts", "assume-role"): _SESSION,
    ("sts", "assume-role-with-web-identity"): _SESSION,
    ("sts", "assume-role-with-saml"): _SESSION,
    ("sts", "get-session-token"): _SESSION,
    ("sts", "get-federation-token"): _SESSION,
    ("ecr", "get-login-password"): _Gives("", lasting=False),
    ("codeartifact", "get-authorization-token"): _Gives("authorizationToken", lasting=False),
    ("rds", "generate-db-auth-token"): _Gives("", lasting=False),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call of the AWS command line answers, where that is a secret.

    Attributes:
        command: `sts assume-role`.
        lasting: Whether it is good until somebody changes it.
    """

    command: str
    lasting: bool


def answer(call: Call) -> Answer | None:
    """Say which secret a call writes to its standard output; None if it surely writes none, or nobody can tell."""
    if call.program != "aws":
        return None
    for (service, operation), gives in _WRITES.items():
        if not call.starts("aws", service, operation):
            continue
        words = {word[0] for word in call.words}
        if "help" in words or "--generate-cli-skeleton" in words or (gives.needs and gives.needs not in words):
            return None
        asked = _asked(call)
        if asked is None or any(not re.search(gives.secret, text) for text in asked):
            return None
        return Answer(f"{service} {operation}", gives.lasting)
    return None


def _asked(call: Call) -> tuple[str, ...] | None:
    """Give what `--query` can be set to, nothing if it is not given; None if nobody can tell."""
    words = call.words
    for before, word in pairwise(words):
        if before == ("--query",):
            return word
        if word[0].startswith("--query="):
            return tuple(text.partition("=")[2] for text in word)
        if ANYTHING in word and not before[0].startswith("-"):
            return None
    return ()


def source(assigned: Assigned, calls: Mapping[Part, Call]) -> tuple[Answer, bool] | None:
    """Say which secret a variable is set to: `A=$(aws secretsmanager get-secret-value …)`.

    Returns:
        The answer, and whether it is taken as it is rather than piped through other programs.
    """
    statement = assigned.part.parent
    value = statement.field("value") if statement is not None and statement.kind == "variable_assignment" else None
    if value is None:
        return None
    if value.kind == "string" and len(value.parts) == 1 and value.parts[0].text == value.text[1:-1]:
        value = value.parts[0]
    if value.kind != "command_substitution" or len(value.parts) != 1:
        return None
    inner = value.parts[0]
    piped = inner.kind == "pipeline" and len(inner.parts) > 1
    first = inner.parts[0] if piped else inner
    if first.kind == "redirected_statement" and (body := first.field("body")) is not None:
        first = body
    call = calls.get(first)
    found = answer(call) if call is not None else None
    return (found, not piped) if found is not None else None
