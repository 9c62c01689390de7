"""What a shell refuses to run."""

import random
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.buildspec.syntax import fault

RIGHT = [
    "",
    "# it's a comment",
    "if a; then b; elif c; then d; else e; fi",
    "if a; then if b; then c; fi fi",
    "for x in; do a; done",
    "for x in a b\ndo c; done",
    "for ((i=0; i<3; i++)); do a; done",
    "for x do a; done",
    "while read -r l; do a; done < <(ls)",
    "until a; do b; done &",
    "case $x in a|b) c;; (d) ;; *) e; esac",
    "case x in esac",
    "select x in a; do b; done",
    "f() { a; }; function g { b; }; h() (c)",
    "[[ $a == b* && ( -n $c || ! -z $d ) ]]",
    "[[ $a =~ ^(a|b c)$ ]] || exit 1",
    "cat <<EOF\nit's $( not read\nEOF\na",
    "cat <<EOF\nno end",
    "x=$(cat <<'EOF'\nit's\nEOF\n)",
    "x=$(case y in a) b;; esac)",
    'echo "${a:-"b c"}" ${d##*/} $((1 + (2))) `date` $$',
    'echo "$(echo "$(echo \'"\')")"',
    "a=(b 'c d' $e); a[1]=x; export b=(c)",
    "a#b",
    "a && ! b | c\ntime d",
    "((x > 1)) && { a; } 2>&1 | b",
    "$'it\\'s' $\"x\"",
    "echo if then fi done } ]] in",
    "a >b 2>&1 <c &>d {fd}>e 3<>f",
    "\\\n  a \\\n  b",
    "!",
    "shopt -s extglob; ls !(a|b)",
]
WRONG = [
    ("{ a; { b; } >c }", "}", 15, "unexpected", False),
    ("echo 'a", "'", 5, "open", True),
    ('echo "a', '"', 5, "open", True),
    ("echo $(a", "$(", 5, "open", True),
    ("if a; then b", "if", 0, "open", True),
    ("if a then b fi", "if", 0, "open", True),
    ("x; for y in z; do a", "for", 3, "open", True),
    ("while a; do b", "while", 0, "open", True),
    ("case $x in a) b;;", "case", 0, "open", True),
    ("if a; then for b in c; do d; fi", "fi", 29, "unexpected", False),
    ("(a", "(", 0, "open", False),
    ("{ a", "{", 0, "open", False),
    ("echo ${a", "${", 5, "open", False),
    ("echo `a", "`", 5, "open", False),
    ("[[ a == b", "[[", 0, "open", False),
    ("fi", "fi", 0, "unexpected", False),
    ("a; done", "done", 3, "unexpected", False),
    ("if a; then fi", "fi", 11, "unexpected", False),
    ("a; ; b", ";", 3, "unexpected", False),
    ("a || ; b", ";", 5, "unexpected", False),
    ("a | | b", "|", 4, "unexpected", False),
    ("a ) b", ")", 2, "unexpected", False),
    ("a (b)", "b", 3, "unexpected", False),
    ("()", ")", 1, "unexpected", False),
    ("echo >", ">", 5, "missing", False),
    ("a &&", "&&", 2, "missing", False),
    ("for in; do", "for", 0, "open", True),
]


@pytest.mark.parametrize("text", RIGHT)
def test_accepts(text: str) -> None:
    assert fault(text) is None


@pytest.mark.parametrize(("text", "shown", "start", "kind", "sure"), WRONG)
def test_refuses(text: str, shown: str, start: int, kind: str, sure: bool) -> None:  # noqa: FBT001  # a table
    found = fault(text)
    assert found is not None
    assert (found.text, found.start, found.kind, found.sure) == (shown, start, kind, sure)


def test_counts_places_in_code_points() -> None:
    found = fault("echo 'äö€😀'; echo \"x")
    assert found is not None
    assert (found.start, found.end) == (18, 19)


def test_is_not_sure_where_shells_read_otherwise() -> None:
    found = fault("echo $'\\' && echo 'a'")  # to dash it ends at the second quote
    assert found is not None
    assert not found.sure


@pytest.mark.parametrize("text", ["(" * 100_000, "$(" * 100_000, '"$(' * 50_000, "{ " * 50_000, "if " * 50_000])
def test_what_is_nested_too_deep_is_not_read(text: str) -> None:
    found = fault(text)
    assert found is None or not found.sure


@pytest.mark.parametrize(
    "text", ["'" + "a" * 400_000, "a\n" * 200_000, "<<A\n" * 100_000, "((a) " * 50_000, "a=(" * 90_000]
)
def test_what_is_long_is_read_in_one_go(text: str) -> None:
    fault(text)


KEYWORDS = ("if", "then", "else", "elif", "fi", "for", "in", "do", "done", "while", "until", "case", "esac", "time")
SIGNS: tuple[str, ...] = (
    *"{}()`\"';&|<>#\\!=\n",
    "[[",
    "]]",
    "((",
    "))",
    "$(",
    "${",
    "$'",
    ";;",
    "&&",
    "||",
    "<<",
    "a=(",
    "f()",
)
PIECES = st.sampled_from((*KEYWORDS, *SIGNS, "a", "$b", "-n", "EOF", "echo"))


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_any_words_are_read_to_the_end(text: str) -> None:
    found = fault(text)
    assert found is None or 0 <= found.start < found.end <= len(text)


def verdict(text: str) -> bool:
    run = subprocess.run(["bash", "-n"], check=False, input=text.encode(), capture_output=True)
    return run.returncode == 0 and all(b"warning" in line for line in run.stderr.splitlines())


def changed(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    inserted: str = chance.choice(("", *"\"'`$(){};|&<>\n #"))
    return text[:at] + inserted + text[at + chance.randrange(2) :]


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_what_is_refused_for_sure_bash_refuses() -> None:
    chance = random.Random(1)  # noqa: S311  # nothing is secret
    texts = [changed(chance.choice(RIGHT), chance) for _ in range(400)]
    assert [text for text in texts if (found := fault(text)) is not None and found.sure and verdict(text)] == []


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize("text", [*RIGHT[:-1], *(case[0] for case in WRONG)])
def test_agrees_with_bash(text: str) -> None:
    assert (fault(text) is None) == verdict(text)
