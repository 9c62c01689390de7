"""What the commands about environments load: a spec with the project around it, or a stack to be made."""

import os
from dataclasses import replace
from glob import escape
from pathlib import Path

from validator import config, discover
from validator.cli.arguments import UsageError
from validator.cloudformation.stacks import Stack
from validator.config import Config
from validator.environment import EnvironmentSpec, Suite
from validator.project import EnvironmentLink, Project, load
from validator.registry import Registry
from validator.settings import StackFiles
from validator.shape import problems
from validator.suggest import listed


def around(*paths: str, pair: tuple[str, str] | None = None) -> Project:
    """Load the working directory, and files that were named.

    Args:
        paths: The files.
        pair: A template and the parameter file that it is deployed with.

    Raises:
        UsageError: One of the files is not there, or cannot be read.
    """
    for path in paths:
        if not Path(path).is_file():
            raise UsageError(f"{path} is {'a folder' if Path(path).is_dir() else 'not there'}; name a file")
    file = config.find(Path.cwd())
    settled = Config(Path.cwd()) if file is None else config.read(file, os.path.relpath(file), Registry())
    layout = settled.layout
    if pair is not None:
        template, parameters = (escape(os.path.relpath(path, settled.folder)).replace(os.sep, "/") for path in pair)
        layout = replace(layout, stacks=(StackFiles(template, (parameters,)), *layout.stacks))
    here = [os.curdir, *(path for path in paths if not Path(path).resolve().is_relative_to(Path.cwd()))]
    found = discover.files(here, exclude=settled.exclude, root=settled.folder)
    project = load(found, layout=layout, base=settled.folder, exclude=settled.exclude)
    for one in project.files:
        if one.reason and any(_is(one.path, path) for path in paths):
            raise UsageError(f"{one.path}: {one.reason}")
    return project


def suite_of(project: Project, path: str) -> tuple[Suite, tuple[EnvironmentLink, ...]]:
    """Give a spec that nothing is wrong with, with what it includes, and the stacks that it is about.

    Raises:
        UsageError: There is none; says why.
    """
    suite = next((one for one in project.suites if _is(one.root.node.document.path, path)), None)
    if suite is None:
        other = next(
            (one for one in project.suites if any(_is(spec.node.document.path, path) for spec in one.specs)), None
        )
        if other is not None:
            raise UsageError(f"{path} is included by {other.root.node.document.path}; name that")
        raise UsageError(f"{path} is no spec of an environment")
    for spec in suite.specs:
        _refuse_broken(spec)
    return suite, tuple(one for one in project.environment_links if one.suite is suite)


def stack_of(project: Project, template: str, parameters: str | None) -> Stack:
    """Give the root stack that a template makes with a parameter file, or with none.

    Raises:
        UsageError: There is none; says why.
    """
    found = next((one for one in project.templates if _is(one.path, template)), None)
    if found is None:
        raise UsageError(f"{template} is no template")
    roots = [stack for stack in project.stacks if stack.above is None and stack.template == found]
    if parameters is None:
        if len(roots) > 1:
            files = [one.file.file.document.path for one in roots if one.file is not None]
            raise UsageError(f"{template} is deployed in several ways; name one by --parameters: {listed(files)}")
        if not roots:
            raise UsageError(f"{template} is nested in another template; name that")
        return roots[0]
    for root in roots:
        if root.file is not None and _is(root.file.file.document.path, parameters):
            return root
    raise UsageError(f"{parameters} is no parameter file")


def deployed_as(project: Project, root: Stack) -> str:
    """Give the name by which a pipeline deploys a stack; empty if it is not known, or there are several."""
    names = set()
    for one in project.deliveries.deployments:
        node = one.action.configuration("StackName") if one.action is not None else None
        same_file = (one.file.file if one.file is not None else None) == (root.file.file if root.file else None)
        if one.action is not None and node is not None and one.template == root.template and same_file:
            names.add(one.action.pipeline.text(node))
    return (names.pop() or "") if len(names) == 1 else ""


def _refuse_broken(spec: EnvironmentSpec) -> None:
    document = spec.node.document
    for problem in (*document.problems, *problems(spec.node, spec.schema)):
        raise UsageError(f"{document.path}:{problem.at.span.line}: {problem.message}")


def _is(path: str, other: str) -> bool:
    return Path(path).resolve() == Path(other).resolve()
