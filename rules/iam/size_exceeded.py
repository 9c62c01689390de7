"""Rule iam-size-exceeded."""

from collections.abc import Iterator

from validator.document import Node
from validator.iam.kinds import Quota, is_deployed, known_as, least, quota, resource_of
from validator.iam.policy import Policy, PolicySet
from validator.rule import Finding, Severity, rule


@rule("iam-size-exceeded", Severity.ERROR)
def check(subject: Policy | PolicySet) -> Iterator[Finding]:
    """A policy is larger than AWS takes.

    It is refused when it is deployed, with LimitExceeded or MalformedPolicyDocument. Counted is the least that the
    policy can come to: JSON without white space, and nothing for what a function makes or a template language fills in.
    The inline policies of one role, user or group have one quota together.

    It is a warning where AWS raises the quota on request, and where a file does not say whether it will be a managed
    policy or an inline one; a note where it fits as the latter only.

    Bad:

    ```yaml title="template.yml"
    Resources:
      Deployer:
        Type: AWS::IAM::User
        Properties:
          Policies:
            - PolicyName: queues
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Action: [sqs:CreateQueue, sqs:DeleteQueue]
                    Resource: &queues
                      - arn:aws:sqs:eu-central-1:111111111111:orders-that-are-placed-and-wait-for-a-payment
                      - arn:aws:sqs:eu-central-1:111111111111:orders-that-are-paid-and-wait-to-be-sent-to-us
                      - arn:aws:sqs:eu-central-1:111111111111:orders-that-are-sent-and-wait-to-be-signed-for
                      - arn:aws:sqs:eu-central-1:111111111111:orders-that-are-refused-and-wait-to-come-back
                      - arn:aws:sqs:eu-central-1:111111111111:orders-that-came-back-and-wait-for-a-refund
                  - {Effect: Allow, Action: sqs:SetQueueAttributes, Resource: *queues}
                  - {Effect: Allow, Action: sqs:TagQueue, Resource: *queues}
                  - {Effect: Allow, Action: sqs:UntagQueue, Resource: *queues}
                  - {Effect: Allow, Action: sqs:PurgeQueue, Resource: *queues}
    ```

    Good:

    ```yaml title="template.yml"
    Resources:
      Deployer:
        Type: AWS::IAM::User
        Properties:
          Policies:
            - PolicyName: queues
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Action: [sqs:CreateQueue, sqs:DeleteQueue, sqs:SetQueueAttributes, sqs:*agQueue, sqs:PurgeQueue]
                    Resource: arn:aws:sqs:eu-central-1:111111111111:orders-*
    ```
    """
    yield from _alone(subject) if isinstance(subject, Policy) else _together(subject)


_ADVICE = "write patterns for actions and resources that have much in common, or split it"


def _alone(policy: Policy) -> Iterator[Finding]:
    limit = quota(policy)
    if _is_short(policy, limit or known_as("managed")) or is_deployed(policy):
        return
    if limit is not None:
        yield from _exceeded(_at(policy), least(policy, spaces=limit.spaces), limit, sure=not policy.guessed)
    elif policy.kind == "identity" and resource_of(policy.node) is None:
        managed, inline = known_as("managed"), known_as("role")
        size = least(policy, spaces=False)
        message = f"the policy has {size:,} characters, and {managed.of} can have {managed.most:,}"
        if size > inline.most:
            more = f", {inline.of} {inline.most:,}"
            yield Finding(_at(policy), message + more, _ADVICE, severity=Severity.WARNING)
        elif size > managed.most:
            yield Finding(_at(policy), message, "split it, if it is to be a managed one", severity=Severity.NOTE)


def _is_short(policy: Policy, limit: Quota) -> bool:
    """Say whether a glance shows that it is within a quota: JSON is never longer than it is written."""
    document = policy.node.document
    return document.format == "json" and len(document.text) <= limit.most and document.text.isascii()


def _together(policies: PolicySet) -> Iterator[Finding]:
    """Report what is too large together, and alone is not; a policy under an Fn::If may not be there."""
    sure = [policy for policy in policies.policies if "Fn::If" not in policy.node.path]
    if len(sure) < 2:
        return
    limits = {quota(policy) for policy in sure}
    limit = limits.pop() if len(limits) == 1 else None
    # What the configuration groups is attached to different things.
    if limit is None or len({resource_of(policy.node) for policy in sure} - {None}) != 1:
        return
    sizes = [least(policy, spaces=limit.spaces) for policy in sure]
    if max(sizes) <= limit.most:
        yield from _exceeded(_at(sure[0]), sum(sizes), limit, f"{len(sizes)} inline policies together have")


def _exceeded(
    at: Node, size: int, limit: Quota, what: str = "the policy has", *, sure: bool = True
) -> Iterator[Finding]:
    if size <= limit.most:
        return
    message = f"{what} {size:,} characters, and {limit.of} can have {limit.most:,}"
    advice = _ADVICE
    if limit.raised >= size:
        advice += f", or have the quota raised, to {limit.raised:,} at most"
    sure = sure and not limit.raised >= size
    yield Finding(at, message, advice, severity=None if sure else Severity.WARNING)


def _at(policy: Policy) -> Node:
    statements = policy.node.get("Statement")
    return statements.key if statements is not None else policy.node
