"""Rule buildspec-cache-mismatch."""

from collections.abc import Iterator

from validator.project import BuildLink, Project
from validator.rule import Finding, Severity, rule

_CUSTOM = "LOCAL_CUSTOM_CACHE"


@rule("buildspec-cache-mismatch", Severity.WARNING)
def check(project: Project) -> Iterator[Finding]:
    """A buildspec says what to cache, and its project caches nothing; or the reverse, which is a note.

    Nothing is kept from one build to the next unless the project has a cache in S3, or one on the machine with the mode
    LOCAL_CUSTOM_CACHE, and the buildspec lists paths.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    cache:
      paths:
        - node_modules/**/*
    ```

    ```yaml title="project.yml"
    Resources:
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Cache: {Type: NO_CACHE}
          Source: {Type: CODEPIPELINE, BuildSpec: buildspec.yml}
          Artifacts: {Type: CODEPIPELINE}
          ServiceRole: build
          Environment:
            Type: LINUX_CONTAINER
            ComputeType: BUILD_GENERAL1_SMALL
            Image: aws/codebuild/standard:8.0
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    cache:
      paths:
        - node_modules/**/*
    ```

    ```yaml title="project.yml"
    Resources:
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Cache: {Type: LOCAL, Modes: [LOCAL_CUSTOM_CACHE]}
          Source: {Type: CODEPIPELINE, BuildSpec: buildspec.yml}
          Artifacts: {Type: CODEPIPELINE}
          ServiceRole: build
          Environment:
            Type: LINUX_CONTAINER
            ComputeType: BUILD_GENERAL1_SMALL
            Image: aws/codebuild/standard:8.0
    ```
    """
    for buildspec, links in project.builds_of.items():
        if buildspec.node.get("batch") is not None or any(_on_lambda(link) for link in links):
            continue
        cache = buildspec.node.get("cache")
        wanted = [_caches(link) for link in links]
        if cache is not None and not any(caches is not False for caches in wanted):
            setting = links[0].project.setting("Cache", "Type")
            yield Finding(
                cache.key,
                "the project caches none of this",
                f"give it a Cache of type S3, or of type LOCAL with the mode {_CUSTOM}",
                related=((setting.at, "the project's cache" if not setting.absent else "the project has no Cache"),),
            )
        paths = buildspec.node.get("cache", "paths")
        for link, caches in zip(links, wanted, strict=True):
            if caches and link.settled and (paths is None or not paths.value):
                at = link.project.setting("Cache", "Type").at
                message = "the project has a cache, and the buildspec lists no paths to keep in it"
                related = ((buildspec.node.get("cache") or buildspec.node, "the buildspec"),)
                yield Finding(at, message, "list them in cache.paths", severity=Severity.NOTE, related=related)


def _caches(link: BuildLink) -> bool | None:
    """Whether the project keeps the paths that a buildspec lists; None if that is not known."""
    kind = link.project.setting("Cache", "Type")
    if kind.absent or kind.text == "NO_CACHE":
        return False if kind.certain else None
    if kind.text != "LOCAL":
        return True if kind.text == "S3" and kind.certain else None
    modes = link.project.resource.property("Cache", "Modes")
    names = modes.value if modes is not None else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    return _CUSTOM in names


def _on_lambda(link: BuildLink) -> bool:
    environment = link.project.environment
    return environment is not None and environment.machine == "lambda"
