"""Documents of ours that their content tells."""

import re
from collections.abc import Callable, Mapping

from validator.discover import policy
from validator.discover.kind import Kind, name
from validator.document import Document, Value

TYPE = re.compile(r"(?!ALIYUN::|DATASOURCE::|OS::|OC::)[A-Za-z0-9]+(?:::[A-Za-z0-9]+)+")
PHASES = frozenset({"install", "pre_build", "build", "post_build"})
_IN_PHASE = frozenset({"commands", "finally", "runtime-versions", "run-as", "on-failure"})
_BATCH = frozenset({"build-graph", "build-list", "build-matrix", "build-fanout"})
_CONFIGURATION = frozenset({"Parameters", "Tags", "StackPolicy"})
_PARAMETER_NAME = re.compile(r"[A-Za-z0-9]{1,255}")
_OVERRIDE = re.compile(r"[A-Za-z0-9]{1,255}=.*", re.DOTALL)
_READS = ("describe_", "get_", "list_", "head_", "batch_get_", "search_")
_OPERATION = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_EXPECTATION = frozenset({"Name", "Properties"})
_SERVER = frozenset({"os", "files", "hooks"})
_EVENTS = ("ApplicationStop", "BeforeInstall", "AfterInstall", "ApplicationStart", "ValidateService")
_DEPLOYED = frozenset({"AWS::ECS::Service", "AWS::Lambda::Function"})

Members = Mapping[str, Value]


def read(document: Document) -> Kind | None:
    """Say what a document is if its content leaves no doubt."""
    if isinstance(document.value, list):
        return cli_parameters(document.value) or _overrides(document.value, name(document.path))
    if not isinstance(document.value, dict):
        return None
    members = document.value
    if "appspec" in name(document.path) and (kind := appspec(members)):
        return kind
    for recognise in _RECOGNISERS:
        if kind := recognise(members):
            return kind
    return policy.read(members, document.path)


def template(members: Members) -> Kind | None:
    """Recognise a CloudFormation or SAM template."""
    types = typed(members.get("Resources"))
    if "AWSTemplateFormatVersion" in members:
        return template_kind(members, types, "has AWSTemplateFormatVersion")
    if types:
        return template_kind(members, types, f"has Resources of types such as {types[0]}")
    resources = members.get("Resources")
    if isinstance(resources, dict) and any(key.startswith(("Fn::ForEach::", "Fn::Transform")) for key in resources):
        return template_kind(members, types, "has Resources that a transform makes")
    return None


def template_kind(members: Members, types: list[str], why: str) -> Kind:
    """Give a template its form."""
    transform = members.get("Transform")
    transforms = transform if isinstance(transform, list) else [transform]
    is_sam = "AWS::Serverless-2016-10-31" in transforms or any(one.startswith("AWS::Serverless::") for one in types)
    form = "sam" if is_sam else "cloudformation"
    return Kind("template", form + " with a pipeline" * ("AWS::CodePipeline::Pipeline" in types), why)


def typed(resources: Value) -> list[str]:
    """List the types of what may be a template's resources."""
    if not isinstance(resources, dict):
        return []
    types = (resource.get("Type") for resource in resources.values() if isinstance(resource, dict))
    return [one for one in types if isinstance(one, str) and TYPE.fullmatch(one)]


def pipeline(members: Members) -> Kind | None:
    """Recognise the JSON of `aws codepipeline get-pipeline`, which create-pipeline and update-pipeline read."""
    inner = members.get("pipeline")
    if isinstance(inner, dict) and _is_pipeline(inner):
        return Kind("pipeline", "get-pipeline", "has a pipeline with stages and actions")
    return Kind("pipeline", "structure", "has stages with actions") if _is_pipeline(members) else None


def _is_pipeline(members: Members) -> bool:
    own = members.keys() & {"roleArn", "artifactStore", "artifactStores", "pipelineType"}
    stages = members.get("stages")
    actions = isinstance(stages, list) and any(isinstance(stage, dict) and "actions" in stage for stage in stages)
    return bool(own) and (actions or len(own) > 1)


def environment(members: Members) -> Kind | None:
    """Recognise an environment spec."""
    if "envspec" in members:
        return Kind("environment", "1", "has envspec")
    reads = [key for key, value in members.items() if key.startswith(_READS) and _are_expectations(value, 1)]
    exact = bool(members) and all(_are_expectations(value, 2) for value in members.values())
    named = all(_OPERATION.fullmatch(key) for key in members)
    if named and (exact or len(reads) > len(members) / 2):
        return Kind("environment", "legacy", f"has Name and Properties for {next(iter(reads or members))}")
    return None


def _are_expectations(value: Value, least: int) -> bool:
    entries = value if isinstance(value, list) else [value]
    return bool(entries) and all(
        isinstance(entry, dict) and len(_EXPECTATION & entry.keys()) >= least for entry in entries
    )


def buildspec(members: Members) -> Kind | None:
    """Recognise a buildspec by its phases or its batch."""
    version = buildspec_version(members)
    known = version != UNKNOWN_VERSION
    phases = phases_in(members.get("phases"), bare=known)
    if phases and known:
        return Kind("buildspec", version, f"has version {version} and phases")
    if phases:
        return Kind("buildspec", version, f"has the phase {phases[0]}")
    batch = members.get("batch")
    if isinstance(batch, dict) and (found := sorted(_BATCH & batch.keys())):
        return Kind("buildspec", version, f"has a batch with {found[0]}")
    return None


UNKNOWN_VERSION = "unknown version"


def buildspec_version(members: Members) -> str:
    """Give the version of a buildspec as its form."""
    version = str(members.get("version"))
    return version if version in {"0.1", "0.2"} else UNKNOWN_VERSION


def phases_in(value: Value, *, bare: bool) -> list[str]:
    """List the phases of a build in a mapping; `bare` ones need not have commands or anything else."""
    if not isinstance(value, dict):
        return []
    names = [name for name in value if name in PHASES]
    return names if bare else [name for name in names if _is_phase(value[name])]


def _is_phase(value: Value) -> bool:
    return isinstance(value, dict) and bool(_IN_PHASE & value.keys())


def appspec(members: Members) -> Kind | None:
    """Recognise what a file that is named so must have to be CodeDeploy's AppSpec file."""
    known = str(members.get("version")) in {"0", "0.0"}
    resources = members.get("Resources", members.get("resources"))
    if isinstance(resources, list) and (known or any(_DEPLOYED & set(typed(one)) for one in resources)):
        return Kind("appspec", "service", "has a list of Resources, and is named appspec")
    if resources is not None:
        return None
    hooks, files = members.get("hooks"), members.get("files")
    ours = isinstance(hooks, dict) and any(event in hooks for event in _EVENTS)
    ours = ours or (isinstance(files, list) and any(isinstance(one, dict) and "destination" in one for one in files))
    if (known and _SERVER & members.keys()) or (ours and "os" in members):
        return Kind("appspec", "server", f"has {min(_SERVER & members.keys())}, and is named appspec")
    return None


def task_definition(members: Members) -> Kind | None:
    """Recognise a task definition of ECS, as `aws ecs register-task-definition` and CodePipeline read it."""
    containers = members.get("containerDefinitions")
    if isinstance(containers, list) and any(isinstance(one, dict) and "image" in one for one in containers):
        return Kind("task definition", why="has containerDefinitions with an image")
    return None


def configuration(members: Members) -> Kind | None:
    """Recognise CodePipeline's template configuration, which `aws cloudformation deploy` reads too."""
    # Alone, a mapping to lists may be anything.
    if not members.keys() <= _CONFIGURATION or not are_parameters(members.get("Parameters"), lists=len(members) > 1):
        return None
    return Kind("parameters", "codepipeline", f"has nothing but {' and '.join(members)}")


def deployment(members: Members) -> Kind | None:
    """Recognise the deployment file of CloudFormation's Git sync."""
    if isinstance(members.get("template-file-path"), str):
        return Kind("parameters", "deployment", "has template-file-path")
    return None


def are_parameters(value: Value, *, lists: bool) -> bool:
    """Say whether a mapping gives parameters their values, mostly; it need not have any."""
    if not isinstance(value, dict):
        return False
    wrong = (dict,) if lists else (dict, list)
    right = sum(bool(_PARAMETER_NAME.fullmatch(key)) and not isinstance(item, wrong) for key, item in value.items())
    return not value or right > len(value) / 2


def cli_parameters(elements: list[Value]) -> Kind | None:
    """Recognise the parameters that `aws cloudformation create-stack` reads."""
    keys = {"ParameterKey", "ParameterValue"}
    right = sum(isinstance(element, dict) and bool(keys & element.keys()) for element in elements)
    if elements and right > len(elements) / 2:
        return Kind("parameters", "cli", "is a list of ParameterKey and ParameterValue")
    return None


def _overrides(elements: list[Value], name: str) -> Kind | None:
    if not elements or not ("param" in name or "override" in name):
        return None
    if all(isinstance(element, str) and _OVERRIDE.fullmatch(element) for element in elements):
        return Kind("parameters", "overrides", "is a list of Name=value, named for parameters")
    return None


_RECOGNISERS: tuple[Callable[[Members], Kind | None], ...] = (
    template,
    pipeline,
    environment,
    buildspec,
    task_definition,
    configuration,
    deployment,
)
