"""Rule buildspec-unpinned-package."""

from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.buildspec.downloads import downloads, publishes, unpinned
from validator.rule import Finding, Severity, rule
from validator.suggest import listed


@rule("buildspec-unpinned-package", Severity.WARNING, default=False)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A build installs a package, or downloads a release, without saying which version.

    The same source builds otherwise tomorrow. What `buildspec-unpinned-install` reports is not reported twice.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        commands:
          - npm install -g aws-cdk
          - curl -fLO https://github.com/aws/aws-sam-cli/releases/latest/download/aws-sam-cli-linux-x86_64.zip
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        commands:
          - npm install -g aws-cdk@2.1031.0
          - npm install
          - pip install -r requirements.txt .
          - curl -fLO https://github.com/aws/aws-sam-cli/releases/download/v1.146.0/aws-sam-cli-linux-x86_64.zip
    ```
    """
    publishing = any(publishes(call) for call in buildspec.calls)
    for call in buildspec.calls:
        _, loose = unpinned(call, publishing=publishing)
        if loose:
            message = f"{call.program!r} installs any version of {listed(one.name for one in loose)}"
            yield Finding(loose[0].part.node, message, "say which version, or take them from a lock file")
        for one in downloads(call):
            if "/releases/latest/" in one.address and one.kept:
                message = f"{one.address!r} is another file with each release"
                yield Finding(one.part.node, message, "name a release, and compare its checksum")
