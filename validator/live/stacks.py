"""The stacks of one account and region as they are deployed, and what is in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from validator.document import Value
from validator.live.calls import Aws
from validator.live.outcome import Fault, FaultError, MissingError
from validator.suggest import did_you_mean

STACK = "AWS::CloudFormation::Stack"
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Deployed:
    """One resource of a stack.

    Attributes:
        path: Logical ids of the nested stacks around it, then its own, with slashes between.
        id: Its physical id.
    """

    path: str
    id: str
    type: str
    status: str


@dataclass(frozen=True, slots=True)
class Stacks:
    """The tree below one root stack.

    Attributes:
        root: Its name; empty if nobody says.
        since: Since when it must have been looked at.
    """

    aws: Aws
    root: str
    since: float = float("-inf")

    def stack(self, path: str) -> dict[str, Any]:
        """Describe the stack at a path: a dot or nothing for the root. Parameters and outputs stand by their names.

        Raises:
            MissingError: There is none.
            FaultError: It cannot be looked at.
        """
        name = self._name(path)
        found: Any = self._read("describe_stacks", name, path)
        stacks = found.get("Stacks", [])
        if not stacks:
            raise MissingError(f"there is no stack {_shown(path, name)}")
        stack = dict(stacks[0])
        stack["Parameters"] = {one["ParameterKey"]: one.get("ParameterValue") for one in stack.get("Parameters", [])}
        stack["Outputs"] = {one["OutputKey"]: one.get("OutputValue") for one in stack.get("Outputs", [])}
        return stack

    def hidden(self, path: str) -> frozenset[str] | None:
        """List the parameters that a stack's template hides; None if that cannot be found out.

        The stack itself must not be trusted to hide them.
        """
        try:
            found: Any = self._read("get_template_summary", self._name(path), path)
        except (FaultError, MissingError):
            return None
        return frozenset(one["ParameterKey"] for one in found.get("Parameters", []) if one.get("NoEcho"))

    def resource(self, path: str) -> Deployed:
        """Find the resource at a path.

        Raises:
            MissingError: There is none.
            FaultError: That cannot be found out.
        """
        around, _, own = path.rpartition("/")
        members = {deployed.path.rpartition("/")[2]: deployed for deployed in self._members(around, self._name(around))}
        if (found := members.get(own)) is None:
            near = did_you_mean(own, members)
            where = f"the stack {_shown(around, self.root)}"
            raise MissingError(f"there is no {own!r} in {where}" + (f"; {near}" if near else ""))
        if found.status == "DELETE_COMPLETE" or not found.id:
            why = "has been deleted" if found.status == "DELETE_COMPLETE" else "has not been created"
            raise MissingError(f"{own!r} {why}")
        return found

    def resources(self, under: str = "") -> Iterator[Deployed]:
        """Yield all resources below a stack, those of nested stacks behind the stack's own row.

        Raises:
            MissingError: There is no such stack.
            FaultError: It cannot be looked at.
        """
        waiting = [(under, self._name(under))]
        while waiting:
            path, name = waiting.pop()
            nested = []
            for deployed in self._members(path, name):
                if deployed.status == "DELETE_COMPLETE" or not deployed.id:
                    continue
                yield deployed
                if deployed.type == STACK:
                    nested.append((deployed.path, deployed.id))
            waiting += reversed(nested)

    def output(self, path: str) -> Value:
        """Give the value of an output.

        Raises:
            MissingError: There is none.
            FaultError: That cannot be found out.
        """
        around, _, own = path.rpartition("/")
        outputs = self.stack(around)["Outputs"]
        if own not in outputs:
            near = did_you_mean(own, outputs)
            where = f"the stack {_shown(around, self.root)}"
            raise MissingError(f"{where} has no output {own!r}" + (f"; {near}" if near else ""))
        value: Value = outputs[own]
        return value

    def parameter(self, path: str) -> Value:
        """Give the value of a parameter that its template does not hide.

        Raises:
            MissingError: There is none, or none that may be shown.
            FaultError: That cannot be found out.
        """
        around, _, own = path.rpartition("/")
        stack = self.stack(around)
        where = f"the stack {_shown(around, self.root)}"
        if own not in stack["Parameters"]:
            raise MissingError(f"{where} has no parameter {own!r}")
        hidden = self.hidden(around)
        if hidden is None or own in hidden:
            raise MissingError(f"{where} hides its parameter {own!r}")
        value: Value = stack["Parameters"][own]
        return value

    def _name(self, path: str) -> str:
        """Give the name or the ARN of the stack at a path."""
        if not self.root:
            raise FaultError(Fault("environment-unresolved", "no stack is named: the target has no `stack`"))
        name, at = self.root, ""
        steps = [step for step in path.split("/") if step not in {"", "."}]
        if len(steps) > _DEEPEST:
            raise MissingError(f"there is no stack {path!r}")
        for step in steps:
            found = {one.path.rpartition("/")[2]: one for one in self._members(at, name)}.get(step)
            if found is None or not found.id or found.status == "DELETE_COMPLETE":
                raise MissingError(f"there is no {step!r} in the stack {_shown(at, self.root)}")
            if found.type != STACK:
                raise MissingError(f"{step!r} in the stack {_shown(at, self.root)} is no stack but {found.type}")
            at, name = f"{at}/{step}".lstrip("/"), found.id
        return name

    def _members(self, path: str, name: str) -> list[Deployed]:
        found: Any = self._read("list_stack_resources", name, path)
        return [
            Deployed(
                f"{path}/{row['LogicalResourceId']}".lstrip("/"),
                row.get("PhysicalResourceId", ""),
                row.get("ResourceType", ""),
                row.get("ResourceStatus", ""),
            )
            for row in found.get("StackResourceSummaries", [])
            if row.get("LogicalResourceId")
        ]

    def _read(self, operation: str, name: str, path: str) -> Value:
        try:
            return self.aws.read("cloudformation", operation, {"StackName": name}, since=self.since)
        except FaultError as error:
            if error.fault.code == "ValidationError" and "does not exist" in error.fault.reason:
                raise MissingError(f"there is no stack {_shown(path, name)}") from None
            raise


def _shown(path: str, name: str) -> str:
    return repr(path if path not in {"", "."} else name)
