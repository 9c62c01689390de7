"""The stack tree: which template stands behind each nested stack, and how sure that is."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Literal, NamedTuple

from validator import parse
from validator.cloudformation.parameters import misspelt
from validator.cloudformation.template import Resource, Template, has_function
from validator.document import Node
from validator.settings import TemplateMap
from validator.suggest import nearest
from validator.values import Abstract, Partial, When, consistent

Certainty = Literal["exact", "suffix", "basename"]
Absence = Literal["absent", "outside", "mapped", "foreign", "submodule", "ambiguous", "unknown"]

_LOCATIONS = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::CloudFormation::StackSet": "TemplateURL",
    "AWS::Serverless::Application": "Location",
}
_DIRECTORY_TEMPLATES = ("template.yaml", "template.yml", "template.json")
# A URL without its scheme, or what a script puts a path or a URL in place of before the template is deployed.
_NO_PATH = re.compile(r"amazonaws\.com|[<>{}$%@]|__|PLACEHOLDER|REPLACE|CHANGE_?ME", re.IGNORECASE)
# Beyond this many files of one name it takes more than the name.
_MOST_NAMESAKES = 50


@dataclass(frozen=True, slots=True)
class Child:
    """A template that a nested stack can be made of, and when.

    Attributes:
        certainty: `exact` by a relative path or a mapping, `suffix` by at least two path segments of the URL,
            `basename` by the file's name
            alone, or by a written-out URL that may be another repository's.
        when: The assumptions under which it is this template; empty if it always is.
    """

    template: Template
    certainty: Certainty
    when: When = frozenset()


@dataclass(frozen=True, slots=True)
class Missing:
    """An alternative of a nested stack's location that leads to no template of the project.

    Attributes:
        reason: `absent`: a relative path to no file; `outside`: one that leaves the project; `mapped`: a mapping or
            hint to no file; `foreign`: a URL like no file's path; `submodule`: in a git submodule that is not checked
            out; `ambiguous`: several files fit; `unknown`: the expression cannot be followed.
        text: The location as far as it is known, unknown parts as `*`; for `mapped`, the path.
        near: A template that may have been meant: beside it with nearly that name, or elsewhere with that very path.
        among: The templates that fit equally well, for `ambiguous`.
    """

    reason: Absence
    text: str
    near: Template | None = None
    when: When = frozenset()
    among: tuple[Template, ...] = ()


class Passed(NamedTuple):
    """One parameter that is passed down: its name, where the name is written, and the value."""

    name: str
    at: Node
    value: Node


@dataclass(frozen=True, slots=True)
class StackLink:
    """A nested stack, application or stack set, with the templates that it can be made of."""

    parent: Template
    resource: Resource
    location: Node
    children: tuple[Child, ...]
    missing: tuple[Missing, ...]

    @property
    def is_stack_set(self) -> bool:
        """Whether it is a stack set, whose parameters are a list and whose outputs nobody can read."""
        return self.resource.type == "AWS::CloudFormation::StackSet"

    @property
    def parameters(self) -> Node | None:
        """The property that passes parameters down."""
        return self.resource.property("Parameters")

    @property
    def passed(self) -> tuple[Passed, ...]:
        """What is passed down, in order; what a function makes is left out."""
        section = self.parameters
        if section is None:
            return ()
        if not self.is_stack_set:
            return tuple(Passed(name, node.key, node) for name, node in section.items() if not name.startswith("Fn::"))
        return tuple(listed(section))

    @property
    def overrides(self) -> tuple[Passed, ...]:
        """What a stack set passes to some of its stacks only, besides what all are passed."""
        groups = self.resource.property("StackInstancesGroup") if self.is_stack_set else None
        lists = [group.get("ParameterOverrides") for group in groups.elements()] if groups is not None else []
        return tuple(one for each in lists if each is not None for one in listed(each))

    @property
    def is_open(self) -> bool:
        """Whether more may be passed than can be read here: a macro makes the parameters, or all of the template."""
        above = [self.resource.node, self.resource.node.get("Properties")]
        section = self.parameters
        if section is not None and self.is_stack_set and isinstance(section.value, list):
            above += [element for element in section.elements() if element.get("ParameterKey") is None]
        else:
            above.append(section)
        return self.parent.is_rewritten or any(node is not None and has_function(node) for node in above)

    def misspelt(self) -> dict[str, str]:
        """Say which parameters that are passed were meant to be which that the one template it can be declares."""
        if self.parameters is None or len(self.children) != 1 or self.missing:
            return {}
        return misspelt(dict(self.parameters.items()), self.children[0].template.parameters)

    def possible(self, *whens: When) -> bool:
        """Whether the stack can exist while all these assumptions hold."""
        return _possible(self.parent, self.resource, *whens)

    @property
    def sure(self) -> bool:
        """Whether no child is matched by its file's name alone."""
        return all(child.certainty != "basename" for child in self.children)


class Tree:
    """The templates of a project, and the nested stacks that link them."""

    def __init__(
        self,
        templates: Mapping[str, Template],
        paths: Iterable[str],
        *,
        template_map: Sequence[TemplateMap] = (),
        inside: Callable[[str], bool] = lambda _: True,
        exists: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """Take what is known of the files; nothing is read.

        Args:
            templates: Templates by path: all absolute, or all relative to one folder.
            paths: All files of the project, to tell a wrong name from an absent file.
            template_map: The configuration's word on URLs.
            inside: Whether a path lies in the project.
            exists: Whether something is on disk at a path, though it is none of `paths`.
        """
        self._templates = templates
        self._path_of = {template: path for path, template in templates.items()}
        self._paths = frozenset(paths) | frozenset(templates)
        self._map = template_map
        self._inside = inside
        self._exists = exists
        self._by_end: dict[str, list[str]] = defaultdict(list)
        self._beside: dict[str, list[str]] = defaultdict(list)
        for path in sorted(templates):
            folder, name = posixpath.split(path)
            self._beside[folder].append(name)
            end = ""
            for segment in reversed(path.split("/")):
                end = f"{segment}/{end}" if end else segment
                self._by_end[end].append(path)

    def links(self, parent: Template) -> Iterator[StackLink]:
        """Yield the nested stacks of a template, in document order."""
        for resource in parent.resources.values():
            location = location_of(resource)
            if location is None:
                continue
            if location.name == "TemplateBody":
                yield StackLink(parent, resource, location, *_inline(location))
                continue
            found = [
                one for one in self._alternatives(parent, resource, location) if _possible(parent, resource, one.when)
            ]
            if len({replace(one, when=frozenset()) for one in found}) == 1:
                found = [replace(found[0], when=frozenset())]
            children = dict.fromkeys(one for one in found if isinstance(one, Child))
            missing = dict.fromkeys(one for one in found if isinstance(one, Missing))
            yield StackLink(parent, resource, location, tuple(children), tuple(missing))

    def _alternatives(self, parent: Template, resource: Resource, location: Node) -> Iterator[Child | Missing]:
        metadata = resource.node.get("Metadata") or resource.node
        hint = metadata.get("stackproof", "template") or metadata.get("aws:asset:path")
        if hint is not None and isinstance(hint.value, str):
            yield self._relative(parent, hint.value, frozenset(), "mapped")
            return
        for case in parent.scope.evaluate(location):
            text = _text(case.value)
            if not text:
                yield Missing("unknown", "*", when=case.when)
            elif "://" in text or "*" in text:
                yield self._by_url(parent, text, case.when, written=location.value == text)
            # The tools that upload a template for its path do so where the path stands as it is.
            elif location.value == text and not _NO_PATH.search(text):
                yield self._relative(parent, text, case.when, "absent")
            else:
                yield self._below(parent, text, case.when) or self._by_url(parent, text, case.when, written=False)

    def _relative(
        self, parent: Template, text: str, when: When, absent: Literal["absent", "mapped"]
    ) -> Child | Missing:
        """Follow a path that `aws cloudformation package` would follow: relative to the parent's folder."""
        if (child := self._below(parent, text, when)) is not None:
            return child
        path = self._joined(parent, text)
        if not self._inside(path):
            return Missing("outside", text, when=when)
        return self._absent(path, text, when, absent)

    def _below(self, parent: Template, text: str, when: When) -> Child | None:
        path = self._joined(parent, text)
        # What stands in SAM's build folder was copied from the same place without it.
        return self._at(path, when) or self._at(path.replace(".aws-sam/build/", "", 1), when)

    def _joined(self, parent: Template, text: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(self._path_of[parent]), text))

    def _at(self, path: str, when: When) -> Child | None:
        for candidate in (path, *(posixpath.join(path, name) for name in _DIRECTORY_TEMPLATES)):
            if candidate in self._templates:
                return Child(self._templates[candidate], "exact", when)
        return None

    def _absent(self, path: str, text: str, when: When, absent: Literal["absent", "mapped"]) -> Missing:
        if path in self._paths or self._exists(path):
            return Missing("unknown", text, when=when)
        folder, name = posixpath.split(path)
        near = [posixpath.join(folder, other) for other in nearest(name, self._beside.get(folder, ()))]
        near = near or self._by_end.get(posixpath.normpath(text), [])
        return Missing(absent, text, self._templates[near[0]] if len(near) == 1 else None, when)

    def _by_url(self, parent: Template, url: str, when: When, *, written: bool) -> Child | Missing:
        """Find the file behind a URL, which may be written out or put together from parameters."""
        for entry in self._map:
            if (rest := _behind(entry.url, url)) is not None:
                path = posixpath.normpath(posixpath.join(entry.path, rest))
                if "*" in rest:
                    return Missing("unknown", url, when=when)
                return self._at(path, when) or self._absent(path, path, when, "mapped")
        segments = _segments(url)
        submodule = _submodule(segments)
        shared, paths = self._longest(segments, submodule)
        if not shared:
            unknown = not segments or "*" in segments[-1]
            return Missing("unknown" if unknown else "submodule" if submodule else "foreign", url, when=when)
        if shared == 1 and len(paths) > _MOST_NAMESAKES:
            return Missing("ambiguous", url, when=when, among=tuple(self._templates[path] for path in paths))
        common = [_common_prefix(self._path_of[parent], path) for path in paths]
        ties = [self._templates[path] for path, length in zip(paths, common, strict=True) if length == max(common)]
        if len({template.root.document.text for template in ties}) > 1:
            return Missing("ambiguous", url, when=when, among=tuple(ties))
        # A URL that is written out and goes on above what it shares may be that of another repository; hardly so where
        # the file lies beside its parent or below.
        folder = posixpath.join(posixpath.dirname(self._path_of[parent]), "")
        near = min(self._path_of[template] for template in ties).startswith(folder)
        sure = shared > 1 and (near or not written or shared == len(segments))
        return Child(ties[0], "suffix" if sure else "basename", when)

    def _longest(self, segments: Sequence[str], submodule: str) -> tuple[int, list[str]]:
        """Find the templates whose paths end as a URL does, in as many segments as possible."""
        shared, paths, end = 0, list[str](), ""
        for segment in reversed(segments):
            # A segment of which the start is not known is the last that can be compared.
            known = segment.removeprefix("*")
            end = f"{known}/{end}" if end else known
            found = [path for path in self._by_end.get(end, ()) if not submodule or submodule in path.split("/")[:-1]]
            if not known or not found:
                break
            shared, paths = shared + 1, found
            if known != segment:
                break
        return shared, paths


def location_of(resource: Resource) -> Node | None:
    """Give the property that says where a nested stack's template is; None for what is no nested stack of ours.

    For a stack set that carries its template, that is the template's text.
    """
    name = _LOCATIONS.get(resource.type)
    node = resource.property(name) if name else None
    if node is None and resource.type == "AWS::CloudFormation::StackSet":
        return resource.property("TemplateBody")
    # An application of the Serverless Application Repository is a mapping of an id and a version.
    if node is None or (isinstance(node.value, dict) and "ApplicationId" in node.value):
        return None
    return node


def listed(parameters: Node) -> Iterator[Passed]:
    """Yield the parameters in a list of keys and values, as stack sets take them."""
    for element in parameters.elements():
        key = element.get("ParameterKey")
        if key is not None and isinstance(key.value, str):
            yield Passed(key.value, key, element.get("ParameterValue") or element)


def _inline(body: Node) -> tuple[tuple[Child, ...], tuple[Missing, ...]]:
    """Read the template that a stack set carries as a text; references in that of a Sub stay as they are."""
    text = body.get("Fn::Sub", 0) or body.get("Fn::Sub") or body
    if isinstance(text.value, str):
        root = parse.embedded(text).root
        if isinstance(root.value, dict) and "Resources" in root.value:
            return (Child(Template(root), "exact"),), ()
    return (), (Missing("unknown", "*"),)


def _text(value: Abstract) -> str:
    """Write a location as far as it is known, unknown parts as `*`; nothing if nothing is known."""
    if isinstance(value, Partial):
        return "".join(part if isinstance(part, str) else "*" for part in value.parts)
    return value if isinstance(value, str) else ""


def _possible(parent: Template, resource: Resource, *whens: When) -> bool:
    """Whether a resource can exist while all these assumptions hold."""
    if not resource.condition:
        return consistent(*whens)
    truths = parent.scope.condition(resource.condition)
    return any(truth.value is True and consistent(truth.when, *whens) for truth in truths)


def _segments(url: str) -> list[str]:
    """Split a URL's path, without scheme, host, query and a path-style bucket."""
    scheme, separator, rest = url.partition("://")
    segments = (rest if separator else scheme).split("?")[0].split("/")
    if separator or ".amazonaws.com" in segments[0]:
        host, *segments = segments
        if host.startswith(("s3.", "s3-")):
            segments = segments[1:]
    return [segment for segment in segments if segment]


def _submodule(segments: Sequence[str]) -> str:
    """Give the name of the git submodule that a Quick Start's URL leads into; empty if it leads into none."""
    for segment, following in pairwise(segments):
        if segment.endswith("submodules") and "*" not in following:
            return following
    return ""


def _common_prefix(left: str, right: str) -> int:
    length = 0
    for a, b in zip(left.split("/")[:-1], right.split("/")[:-1], strict=False):
        if a != b:
            break
        length += 1
    return length


def _behind(pattern: str, url: str) -> str | None:
    """Give what stands behind a mapped prefix, for the shortest prefix that fits; None if none does."""
    for at in range(len(url)):
        if url[at] == "/" and fnmatchcase(url[: at + 1], pattern):
            return url[at + 1 :]
    return None
