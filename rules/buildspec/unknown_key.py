"""Rule buildspec-unknown-key."""

import re
from collections.abc import Iterator, Mapping, Sequence

from validator.buildspec.runtimes import meant
from validator.buildspec.spec import PHASES, Buildspec
from validator.document import Document, Node
from validator.rule import Finding, Severity, rule
from validator.shape import keys_at, listed, misplaced, place, places_of, problems
from validator.suggest import nearest

_OTHER = {"buildspec-0.1": ("buildspec-0.2", "0.2"), "buildspec-0.2": ("buildspec-0.1", "0.1")}
# What version 0.2 renamed, either way.
_RENAMED = {
    "buildspec-0.1": {"env": "environment_variables", "variables": "plaintext"},
    "buildspec-0.2": {"environment_variables": "env", "plaintext": "variables"},
}
_ANCHOR = re.compile(r"&([^\s,\[\]{}]+)")
_ALIAS = re.compile(r"(?<![^\s,\[{])\*([^\s,\[\]{}]+)")


@rule("buildspec-unknown-key", Severity.ERROR)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A buildspec has a key that CodeBuild does not know, or not at this place.

    CodeBuild says nothing and ignores the key with all below it: the variable stays unset, the command does not run.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        env:
          variables:
            TARGET: test
        commands:
          - make $TARGET
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      variables:
        TARGET: test
    phases:
      build:
        commands:
          - make $TARGET
    ```
    """
    aliases = _aliases(buildspec.node.document)
    for problem in problems(buildspec.node, buildspec.schema, holes=buildspec.inline):
        if problem.code != "unknown-key" or _is_repeated(problem.at, aliases):
            continue
        *path, key = problem.at.path[len(buildspec.node.path) :]
        if key in PHASES and not path and _no_phases(buildspec):
            continue  # they stand one level too high, which is one defect
        if buildspec.version not in {"0.1", "0.2"} and key in keys_at(_OTHER[buildspec.schema][0], path):
            continue  # it may well be meant for that version
        if path[-1:] == ["runtime-versions"]:
            if meant(str(key)):
                continue  # it is no slip but another name, which another rule knows
            yield _unknown_runtime(buildspec, problem.at, str(key))
        else:
            why, advice = _explain(buildspec.schema, tuple(path), str(key))
            yield Finding(problem.at, f"CodeBuild ignores {key!r}: {why}", advice)


def _no_phases(buildspec: Buildspec) -> bool:
    phases = buildspec.node.get("phases")
    return phases is None or phases.value in (None, {})


def _explain(schema: str, path: tuple[str | int, ...], key: str) -> tuple[str, str]:
    """Say why a key has no effect, and what to write."""
    known = keys_at(schema, path)
    other, version = _OTHER[schema]
    renamed = _RENAMED[schema].get(key)
    if renamed in known:
        return f"it is a key of version {version}", f"in this version it is {renamed!r}"
    if key in keys_at(other, path):
        return f"it is a key of version {version}", f"write 'version: {version}' to use it" if version == "0.2" else ""
    if not nearest(key, known) and not places_of(schema, key) and (places := places_of(other, key)):
        return f"it is a key of version {version}", f"it belongs {place(places[0])} there"
    return misplaced(schema, path, key)


def _unknown_runtime(buildspec: Buildspec, at: Node, name: str) -> Finding:
    """Report a language: CodeBuild does not ignore one, it fails; but it learns new ones now and then."""
    known = keys_at(buildspec.schema, ("phases", "install", "runtime-versions"))
    near = nearest(name, known)
    advice = f"did you mean {near[0]!r}?" if near else f"known are {listed(known)}"
    severity = None if near else Severity.WARNING
    return Finding(at, f"CodeBuild has no runtime {name!r}", advice, severity=severity)


def _aliases(document: Document) -> Mapping[str, Sequence[int]]:
    """List where the text seems to repeat an anchor, by the anchor's name, in order."""
    found: dict[str, list[int]] = {}
    if document.format == "yaml" and "&" in document.text:
        for match in _ALIAS.finditer(document.text):
            found.setdefault(match[1], []).append(match.start())
    return found


def _is_repeated(key: Node, aliases: Mapping[str, Sequence[int]]) -> bool:
    """Say whether the value under a key is there to be repeated elsewhere, by YAML's aliases."""
    value = key.document.root.get(*key.path)
    if not aliases or value is None:
        return False
    start, end = key.region.end, value.region.end
    names = _ANCHOR.findall(key.document.text, start, max(start, end))
    return any(aliases[name][0] < start or aliases[name][-1] >= end for name in names if name in aliases)
