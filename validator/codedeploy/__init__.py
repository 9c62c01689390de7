"""CodeDeploy's AppSpec files: what is deployed, and what runs around that."""

from validator.codedeploy.appspec import Appspec, Script

__all__ = ["Appspec", "Script"]
