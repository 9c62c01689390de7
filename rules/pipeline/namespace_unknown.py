"""Rule pipeline-namespace-unknown."""

from collections.abc import Iterator, Mapping

from validator.cloudformation.actions import action_of, reserved_namespaces
from validator.cloudformation.pipeline import Pipeline, PipelineAction
from validator.cloudformation.variables import Reference, references
from validator.project import Build, Project
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed


@rule("pipeline-namespace-unknown", Severity.ERROR)
def check(project: Project) -> Iterator[Finding]:
    """An action reads a variable that no action sets: its namespace is none, or the namespace has no such variable.

    `#{Namespace.Variable}` in a Configuration is put in before the action starts, and the action fails if it cannot
    be. A CodeBuild action sets what `env.exported-variables` of its buildspec lists.

    It is a warning where the buildspec is not surely the project's own, and for the variables of other providers,
    which are reported only if they are nearly one that the provider is known to set.

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
                  Namespace: Checkout
            - Name: Deploy
              Actions:
                - Name: Approve
                  ActionTypeId: {Category: Approval, Owner: AWS, Provider: Manual, Version: "1"}
                  Configuration: {CustomData: "deploy #{Chekout.CommitId}?"}
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
                  Namespace: Checkout
            - Name: Deploy
              Actions:
                - Name: Approve
                  ActionTypeId: {Category: Approval, Owner: AWS, Provider: Manual, Version: "1"}
                  Configuration: {CustomData: "deploy #{Checkout.CommitId}?"}
    ```
    """
    for pipeline in project.pipelines:
        if pipeline.is_open:
            continue
        for action in pipeline.actions:
            for reference in references(action):
                yield from _judged(pipeline, reference, project.deliveries.builds)


def _judged(pipeline: Pipeline, reference: Reference, builds: Mapping[PipelineAction, Build]) -> Iterator[Finding]:
    reserved = {name: tuple(variables) for name, variables in reserved_namespaces().items()}
    if reference.namespace == "variables":
        declared = pipeline.variables
        if declared is not None and reference.name not in declared:
            advice = did_you_mean(reference.name, declared) or f"declared are: {listed(sorted(declared))}"
            yield Finding(reference.at, f"the pipeline has no variable {reference.name!r}", advice)
        return
    if reference.namespace in reserved:
        variables = reserved[reference.namespace]
        if reference.name not in variables and (meant := did_you_mean(reference.name, variables)):
            message = f"{reference.namespace!r} has no variable {reference.name!r}"
            yield Finding(reference.at, message, meant, severity=Severity.WARNING)
        return
    owners = pipeline.namespaces
    if None in owners.values():
        return
    setting = [action for action, name in owners.items() if name == reference.namespace]
    if not setting:
        names = [str(name) for name in owners.values()]
        yield Finding(
            reference.at,
            f"no action has the namespace {reference.namespace!r}",
            did_you_mean(reference.namespace, [*names, *reserved]) or "give it to the action that sets the variable",
        )
        return
    if len(setting) == 1:
        yield from _variable(reference, setting[0], builds.get(setting[0]))


def _variable(reference: Reference, action: PipelineAction, build: Build | None) -> Iterator[Finding]:
    name = reference.name
    message = f"the action {action.name!r} sets no variable {name!r}"
    kind = action_of(action)
    if action.provider == "CodeBuild":
        if build is None or build.buildspec is None or name.startswith(("CODEBUILD_", "AWS_")):
            return
        section = build.buildspec.node.get("env", "exported-variables")
        exported = [one.value for one in section.elements()] if section is not None else []
        if name in exported or (section is not None and not isinstance(section.value, list)) or build.buildspec.inline:
            return
        names = [str(one) for one in exported]
        yield Finding(
            reference.at,
            message,
            did_you_mean(name, names) or f"add it to env.exported-variables there (listed: {listed(names)})",
            severity=None if build.certain else Severity.WARNING,
            related=((section.key if section is not None else build.buildspec.node, "what the build exports"),),
        )
        return
    known = kind.variables if kind is not None else None
    if known is not None and name not in known and (meant := did_you_mean(name, known)):
        yield Finding(reference.at, message, meant, severity=Severity.WARNING)
