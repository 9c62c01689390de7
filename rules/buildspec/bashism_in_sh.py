"""Rule buildspec-bashism-in-sh."""

import re
from collections.abc import Iterator

from validator.buildspec.shell import Part
from validator.buildspec.spec import Buildspec
from validator.document import Region
from validator.project import Project, runs
from validator.rule import Edit, Finding, Severity, rule

_OPERATORS = frozenset({"&>", "&>>", "|&", "<<<"})
_PROGRAMS = frozenset({"source", "shopt", "pushd", "popd", "let", "mapfile", "readarray"})
_EXPANSION = re.compile(r"\$\{(?:!\w|\w+(?:\[[^\]]*\])?(?:/|\^|,|:(?![-=+?])))")
# How the shell is called that is taken anyway.
_SH = frozenset({"sh", "/bin/sh"})


@rule("buildspec-bashism-in-sh", Severity.WARNING)
def check(project: Project) -> Iterator[Finding]:
    """A command needs bash, and CodeBuild runs it by `sh`.

    Without `env.shell` commands are run by `sh`. In AWS's images of Ubuntu that is dash, which does not know `[[`,
    `source`, arrays or `&>`; in those of Amazon Linux it is bash. Reported once in a buildspec: a warning if a project
    runs it in Ubuntu, a note if no project is known, and nothing if all images have bash.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      build:
        commands:
          - if [[ $STAGE == prod* ]]; then make deploy; fi
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    env:
      shell: bash
    phases:
      build:
        commands:
          - if [[ $STAGE == prod* ]]; then make deploy; fi
    ```
    """
    for buildspec in project.buildspecs:
        shell = buildspec.node.get("env", "shell")
        if (shell is not None and shell.value not in _SH) or buildspec.dialect != "sh":
            continue
        where = runs(project.builds_of.get(buildspec, ()))
        systems = {run.image.system.partition(" ")[0] for run in where}
        if systems and systems.isdisjoint({"Ubuntu", ""}):
            continue
        found = list(_needing_bash(buildspec))
        if not found:
            continue
        part, what = found[0]
        certain = bool(where) and systems == {"Ubuntu"}
        image = "" if not certain else f" of {where[0].image.name}"
        message = f"the sh{image or ' of the Ubuntu images'} does not know {what!r}"
        if len(found) > 1:
            message += f", one of {len(found)} things here that need bash"
        yield Finding(
            part.node,
            message,
            "write 'shell: bash' below env" if buildspec.version != "0.1" else "run it by bash: bash -c '…'",
            severity=None if certain else Severity.NOTE,
            fix=_with_bash(buildspec) if shell is None else (),
        )


def _needing_bash(buildspec: Buildspec) -> Iterator[tuple[Part, str]]:
    """Yield what only bash knows, and the name for it."""
    for command in buildspec.commands():
        script = command.script
        if script is None or script.root.syntax.has_error:
            continue
        for part in script.root.walk():
            kind = part.kind
            if kind == "test_command" and part.text.startswith("[["):
                yield part, "[["
            elif kind == "command_name" and part.text in _PROGRAMS:
                yield part, part.text
            elif kind == "expansion" and (found := _EXPANSION.match(part.text)) is not None:
                # To CloudFormation `${!A}` is `${A}`, written so that it puts nothing in.
                if not (script.is_substituted and part.text.startswith("${!")):
                    yield part, found[0] + "…}"
            elif kind == "array":
                yield part, "a=( )"
            elif kind == "process_substitution":
                yield part, "<( )"
            elif kind == "function_definition" and part.text.startswith("function"):
                yield part, "function"
            elif kind in {"file_redirect", "herestring_redirect", "pipeline"}:
                for token in part.tokens:
                    if token.kind in _OPERATORS:
                        yield token, token.kind
            elif kind == "compound_statement" and part.text.startswith("(("):
                yield part, "(("


def _with_bash(buildspec: Buildspec) -> tuple[Edit, ...]:
    """Write the shell below env, where a line can be put in without touching another."""
    node, document = buildspec.node, buildspec.node.document
    phases, env = node.get("phases"), node.get("env")
    if buildspec.version != "0.2" or document.outer is not None or document.format != "yaml" or node.path:
        return ()
    if node.style != "block" or phases is None:
        return ()
    if env is None:
        at = document.text.rfind("\n", 0, phases.key.region.start) + 1
        if document.text[at : phases.key.region.start].strip():
            return ()
        lead = document.text[at : phases.key.region.start]
        text = f"{lead}env:\n{lead}  shell: bash\n"
    else:
        first = next(iter(env.items()), None)
        if env.style != "block" or first is None:
            return ()
        start = first[1].key.region.start
        at = document.text.rfind("\n", 0, start) + 1
        lead = document.text[at:start]
        if lead.strip():
            return ()
        text = f"{lead}shell: bash\n"
    if "\r\n" in document.text:
        text = text.replace("\n", "\r\n")
    return (Edit(document.span(Region(at, at)), text),)
