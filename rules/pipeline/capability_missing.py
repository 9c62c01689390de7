"""Rule pipeline-capability-missing."""

from collections.abc import Collection, Iterator

from validator.cloudformation import capabilities
from validator.cloudformation.capabilities import Need, needs
from validator.cloudformation.pipeline import PipelineAction
from validator.cloudformation.stacks import Stack
from validator.cloudformation.tree import StackLink
from validator.document import Node
from validator.project import Deployment
from validator.rule import Edit, Finding, Severity, rule
from validator.values import NoValue, text_of

_MODES = frozenset({"CREATE_UPDATE", "REPLACE_ON_FAILURE", "CHANGE_SET_REPLACE"})


@rule("pipeline-capability-missing", Severity.ERROR)
def check(target: Deployment | StackLink) -> Iterator[Finding]:
    """A stack is deployed without a capability that something in its tree needs.

    CloudFormation refuses it: `Requires capabilities : [CAPABILITY_NAMED_IAM]`, for a nested stack in the middle of
    the deployment. IAM resources need CAPABILITY_IAM, and CAPABILITY_NAMED_IAM if one has a name of its own;
    macros, AWS::Include and AWS::Serverless among them, need CAPABILITY_AUTO_EXPAND, in the root only if it is
    deployed without a change set. Looked at are the actions of pipelines, deploy commands in buildspecs, and stack
    sets.

    It is a warning where a build stands between the template and its deployment, where the need rests on a
    condition or on a template that was found by its file's name, and for nested macros that a change set deploys.

    Bad:

    ```yaml title="pipeline.yml"
    Resources:
      Pipeline:
        Type: AWS::CodePipeline::Pipeline
        Properties:
          RoleArn: arn:aws:iam::123456789012:role/pipeline
          ArtifactStore: {Type: S3, Location: artifacts}
          Stages:
            - Name: Source
              Actions:
                - Name: Checkout
                  ActionTypeId: {Category: Source, Owner: AWS, Provider: CodeCommit, Version: "1"}
                  Configuration: {RepositoryName: web, BranchName: main}
                  OutputArtifacts: [{Name: Source}]
            - Name: Deploy
              Actions:
                - Name: DeployStack
                  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}
                  InputArtifacts: [{Name: Source}]
                  Configuration:
                    ActionMode: CREATE_UPDATE
                    StackName: web
                    RoleArn: arn:aws:iam::123456789012:role/deploy
                    TemplatePath: Source::main.yml
                    Capabilities: CAPABILITY_IAM
    ```

    ```yaml title="main.yml"
    Resources:
      Role:
        Type: AWS::IAM::Role
        Properties:
          RoleName: web
          AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
    ```

    Good:

    ```yaml title="pipeline.yml"
    Resources:
      Pipeline:
        Type: AWS::CodePipeline::Pipeline
        Properties:
          RoleArn: arn:aws:iam::123456789012:role/pipeline
          ArtifactStore: {Type: S3, Location: artifacts}
          Stages:
            - Name: Source
              Actions:
                - Name: Checkout
                  ActionTypeId: {Category: Source, Owner: AWS, Provider: CodeCommit, Version: "1"}
                  Configuration: {RepositoryName: web, BranchName: main}
                  OutputArtifacts: [{Name: Source}]
            - Name: Deploy
              Actions:
                - Name: DeployStack
                  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}
                  InputArtifacts: [{Name: Source}]
                  Configuration:
                    ActionMode: CREATE_UPDATE
                    StackName: web
                    RoleArn: arn:aws:iam::123456789012:role/deploy
                    TemplatePath: Source::main.yml
                    Capabilities: CAPABILITY_NAMED_IAM
    ```

    ```yaml title="main.yml"
    Resources:
      Role:
        Type: AWS::IAM::Role
        Properties:
          RoleName: web
          AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
    ```
    """
    if isinstance(target, StackLink):
        yield from _stack_set(target)
    elif target.action is None:
        if target.capabilities is not None:
            at, given = target.at, target.capabilities
            yield from _lacking(at, given, needs(target.stacks), sure=target.certain, change_set=target.change_set)
    elif target.action.lacks("ActionMode") or _text(target.action, "ActionMode") in _MODES:
        yield from _action(target)


def _text(action: PipelineAction, name: str) -> str | None:
    return action.pipeline.text(action.configuration(name))


def _action(target: Deployment) -> Iterator[Finding]:
    action = target.action
    assert action is not None
    settings, node = action.settings, action.configuration("Capabilities")
    if node is None:
        if settings is not None and action.lacks("Capabilities"):
            found = needs(target.stacks)
            yield from _lacking(settings.key, (), found, sure=target.certain, change_set=target.change_set)
        return
    found = needs(target.stacks)
    cases = action.pipeline.possible(node)
    texts = ["" if isinstance(case.value, NoValue) else text_of(case.value) for case in cases]
    settled = action.pipeline.settled(node) is not None
    told = set[str]()
    for text in texts:
        if text is None:
            continue
        given = {name.strip() for name in text.split(",")}
        for finding in _lacking(node, given, found, sure=target.certain and settled, change_set=target.change_set):
            if finding.message not in told:
                told.add(finding.message)
                yield finding


def _lacking(at: Node, given: Collection[str], found: list[Need], *, sure: bool, change_set: bool) -> Iterator[Finding]:
    for need in capabilities.missing(found, given, change_set=change_set):
        # Whether a change set asks for it is told in two ways.
        doubtful = need.capability == capabilities.AUTO_EXPAND and change_set
        certain = sure and need.always and not doubtful
        replaces = need.capability == capabilities.NAMED_IAM and at.value == capabilities.IAM and not at.is_key
        yield Finding(
            at,
            f"{need.capability} is not given, which {need.at.document.path} needs: {need.why}",
            f"give {need.capability} in place of {capabilities.IAM}" if replaces else f"add {need.capability}",
            severity=None if certain else Severity.WARNING,
            related=((need.at, "what needs it"),),
            fix=(Edit.value(at, need.capability),) if certain and replaces else (),
            subject=need.capability,
        )


def _stack_set(link: StackLink) -> Iterator[Finding]:
    if not link.is_stack_set or link.is_open:
        return
    node = link.resource.property("Capabilities")
    elements = list(node.elements()) if node is not None else []
    given = [text_of(one.value) for one in elements]
    if (node is not None and not isinstance(node.value, list)) or None in given:
        return
    for child in link.children:
        found = needs((Stack(child.template, child.template.scope, {}),))
        at = (node or link.resource.node).key
        sure = len(link.children) == 1 and not link.missing and child.certainty != "basename"
        yield from _lacking(at, [str(name) for name in given], found, sure=sure, change_set=False)
