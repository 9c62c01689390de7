"""Rule environment-ambiguous-name."""

from collections.abc import Iterator

from validator.environment.candidates import candidates
from validator.project.environments import EnvironmentLink
from validator.rule import Finding, Severity, rule
from validator.suggest import listed


@rule("environment-ambiguous-name", Severity.NOTE)
def check(link: EnvironmentLink) -> Iterator[Finding]:
    """The name in a spec of the first format is a part of the names of several resources.

    The check holds if one of them is as it must be, whichever was meant.

    Bad:

    ```yaml title="template.yml"
    Resources:
      Front: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: front, GroupName: web-front}}
      Back: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: back, GroupName: web-back}}
    ```

    ```yaml title="env-details.yml"
    describe_security_groups:
      Name: web
      Properties: {Description: front}
    ```

    Good:

    ```yaml title="template.yml"
    Resources:
      Front: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: front, GroupName: web-front}}
      Back: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: back, GroupName: web-back}}
    ```

    ```yaml title="env-details.yml"
    describe_security_groups:
      Name: web-front
      Properties: {Description: front}
    ```
    """
    for one in link.checks:
        name = one.at.get("Name")
        every = [[each for each in candidates(one, root) if each.sure] for root in link.roots]
        if name is None or any(len(found) < 2 for found in every):
            continue
        first = every[0]
        names = listed(repr(each.resource.logical_id) for each in first)
        related = tuple((each.resource.node.key, "it can be this one") for each in first[:5])
        message = f"{name.value!r} is in the names of {len(first)} resources: {names}"
        yield Finding(name, message, "write the name of the one that is meant, as far as it differs", related=related)
