"""What moto lacks, still."""

import json
import os
import subprocess
import sys
from pathlib import Path

from .account import ENVIRONMENT, UNSET


def test_every_correction_is_needed() -> None:
    shim = Path(__file__).with_name("moto_shim.py")
    environment = {name: value for name, value in os.environ.items() if name not in UNSET} | ENVIRONMENT
    ran = subprocess.run(
        [sys.executable, shim, "--faults"], env=environment, check=True, capture_output=True, text=True
    )
    assert json.loads(ran.stdout) == [
        "attributes_as_text",
        "outputs_as_attributes",
        "nested_stacks_by_arn",
        "subnet_groups_by_name",
        "databases_take_names",
        "balancers_keep_what_they_are_given",
        "rules_keep_descriptions",
        "launches_keep_metadata_options",
        "warehouses_have_names",
        "warehouses_have_addresses",
        "warehouses_keep_their_roles",
        "policies_within_roles_are_json",
        "denials_in_json",
    ]
