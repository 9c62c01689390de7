"""What the rules of this family say of themselves."""

import pytest

from validator.testing import check_rule, rule_ids


@pytest.mark.parametrize("rule_id", [name for name in rule_ids("stackproof") if name.startswith("environment-")])
def test_does_what_its_documentation_says(rule_id: str) -> None:
    check_rule(rule_id)
