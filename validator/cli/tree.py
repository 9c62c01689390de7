"""Show stack trees: what reaches the parameters of each nested stack, who uses its outputs, what is wrong where."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from glob import escape
from pathlib import Path

from validator import discover
from validator.cli.arguments import Parser, UsageError, one_of
from validator.cli.console import tell
from validator.cli.proofread import Task, task
from validator.cli.proofread import arguments as common
from validator.cloudformation.outline import outline
from validator.cloudformation.parameters import ParameterLink
from validator.cloudformation.template import Template
from validator.cloudformation.tree import StackLink
from validator.discover import Found
from validator.engine import baseline
from validator.engine.baseline import Baseline
from validator.engine.mask import Mask
from validator.engine.report import Report
from validator.project import File, Project, load
from validator.project.secrets import hidden
from validator.reporters.tree import FORMATS, JUDGED, Shown, writer
from validator.settings import Layout, StackFiles
from validator.suggest import did_you_mean, listed

_FORMS = """expected {"Parameters": {"Name": "value"}}, or [{"ParameterKey": "Name", "ParameterValue": "value"}]"""

_WANTED = "name a file that has Resources, or a folder that holds one"
_SUFFIXES = frozenset({".json", ".template", ".yaml", ".yml"})
_MOST_BESIDE = 50  # more files are not read for a suggestion
_KINDS = {
    "parameters": "a parameter file",
    "buildspec": "a buildspec",
    "policy": "a policy",
    "pipeline": "a pipeline",
    "environment": "a spec of an environment",
}


def arguments(parser: Parser) -> None:
    """Add the command's arguments."""
    common(parser)
    parser.add_argument("--parameters", metavar="FILE", help="what the one template is deployed with")
    parser.add_argument("--format", type=one_of(*FORMATS), default="full", metavar="FORMAT", help=", ".join(FORMATS))
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="accept what `stackproof baseline` wrote there")


def run(given: argparse.Namespace) -> int:
    """Run the command: 0 whatever is found, since it is `check` that judges."""
    work = task(given)
    accepted = baseline.read(given.baseline) if given.baseline else Baseline()
    project, pairs = _loaded(work, given.parameters)
    links = _links(project)
    outlines = [outline(template, links, files) for template, files in pairs]
    # What stands in a whole tree is asked for, also where only its root was named.
    project.given = frozenset(path for one in outlines for path in one.paths)
    report = work.run(project, accepted) if given.format in JUDGED else Report()
    mask = Mask(project.secrets, (file.path for file in project.files))
    secret = hidden(project.templates, project.stack_links)
    # What cannot be read beside the tree does not matter.
    beside = {file.path for file in project.files if file.reason} - project.given
    code = tell(fault for fault in report.faults if fault.where not in beside)
    writer(given.format)(Shown(outlines, report, mask, secret), sys.stdout)
    return code


def _loaded(work: Task, parameters: str | None) -> tuple[Project, list[tuple[Template, list[ParameterLink]]]]:
    """Load what was named and all that is connected with it; give the roots, with what they are deployed with.

    Raises:
        UsageError: Something that was named is not there, or is not what it is named for.
    """
    found = _found(work.paths, work)
    project = _project(work, found, work.config.layout)
    roots = list(_roots(project, found))
    if not roots:
        raise UsageError(f"there is no template in {listed(work.paths)}; {_paired(project, found) or _WANTED}")
    if parameters is None:
        return project, [(root, _files(project, root)) for root in roots]
    if len(roots) > 1:
        raise UsageError(f"--parameters is for one root, found {listed(root.path for root in roots)}; name one of them")
    if Path(parameters).is_dir():
        raise UsageError(f"{parameters} is a folder; name one parameter file")
    [file] = _found([parameters], work)
    pair = StackFiles(_glob(roots[0].path, work), (_glob(file.path, work),))
    project = _project(work, [*found, file], replace(work.config.layout, stacks=(pair,)))
    paired = [link for link in project.parameter_links if link.file.document.path == file.path]
    links = [link for link in paired if link.template.path == roots[0].path]
    if not links:
        raise UsageError(f"{file.path} is no parameter file; {_FORMS}")
    return project, [(links[0].template, links)]


def _found(paths: Iterable[str], work: Task) -> list[Found]:
    """Find files by name, and those in folders."""
    found: dict[Path, Found] = {}
    for path in paths:
        below = list(discover.files([path], exclude=work.config.exclude, root=work.config.folder))
        if not below and not Path(path).is_dir():
            raise UsageError(f"{path} is left out by the configuration's exclude; mend that")
        for one in below:
            if isinstance(one, Found):
                place = one.file.resolve()
                old = found.get(place, one)
                found[place] = replace(old, given=one.given or old.given)
            elif one.given:
                raise UsageError(f"{one.path} {one.reason}; {_near(one.path) or 'name one that is there'}")
    return list(found.values())


def _project(work: Task, found: Iterable[Found], layout: Layout) -> Project:
    """Load files, also of a folder with those around it that its templates nest, or are deployed with."""
    named = (replace(one, given=True) for one in found)
    return load(named, layout=layout, base=work.config.folder, exclude=work.config.exclude)


def _roots(project: Project, found: Sequence[Found]) -> Iterator[Template]:
    """Yield the templates that were named, and of those in folders the ones that no other nests.

    Raises:
        UsageError: A file that was named is no template.
    """
    files = {file.path: file for file in project.files}
    templates = {template.path: template for template in project.templates}
    for one in found:
        if one.given:
            if said := _complaint(files[one.path], project):
                raise UsageError(said)
            yield templates[one.path]
    links = _links(project)
    below = {
        path: [child.template.path for link in links.get(template, ()) for child in link.children]
        for path, template in templates.items()
    }
    candidates = [one.path for one in found if one.path in templates and not one.given]
    nested = {child for path in candidates for child in below[path] if child != path}
    # Of those that nest each other in a circle, the first will do.
    reached = set[str]()
    for path in sorted(candidates, key=lambda path: (path in nested, path)):
        if path not in reached:
            yield templates[path]
        waiting = [path]
        while waiting:
            if (current := waiting.pop()) not in reached:
                reached.add(current)
                waiting += below[current]


def _links(project: Project) -> dict[Template, list[StackLink]]:
    found: dict[Template, list[StackLink]] = {}
    for link in project.stack_links:
        found.setdefault(link.parent, []).append(link)
    return found


def _files(project: Project, root: Template) -> list[ParameterLink]:
    return [link for link in project.parameter_links if link.template == root and not link.guessed]


def _glob(path: str, work: Task) -> str:
    """Write a path as the configuration would."""
    return escape(Path(os.path.relpath(path, work.config.folder)).as_posix())


# --- complaints --------------------------------------------------------------------------------------------------


def _complaint(file: File, project: Project) -> str:
    """Say that a file is no template, and what may have been meant; nothing if it is one."""
    if file.reason:
        return f"{file.path}: {file.reason}"
    problem = file.document.problems[0] if file.document is not None and file.document.broken else None
    if file.kind.kind == "template":
        return f"{file.path}:{problem.at.span.line}: {problem.message}; mend that first" if problem else ""
    if file.kind.kind == "other":
        why = f"line {problem.at.span.line}: {problem.message}" if problem else f"it {file.kind.why}"
        return f"{file.path} is no template: {why}; {_beside(file)}"
    said = f"{file.path} is no template but {_KINDS[file.kind.kind]}"
    return f"{said}; {_paired(project, [file]) or _beside(file)}"


def _paired(project: Project, files: Iterable[File | Found]) -> str:
    """Suggest the template that one of some parameter files is for."""
    paths = {file.path for file in files}
    for link in project.parameter_links:
        path = link.file.document.path
        if path in paths:
            return f"did you mean `stackproof tree {link.template.path} --parameters {path}`?"
    return ""


def _beside(file: File) -> str:
    """Suggest the templates in the folder of a file."""
    names = sorted(str(one) for one in Path(file.path).parent.iterdir() if one.suffix in _SUFFIXES)
    found = [replace(one, given=False) for one in discover.files(names[:_MOST_BESIDE]) if isinstance(one, Found)]
    templates = [template.path for template in load(found).templates]
    return f"templates beside it: {listed(templates)}" if templates else _WANTED


def _near(path: str) -> str:
    try:
        names = [other.name for other in Path(path).parent.iterdir()]
    except OSError:
        return ""
    return did_you_mean(Path(path).name, names)
