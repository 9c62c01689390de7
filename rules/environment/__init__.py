"""Rules about specs of deployed environments."""

kinds = frozenset({"environment"})
