"""Rule environment-service-not-in-region."""

import pytest

from validator.rule import Severity
from validator.testing import findings

RULE = "environment-service-not-in-region"


def spec(targets: str, check: str) -> dict[str, str]:
    return {"spec.yml": f"envspec: 1\ntargets: {targets}\nchecks:\n- {{id: a, {check}, count: 0}}\n"}


def test_points_at_the_operation_and_names_the_region() -> None:
    [finding] = findings(RULE, spec("{t: {regions: [eu-west-1, eu-south-2]}}", "call: amplify.list_apps"))
    assert (finding.at.text, finding.message) == ("amplify.list_apps", "amplify is not offered in eu-south-2")
    assert [at.text for at, _ in finding.related] == ["[eu-west-1, eu-south-2]"]


@pytest.mark.parametrize(
    ("targets", "check"),
    [
        ("{t: {region: eu-west-1}}", "call: amplify.list_apps"),
        ("{t: {region: eu-south-2}}", "call: ec2.describe_vpcs"),
        ("{t: {region: eu-south-2}}", "call: amplify.list_apps, regions: [eu-west-1]"),
        ("{t: {region: eu-south-2}, u: {region: eu-west-1}}", "call: amplify.list_apps, targets: [u]"),
        ("{t: {region: '${var.region}'}}", "call: amplify.list_apps"),
        ("{t: {region: eu-moon-1}}", "call: amplify.list_apps"),
        ("{t: {region: eu-south-2}}", "call: amplifi.list_apps"),
        ("{t: {region: eu-south-2}}", "call: iam.list_roles"),
    ],
)
def test_accepts(targets: str, check: str) -> None:
    assert not findings(RULE, spec(targets, check))


def test_the_data_grows_old_so_that_it_is_a_warning() -> None:
    [finding] = findings(RULE, spec("{t: {region: eu-west-1}}", "call: amplify.list_apps, regions: [eu-south-2]"))
    assert finding.severity in {None, Severity.WARNING}
