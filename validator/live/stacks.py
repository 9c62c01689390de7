"""The stacks of one account and region as they are deployed, and what is in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from validator.document import Value
from validator.live.calls import Aws
from validator.live.outcome import Fault, FaultError, MissingError, NoStackError
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
        [described, *_] = self._read("describe_stacks", name, path, "Stacks") or [None]
        if not isinstance(described, dict):
            # That there is no such stack is told by an error.
            raise FaultError(_strange("describe_stacks"))
        stack = dict(described)
        stack["Parameters"] = {one["ParameterKey"]: one.get("ParameterValue") for one in stack.get("Parameters", [])}
        stack["Outputs"] = {one["OutputKey"]: one.get("OutputValue") for one in stack.get("Outputs", [])}
        return stack

    def hidden(self, path: str) -> frozenset[str]:
        """List the parameters that a stack's template hides: the stack itself must not be trusted to hide them.

        Raises:
            MissingError: There is no such stack.
            FaultError: That cannot be found out.
        """
        found = self._read("get_template_summary", self._name(path), path, "Parameters")
        shown = {one["ParameterKey"] for one in found if not one.get("NoEcho")}
        return frozenset(self.stack(path)["Parameters"]) - shown

    def resource(self, path: str) -> Deployed:
        """Find the resource at a path.

        Raises:
            MissingError: There is none.
            FaultError: That cannot be found out.
        """
        self._be_at_rest()
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
        self._be_at_rest()
        waiting = [(under, self._name(under))]
        while waiting:
            path, name = waiting.pop()
            nested = []
            try:
                members = self._members(path, name)
            except MissingError:
                if path == under:
                    raise
                # A nested stack that is not there has none.
                continue
            for deployed in members:
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
        self._be_at_rest()
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
        self._be_at_rest()
        around, _, own = path.rpartition("/")
        stack = self.stack(around)
        where = f"the stack {_shown(around, self.root)}"
        if own not in stack["Parameters"]:
            raise MissingError(f"{where} has no parameter {own!r}")
        if own in self.hidden(around):
            raise MissingError(f"{where} hides its parameter {own!r}")
        value: Value = stack["Parameters"][own]
        return value

    def _be_at_rest(self) -> None:
        """Go on only if the root stack is not being changed: what is asked for would be old here and new there.

        Raises:
            MissingError: There is none.
            FaultError: It is, or that cannot be found out.
        """
        state = str(self.stack("").get("StackStatus"))
        if in_progress(state):
            raise FaultError(busy(self.root, state))

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
        return [
            Deployed(
                f"{path}/{row['LogicalResourceId']}".lstrip("/"),
                row.get("PhysicalResourceId", ""),
                row.get("ResourceType", ""),
                row.get("ResourceStatus", ""),
            )
            for row in self._read("list_stack_resources", name, path, "StackResourceSummaries")
            if row.get("LogicalResourceId")
        ]

    def _read(self, operation: str, name: str, path: str, key: str) -> list[Any]:
        """Give the list of things in an answer about a stack."""
        try:
            answer: Any = self.aws.read("cloudformation", operation, {"StackName": name}, since=self.since)
        except FaultError as error:
            if error.fault.code == "ValidationError" and "does not exist" in error.fault.reason:
                missing = NoStackError if name == self.root else MissingError
                raise missing(f"there is no stack {_shown(path, name)}") from None
            raise
        if not isinstance(answer, dict) or not isinstance(answer.get(key), list):
            raise FaultError(_strange(operation))
        found: list[Any] = answer[key]
        return found


def in_progress(state: str) -> bool:
    """Say whether a state of a stack passes; one that was only reviewed stays so, without any resources."""
    return state.endswith("_IN_PROGRESS") and state != "REVIEW_IN_PROGRESS"


def _strange(operation: str) -> Fault:
    return Fault("environment-bad-response", f"cloudformation.{operation} is answered, but not as AWS does")


def busy(name: str, state: str) -> Fault:
    """Say that a stack is being changed."""
    return Fault("environment-stack-busy", f"the stack {name!r} is being changed: {state}", passing=True)


def _shown(path: str, name: str) -> str:
    return repr(path if path not in {"", "."} else name)
