"""moto's server on this machine, for all tests of a session."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .account import ENVIRONMENT, UNSET, Client, clients, deliver, reset


@pytest.fixture(autouse=True)
def own_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave nothing of the machine's own configuration that could lead anywhere else."""
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Serve moto, corrected by moto_shim.py, in a process of its own; give its URL."""
    environment = {name: value for name, value in os.environ.items() if name not in UNSET} | ENVIRONMENT
    command = [sys.executable, str(Path(__file__).with_name("moto_shim.py"))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


@pytest.fixture(scope="session")
def session_clients(server: str) -> Client:
    """Make the clients that tests change things with, once."""
    return clients(server)


@pytest.fixture
def aws(server: str, session_clients: Client) -> Client:
    """Give clients of an empty account."""
    reset(server)
    return session_clients


@pytest.fixture
def delivered(aws: Client) -> Client:
    """Give clients of an account in which the sample delivery is deployed."""
    deliver(aws)
    return aws
