"""Rule iam-region-bedrock-cris."""

from collections.abc import Iterator

from validator.document import Node
from validator.iam import regions
from validator.iam.actions import actions, matches
from validator.iam.arns import meets
from validator.iam.catalogue import READS, Universe
from validator.iam.clause import Clause, Layer
from validator.iam.decision import decide
from validator.iam.guards import REGION_KEY, Guard, guards
from validator.iam.policy import PolicySet
from validator.iam.sets import deployments
from validator.rule import Finding, Severity, rule
from validator.settings import Settings

_INFERENCE = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream", "bedrock:CreateModelInvocationJob")
_PROFILE = "arn:${Partition}:bedrock:${Region}:${Account}:inference-profile/${ResourceId}"
_KEY = "bedrock:InferenceProfileArn"


@rule("iam-region-bedrock-cris", Severity.NOTE)
def check(policies: PolicySet, *, settings: Settings) -> Iterator[Finding]:
    """A region guard stops the cross-region inference of Bedrock, or lets more through than it.

    An inference profile takes a request in one region and answers it in one of several: `bedrock:InvokeModel` has to be
    allowed in those too. AWS publishes a guard for it: it leaves out the three actions of inference, and a second Deny
    stops them elsewhere unless `bedrock:InferenceProfileArn` is one of the profiles that are wanted.

    Reported is a guard that leaves out more of Bedrock, or has no second Deny; and one that leaves out nothing where
    the same policies let inference profiles be used.

    Bad:

    ```json title="scp.json"
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "NotAction": ["bedrock:*", "iam:*"], "Resource": "*",
      "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}}]}
    ```

    ```toml title="stackproof.toml"
    [[policies]]
    files = "scp.json"
    kind = "scp"
    ```

    Good:

    ```json title="scp.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "NotAction": ["bedrock:InvokeModel*", "bedrock:CreateModelInvocationJob", "iam:*"],
       "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}},
      {"Effect": "Deny", "Action": ["bedrock:InvokeModel*", "bedrock:CreateModelInvocationJob"], "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"},
                     "ArnNotLike": {"bedrock:InferenceProfileArn": "arn:aws:bedrock:*:*:inference-profile/eu.*"}}}]}
    ```

    ```toml title="stackproof.toml"
    [[policies]]
    files = "scp.json"
    kind = "scp"
    ```
    """
    reported = set()
    for _, layers in deployments(policies, settings):
        for guard in guards(layers):
            node, message, advice = _judged(guard, layers, settings)
            if node is not None and node not in reported:
                reported.add(node)
                yield Finding(node, message, advice)


def _judged(guard: Guard, layers: tuple[Layer, ...], settings: Settings) -> tuple[Node | None, str, str]:
    clause = guard.clause
    elements = clause.statement.actions
    everything = clause.but or any(set(pattern) <= set("*:") for pattern in clause.patterns)
    if guard.form != "denies-elsewhere" or guard.test.key != REGION_KEY.lower() or elements is None or not everything:
        return None, "", ""
    known = sorted(regions.regions(settings.partition), key=regions.rank_region)
    elsewhere = next((name for name in known if guard.test.holds(name)), "")
    advice = f"leave out {', '.join(_INFERENCE)} only, and deny them elsewhere by {_KEY}"
    if clause.speaks_of(_INFERENCE[0]):
        user = next((each for one in layers for each in one.clauses if _uses(each, settings)), None)
        if user is None or not any(_called(layers, _INFERENCE[0], name, settings) for name in guard.named):
            return None, "", ""
        message = f"the guard stops cross-region inference, which {user.statement.called} is about"
        return elements.node, f"{message}: it denies {_INFERENCE[0]} where a profile answers", advice
    for node in elements.values:
        pattern = str(node.value)
        if not pattern.lower().startswith("bedrock:"):
            continue
        if wider := next((one for one in _others(pattern) if _called(layers, one, elsewhere, settings)), ""):
            return node, f"{pattern!r} is more than cross-region inference needs: it takes in {wider}", advice
        if matches(pattern, _INFERENCE[0]) and _called(layers, _INFERENCE[0], elsewhere, settings):
            message = f"the guard leaves out {pattern!r}, and no other Deny asks for an inference profile"
            return node, message, f"deny {', '.join(_INFERENCE)} elsewhere by {_KEY}"
    return None, "", ""


def _others(pattern: str) -> list[str]:
    """Give what a pattern has of Bedrock beyond inference and reading, best known first; few stand for all."""
    universe = Universe([pattern])
    inference = universe.matching(*_INFERENCE)
    found = universe.matching(pattern) - universe.at(READS) - inference
    return found.best(3) if actions("bedrock") else []


def _called(layers: tuple[Layer, ...], action: str, region: str, settings: Settings) -> bool:
    """Say whether an action can be called in a region, with nothing special in the request."""
    exempt = settings.exempt.principals
    return decide(layers, action, region, partition=settings.partition, principals=exempt).kind == "always"


def _uses(clause: Clause, settings: Settings) -> bool:
    """Say whether a statement allows inference on inference profiles, by the name of the service."""
    named = any(pattern.lower().startswith("bedrock:") for pattern in clause.patterns)
    if not named or not clause.allows or not clause.speaks_of(_INFERENCE[0]):
        return False
    return meets(clause.on(""), _PROFILE, partition=settings.partition) == "yes"
