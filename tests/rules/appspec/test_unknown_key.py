"""Rule appspec-unknown-key."""

import pytest

from validator.testing import check_rule, findings

RULE = "appspec-unknown-key"
HEAD = "version: 0.0\nos: linux\n"
SERVICE = (
    "version: 0.0\nResources: [{T: {Type: AWS::ECS::Service, Properties:"
    " {TaskDefinition: a, LoadBalancerInfo: {ContainerName: a, ContainerPort: 80}%s}}}]\n"
)


def test_documentation() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        (HEAD + "hooks: {AfterInstall: [{location: a, runAs: root}]}\n", "runAs", "write 'runas': case matters"),
        (HEAD + "hooks: {AfterInstall: [{location: a, timout: 3}]}\n", "timout", "did you mean 'timeout'?"),
        (HEAD + "hooks: {}\nsource: /\n", "source", "it belongs in files"),
        (HEAD + "files: [{source: /, destination: /a, owner: b}]\n", "owner", "it belongs in permissions"),
        (HEAD + "hooks: {}\nfile: []\n", "file", "did you mean 'files'?"),
        (SERVICE % ", NetworkConfigurations: {}", "NetworkConfigurations", "did you mean 'NetworkConfiguration'?"),
        (SERVICE % ", ContainerPort: 1", "ContainerPort", "it belongs in Resources.Properties.LoadBalancerInfo"),
    ],
)
def test_says_where_the_key_belongs(text: str, key: str, says: str) -> None:
    [finding] = findings(RULE, {"appspec.yml": text})
    assert (finding.at.text, finding.help) == (key, says)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "hooks: {Custom: [{location: a}]}\n",
        SERVICE % "" + "Hooks: [{Custom: f}]\n",
        SERVICE % ", Novelty: 1",
        SERVICE
        % ", NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [a]}}, CapacityProviderStrategy: [{Base: 1}]",
    ],
)
def test_accepts(text: str) -> None:
    assert not findings(RULE, {"appspec.yml": text})
