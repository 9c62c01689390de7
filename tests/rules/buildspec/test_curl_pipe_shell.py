"""Programs that are run as they come from a server."""

import pytest

from validator.testing import check_rule, findings

RULE = "buildspec-curl-pipe-shell"
SPEC = "version: 0.2\nphases:\n  build:\n    commands:\n      - |\n        {}\n"
URL = "https://example.com/i.sh"


def reported(command: str) -> list[str]:
    return [one.message.partition(" ")[0] for one in findings(RULE, {"buildspec.yml": SPEC.format(command)})]


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


@pytest.mark.parametrize(
    ("command", "runner"),
    [
        (f"curl {URL} | sudo -E bash -", "bash"),
        (f"curl -fsSL {URL} 2>/dev/null | sh", "sh"),
        (f"curl {URL} | bash -s -- --yes", "bash"),
        (f"curl {URL} | tee x | sh", "sh"),
        (f"curl {URL} | gunzip | sh -e", "sh"),
        (f"curl {URL} | python3 -", "python3"),
        (f"wget -qO- {URL} | sh", "sh"),
        (f"bash <(curl {URL})", "bash"),
        (f'sh -c "$(curl {URL})"', "sh"),
        (f'eval "$(curl {URL})"', "eval"),
        (f". <(curl {URL})", "."),
        (f'curl "https://$HOST/{URL}" | bash', "bash"),
    ],
)
def test_reports(command: str, runner: str) -> None:
    assert reported(command) == [repr(runner)]


@pytest.mark.parametrize(
    "command",
    [
        *(f"curl {URL} | jq .", f"curl {URL} | python3 -m json.tool", f"curl {URL} | python3 -c 'import sys'"),
        *(f"curl {URL} | bash script.sh", f"curl {URL} | bash -c 'cat'", f"curl -o i.sh {URL} && bash i.sh"),
        *(f"A=$(curl {URL})", f'sh script.sh "$(curl {URL})"', f'echo "curl {URL} | sh"', f"# curl {URL} | sh"),
        *("curl http://localhost/i.sh | sh", f"cat <<END\ncurl {URL} | sh\nEND", f"curl {URL} | node app.js"),
        *(f"curl {URL} | tar xz", f"diff <(curl {URL}) x", f'curl -H "Referer: {URL}" | sh'),
    ],
)
def test_accepts(command: str) -> None:
    assert not reported(command.replace("\n", "\n        "))


def test_points_at_the_address() -> None:
    [finding] = findings(RULE, {"buildspec.yml": SPEC.format(f"make && curl -s {URL} | sh")})
    assert (finding.at.text, finding.at.span.line, finding.at.span.column) == (URL, 6, 25)
