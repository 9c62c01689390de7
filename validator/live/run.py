"""A whole run: every check in every place that it is for, side by side, and their outcomes in order."""

import queue
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from validator.document import Value
from validator.environment import Check, Spec, Target
from validator.environment.checks import INTERVAL
from validator.environment.references import UnresolvedError, substitute
from validator.live.calls import READ_SECONDS, Aws, Credentials, connect, default_region
from validator.live.checks import failed, look, skipped
from validator.live.clock import LATE, Clock
from validator.live.outcome import Fault, FaultError, Outcome, Report
from validator.live.place import Place
from validator.live.redaction import told_apart

# Where the specs of the first format have always been looked at.
_LEGACY_REGION = "eu-west-1"
_GRACE = 1.0


class RunError(ValueError):
    """A run that cannot be made; says why, as a message would."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is made.

    Attributes:
        targets: Names of those to look at; needed only where a spec has several.
        variables: Values of variables, by their names, as texts.
        only: Globs on the ids and the tags of checks; all checks where there are none.
        passes: How often to ask before a fault that may pass counts.
        patience: The seconds to wait for an answer to go on.
    """

    targets: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    region: str = ""
    profile: str = ""
    role: str = ""
    endpoint: str = ""
    only: tuple[str, ...] = ()
    workers: int = 8
    passes: int = 3
    patience: float = READ_SECONDS


Told = Callable[[int, int, int, int], None]


@dataclass(frozen=True, slots=True)
class _Unit:
    """One check in one place; `reason` says why it is not looked at."""

    check: Check
    place: Place
    rule: str = ""
    reason: str = ""


class Run:
    """A run that is ready to be made: nothing has been called."""

    def __init__(self, specs: Iterable[Spec], options: Options, clock: Clock) -> None:
        """Find out what is to be looked at; `notes` tell what was taken for granted.

        Raises:
            RunError: The options do not fit the specs, or do not say enough.
            ConnectError: There is nobody to ask as.
        """
        self._options = options
        self._clock = clock
        self._made: dict[tuple[Credentials, str, tuple[str, ...]], Aws] = {}
        self._units: list[_Unit] = []
        self.notes: list[str] = []
        for spec in specs:
            for place in self._places(spec):
                self._units += [self._unit(check, place) for check in spec.checks]

    def __len__(self) -> int:
        """Count what is looked at."""
        return sum(not unit.rule for unit in self._units)

    def make(self, tell: Told | None = None) -> Report:
        """Look.

        Args:
            tell: Told how much of how much is done, how much of it differs, and how much could not be checked.
        """
        found: dict[int, list[Outcome]] = {}
        for number, unit in enumerate(self._units):
            if unit.rule:
                found[number] = skipped(unit.check, unit.place, unit.rule, unit.reason)
        waiting = [number for number in range(len(self._units)) if number not in found]
        interrupted = False
        try:
            places = self._guarded(waiting)
            self._work(waiting, places, found, tell)
        except KeyboardInterrupt:
            interrupted = True
        for number in waiting:
            unit = self._units[number]
            if number not in found:
                if interrupted:
                    found[number] = skipped(unit.check, unit.place, "environment-interrupted", "interrupted")
                else:
                    found[number] = failed(unit.check, unit.place, LATE)
        outcomes = [outcome for number in range(len(self._units)) for outcome in found[number]]
        return Report(told_apart(outcomes), interrupted)

    # --- what is to be done ------------------------------------------------------------------------------------------

    def _places(self, spec: Spec) -> list[Place]:
        options = self._options
        unknown = [name for name, _ in options.variables if not _uses(spec, name)]
        if unknown:
            raise RunError(f"{spec.at.document.path} knows no variable {unknown[0]!r}")
        targets: list[Target | None] = [spec.targets[name] for name in options.targets if name in spec.targets]
        if options.targets and not targets:
            known = ", ".join(spec.targets) or "none"
            raise RunError(f"{spec.at.document.path} has no target {options.targets[0]!r} (targets: {known})")
        if not targets and len(spec.targets) > 1:
            known = ", ".join(spec.targets)
            raise RunError(f"{spec.at.document.path} has several targets: name one of {known} by --target")
        targets = targets or [*spec.targets.values()] or [None]
        return [place for target in targets for place in self._regions(spec, target)]

    def _regions(self, spec: Spec, target: Target | None) -> list[Place]:
        options = self._options
        given = {name: _typed(text, spec, target, name) for name, text in options.variables}
        whole = Place(spec, target, "", Aws(_nobody, self._clock), self._clock, given)
        lookup = whole.lookup(0.0)

        def text(name: str) -> str:
            try:
                return whole.setting(name, lookup)
            except (UnresolvedError, FaultError) as error:
                raise RunError(f"{spec.at.document.path}: {name} of target {whole.name!r}: {error}") from None

        who = Credentials(
            options.profile or text("profile"),
            options.role or text("role_arn"),
            "" if options.role else text("external_id"),
            text("session_name"),
            options.endpoint or text("endpoint_url"),
        )
        regions = [options.region] if options.region else [_region(each, lookup, whole) for each in _named(target)]
        if not regions:
            regions = [default_region(who.profile) or self._legacy_region(spec)]
        if not all(regions):
            name = f"target {whole.name!r}" if whole.name else spec.at.document.path
            raise RunError(f"{name} has no region: name one by --region, or set AWS_REGION")
        return [replace(whole, region=region, aws=self._aws(who, region, spec)) for region in regions]

    def _legacy_region(self, spec: Spec) -> str:
        """Give the region of a spec of the first format, which cannot name one."""
        if not any(check.literal for check in spec.checks):
            return ""
        self.notes.append(f"{spec.at.document.path} is looked at in {_LEGACY_REGION}; name another region by --region")
        return _LEGACY_REGION

    def _aws(self, who: Credentials, region: str, spec: Spec) -> Aws:
        key = (who, region, spec.allowed)
        if key not in self._made:
            client = connect(who, region, self._options.workers, patience=self._options.patience)
            self._made[key] = Aws(client, self._clock, passes=self._options.passes, allowed=spec.allowed)
        return self._made[key]

    def _unit(self, check: Check, place: Place) -> _Unit:
        options = self._options
        if options.only and not any(
            fnmatchcase(name, glob) for glob in options.only for name in (check.id, *check.tags)
        ):
            return _Unit(check, place, "environment-not-asked", "--only leaves it out")
        if check.targets and place.name not in check.targets:
            return _Unit(check, place, "environment-other-target", f"it is for {', '.join(check.targets)}")
        if check.regions and place.region not in check.regions:
            return _Unit(check, place, "environment-other-region", f"it is for {', '.join(check.regions)}")
        if (when := check.when) is not None:
            try:
                holds = when.holds(place.lookup(0.0))
            except (UnresolvedError, FaultError) as error:
                raise RunError(f"{check.at.document.path}: {check.id}: {error}") from None
            if not holds:
                return _Unit(check, place, "environment-when", f"it is for another {when.variable}")
        return _Unit(check, place)

    # --- doing it ----------------------------------------------------------------------------------------------------

    def _guarded(self, waiting: Sequence[int]) -> dict[int, Place]:
        """Ask who answers, where the target says who must, before anything else is asked there."""
        asked: dict[tuple[str, str, int], Fault | None] = {}
        places: dict[int, Place] = {}
        for number in waiting:
            place = self._units[number].place
            key = (place.name, place.region, id(place.spec))
            if key not in asked:
                asked[key] = _wrong_account(place)
            places[number] = replace(place, fault=asked[key])
        return places

    def _work(
        self, waiting: Sequence[int], places: dict[int, Place], found: dict[int, list[Outcome]], tell: Told | None
    ) -> None:
        todo: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        done: queue.SimpleQueue[tuple[int, list[Outcome]]] = queue.SimpleQueue()
        for number in waiting:
            todo.put(number)

        def work() -> None:
            while (number := todo.get()) is not None:
                check, place = self._units[number].check, places[number]
                done.put((number, _settled(check, place)))

        threads = min(self._options.workers, len(waiting))
        for _ in range(threads):
            todo.put(None)
            # A call that hangs must not keep the run from ending.
            threading.Thread(target=work, daemon=True).start()
        differing = failing = 0
        for count in range(1, len(waiting) + 1):
            try:
                left = self._clock.left
                number, outcomes = done.get(timeout=None if left is None else left + _GRACE)
            except queue.Empty:
                return
            found[number] = outcomes
            differing += any(outcome.kind == "differs" for outcome in outcomes)
            failing += any(outcome.kind == "error" for outcome in outcomes)
            if tell is not None:
                tell(count, len(waiting), differing, failing)


def _settled(check: Check, place: Place) -> list[Outcome]:
    """Look at a check, again and again for as long as it says, until it conforms."""
    clock = place.clock
    start = clock.now()
    since, attempts = float("-inf"), 1
    while True:
        try:
            clock.check()
            outcomes, again = look(check, place, attempts=attempts, since=since)
        except FaultError as error:
            return failed(check, place, error.fault, attempts=attempts)
        except Exception as error:  # noqa: BLE001  # a fault of ours must not cost the other checks
            fault = Fault("environment-internal", f"{type(error).__name__}; please report it")
            return failed(check, place, fault, attempts=attempts)
        if check.wait is None or not again or all(outcome.kind == "conforms" for outcome in outcomes):
            return outcomes
        interval, timeout = _times(check, place)
        if clock.now() + interval > start + timeout:
            return outcomes
        try:
            clock.pause(interval)
        except FaultError:
            # What was seen last is more than that there was no time left.
            return outcomes
        since, attempts = clock.now(), attempts + 1


def _times(check: Check, place: Place) -> tuple[float, float]:
    assert check.wait is not None
    wait = check.wait
    if wait.timeout is None or wait.interval is None:
        try:
            wait = check.fill(place.lookup(0.0)).wait or wait
        except (UnresolvedError, FaultError):
            return INTERVAL, 0.0
    # An interval of nothing would ask without end.
    return max(wait.interval if wait.interval is not None else INTERVAL, 0.1), wait.timeout or 0.0


def _wrong_account(place: Place) -> Fault | None:
    """Say why nothing may be looked at: another account answers, or none."""
    try:
        wanted = place.setting("account", place.lookup(0.0))
        if not wanted:
            return None
        answer: Any = place.aws.read("sts", "get_caller_identity")
    except UnresolvedError as error:
        return Fault("environment-unresolved", str(error))
    except FaultError as error:
        return error.fault
    account = str(answer.get("Account", ""))
    if not account:
        return Fault("environment-bad-response", "AWS does not say which account answers")
    if account != wanted:
        return Fault("environment-wrong-account", f"account {account} answers, and target {place.name!r} is {wanted}")
    return None


def _named(target: Target | None) -> tuple[str, ...]:
    return target.regions if target is not None else ()


def _region(written: str, lookup: Any, place: Place) -> str:
    try:
        return str(substitute(written, lookup))
    except (UnresolvedError, FaultError) as error:
        raise RunError(f"{place.spec.at.document.path}: region of target {place.name!r}: {error}") from None


def _uses(spec: Spec, name: str) -> bool:
    named = {*spec.variables, *(variable for target in spec.targets.values() for variable in target.variables)}
    return name in named or f"${{var.{name}}}" in spec.at.document.text


def _typed(text: str, spec: Spec, target: Target | None, name: str) -> Value:
    """Give a variable's value the type of the value whose place it takes."""
    definitions = spec.definitions(target)
    node = definitions.get(f"var.{name}")
    before = node.value if node is not None else None
    if isinstance(before, bool) and text in {"true", "false"}:
        return text == "true"
    if isinstance(before, int) and not isinstance(before, bool) and text.lstrip("-").isdecimal():
        return int(text)
    return text


def _nobody(service: str) -> Any:
    reason = f"only the deployed stack knows, and {service} cannot be asked before it is known where"
    raise FaultError(Fault("environment-unresolved", reason))
