"""Rule iam-principal-star."""

from collections.abc import Iterator
from dataclasses import replace

from validator.document import Node
from validator.iam.catalogue import READS, Universe, details
from validator.iam.clause import Clause, Layer, layer
from validator.iam.decision import Decision
from validator.iam.policy import Policy, Statement
from validator.iam.principals import carrier, excludes, principals, strangers
from validator.iam.requests import Request, answer
from validator.iam.standing import MAX_STATEMENTS
from validator.rule import Finding, Result, Severity, Undecided, rule
from validator.settings import Settings


@rule("iam-principal-star", Severity.ERROR)
def check(policy: Policy, *, settings: Settings) -> Iterator[Result]:
    """A resource or a role is open to everybody in the world.

    The principal `*` is every account there is, and for most resources callers without an account too. That is reported
    where the conditions do not keep out a stranger, who has an account, an organization and network of his own and may
    set what a request's sender sets; and where no Deny of the policy does. A condition such as `StringLike` with `*`,
    or one on the region, keeps nobody out.

    A note where it is likely to be meant: objects of a bucket that everybody may read, or a function's URL. Policies of
    VPC endpoints and of APIs begin with a star, and are no finding.

    Bad:

    ```json title="queue-policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage",
       "Resource": "arn:aws:sqs:eu-central-1:123456789012:jobs"}]}
    ```

    Good:

    ```json title="queue-policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage",
       "Resource": "arn:aws:sqs:eu-central-1:123456789012:jobs",
       "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}]}
    ```
    """
    if policy.kind not in {"resource", "trust"} or not any(map(_star, policy.statements())) or _open_by_design(policy):
        return
    clauses = [replace(clause, resources=None) for clause in layer([policy]).clauses]
    if len(clauses) > MAX_STATEMENTS:
        yield Undecided(policy.node, f"who can call what: the policy has more than {MAX_STATEMENTS} statements")
        return
    denies = [clause for clause in clauses if not clause.allows and _meets_strangers(clause.statement)]
    for clause in clauses:
        star = _star(clause.statement) if clause.allows else None
        found = _open(clause, denies, settings.partition) if star is not None else None
        if star is not None and found is not None:
            yield _finding(star, *found)


def _star(statement: Statement) -> Node | None:
    """Give the star of a Principal."""
    if excludes(statement):
        return None
    return next((one.node for one in principals(statement) if one.everyone), None)


def _meets_strangers(statement: Statement) -> bool:
    """Say whether a Deny is, or may be, about strangers too."""
    return excludes(statement) or _star(statement) is not None or not any(True for _ in principals(statement))


def _open_by_design(policy: Policy) -> bool:
    """Say whether the resource is for everybody, or in a network into which its owner lets nobody else."""
    resource = carrier(policy)
    if resource is None:
        name = policy.node.document.path.lower().rpartition("/")[2]
        return "endpoint" in name or "vpce" in name
    named = resource.get("Type")
    inside = any(resource.get("Properties", name) is not None for name in ("VPCOptions", "VpcConfiguration"))
    return inside or (named is not None and named.value in _OPEN)


_OPEN = {
    "AWS::ApiGateway::RestApi",
    "AWS::EC2::VPCEndpoint",
    "AWS::ECR::PublicRepository",
    "AWS::EFS::FileSystem",
    "AWS::VpcLattice::AuthPolicy",
    "AWS::VpcLattice::ResourcePolicy",
}


def _open(clause: Clause, denies: list[Clause], partition: str) -> tuple[str, Decision, Statement] | None:
    """Find an action that a stranger can call, the worst first, and what the request must have."""
    layers = (Layer((replace(clause, unknown="") if clause.statement.conditional else clause, *denies)),)
    callers = list(strangers(atom for one in layers[0].clauses for atom in one.conditions))
    best = None
    for action in _shown(clause):
        for known in callers:
            found = answer(layers, Request(action, known=known), partition)
            if found.kind == "always":
                return action, found, clause.statement
            if found.kind == "if" and best is None:
                best = (action, found, clause.statement)
    return best


def _shown(clause: Clause) -> list[str]:
    """Give actions that stand for all that a statement is about: those that change something first."""
    universe = Universe(clause.patterns)
    named = universe.matching(*clause.patterns)
    if clause.but or any(not pattern.strip("*:") for pattern in clause.patterns):
        own = universe.matching(*(f"{service}:*" for service in _services(clause.statement)))
        named = own - named if clause.but else own
    shown = [*(named - universe.at(READS)).best(3), *(named & universe.at(READS)).best(1)]
    return [action for action in shown if details(action) is not None and not action.startswith(_ANYBODYS)]


# Calls to APIs of one's own, which have policies of their own.
_ANYBODYS = ("execute-api:", "vpc-lattice-svcs:")
# What AWS lets one share only in this way.
_SHARED = {"lambda:InvokeFunctionUrl", "lambda:GetLayerVersion"}


def _services(statement: Statement) -> set[str]:
    """Give the services of the resources that a statement is about, as their ARNs or the template tell it."""
    values = statement.resources.values if statement.resources is not None else ()
    found = {fields[2] for value in values if len(fields := str(value.value).split(":")) > 2 and fields[2]}
    resource = carrier(statement.policy)
    named = resource.get("Type") if resource is not None else None
    of_type = str(named.value).split("::") if named is not None else []
    return found | ({of_type[1].lower()} if len(of_type) > 1 else set())


def _finding(star: Node, action: str, found: Decision, statement: Statement) -> Finding:
    policy = statement.policy
    context = [f"{name} is {'absent' if value is None else repr(value)}" for name, value in found.context.items()]
    message = "everybody in the world can assume the role" if policy.kind == "trust" else f"everybody can call {action}"
    known = details(action)
    reads = known is not None and bool(known.level & READS)
    # The resource of a file's policy is not known: it may be an endpoint, for which a star is usual.
    anything = carrier(policy) is None and statement.resources is not None and not _services(statement)
    sure = found.kind == "always" and not policy.guessed and not statement.conditional and not anything and not reads
    meant = action in _SHARED or (reads and action.startswith("s3:"))
    return Finding(
        star,
        message + (f" where {' and '.join(context)}" if context else ""),
        "name who is meant, or ask for aws:PrincipalOrgID, aws:SourceArn or aws:SourceAccount in a condition",
        severity=Severity.NOTE if meant else None if sure else Severity.WARNING,
    )
