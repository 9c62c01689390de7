"""Rule appspec-unknown-event."""

import pytest

from validator.rule import Severity
from validator.testing import check_rule, findings

RULE = "appspec-unknown-event"
SERVER = "version: 0.0\nos: linux\nhooks:\n  %s:\n    - location: a.sh\n"
SERVICE = "version: 0.0\nResources: [{T: {Type: AWS::%s, Properties: {}}}]\nHooks:\n  - %s: f\n"


def test_documentation() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("event", "severity", "says"),
    [
        ("AfterInstal", None, "did you mean 'AfterInstall'?"),
        ("afterInstall", None, "did you mean 'AfterInstall'?"),
        ("Application Start", None, "did you mean 'ApplicationStart'?"),
        ("Install", None, "write 'BeforeInstall' or 'AfterInstall'"),
        ("AllowTraffic", None, "write 'BeforeAllowTraffic' or 'AfterAllowTraffic'"),
        ("Smoke", Severity.WARNING, "known are ApplicationStop"),
    ],
)
def test_reports_on_servers(event: str, severity: Severity | None, says: str) -> None:
    [finding] = findings(RULE, {"appspec.yml": SERVER % event})
    assert (finding.at.text, finding.at.span.line) == (event, 4)
    assert finding.help.startswith(says)
    assert finding.severity == severity


@pytest.mark.parametrize(
    "event",
    [
        *("ApplicationStop", "BeforeInstall", "AfterInstall", "ApplicationStart", "ValidateService"),
        *("BeforeBlockTraffic", "AfterBlockTraffic", "BeforeAllowTraffic", "AfterAllowTraffic"),
    ],
)
def test_knows_the_events_of_servers(event: str) -> None:
    assert not findings(RULE, {"appspec.yml": SERVER % event})


@pytest.mark.parametrize(
    ("kind", "event", "count"),
    [
        ("ECS::Service", "AfterAllowTestTraffic", 0),
        ("ECS::Service", "BeforeInstall", 0),
        ("ECS::Service", "ApplicationStart", 1),
        ("Lambda::Function", "BeforeAllowTraffic", 0),
        ("Lambda::Function", "BeforeInstall", 1),
    ],
)
def test_knows_the_events_of_services(kind: str, event: str, count: int) -> None:
    found = findings(RULE, {"appspec.yaml": SERVICE % (kind, event)})
    assert [(finding.at.text, finding.severity) for finding in found] == [(event, Severity.WARNING)] * count
