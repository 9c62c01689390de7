"""What a document can be."""

from dataclasses import dataclass
from typing import Literal

KindName = Literal[
    "template",
    "pipeline",
    "buildspec",
    "appspec",
    "task definition",
    "parameters",
    "policy",
    "environment",
    "script",
    "samconfig",
    "other",
]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a document was taken for.

    Attributes:
        kind: `other` if it is none of ours.
        form: Which of the forms that the kind has; empty for `other` and for a document that did not parse.

            - template: `cloudformation`, `sam`; either with ` with a pipeline` if it holds one
            - pipeline: `get-pipeline` (the pipeline below `pipeline`), `structure` (bare)
            - buildspec: `0.1`, `0.2`, `unknown version`
            - appspec: `server`, `service`
            - parameters: `codepipeline`, `cli` (a list of ParameterKey and ParameterValue), `overrides` (`Name=value`),
              `deployment` (Git sync's)
            - policy: `identity`, `resource`, `trust`, `scp`, `rcp`, `boundary`, `account-authorization-details`
            - environment: `1`, `legacy`
        why: What says so, for people.
        guessed: Whether the form rests on a name, so that what follows from it is never certain.
        sure: Whether name or content says so. False: it did not parse and little or nothing says that it is ours. An
            `other` that is sure is another tool's file.
        at: For a policy within what some tool prints or reads: keys that lead to it, or to a string that holds it.
    """

    kind: KindName
    form: str = ""
    why: str = ""
    guessed: bool = False
    sure: bool = True
    at: tuple[str, ...] = ()


def name(path: str) -> str:
    """Give the last part of a path, in lower case."""
    return path.rpartition("/")[2].lower()
