"""The terms of a JMESPath expression, each with its place: the tree that jmespath makes has none."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in an expression.

    Attributes:
        start: Where it starts in the expression, and `end` where it ends: 0-based, in characters.
        code: `syntax`, for what cannot be evaluated; `path`, for what is never there; `comparison`, whose outcome is
            always the same; `argument`, for what a function does not take.
        sure: False where AWS may know better than the model.
    """

    start: int
    end: int
    message: str
    help: str
    code: str
    sure: bool = True


class RefusedError(Exception):
    """An expression that cannot be read; says why."""

    def __init__(self, fault: Fault) -> None:
        """Take the fault."""
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Term:
    """One part of an expression: as jmespath has it, with its place.

    Attributes:
        start: Where it starts in the expression, and `end` where it ends, with all that it is made of.
        mark: The place of what makes it what it is: the name of a function, `[]`, `[*]`.
    """

    type: str
    value: Any
    children: tuple["Term", ...]
    start: int
    end: int
    mark: tuple[int, int]


def read(text: str) -> Term:
    """Read an expression, as it will be read when it is evaluated.

    Raises:
        RefusedError: It is none.
    """
    tree, tokens = _parsed(text)
    return _Reader(text, tokens).read(tree)


def _parsed(text: str) -> tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]:
    """Parse an expression, as it will be when it is evaluated; give its tree and its tokens."""
    import jmespath  # noqa: PLC0415  # only where there are specs
    from jmespath import exceptions, lexer  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            # A literal that is no JSON is a text, which is out of use but works.
            warnings.simplefilter("ignore")
            return jmespath.compile(text).parsed, list(lexer.Lexer().tokenize(text))
    except exceptions.EmptyExpressionError:
        raise RefusedError(Fault(0, 0, "the expression is empty", "", "syntax")) from None
    except exceptions.LexerError as error:
        start = min(error.lexer_position, len(text) - 1)
        found = text[start : start + 1]
        if error.message.startswith("Unclosed"):
            raise RefusedError(Fault(start, len(text), f"nothing closes {found}", f"add {found}", "syntax")) from None
        advice = "write ==" if found == "=" else ""
        raise RefusedError(Fault(start, start + 1, f"{found!r} has no meaning here", advice, "syntax")) from None
    except exceptions.IncompleteExpressionError:
        end = len(text)
        raise RefusedError(Fault(max(end - 1, 0), end, "the expression ends too early", "", "syntax")) from None
    except exceptions.ParseError as error:
        start = min(error.lex_position, len(text) - 1)
        found = str(error.token_value)
        end = max(start + 1, min(start + len(found), len(text)))
        message = f"{found!r} cannot stand here" if found else "the expression ends too early"
        raise RefusedError(Fault(start, end, message, _advice(found, text[:start]), "syntax")) from None
    except ValueError:  # such as a number of thousands of digits
        raise RefusedError(Fault(0, len(text), "the expression cannot be read", "", "syntax")) from None


def _advice(found: str, before: str) -> str:
    if found.startswith("&") or found == "and":
        return "write && for and"
    if found == "or":
        return "write || for or"
    if before.rstrip().endswith("["):
        return "write [?…] for a filter"
    return ""


class _Reader:
    """Gives the nodes of jmespath's tree their places: it has none, but its nodes come in the order of the tokens."""

    def __init__(self, text: str, tokens: Sequence[Mapping[str, Any]]) -> None:
        starts = [token["start"] for token in tokens]
        # A token ends before what separates it from the next: the ends that jmespath gives are not all right.
        nexts = [*starts[1:], len(text)]
        ends = [start + len(text[start:after].rstrip()) for start, after in zip(starts, nexts, strict=True)]
        self._tokens = list(zip([token["type"] for token in tokens], starts, ends, strict=True))
        self._at = 0

    def read(self, node: Mapping[str, Any]) -> Term:
        """Read a node and all below it."""
        children = node.get("children", [])
        match node["type"]:
            case "field":
                return self._term(node, self._take("unquoted_identifier", "quoted_identifier"))
            case "key_val_pair":
                own = self._take("unquoted_identifier", "quoted_identifier")
                self._take("colon")
                return self._term(node, own, self.read(children[0]))
            case "function_expression":
                own = self._take("unquoted_identifier")
                below = [self.read(each) for each in children]
                return self._term(node, own, *below, end=self._take("rparen")[1])
            case "literal" | "current" as token:
                return self._term(node, self._take(token))
            case "index" | "slice":
                start, _ = self._take("lbracket")
                return self._term(node, (start, self._take("rbracket")[1]))
            case "multi_select_list" | "multi_select_dict" as kind:
                opened, closed = ("lbracket", "rbracket") if kind == "multi_select_list" else ("lbrace", "rbrace")
                own = self._take(opened)
                below = [self.read(each) for each in children]
                return self._term(node, own, *below, end=self._take(closed)[1])
            case "flatten":
                child = self.read(children[0])
                return self._term(node, self._take("flatten"), child)
            case "projection" if not self._is_marked(children[0]):
                left = self.read(children[0])
                start, _ = self._take("lbracket")
                _, end = self._take("rbracket")
                return self._term(node, (start, end), left, self.read(children[1]))
            case "value_projection":
                left = self.read(children[0])
                own = self._take("star")
                return self._term(node, own, left, self.read(children[1]))
            case "filter_projection":
                left = self.read(children[0])
                start, _ = self._take("filter")
                condition = self.read(children[2])
                _, end = self._take("rbracket")
                return self._term(node, (start, end), left, self.read(children[1]), condition)
            case "comparator":
                left = self.read(children[0])
                own = self._take(node["value"])
                return self._term(node, own, left, self.read(children[1]))
            case _:
                return self._term(node, None, *(self.read(each) for each in children))

    def _is_marked(self, left: Mapping[str, Any]) -> bool:
        """Say whether a projection's left side is what makes it one: `[]`, or a slice."""
        last = left["children"][-1]["type"] if left["type"] == "index_expression" else ""
        return left["type"] == "flatten" or last == "slice"

    def _term(self, node: Mapping[str, Any], own: tuple[int, int] | None, *below: Term, end: int = 0) -> Term:
        # What nobody wrote, such as the current value that `[0]` is taken of, has no place, and spans none.
        places = [(one.start, one.end) for one in below if one.end] + ([own] if own is not None else [])
        start = min((place[0] for place in places), default=0)
        end = max([end, *(place[1] for place in places)])
        return Term(node["type"], node.get("value"), below, start, end, own or (start, end))

    def _take(self, *types: str) -> tuple[int, int]:
        """Give the place of the next token of a type, and go on behind it."""
        while self._tokens[self._at][0] not in types:
            self._at += 1
        _, start, end = self._tokens[self._at]
        self._at += 1
        return start, end
