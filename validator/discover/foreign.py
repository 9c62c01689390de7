"""Files of other tools, which look like ours in one way or another."""

import re

from validator.discover.kind import name
from validator.discover.policy import each
from validator.document import Document, Value

_KEYS: tuple[tuple[frozenset[str], str], ...] = tuple(
    (frozenset(keys.split()), what)
    for keys, what in (
        ("apiVersion kind", "a Kubernetes manifest"),
        ("openapi", "an OpenAPI description"),
        ("swagger", "an OpenAPI description"),
        ("service provider", "a serverless.yml"),
        ("on jobs", "a GitHub workflow"),
        ("schemaVersion mainSteps", "a Systems Manager document"),
        ("schemaVersion phases", "an Image Builder component"),
        ("StartAt States", "a state machine"),
        ("typeName properties", "the schema of a resource type"),
        ("ROSTemplateFormatVersion", "an Alibaba Cloud template"),
        ("HeatTemplateFormatVersion", "an OpenStack template"),
        ("version frontend", "an Amplify build specification"),
        ("version backend", "an Amplify build specification"),
        ("version applications", "an Amplify build specification"),
        ("version buildspecs", "a buildtest specification"),
    )
)
_SCHEMAS = (("schema.management.azure.com", "an Azure deployment"), ("json-schema.org", "a JSON Schema"))
_SERVERLESS = re.compile(r"\$\{(?:self|opt|sls|file)[:(]")
_OTHER_CLOUD = re.compile(r"""["'\s](?:acs|qcs):""")

# These read text that somebody else wrote: none may try a long stretch again and again.
# `{{resolve:…}}` is CloudFormation's own; braces within a longer text are somebody's `docker inspect --format`.
_BRACES = re.compile(
    r"""^[ \t]*(?:-[ \t]+|["']?[\w.-]+["']?:[ \t]+)?\{\{-?[ \t]*(?!resolve:)[\w.$]"""
    r"""|\{%-?[ \t]*(?:if|elif|else|endif|for|endfor|set|block|include|import|macro|raw)\b""",
    re.MULTILINE,
)
_RUBY = re.compile(r"<%[=#-]?[ \t][^<>\n]{0,200}%>")
_KUBERNETES = (re.compile(r"^apiVersion:", re.MULTILINE), re.compile(r"^kind:", re.MULTILINE))
_WORKFLOW = (re.compile(r"""^["']?on["']?:""", re.MULTILINE), re.compile(r"^jobs:", re.MULTILINE))
_LINE = re.compile(r"\s*[\[{].*[\]}]\s*")
_DEVICE_FARM = {"pre_test", "post_test"}
_BUILD = {"pre_build", "build", "post_build"}


def tool(document: Document) -> str:
    """Name the other tool's file that a document is; empty if it looks like none."""
    value = document.value
    if not isinstance(value, dict):
        return ""
    for keys, what in _KEYS:
        if keys <= value.keys():
            return what
    schema = value.get("$schema")
    for part, what in _SCHEMAS:
        if isinstance(schema, str) and part in schema:
            return what
    if str(value.get("AWSTemplateFormatVersion")).endswith("-OC"):
        return "an org-formation template"
    if "Resources" in value and "AWSTemplateFormatVersion" not in value and _SERVERLESS.search(document.text):
        return "a part of a serverless.yml"
    if is_device_farm(value.get("phases")) and "buildspec" not in name(document.path):
        return "a Device Farm test specification"
    return _statements(value, document.text)


def is_device_farm(phases: Value) -> bool:
    """Say whether phases are those of a Device Farm test specification."""
    if not isinstance(phases, dict):
        return False
    return bool(_DEVICE_FARM & phases.keys()) or ("test" in phases and not _BUILD & phases.keys())


def text_of_tool(text: str) -> str:
    """Name the other tool that a text which did not parse is visibly written for; empty if it looks like none's."""
    if _BRACES.search(text):
        return "a text template with braces"
    if _RUBY.search(text):
        return "a Ruby template"
    if all(key.search(text) for key in _KUBERNETES):
        return "a Kubernetes manifest"
    if all(key.search(text) for key in _WORKFLOW):
        return "a GitHub workflow"
    return "JSON lines" if _is_json_lines(text) else ""


def _is_json_lines(text: str) -> bool:
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    return len(lines) > 1 and all(_LINE.fullmatch(line) for line in lines)


def _statements(value: dict[str, Value], text: str) -> str:
    statements = value.get("Statement", value.get("statement"))
    if not isinstance(statements, list):
        return ""
    # Faster than to search: most texts hold neither.
    if ("acs:" in text or "qcs:" in text) and _OTHER_CLOUD.search(text):
        return "a policy of another cloud"
    actions = (action for one in statements if isinstance(one, dict) for action in each(one.get("Action")))
    return "a CloudFormation stack policy" if any(str(action).startswith("Update:") for action in actions) else ""
