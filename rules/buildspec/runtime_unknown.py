"""Rule buildspec-runtime-unknown."""

from collections.abc import Iterator

from validator.buildspec.runtimes import Asked, asked, languages, meant, withdrawn
from validator.project import Project, Run, runs
from validator.rule import Finding, Severity, rule
from validator.suggest import listed


@rule("buildspec-runtime-unknown", Severity.ERROR)
def check(project: Project) -> Iterator[Finding]:
    """A runtime is asked for that the build image does not have.

    The build fails before the first command: "Unknown runtime version named '22' of nodejs. This build image has the
    following versions: 12, 14". It is a warning where no project of the templates says in which image the buildspec
    runs, and of images that AWS still adds runtimes to; a note where the image installs the version at every build.
    Versions that AWS has taken out of its images are the business of buildspec-runtime-removed.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        runtime-versions:
          nodejs: 22
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
          ServiceRole: build
          Environment:
            Type: LINUX_CONTAINER
            ComputeType: BUILD_GENERAL1_SMALL
            Image: aws/codebuild/standard:5.0
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        runtime-versions:
          nodejs: 24
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
          ServiceRole: build
          Environment:
            Type: LINUX_CONTAINER
            ComputeType: BUILD_GENERAL1_SMALL
            Image: aws/codebuild/standard:8.0
    ```
    """
    for buildspec in project.buildspecs:
        where = runs(project.builds_of.get(buildspec, ()))
        for one in asked(buildspec):
            if one.language not in languages():
                yield from _language(one, where)
            elif one.version and not withdrawn(one.language, one.version):
                yield from _version(one, where)


def _language(one: Asked, where: tuple[Run, ...]) -> Iterator[Finding]:
    name = meant(one.language)
    # A slip of the pen is one of the keys that CodeBuild does not know.
    if any(run.image.kind == "custom" for run in where) or not name:
        return
    known = bool(where) and all(run.certain and run.image.kind == "standard" for run in where)
    yield Finding(
        one.node.key,
        f"no image has a runtime {one.language!r}",
        f"did you mean {name!r}?",
        severity=None if known else Severity.WARNING,
    )


def _version(one: Asked, where: tuple[Run, ...]) -> Iterator[Finding]:
    lacking = [run for run in where if run.image.answer(one.language, one.version) == "lacks"]
    installing = [run for run in where if run.image.answer(one.language, one.version) == "installs"]
    if not lacking and not installing:
        return
    run = (lacking or installing)[0]
    runtime = (run.image.runtimes or {}).get(one.language)
    related = ((run.link.project.setting("Environment", "Image").at, "the image"),)
    if not lacking:
        # `1.2.3` asks for it: that is what the documentation has custom versions for.
        if one.version.count(".") < 2:
            message = f"{run.image.name} has no {one.language} {one.version}, and installs it at every build"
            advice = f"take one that it has: {listed(runtime.versions)}" if runtime else ""
            yield Finding(one.node, message, advice, severity=Severity.NOTE, related=related)
        return
    sure = len(lacking) == len(where) and all(run.certain and not run.image.maintained for run in lacking)
    severity = None if sure else Severity.WARNING
    if runtime is None:
        advice = f"take an image that has it, or one of its runtimes: {listed(run.image.runtimes or {})}"
        message = f"{run.image.name} has no runtime {one.language!r}"
        yield Finding(one.node.key, message, advice, severity=severity, related=related)
        return
    words = f"Unknown runtime version named '{one.version}' of {one.language}"
    yield Finding(
        one.node,
        f'{run.image.name} has no {one.language} {one.version}, and installs no other: "{words}"',
        f"take one that it has: {listed(runtime.versions)}",
        severity=severity,
        related=related,
    )
