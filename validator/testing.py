"""The public kit for authors of rules: their tests are text in, findings out.

from validator.testing import check_rule, findings, rule_ids

def test_points_at_the_star() -> None:
    [finding] = findings("acme-star", {"policy.json": '{"Statement": []}'})
    assert finding.at.span.line == 1

@pytest.mark.parametrize("rule_id", rule_ids("acme-rules"))
def test_documentation(rule_id: str) -> None:
    check_rule(rule_id)
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from validator import config, discover, fix
from validator.config import Config
from validator.docs import documentation
from validator.engine.run import chosen, examine
from validator.online import RULES, Reply, Request, ask
from validator.project import Project, Suppression, load
from validator.registry import Registry
from validator.rule import Finding, Result, Rule, Undecided

# What rules under test take for today, so that no test depends on the day of its run.
TODAY = date(2026, 11, 23)


def findings(rule_id: str, files: Mapping[str, str], **options: object) -> list[Finding]:
    """Run one rule over a project.

    Args:
        rule_id: The id of an installed rule.
        files: Texts by path; one named `stackproof.toml` is the configuration, one named `aws.json` holds what AWS says
            when it is asked: for each operation a list of replies, in the order of the documents.
        options: The rule's options.

    Returns:
        Its findings in order of place, each defect once, suppressed or not.

    Raises:
        AssertionError: There is no such rule, or it crashed.
    """
    return [result for result in _results(rule_id, files, options) if isinstance(result, Finding)]


def undecided(rule_id: str, files: Mapping[str, str], **options: object) -> list[Undecided]:
    """Run one rule over a project, as `findings` does, and give what it could not decide."""
    return [result for result in _results(rule_id, files, options) if isinstance(result, Undecided)]


def rule_ids(distribution: str) -> tuple[str, ...]:
    """List the ids of the rules that a distribution brings."""
    families = [one for one in registry().families.values() if one.entry.distribution == distribution]
    return tuple(sorted(name for family in families for name in family.modules))


def check_rule(rule_id: str) -> None:
    """Hold a rule to what its documentation says, which it must have.

    It has a title and a Bad and a Good example at least; it reports every Bad example and no Good one; where it offers
    fixes, the fixed example is good.

    Raises:
        AssertionError: Says all that is wrong.
    """
    found = documentation(_rule(rule_id))
    wrong = [] if found.title else ["it has no docstring"]
    for bad, word in ((True, "Bad"), (False, "Good")):
        if not any(example.bad is bad and example.files for example in found.examples):
            wrong.append(f"it has no {word} example")
    for number, example in enumerate(found.examples, 1):
        reported = findings(rule_id, example.files)
        if example.bad and not reported:
            wrong.append(f"example {number} is Bad, and it reports nothing")
        if not example.bad:
            wrong += [f"example {number} is Good, and it reports: {finding.message}" for finding in reported]
        if any(finding.fix for finding in reported):
            left = findings(rule_id, _fixed(example.files, reported))
            wrong += [f"example {number} is fixed, and it still reports: {one.message}" for one in left if one.fix]
    assert not wrong, f"rule {rule_id}:\n" + "\n".join(f"- {line}" for line in wrong)


@cache
def registry() -> Registry:
    """Give the installed rules, imported as they are asked for."""
    return Registry()


def _rule(rule_id: str) -> Rule:
    rule = registry().rule(rule_id)
    faults = "".join(f"\n{fault.where}: {fault.message}\n{fault.details}" for fault in registry().faults)
    assert rule is not None, f"there is no rule {rule_id!r} that can be loaded{faults}"
    return rule


def _fixed(files: Mapping[str, str], reported: list[Finding]) -> dict[str, str]:
    edits = fix.plan([finding.fix for finding in reported], files).edits
    return {path: fix.edited(text, edits.get(path, ())) for path, text in files.items()}


def _results(rule_id: str, files: Mapping[str, str], options: Mapping[str, object]) -> list[Result]:
    rule = _rule(rule_id)
    with _project(files) as (project, found):
        # What suppressions come to is known only if the rules that they name have run.
        select = () if Suppression in rule.targets else (rule_id,)
        given = {**found.options.get(rule_id, {}), **options}
        settled = replace(found, select=select, ignore=(), severity={}, options={**found.options, rule_id: given})
        rules = chosen(project, settled, registry())
        outcome = examine(project, rules, settled, registry()).outcome
    crashes = [f"{fault.message}\n{fault.details}" for fault in outcome.faults.values()]
    assert not crashes, "\n".join(crashes)
    own = dict.fromkeys(result for by, result in outcome.results if by is rule)
    return sorted(own, key=lambda result: result.at.span)


@contextlib.contextmanager
def _project(files: Mapping[str, str]) -> Iterator[tuple[Project, Config]]:
    """Write files to a folder of their own, be there, and load them as a run would."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for path, text in files.items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_bytes(text.encode())
        place = Path(folder).resolve()
        own = Path(config.NAME)
        found = config.read(own, config.NAME, registry()) if config.NAME in files else Config(place)
        found = replace(found, settings=replace(found.settings, today=TODAY))
        project = load(discover.files([os.curdir], root=place), layout=found.layout, base=place)
        if "aws.json" in files:
            replies = {name: iter(each) for name, each in json.loads(files["aws.json"]).items()}

            def send(requests: Sequence[Request]) -> dict[Request, Reply]:
                return {one: _reply(next(replies.get(one.operation, iter(())), {})) for one in requests}

            project.answers = ask(project, found.settings, RULES, send)
        yield project, found


def _reply(reply: Mapping[str, Any]) -> Reply:
    """Make a reply of its recording: the `error` of a template, the `findings` of a policy, or a `failure`."""
    return Reply(reply.get("error", ""), tuple(reply.get("findings", ())), reply.get("failure", ""))
