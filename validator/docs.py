"""Rule documentation, all from docstrings: what `explain` prints, `docs/rules.md`, and the examples that tests run."""

import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from validator.registry import Registry
from validator.rule import Rule

_HEADING = re.compile(r"(Bad|Good):", re.IGNORECASE)
_FENCE = re.compile(r'```\w* title="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Example:
    """An example in a rule's documentation: a small project that is wrong, or right.

    Attributes:
        bad: Whether the rule reports it.
        files: Texts by path; one named `stackproof.toml` is the configuration.
    """

    bad: bool
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Documentation:
    """What a docstring says.

    Attributes:
        title: The first line, without the full stop.
        body: The paragraphs before the first example.
        source: All but the first line, in Markdown.
        examples: In order.
    """

    title: str
    body: str
    source: str
    examples: tuple[Example, ...]


def documentation(rule: Rule) -> Documentation:
    """Read a rule's docstring.

    Below a line `Bad:` or `Good:` stands a fenced block for each file of the example: ```` ```yaml title="a.yml" ````.
    """
    _, _, rest = (inspect.getdoc(rule.check) or "").partition("\n")
    lines = rest.strip("\n").split("\n")
    body: list[str] = []
    examples: list[Example] = []
    text: list[str] | None = None  # of the file that is being read
    path = ""
    for line in lines:
        if text is not None and line == "```":
            examples[-1].files[path] = "".join(text)
            text = None
        elif text is not None:
            text.append(line + "\n")
        elif heading := _HEADING.fullmatch(line):
            examples.append(Example(heading[1].lower() == "bad", {}))
        elif examples and (fence := _FENCE.fullmatch(line)):
            path, text = fence[1], []
        elif not examples:
            body.append(line)
    return Documentation(rule.title, "\n".join(body).strip(), rest.strip("\n"), tuple(examples))


def explain(rule: Rule) -> str:
    """Say all about a rule, as text for a terminal."""
    found = documentation(rule)
    head = f"{rule.id} ({rule.severity}{'' if rule.default else ', off by default'})"
    parts = [head, f"{found.title}.", found.source, *_options(rule)]
    return "\n\n".join(part for part in parts if part) + "\n"


def page(rules: Iterable[Rule]) -> str:
    """Write the page about rules, in Markdown, in the order in which they are given."""
    parts = ["# Rules", "Written by `python -m validator.docs` from the docstrings of the rules; do not edit it."]
    for rule in rules:
        found = documentation(rule)
        default = "" if rule.default else " Off by default: select it by its id."
        parts += [f"## {rule.id}", f"{found.title}. *{rule.severity.value.capitalize()}.*{default}", found.source]
        parts += _options(rule)
    return "\n\n".join(part for part in parts if part) + "\n"


def _options(rule: Rule) -> Iterator[str]:
    if rule.options:
        yield f"Options, in `[rules.{rule.id}]`:"
        yield "\n".join(f"- `{name.replace('_', '-')}`, default `{value!r}`" for name, value in rule.options.items())


def main() -> None:
    """Print the page about our own rules."""
    registry = Registry()
    own = [family for family in registry.families.values() if family.entry.distribution == "stackproof"]
    rules = [registry.rule(name) for name in sorted(name for family in own for name in family.modules)]
    sys.stdout.write(page(rule for rule in rules if rule is not None))


if __name__ == "__main__":
    main()
