"""What AWS itself says, in a run that asks it: its findings with its own codes."""

kinds = frozenset({"policy", "template"})
foreign = frozenset({"aws_validate_policy", "aws_validate_template"})
