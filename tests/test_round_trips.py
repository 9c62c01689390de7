"""One defect at a time in a delivery that is right: exactly that is found, where it is, and its fix heals it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from validator import config, discover, fix
from validator.engine.report import Reported
from validator.engine.run import run
from validator.project import load
from validator.testing import registry

DELIVERY = Path(__file__).parents[1] / "fixtures/delivery"

Edit = tuple[str, str, str]

# The four slips that the delivery is shown with, mended.
MENDED: tuple[Edit, ...] = (
    ("templates/root.yml", "Outputs.WebInstanceProfile]", "Outputs.WebInstanceProfileName]"),
    ("config/uat.json", '"DBBackupRetentionDay"', '"DBBackupRetentionDays"'),
    ("policies/operators.json", '"ec2:DescribeInstance"', '"ec2:DescribeInstances"'),
    ("buildspec-verify.yml", "runtime-version:", "runtime-versions:"),
)


@dataclass(frozen=True)
class Defect:
    """A defect that is planted by replacing texts, and what must be found: the rule, how bad it is, path and line.

    Attributes:
        healed: Whether there must be a fix.
    """

    name: str
    edits: tuple[Edit, ...]
    rule: str
    severity: str
    path: str
    line: int
    healed: bool = False

    @property
    def expected(self) -> tuple[str, str, str, int]:
        return self.rule, self.severity, self.path, self.line


ROOT, SECURITY, DATABASE, WEB = (f"templates/{name}.yml" for name in ("root", "security", "database", "web"))
TEST, UAT, PROD = (f"config/{name}.json" for name in ("test", "uat", "prod"))
PREPARE_PROD = "StackName: webtier-prod\n                ChangeSetName: pipeline\n                Capabilities:"
EXECUTE_UAT = "ActionMode: CHANGE_SET_EXECUTE\n                StackName: webtier-uat\n                ChangeSetName: "

AGAIN = """\
  Again:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./security.yml
      Parameters:
        Environment: !Ref Environment
        VpcId: !Ref VpcId
        HttpsEnabled: !Ref HttpsEnabled

Outputs:
"""
OVERRIDES = """\
TemplateConfiguration: Delivery::config/prod.json
                ParameterOverrides: '{"DBUsername": webtier}'
"""
MAP = """[[template-map]]
url = "https://*/templates/"
path = "templates/"

[[stacks]]
"""

DEFECTS = (
    Defect(
        "an output is renamed",
        ((SECURITY, "  DBSecurityGroupId:\n", "  DatabaseSecurityGroupId:\n"),),
        *("cloudformation-undeclared-output", "error", ROOT, 102),
    ),
    Defect(
        "an output of a nested stack is misspelt",
        ((ROOT, "[WebStack, Outputs.URL]", "[WebStack, Outputs.Url]"),),
        *("cloudformation-undeclared-output", "error", ROOT, 146),
        healed=True,
    ),
    Defect(
        "a parameter is no longer passed",
        ((ROOT, "        Username:\n          Ref: DBUsername\n", ""),),
        *("cloudformation-missing-nested-parameter", "error", ROOT, 96),
    ),
    Defect(
        "a parameter is passed that does not exist",
        ((ROOT, "        ImageId: !Ref WebImageId\n", "        ImageId: !Ref WebImageId\n        Colour: red\n"),),
        *("cloudformation-unknown-nested-parameter", "error", ROOT, 127),
    ),
    Defect(
        "a parameter that is passed is misspelt",
        ((ROOT, "        ImageId: !Ref WebImageId\n", "        ImagId: !Ref WebImageId\n"),),
        *("cloudformation-unknown-nested-parameter", "error", ROOT, 126),
        healed=True,
    ),
    Defect(
        "a child allows less than a configuration gives",
        ((DATABASE, "AllowedValues: [test, uat, prod]", "AllowedValues: [test, uat]"),),
        *("parameters-value", "error", PROD, 3),
    ),
    Defect(
        "a child allows less than a mapping gives",
        ((WEB, "AllowedValues: [t3.small, t3.medium, m5.large]", "AllowedValues: [t3.small, t3.medium]"),),
        *("cloudformation-nested-parameter-value", "error", ROOT, 127),
    ),
    Defect(
        "a number is too large two levels down",
        ((DATABASE, "MaxValue: 500", "MaxValue: 100"),),
        *("parameters-value", "error", PROD, 12),
    ),
    Defect(
        "a pattern is broken",
        ((UAT, '"DBUsername": "webtier"', '"DBUsername": "web-tier"'),),
        *("parameters-value", "error", UAT, 14),
    ),
    Defect(
        "a length is broken two levels down",
        (
            (ROOT, "    MinLength: 1\n    MaxLength: 16\n", "    MinLength: 1\n"),
            (TEST, '"DBUsername": "webtier"', '"DBUsername": "webtieradministrator"'),
        ),
        *("parameters-value", "error", TEST, 13),
    ),
    Defect(
        "a child echoes a secret",
        ((DATABASE, "    NoEcho: true\n", ""),),
        *("cloudformation-noecho-lost", "error", ROOT, 112),
        healed=True,
    ),
    Defect(
        "nested stacks need each other",
        ((ROOT, "  DatabaseStack:\n", "  DatabaseStack:\n    DependsOn: WebStack\n"),),
        *("cloudformation-sibling-cycle", "error", ROOT, 90),
    ),
    Defect(
        "a template nests itself",
        ((SECURITY, "Outputs:\n", AGAIN),),
        *("cloudformation-stack-recursion", "error", SECURITY, 117),
    ),
    Defect(
        "a TemplateURL names no template",
        (
            ("stackproof.toml", "[[stacks]]\n", MAP),
            (ROOT, "${TemplatePrefix}/templates/security.yml", "${TemplatePrefix}/templates/securty.yml"),
        ),
        *("cloudformation-template-not-found", "warning", ROOT, 83),
    ),
    Defect(
        "a list is handed to a nested stack",
        ((ROOT, 'PublicSubnetIds: !Join [",", !Ref PublicSubnetIds]', "PublicSubnetIds: !Ref PublicSubnetIds"),),
        *("cloudformation-list-to-nested", "error", ROOT, 121),
        healed=True,
    ),
    Defect(
        "a configuration misspells a parameter",
        ((TEST, '"WebImageId"', '"WebImagId"'),),
        *("parameters-unknown", "error", TEST, 9),
        healed=True,
    ),
    Defect(
        "a configuration lacks a parameter",
        ((PROD, '    "VpcId": "vpc-0c3e507192b4d6f8a",\n', ""),),
        *("parameters-missing", "error", PROD, 2),
    ),
    Defect(
        "a configuration gives a parameter that does not exist",
        ((PROD, '    "Environment": "prod",\n', '    "Environment": "prod",\n    "Colour": "red",\n'),),
        *("parameters-unknown", "error", PROD, 4),
    ),
    Defect(
        "a configuration gives a list",
        ((UAT, '"ami-0f3a5b7c9d1e2f468"', '["ami-0f3a5b7c9d1e2f468"]'),),
        *("parameters-shape", "error", UAT, 9),
    ),
    Defect(
        "a configuration gives a number",
        ((PROD, '"DBAllocatedStorage": "200"', '"DBAllocatedStorage": 200'),),
        *("parameters-shape", "warning", PROD, 12),
        healed=True,
    ),
    Defect(
        "a configuration has a section that nobody reads",
        ((PROD, '"Tags"', '"Tag"'),),
        *("parameters-shape", "warning", PROD, 16),
    ),
    Defect(
        "a placeholder is replaced under another name",
        ((PROD, "TEMPLATE_PREFIX_PLACEHOLDER", "PREFIX_PLACEHOLDER_OF_PROD"),),
        *("parameters-placeholder", "warning", PROD, 5),
    ),
    Defect(
        "a configuration is not JSON",
        ((UAT, '"uat",\n    "TemplateBucket"', '"uat"\n    "TemplateBucket"'),),
        *("document-syntax", "error", UAT, 4),
    ),
    Defect(
        "a configuration gives a parameter twice",
        ((UAT, '    "Environment": "uat",\n', '    "Environment": "uat",\n    "Environment": "uat",\n'),),
        *("document-duplicate-key", "error", UAT, 4),
    ),
    Defect(
        "one of two configurations of a pipeline's stack is not in the artifact",
        (("buildspec.yml", "    - config/*.json\n", "    - config/test.json\n    - config/uat.json\n"),),
        *("pipeline-file-missing", "error", "pipeline.yml", 622),
    ),
    Defect(
        "a child is not uploaded",
        (
            (
                "buildspec.yml",
                "templates/security.yml templates/database.yml templates/web.yml",
                "templates/security.yml templates/database.yml",
            ),
        ),
        *("pipeline-template-not-uploaded", "warning", ROOT, 117),
    ),
    Defect(
        "an action does not acknowledge a named role",
        (("pipeline.yml", f"{PREPARE_PROD} CAPABILITY_NAMED_IAM", f"{PREPARE_PROD} CAPABILITY_IAM"),),
        *("pipeline-capability-missing", "warning", "pipeline.yml", 619),
    ),
    Defect(
        "an action names another artifact",
        (("pipeline.yml", "Delivery::config/prod.json", "Deliveries::config/prod.json"),),
        *("pipeline-unknown-artifact", "error", "pipeline.yml", 622),
    ),
    Defect(
        "another change set is executed",
        (("pipeline.yml", f"{EXECUTE_UAT}pipeline", f"{EXECUTE_UAT}pipelines"),),
        *("pipeline-change-set-pair", "warning", "pipeline.yml", 594),
    ),
    Defect(
        "an action takes a configuration that does not exist",
        (("pipeline.yml", "Delivery::config/prod.json", "Delivery::configuration/prod.json"),),
        *("pipeline-file-missing", "error", "pipeline.yml", 622),
    ),
    Defect(
        "overrides are not JSON",
        (
            (
                "pipeline.yml",
                "TemplateConfiguration: Delivery::config/prod.json\n",
                OVERRIDES,
            ),
        ),
        *("pipeline-overrides", "error", "pipeline.yml", 623),
    ),
)


def planted(folder: Path, edits: tuple[Edit, ...]) -> None:
    for path, old, new in edits:
        text = (folder / path).read_text()
        assert old in text, (path, old)
        (folder / path).write_text(text.replace(old, new, 1))


def found(folder: Path) -> list[Reported]:
    """Proofread a folder, without what cfn-lint says."""
    with chdir(folder):
        settled = replace(config.read(folder / config.NAME, config.NAME, registry()), ignore=("cfn-lint",))
        project = load(discover.files(["."], root=folder), layout=settled.layout, base=folder)
        report = run(project, settled, registry())
    assert not report.faults
    return list(report.findings)


def told(findings: list[Reported]) -> Iterator[tuple[str, str, str, int]]:
    return ((one.rule, str(one.severity), one.span.path, one.span.line) for one in findings)


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(DELIVERY, tmp_path / "delivery"))
    planted(folder, MENDED)
    return folder.resolve()


@cache
def before() -> frozenset[tuple[str, str, str, int]]:
    """What is found without a defect: nothing that fails a build."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(DELIVERY, Path(place).resolve() / "delivery"))
        planted(folder, MENDED)
        return frozenset(told(found(folder)))


def test_nothing_is_wrong_before() -> None:
    assert {severity for _, severity, _, _ in before()} <= {"note"}


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_exactly_the_defect_is_found(defect: Defect, delivery: Path) -> None:
    planted(delivery, defect.edits)
    assert [one for one in told(found(delivery)) if one not in before()] == [defect.expected]


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_its_fix_heals_it(defect: Defect, delivery: Path) -> None:
    planted(delivery, defect.edits)
    fixes = [one.fix for one in found(delivery) if one.rule == defect.rule and one.fix]
    assert fixes or not defect.healed
    texts = {edit.span.path: (delivery / edit.span.path).read_text() for one in fixes for edit in one}
    for path, edits in fix.plan(fixes, texts).edits.items():
        (delivery / path).write_text(fix.edited(texts[path], edits))
    assert not fixes or set(told(found(delivery))) <= before()


def test_there_are_enough_of_them() -> None:
    assert len(DEFECTS) >= 25
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS)
