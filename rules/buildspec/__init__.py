"""Rules about CodeBuild buildspecs: files, and those that stand in a template."""

kinds = frozenset({"buildspec", "template"})
foreign = frozenset({"shellcheck"})
