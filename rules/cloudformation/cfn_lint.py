"""Rule cfn-lint."""

import re
from collections.abc import Container, Iterator, Sequence

from validator.cloudformation import cfnlint
from validator.document import Document, Node, Region
from validator.project import Project
from validator.rule import Finding, Result, Severity, Undecided, rule
from validator.settings import Settings
from validator.suggest import listed

# A list of at least six quoted names, as cfn-lint writes all that would be allowed.
_LIST = re.compile(r"\['[^'\]]*'(?:, '[^'\]]*'){5,}\]")

_RING = re.compile(r"Circular Dependencies for resource (\S+)\. Circular dependency with \[(\S+)\]")
_SCENARIO = re.compile(r" (?:when )+condition ")


@rule("cfn-lint", Severity.ERROR)
def check(project: Project, *, settings: Settings, seconds: float = 60.0) -> Iterator[Result | None]:
    """A template does not hold up to cfn-lint.

    Every template is given to cfn-lint, and its findings are reported with its own codes: `cfn-lint/E3012`, which is
    also how to select, ignore or suppress one, or to explain it. Its E, W and I are error, warning and note. What
    `.cfnlintrc` and `Metadata.cfn-lint` say is heeded.

    Left out are W3002, which warns of local paths, where the path leads to a template; E3004 at all members of a ring
    but one; and what a rule of stackproof says better at the same line.

    A template that takes cfn-lint longer than `seconds` is listed as undecided.

    Bad:

    ```yaml title="topic.yml"
    Resources:
      Topic:
        Type: AWS::SNS::Topic
        Properties: {TopicNme: alarms}
    ```

    Good:

    ```yaml title="topic.yml"
    Resources:
      Topic:
        Type: AWS::SNS::Topic
        Properties: {TopicName: alarms}
    ```
    """
    asked = {
        template.path: template.root.document
        for template in project.templates
        if project.given is None or template.path in project.given
    }
    regions = settings.deploy_regions or cfnlint.REGIONS
    with cfnlint.start(asked, workers=settings.jobs, seconds=seconds, regions=regions) as run:
        yield None  # the other rules run beside it
        matches, failures = run.collect()
    resolved = {link.location for link in project.stack_links if link.children and not link.missing}
    told: set[tuple[object, ...]] = set()
    stacks = {(link.parent.path, link.resource.logical_id) for link in project.stack_links}
    repeated = _repeated(matches, stacks)
    for match in matches:
        at = _node(asked[match.path], match)
        # The same under another combination of conditions is no other defect.
        defect = (at, match.code, _SCENARIO.split(match.message)[0])
        if defect in told or match in repeated:
            continue
        told.add(defect)
        if match.code == "W3002" and any(_holds(at, location) for location in resolved):
            continue
        yield Finding(at, _LIST.sub(_shortened, match.message), severity=Severity(match.level), code=match.code)
    for failure in failures:
        yield Undecided(asked[failure.path].root, f"cfn-lint: {failure.reason}")


def _repeated(matches: Sequence[cfnlint.Match], stacks: Container[tuple[str, str]]) -> set[cfnlint.Match]:
    """Give what says of a ring of resources again what is said at one of them: at a nested stack, if one is in it."""
    rings: dict[tuple[str, str], set[tuple[str, str]]] = {}
    needs: dict[cfnlint.Match, tuple[str, str]] = {}
    for match in matches:
        if match.code == "E3004" and (found := _RING.fullmatch(match.message)):
            one, other = ((match.path, name) for name in found.groups())
            needs[match] = one
            ring = rings.get(one, {one}) | rings.get(other, {other})
            rings |= dict.fromkeys(ring, ring)
    groups: dict[frozenset[tuple[str, str]], list[cfnlint.Match]] = {}
    for match, one in needs.items():
        groups.setdefault(frozenset(rings[one]), []).append(match)
    told = {min(group, key=lambda match: (needs[match] not in stacks, match.line)) for group in groups.values()}
    return needs.keys() - told


def _shortened(found: re.Match[str]) -> str:
    return f"[{listed(found.group()[1:-1].split(', '))}]"


def _node(document: Document, match: cfnlint.Match) -> Node:
    """Give the node that a match is about, at the place that cfn-lint says."""
    node = document.root
    for step in match.pointer:
        child = node.get(step)
        if child is None:
            break
        node = child
    starts = document.line_starts
    start, end = (
        min(starts[min(line, len(starts)) - 1] + column - 1, len(document.text))
        for line, column in ((match.line, match.column), (match.end_line, match.end_column))
    )
    return node.pin(Region(start, max(start, end)))


def _holds(node: Node, location: Node) -> bool:
    """Whether a node is a nested stack's location, a part of it, or what it is a part of."""
    shorter, longer = sorted((node.path, location.path), key=len)
    return node.document is location.document and longer[: len(shorter)] == shorter
