"""The project: documents and the links between them, everything that a rule can be called with."""

from validator.project.answers import Answer, PolicyAnswer, Remark, TemplateAnswer
from validator.project.artifacts import ArtifactFile, Build, Deliveries, Deployment
from validator.project.build import BuildLink, BuildProject, ProjectVariable, Run, Setting, runs
from validator.project.environments import EnvironmentLink
from validator.project.files import File
from validator.project.load import load
from validator.project.model import Project
from validator.project.sources import Revision, Source
from validator.project.suppression import Suppression

__all__ = [
    "Answer",
    "ArtifactFile",
    "Build",
    "BuildLink",
    "BuildProject",
    "Deliveries",
    "Deployment",
    "EnvironmentLink",
    "File",
    "PolicyAnswer",
    "Project",
    "ProjectVariable",
    "Remark",
    "Revision",
    "Run",
    "Setting",
    "Source",
    "Suppression",
    "TemplateAnswer",
    "load",
    "runs",
]
