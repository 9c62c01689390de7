"""Rule buildspec-runtime-removed."""

from collections.abc import Iterator

from validator.buildspec.runtimes import Asked, asked, supported, withdrawn
from validator.document import Node
from validator.project import Project, Run, runs
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("buildspec-runtime-removed", Severity.ERROR)
def check(project: Project, *, settings: Settings) -> Iterator[Finding]:
    """A runtime is asked for that AWS has taken out of its build images.

    Of the images that AWS maintains none has it. Most fetch and build such a version while the build waits, if its
    installer still finds it: a warning, as it is where no project of the templates says in which image the buildspec
    runs. Of others the build fails: those of OpenJDK, Android and Docker.

    Nothing is said where the image is an old one that has the version, or one of your own, which ignores it.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        runtime-versions:
          nodejs: 12
      build:
        commands:
          - make
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
    """
    for buildspec in project.buildspecs:
        where = runs(project.builds_of.get(buildspec, ()))
        for one in asked(buildspec):
            if one.version and withdrawn(one.language, one.version):
                yield from _judged(one, where, supported(one.language, settings.today))


def _judged(one: Asked, where: tuple[Run, ...], versions: tuple[str, ...]) -> Iterator[Finding]:
    answers = [(run, run.image.answer(one.language, one.version)) for run in where if run.image.kind != "custom"]
    if where and all(answer == "has" for _, answer in answers):
        return
    advice = f"take one that they have: {listed(versions)}" if versions else "install it by a command"
    failing = [run for run, answer in answers if answer == "lacks"]
    if not failing:
        message = f"no image that AWS maintains has {one.language} {one.version} any more"
        related = tuple((_image(run), "the image") for run, answer in answers[:1] if answer == "installs")
        yield Finding(one.node, message, advice, severity=Severity.WARNING, related=related)
        return
    sure = len(failing) == len(where) and all(run.certain for run in failing)
    yield Finding(
        one.node,
        f"{failing[0].image.name} has no {one.language} {one.version}, and cannot install it",
        advice,
        severity=None if sure else Severity.WARNING,
        related=((_image(failing[0]), "the image"),),
    )


def _image(run: Run) -> Node:
    return run.link.project.setting("Environment", "Image").at
