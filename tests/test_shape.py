"""Schemas against nodes: what is said, and where."""

import json
import subprocess
import sys
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.document import Node, Problem
from validator.parse import parse
from validator.shape import ANY, is_function, keys_at, places_of, problems

BUILDSPEC = "buildspec-0.2"
SCHEMAS = (BUILDSPEC, "buildspec-0.1", "environment-1", "environment-legacy", "policy")


def root(text: str) -> Node:
    return parse("a.yml", text).root


def single(schema: str, text: str, *, holes: bool = False) -> Problem:
    [problem] = problems(root(text), schema, holes=holes)
    return problem


def place(problem: Problem) -> tuple[int, int]:
    return problem.at.span.line, problem.at.span.column


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version: 0.3\nphases: {}", "version is 0.3, expected 0.2"),
        ("version: 0.2\nphases: [a]", "phases is a list, expected a mapping"),
        ("version: 0.2\nphases: {}\nartifacts: {files: {a: b}}", "files is a mapping, expected a list or a string"),
        ("version: 0.2\nphases: {}\ncache: {paths: [[a]]}", "paths[0] is a list, expected a string"),
        ("version: 0.2\nphases: {}\ncache: {paths: }", "paths is empty, expected a list or a string"),
        ("version: 0.2\nphases: {}\nproxy: {logs: perhaps}", "logs is 'perhaps', expected yes or no"),
        ("version: 0.2\nphases: {}\ncache: {}", "cache lacks 'paths'"),
        (
            "version: 0.2\nphases: {}\ncache: {paths: a, action: sav}",
            "action is 'sav', expected one of 'restore', 'save'",
        ),
        ("version: 0.2\nbatch: {build-fanout: {parallelism: 0}}", "parallelism is 0, expected 1 or more"),
        (
            "version: 0.2\nphases: {install: {runtime-versions: {}}}",
            "runtime-versions is empty, expected at least 1 entry",
        ),
        (
            "version: 0.2\nphases: {build: {on-failure: STOP}}",
            "on-failure is 'STOP', expected something like 'ABORT', 'CONTINUE', 'RETRY', 'RETRY-2'",
        ),
        (
            "version: 0.2\nbatch: {build-list: [{env: {compute-type: a, fleet: b}}]}",
            "a fleet has its own machines: a task names a fleet or a compute type, not both",
        ),
        ("[a]", "the document is a list, expected a mapping"),
    ],
)
def test_says_what_was_found_and_what_was_expected(text: str, message: str) -> None:
    assert single(BUILDSPEC, text).message == message


@pytest.mark.parametrize(
    ("check", "message"),
    [
        ("{id: a}", "checks[0] has none of 'resource', 'resources', 'call', 'output', 'stack', expected one of them"),
        ("{id: a, resource: b, call: c.d}", "checks[0] has both 'resource' and 'call', expected one of them"),
        ("{id: a, stack: s, resource: b, call: c.d}", "checks[0] has both 'resource' and 'call', expected one of them"),
        ("{id: a, output: b, type: c}", "checks[0] has 'type' without 'resource'"),
        ("{id: a, stack: ., absent: x}", "absent is 'x', expected a boolean, or a reference that gives one"),
    ],
)
def test_chooses_what_to_say_of_alternatives(check: str, message: str) -> None:
    assert single("environment-1", f"envspec: 1\nchecks: [{check}]").message == message


def test_a_stack_may_stand_beside_another_target() -> None:
    assert not problems(root("envspec: 1\nchecks: [{id: a, stack: s, resource: b}]"), "environment-1")


def test_shows_a_number_as_it_is_written() -> None:
    assert single(BUILDSPEC, "version: 0.30\nphases: {}").message == "version is 0.30, expected 0.2"


def test_cuts_a_long_value() -> None:
    assert len(single(BUILDSPEC, f"version: {'x' * 1000}\nphases: {{}}").message) < 100


def test_points_at_the_value() -> None:
    assert place(single(BUILDSPEC, "version: 0.2\nphases:\n  build:\n    on-failure: STOP\n")) == (4, 17)


def test_points_at_the_key_of_the_mapping_that_lacks_one() -> None:
    assert place(single(BUILDSPEC, "version: 0.2\nphases: {}\ncache:\n  key: a\n")) == (3, 1)


def test_points_at_an_unknown_key_and_offers_the_near_one() -> None:
    problem = single(BUILDSPEC, "version: 0.2\nphases:\n  build:\n    command: [a]\n")
    assert (place(problem), problem.code, problem.help) == ((4, 5), "unknown-key", "did you mean 'commands'?")


def test_lists_the_known_keys_if_none_is_near() -> None:
    problem = single(BUILDSPEC, "version: 0.2\nphases: {}\nstages: {}\n")
    assert problem.help == "known here: 'version', 'run-as', 'env', 'proxy', 'batch' and 4 more"


def test_a_misspelled_key_is_not_missing_too() -> None:
    assert single("policy", '{"Statement": {"effect": "Allow", "Action": "a:b"}}').message.endswith("no key 'effect'")


def test_a_missing_key_beside_a_stranger_is_missing() -> None:
    found = problems(root('{"Statement": {"Colour": "Allow", "Action": "a:b"}}'), "policy")
    assert [problem.code for problem in found] == ["shape", "unknown-key"]


def test_the_form_of_a_free_key_is_a_problem_at_the_key() -> None:
    problem = single("environment-legacy", "get_role: {Name: a, Properties: {}}\nGetRole: {Name: a, Properties: {}}\n")
    assert (place(problem), problem.code) == ((2, 1), "key-form")


def test_what_an_alias_repeats_is_one_problem() -> None:
    text = "version: 0.2\nphases:\n  install: &a\n    command: []\n  build: *a\n"
    assert place(single(BUILDSPEC, text)) == (4, 5)


@pytest.mark.parametrize(
    "statement",
    [
        "!Ref Statements",
        "[{Effect: !Ref Effect, Action: !Sub 'a:${Name}', Resource: !GetAtt Bucket.Arn}]",
        "[!If [Prod, {Effect: 1}, !Ref 'AWS::NoValue']]",
        "[{Effect: Allow, Action: a, Resource: a, Condition: !If [A, {}, !Ref 'AWS::NoValue']}]",
        "[{Effect: Allow, Fn::Transform: {Name: AWS::Include}}]",
    ],
)
def test_a_function_may_stand_for_anything(statement: str) -> None:
    node = root(f"Statement: {statement}")
    assert not problems(node, "policy", holes=True)
    assert problems(node, "policy")


def test_what_stands_beside_a_function_is_looked_at() -> None:
    problem = single("policy", "Statement: [!Ref A, {Effect: Allow, Action: 3}]", holes=True)
    assert problem.message == "Action is 3, expected a string or a list"


@pytest.mark.parametrize(
    ("text", "function"), [("{Ref: a}", True), ("{Ref: a, b: c}", False), ("{Condition: a}", False)]
)
def test_knows_a_function(text: str, function: bool) -> None:  # noqa: FBT001
    assert is_function(root(text).value) is function


@pytest.mark.parametrize(
    ("path", "some", "count"),
    [
        ((), "version", 9),
        (("phases", "build"), "commands", 4),
        (("batch", "build-graph", 0, "env"), "image", 6),
        (("reports", "any"), "files", 4),
        (("env", "variables"), None, 0),
        (("nowhere", "at all"), None, 0),
    ],
)
def test_knows_the_keys_at_a_place(path: tuple[str | int, ...], some: str | None, count: int) -> None:
    keys = keys_at(BUILDSPEC, path)
    assert len(keys) == count
    assert some is None or some in keys


@pytest.mark.parametrize(
    ("key", "places"),
    [
        ("runtime-versions", (("phases", "install"),)),
        ("post_build", (("phases",),)),
        ("phases", ((),)),
        ("identifier", (("batch", "build-graph", ANY), ("batch", "build-list", ANY))),
        ("no such key", ()),
    ],
)
def test_knows_the_places_of_a_key(key: str, places: tuple[tuple[str, ...], ...]) -> None:
    assert places_of(BUILDSPEC, key) == places


def test_importing_costs_no_jsonschema() -> None:
    code = "import sys, validator.shape; assert 'jsonschema' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


_KEYS = sorted(
    {
        key
        for schema in SCHEMAS
        for key in json.dumps(json.loads(files("validator.schemas").joinpath(f"{schema}.json").read_text())).split('"')
        if key.isidentifier() or "-" in key
    }
)
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(_KEYS)
)
_VALUES: st.SearchStrategy[Any] = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4)
)


@given(_VALUES, st.sampled_from(SCHEMAS), st.booleans())
def test_says_something_readable_about_anything(value: Any, schema: str, holes: bool) -> None:  # noqa: FBT001
    for problem in problems(parse("a.json", json.dumps(value)).root, schema, holes=holes):
        assert problem.at.span.line == 1
        assert problem.message
        assert "is not of type" not in problem.message
        assert "is not valid under" not in problem.message
