"""Documents inside documents: policies and buildspecs that stand in templates, as mappings or as text."""

from collections.abc import Iterator, Mapping

from validator import parse
from validator.cloudformation.template import Resource, Template
from validator.document import Document, Node
from validator.iam.carriers import CARRIERS

_POLICY_TYPES: Mapping[str, str] = {
    "SERVICE_CONTROL_POLICY": "scp",
    "RESOURCE_CONTROL_POLICY": "rcp",
}


def policy_nodes(template: Template) -> Iterator[tuple[Node, str]]:
    """Yield the policies in a template's resources with their kinds: mappings with a Statement, or inner documents."""
    for node, kind in _carried(template):
        policy = opened(node)
        if policy is not None and "Statement" in _mapping(policy):
            yield policy, kind


def inner_documents(template: Template) -> Iterator[Document]:
    """Yield the texts in a template's resources that are meant to be policies or buildspecs, as documents."""
    for node, _ in _carried(template):
        policy = opened(node)
        if policy is not None and policy.document.outer is not None:
            yield policy.document
    for resource in template.resources.values():
        if resource.type == "AWS::CodeBuild::Project":
            roots = inline_buildspecs(resource)
            yield from (root.document for root in roots if root.document.outer is not None)


def _carried(template: Template) -> Iterator[tuple[Node, str]]:
    """Yield what stands where the resources of a template carry policies, with the kind of each."""
    for resource in template.resources.values():
        properties = resource.node.get("Properties") or resource.node
        for carrier in CARRIERS.get(resource.type, ()):
            kind = carrier.kind
            if resource.type == "AWS::Organizations::Policy":
                kind = _POLICY_TYPES.get(_constant(resource.property("Type")), "")
            for node in _reach(properties, carrier.path) if kind else ():
                yield node, kind


def dump_policies(document: Document) -> Iterator[tuple[Node, str]]:
    """Yield the policies in the output of `aws iam get-account-authorization-details` with their kinds."""
    for node in document.root.walk():
        if node.name in {"PolicyDocument", "AssumeRolePolicyDocument", "Document"}:
            policy = opened(node)
            if policy is not None and "Statement" in _mapping(policy):
                yield policy, "trust" if node.name == "AssumeRolePolicyDocument" else "identity"


def inline_buildspecs(project: Resource) -> Iterator[Node]:
    """Yield the buildspecs that stand in a CodeBuild project: mappings, or the roots of inner documents.

    There may be one in each branch of an Fn::If, and none if the project names a file. References in the text of a Sub
    stay as they are.
    """
    source = project.property("Source")
    for node in _reach(source, ("BuildSpec",)) if source is not None else ():
        text = node.get("Fn::Sub", 0) or node.get("Fn::Sub") or node
        if isinstance(text.value, str):
            if "\n" in text.value or text.value.lstrip().startswith("{"):
                yield parse.embedded(text).root
        elif not _mapping(node).keys().isdisjoint({"phases", "batch"}):
            yield node


def opened(node: Node) -> Node | None:
    """Give a node itself if it is a mapping; the root of the JSON text in it if it is a string that holds one."""
    text = node.get("Fn::Sub", 0) or node.get("Fn::Sub") or node
    if isinstance(text.value, str):
        return parse.embedded(text, format="json").root if text.value.lstrip().startswith("{") else None
    return node if isinstance(node.value, dict) else None


def holder(policy: Node) -> tuple[str, tuple[str | int, ...]]:
    """Give what holds a policy, to group by: the resource whose inline policies it is one of, or itself."""
    node = policy
    while node.document.outer is not None:
        node = node.document.outer
    inline = node.path[:1] == ("Resources",) and node.path[2:4] == ("Properties", "Policies")
    return node.document.path, node.path[:2] if inline else (*node.path, policy.inner)


def _reach(node: Node, path: tuple[str, ...]) -> Iterator[Node]:
    """Yield the nodes at a path, through both branches of every Fn::If on the way."""
    branches = node.get("Fn::If")
    if branches is not None:
        for branch in list(branches.elements())[1:]:
            yield from _reach(branch, path)
    elif not path:
        yield node
    elif path[0] == "*":
        for element in node.elements():
            yield from _reach(element, path[1:])
    elif (child := node.get(path[0])) is not None:
        yield from _reach(child, path[1:])


def _mapping(node: Node) -> Mapping[str, object]:
    return node.value if isinstance(node.value, dict) else {}


def _constant(node: Node | None) -> str:
    return node.value if node is not None and isinstance(node.value, str) else ""
