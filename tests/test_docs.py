from collections.abc import Callable

from validator.docs import documentation, explain, page
from validator.registry import Registry
from validator.rule import Rule

BODY = '''\
document: Document, *, most_names: int = 3
"""A file does what it should not.

It should not.

- at all

Bad:

```yaml title="a.yml"
a:
  - 1

```

and

```json title="b/c.json"
{}
```

Good:

```yaml title="a.yml"
a: 2
```

```sh
not a file
```
"""
yield from ()'''


def sample(rules_of: Callable[..., Registry], decoration: str = "") -> Rule:
    rule = rules_of({"star": f"{decoration}\n---\n{BODY}" if decoration else BODY}).rule("pack-star")
    assert rule is not None
    return rule


def test_a_docstring_is_title_body_and_examples(rules_of: Callable[..., Registry]) -> None:
    found = documentation(sample(rules_of))
    assert found.title == "A file does what it should not"
    assert found.body == "It should not.\n\n- at all"
    bad, good = found.examples
    assert (bad.bad, bad.files) == (True, {"a.yml": "a:\n  - 1\n\n", "b/c.json": "{}\n"})
    assert (good.bad, good.files) == (False, {"a.yml": "a: 2\n"})


def test_a_rule_without_a_docstring_has_no_documentation(rules_of: Callable[..., Registry]) -> None:
    rule = rules_of({"star": "document: Document\nyield from ()"}).rule("pack-star")
    assert rule is not None
    assert (documentation(rule).title, documentation(rule).examples) == ("", ())


def test_explain_says_all_about_a_rule(rules_of: Callable[..., Registry]) -> None:
    text = explain(sample(rules_of))
    assert text.startswith("pack-star (error)\n\nA file does what it should not.\n\nIt should not.\n")
    assert text.endswith("Options, in `[rules.pack-star]`:\n\n- `most-names`, default `3`\n")


def test_explain_tells_of_a_rule_that_is_off_by_default(rules_of: Callable[..., Registry]) -> None:
    assert explain(sample(rules_of, ", default=False")).startswith("pack-star (error, off by default)\n")


def test_the_page_has_a_section_for_each_rule(rules_of: Callable[..., Registry]) -> None:
    rule = sample(rules_of)
    text = page([rule, rule])
    assert text.count("\n## pack-star\n\nA file does what it should not. *Error.*\n\nIt should not.\n") == 2
    assert '\nBad:\n\n```yaml title="a.yml"\na:\n' in text
