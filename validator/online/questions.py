"""What there is to ask AWS of a project, and what its replies mean; no call is made here."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from validator.cloudformation.stacks import Stack
from validator.cloudformation.template import Template
from validator.document import Node, Region, Value
from validator.document import Path as Keys
from validator.iam.policy import VERSION_WITH_VARIABLES, Policy
from validator.project import Project
from validator.project.answers import Answer, PolicyAnswer, Remark, TemplateAnswer
from validator.settings import Settings
from validator.shape import is_function
from validator.values import Cases, NoValue, Scope, constant

Operation = Literal["ValidateTemplate", "ValidatePolicy"]

# The rules that speak for AWS: what nobody wants to hear is not asked.
RULES: Mapping[str, Operation] = {
    "aws-validate-policy": "ValidatePolicy",
    "aws-validate-template": "ValidateTemplate",
}

# With more ways than these to deploy a template, its policies are asked about with the values of the first ones.
_MOST_SCOPES = 16
# What a template language fills in; a policy variable has a colon, or is one of the escapes for `*`, `?` and `$`.
_FILLED_IN = re.compile(r"\$\{(?![*?$]\})[^}:]*\}|\{\{.*?\}\}|<%.*?%>")


class Request(NamedTuple):
    """One call: equal ones are made once."""

    operation: Operation
    arguments: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a call.

    Attributes:
        refusal: What AWS objects to in the template; empty if nothing.
        findings: Of a policy, as the API gives them.
        failure: Why there was no reply; empty if there was one.
    """

    refusal: str = ""
    findings: tuple[Mapping[str, Any], ...] = ()
    failure: str = ""


Send = Callable[[Sequence[Request]], Mapping[Request, Reply]]


def ask(project: Project, settings: Settings, rules: Collection[str], send: Send) -> tuple[Answer, ...]:
    """Ask AWS about the templates and policies that findings are asked for at.

    Args:
        project: Where they are.
        settings: Hold the partition and the regions of the deployment.
        rules: Those of RULES that are to have answers.
        send: Makes the calls.

    Returns:
        At least one answer for each of them, in the order in which they stand in the project.
    """
    asked = {RULES[name] for name in rules}
    questions: list[_Question] = []
    if "ValidateTemplate" in asked:
        templates = project.subjects({Template})
        questions += (_template(template) for template in templates if isinstance(template, Template))
    if "ValidatePolicy" in asked:
        deployments = _Deployments(project, settings)
        for policy in project.subjects({Policy}):
            if isinstance(policy, Policy):
                questions += _policy(policy, deployments)
    requests = dict.fromkeys(question.request for question in questions if question.request is not None)
    replies = send(list(requests))
    return tuple(
        question.answer if question.request is None else _answered(question, replies[question.request])
        for question in questions
    )


@dataclass(frozen=True, slots=True)
class _Question:
    """What is to be asked about one document.

    Attributes:
        answer: What it is about; all that is to be said of it if there is no request.
        places: Where the parts of a policy that is sent come from, by their path in it.
    """

    answer: Answer
    request: Request | None = None
    places: Mapping[Keys, Node] = field(default_factory=dict)


def _answered(question: _Question, reply: Reply) -> Answer:
    if isinstance(question.answer, TemplateAnswer):
        return replace(question.answer, refusal=reply.refusal, missing=reply.failure)
    remarks = tuple(_remark(finding, question.places) for finding in reply.findings)
    return replace(question.answer, remarks=remarks, missing=reply.failure)


# --- templates ---------------------------------------------------------------------------------------------------


def _template(template: Template) -> _Question:
    text = template.root.document.text
    size, most = len(text.encode(errors="replace")), _facts()["body"]["bytes"]
    if size > most:
        reason = f"it has {size:,} bytes, and without a bucket CloudFormation takes {most:,}"
        return _Question(TemplateAnswer(template, missing=reason))
    return _Question(TemplateAnswer(template), Request("ValidateTemplate", (("TemplateBody", text),)))


# --- policies ----------------------------------------------------------------------------------------------------


class _Deployments:
    """What is known of the values in each template, once for every way in which it is deployed."""

    def __init__(self, project: Project, settings: Settings) -> None:
        self._stacks: dict[Template, list[Stack]] = {}
        for stack in project.stacks:
            self._stacks.setdefault(stack.template, []).append(stack)
        self._templates = {template.path: template for template in project.templates}
        self._pseudo: dict[str, Cases] = {"AWS::Partition": constant(settings.partition)}
        if len(settings.deploy_regions) == 1:
            self._pseudo["AWS::Region"] = constant(settings.deploy_regions[0])
        self._scopes: dict[str, list[Scope]] = {}

    def scopes(self, path: str) -> list[Scope]:
        """Give what evaluates the expressions in a template; nothing for a file that is none."""
        if path not in self._scopes:
            self._scopes[path] = self._known(self._templates[path]) if path in self._templates else []
        return self._scopes[path]

    def _known(self, template: Template) -> list[Scope]:
        ways = [_given(stack) for stack in self._stacks.get(template, ())]
        distinct = {repr(sorted(way.items())): way for way in ways} or {"": {}}
        return [
            Scope(template.root, way, self._pseudo, defaults=False) for way in list(distinct.values())[:_MOST_SCOPES]
        ]


def _given(stack: Stack) -> dict[str, Cases]:
    """Give the parameters that surely have one certain value in a stack: a Default is none that anybody has given."""
    found: dict[str, Cases] = {}
    for name in stack.template.parameters if stack.sure else ():
        cases = stack.scope.conditions.parameter(name)
        if len(cases) == 1 and cases[0].known:
            found[name] = constant(cases[0].value)  # type: ignore[arg-type]  # it is known
    return found


def _policy(policy: Policy, deployments: _Deployments) -> Iterator[_Question]:
    """Yield a question for every text that the policy can have where it is deployed, or say why there is none."""
    from validator.iam.kinds import resource_of  # noqa: PLC0415  # the catalogue comes with it

    facts = _facts()["policies"]
    arguments = {"policyType": facts["types"].get(policy.kind, "IDENTITY_POLICY")}
    resource = resource_of(policy.node)
    carrier = resource.get("Type") if resource is not None else None
    limited = facts["trust"] if policy.kind == "trust" else facts["resources"].get(str(carrier and carrier.value))
    if limited and arguments["policyType"] == "RESOURCE_POLICY":
        arguments["validatePolicyResourceType"] = limited
    scopes: Sequence[Scope | None] = deployments.scopes(policy.node.document.path) or [None]
    drafts = [_Draft(policy, scope) for scope in scopes]
    texts = {draft.text: draft for draft in drafts if not draft.open}
    if not texts:
        yield _Question(PolicyAnswer(policy, open=drafts[0].open))
    for text, draft in texts.items():
        answer = PolicyAnswer(policy, sure=len(texts) == 1 and not any(draft.open for draft in drafts))
        request = Request("ValidatePolicy", (("policyDocument", text), *sorted(arguments.items())))
        yield _Question(answer, request, draft.places)


class _Draft:
    """A policy with the values that functions in it come to.

    Attributes:
        text: The policy as JSON.
        places: Where its parts come from, by their path in it.
        open: Why it cannot be written; empty if it can.
    """

    def __init__(self, policy: Policy, scope: Scope | None) -> None:
        self.places: dict[Keys, Node] = {}
        self.open = ""
        self.text = ""
        self._scope = scope
        outer = policy.node.document.outer
        # The text of a Sub has references where values will stand.
        self._is_sub = outer is not None and "Fn::Sub" in outer.path
        value = self._value(policy.node, ())
        if _is_resource(policy.node) and isinstance(value, dict):
            # EventBridge writes the policy around this one statement.
            value = {"Version": VERSION_WITH_VARIABLES, "Statement": value.get("Statement")}
        if not self.open:
            try:
                self.text = json.dumps(value, allow_nan=False)
            except ValueError:
                self.open = "it holds a number that JSON does not have"

    def _value(self, node: Node, path: Keys) -> Value | NoValue:
        self.places[path] = node
        if is_function(node.value):
            return self._evaluated(node)
        if isinstance(node.value, dict):
            members = {name: self._value(child, (*path, name)) for name, child in node.items()}
            return {name: value for name, value in members.items() if not isinstance(value, NoValue)}
        if isinstance(node.value, list):
            found: list[Value] = []
            for child in node.elements():
                value = self._value(child, (*path, len(found)))
                if not isinstance(value, NoValue):
                    found.append(value)
            return found
        return self._checked(node.value)

    def _evaluated(self, node: Node) -> Value | NoValue:
        cases = self._scope.evaluate(node) if self._scope is not None else ()
        if len(cases) == 1 and isinstance(cases[0].value, NoValue):
            return cases[0].value
        if len(cases) == 1 and cases[0].known:
            return self._checked(cases[0].value)  # type: ignore[arg-type]  # it is known
        self.open = self.open or "it holds functions whose values are known at deployment only"
        return None

    def _checked(self, value: Value) -> Value:
        for text in _texts(value):
            if _FILLED_IN.search(text) or (self._is_sub and "${" in text):
                self.open = self.open or "it holds references that are filled in at deployment only"
        return value


def _is_resource(node: Node) -> bool:
    """Whether a policy is all the properties of a resource."""
    return node.document.outer is None and node.path[:1] == ("Resources",) and node.path[2:] == ("Properties",)


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    children: Iterable[Value] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from _texts(child)


def _remark(finding: Mapping[str, Any], places: Mapping[Keys, Node]) -> Remark:
    paths = [location.get("path", ()) for location in finding.get("locations", ())] or [()]
    return Remark(
        level=str(finding.get("findingType", "")),
        code=str(finding.get("issueCode", "")),
        text=str(finding.get("findingDetails", "")),
        link=str(finding.get("learnMoreLink", "")),
        places=tuple(dict.fromkeys(_place(path, places) for path in paths)),
    )


def _place(path: Iterable[Mapping[str, Any]], places: Mapping[Keys, Node]) -> Node:
    """Follow a path of the API as far as it leads.

    Its elements are the `value` under a key, the `index` of an element, a `key` itself, or a `substring`.
    """
    at: Keys = ()
    for step in path:
        here = places[at]
        if "substring" in step:
            return _part(here, step["substring"])
        name: str | int = step.get("index", step.get("value", step.get("key", "")))
        if (*at, name) in places:
            at = (*at, name)
        elif name != 0:  # the only one of what could be a list
            return here
        if "key" in step:
            return places[at].key
    return places[at]


def _part(node: Node, part: Mapping[str, int]) -> Node:
    start, end = part.get("start", 0), part.get("start", 0) + part.get("length", 0)
    characters = node.characters if isinstance(node.value, str) else ()
    if not 0 <= start < end <= len(characters):
        return node
    return node.pin(Region(characters[start].start, characters[end - 1].end))


@cache
def _facts() -> Any:
    """Read the limit of ValidateTemplate, and the types that ValidatePolicy has for kinds and carriers of policies."""
    return json.loads((Path(__file__).parent / "facts.json").read_text(encoding="utf-8"))
