"""Rule buildspec-privileged-mode-missing."""

from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.buildspec.calls import Call
from validator.project import BuildLink
from validator.rule import Finding, Severity, rule

# Commands of docker that need its daemon.
_DAEMON = frozenset({
    *("build", "buildx", "commit", "compose", "container", "create", "exec", "image", "images", "import", "info"),
    *("load", "network", "ps", "pull", "push", "rmi", "run", "save", "start", "stop", "tag", "volume"),
})  # fmt: skip


@rule("buildspec-privileged-mode-missing", Severity.ERROR)
def check(link: BuildLink) -> Iterator[Finding]:
    """A build uses Docker, and its project does not run in privileged mode.

    Without `PrivilegedMode: true` no Docker daemon starts in the container of the build, and the command fails: "Cannot
    connect to the Docker daemon". It is a warning where the project does not say, which comes to false, and where the
    command may be left out. Nothing is said where another daemon may be meant: a Docker server of the project's, or one
    that `DOCKER_HOST` names.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - docker build -t web .
    ```

    ```yaml title="project.yml"
    Resources:
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE, BuildSpec: buildspec.yml}
          Artifacts: {Type: CODEPIPELINE}
          ServiceRole: build
          Environment:
            Type: LINUX_CONTAINER
            ComputeType: BUILD_GENERAL1_SMALL
            Image: aws/codebuild/standard:8.0
            PrivilegedMode: false
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - docker build -t web .
    ```

    ```yaml title="project.yml"
    Resources:
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: CODEPIPELINE, BuildSpec: buildspec.yml}
          Artifacts: {Type: CODEPIPELINE}
          ServiceRole: build
          Environment:
            Type: LINUX_CONTAINER
            ComputeType: BUILD_GENERAL1_SMALL
            Image: aws/codebuild/standard:8.0
            PrivilegedMode: true
    ```
    """
    project = link.project
    kind, mode = project.setting("Environment", "Type"), project.setting("Environment", "PrivilegedMode")
    if link.buildspec is None or link.buildspec.node.get("batch") is not None or project.environment is None:
        return
    if project.environment != ("linux", "container") or not (mode.absent or mode.text == "false"):
        return
    call = _docker(link.buildspec)
    if call is None or _elsewhere(link):
        return
    sure = link.settled and kind.certain and mode.certain and not mode.absent and not call.perhaps
    name = " ".join(word[0] for word in call.words[:2])
    yield Finding(
        mode.at,
        f"{name!r} needs privileged mode: 'Cannot connect to the Docker daemon'",
        "write 'PrivilegedMode: true'",
        severity=None if sure else Severity.WARNING,
        related=((call.node, "the command"),),
    )


def _docker(buildspec: Buildspec) -> Call | None:
    """Give the first call that needs the daemon; one that surely happens before one that may not."""
    for call in sorted(buildspec.flow.calls, key=lambda call: call.perhaps):
        works = call.program == "docker" and len(call.words) > 1 and call.words[1][0] in _DAEMON
        if call.command is not None and (works or call.program in {"dockerd", "docker-compose"}):
            return call
    return None


def _elsewhere(link: BuildLink) -> bool:
    """Whether the daemon may be another than that of the container."""
    assert link.buildspec is not None
    flow = link.buildspec.flow
    names = {one.name for one in flow.assigned} | {one.name for one in link.buildspec.variables()}
    names |= {one.name for one in link.project.variables}
    server = link.project.resource.property("Environment", "DockerServer")
    context = any(call.starts("docker", "context") for call in flow.calls)
    return server is not None or "DOCKER_HOST" in names or context
