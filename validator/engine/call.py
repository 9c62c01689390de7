"""Calling rules: each with every object that it is for. A rule that crashes is a fault, and the others go on."""

import traceback
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter

from validator.config import Config
from validator.document import Node
from validator.project import Project
from validator.registry import Fault
from validator.rule import Finding, Result, Rule, Unchecked, Undecided

Subjects = Callable[[Iterable[type]], Iterable[object]]


@dataclass(slots=True)
class Outcome:
    """What rules gave.

    Attributes:
        results: Findings and doubts with their rules, in the order in which they came.
        faults: The first crash of each rule, by its id.
    """

    results: list[tuple[Rule, Result]] = field(default_factory=list)
    faults: dict[str, Fault] = field(default_factory=dict)


def call(rules: Iterable[Rule], subjects: Subjects, config: Config) -> Outcome:
    """Call rules with the objects that they are for.

    Args:
        rules: The rules, in any order.
        subjects: Gives every object of some types, in an order that is always the same.
        config: Holds the settings and the rules' options.
    """
    outcome = Outcome()
    by_type: dict[type, list[tuple[Rule, Mapping[str, object]]]] = defaultdict(list)
    for rule in sorted(rules, key=attrgetter("id")):
        parameters = _parameters(rule, config)
        for target in rule.targets:
            by_type[target].append((rule, parameters))
    waiting: list[tuple[Rule, object, Iterator[Result | None]]] = []
    try:
        # The project comes first, so that what its rules start in other processes goes on beside all else.
        for types in ({Project} & by_type.keys(), by_type.keys() - {Project}):
            for subject in _guarded(subjects, types, outcome):
                for rule, parameters in by_type[type(subject)]:
                    if (results := _start(rule, subject, parameters, outcome)) is not None:
                        waiting.append((rule, subject, results))
        for rule, subject, results in waiting:
            while _drain(rule, subject, results, outcome):
                pass
    finally:
        for _, _, results in waiting:
            if isinstance(results, Generator):
                results.close()
    return outcome


def _parameters(rule: Rule, config: Config) -> Mapping[str, object]:
    """Give the options of a rule, and the settings if it asks for them."""
    settings = {rule.settings_parameter: config.settings} if rule.settings_parameter else {}
    return {**config.options.get(rule.id, {}), **settings}


def _start(
    rule: Rule, subject: object, parameters: Mapping[str, object], outcome: Outcome
) -> Iterator[Result | None] | None:
    """Take what a rule finds at one object; give what there is to come when all other rules are done, if anything."""
    try:
        results = rule.check(subject, **parameters)
    except Exception as error:  # noqa: BLE001  # a rule may fail in any way
        _fail(rule, subject, error, outcome)
        return None
    return results if _drain(rule, subject, results, outcome) else None


def _drain(rule: Rule, subject: object, results: Iterator[Result | None], outcome: Outcome) -> bool:
    """Take a rule's results, up to its crash if it has one; say whether there are more when all others are done."""
    try:
        for result in results:
            if result is None:
                return True
            _check(result)
            outcome.results.append((rule, result))
    except Exception as error:  # noqa: BLE001  # a rule may fail in any way
        _fail(rule, subject, error, outcome)
    return False


def _fail(rule: Rule, subject: object, error: Exception, outcome: Outcome) -> None:
    outcome.faults.setdefault(rule.id, _crash(rule.id, f"the rule{_about(subject)}", error))


def _check(result: object) -> None:
    """Refuse what is no result, or has no place: it must not show up later as anybody else's fault.

    Raises:
        TypeError: It is no result. A place that cannot be worked out may raise anything.
    """
    if not isinstance(result, Finding | Undecided | Unchecked):
        raise TypeError(f"expected a Finding or Undecided, not {result!r}")
    result.at.span  # noqa: B018
    if isinstance(result, Finding):
        for node, _ in result.related:
            node.span  # noqa: B018


def _guarded(subjects: Subjects, types: Iterable[type], outcome: Outcome) -> Iterator[object]:
    """Yield objects, type by type, so that links which cannot be worked out keep no other rule from running."""
    for one in sorted(types, key=lambda one: one.__name__):
        try:
            yield from subjects({one})
        except Exception as error:  # noqa: BLE001  # whatever it is, other types are not concerned
            outcome.faults.setdefault(one.__name__, _crash(one.__name__, "looking for objects of this type", error))


def _about(subject: object) -> str:
    node = getattr(subject, "node", None) or getattr(subject, "root", None)
    return f", at {node.document.path}," if isinstance(node, Node) else ""


def _crash(where: str, what: str, error: Exception) -> Fault:
    said = f"{type(error).__name__}: {error}".partition("\n")[0]
    return Fault(where, f"{what} crashed: {said}", "".join(traceback.format_exception(error)))
