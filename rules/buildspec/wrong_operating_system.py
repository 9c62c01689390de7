"""Rule buildspec-wrong-operating-system."""

from collections.abc import Iterator, Mapping

from validator.buildspec import PHASES, Buildspec
from validator.project import BuildLink
from validator.rule import Finding, Severity, rule

_SHELLS: Mapping[str, str] = {"bash": "linux", "/bin/sh": "linux", "powershell.exe": "windows", "cmd.exe": "windows"}
_NAMES: Mapping[str, str] = {"linux": "Linux", "windows": "Windows"}
_LINUX_ONLY = frozenset({"apk", "apt", "apt-get", "dnf", "sudo", "yum"})


@rule("buildspec-wrong-operating-system", Severity.ERROR)
def check(link: BuildLink) -> Iterator[Finding]:
    """A buildspec is made for another operating system than that of its project.

    `bash` and `/bin/sh` are shells of Linux, `powershell.exe` and `cmd.exe` of Windows: the build fails with the other.
    It is a warning for `run-as`, which Windows does not have, and for the package managers of Linux.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      shell: bash
    phases:
      build:
        commands:
          - echo done
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
            Type: WINDOWS_SERVER_2022_CONTAINER
            ComputeType: BUILD_GENERAL1_SMALL
            Image: aws/codebuild/windows-base:2022-1.0
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      shell: powershell.exe
    phases:
      build:
        commands:
          - echo done
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
            Type: WINDOWS_SERVER_2022_CONTAINER
            ComputeType: BUILD_GENERAL1_SMALL
            Image: aws/codebuild/windows-base:2022-1.0
    ```
    """
    buildspec, project = link.buildspec, link.project
    if buildspec is None or buildspec.node.get("batch") is not None or project.environment is None:
        return
    kind, system = project.setting("Environment", "Type"), project.environment.system
    related = ((kind.at, "the kind of machine"),)
    shell = buildspec.node.get("env", "shell")
    needed = _SHELLS.get(shell.value.lower()) if shell is not None and isinstance(shell.value, str) else None
    if shell is not None and needed is not None and system in _NAMES and needed != system:
        others = " or ".join(repr(name) for name, of in _SHELLS.items() if of == system)
        message = f"{shell.value!r} is a shell of {_NAMES[needed]}, and the project runs on {_NAMES[system]}"
        severity = None if link.settled and kind.certain else Severity.WARNING
        yield Finding(shell, message, f"take {others}, or another project", severity=severity, related=related)
    if system == "windows":
        for path in (("run-as",), *(("phases", phase, "run-as") for phase in PHASES)):
            if (node := buildspec.node.get(*path)) is not None:
                message = "there is no run-as on Windows, where the project runs"
                yield Finding(node.key, message, "remove it", severity=Severity.WARNING, related=related)
        yield from _programs(buildspec, link)


def _programs(buildspec: Buildspec, link: BuildLink) -> Iterator[Finding]:
    """Yield the first call of each program that Windows has not."""
    seen: set[str] = set()
    for call in buildspec.flow.calls:
        name = "sudo" if call.part.text.startswith("sudo ") else call.program
        if name in _LINUX_ONLY and name not in seen:
            seen.add(name)
            yield Finding(
                call.node,
                f"{name!r} is a program of Linux, and the project runs on Windows",
                "use what Windows has, or another project",
                severity=Severity.WARNING,
                related=((link.project.setting("Environment", "Type").at, "the kind of machine"),),
            )
