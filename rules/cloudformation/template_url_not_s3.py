"""Rule cloudformation-template-url-not-s3."""

import re
from collections.abc import Iterator

from validator.cloudformation.quotas import url_suffixes
from validator.cloudformation.stacks import Stack
from validator.cloudformation.template import reads
from validator.cloudformation.tree import location_of
from validator.document import Node
from validator.rule import Finding, Severity, rule
from validator.values import Abstract, Partial

# A host is only known if it ends: what is put in behind it could be part of it.
_URL = re.compile(r"(https?|s3|file|ftp|git|ssh)://(?:[^/?#@]*@)?([^/?#:]*)(.?)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)


@rule("cloudformation-template-url-not-s3", Severity.ERROR)
def check(stack: Stack) -> Iterator[Finding]:
    """A nested stack takes its template from a place that is not Amazon S3.

    CloudFormation loads templates from S3 only, by an https URL: `Domain name specified in raw.githubusercontent.com is
    not a valid S3 domain`, or `TemplateURL must be a supported URL` for `s3://…`.

    It is a warning where the URL is so under a condition, or for the Default of a parameter only.

    Bad:

    ```yaml title="parent.yml"
    Resources:
      Vpc:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: https://raw.githubusercontent.com/acme/templates/main/vpc.yml}
    ```

    Good:

    ```yaml title="parent.yml"
    Resources:
      Vpc:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: https://acme-templates.s3.eu-central-1.amazonaws.com/main/vpc.yml}
    ```
    """
    for resource in stack.template.resources.values():
        location = location_of(resource)
        if location is None or location.name == "TemplateBody":
            continue
        cases = stack.evaluate(location)
        wrong = [text for case in cases if (text := _wrong(case.value))]
        if not wrong:
            continue
        given = [name for name in _parameters(stack, location) if not _settled(stack, name)]
        yield Finding(
            location,
            f"{resource.logical_id} takes its template from {wrong[0]!r}, and CloudFormation wants a URL of S3",
            "upload the template to a bucket, and name it as 'https://BUCKET.s3.REGION.amazonaws.com/KEY'",
            severity=Severity.WARNING if given or len(wrong) < len(cases) else None,
            related=tuple((stack.template.parameters[name].node.key, "the parameter that says so") for name in given),
        )


def _wrong(value: Abstract) -> str:
    """Give the host that is not of AWS, or the scheme that is not http; empty if neither is known to be there."""
    text = value.parts[0] if isinstance(value, Partial) else value
    found = _URL.match(text) if isinstance(text, str) else None
    if found is None:
        return ""
    if not found[1].lower().startswith("http"):
        return found[1].lower() + "://"
    host = found[2].lower()
    ended = found[3] != "" or not isinstance(value, Partial)
    own = any(host == suffix or host.endswith("." + suffix) for suffix in url_suffixes())
    return host if ended and not own and _HOST.fullmatch(host) else ""


def _parameters(stack: Stack, location: Node) -> Iterator[str]:
    names = dict.fromkeys(read.logical_id for read in reads(location))
    yield from (name for name in names if name in stack.template.parameters)


def _settled(stack: Stack, name: str) -> bool:
    """Whether a parameter's value is surely known: from the template above, or from a parameter file."""
    sources = stack.sources(name)
    return stack.sure and bool(sources) and all(source.kind in {"literal", "file"} for source in sources)
