"""What a pull request can reach: caches, artifacts, hosts that nobody asks for their keys."""

import pytest

from validator.testing import check_rule, findings

SPEC = "version: 0.2\nphases:\n  build:\n    commands:\n      - |\n        {}\n"
RULES = ("buildspec-cache-key-from-ref", "buildspec-artifact-everything", "buildspec-strict-host-checking-off")


@pytest.mark.parametrize("rule", RULES)
def test_does_what_its_documentation_says(rule: str) -> None:
    check_rule(rule)


@pytest.mark.parametrize(
    ("cache", "count"),
    [
        ("{key: 'a-$CODEBUILD_WEBHOOK_HEAD_REF', paths: [x]}", 1),
        ("{key: 'a-${CODEBUILD_WEBHOOK_BASE_REF}', paths: [x], action: save}", 1),
        ("{key: 'a-$CODEBUILD_WEBHOOK_HEAD_REF', paths: [x], action: restore}", 0),
        ("{key: 'a-$CODEBUILD_WEBHOOK_TRIGGER', paths: [x]}", 0),
        ("{key: 'a-$(codebuild-hash-files package-lock.json)', paths: [x]}", 0),
        ("{paths: [x]}", 0),
    ],
)
def test_keys_of_caches(cache: str, count: int) -> None:
    text = f"version: 0.2\nphases: {{build: {{commands: [make]}}}}\ncache: {cache}\n"
    assert len(findings("buildspec-cache-key-from-ref", {"buildspec.yml": text})) == count


@pytest.mark.parametrize(
    ("artifacts", "count"),
    [
        ("{files: '**/*'}", 1),
        ("{files: [a, '**/*'], base-directory: .}", 1),
        ("{files: a, secondary-artifacts: {x: {files: ['**/*']}}}", 1),
        ("{files: '**/*', base-directory: dist}", 0),
        ("{files: '**/*', exclude-paths: .git/**/*}", 0),
        ("{files: 'dist/**/*'}", 0),
        ("{files: '**/*', base-directory: $DIST}", 0),
    ],
)
def test_artifacts(artifacts: str, count: int) -> None:
    text = f"version: 0.2\nphases: {{build: {{commands: [make]}}}}\nartifacts: {artifacts}\n"
    assert len(findings("buildspec-artifact-everything", {"buildspec.yml": text})) == count


@pytest.mark.parametrize(
    ("command", "at"),
    [
        ("ssh -o StrictHostKeyChecking=no host", "StrictHostKeyChecking=no"),
        ("rsync -e 'ssh -oStrictHostKeyChecking=off' a b:", "StrictHostKeyChecking=off"),
        ('GIT_SSH_COMMAND="ssh -o StrictHostKeyChecking=no" git fetch', "StrictHostKeyChecking=no"),
        ("echo 'StrictHostKeyChecking no' >> ~/.ssh/config", "StrictHostKeyChecking no"),
    ],
)
def test_hosts(command: str, at: str) -> None:
    found = findings("buildspec-strict-host-checking-off", {"buildspec.yml": SPEC.format(command)})
    assert [one.at.text for one in found] == [at]


@pytest.mark.parametrize(
    "command",
    [
        *("ssh -o StrictHostKeyChecking=accept-new host", "ssh -o StrictHostKeyChecking=yes host"),
        *("echo StrictHostKeyChecking=no", "# ssh -o StrictHostKeyChecking=no host", "grep StrictHostKeyChecking=no x"),
    ],
)
def test_accepts_hosts(command: str) -> None:
    assert not findings("buildspec-strict-host-checking-off", {"buildspec.yml": SPEC.format(command)})
