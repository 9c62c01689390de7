"""Which parameters a template is deployed with, as commands, samconfig.toml and Git sync say, or only names."""

import posixpath
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from validator.buildspec.calls import ANYTHING, Call
from validator.buildspec.shell import Part
from validator.cloudformation.parameters import Entry, ParameterFile, ParameterLink
from validator.cloudformation.template import Template
from validator.document import Document, Node, Region
from validator.project.commands import Program
from validator.project.links import Finder, Placed

# What reads the parameters of a stack: all that it requires must be given, or what the stack has is kept.
_STACK_COMMANDS = frozenset({"create-stack", "update-stack", "create-change-set"})
_TEMPLATE_OPTIONS = ("--template-file", "--template", "-t", "--template-body")
_PARAMETER_OPTIONS = ("--parameter-overrides", "--parameters")
_ELEMENT = re.compile(
    r"(?:ParameterKey|Key)=(?P<name>[^,=]*)"
    r"(?:,(?:ParameterValue|Value)=(?P<value>(?:[^,\\]|\\.)*(?:,(?!UsePreviousValue=)(?:[^,\\]|\\.)*)*))?"
    r"(?:,UsePreviousValue=(?P<previous>\w+))?",
    re.DOTALL,
)
_OVERRIDE = re.compile(r"(?P<name>[A-Za-z0-9]+)=(?P<value>.*)", re.DOTALL)
_SPLIT = re.compile(r"(?:[^\s\"']|\"[^\"]*\"|'[^']*')+")
_WRITERS = frozenset({
    *("awk", "cp", "envsubst", "jq", "mv", "node", "perl", "python", "python3", "ruby", "sed", "sponge", "tee", "yq")
})  # fmt: skip
_SAM_TEMPLATES = ("template.yaml", "template.yml", "template.json")
_PARAMETER_NAME = re.compile(r"config|param|\benv|dev|test|stag|uat|qa|prod|live|default|values", re.IGNORECASE)
_FOLDERS = re.compile(r"conf|param|env", re.IGNORECASE)
# A file of a few keys may fit many templates.
_FEWEST = 2
_WELL = 0.8


@dataclass(frozen=True, slots=True)
class Files:
    """What parameters and templates there are, by absolute path, and where to look for more."""

    templates: Mapping[str, Template]
    parameters: Mapping[str, ParameterFile]
    roots: frozenset[str]

    def template(self, near: str, path: str) -> Placed[Template] | None:
        """Find the template that a file speaks of."""
        return Finder(near, self.roots).find(path, self.templates)

    def file(self, near: str, path: str) -> Placed[ParameterFile] | None:
        """Find the parameter file that a file speaks of."""
        return Finder(near, self.roots).find(path, self.parameters)


# --- commands ------------------------------------------------------------------------------------------------------


def commanded(program: Program, place: str, files: Files) -> Iterator[ParameterLink]:
    """Yield what the commands of a program pair: `aws cloudformation deploy`, `create-stack`, `sam deploy` …."""
    stays = not any(call.program in {"cd", "pushd"} for call in program.flow.calls)
    packaged: dict[str, str] = {}
    for call in program.flow.calls:
        asked = _asked(call)
        if asked is None:
            continue
        tool, verb, options = asked
        if verb in {"package", "build"}:
            source, made = _path(options, _TEMPLATE_OPTIONS), _path(options, ("--output-template-file",))
            packaged |= {made: source} if made and source else {}
        elif verb == "deploy" or (verb in _STACK_COMMANDS and tool == "aws"):
            path = _path(options, _TEMPLATE_OPTIONS)
            found = files.template(place, packaged.get(path, path)) if path else None
            if found is not None:
                yield from _deployed(_Deployment(program, call, place, files, found, stays), tool, verb, options)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a call, or what stands behind the `=` in it: what it comes to, and where it is written."""

    text: str
    part: Part
    start: int

    @property
    def known(self) -> bool:
        return ANYTHING not in self.text

    @property
    def node(self) -> Node:
        return self.part.script.at(self.start, self.part.end)

    @property
    def source(self) -> str:
        return self.part.script.text[self.start : self.part.end]


def _words(call: Call) -> list[_Word]:
    parts = zip(call.words, call.parts, strict=True)
    return [_Word(texts[0] if len(texts) == 1 else ANYTHING, part, part.start) for texts, part in parts]


def _asked(call: Call) -> tuple[str, str, dict[str, list[_Word]]] | None:
    """Read a call of `aws cloudformation` or `sam`: the tool, what it is asked to do, and its options."""
    if call.program not in {"aws", "sam"}:
        return None
    words = _words(call)
    texts = [word.text for word in words]
    start = 1
    if call.program == "aws":
        if "cloudformation" not in texts:
            return None
        start = texts.index("cloudformation") + 1
    if start >= len(texts):
        return None
    options: dict[str, list[_Word]] = {}
    current = ""
    for word in words[start + 1 :]:
        name, equals, value = word.text.partition("=")
        if word.text.startswith("--") or word.text == "-t":
            current = name
            options.setdefault(current, [])
            if equals:
                options[current].append(_Word(value, word.part, word.start + len(name) + 1))
        elif current:
            options[current].append(word)
    return call.program, texts[start], options


def _path(options: Mapping[str, Sequence[_Word]], names: Iterable[str]) -> str:
    """Give the path that one of some options names; empty if none does, or it is not known."""
    words = next((options[name] for name in names if name in options), ())
    return words[0].text.removeprefix("file://") if len(words) == 1 and words[0].known else ""


@dataclass(frozen=True, slots=True)
class _Deployment:
    program: Program
    call: Call
    place: str
    files: Files
    template: Placed[Template]
    stays: bool


def _deployed(
    one: _Deployment, tool: str, verb: str, options: Mapping[str, Sequence[_Word]]
) -> Iterator[ParameterLink]:
    option = next((name for name in _PARAMETER_OPTIONS if options.get(name)), "")
    words = options.get(option, ())
    template = one.template.what
    written = [word for word in words if not word.text.startswith("file://")]
    entries = _entries(written, tool, verb)
    names = frozenset(entry.name for entry in entries) if entries is not None else None
    for word in words:
        path = word.text.removeprefix("file://")
        if path == word.text or not word.known:
            continue
        file = one.files.file(one.place, path)
        if file is not None:
            certain = one.template.exact and file.exact and one.stays and not _rewritten(one, path)
            yield ParameterLink(file.what, template, certain, word.node, names)
            return
    if not entries or len(written) < len(words):
        return
    # `deploy` leaves parameters that it is not given as the stack has them.
    given = {entry.name for entry in entries if entry.value is not None}
    others = frozenset(template.parameters) - given if verb == "deploy" else (names or frozenset()) - given
    source = ParameterFile(one.program.document, "written", tuple(entries), _option(one, option).node)
    yield ParameterLink(source, template, one.template.exact and one.stays, overridden=others)


def _option(one: _Deployment, option: str) -> _Word:
    """Give the option behind which parameters are written."""
    return next(word for word in _words(one.call) if word.text.partition("=")[0] == option)


def _entries(words: Sequence[_Word], tool: str, verb: str) -> list[Entry] | None:
    """Read parameters that are written in a command; None if some are not known even by name."""
    found: list[Entry] = []
    for word in words:
        parts = _SPLIT.findall(word.text) if tool == "sam" else [word.text]
        for part in parts:
            match = _ELEMENT.fullmatch(part) or (_OVERRIDE.fullmatch(part) if verb == "deploy" else None)
            if match is None or ANYTHING in match["name"] or match["name"] not in word.source:
                return None
            start = word.start + word.source.index(match["name"])
            at = word.part.script.at(start, start + len(match["name"]))
            found.append(Entry(match["name"], at, _value(match, word)))
    return found


def _value(match: re.Match[str], word: _Word) -> Node | None:
    """Give what a parameter is given, at the place where it is written; None if it is not known."""
    text = match["value"]
    if text is None or ANYTHING in text:
        return None
    plain = text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text.replace("\\,", ",")
    start = word.source.find(plain, word.source.index(match["name"])) if plain else -1
    start += word.start
    where = word.part.script.at(start, start + len(plain)) if start >= word.start else word.node
    return Node(where.document, where.path, plain, pinned=where.region)


def _rewritten(one: _Deployment, path: str) -> bool:
    """Whether another command of the program may write a file."""
    name = posixpath.basename(path)
    for call in one.program.flow.calls:
        texts = list(call.writes)
        if call.program in _WRITERS and call is not one.call:
            texts += [text for word in call.words for text in word]
        if any(fnmatchcase(name, posixpath.basename(text)) for text in texts):
            return True
    return False


# --- samconfig.toml ------------------------------------------------------------------------------------------------


def in_samconfig(document: Document, place: str, files: Files) -> Iterator[ParameterLink]:
    """Yield what the environments of a samconfig.toml pair; nothing for one that cannot be read."""
    try:
        environments = tomllib.loads(document.text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    for name, environment in environments.items():
        if not isinstance(environment, dict):
            continue
        settings: dict[str, object] = {}
        for command in ("global", "build", "deploy"):
            section = environment.get(command)
            own = section.get("parameters") if isinstance(section, dict) else None
            settings |= own if isinstance(own, dict) else {}
        overrides = settings.get("parameter_overrides")
        chosen = settings.get("template_file") or settings.get("template")
        paths = [chosen] if isinstance(chosen, str) else _SAM_TEMPLATES
        beside = (posixpath.normpath(posixpath.join(posixpath.dirname(place), path)) for path in paths)
        template = next((files.templates[path] for path in beside if path in files.templates), None)
        if template is None or overrides is None:
            continue
        heading = _setting(document, name)
        entries = _toml_entries(document, overrides, heading)
        if heading is not None and entries:
            given = {entry.name for entry in entries if entry.value is not None}
            source = ParameterFile(document, "written", tuple(entries), heading)
            # What is not given stays as the stack has it.
            yield ParameterLink(source, template, certain=True, overridden=frozenset(template.parameters) - given)


def _setting(document: Document, environment: str) -> Node | None:
    """Find where an environment sets parameter_overrides: for `deploy` rather than for all commands."""
    found: dict[str, Node] = {}
    section = ""
    at = 0
    for line in document.text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped.startswith("[") and "=" not in stripped:
            section = stripped.strip("[] ").replace('"', "")
        elif stripped.startswith("parameter_overrides") and section.startswith(f"{environment}."):
            start = at + line.index("parameter_overrides")
            found[section] = document.root.pin(Region(start, start + len("parameter_overrides")))
        at += len(line)
    return found.get(f"{environment}.deploy.parameters") or found.get(f"{environment}.global.parameters")


def _toml_entries(document: Document, overrides: object, heading: Node | None) -> list[Entry]:
    if heading is None:
        return []
    if isinstance(overrides, dict):
        given = [(name, value) for name, value in overrides.items()]
    else:
        texts = overrides if isinstance(overrides, list) else [overrides]
        parts = [part for text in texts if isinstance(text, str) for part in _SPLIT.findall(text)]
        matches = [_ELEMENT.fullmatch(part) or _OVERRIDE.fullmatch(part) for part in parts]
        given = [(match["name"], match["value"]) for match in matches if match is not None]
    found = []
    end = heading.region.end
    for name, value in given:
        start = document.text.find(name, end)
        at = document.root.pin(Region(start, start + len(name))) if start >= 0 else heading
        end = start + len(name) if start >= 0 else end
        text = value.strip("\"'") if isinstance(value, str) else None
        node = Node(document, (), text, pinned=at.region) if text is not None and "$" not in text else None
        found.append(Entry(name, at, node))
    return found


# --- Git sync ------------------------------------------------------------------------------------------------------


def synced(file: ParameterFile, place: str, files: Files) -> Iterator[ParameterLink]:
    """Yield what a deployment file of Git sync pairs: itself with the template that it names."""
    path = file.document.root.get("template-file-path")
    found = files.template(place, path.value) if path is not None and isinstance(path.value, str) else None
    if found is not None:
        yield ParameterLink(file, found.what, found.exact, path)


# --- names ---------------------------------------------------------------------------------------------------------


def guessed(files: Files, paired: Iterable[ParameterFile], nested: Iterable[Template]) -> Iterator[ParameterLink]:
    """Yield the files that nothing pairs, each with the one template beside it that its keys fit, if there is one."""
    taken, below = set(paired), set(nested)
    roots = {path: template for path, template in files.templates.items() if template not in below}
    for path, file in files.parameters.items():
        if file in taken or file.form in {"deployment", "written"} or not file.names:
            continue
        near = [template for other, template in roots.items() if _near(path, other)]
        fitting = [template for template in near if _fits(file, template)]
        if len(fitting) == 1:
            yield ParameterLink(file, fitting[0], certain=False, guessed=True)


def _near(path: str, template: str) -> bool:
    """Whether a file is named as the parameters of a template beside it, or lies in a folder of such files."""
    folder, name = posixpath.split(path)
    own, template_name = posixpath.split(template)
    stem = template_name.partition(".")[0].lower()
    named = _PARAMETER_NAME.search(name) is not None or name.lower().startswith(stem)
    if folder == own:
        return named
    # `config/prod.json` for `main.yml`, or for `templates/main.yml`.
    above = posixpath.dirname(folder)
    return _FOLDERS.search(posixpath.basename(folder)) is not None and above in {own, posixpath.dirname(own)}


def _fits(file: ParameterFile, template: Template) -> bool:
    known = sum(name in template.parameters for name in file.names)
    required = [name for name, one in template.parameters.items() if one.default is None]
    given = sum(name in file.names for name in required)
    return known >= max(_FEWEST, _WELL * len(file.names)) and given >= _WELL * len(required)


def joined(links: Iterable[ParameterLink]) -> tuple[ParameterLink, ...]:
    """Give one link for each pair of parameters and a template, in order of place."""
    distinct: dict[tuple[object, ...], ParameterLink] = {}
    for link in links:
        where = link.file.heading.region if link.file.form == "written" else ()
        pair = link.file.document.path, where, link.template.path
        distinct[pair] = distinct[pair].joined(link) if pair in distinct else link
    return tuple(distinct[pair] for pair in sorted(distinct))
