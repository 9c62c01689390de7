"""No AppSpec file, however odd, makes a rule crash."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from validator.testing import findings, registry

WORDS = (
    *("version", "os", "files", "hooks", "Hooks", "Resources", "resources", "permissions", "source", "destination"),
    *("location", "timeout", "mode", "type", "context", "Type", "Properties", "T", "AfterInstall", "Install", "linux"),
    *("windows", "0.0", "/", "\\a\\b", "$X", "a.sh", "AWS::ECS::Service", "AWS::Lambda::Function"),
)
WORD = st.sampled_from(WORDS)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 9999) | WORD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORD, inner, max_size=4),
    max_leaves=20,
)
RULES = tuple(registry().families["appspec"].modules)


@given(st.dictionaries(WORD, VALUE, max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_values_are_told_apart_without_a_crash(members: dict[str, object]) -> None:
    text = json.dumps({"files": [], **members, "version": 0.0})
    for rule_id in RULES:
        findings(rule_id, {"appspec.yml": text})
