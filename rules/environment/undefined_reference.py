"""Rule environment-undefined-reference."""

from collections.abc import Iterator

from validator.document import Node
from validator.environment import Check, Spec, Suite, Target, joined
from validator.environment.references import TARGET, Reference, found_in
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed, nearest

_PROSE = frozenset({"id", "title", "why", "tags", "targets", "regions", "severity"})
# How references start, by what people call them.
_KINDS = {
    "var": "var.",
    "variable": "var.",
    "target": "target.",
    "output": "output:",
    "param": "param:",
    "parameter": "param:",
    "resource": "resource:",
}
_FORMS = "${var.NAME}, ${target.region}, ${output:Path}, ${param:Name}, ${resource:Path}"


@rule("environment-undefined-reference", Severity.ERROR)
def check(suite: Suite) -> Iterator[Finding]:
    """A spec refers to a variable, or names a target, that is not defined.

    Bad:

    ```yaml title="spec.yml"
    envspec: 1
    vars: {env: test}
    checks:
    - {id: web, resource: Web, expect: {Name: "web-${var.environ}"}}
    ```

    Good:

    ```yaml title="spec.yml"
    envspec: 1
    vars: {env: test}
    checks:
    - {id: web, resource: Web, expect: {Name: "web-${var.env}"}}
    ```
    """
    if not suite.complete:
        return
    spec = joined(suite)
    targets = tuple(spec.targets.values())
    for one in spec.checks:
        if one.literal:
            continue
        yield from _named_targets(one, spec)
        own = tuple(target for target in targets if not one.targets or target.name in one.targets)
        when = one.when.at.get("var") if one.when is not None else None
        if when is not None:
            reference = Reference("var", str(when.value), f"the variable {when.value!r}", 0, 0)
            yield from _undefined(when, reference, spec, own)
        for key, part in one.at.items():
            for at, reference in found_in(part) if key not in _PROSE else ():
                yield from _undefined(at, reference, spec, own)
    for node in spec.variables.values():
        for at, reference in found_in(node):
            yield from _undefined(at, reference, spec, targets)
    for target in targets:
        for at, reference in found_in(target.at):
            if reference.is_live and "vars" not in at.path[2:3]:
                message = f"{reference.text} is known once the stack is found, and this says where to find it"
                yield Finding(at, message, "write the value, or a variable")
            else:
                yield from _undefined(at, reference, spec, (target,))


def _named_targets(one: Check, spec: Spec) -> Iterator[Finding]:
    named = one.at.get("targets")
    for node in named.elements() if named is not None else ():
        if isinstance(node.value, str) and node.value not in spec.targets:
            advice = did_you_mean(node.value, spec.targets) or f"defined: {listed(map(repr, spec.targets))}"
            yield Finding(node, f"there is no target {node.value!r}", advice)


def _undefined(at: Node, reference: Reference, spec: Spec, targets: tuple[Target, ...]) -> Iterator[Finding]:
    name = f"{reference.kind}.{reference.name}"
    if not reference.kind:
        yield Finding(at, f"{reference.text!r} is no reference", _meant(reference, spec, targets))
    elif reference.is_live:
        return
    elif reference.kind == "target" and reference.name not in TARGET:
        advice = did_you_mean(reference.name, TARGET) or f"known: {listed(map(repr, TARGET))}"
        yield Finding(at, f"a target has no {reference.name!r} to refer to", advice)
    elif reference.kind == "var" or reference.name == "stack":
        without = [target for target in targets if name not in spec.definitions(target)]
        if name in spec.definitions() or (targets and not without):
            return
        if not targets or len(without) == len(targets):
            # A spec without any variables may be meant for those of the command line.
            sure = bool(targets) or bool(spec.variables)
            what = reference.text if reference.text.startswith("the ") else repr(reference.text)
            yield Finding(
                at,
                f"{what} is not defined",
                _near(reference, spec, targets),
                severity=None if sure else Severity.WARNING,
            )
        else:
            names = listed(repr(target.name) for target in without)
            message = f"{reference.text} is not defined for {names}"
            yield Finding(at, message, "define it there, or in the spec's `vars`", severity=Severity.WARNING)


def _near(reference: Reference, spec: Spec, targets: tuple[Target, ...]) -> str:
    if reference.kind == "target":
        return "add `stack` to the target"
    known = {*spec.variables, *(name for target in targets for name in target.variables)}
    return did_you_mean(reference.name, known) or "define it in `vars`"


def _meant(reference: Reference, spec: Spec, targets: tuple[Target, ...]) -> str:
    text = reference.text[2:-1].strip()
    if text in spec.variables or any(text in target.variables for target in targets):
        return f"did you mean '${{var.{text}}}'?"
    kind, sign, name = text.partition(":" if ":" in text else ".")
    meant = kind if kind in _KINDS else next(iter(nearest(kind, _KINDS)), "")
    if meant and sign and name and " " not in name:
        return f"did you mean '${{{_KINDS[meant]}{name}}}'?"
    return f"write '$${{' for the text itself; references are {_FORMS}"
