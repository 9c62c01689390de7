"""The rules of a team that sells anvils: a sample of what others may add."""

kinds = frozenset({"buildspec"})
