"""Rule buildspec-runtime-end-of-life."""

from collections.abc import Iterator

from validator.buildspec.runtimes import asked, end_of_support, supported, withdrawn
from validator.project import Project, runs
from validator.rule import Finding, Severity, rule
from validator.settings import Settings
from validator.suggest import listed


@rule("buildspec-runtime-end-of-life", Severity.NOTE)
def check(project: Project, *, settings: Settings) -> Iterator[Finding]:
    """A runtime is asked for that its makers no longer mend.

    What is found in it stays there, also what an attacker can use. The day that counts is
    today, or what `--today` says.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        runtime-versions:
          nodejs: 18
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
        if where and all(run.image.kind == "custom" for run in where):
            continue
        for one in asked(buildspec):
            end = end_of_support(one.language, one.version)
            if end is None or settings.today <= end.day:
                continue
            # That AWS has taken it away says more.
            had = where and all(run.image.answer(one.language, one.version) == "has" for run in where)
            if withdrawn(one.language, one.version) and not had:
                continue
            unsure = "" if end.source else ", as far as is known"
            message = f"the support of {one.language} {one.version} ended on {end.day}{unsure}"
            fresh = supported(one.language, settings.today)
            yield Finding(one.node, message, f"take one that is supported: {listed(fresh)}")
