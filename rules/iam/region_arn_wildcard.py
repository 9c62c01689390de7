"""Rule iam-region-arn-wildcard."""

from collections.abc import Iterable, Iterator

from validator.iam import regions
from validator.iam.clause import REGION_KEYS, Clause
from validator.iam.footprint import Grants, Value, values
from validator.iam.globs import glob
from validator.iam.guards import guards, intended
from validator.iam.policy import PolicySet
from validator.iam.sets import deployments
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("iam-region-arn-wildcard", Severity.WARNING)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """An ARN lets its actions be called on resources of other regions.

    The region in the ARN of a Resource limits where an action can be called, as a condition on `aws:RequestedRegion`
    does. A `*` there takes in every region, and `eu-*` all that begin so. Nothing is said where a condition, or a Deny,
    limits the region all the same, nor of actions that only list or read; nor of policies that name no region at all,
    about which `iam-region-escape` says what there is to say.

    Without configured regions, those count that the policy itself keeps to: by a condition on the region, or by other
    ARNs of the same statement. It is a note then.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": [
      "arn:aws:sqs:eu-central-1:111122223333:orders",
      "arn:aws:sqs:*:111122223333:bills"]}]}
    ```

    ```toml title="stackproof.toml"
    approved-regions = ["eu-central-1"]
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": [
      "arn:aws:sqs:eu-central-1:111122223333:orders",
      "arn:aws:sqs:eu-central-1:111122223333:bills"]}]}
    ```

    ```toml title="stackproof.toml"
    approved-regions = ["eu-central-1"]
    ```
    """
    reported = set()
    for _, layers in deployments(policies, settings):
        grants = Grants(layers, settings)
        clauses = [(clause, values(clause)) for clause in grants.clauses()]
        speaking = list(guards(layers))
        if not speaking and not any(_limits(value) for _, named in clauses for value in named):
            continue
        meant = () if settings.approved_regions else intended(speaking)
        for clause, named in clauses:
            wild = [value for value in named if value.region and ("*" in value.region or "?" in value.region)]
            if not wild or _is_placed(clause, settings):
                continue
            kept = settings.approved_regions or meant or _fixed(named, settings)
            for value in wild if kept else ():
                elsewhere = _elsewhere(value, kept, settings)
                if value.node in reported or (use := grants.use(clause, value, elsewhere)) is None:
                    continue
                reported.add(value.node)
                severity = None if settings.approved_regions else Severity.NOTE
                message = f"the region in {value.text!r} is open: {use.action} can be called in {use.region}"
                if _limits(value):
                    message = f"the region in {value.text!r} takes in {listed(elsewhere)}"
                yield Finding(value.node, message, _advice(value, kept), severity=severity)


def _limits(value: Value) -> bool:
    """Say whether the region's field keeps out some regions."""
    return bool(value.region) and set(str(value.region)) != {"*"}


def _is_placed(clause: Clause, settings: Settings) -> bool:
    """Say whether another condition has a region in it: kms:ViaService, aws:SourceArn."""
    values = [value for atom in clause.conditions if atom.key not in REGION_KEYS for value in atom.values]
    return any(name in value for name in regions.regions(settings.partition) for value in values)


def _fixed(named: Iterable[Value], settings: Settings) -> tuple[str, ...]:
    known = regions.regions(settings.partition)
    return tuple(dict.fromkeys(value.region for value in named if value.region in known))


def _elsewhere(value: Value, kept: Iterable[str], settings: Settings) -> list[str]:
    pattern = glob(value.region or "")
    other = (name for name in regions.regions(settings.partition) if name not in kept and pattern.matches(name))
    return sorted(other, key=lambda name: (regions.rank_region(name), name))


def _advice(value: Value, kept: tuple[str, ...]) -> str:
    plain = isinstance(value.node.value, str)
    written = repr(value.at(kept[0])) if plain else f"{kept[0]!r} in place of {value.region!r}"
    others = f", and the same for {listed(kept[1:])}" if kept[1:] else ""
    return f"write {written}{others}, or limit the statement by aws:RequestedRegion"
