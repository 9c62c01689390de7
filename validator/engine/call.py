"""Calling rules: each with every object that it is for. A rule that crashes is a fault, and the others go on."""

import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter

from validator.config import Config
from validator.document import Node
from validator.project import Project
from validator.registry import Fault
from validator.rule import Check, Finding, Result, Rule, Unchecked, Undecided

Subjects = Callable[[Iterable[type]], Iterable[object]]
# The rules for each type of objects, each with its check, which needs nothing but the object any more.
Assigned = Mapping[type, Sequence[tuple[Rule, Check]]]


@dataclass(slots=True)
class Outcome:
    """What rules gave.

    Attributes:
        results: Findings and doubts with their rules, in the order in which they came.
        faults: The first crash of each rule, by its id.
    """

    results: list[tuple[Rule, Result]] = field(default_factory=list)
    faults: dict[str, Fault] = field(default_factory=dict)


def assigned(rules: Iterable[Rule], config: Config) -> Assigned:
    """Say which rules are called with which types of objects, and with what besides; for any number of projects.

    Args:
        rules: The rules, in any order.
        config: Holds the settings and the rules' options.
    """
    by_type: dict[type, list[tuple[Rule, Check]]] = {}
    for rule in sorted(rules, key=attrgetter("id")):
        parameters = _parameters(rule, config)
        check = partial(rule.check, **parameters) if parameters else rule.check
        for target in rule.targets:
            by_type.setdefault(target, []).append((rule, check))
    # The project comes first, so that what its rules start in other processes goes on beside all else.
    return dict(sorted(by_type.items(), key=lambda one: (one[0] is not Project, one[0].__name__)))


def call(rules: Assigned, subjects: Subjects) -> Outcome:
    """Call rules with the objects that they are for.

    Args:
        rules: As `assigned` gives them.
        subjects: Gives every object of some types, in an order that is always the same.
    """
    outcome = Outcome()
    waiting: list[tuple[Rule, object, Iterator[Result | None]]] = []
    try:
        for kind, mine in rules.items():
            for subject in _guarded(subjects, kind, outcome):
                for rule, check in mine:
                    # Here and not in a function: most checks find nothing, and take little longer than a call.
                    try:
                        results = check(subject)
                        for result in results:
                            if result is None:
                                waiting.append((rule, subject, results))
                                break
                            _take(rule, result, outcome)
                    except Exception as error:  # noqa: BLE001  # a rule may fail in any way
                        _fail(rule, subject, error, outcome)
        for rule, subject, results in waiting:
            _finish(rule, subject, results, outcome)
    finally:
        for _, _, results in waiting:
            if isinstance(results, Generator):
                results.close()
    return outcome


def _parameters(rule: Rule, config: Config) -> Mapping[str, object]:
    """Give the options of a rule, and the settings if it asks for them."""
    settings = {rule.settings_parameter: config.settings} if rule.settings_parameter else {}
    return {**config.options.get(rule.id, {}), **settings}


def _finish(rule: Rule, subject: object, results: Iterator[Result | None], outcome: Outcome) -> None:
    """Take what there was to come."""
    try:
        for result in results:
            if result is not None:
                _take(rule, result, outcome)
    except Exception as error:  # noqa: BLE001  # a rule may fail in any way
        _fail(rule, subject, error, outcome)


def _fail(rule: Rule, subject: object, error: Exception, outcome: Outcome) -> None:
    outcome.faults.setdefault(rule.id, _crash(rule.id, f"the rule{_about(subject)}", error))


def _take(rule: Rule, result: Result, outcome: Outcome) -> None:
    """Keep a result, but refuse what is none, or has no place: it must not show up later as anybody else's fault.

    Raises:
        TypeError: It is no result. A place that cannot be worked out may raise anything.
    """
    if not isinstance(result, Finding | Undecided | Unchecked):
        raise TypeError(f"expected a Finding or Undecided, not {result!r}")
    result.at.span  # noqa: B018
    if isinstance(result, Finding):
        for node, _ in result.related:
            node.span  # noqa: B018
    outcome.results.append((rule, result))


def _guarded(subjects: Subjects, kind: type, outcome: Outcome) -> Iterator[object]:
    """Yield the objects of a type, so that links which cannot be worked out keep no other rule from running."""
    try:
        yield from subjects({kind})
    except Exception as error:  # noqa: BLE001  # whatever it is, other types are not concerned
        outcome.faults.setdefault(kind.__name__, _crash(kind.__name__, "looking for objects of this type", error))


def _about(subject: object) -> str:
    node = getattr(subject, "node", None) or getattr(subject, "root", None)
    return f", at {node.document.path}," if isinstance(node, Node) else ""


def _crash(where: str, what: str, error: Exception) -> Fault:
    said = f"{type(error).__name__}: {error}".partition("\n")[0]
    return Fault(where, f"{what} crashed: {said}", "".join(traceback.format_exception(error)))
