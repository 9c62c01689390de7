"""Documents of ours with a mistake in the very key that would tell, or that only their names tell."""

from itertools import islice

from validator.discover import content, policy
from validator.discover.content import Members
from validator.discover.kind import Kind, name
from validator.document import Document, Value
from validator.suggest import nearest

_SECTIONS = frozenset(
    {
        *("Description", "Metadata", "Parameters", "Rules", "Mappings", "Conditions"),
        *("Transform", "Globals", "Hooks", "Resources", "Outputs"),
    }
)
_BUILDSPEC = frozenset(
    {
        *("version", "run-as", "env", "environment_variables", "proxy"),
        *("batch", "phases", "reports", "artifacts", "cache"),
    }
)
# No document of ours has more keys at its top where a misspelt one counts.
_MOST = 100


def read(document: Document) -> Kind | None:
    """Say what a document was probably meant to be; None if nothing says that it is one of ours."""
    value = document.value
    found = None
    if isinstance(value, list):
        found = _cli_parameters(value)
    elif isinstance(value, dict):
        found = _template(value) or _environment(value) or _buildspec(value)
        found = found or _policy(value, document.path) or _configuration(value)
    return found or _named(document)


def _misspelt(members: Members, right: str) -> str:
    """Find the key that was meant to be `right`; empty if there is none."""
    if right in members:
        return right
    return next((key for key in islice(members, _MOST) if nearest(key, (right,))), "")


def _template(members: Members) -> Kind | None:
    if key := _misspelt(members, "AWSTemplateFormatVersion"):
        return content.template_kind(members, content.typed(members.get("Resources")), f"has {key!r}")
    key = _misspelt(members, "Resources")
    if key and (types := content.typed(members.get(key))):
        return content.template_kind(members, types, f"has types such as {types[0]} in {key!r}")
    if len(members) > 1 and members.keys() <= _SECTIONS and _has_entries(members):
        return content.template_kind(members, [], "has the sections of a template, though no resource has a type")
    resources = members.get("Resources")
    entries = [one for one in resources.values() if isinstance(one, dict)] if isinstance(resources, dict) else []
    if any(str(one.get("Type")).startswith("AWS:") for one in entries) or (
        entries and all("Properties" in one for one in entries)
    ):
        return content.template_kind(members, [], "has Resources with Properties, though none of a known type")
    return None


def _has_entries(members: Members) -> bool:
    declared = members.get("Parameters")
    parameters = declared.values() if isinstance(declared, dict) else ()
    return (
        any(isinstance(one, dict) and "Type" in one for one in parameters) or {"Resources", "Outputs"} <= members.keys()
    )


def _environment(members: Members) -> Kind | None:
    key = _misspelt(members, "envspec") or _misspelt(members, "env-spec")
    if key and ("checks" in members or "targets" in members):
        return Kind("environment", "1", f"has {key!r}")
    return None


def _buildspec(members: Members) -> Kind | None:
    version = content.buildspec_version(members)
    known = version != content.UNKNOWN_VERSION
    key = _misspelt(members, "phases")
    phases = members.get(key)
    if content.phases_in(phases, bare=known):
        return Kind("buildspec", version, f"has a build's phases in {key!r}")
    if not known:
        return None
    if isinstance(phases, dict) and any(nearest(one, content.PHASES) for one in phases):
        return Kind("buildspec", version, f"has version {version} and {key!r}")
    if names := content.phases_in(dict(members), bare=False):
        return Kind("buildspec", version, f"has version {version} and the phase {names[0]}, though no phases")
    return None


def _policy(members: Members, path: str) -> Kind | None:
    key = _misspelt(members, "Statement")
    if any(policy.is_statement(one) for one in policy.each(members.get(key))):
        return policy.of(members[key], path, f"has a policy's statements in {key!r}")
    if {"Effect", "Action"} <= members.keys() and policy.is_statement(dict(members), least=3):
        return policy.of(dict(members), path, "has the elements of a statement, though no Statement")
    return None


def _configuration(members: Members) -> Kind | None:
    """Recognise a template configuration with one section misspelt, or one too many."""
    sections = {"Tags", "StackPolicy"}
    others = members.keys() - {"Parameters"}
    close = {key for key in others if key in sections or nearest(key, sections)}
    if not close or not content.are_parameters(members.get("Parameters"), lists=True) or len(others - close) > 1:
        return None
    return Kind("parameters", "codepipeline", f"has Parameters and {' and '.join(sorted(close))}")


def _cli_parameters(elements: list[Value]) -> Kind | None:
    right = ("ParameterKey", "ParameterValue")
    close = sum(isinstance(one, dict) and any(nearest(key, right) for key in one) for one in elements)
    if elements and close > len(elements) / 2:
        return Kind("parameters", "cli", "is a list of what must be ParameterKey and ParameterValue")
    return None


def _named(document: Document) -> Kind | None:
    if "buildspec" not in name(document.path) or document.foreign_tags:
        return None
    value = document.value
    plain = name(document.path).partition(".")[0] == "buildspec"
    if isinstance(value, dict):
        if not plain and not any(key in _BUILDSPEC or nearest(key, _BUILDSPEC) for key in islice(value, _MOST)):
            return None
        return Kind("buildspec", content.buildspec_version(value), "is named buildspec, though it has no phases")
    return Kind("buildspec", content.UNKNOWN_VERSION, "is named buildspec, though it is no mapping") if plain else None
