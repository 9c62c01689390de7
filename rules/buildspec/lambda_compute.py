"""Rule buildspec-lambda-compute."""

from collections.abc import Iterator, Mapping

from validator.buildspec import Buildspec
from validator.buildspec.calls import Call
from validator.buildspec.runtimes import is_lambda_compute
from validator.project import BuildLink, BuildProject
from validator.rule import Finding, Severity, rule

# What cannot be done there, by the programs that do it.
_PROGRAMS: Mapping[str, str] = {
    "docker": "there is no Docker",
    "dockerd": "there is no Docker",
    "yum": "nothing can be installed as root",
    "dnf": "nothing can be installed as root",
    "rpm": "nothing can be installed as root",
    "apt": "nothing can be installed as root",
    "apt-get": "nothing can be installed as root",
    "sudo": "nobody can be root",
}


@rule("buildspec-lambda-compute", Severity.ERROR)
def check(link: BuildLink) -> Iterator[Finding]:
    """A build does what cannot be done on Lambda compute, or takes its size of machine without it.

    There is no Docker, nobody is root, so that yum and the like fail, and nothing is cached; the project can have no
    privileged mode and no timeout of its own. It is a warning for a command that may be left out, and for what
    CodeBuild does not heed.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - yum install -y jq
          - make
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
            Type: LINUX_LAMBDA_CONTAINER
            ComputeType: BUILD_LAMBDA_2GB
            Image: aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs22
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - yum install -y jq
          - make
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
            Image: aws/codebuild/amazonlinux-x86_64-standard:6.0
    ```
    """
    project = link.project
    if project.environment is None:
        return
    if project.environment.machine != "lambda":
        yield from _size(project)
        return
    yield from _settings(project)
    if link.buildspec is None or link.buildspec.node.get("batch") is not None:
        return
    kind = project.setting("Environment", "Type")
    related = ((kind.at, "the kind of machine"),)
    for name, call in _first(link.buildspec).items():
        sure = link.settled and kind.certain and not call.perhaps
        yield Finding(
            call.node,
            f"{name!r} fails on Lambda compute: {_PROGRAMS[name]}",
            "run the build on EC2 compute, or do without",
            severity=None if sure else Severity.WARNING,
            related=related,
        )
    if (cache := link.buildspec.node.get("cache")) is not None:
        yield Finding(
            cache.key, "nothing is cached on Lambda compute", "remove it", severity=Severity.WARNING, related=related
        )


def _size(project: BuildProject) -> Iterator[Finding]:
    """Yield the size of machine that is there on Lambda compute only."""
    size, kind = project.setting("Environment", "ComputeType"), project.setting("Environment", "Type")
    if size.text is not None and is_lambda_compute(size.text):
        yield Finding(
            size.at,
            f"{size.text} is a size of Lambda compute, and the project's type is {kind.text}",
            "take a size that it has, or the type LINUX_LAMBDA_CONTAINER or ARM_LAMBDA_CONTAINER",
            severity=None if size.certain and kind.certain else Severity.WARNING,
            related=((kind.at, "the kind of machine"),),
        )


def _first(buildspec: Buildspec) -> Mapping[str, Call]:
    """Give the first call of each program that cannot work; one that surely happens before one that may not."""
    found: dict[str, Call] = {}
    for call in sorted(buildspec.flow.calls, key=lambda call: call.perhaps):
        name = "sudo" if call.part.text.startswith("sudo ") else call.program
        if name in _PROGRAMS and call.command is not None:
            found.setdefault(name, call)
    return found


def _settings(project: BuildProject) -> Iterator[Finding]:
    """Yield what the project is set to in vain."""
    privileged = project.setting("Environment", "PrivilegedMode")
    if privileged.text == "true":
        message = "there is no privileged mode on Lambda compute"
        yield Finding(privileged.at, message, "remove it", severity=Severity.WARNING)
    for name in ("TimeoutInMinutes", "QueuedTimeoutInMinutes"):
        setting = project.setting(name)
        if setting.text is not None:
            message = f"{name} is not heeded on Lambda compute"
            yield Finding(setting.at.key, message, "remove it", severity=Severity.WARNING)
