from collections.abc import Callable, Mapping
from pathlib import Path

from validator.config import Config
from validator.engine.call import Outcome, assigned, call
from validator.project import Project
from validator.registry import Registry
from validator.rule import Finding
from validator.settings import Settings

BUILDSPEC = {"buildspec.yml": "version: 0.2\n"}
REPORT = "document: Document\nyield Finding(document.root, {message})"

Projects = Callable[[Mapping[str, str]], Project]
Rules = Callable[..., Registry]


def outcome(project: Project, registry: Registry, config: Config | None = None) -> Outcome:
    rules = [rule for rule in map(registry.rule, registry.ids) if rule is not None]
    assert not registry.faults
    return call(assigned(rules, config or Config(Path.cwd())), project.subjects)


def messages(outcome: Outcome) -> list[str]:
    return [result.message for _, result in outcome.results if isinstance(result, Finding)]


def test_calls_a_rule_with_every_object_of_its_type(project_of: Projects, rules_of: Rules) -> None:
    registry = rules_of({"seen": REPORT.format(message="document.path")})
    project = project_of({"b/buildspec.yml": "version: 0.2\n", "a/buildspec.yml": "version: 0.2\n"})
    assert messages(outcome(project, registry)) == ["a/buildspec.yml", "b/buildspec.yml"]


def test_calls_a_rule_with_the_objects_of_all_its_types(project_of: Projects, rules_of: Rules) -> None:
    at = "x.root if isinstance(x, Document) else x.documents[0].root"
    registry = rules_of({"seen": f"x: Document | Project\nyield Finding({at}, type(x).__name__)"})
    assert messages(outcome(project_of(BUILDSPEC), registry)) == ["Project", "Document"]


def test_gives_options_and_settings(project_of: Projects, rules_of: Rules) -> None:
    parameters = "document: Document, *, most: int = 3, settings: Settings"
    registry = rules_of({"seen": f"{parameters}\nyield Finding(document.root, f'{{most}} {{settings.partition}}')"})
    config = Config(Path.cwd(), settings=Settings(partition="aws-cn"), options={"pack-seen": {"most": 7}})
    assert messages(outcome(project_of(BUILDSPEC), registry, config)) == ["7 aws-cn"]


def test_a_rule_that_crashes_keeps_no_other_from_running(project_of: Projects, rules_of: Rules) -> None:
    crash = "document: Document\nyield Finding(document.root, 'before')\nraise LookupError('gone\\nand more')"
    found = outcome(project_of(BUILDSPEC), rules_of({"a": crash, "b": REPORT.format(message="'after'")}))
    assert messages(found) == ["before", "after"]
    [fault] = found.faults.values()
    assert (fault.where, fault.message) == ("pack-a", "the rule, at buildspec.yml, crashed: LookupError: gone")
    assert "in check" in fault.details


def test_a_crash_of_each_rule_is_told_once(project_of: Projects, rules_of: Rules) -> None:
    project = project_of({"a/buildspec.yml": "version: 0.2\n", "b/buildspec.yml": "version: 0.2\n"})
    found = outcome(project, rules_of({"a": "document: Document\nyield document.nothing"}))
    assert len(found.faults) == 1


def test_what_is_no_result_is_a_crash(project_of: Projects, rules_of: Rules) -> None:
    found = outcome(project_of(BUILDSPEC), rules_of({"a": "document: Document\nyield 'oops'"}))
    assert found.faults["pack-a"].message.endswith("TypeError: expected a Finding or Undecided, not 'oops'")


def test_a_finding_without_a_place_is_a_crash(project_of: Projects, rules_of: Rules) -> None:
    found = outcome(project_of(BUILDSPEC), rules_of({"a": "document: Document\nyield Finding(None, 'x')"}))
    assert not found.results
    assert "NoneType" in found.faults["pack-a"].message


def test_a_check_that_yields_nothing_at_all_is_a_crash(project_of: Projects, rules_of: Rules) -> None:
    assert "pack-a" in outcome(project_of(BUILDSPEC), rules_of({"a": "document: Document\nreturn None"})).faults


def test_work_under_way_is_collected_when_all_else_is_done(project_of: Projects, rules_of: Rules) -> None:
    # The rule's id comes last and its result too, but it is started first.
    late = "project: Project\nproject.started = True\nyield None\nyield Finding(project.documents[0].root, 'late')"
    seen = "document: Document\nyield Finding(document.root, 'other')"
    project = project_of(BUILDSPEC)
    assert messages(outcome(project, rules_of({"a_late": late, "b": seen}))) == ["other", "late"]
    assert vars(project)["started"]


def test_work_under_way_ends_when_the_run_is_interrupted(project_of: Projects, rules_of: Rules) -> None:
    late = "project: Project\ntry:\n    yield None\nfinally:\n    project.ended = True"
    stop = "document: Document\nyield from ()\nraise KeyboardInterrupt"
    project = project_of(BUILDSPEC)
    try:
        outcome(project, rules_of({"late": late, "stop": stop}))
    except KeyboardInterrupt:
        assert vars(project)["ended"]
    else:
        raise AssertionError


def test_links_that_cannot_be_worked_out_keep_no_rule_from_running(project_of: Projects, rules_of: Rules) -> None:
    project = project_of(BUILDSPEC)
    registry = rules_of({"a": REPORT.format(message="'found'"), "b": "project: Project\nyield from ()"})
    rules = [rule for rule in map(registry.rule, registry.ids) if rule is not None]

    def subjects(types: object) -> list[object]:
        if types == {Project}:
            raise RecursionError
        return [project.documents[0]]

    found = call(assigned(rules, Config(Path.cwd())), subjects)
    assert messages(found) == ["found"]
    assert found.faults["Project"].message == "looking for objects of this type crashed: RecursionError: "
