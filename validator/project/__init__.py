"""The project: documents and the links between them, everything that a rule can be called with."""

from validator.project.answers import Answer, PolicyAnswer, Remark, TemplateAnswer
from validator.project.artifacts import ArtifactFile, Build, Deliveries, Deployment
from validator.project.build import BuildLink, BuildProject
from validator.project.files import File
from validator.project.load import load
from validator.project.model import Project
from validator.project.suppression import Suppression

__all__ = [
    "Answer",
    "ArtifactFile",
    "Build",
    "BuildLink",
    "BuildProject",
    "Deliveries",
    "Deployment",
    "File",
    "PolicyAnswer",
    "Project",
    "Remark",
    "Suppression",
    "TemplateAnswer",
    "load",
]
