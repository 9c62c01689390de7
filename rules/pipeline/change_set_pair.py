"""Rule pipeline-change-set-pair."""

from collections.abc import Iterator

from validator.cloudformation.pipeline import Pipeline, PipelineAction
from validator.document import Node
from validator.rule import Finding, Severity, rule
from validator.values import Abstract, Partial, text_of

# What tells one change set from another, beside the region.
_NAMES = ("ChangeSetName", "StackName")
# Actions that may make a change set by other ways.
_OTHERS = frozenset({"Build", "Test", "Invoke", "Compute"})


@rule("pipeline-change-set-pair", Severity.WARNING)
def check(pipeline: Pipeline) -> Iterator[Finding]:
    """An action executes a change set that no action before it has made.

    CHANGE_SET_EXECUTE wants a CHANGE_SET_REPLACE of the same StackName and ChangeSetName in an earlier stage, or in
    the same stage with a lower RunOrder. Else the action fails, or executes a change set that was left over.

    Nothing is said where names are not known that may be the same, nor where a build or a function before it may
    make the change set and no action makes one of that name or stack.

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
                - Name: Prepare
                  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}
                  InputArtifacts: [{Name: Source}]
                  Configuration:
                    ActionMode: CHANGE_SET_REPLACE
                    StackName: web
                    ChangeSetName: release
                    RoleArn: arn:aws:iam::123456789012:role/deploy
                    TemplatePath: Source::main.yml
                - Name: Execute
                  RunOrder: 2
                  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}
                  Configuration: {ActionMode: CHANGE_SET_EXECUTE, StackName: web, ChangeSetName: relaese}
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
                - Name: Prepare
                  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}
                  InputArtifacts: [{Name: Source}]
                  Configuration:
                    ActionMode: CHANGE_SET_REPLACE
                    StackName: web
                    ChangeSetName: release
                    RoleArn: arn:aws:iam::123456789012:role/deploy
                    TemplatePath: Source::main.yml
                - Name: Execute
                  RunOrder: 2
                  ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}
                  Configuration: {ActionMode: CHANGE_SET_EXECUTE, StackName: web, ChangeSetName: release}
    ```
    """
    if pipeline.is_open:
        return
    actions = [action for action in pipeline.actions if action.provider == "CloudFormation"]
    made = [action for action in actions if _mode(action) == "CHANGE_SET_REPLACE"]
    unread = any(_mode(action) is None for action in actions)
    for action in actions if not unread else ():
        if _mode(action) != "CHANGE_SET_EXECUTE" or any(action.configuration(name) is None for name in _NAMES):
            continue
        fitting = [one for one in made if _same(action, one) is not False and pipeline.together(one.node, action.node)]
        if any(one.runs_before(action) is not False for one in fitting):
            continue
        at = action.configuration("ChangeSetName")
        assert at is not None
        if fitting:
            yield Finding(
                at,
                f"the action {action.name!r} executes a change set before {fitting[0].name!r} has made it",
                "move it to a later stage, or give it a higher RunOrder",
                related=((fitting[0].node, "it is made here"),),
            )
            continue
        near = [one for one in made if any(_alike(action, one, name) for name in _NAMES)]
        near.sort(key=lambda one: one.place != action.place)
        if not near and any(_may_make(one, action) for one in pipeline.actions):
            continue
        name = pipeline.text(at)
        what = f"the change set {name!r}" if name is not None else "a change set"
        yield Finding(
            at,
            f"the action {action.name!r} executes {what}, which no action makes for its stack",
            _cure(action, near[0]) if near else "make it before, with the ActionMode CHANGE_SET_REPLACE",
            related=((near[0].configuration("ChangeSetName") or near[0].node, "another change set is made here"),)
            if near
            else (),
        )


def _may_make(one: PipelineAction, action: PipelineAction) -> bool:
    return (one.category in _OTHERS or not one.category) and one.runs_before(action) is not False


def _mode(action: PipelineAction) -> str | None:
    return action.pipeline.text(action.configuration("ActionMode"))


def _same(action: PipelineAction, other: PipelineAction) -> bool | None:
    """Say whether two actions speak of one change set; None if nobody can tell."""
    answers = [_equal(action, other, action.configuration(name), other.configuration(name)) for name in _NAMES]
    regions = [action.pipeline.member(one.node, "Region") for one in (action, other)]
    answers.append(_equal(action, other, *regions))
    return False if False in answers else None if None in answers else True


def _alike(action: PipelineAction, other: PipelineAction, name: str) -> bool:
    return _equal(action, other, action.configuration(name), other.configuration(name)) is True


def _equal(action: PipelineAction, other: PipelineAction, one: Node | None, two: Node | None) -> bool | None:
    if one is None or two is None:
        # A region that is not given is the pipeline's own.
        return True if one is two else None
    if one.value == two.value:
        return True
    found = (
        [case.value for case in action.pipeline.possible(one)],
        [case.value for case in other.pipeline.possible(two)],
    )
    if all(_differ(left, right) for left in found[0] for right in found[1]):
        return False
    texts = [action.pipeline.settled(node) for node in (one, two)]
    return True if texts[0] is not None and texts[0] == texts[1] else None


def _differ(left: Abstract, right: Abstract) -> bool:
    """Say whether two values surely are not the same: their known beginnings or ends are not."""
    heads = [_ends(value) for value in (left, right)]
    if None in heads:
        return False
    (start, end), (other_start, other_end) = heads[0] or ("", ""), heads[1] or ("", "")
    if isinstance(left, Partial) or isinstance(right, Partial):
        starts = start.startswith(other_start) or other_start.startswith(start)
        ends = end.endswith(other_end) or other_end.endswith(end)
        return not (starts and ends)
    return text_of(left) != text_of(right)


def _ends(value: Abstract) -> tuple[str, str] | None:
    if isinstance(value, Partial):
        first, last = value.parts[0], value.parts[-1]
        return first if isinstance(first, str) else "", last if isinstance(last, str) else ""
    text = text_of(value)
    return (text, text) if text is not None else None


def _cure(action: PipelineAction, near: PipelineAction) -> str:
    for name in _NAMES:
        if not _alike(action, near, name):
            right = action.pipeline.text(near.configuration(name))
            return f"{near.name!r} has the {name} {right!r}" if right is not None else f"give both the same {name}"
    return "give both the same names"
