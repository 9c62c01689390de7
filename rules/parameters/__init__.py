"""What goes wrong between parameter files and the templates that they are deployed with."""

kinds = frozenset({"parameters", "template", "pipeline"})
