"""Rule buildspec-secondary-artifact-mismatch."""

from collections.abc import Iterator, Mapping

from validator.buildspec import Artifact, Buildspec
from validator.document import Node
from validator.project import BuildLink, Project
from validator.rule import Finding, Severity, rule
from validator.suggest import did_you_mean, listed


@rule("buildspec-secondary-artifact-mismatch", Severity.ERROR)
def check(project: Project) -> Iterator[Finding]:
    """A buildspec names a secondary artifact that its project does not know.

    Each name in `secondary-artifacts` must be an ArtifactIdentifier in the project's SecondaryArtifacts. The reverse is
    a warning: nothing is put into an artifact of the project. In a pipeline the names are those of the action's output
    artifacts, which is the business of pipeline-output-empty.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    artifacts:
      files:
        - dist/**/*
      secondary-artifacts:
        report:
          files:
            - report.html
    ```

    ```yaml title="project.yml"
    Resources:
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: GITHUB_ENTERPRISE, Location: https://git.example.com/web, BuildSpec: buildspec.yml}
          Artifacts: {Type: S3, Location: web-artifacts}
          ServiceRole: build
          Environment: {Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: 'aws/codebuild/standard:8.0'}
          SecondaryArtifacts:
            - {Type: S3, Location: web-reports, ArtifactIdentifier: reports}
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - make
    artifacts:
      files:
        - dist/**/*
      secondary-artifacts:
        reports:
          files:
            - report.html
    ```

    ```yaml title="project.yml"
    Resources:
      Project:
        Type: AWS::CodeBuild::Project
        Properties:
          Source: {Type: GITHUB_ENTERPRISE, Location: https://git.example.com/web, BuildSpec: buildspec.yml}
          Artifacts: {Type: S3, Location: web-artifacts}
          ServiceRole: build
          Environment: {Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: 'aws/codebuild/standard:8.0'}
          SecondaryArtifacts:
            - {Type: S3, Location: web-reports, ArtifactIdentifier: reports}
    ```
    """
    for buildspec, links in project.builds_of.items():
        if buildspec.node.get("batch") is not None or any(link.action is not None for link in links):
            continue
        given = _given(buildspec)
        known = [(link, names) for link in links if (names := _known(link)) is not None]
        if given is not None and len(known) == len(links):
            yield from _judged(buildspec, given, known)


def _given(buildspec: Buildspec) -> Mapping[str, Artifact] | None:
    section = buildspec.node.get("artifacts")
    if section is not None and any(buildspec.is_open(node) for node in (section, *section.walk())):
        return None
    return {one.identifier: one for one in buildspec.artifacts() if one.identifier}


def _known(link: BuildLink) -> Mapping[str, Node] | None:
    """Give the identifiers that the project knows; None if not all can be read, or a pipeline names them."""
    setting = link.project.setting("Artifacts", "Type")
    if setting.text in {None, "CODEPIPELINE"}:
        return None
    return link.project.identifiers("SecondaryArtifacts", "ArtifactIdentifier")


def _judged(
    buildspec: Buildspec, given: Mapping[str, Artifact], known: list[tuple[BuildLink, Mapping[str, Node]]]
) -> Iterator[Finding]:
    every = {name for _, names in known for name in names}
    for name, artifact in given.items():
        if name not in every:
            link = known[0][0]
            section = link.project.resource.property("SecondaryArtifacts")
            yield Finding(
                artifact.node.key,
                f"the project has no secondary artifact {name!r}",
                did_you_mean(name, every) or f"name one that it has ({listed(sorted(every))}), or add it there",
                severity=None if all(link.settled for link, _ in known) else Severity.WARNING,
                related=((section.key, "the project's"),) if section is not None else (),
            )
    for link, names in known:
        for name, at in names.items():
            # A misspelled one is told of in the buildspec.
            if name not in given and link.settled and not did_you_mean(name, set(given) - every):
                message = f"the buildspec puts nothing into the secondary artifact {name!r}"
                where = buildspec.node.get("artifacts")
                related = ((where.key if where is not None else buildspec.node, "what it hands on"),)
                advice = "add it to secondary-artifacts there"
                yield Finding(at, message, advice, severity=Severity.WARNING, related=related)
