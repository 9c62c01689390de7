"""Specs of deployed environments: what must be there, and the AWS operations that tell."""

from validator.environment.checks import Call, Check, Expected, Spec, Target
from validator.environment.comparison import Difference
from validator.environment.matchers import Matcher
from validator.environment.spec import EnvironmentSpec, Expectation, Inclusion, Suite, gather, joined, read, suites

__all__ = [
    "Call",
    "Check",
    "Difference",
    "EnvironmentSpec",
    "Expectation",
    "Expected",
    "Inclusion",
    "Matcher",
    "Spec",
    "Suite",
    "Target",
    "gather",
    "joined",
    "read",
    "suites",
]
