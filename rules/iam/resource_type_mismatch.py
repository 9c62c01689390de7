"""Rule iam-resource-type-mismatch."""

import re
from collections.abc import Iterable, Iterator

from validator.document import Node
from validator.iam.policy import Policy, Statement
from validator.iam.targets import (
    Reached,
    Target,
    changed,
    fits,
    is_about_all,
    is_broken,
    taken,
    targets,
    well_documented,
)
from validator.rule import Finding, Severity, rule
from validator.suggest import listed


@rule("iam-resource-type-mismatch", Severity.ERROR, supersedes=("cfn-lint/I3510",))
def check(policy: Policy) -> Iterator[Finding]:
    """An action is about none of the resources that its statement names.

    Reading an object takes the ARN of an object, `arn:aws:s3:::reports/*`, listing a bucket that of the bucket. A
    statement that has only the other allows nothing of it, and if it is a Deny, denies nothing. An error where no
    action of the statement is about any of its resources, else a warning; milder for services whose resources AWS's
    documentation does not tell in full. Where another statement of the policy has what the action takes, all is well.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports"}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}]}
    ```
    """
    others = Reached(policy)
    for statement in policy.statements():
        if not is_about_all(statement):
            yield from _astray(statement, others)


def _astray(statement: Statement, others: Reached) -> Iterator[Finding]:
    actions = statement.action_texts
    if not actions.texts or actions.negated or statement.resource_texts.negated:
        return
    named = targets(statement)
    if not named or any(target.everything for target in named):
        return
    missing = []
    missed = {frozenset[str](): False}
    for at, action in enumerate(actions.texts):
        formats = taken(action).formats
        if formats not in missed:
            missed[formats] = not any(fits(target, formats) for target in named)
        if missed[formats] and not _tags(action):
            missing.append(at)
    # What is wrong with an ARN in itself is told by other rules.
    if missing and not any(is_broken(target) for target in named):
        effect = str(statement.effect.value) if statement.effect is not None else ""
        yield from _told(statement, [at for at in missing if not others.has(actions.texts[at], effect)], effect)


def _told(statement: Statement, missing: list[int], effect: str) -> Iterator[Finding]:
    """Say which actions, by their places, are about none of the resources."""
    actions, resources, named = statement.actions, statement.resources, targets(statement)
    if not missing or actions is None or resources is None:
        return
    astray = [actions.values[at] for at in missing]
    does = "denies" if effect == "Deny" else "allows"
    first = str(astray[0].value)
    formats = taken(first).formats
    shape = max(map(_shape, sorted(formats)), key=lambda shape: (_alike(shape, named), -len(shape)))
    advice = next(
        (f"add {better!r}" for target in named if (better := changed(target, formats))), f"add an ARN like {shape!r}"
    )
    every = actions.complete and len(astray) == len(actions.values)
    if every:
        at, message = named[0].node if len(named) == 1 else resources.node, f"the statement {does} nothing: {first}"
    else:
        more = f", nor {listed((str(node.value) for node in astray[1:]), most=3)}" if astray[1:] else ""
        at, message = astray[0], f"the statement {does} no {first}{more}: {first if more else 'it'}"
    severity = _severity(astray, named, every=every)
    yield Finding(at, f"{message} takes {shape!r}, not {_called(named)}", advice, severity=severity)


def _severity(astray: list[Node], named: tuple[Target, ...], *, every: bool) -> Severity | None:
    if any(target.shape.split(":", 5)[5:] == ["*"] for target in named):
        return Severity.NOTE  # whatever the service has, says who lists all its actions
    documented = all(well_documented(str(node.value).partition(":")[0]) for node in astray)
    every = every and not any(target.conditional for target in named)
    return None if every and documented else Severity.WARNING if every or documented else Severity.NOTE


def _tags(action: str) -> bool:
    """Say whether an action is about tags: what it takes is mostly documented in part."""
    service, _, name = action.partition(":")
    return not well_documented(service) and _TAGGING.match(name) is not None


_TAGGING = re.compile("(?:(?:Un)?Tag|ListTags|AddTags|RemoveTags)")
_VARYING = re.compile(r"(?:\$\{[^}]*\}|\*)+")


def _called(named: tuple[Target, ...]) -> str:
    return listed((target.called for target in named), most=2)


def _shape(form: str) -> str:
    """Write a format as a pattern."""
    return _VARYING.sub("*", form.replace("${Partition}", "aws"))


def _alike(shape: str, named: Iterable[Target]) -> int:
    """Count how far a pattern and a value begin alike."""
    return max(_common(shape, target.shape) for target in named)


def _common(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
