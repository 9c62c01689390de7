"""Specs of deployed environments: what must be there, and the AWS operations that tell."""

from validator.environment.spec import EnvironmentSpec, Expectation

__all__ = ["EnvironmentSpec", "Expectation"]
