"""`check --online`, against moto and against small servers that speak as AWS does; all of them on this machine."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from validator.online import Aws, Request

Run = Callable[..., Any]
Folder = Callable[[Mapping[str, str]], Path]
Reply = tuple[int, str]

TEMPLATE = "Resources:\n  Topic: {Type: AWS::SNS::Topic}\n"
POLICY = json.dumps({
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["s3:GetObject", "iam:PassRole"], "Resource": "*"},
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"},
    ],
}, indent=2)  # fmt: skip
ROLE = """\
Parameters:
  Password: {Type: String, NoEcho: true, Default: correct-horse}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: known
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - Effect: Allow
                Action: s3:GetObject
                Resource: !Sub arn:${AWS::Partition}:s3:::bucket/*
        - PolicyName: open
          PolicyDocument:
            Statement: [{Effect: Allow, Action: s3:GetObject, Resource: !GetAtt Bucket.Arn}]
"""
ANSWER = (
    '<ValidateTemplateResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><ValidateTemplateResult>'
    "<Parameters/></ValidateTemplateResult></ValidateTemplateResponse>"
)
MOTO = """\
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
"""


def refused(code: str, message: str = "", status: int = 400) -> Reply:
    """Refuse as CloudFormation does."""
    return status, f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"


def found(*findings: Mapping[str, Any], following: str = "") -> Reply:
    """Answer as Access Analyzer does."""
    return 200, json.dumps({"findings": findings} | ({"nextToken": following} if following else {}))


def fault(code: str, *path: Mapping[str, Any], level: str = "ERROR", text: str = "It is wrong.") -> dict[str, Any]:
    position = {"line": 1, "column": 0, "offset": 0}
    return {
        "findingType": level,
        "issueCode": code,
        "findingDetails": text,
        "learnMoreLink": "https://docs.aws.amazon.com/checks",
        "locations": [{"path": path, "span": {"start": position, "end": position}}],
    }


@dataclass
class Service:
    """What answers in the place of AWS, and what it was asked."""

    template: Callable[[str], Reply] = lambda _: (200, ANSWER)
    policy: Callable[[dict[str, Any], str], Reply] = lambda _, __: found()
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(service: Service) -> Iterator[Service]:
    """Have a service answer on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            path, _, query = self.path.partition("?")
            if path == "/policy/validation":
                service.asked.append(json.loads(body))
                token = parse_qs(query).get("nextToken", [""])[0]
                status, text = service.policy(json.loads(body), token)
            else:
                service.asked.append({name: values[0] for name, values in parse_qs(body).items()})
                status, text = service.template(parse_qs(body)["TemplateBody"][0])
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.send_header("x-amzn-ErrorType", "".join(json.loads(text).get("code", ())) if text[:1] == "{" else "")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let nothing of this machine's own set-up for AWS play a part."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "never-shown",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_CONFIG_FILE": str(tmp_path / "no-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "no-credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
        "NO_PROXY": "*",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def online(stackproof: Run) -> Run:
    """Run the two rules that speak for AWS against a service."""

    def run(service: Service, *arguments: str) -> Any:
        with serving(service):
            return stackproof("check", "--select", "aws", "--online", "--endpoint-url", service.url, *arguments)

    return run


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """Start moto's server, and give its address."""
    with subprocess.Popen(
        [sys.executable, "-c", MOTO], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        assert port, "moto did not start"
        yield f"http://127.0.0.1:{port}"


# --- never without the flag --------------------------------------------------------------------------------------

SILENT = """\
import json, socket, sys
def refuse(*arguments):
    raise AssertionError("a socket was opened")
class Socket(socket.socket):
    connect = connect_ex = bind = refuse
socket.socket = Socket
socket.create_connection = socket.getaddrinfo = refuse
from validator.cli import main
code = main(["check", "--format", "json", "--ignore", "cfn-lint"])
print(json.dumps([code, [name for name in sys.modules if name.partition(".")[0] in ("boto3", "botocore", "urllib3")]]),
      file=sys.stderr)
"""


def test_without_the_flag_nothing_is_asked(folder: Folder) -> None:
    folder({"template.yml": TEMPLATE, "policy.json": POLICY, "role.yml": ROLE})
    ran = subprocess.run([sys.executable, "-c", SILENT], capture_output=True, text=True, check=True)
    assert json.loads(ran.stderr) == [0, []]
    assert not any(one["rule"].startswith("aws-") for one in json.loads(ran.stdout)["findings"])


@pytest.mark.parametrize("option", ["--region", "--profile", "--endpoint-url"])
def test_how_to_ask_is_no_word_to_ask(stackproof: Run, folder: Folder, option: str) -> None:
    folder({"template.yml": TEMPLATE})
    ran = stackproof("check", option, "x")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"stackproof: {option} says how to ask AWS; add --online to ask it\n"


def test_what_nobody_wants_to_hear_is_not_asked(stackproof: Run, folder: Folder) -> None:
    folder({"template.yml": TEMPLATE, "policy.json": POLICY})
    with serving(Service()) as service:
        arguments = ("--online", "--endpoint-url", service.url, "--ignore", "cfn-lint")
        assert stackproof("check", *arguments, "--ignore", "aws-validate-policy").code == 0
        assert [set(one) & {"Action", "policyType"} for one in service.asked] == [{"Action"}]


def test_a_suppression_is_not_called_unused_where_nothing_was_asked(stackproof: Run, folder: Folder) -> None:
    folder({"template.yml": f"# stackproof: ignore[aws-validate-template] it says too much\n{TEMPLATE}"})
    ran = stackproof("check", "--select", "suppression,aws", "--format", "concise")
    assert (ran.code, ran.out) == (0, "")


@pytest.mark.parametrize(("reply", "unused"), [((200, ANSWER), 1), (refused("Throttling"), 0)])
def test_a_suppression_is_called_unused_where_aws_has_answered(
    stackproof: Run, folder: Folder, reply: Reply, unused: int
) -> None:
    folder({"template.yml": f"# stackproof: ignore[aws-validate-template] it says too much\n{TEMPLATE}"})
    with serving(Service(template=lambda _: reply)) as service:
        arguments = ("--select", "suppression,aws", "--online", "--endpoint-url", service.url)
        ran = stackproof("check", *arguments, "--format", "concise")
    assert ran.out.count("[suppression-unused]") == unused


# --- templates ---------------------------------------------------------------------------------------------------


def test_moto_takes_a_good_template(stackproof: Run, folder: Folder, moto: str) -> None:
    folder({"template.yml": TEMPLATE})
    ran = stackproof("check", "--select", "aws", "--online", "--endpoint-url", moto)
    assert (ran.code, ran.out, ran.err) == (0, "1 file: no findings\n", "")


def test_moto_refuses_a_template(stackproof: Run, folder: Folder, moto: str) -> None:
    folder({"template.yml": "Resources:\n  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Nope}}\n"})
    ran = stackproof("check", "--select", "aws", "--online", "--endpoint-url", moto, "--format", "concise")
    assert ran.code == 1
    assert ran.out.startswith("template.yml:")
    assert "error: CloudFormation refuses the template: " in ran.out


def test_the_text_that_is_sent_is_the_files(online: Run, folder: Folder) -> None:
    text = "# café\r\nResources: {Topic: {Type: AWS::SNS::Topic}}\r\n"
    folder({"template.yml": text})
    service = Service()
    assert online(service).code == 0
    assert [one["TemplateBody"] for one in service.asked] == [text]


def test_a_template_that_is_too_large_is_not_checked(online: Run, folder: Folder) -> None:
    folder({"template.yml": TEMPLATE + "#" * (51_201 - len(TEMPLATE)), "fits.yml": TEMPLATE + "#" * (51_200 - 47)})
    service = Service()
    ran = online(service)
    assert ran.code == 3
    assert ran.out == (
        "template.yml:1:1: not checked: it has 51,201 bytes, and without a bucket CloudFormation takes 51,200 "
        "[aws-validate-template]\n\n2 files: no findings, 1 not checked\n"
    )
    assert ran.err == "stackproof: 1 not checked, since AWS could not be asked\n"
    assert len(service.asked) == 1


def test_who_accepts_that_a_template_is_not_checked_is_not_told_again(online: Run, folder: Folder) -> None:
    accepted = '[[ignore]]\nrule = "aws-validate-template"\npath = "template.yml"\nreason = "over the limit"\n'
    folder({"template.yml": TEMPLATE + "#" * 52_000, "stackproof.toml": accepted})
    ran = online(Service())
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("1 file: no findings, 1 undecided\n")


# --- policies ----------------------------------------------------------------------------------------------------


def test_a_finding_stands_where_its_path_leads(online: Run, folder: Folder) -> None:
    folder({"policy.json": POLICY})
    statement = ({"value": "Statement"}, {"index": 0})
    action = (*statement, {"value": "Action"}, {"index": 1})
    service = Service(
        policy=lambda _, __: found(
            fault("WORD", *action, {"substring": {"start": 4, "length": 8}}),
            fault("KEY", *statement, {"key": "Resource"}, level="SUGGESTION"),
            fault("ONE", {"value": "Statement"}, {"index": 1}, {"value": "Action"}, {"index": 0}, level="WARNING"),
            fault("LOST", *statement, {"value": "Condition"}, level="SECURITY_WARNING"),
        )
    )
    ran = online(service, "--format", "json")
    assert ran.code == 1
    shown = [(one["rule"], one["severity"], one["line"], one["column"]) for one in json.loads(ran.out)["findings"]]
    assert shown == [
        ("aws-validate-policy/LOST", "warning", 4, 5),
        ("aws-validate-policy/WORD", "error", 8, 14),
        ("aws-validate-policy/KEY", "note", 10, 7),
        ("aws-validate-policy/ONE", "warning", 14, 17),
    ]


def test_all_pages_are_read(online: Run, folder: Folder) -> None:
    folder({"policy.json": POLICY})
    pages = {"": found(fault("FIRST"), following="more"), "more": found(fault("SECOND"))}
    ran = online(Service(policy=lambda _, token: pages[token]), "--format", "json")
    assert {one["rule"] for one in json.loads(ran.out)["findings"]} == {
        "aws-validate-policy/FIRST",
        "aws-validate-policy/SECOND",
    }


def test_a_policy_is_sent_as_what_it_is_and_with_the_values_it_has(online: Run, folder: Folder) -> None:
    folder({"role.yml": ROLE})
    service = Service()
    ran = online(service)
    assert ran.code == 0
    assert ran.out == (
        "role.yml:21:13: undecided: it holds functions whose values are known at deployment only, so Access Analyzer "
        "was not asked [aws-validate-policy]\n\n1 file: no findings, 1 undecided\n"
    )
    trust, known = sorted(
        (one for one in service.asked if "policyType" in one), key=lambda one: one["policyType"], reverse=True
    )
    assert (trust["policyType"], trust["validatePolicyResourceType"]) == (
        "RESOURCE_POLICY",
        "AWS::IAM::AssumeRolePolicyDocument",
    )
    assert known["policyType"] == "IDENTITY_POLICY"
    assert json.loads(known["policyDocument"])["Statement"][0]["Resource"] == "arn:aws:s3:::bucket/*"


def test_the_same_question_is_asked_once(online: Run, folder: Folder) -> None:
    folder({f"{name}/policy.json": POLICY for name in "abc"})
    service = Service(policy=lambda _, __: found(fault("WRONG")))
    ran = online(service, "--format", "concise")
    assert [line.partition(":")[0] for line in ran.out.splitlines()] == [f"{name}/policy.json" for name in "abc"]
    assert len(service.asked) == 1


def test_a_check_of_aws_can_be_chosen_by_its_code(stackproof: Run, folder: Folder) -> None:
    folder({"policy.json": POLICY})
    with serving(Service(policy=lambda _, __: found(fault("A"), fault("B")))) as service:
        ran = stackproof(
            "check",
            "--online",
            "--endpoint-url",
            service.url,
            "--select",
            "aws-validate-policy/B",
            "--format",
            "concise",
        )
    assert [line.rpartition(" ")[2] for line in ran.out.splitlines()] == ["[aws-validate-policy/B]"]


def test_a_stubbed_client_is_asked_for_what_the_model_knows() -> None:
    import boto3  # noqa: PLC0415  # as late as the tool does
    from botocore.stub import Stubber  # noqa: PLC0415

    client = boto3.client("accessanalyzer")
    request = {"policyDocument": POLICY, "policyType": "IDENTITY_POLICY"}
    with Stubber(client) as stub:
        stub.add_response("validate_policy", {"findings": [fault("A")], "nextToken": "2"}, {**request, "locale": "EN"})
        stub.add_response("validate_policy", {"findings": [fault("B")]}, {**request, "locale": "EN", "nextToken": "2"})
        asked = Request("ValidatePolicy", tuple(request.items()))
        reply = Aws({"accessanalyzer": client}).send([asked])[asked]
        stub.assert_no_pending_responses()
    assert [finding["issueCode"] for finding in reply.findings] == ["A", "B"]


# --- no answer ---------------------------------------------------------------------------------------------------

DENIED = refused("AccessDenied", "User: arn:aws:iam::111122223333:user/me is not authorized", 403)
REASONS = {
    "denied": (DENIED, "AWS denies cloudformation:ValidateTemplate"),
    "throttled": (
        refused("Throttling", "Rate exceeded"),
        "AWS throttles the calls; ask again later, or with fewer --jobs",
    ),
    "expired": (refused("ExpiredToken", "it is never-shown", 403), "AWS does not accept the credentials: ExpiredToken"),
    "signature": (
        refused("SignatureDoesNotMatch", "x-amz-security-token:never-shown", 403),
        "AWS does not accept the credentials: SignatureDoesNotMatch",
    ),
    "broken": (refused("InternalFailure", status=500), "AWS answers InternalFailure"),
    "page": ((404, "<html><body>no</body></html>"), "127.0.0.1 answers with status 404, not as AWS does"),
    "empty": ((200, ""), "127.0.0.1 answers, but not as AWS does"),
    "text": ((200, "hello"), "127.0.0.1 answers, but not as AWS does"),
    "element": ((200, "<Answer/>"), "127.0.0.1 answers, but not as AWS does"),
    "html": ((200, "<html><body>yes</body></html>"), "127.0.0.1 answers, but not as AWS does"),
}


@pytest.mark.parametrize("why", REASONS)
def test_what_keeps_aws_from_answering_is_said(online: Run, folder: Folder, why: str) -> None:
    folder({"template.yml": TEMPLATE})
    reply, reason = REASONS[why]
    ran = online(Service(template=lambda _: reply))
    assert ran.code == 3
    assert ran.out == (
        f"template.yml:1:1: not checked: {reason} [aws-validate-template]\n\n1 file: no findings, 1 not checked\n"
    )
    assert "never-shown" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ((403, '{"message": "no", "code": "AccessDeniedException"}'), "AWS denies access-analyzer:ValidatePolicy"),
        ((429, '{"message": "no", "code": "ThrottlingException"}'), "AWS throttles the calls"),
        ((400, '{"message": "too long", "code": "ValidationException"}'), "AWS refuses the request: too long"),
        ((200, "{}"), "127.0.0.1 answers, but not as AWS does"),
    ],
)
def test_what_keeps_access_analyzer_from_answering_is_said(
    online: Run, folder: Folder, reply: Reply, reason: str
) -> None:
    folder({"policy.json": POLICY})
    ran = online(Service(policy=lambda _, __: reply))
    assert ran.code == 3
    assert f"policy.json:1:1: not checked: {reason}" in ran.out


def test_throttling_is_waited_out_as_often_as_the_environment_says(
    online: Run, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    folder({"template.yml": TEMPLATE})
    replies = iter([refused("Throttling"), (200, ANSWER)])
    assert online(Service(template=lambda _: next(replies))).code == 0


def test_who_is_denied_is_told_once_for_all(online: Run, folder: Folder) -> None:
    folder({f"{number}.yml": f"{TEMPLATE}# {number}\n" for number in range(4)})
    service = Service(template=lambda _: DENIED)
    ran = online(service)
    assert ran.out == (
        "0.yml:1:1: not checked: AWS denies cloudformation:ValidateTemplate, and 3 more alike [aws-validate-template]\n"
        "\n4 files: no findings, 4 not checked\n"
    )
    assert len(service.asked) == 1


def test_an_endpoint_where_nobody_is_ends_with_3(stackproof: Run, folder: Folder) -> None:
    folder({"template.yml": TEMPLATE})
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        ran = stackproof("check", "--select", "aws", "--online", "--endpoint-url", url)
    assert ran.code == 3
    assert "not checked: 127.0.0.1 cannot be reached" in ran.out


def test_without_credentials_it_ends_with_3(online: Run, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    folder({"template.yml": TEMPLATE, "policy.json": POLICY})
    ran = online(Service())
    assert ran.code == 3
    assert ran.out.count("not checked: there are no credentials for AWS") == 2


def test_without_a_region_it_ends_with_3(online: Run, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_REGION", raising=False)
    folder({"template.yml": TEMPLATE})
    ran = online(Service())
    assert ran.code == 3
    assert "not checked: no region is set: give --region, or set AWS_REGION" in ran.out
    assert online(Service(), "--region", "eu-west-1").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--endpoint-url", "nowhere"), "'nowhere' is no endpoint, expected a URL such as https://localhost:4566"),
        (("--profile", "nobody"), "there is no profile 'nobody' in AWS's configuration"),
        (("--region", "not a region"), "'not a region' cannot be the name of a region"),
    ],
)
def test_arguments_that_lead_nowhere_end_with_2(
    stackproof: Run, folder: Folder, arguments: tuple[str, ...], said: str
) -> None:
    folder({"template.yml": TEMPLATE})
    ran = stackproof("check", "--online", *arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", f"stackproof: {said}\n")


# --- the exit code and the reports -------------------------------------------------------------------------------


def mixed(body: str) -> Reply:
    """Refuse one template, and have no answer for another."""
    return refused("ValidationError", "Template format error: no") if "# wrong" in body else refused("Throttling")


MIXED = {"a.yml": f"{TEMPLATE}# wrong\n", "b.yml": TEMPLATE}


def test_a_finding_weighs_more_than_what_was_not_checked(online: Run, folder: Folder) -> None:
    folder(MIXED)
    assert online(Service(template=mixed)).code == 1
    assert online(Service(template=mixed), "--fail-on", "never").code == 3


def test_a_fault_weighs_more_than_both(online: Run, folder: Folder) -> None:
    folder(MIXED)
    ran = online(Service(template=mixed), "missing.yml", "a.yml", "b.yml")
    assert ran.code == 2
    assert "1 error, 1 not checked, 1 unreadable, 1 fault" in ran.out


def test_every_report_says_what_was_not_checked(online: Run, folder: Folder) -> None:
    place = folder(MIXED)
    ran = online(Service(template=mixed), "--format", "json", "--report", "junit:out.xml")
    value = json.loads(ran.out)
    schema = json.loads((Path(__file__).parents[2] / "schemas/report.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(value)
    assert value["summary"]["unchecked"] == 1
    [doubt] = value["unchecked"]
    reason = "AWS throttles the calls; ask again later, or with fewer --jobs"
    assert (doubt["rule"], doubt["path"], doubt["reason"]) == ("aws-validate-template", "b.yml", reason)
    cases = ET.parse(place / "out.xml").iter("testcase")  # noqa: S314  # our own file
    assert {(case.get("classname"), child.tag, child.get("message")) for case in cases for child in case} == {
        ("a.yml", "failure", "a.yml:1:1: error: CloudFormation refuses the template: Template format error: no"),
        ("b.yml", "error", f"not checked: {reason}"),
    }


def test_junit_has_a_case_for_what_aws_finds_no_fault_with(online: Run, folder: Folder) -> None:
    folder({"template.yml": TEMPLATE})
    ran = online(Service(), "--format", "junit")
    assert [(case.get("classname"), case.get("name")) for case in ET.fromstring(ran.out).iter("testcase")] == [  # noqa: S314
        ("template.yml", "aws")
    ]


def test_a_secret_in_the_words_of_aws_is_masked(online: Run, folder: Folder) -> None:
    folder({"role.yml": ROLE})
    service = Service(
        template=lambda _: refused("ValidationError", "the Default correct-horse is wrong"),
        policy=lambda _, __: found(fault("A", text="it says correct-horse")),
    )
    for name in ("full", "json", "junit", "concise"):
        ran = online(service, "--format", name)
        assert ran.code == 1
        assert "correct-horse" not in ran.out + ran.err


def test_many_at_a_time_are_reported_in_one_order(online: Run, folder: Folder) -> None:
    folder({f"{number:02}.yml": f"{TEMPLATE}# {number}\n" for number in range(20)})
    service = Service(template=lambda body: refused("ValidationError", f"it is {body.split()[-1]}"))
    ran = online(service, "--jobs", "8", "--format", "json")
    assert ran.out == online(service, "--jobs", "1", "--format", "json").out
    assert [one["path"] for one in json.loads(ran.out)["findings"]] == [f"{number:02}.yml" for number in range(20)]


def test_what_was_fixed_is_asked_about_again(online: Run, folder: Folder) -> None:
    text = POLICY.replace('"Allow"', '"allow"')
    place = folder({"policy.json": text})
    service = Service(policy=lambda asked, _: found(*([fault("CASE")] if "allow" in asked["policyDocument"] else [])))
    ran = online(service, "--select", "iam-effect-case", "--fix")
    assert ran.code == 0
    assert (place / "policy.json").read_text() == POLICY
    assert len(service.asked) == 2


def test_only_named_files_are_asked_about(online: Run, folder: Folder) -> None:
    parent = "Resources:\n  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yml}}\n"
    folder({"parent.yml": parent, "child.yml": TEMPLATE})
    service = Service()
    assert online(service, "child.yml").code == 0
    assert [one["TemplateBody"] for one in service.asked] == [TEMPLATE]


@pytest.mark.parametrize("option", ["--diff", "--show-files"])
def test_nothing_is_asked_for_what_shows_no_findings(stackproof: Run, folder: Folder, option: str) -> None:
    folder({"template.yml": TEMPLATE})
    ran = stackproof("check", "--online", option)
    assert (ran.code, ran.err) == (2, f"stackproof: --online is about findings, and {option} shows none\n")
