"""Documents inside documents: policies and buildspecs that stand in templates, as mappings or as text."""

import re
from collections.abc import Iterator, Mapping

from validator import parse
from validator.buildspec.spec import is_whole
from validator.cloudformation.template import Resource, Template
from validator.document import Document, Node, Region
from validator.iam.carriers import CARRIERS

_PUT_IN = re.compile(r"^[ ]*\$\{[^}]*\}[ ]*$", re.MULTILINE)
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


def resources_of(template: Template) -> Iterator[Resource]:
    """Yield the resources of a template, and of each loop those of its body, which stand for all that it makes."""
    yield from template.resources.values()
    section = template.root.get("Resources")
    waiting = [section] if section is not None else []
    while waiting:
        for key, loop in waiting.pop().items():
            if key.startswith("Fn::ForEach::") and (body := loop.get(2)) is not None:
                yield from (Resource(name, node) for name, node in body.items() if not name.startswith("Fn::"))
                waiting.append(body)


def _carried(template: Template) -> Iterator[tuple[Node, str]]:
    """Yield what stands where the resources of a template carry policies, with the kind of each."""
    for resource in resources_of(template):
        properties = resource.node.get("Properties") or resource.node
        for carrier in CARRIERS.get(resource.type, ()):
            kind = carrier.kind
            if resource.type == "AWS::Organizations::Policy":
                kind = _POLICY_TYPES.get(_constant(resource.property("Type")), "")
            for node in _reach(properties, carrier.path) if kind else ():
                yield node, kind


def dump_policies(document: Document) -> Iterator[tuple[Node, str]]:
    """Yield the policies in the output of `aws iam get-account-authorization-details` with their kinds.

    Of managed policies the default version alone, and none of those that AWS has written: nobody can change them.
    The roles of instance profiles are there a second time, and left out. A managed policy that is somebody's boundary
    and attached to nobody is a boundary.
    """
    root = document.root
    holders = [one for section in ("User", "Group", "Role") for one in _reach(root, (f"{section}DetailList", "*"))]
    limits = _texts(holders, "PermissionsBoundary", "PermissionsBoundaryArn")
    limits -= _texts(holders, "AttachedManagedPolicies", "*", "PolicyArn")
    for section, inline in (("User", "UserPolicyList"), ("Group", "GroupPolicyList"), ("Role", "RolePolicyList")):
        for one in _reach(root, (f"{section}DetailList", "*")):
            yield from _judged(_reach(one, ("AssumeRolePolicyDocument",)), "trust")
            yield from _judged(_reach(one, (inline, "*", "PolicyDocument")), "identity")
    for managed in _reach(root, ("Policies", "*")):
        arn = _constant(managed.get("Arn"))
        if ":iam::aws:policy/" in arn:
            continue
        for version in _reach(managed, ("PolicyVersionList", "*")):
            if (default := version.get("IsDefaultVersion")) is None or default.value is True:
                yield from _judged(_reach(version, ("Document",)), "boundary" if arn in limits else "identity")


def _texts(nodes: list[Node], *path: str) -> set[str]:
    return {_constant(found) for node in nodes for found in _reach(node, path)}


def _judged(nodes: Iterator[Node], kind: str) -> Iterator[tuple[Node, str]]:
    for node in nodes:
        policy = opened(node)
        if policy is not None and "Statement" in _mapping(policy):
            yield policy, kind


def inline_buildspecs(project: Resource) -> Iterator[Node]:
    """Yield the buildspecs that stand in a CodeBuild project: mappings, or the roots of inner documents.

    There may be one in each branch of an Fn::If, and none if the project names a file. References in the text of a Sub
    stay as they are.
    """
    source = project.property("Source")
    for node in _reach(source, ("BuildSpec",)) if source is not None else ():
        text = node.get("Fn::Sub", 0) or node.get("Fn::Sub") or node
        if isinstance(text.value, str):
            if is_whole(text.value):
                root = parse.embedded(text).root
                # What is put in on a line of its own may be a line that makes the rest whole, or none.
                if not (root.document.broken and text is not node and _PUT_IN.search(text.value)):
                    yield root
        elif not _mapping(node).keys().isdisjoint({"phases", "batch"}):
            yield node


def opened(node: Node) -> Node | None:
    """Give a node itself if it is a mapping; the root of the JSON text in it if it is a string that holds one.

    IAM's API hands out policies in percent-encoding, as the outputs of some tools still have them.
    """
    text = node.get("Fn::Sub", 0) or node.get("Fn::Sub") or node
    if isinstance(text.value, str):
        if _ENCODED.match(text.value):
            return _decoded(text)
        return parse.embedded(text, format="json").root if text.value.lstrip().startswith("{") else None
    return node if isinstance(node.value, dict) else None


_ENCODED = re.compile(r"\s*%7[Bb]")
_OCTETS = re.compile("(?:%[0-9A-Fa-f]{2})+")


def _decoded(node: Node) -> Node | None:
    """Read a policy in percent-encoding; each character of it stands where its octets stand."""
    text, characters = str(node.value), node.characters
    letters: list[str] = []
    regions: list[Region] = []
    at = 0
    while at < len(text):
        run = _OCTETS.match(text, at)
        try:
            plain = bytes.fromhex(run[0].replace("%", "")).decode() if run is not None else text[at]
        except UnicodeDecodeError:
            return None
        for letter in plain:
            width = 3 * len(letter.encode()) if run is not None else 1
            letters.append(letter)
            regions.append(Region(characters[at].start, characters[at + width - 1].end))
            at += width
    return parse.embedded(node, "".join(letters), regions, format="json").root


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
