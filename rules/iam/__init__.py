"""Rules about IAM policies: files, and those that stand in a template."""

kinds = frozenset({"policy", "template"})
