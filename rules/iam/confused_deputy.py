"""Rule iam-confused-deputy."""

from collections.abc import Iterator

from validator.document import Node
from validator.iam.actions import matches
from validator.iam.condition import Atom, atoms
from validator.iam.policy import Statement
from validator.iam.principals import Deputy, Known, deputy, excludes, principals, strangers
from validator.rule import Finding, Severity, rule


@rule("iam-confused-deputy", Severity.WARNING)
def check(statement: Statement) -> Iterator[Finding]:
    """A resource lets a service in, whoever the service acts for.

    CloudFront, S3 or SNS do what their customers configure, and any customer can name your bucket, queue or function:
    the service then calls with its own name. The condition keys aws:SourceArn, aws:SourceAccount and aws:SourceOrgID
    say for whom. Reported are the services whose documentation has such a condition in its example, and no others;
    where a log bucket's Resource holds the account in its path, the service sees to it that no one else writes there.
    A note where all that can be done is to publish to a topic. Trust policies of roles are not looked at: a service
    assumes a role only for those who may pass it.

    Bad:

    ```json title="bucket-policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"},
       "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site/*"}]}
    ```

    Good:

    ```json title="bucket-policy.json"
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"},
       "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site/*",
       "Condition": {"StringEquals": {"aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E1ABCDEFGH"}}}]}
    ```
    """
    if statement.policy.kind != "resource" or statement.element("Effect") != "Allow" or excludes(statement):
        return
    for principal in principals(statement):
        known = deputy(principal.text) if principal.type == "Service" else None
        done = _done(statement, known) if known is not None else ""
        if known is not None and done and not _limited(statement):
            yield Finding(
                principal.node,
                f"{principal.text} can be made to call {done} by anybody in the world",
                f"add a condition on {known.key}",
                severity=Severity.NOTE if done == "sns:Publish" else None,
            )


def _done(statement: Statement, known: Deputy) -> str:
    """Give the worst that the service can be made to do here; empty if that is nothing."""
    actions = statement.actions
    if actions is None or actions.negated:
        return ""
    for action in known.actions:
        if any(matches(str(value.value), action) for value in actions.values) and not (
            action == "s3:PutObject" and _in_own_path(statement)
        ):
            return action if _takes(statement, action) else ""
    return ""


def _takes(statement: Statement, action: str) -> bool:
    """Say whether a resource of the statement may be of the action's service."""
    service = action.partition(":")[0]
    elements = statement.resources
    if elements is None or not elements.complete or not elements.values:
        return True
    fields = [str(value.value).split(":") for value in elements.values]
    return any(len(one) < 3 or one[2] in {service, "*", ""} for one in fields)


def _in_own_path(statement: Statement) -> bool:
    """Say whether objects go below a path with the account's number, as logs do, which the service holds to."""
    resources = statement.resources
    return resources is not None and any("AWSLogs/" in text for text in _texts(resources.node))


def _texts(node: Node) -> Iterator[str]:
    return (str(one.value) for one in node.walk() if isinstance(one.value, str))


def _limited(statement: Statement) -> bool:
    """Say whether some condition keeps a stranger's resources from acting through the service, or may do so."""
    found = tuple(atoms(statement.condition, variables=statement.policy.variables))
    return not any(all(_lets_in(atom, known) for atom in found) for known in strangers(found) if known["aws:sourcearn"])


def _lets_in(atom: Atom, known: Known) -> bool:
    """Say whether a condition holds for a stranger; those that the service itself sees to do."""
    if atom.key in _BY_THE_SERVICE:
        return True
    return atom.key in known and atom.holds(known[atom.key]) is True


_BY_THE_SERVICE = {"aws:securetransport", "s3:x-amz-acl"}
