"""Rule buildspec-role-lacks-secret-access."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from validator.buildspec import Buildspec
from validator.cloudformation.template import Resource, reads
from validator.document import Node
from validator.iam.policy import Policy, PolicySet, Statement
from validator.project import BuildLink, BuildProject, Project
from validator.rule import Finding, Severity, rule

_NEEDED = {"parameter-store": "ssm:GetParameters", "secrets-manager": "secretsmanager:GetSecretValue"}
_TYPES = {"PARAMETER_STORE": "ssm:GetParameters", "SECRETS_MANAGER": "secretsmanager:GetSecretValue"}


@rule("buildspec-role-lacks-secret-access", Severity.WARNING)
def check(project: Project) -> Iterator[Finding]:
    """A build reads secrets that its project's role may not read.

    Variables out of the parameter store need `ssm:GetParameters`, those out of Secrets Manager
    `secretsmanager:GetSecretValue`, and the build fails before its first command without. Nothing is said unless all
    policies of the role are in its template, and are plain.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      parameter-store:
        TOKEN: /web/token
    phases:
      build:
        commands:
          - make
    ```

    ```yaml title="project.yml"
    Resources:
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE, BuildSpec: buildspec.yml}
          Artifacts: {Type: CODEPIPELINE}
          ServiceRole: !GetAtt Role.Arn
          Environment: {Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: "aws/codebuild/standard:8.0"}
      Role:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
          Policies:
            - PolicyName: build
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Action: ["logs:*"], Resource: "*"}
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      parameter-store:
        TOKEN: /web/token
    phases:
      build:
        commands:
          - make
    ```

    ```yaml title="project.yml"
    Resources:
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE, BuildSpec: buildspec.yml}
          Artifacts: {Type: CODEPIPELINE}
          ServiceRole: !GetAtt Role.Arn
          Environment: {Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: "aws/codebuild/standard:8.0"}
      Role:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
          Policies:
            - PolicyName: build
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Action: ["logs:*", "ssm:GetParameters"], Resource: "*"}
    ```
    """
    for link in project.build_links:
        role = link.project.role
        wanted = dict(_wanted(link)) if role is not None else {}
        if role is None or not wanted:
            continue
        sets = [one for one in project.policy_sets if any(_of(policy, role, link.project) for policy in one.policies)]
        for action, at in wanted.items():
            if sets and not any(_may_allow(one, action) for one in sets):
                message = f"the role {role.logical_id} of the project is not allowed {action}"
                advice = "allow it, on what is read here"
                yield Finding(at, message, advice, related=((role.node.key, "the role"),))


def _wanted(link: BuildLink) -> Iterator[tuple[str, Node]]:
    """Yield the actions that variables need, with the first place of each."""
    seen: set[str] = set()
    listed = [(_TYPES.get(one.type), one.at) for one in link.project.variables]
    if isinstance(link.buildspec, Buildspec):
        listed += [(_NEEDED.get(one.source), one.node) for one in link.buildspec.variables()]
    for action, at in listed:
        if action is not None and action not in seen:
            seen.add(action)
            yield action, at


def _of(policy: Policy, role: Resource, project: BuildProject) -> bool:
    """Whether a policy stands in a role, or in a resource that is attached to it or by it."""
    node = policy.node.document.outer or policy.node
    holder = project.template.resources.get(str(node.path[1])) if len(node.path) > 1 else None
    if holder is None or node.document != role.node.document:
        return False
    if holder == role:
        return True
    properties, own = holder.node.get("Properties"), role.node.get("Properties")
    to = {one.logical_id for one in reads(properties)} if properties is not None else set()
    by = {one.logical_id for one in reads(own)} if own is not None else set()
    return role.logical_id in to or holder.logical_id in by


def _may_allow(policies: PolicySet, action: str) -> bool:
    """Whether policies may allow an action on anything, as far as can be read."""
    if policies.missing or policies.full is not None or policies.guessed or policies.assumed:
        return True
    return any(
        not policy.complete or any(_allows(statement, action) for statement in policy.statements())
        for policy in policies.policies
    )


def _allows(statement: Statement, action: str) -> bool:
    effect, actions = statement.effect, statement.actions
    if effect is not None and effect.value == "Deny":
        return False
    if actions is None or actions.negated or not actions.complete:
        return True
    return any(fnmatchcase(action.lower(), str(node.value).lower()) for node in actions.values)
