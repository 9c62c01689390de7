"""Rules about CodeDeploy's AppSpec files."""

kinds = frozenset({"appspec"})
