"""Rule iam-region-key-misspelled."""

from collections.abc import Iterator

from validator.iam.clause import conditions
from validator.iam.condition import Atom
from validator.iam.guards import REGION_KEY, beside, form_of, is_spelled_out, meant_region_key, only_ec2
from validator.iam.policy import Statement
from validator.rule import Edit, Finding, Severity, rule
from validator.settings import Settings


@rule("iam-region-key-misspelled", Severity.ERROR)
def check(statement: Statement, *, settings: Settings) -> Iterator[Finding]:
    """A condition is on a key that was meant to be the requested region's.

    AWS compares names of keys without case, but a key that no request carries is absent: a plain operator never holds,
    a negated one and any `IfExists` always do. So is `ec2:Region` in a statement about other services.

    As written, the condition says nothing of regions. A key that is nearly `aws:RequestedRegion` is corrected unasked
    where that opens nothing but `approved-regions`.

    Bad:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Action": "*", "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestRegion": ["eu-central-1", "eu-west-1"]}}}]}
    ```

    Good:

    ```json title="policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Action": "*", "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}}]}
    ```
    """
    if not statement.has("Condition"):
        return
    for test in conditions(statement):
        if test.key == "ec2:region" and only_ec2(statement) is False:
            message = f"{test.name} is in requests to EC2 only, which the statement is not about" + _effect(test)
            yield Finding(test.node.key, message, f"write {REGION_KEY!r}")
        elif test.name and (meant := meant_region_key(test.name)):
            fix = (Edit.value(test.node.key, meant),) if _is_sure(test) and _is_safe(statement, test, settings) else ()
            message = f"AWS has no condition key {test.name!r}" + _effect(test)
            yield Finding(test.node.key, message, f"did you mean {meant!r}?", fix=fix)


def _effect(test: Atom) -> str:
    holds = test.holds(None)
    return "" if holds is None else f", so that the condition {'always' if holds else 'never'} holds"


def _is_sure(test: Atom) -> bool:
    """Say whether it can be no other key, and the right one does not stand beside it."""
    others = [name for name in beside(test) if name != test.name]
    taken = any(name.lower() == REGION_KEY.lower() or meant_region_key(name) for name in others)
    return test.key.startswith("aws:") and test.key != "aws:region" and not taken and is_spelled_out(test.node.key)


def _is_safe(statement: Statement, test: Atom, settings: Settings) -> bool:
    """Say whether the right key would open nothing, or what is approved only."""
    form, holds = form_of(statement, test), test.holds(None)
    if form is None or holds is None:
        return False
    closes = holds is form.startswith("allows")
    approved = bool(test.values) and {*test.values} <= {*settings.approved_regions}
    return closes or (approved and form in {"allows-in", "denies-elsewhere"})
