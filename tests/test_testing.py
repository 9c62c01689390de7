import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from validator import testing
from validator.registry import Registry
from validator.rule import Finding
from validator.testing import check_rule, findings, rule_ids, undecided

TITLE = '"""A key is old.\n\n'
BAD = 'Bad:\n\n```yaml title="buildspec.yml"\nversion: 0.2\nold: 1\n```\n\n'
GOOD = 'Good:\n\n```yaml title="buildspec.yml"\nversion: 0.2\n```\n'
CODE = """\
old = document.root.get("old")
if old is not None:
    yield Finding(old, "it is old")
"""
Use = Callable[[str, str], None]


@pytest.fixture
def use(rules_of: Callable[..., Registry], monkeypatch: pytest.MonkeyPatch) -> Use:
    """Have the kit know one rule, `pack-old`, of a docstring and code."""

    def make(docstring: str, code: str, parameters: str = "document: Document") -> None:
        registry = rules_of({"old": f"{parameters}\n{docstring}\n{code}".strip()})
        monkeypatch.setattr(testing, "registry", lambda: registry)

    return make


def complaint() -> str:
    with pytest.raises(AssertionError) as raised:
        check_rule("pack-old")
    return str(raised.value)


@pytest.mark.parametrize("rule_id", rule_ids("stackproof"))
def test_our_rules_do_what_their_documentation_says(rule_id: str) -> None:
    check_rule(rule_id)


def test_gives_the_findings_of_one_rule_in_order_each_once(use: Use) -> None:
    use("", "for key in ('z', 'a', 'z'): yield Finding(document.root.get(key), key)")
    found = findings("pack-old", {"buildspec.yml": "version: 0.2\na: 1\na: 1\nz: 1\n"})
    assert [finding.message for finding in found] == ["a", "z"]


def test_paths_are_as_given(use: Use) -> None:
    use("", CODE)
    [finding] = findings("pack-old", {"a/buildspec.yml": "version: 0.2\nold: 1\n"})
    assert (finding.at.span.path, finding.at.span.line) == ("a/buildspec.yml", 2)


def test_the_working_directory_is_the_same_afterwards(use: Use) -> None:
    use("", CODE)
    before = Path.cwd()
    findings("pack-old", {"buildspec.yml": "version: 0.2\nold: 1\n"})
    assert Path.cwd() == before


def test_suppressed_findings_are_given_too(use: Use) -> None:
    use("", CODE)
    text = "version: 0.2\nold: 1 # stackproof: ignore[pack-old] for a test\n"
    assert len(findings("pack-old", {"buildspec.yml": text})) == 1


def test_takes_options_and_configuration(use: Callable[..., None]) -> None:
    parameters = "document: Document, *, word: str = 'x', settings: Settings"
    use("", "yield Finding(document.root, word + settings.partition)", parameters)
    files = {"buildspec.yml": "version: 0.2\n", "stackproof.toml": 'partition = "aws-cn"'}
    assert [finding.message for finding in findings("pack-old", files, word="y")] == ["yaws-cn"]


def test_gives_what_a_rule_could_not_decide(use: Use) -> None:
    use("", "yield Undecided(document.root, 'who knows')")
    [doubt] = undecided("pack-old", {"buildspec.yml": "version: 0.2\n"})
    assert doubt.reason == "who knows"


def test_a_crash_fails_the_test_with_its_traceback(use: Use) -> None:
    use("", "yield document.nothing")
    with pytest.raises(AssertionError, match=r"(?s)AttributeError.*in check"):
        findings("pack-old", {"buildspec.yml": "version: 0.2\n"})


def test_a_rule_that_does_not_exist_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="there is no rule 'pack-new'"):
        findings("pack-new", {})


def test_a_rule_that_does_what_it_says_passes(use: Use) -> None:
    use(TITLE + BAD + GOOD + '"""', CODE)
    check_rule("pack-old")


@pytest.mark.parametrize(
    ("docstring", "code", "said"),
    [
        ("", CODE, ["it has no docstring", "it has no Bad example", "it has no Good example"]),
        (TITLE + BAD + '"""', CODE, ["it has no Good example"]),
        (TITLE + BAD + GOOD + '"""', "yield from ()", ["example 1 is Bad, and it reports nothing"]),
        (
            TITLE + BAD + GOOD + '"""',
            "yield Finding(document.root, 'always')",
            ["example 2 is Good, and it reports: always"],
        ),
        (
            TITLE + BAD + GOOD + '"""',
            CODE.replace('"it is old"', '"it is old", fix=(Edit(old.span, "2"),)'),
            ["example 1 is fixed, and it still reports: it is old"],
        ),
    ],
)
def test_a_rule_is_held_to_what_it_says(use: Use, docstring: str, code: str, said: list[str]) -> None:
    use(docstring, code)
    assert complaint() == "rule pack-old:\n" + "\n".join(f"- {line}" for line in said)


def test_the_findings_of_the_kit_are_those_of_rules(use: Use) -> None:
    use("", textwrap.dedent(CODE))
    [finding] = findings("pack-old", {"buildspec.yml": "version: 0.2\nold: 1\n"})
    assert isinstance(finding, Finding)
