"""What commands do: variables, folders, and what nobody can tell."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.buildspec import Buildspec
from validator.buildspec.flow import Flow
from validator.cloudformation.template import Template
from validator.parse import load
from validator.project.inside import inline_buildspecs


def flow(*commands: str, variables: str = "{}", version: str = "0.2") -> Flow:
    listed = json.dumps(list(commands))
    text = f"version: {version}\nenv: {{variables: {variables}}}\nphases: {{build: {{commands: {listed}}}}}\n"
    return Buildspec(load("buildspec.yml", text.encode()).root).flow


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("A=1", {"A": ("1",)}),
        ("A=1; A=2", {"A": ("1", "2")}),
        ("A=", {"A": ("",)}),
        ("A='x y' B=\"$A\"", {"A": ("x y",), "B": ("x y",)}),
        ("A=$(b)", {"A": ("*",)}),
        ("A+=1", {"A": ("*",)}),
        ("A[0]=1", {"A": ("*",)}),
        ("A=(b c)", {"A": ("*",)}),
        ("export A=1 B", {"A": ("1",)}),
        ("declare -x A=1", {"A": ("1",)}),
        ("readonly A=1", {"A": ("1",)}),
        ("f() { local A=1; }", {"A": ("1",)}),
        ("for A in b 'c d'; do e; done", {"A": ("b", "c d")}),
        ("for A in $(b); do e; done", {"A": ("*",)}),
        ("select A in b; do e; done", {"A": ("b",)}),
        ("while read -r A B; do c; done < d", {"A": ("*",), "B": ("*",)}),
        ("mapfile -t A < b", {"A": ("*",)}),
        ("printf -v A %s b", {"A": ("*",)}),
        ("let A=1 B++", {"A": ("*",), "B": ("*",)}),
        (": ${A:=1}", {"A": ("*",)}),
        ("A=1 make", {"A": ("1",)}),
        ("if a; then A=1; else A=2; fi", {"A": ("1", "2")}),
        ("echo A=1 'B=2' # C=3", {}),
        ("cat <<E\nA=1\nE", {}),
    ],
)
def test_what_is_assigned(command: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert {one.name: one.values for one in flow(command).assigned} == expected


@pytest.mark.parametrize(
    ("command", "exported"),
    [("export A=1", {"A"}), ("A=1; export A", {"A"}), ("declare -x A", {"A"}), ("A=1", set()), ("declare A=1", set())],
)
def test_what_is_exported(command: str, exported: set[str]) -> None:
    assert flow(command).exported == exported


def test_an_assignment_says_what_it_is_for() -> None:
    found = {one.name: one for one in flow("A=1 make; f() { B=1; }; export C=1").assigned}
    assert (found["A"].passing, found["B"].local, found["C"].exported) == (True, True, True)
    assert [one.part.node.text for one in found.values()] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("command", "names"),
    [
        ('a $A ${B} "$C" "x${D}y" \'$E\' \\$F', "A B C D"),
        ("a $A.$B.c/$D-e", "A B D"),
        ("a ${A%x} ${#B} ${C[0]} ${!D} ${E/$F/g}", "A B C D E"),
        ("A=$B C=${D}; export E=$F", "B D F"),
        ('[ -z "$A" ] && [[ $B == c ]]', "A B"),
        ("if [ $A = $B ]; then $C; fi", "A B C"),
        ("case $A in $B) c;; esac", "A B"),
        ("for a in $B; do c; done", "B"),
        ("a <<E\n$B\nE", "B"),
        ("a <<'E'\n$B\nE", ""),
        ("a <<< $B > $C", "B C"),
        ('a "$(b "$C")" `d $E`', "C E"),
        ("a $((1 + $B))", "B"),
        ("a $1 $@ $? $$ $# $!", "1"),
    ],
)
def test_what_is_used(command: str, names: str) -> None:
    assert {one.name for one in flow(command).used} == set(names.split())


@pytest.mark.parametrize("use", ["${A:-b}", "${A-b}", "${A:=b}", "${A:+b}", "${A:?b}"])
def test_a_use_may_be_ready_for_nothing(use: str) -> None:
    assert [one.defaulted for one in flow(f"a {use} $A").used] == [True, False]


@pytest.mark.parametrize(
    ("commands", "folder"),
    [
        (["cd a", "x"], "a"),
        (["cd a && cd ../b/c; x"], "b/c"),
        (["cd a; x"], "a"),
        (["(cd a); x"], ""),
        (["cd a | b; x"], ""),
        (["y=$(cd a); x"], ""),
        (["cd $CODEBUILD_SRC_DIR/a; x"], "a"),
        (["cd a; cd $CODEBUILD_SRC_DIR; x"], ""),
        (["D=a; cd $D; x"], "a"),
        (["cd $D; x"], None),
        (["cd; x"], None),
        (["cd -; x"], None),
        (["cd ..; x"], None),
        (["cd /tmp; x"], None),
        (["cd ~/a; x"], None),
        (["pushd a; pushd b; popd; x"], "a"),
        (["popd; x"], None),
        (["if y; then cd a; fi; x"], None),
        (["if y; then cd a; cd ..; fi; x"], ""),
        (["[ -d a ] && cd a; x"], None),
        (["test -d a && cd a; x"], None),
        (["cd a || exit 1; x"], "a"),
        (["y || cd a; x"], None),
        (["for d in a b; do cd $d; done; x"], None),
        (["for d in a b; do cd $d; y; cd ..; done; x"], None),
        (["f() { cd a; }; x"], ""),
        (["f() { cd a; }; f; x"], None),
        (["f() { (cd a); }; f; x"], ""),
        ([". a.sh; x"], None),
        (["eval y; x"], None),
    ],
)
def test_where_a_call_happens(commands: list[str], folder: str | None) -> None:
    assert flow(*commands).calls[-1].folder == folder


def test_in_the_old_version_every_command_has_a_shell_of_its_own() -> None:
    [_, a, b] = flow("cd d; A=1", "a $A", "b", version="0.1").calls
    assert (a.folder, a.words, b.folder) == ("", (("a",), ("*",)), "")


@pytest.mark.parametrize(
    ("command", "perhaps"),
    [
        ("x", False),
        ("y; x", False),
        ("y && x", False),
        ("y || x", True),
        ("[ -f a ] && x", True),
        ("[[ -f a ]] && x", True),
        ("! y && x", True),
        ("command -v y > /dev/null && x", True),
        ("if x; then y; fi", False),
        ("if y; then x; fi", True),
        ("if y; then z; else x; fi", True),
        ("case $a in b) x;; esac", True),
        ("while y; do x; done", True),
        ("for a in b c; do x; done", False),
        ("for a in $(b); do x; done", True),
        ("for a in *.yml; do x; done", True),
        ("f() { x; }", True),
        ("y | x", False),
        ("{ x; }", False),
        ("(x)", False),
    ],
)
def test_whether_a_call_may_be_left_out(command: str, perhaps: bool) -> None:  # noqa: FBT001  # a fact
    [call] = [call for call in flow(command).calls if call.program == "x"]
    assert call.perhaps is perhaps


@pytest.mark.parametrize(
    "command",
    [". ./a", "source a", 'eval "$(a)"', "$A b", "$(a)", "export $(cat a)", 'export "$A=1"', "declare $A", "export $A"],
)
def test_what_may_set_variables_that_nobody_sees(command: str) -> None:
    assert [call.part.text for call in flow(command).openings] == [command]


@pytest.mark.parametrize(
    "command", ["a $B", "export A=$(b)", "export A", "declare -x A", "bash a.sh", "./a.sh", "f=$A"]
)
def test_what_sets_no_other_variables(command: str) -> None:
    assert not flow(command).openings


def test_functions_are_known_by_name() -> None:
    assert {name: part.text for name, part in flow("f() { a; }; function g { b; }").functions.items()} == {
        "f": "f() { a; }",
        "g": "function g { b; }",
    }


def test_what_cloudformation_puts_in_is_no_variable() -> None:
    text = (
        "Resources:\n  P:\n    Type: AWS::CodeBuild::Project\n    Properties:\n      Source:\n"
        "        BuildSpec: !Sub |\n"
        "          version: 0.2\n          env: {variables: {A: b}}\n          phases:\n            build:\n"
        "              commands: ['x ${A} ${!A} $A']\n"
    )
    [root] = inline_buildspecs(Template(load("t.yml", text.encode()).root).resources["P"])
    found = Buildspec(root).flow
    assert [one.part.text for one in found.used] == ["${!A}", "$A"]
    assert found.calls[0].words == (("x",), ("*",), ("*",), ("b",))


def test_a_command_that_is_no_text_is_unread() -> None:
    text = "version: 0.2\nphases: {build: {commands: [{Ref: A}, b]}}\n"
    found = Buildspec(load("buildspec.yml", text.encode()).root).flow
    assert ([call.program for call in found.calls], len(found.unread)) == (["b"], 1)


_WORD = st.sampled_from(["a", "$A", '"$B"', "'c'", "${C:-d}", "$(e f)", "A=1", "x/$A/y", "*", "> g", "2>&1", "< h"])
_SIMPLE = st.lists(_WORD, min_size=1, max_size=4).map(" ".join)
_PROGRAM = st.recursive(
    _SIMPLE,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" && ", " || ", "; ", " | ", "\n"]), inner).map("".join),
        inner.map(lambda text: f"( {text}\n)"),
        inner.map(lambda text: f"{{ {text}\n}}"),
        st.tuples(inner, inner).map(lambda pair: f"if {pair[0]}\nthen {pair[1]}\nfi"),
        inner.map(lambda text: f"for i in a b\ndo {text}\ndone"),
        inner.map(lambda text: f"while {text}\ndo {text}\ndone"),
        inner.map(lambda text: f"f() {{ {text}\n}}"),
    ),
    max_leaves=8,
)


@given(_PROGRAM)
def test_what_is_found_stands_where_it_says(program: str) -> None:
    found = flow(program)
    script = found.calls[0].part.script.text if found.calls else ""
    assert all(script[call.part.start : call.part.end] == call.part.text for call in found.calls)
    assert all(use.name in use.part.text for use in found.used)
    assert all(len(call.texts) == len(call.parts) for call in found.calls)


@given(_PROGRAM, _PROGRAM)
def test_what_stands_first_is_read_as_if_it_stood_alone(one: str, other: str) -> None:
    alone = [call.words for call in flow(one).calls]
    assert [call.words for call in flow(one, other).calls][: len(alone)] == alone


@given(st.text(alphabet="ab \n\t\"'`$(){};|&<>\\#=*XY1-é\x00", max_size=60))
def test_any_text_can_be_followed(text: str) -> None:
    found = flow(text)
    assert all(call.part.script.text == text for call in found.calls)


@pytest.mark.parametrize(
    "commands",
    [
        ["(" * 30_000 + "a" + ")" * 30_000],
        ["if a; then " * 5_000 + "b" + "; fi" * 5_000],
        ["$(" * 30_000],
        ["a && " * 20_000 + "b"],
        ["for i in $A $B; do A=$i; B=x$i; done\n" * 500],
        ["A=$A$A$A$A"] * 500,
        [f"cd d{n}; a $X{n}; X{n}=1" for n in range(10_000)],
        ["a " + "x" * 1_000_000],
        ["f() { f; }; f; " * 5_000],
    ],
    ids=lambda commands: repr(commands[0][:12]),
)
def test_bad_input_is_followed_within_bounds(commands: list[str]) -> None:
    found = flow(*commands)
    assert len(found.calls) <= 30_000
