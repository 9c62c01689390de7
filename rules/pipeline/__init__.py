"""What goes wrong in a pipeline, and between it and the templates, parameter files and buildspecs that it runs on."""

kinds = frozenset({"pipeline", "template", "buildspec"})
