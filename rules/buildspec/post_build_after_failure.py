"""Rule buildspec-post-build-after-failure."""

from collections.abc import Iterator, Sequence

from validator.buildspec import Buildspec
from validator.buildspec.calls import Call
from validator.rule import Finding, Severity, rule

_DELIVERS = (
    ("aws", "cloudformation", "deploy"),
    ("aws", "cloudformation", "create-stack"),
    ("aws", "cloudformation", "update-stack"),
    ("aws", "cloudformation", "execute-change-set"),
    ("aws", "codeartifact", "publish-package-version"),
    ("aws", "deploy", "create-deployment"),
    ("aws", "ecs", "update-service"),
    ("aws", "elasticbeanstalk", "update-environment"),
    ("aws", "lambda", "publish-version"),
    ("aws", "lambda", "update-alias"),
    ("aws", "lambda", "update-function-code"),
    ("cargo", "publish"),
    ("cdk", "deploy"),
    ("eb", "deploy"),
    ("gem", "push"),
    ("helm", "install"),
    ("helm", "upgrade"),
    ("kubectl", "apply"),
    ("kubectl", "rollout"),
    ("kubectl", "set"),
    ("mvn", "deploy"),
    ("npm", "publish"),
    ("npx", "cdk", "deploy"),
    ("sam", "deploy"),
    ("serverless", "deploy"),
    ("sls", "deploy"),
    ("terraform", "apply"),
    ("twine", "upload"),
    ("yarn", "publish"),
)
_SUCCEEDING = "CODEBUILD_BUILD_SUCCEEDING"
# What may stand behind the build of an image, so that there is none to push if the phase fails.
_HARMLESS = frozenset({"echo", "date", "printf", "ls", "pwd", "cd", "export", ":", "true"})


@rule("buildspec-post-build-after-failure", Severity.WARNING)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """The phase post_build delivers, and it runs also when the phase build has failed.

    CodeBuild goes on to post_build whatever became of build. What is deployed or published there may be what the tests
    of the build have just refused.

    For `docker push` it is a note where nothing can fail once the image is built: without an image there is nothing to
    push, but the log ends with an error that is not the cause.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - npm test
      post_build:
        commands:
          - npm publish
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        on-failure: ABORT
        commands:
          - npm test
      post_build:
        commands:
          - npm publish
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - npm test
      post_build:
        commands:
          - if [ "$CODEBUILD_BUILD_SUCCEEDING" = 0 ]; then exit 1; fi
          - npm publish
    ```
    """
    build = [call for call in buildspec.calls if call.command is not None and call.command.phase == "build"]
    failure = buildspec.node.get("phases", "build", "on-failure")
    # ABORT is the only one that surely ends the build there; a retry may.
    if failure is not None and str(failure.value).upper() != "CONTINUE":
        return
    if not build or any(_SUCCEEDING in (command.text or "") for command in buildspec.commands()):
        return
    after = [
        call
        for call in buildspec.calls
        if call.command is not None and call.command.phase == "post_build" and call.command.list == "commands"
    ]
    delivering = [call for call in after if any(call.starts(*words) for words in _DELIVERS)]
    pushing = [call for call in after if call.starts("docker", "push")]
    if not delivering and not pushing:
        return
    first = delivering[0] if delivering else pushing[0]
    severity = None if delivering or _may_fail_with_an_image(build) else Severity.NOTE
    where = buildspec.node.get("phases", "build")
    yield Finding(
        first.node,
        f"{' '.join(_shown(first))!r} runs even if the phase build has failed",
        f"write 'on-failure: ABORT' in build, or test ${_SUCCEEDING} before",
        severity=severity,
        related=((where.key, "what may fail"),) if where is not None else (),
    )


def _may_fail_with_an_image(build: Sequence[Call]) -> bool:
    """Whether something can fail when the image is there: what comes behind the last of its builds."""
    made = [number for number, call in enumerate(build) if _is_about_images(call)]
    if not made:
        return True
    last = max(made)
    return any(call.program not in _HARMLESS for call in build[last + 1 :])


def _is_about_images(call: Call) -> bool:
    return any(call.starts("docker", *words) for words in (("build",), ("buildx", "build"), ("tag",)))


def _shown(call: Call) -> Iterator[str]:
    """Yield the words that say what a call does."""
    words = next((words for words in (*_DELIVERS, ("docker", "push")) if call.starts(*words)), ())
    yield from words
