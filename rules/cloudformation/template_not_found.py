"""Rule cloudformation-template-not-found."""

import posixpath
from collections.abc import Iterator

from validator.cloudformation.tree import Missing, StackLink
from validator.rule import Edit, Finding, Result, Severity, Undecided, rule
from validator.suggest import one_edit_apart

# Folders that tools write to; what lies there is not in the repository before they run.
_WRITTEN_BY_TOOLS = frozenset({".aws-sam", ".build", "build", "cdk.out", "dist", "out", "output", "packaged", "target"})


@rule("cloudformation-template-not-found", Severity.ERROR, supersedes=("cfn-lint/W3002",))
def check(link: StackLink) -> Iterator[Result]:
    """A nested stack's template is not where its path leads.

    A path without a scheme is one that `aws cloudformation package` or `sam deploy` uploads, relative to the parent's
    folder, and these fail without the file. A name in another case is found on some machines and not on others.

    It is a warning for a path that the configuration's template map or a hint in Metadata gives, for one that leads out
    of the project, and for one that leads to a template from another folder than the parent's. Nothing is said of URLs
    that are like no file's path, and nothing is decided where only a tool that runs before can have written the file.
    The fix mends a name that is one letter or its case off.

    Bad:

    ```yaml title="parent.yml"
    Resources:
      Web:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: Web.yml}
    ```

    ```yaml title="web.yml"
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```

    Good:

    ```yaml title="parent.yml"
    Resources:
      Web:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: web.yml}
    ```

    ```yaml title="web.yml"
    Resources:
      Topic: {Type: AWS::SNS::Topic}
    ```
    """
    for missing in link.missing:
        if doubt := _doubt(missing):
            yield Undecided(link.location, f"the template of {link.resource.logical_id} {doubt}")
        if doubt or missing.reason in {"foreign", "ambiguous"}:
            continue
        near = missing.near
        elsewhere = near is not None and near.path.endswith(missing.text.removeprefix("./"))
        yield Finding(
            link.location,
            f"{link.resource.logical_id} takes its template from {missing.text!r}, {_trouble(missing)}",
            f"did you mean {near.path!r}?" if near is not None else "mend the path, or add the file",
            severity=Severity.WARNING if elsewhere or missing.reason != "absent" else None,
            related=((near.root, "the file that may have been meant"),) if near is not None else (),
            fix=_renamed(link, missing) if not elsewhere and missing.reason == "absent" else (),
        )


def _renamed(link: StackLink, missing: Missing) -> tuple[Edit, ...]:
    """Write the name of the file beside it that was meant, if it is hardly another."""
    folder, name = posixpath.split(missing.text)
    near = posixpath.basename(missing.near.path) if missing.near is not None else ""
    if link.location.value != missing.text or not (one_edit_apart(name, near) or name.casefold() == near.casefold()):
        return ()
    path = posixpath.join(folder, near)
    plain = all(letter.isalnum() or letter in "-_./" for letter in path) and link.location.style not in {"|", ">"}
    return (Edit.value(link.location, path),) if plain else ()


def _doubt(missing: Missing) -> str:
    if missing.reason in {"absent", "mapped"} and not _WRITTEN_BY_TOOLS.isdisjoint(missing.text.split("/")[:-1]):
        return "is in a folder that tools write to"
    return {
        "submodule": "is in a git submodule that is not checked out",
        "unknown": "is not known before deployment",
    }.get(missing.reason, "")


def _trouble(missing: Missing) -> str:
    if missing.reason == "outside":
        return "outside of the project"
    near = posixpath.basename(missing.near.path) if missing.near is not None else ""
    text = posixpath.basename(missing.text)
    cased = near != text and near.lower() == text.lower()
    return "which is spelled in another case" if cased else "which does not exist"
