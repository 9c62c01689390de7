"""CodeBuild buildspecs: what a build runs, reads and hands on."""

from validator.buildspec.spec import PHASES, Artifact, Buildspec, Command, Variable

__all__ = ["PHASES", "Artifact", "Buildspec", "Command", "Variable"]
