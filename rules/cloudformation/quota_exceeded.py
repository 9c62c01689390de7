"""Rule cloudformation-quota-exceeded."""

import posixpath
from collections.abc import Iterator

from validator.buildspec.calls import Call
from validator.cloudformation.quotas import quotas
from validator.cloudformation.template import Template
from validator.document import Node
from validator.project import Project
from validator.rule import Finding, Severity, rule
from validator.values import text_of

_WITH_BODY = ("create-stack", "update-stack", "create-change-set", "validate-template")


@rule(
    "cloudformation-quota-exceeded",
    Severity.ERROR,
    supersedes=tuple(f"cfn-lint/{code}" for code in ("E1002", "E2010", "E3010", "E6010", "E7010", "E7012")),
)
def check(project: Project, *, share: float = 0.9) -> Iterator[Finding]:
    """A template, or a part of one, is larger than CloudFormation allows.

    A template in S3 may have 1,000,000 bytes, 500 resources, and 200 parameters, outputs and mappings; a mapping 200
    keys; a parameter's value 4,096 bytes. A template that a request carries may have 51,200 bytes: so it is for
    `aws cloudformation deploy` without `--s3-bucket`, and for `--template-body`.

    It is a warning from a `share` of a quota on, 90 %, and where the template that a command deploys was found by its
    name. What macros, loops and modules make is not counted.

    Bad:

    ```toml title="stackproof.toml"
    [rules.cloudformation-quota-exceeded]
    share = 0.01
    ```

    ```yaml title="web.yml"
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    Outputs:
      Arn: {Value: !Ref Topic}
      Name: {Value: !GetAtt Topic.TopicName}
    ```

    Good:

    ```yaml title="web.yml"
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    Outputs:
      Arn: {Value: !Ref Topic}
      Name: {Value: !GetAtt Topic.TopicName}
    ```
    """
    for template in project.templates:
        yield from _in_template(template, share)
    for link in project.stack_links:
        for name, _, value in link.passed:
            yield from _value(name, value, share)
    for pairing in project.parameter_links:
        for name, value in pairing.file.values.items():
            yield from _value(name, value, share)
    for buildspec in project.buildspecs:
        for call in buildspec.flow.calls:
            yield from _body(call, project, share)


def _in_template(template: Template, share: float) -> Iterator[Finding]:
    most = quotas()
    yield from _over(template.root, "the template", _bytes(template), most.template_bytes, "bytes", share)
    for section, allowed in most.sections.items():
        node = template.root.get(section)
        count = len([name for name, _ in node.items() if not name.startswith("Fn::")]) if node is not None else 0
        yield from _over(template.heading(section), "the template", count, allowed, section.lower(), share)
    mappings = template.root.get("Mappings")
    for name, mapping in mappings.items() if mappings is not None else ():
        yield from _over(
            mapping.key, f"mapping {name!r}", len(list(mapping.items())), most.mapping_attributes, "keys", share
        )
    for parameter in template.parameters.values():
        if parameter.default is not None:
            yield from _value(parameter.name, parameter.default, share)


def _value(name: str, node: Node, share: float) -> Iterator[Finding]:
    text = text_of(node.value)
    size = len(text.encode(errors="replace")) if text is not None else 0
    yield from _over(node, f"the value of {name!r}", size, quotas().parameter_bytes, "bytes", share)


def _body(call: Call, project: Project, share: float) -> Iterator[Finding]:
    """Look at the template that a command sends as it is."""
    if call.starts("aws", "cloudformation", "deploy"):
        paths = call.option("--template-file") or ()
        sent = paths if call.option("--s3-bucket") is None else ()
    elif any(call.starts("aws", "cloudformation", operation) for operation in _WITH_BODY):
        bodies = call.option("--template-body") or ()
        sent = tuple(body.removeprefix("file://") for body in bodies if body.startswith("file://"))
    else:
        return
    at, most = call.node, quotas().body_bytes
    folder = posixpath.dirname(at.document.path)
    for path in map(posixpath.normpath, sent):
        places = {path, posixpath.normpath(posixpath.join(folder, path))}
        found = [one for one in project.templates if one.path in places]
        ends = found or [one for one in project.templates if one.path.endswith("/" + path)]
        if len(ends) == 1:
            for finding in _over(
                at, f"{ends[0].path}, which goes with the request,", _bytes(ends[0]), most, "bytes", share
            ):
                severity = finding.severity if found else Severity.WARNING
                yield Finding(
                    at,
                    finding.message,
                    "upload it: '--s3-bucket BUCKET' for deploy, or '--template-url' instead of the body",
                    severity=severity,
                    related=((ends[0].root, "the template"),),
                )


def _over(at: Node, what: str, size: int, most: int, unit: str, share: float) -> Iterator[Finding]:
    if size < share * most:
        return
    if size > most:
        yield Finding(at, f"{what} has {size:,} {unit}, and CloudFormation allows {most:,}", "split it")
    else:
        message = f"{what} has {size:,} of {most:,} {unit} that CloudFormation allows"
        yield Finding(at, message, "split it before it is too late", severity=Severity.WARNING)


def _bytes(template: Template) -> int:
    return len(template.root.document.text.encode(errors="replace"))
