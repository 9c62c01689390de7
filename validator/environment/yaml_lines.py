"""YAML as specs are written."""

import yaml

from validator.document import Value


def yaml_lines(value: Value) -> list[str]:
    """Write a value as YAML, its members in their order."""
    text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return text.rstrip("\n").split("\n")


class _Dumper(yaml.SafeDumper):
    """Writes each value where it is used, and not by an alias."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  # of its base
        return True
