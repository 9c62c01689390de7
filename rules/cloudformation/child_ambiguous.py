"""Rule cloudformation-child-ambiguous."""

from collections.abc import Iterator

from validator.cloudformation.tree import StackLink
from validator.rule import Finding, Severity, rule
from validator.suggest import listed


@rule("cloudformation-child-ambiguous", Severity.NOTE)
def check(link: StackLink) -> Iterator[Finding]:
    """A nested stack's URL fits several templates equally well.

    Nothing between this stack and its template is checked then. Which one it is can be told in the resource's
    `Metadata`, as `stackproof: {template: PATH}`, or for all URLs of a kind by a `[[template-map]]` in the
    configuration. Copies that are the same to the letter are one template.

    Bad:

    ```yaml title="parent.yml"
    Parameters:
      Bucket: {Type: String}
    Resources:
      Web:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: !Sub "https://${Bucket}.s3.amazonaws.com/web.yml"}
    ```

    ```yaml title="v1/web.yml"
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```

    ```yaml title="v2/web.yml"
    Resources:
      Queue: {Type: AWS::SQS::Queue}
    ```

    Good:

    ```yaml title="parent.yml"
    Parameters:
      Bucket: {Type: String}
    Resources:
      Web:
        Type: AWS::CloudFormation::Stack
        Metadata: {stackproof: {template: v2/web.yml}}
        Properties: {TemplateURL: !Sub "https://${Bucket}.s3.amazonaws.com/web.yml"}
    ```

    ```yaml title="v1/web.yml"
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```

    ```yaml title="v2/web.yml"
    Resources:
      Queue: {Type: AWS::SQS::Queue}
    ```
    """
    for missing in link.missing:
        if missing.reason == "ambiguous":
            yield Finding(
                link.location,
                f"{link.resource.logical_id} may be any of {listed(one.path for one in missing.among)}",
                "say which: 'Metadata: {stackproof: {template: PATH}}' in the resource, or a template-map in the "
                "configuration",
                related=tuple((one.root, "it may be this template") for one in missing.among[:5]),
            )
