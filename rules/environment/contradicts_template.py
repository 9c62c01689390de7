"""Rule environment-contradicts-template."""

from collections.abc import Iterator
from dataclasses import replace

from validator.cloudformation.stacks import Stack
from validator.document import Node, Value
from validator.environment import Check
from validator.environment.candidates import candidates, legacy_conflicts
from validator.environment.checks import Members
from validator.environment.conflicts import Conflict, conflicts, nearest_of
from validator.environment.forecast import Prospect, at_path, foresee, most, properties, told
from validator.environment.matchers import OPERATORS, Matcher, written
from validator.environment.possible import kinds
from validator.environment.references import as_written, is_open
from validator.environment.shown import differs
from validator.environment.stack_paths import resources_at, stacks_at, steps
from validator.environment.statements import Difference, differences, read
from validator.project import Project
from validator.project.environments import EnvironmentLink
from validator.rule import Finding, Severity, rule
from validator.suggest import listed
from validator.values import Partial, Unknown


@rule("environment-contradicts-template", Severity.WARNING)
def check(project: Project) -> Iterator[Finding]:
    """A spec expects what the template cannot give.

    The template, with what it is deployed with, sets another value, so that the check will fail on an environment that
    is as it was meant to be. What only AWS knows before deployment contradicts nothing. Of a spec of the first format
    no resource that its entry can be about conforms.

    Bad:

    ```yaml title="template.yml"
    Parameters:
      Type: {Type: String, Default: t3.small}
    Resources:
      Web: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0f3a5b7c9d1e2f468, InstanceType: !Ref Type}}
    ```

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: web, resource: Web, expect: {InstanceType: t3.large}}
    ```

    Good:

    ```yaml title="template.yml"
    Parameters:
      Type: {Type: String, Default: t3.small}
    Resources:
      Web: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0f3a5b7c9d1e2f468, InstanceType: !Ref Type}}
    ```

    ```yaml title="spec.yml"
    envspec: 1
    checks:
    - {id: web, resource: Web, expect: {InstanceType: t3.small}}
    ```
    """
    told: dict[Node, Finding] = {}
    for link in project.environment_links:
        for finding in _of_target(link):
            # What several targets contradict is told once, with the first.
            first = told.get(finding.at, finding)
            related = dict.fromkeys((*first.related, *finding.related))
            told[finding.at] = replace(first, related=tuple(related))
    yield from told.values()


def _of_target(link: EnvironmentLink) -> Iterator[Finding]:
    checks = [one for one in link.checks if not one.absent]
    roots = _likely(link.roots, checks)
    for one in checks:
        every = [_against(one, root) for root in roots]
        if every and all(every):
            yield from map(_finding, every[0])


def _likely(roots: tuple[Stack, ...], checks: list[Check]) -> list[Stack]:
    """Choose the roots that have most of what the first format names: names often end in an environment's."""
    named = [one for one in checks if one.literal]
    if len(roots) < 2 or not named:
        return list(roots)
    scores = [sum(any(candidates(one, root)) for one in named) for root in roots]
    return [root for root, score in zip(roots, scores, strict=True) if score == max(scores)]


def _against(one: Check, root: Stack) -> tuple[Conflict, ...]:
    """Say why no resource of a tree can be what a check asks for."""
    if one.literal:
        every = [legacy_conflicts(one, candidate) for candidate in candidates(one, root)]
        return nearest_of(every) if all(every) else ()
    if one.kind == "output":
        return _output(one, root)
    if one.members is not None:
        return _counted(one.count, one.members, root) if one.count is not None else ()
    if one.kind != "resource":
        return ()
    found = resources_at(root, one.path)
    every = []
    for stack, resource in found or ():
        if not stack.ways(resource.node):
            return ()
        value = properties(stack, resource)
        every.append(
            tuple(each for part in one.expected for each in conflicts(part.matcher, at_path(value, part.path)))
        )
    return nearest_of(every) if every and all(every) else ()


def _counted(count: Matcher, members: Members, root: Stack) -> tuple[Conflict, ...]:
    """Say why there cannot be so many resources as a check of a set asks for."""
    found = most(root, members) if not any(map(is_open, (members.type, members.under, members.logical))) else None
    # Of none environment-resource-not-in-template speaks, and of more than these nobody writes how many.
    if not found or found > 1_000 or any(is_open(each.operand) for each in count.walk()):
        return ()
    if "number" not in kinds(count) or any(not differs(count, number) for number in range(found + 1)):
        return ()
    return (Conflict(count, Prospect(found, root.template.heading("Resources"), root)),)


def _output(one: Check, root: Stack) -> tuple[Conflict, ...]:
    *around, own = steps(one.path) or [""]
    found = stacks_at(root, around)
    if not isinstance(found, tuple):
        return ()
    values = [(stack, stack.template.root.get("Outputs", own, "Value")) for stack in found]
    every = [
        tuple(each for part in one.expected for each in conflicts(part.matcher, foresee(stack, value)))
        if value is not None and stack.ways(value)
        else ()
        for stack, value in values
    ]
    return every[0] if every and all(every) else ()


def _finding(conflict: Conflict) -> Finding:
    value = conflict.value
    at, name, wanted, given = _said(conflict)
    path = value.stack.template.path
    related: list[tuple[Node, str]] = [(value.at, f"the template gives {given}")]
    sources = [source for source in value.stack.origins(value.at) if source.kind in {"file", "default"}]
    for source in sources:
        words = "is given here" if source.kind == "file" else "is the Default"
        related.append((source.at, f"{given} {words}"))
    file = value.stack.root.file
    if file is not None and not any(source.kind == "file" for source in sources):
        related.append((file.file.heading, "deployed with these parameters"))
    message = f"{name!r} is to {wanted}, and {path} makes it {given}"
    advice = "make them agree: the check fails once this is deployed"
    return Finding(at, message, advice, related=tuple(dict.fromkeys(related)))


def _said(conflict: Conflict) -> tuple[Node, str, str, str]:
    """Say of what a conflict is, at which node, what is wanted there, and what is given."""
    matcher, given = conflict.matcher, told(conflict.value)
    if matcher.operator == "policy" and (found := _in_policy(matcher, given)) is not None:
        at, unlike = found
        return at, str(at.name), f"be {_shown(unlike.wanted)}", _shown(unlike.given)
    operator, operand = next(iter(_mapping(written(matcher)).items()), ("equals", matcher.operand))
    wanted = f"{_WORDS[operator]} {_shown(operand)}" if operator in _WORDS else f"be {_shown(written(matcher))}"
    return as_written(matcher.at), _name(matcher.at), wanted, _shown(conflict.value.value)


def _in_policy(matcher: Matcher, given: Value | Unknown) -> tuple[Node, Difference] | None:
    """Find the first element in which a policy of the template says something else than is wanted."""
    wanted, there = read(matcher.operand), read(given) if not isinstance(given, Unknown) else None
    for unlike in differences(wanted, there) if wanted is not None and there is not None else ():
        found = matcher.at.get("Statement") or matcher.at
        for step in unlike.source:
            # A single statement, and a policy's own text, have no number.
            found = found if isinstance(step, int) and not isinstance(found.value, list) else found.get(step) or found
        if unlike.source and found.name == unlike.source[-1]:
            return as_written(found), unlike
    return None


def _name(at: Node) -> str:
    """Give the name of what a matcher is about: a property, a member of one, an output."""
    if (output := at.document.root.get(*at.path[:2], "output")) is not None and at.path[2:3] == ("expect",):
        return str(output.value)
    names = (step for step in reversed(at.path) if isinstance(step, str) and step not in OPERATORS)
    return next(names, "it")


_WORDS = {
    "contains": "contain",
    "gt": "be more than",
    "gte": "be at least",
    "in": "be one of",
    "lt": "be less than",
    "lte": "be at most",
    "matches": "match",
    "version": "be a version",
}


def _mapping(value: Value) -> dict[str, Value]:
    return value if isinstance(value, dict) and value.keys() <= OPERATORS else {}


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return listed(map(repr, value)) if value and all(map(_is_plain, value)) else f"a list of {len(value)}"
    if isinstance(value, Partial):
        value = "".join(part if isinstance(part, str) else "*" for part in value.parts)
    text = repr(value)
    plain = isinstance(value, str | int | float) or (isinstance(value, dict) and all(map(_is_plain, value.values())))
    return text if plain and len(text) <= 80 else "something else"


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float)
