"""`stackproof verify`, against moto on this machine."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from lxml import etree

Folder = Callable[[Mapping[str, str]], Path]
Run = Callable[..., Any]

XSD = etree.XMLSchema(etree.parse(Path(__file__).parents[1] / "data/junit-10.xsd"))
MOTO = """\
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
"""
SPEC = """\
envspec: 1
vars: {name: web}
targets:
  test: {account: "123456789012", region: eu-central-1}
  prod: {account: "210987654321", region: eu-central-1}
checks:
- {id: topics, call: sns.list_topics, select: "Topics[].TopicArn", expect: {"@": [{matches: ".*:${var.name}"}]}}
- {id: tables, call: dynamodb.list_tables, select: TableNames, count: 0}
"""
LEGACY = "get_role:\n  Name: web\n  Properties:\n    Path: /\n"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Serve moto with one topic in it."""
    with subprocess.Popen(
        [sys.executable, "-c", MOTO],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        url = f"http://127.0.0.1:{int(process.stdout.readline())}"
        session = boto3.Session("testing", "testing", region_name="eu-central-1")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NO_PROXY", "127.0.0.1")
            patch.setenv("no_proxy", "127.0.0.1")
            session.client("sns", endpoint_url=url).create_topic(Name="web")
        yield url
        process.stdin.close()


@pytest.fixture(autouse=True)
def own_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_") or "proxy" in name.lower()]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)


def test_what_conforms_is_0(folder: Folder, stackproof: Run, server: str) -> None:
    folder({"env.yml": SPEC})
    ran = stackproof("verify", "env.yml", "--target", "test", "--endpoint-url", server)
    assert (ran.code, ran.err) == (0, "")
    assert (
        ran.out
        == """\
conforms  topics sns.list_topics (test eu-central-1)
conforms  tables dynamodb.list_tables (test eu-central-1)

2 expectations: 2 conform
"""
    )


def test_what_differs_is_1(folder: Folder, stackproof: Run, server: str) -> None:
    folder({"env.yml": SPEC})
    ran = stackproof(
        "verify", "env.yml", "--target=test", "--var=name=db", "--endpoint-url", server, "--format=concise"
    )
    assert ran.code == 1
    assert ran.out == (
        'env.yml:7:77: differs: topics (sns.list_topics): expected contains {"matches": ".*:db"}, found'
        ' ["arn:aws:sns:eu-central-1:123456789012:web"], and 1 more [environment-value]\n'
    )


def test_what_could_not_be_checked_is_3_and_reported_all_the_same(folder: Folder, stackproof: Run, server: str) -> None:
    where = folder({"env.yml": SPEC})
    ran = stackproof(
        "verify", "env.yml", "--target=prod", "--endpoint-url", server, "--report=junit:out/r.xml", "--format=json"
    )
    assert ran.code == 3
    assert json.loads(ran.out)["summary"] == {"conforms": 0, "differs": 0, "error": 2, "skipped": 0}
    tree = etree.fromstring((where / "out/r.xml").read_bytes())
    assert [element.get("type") for element in tree.iter("error")] == ["environment-wrong-account"] * 2


def test_no_credentials_are_3(folder: Folder, stackproof: Run, monkeypatch: pytest.MonkeyPatch, server: str) -> None:
    folder({"env.yml": SPEC})
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    ran = stackproof("verify", "env.yml", "--target=test", "--endpoint-url", server, "--format=concise")
    assert ran.code == 3
    assert "there are no credentials for AWS" in ran.out


def test_a_check_that_is_a_warning_does_not_fail(folder: Folder, stackproof: Run, server: str) -> None:
    spec = SPEC.replace("count: 0}", "count: 1, severity: warning}")
    where = folder({"env.yml": spec})
    ran = stackproof("verify", "env.yml", "--target=test", "--endpoint-url", server, "--report=junit:r.xml")
    assert ran.code == 0
    assert "differs   tables" in ran.out
    assert not list(etree.fromstring((where / "r.xml").read_bytes()).iter("failure"))


def test_junit_is_valid(folder: Folder, stackproof: Run, server: str) -> None:
    where = folder({"env.yml": SPEC})
    stackproof(
        "verify", "env.yml", "--target=test", "--var=name=\x1b[31m", "--endpoint-url", server, "--report=junit:r.xml"
    )
    text = (where / "r.xml").read_bytes()
    XSD.assertValid(etree.fromstring(text))
    assert b"\x1b" not in text


def test_the_first_format_says_where_it_looks(folder: Folder, stackproof: Run, server: str) -> None:
    folder({"env-details.yml": LEGACY})
    ran = stackproof("verify", "env-details.yml", "--endpoint-url", server, "--format=concise")
    assert ran.code == 1
    assert ran.err == ("stackproof: env-details.yml is looked at in eu-west-1; name another region by --region\n")
    assert stackproof("verify", "env-details.yml", "--region=eu-central-1", "--endpoint-url", server).err == ""


def test_an_operation_that_changes_something_is_refused_before_any_call(folder: Folder, stackproof: Run) -> None:
    folder({"env.yml": SPEC.replace("dynamodb.list_tables", "dynamodb.delete_table")})
    ran = stackproof("verify", "env.yml", "--target=test", "--endpoint-url=http://127.0.0.1:1")
    assert (ran.code, ran.out) == (2, "")
    assert "dynamodb.delete_table" in ran.err


def test_no_configuration_allows_an_operation_that_changes_something(folder: Folder, stackproof: Run) -> None:
    rules = "environment-not-read-only", "environment-unknown-operation"
    off = "".join(f'"{rule}" = "off"\n' for rule in rules)
    folder(
        {
            "env.yml": SPEC.replace("dynamodb.list_tables", "dynamodb.delete_table"),
            "stackproof.toml": f"[severity]\n{off}",
        }
    )
    ran = stackproof("verify", "env.yml", "--target=test", "--endpoint-url=http://127.0.0.1:1")
    assert (ran.code, ran.out) == (2, "")
    assert "dynamodb.delete_table" in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "env.yml:1"),
        ("Resources: {}", "no spec of an environment"),
        ("envspec: 1\nchecks: [{id: a}]", "env.yml:2"),
        (
            "envspec: 1\ntargets: {t: {region: eu-west-1}}\nchecks: [{id: a, output: O, expect: '${var.none}'}]",
            "${var.none}",
        ),
    ],
)
def test_a_broken_spec_is_2(folder: Folder, stackproof: Run, text: str, said: str) -> None:
    folder({"env.yml": text})
    ran = stackproof("verify", "env.yml", "--endpoint-url=http://127.0.0.1:1")
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_spec_that_shows_a_secret_is_followed_all_the_same(folder: Folder, stackproof: Run, server: str) -> None:
    check = "- {id: named, call: dynamodb.list_tables, expect: {TableNames: [hunter2hunter2]}}\n"
    folder({"env.yml": SPEC.replace("vars:", "sensitive: [TableNames]\nvars:") + check})
    ran = stackproof("verify", "env.yml", "--target=test", "--endpoint-url", server, "--format=json")
    assert "[environment-plaintext-secret]" in ran.err
    assert "hunter2" not in ran.err + ran.out
    assert json.loads(ran.out)["summary"] == {"conforms": 2, "differs": 1, "error": 0, "skipped": 0}


@pytest.mark.parametrize(
    "check",
    [
        'select: "TableName", count: 0',
        'select: "TableNames[?@ == `1`]", count: 0',
        "with: {Limmit: 1}, select: TableNames, count: 0",
        "with: {Limit: one}, select: TableNames, count: 0",
        'select: "TableNames[", count: 0',
    ],
)
def test_a_spec_whose_verdicts_would_be_none_is_2(folder: Folder, stackproof: Run, check: str) -> None:
    folder({"env.yml": SPEC.replace("select: TableNames, count: 0", check)})
    ran = stackproof("verify", "env.yml", "--target=test", "--endpoint-url=http://127.0.0.1:1")
    assert (ran.code, ran.out) == (2, "")
    assert "env.yml:8" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["env.yml"], "several targets"),
        (["env.yml", "--target=tets"], "did you mean 'test'"),
        (["env.yml", "--target=test", "--var=nam=1"], "'nam'"),
        (["env.yml", "--var=name"], "NAME=VALUE"),
        (["env.yml", "--deadline=soon"], "a time such as"),
        (["none.yml"], "none.yml"),
        (["."], "folder"),
        ([], "SPEC"),
        (["env.yml", "--target=test", "--profile=none"], "no profile 'none'"),
        (["env.yml", "--target=test", "--endpoint-url=localhost"], "is no endpoint"),
    ],
)
def test_wrong_arguments_are_2(folder: Folder, stackproof: Run, arguments: list[str], said: str) -> None:
    folder({"env.yml": SPEC})
    ran = stackproof("verify", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_includes_are_read(folder: Folder, stackproof: Run, server: str) -> None:
    head, _, checks = SPEC.partition("checks:\n")
    folder({"env.yml": f"{head}include: [more/checks.yml]\n", "more/checks.yml": f"envspec: 1\nchecks:\n{checks}"})
    ran = stackproof("verify", "env.yml", "--target=test", "--endpoint-url", server, "--format=json")
    assert [check["spec"] for check in json.loads(ran.out)["checks"]] == ["more/checks.yml"] * 2


def test_the_same_report_every_time(folder: Folder, stackproof: Run, server: str) -> None:
    folder({"env.yml": SPEC})
    runs = [
        stackproof("verify", "env.yml", "--target=test", "--endpoint-url", server, "--format=json", jobs)
        for jobs in ("--jobs=1", "--jobs=8")
    ]
    assert runs[0].out == runs[1].out
