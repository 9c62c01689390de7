"""The files that calls need and make."""

import json

import pytest

from validator.buildspec import Buildspec
from validator.buildspec.calls import Call
from validator.buildspec.files import Made, made, reads
from validator.parse import load


def calls(*commands: str) -> list[Call]:
    text = f"version: 0.2\nphases: {{build: {{commands: {json.dumps(list(commands))}}}}}\n"
    return Buildspec(load("buildspec.yml", text.encode()).root).flow.calls


@pytest.mark.parametrize(
    ("command", "paths"),
    [
        ("bash a.sh b", "a.sh"),
        ("sh -eux a/b.sh", "a/b.sh"),
        ("bash -c 'a.sh'", ""),
        ("bash -o pipefail a.sh", ""),
        ("bash < a.sh", ""),
        ("curl x | bash -s a.sh", ""),
        (". ./a", "a"),
        ("source $CODEBUILD_SRC_DIR/a", "a"),
        ("source ~/.bashrc", ""),
        ("./a.sh b", "a.sh"),
        ("a/b c", "a/b"),
        ("/usr/bin/a", ""),
        ("sudo ./a.sh", "a.sh"),
        ("python -u a.py b.py", "a.py"),
        ("python3.11 a.py", "a.py"),
        ("python -m a.py", ""),
        ("node a.js", "a.js"),
        ("node a", ""),
        ("node --require a.js b.js", ""),
        ("pip install -q -r a.txt b", "a.txt"),
        ("pip3 install --requirement=a.txt", "a.txt"),
        ("python3 -m pip install -r a.txt", "a.txt"),
        ("pip install -r https://example.com/a.txt", ""),
        ("aws cloudformation validate-template --template-body file://a.yml", "a.yml"),
        ("aws lambda invoke --payload fileb://a.json out", "a.json"),
        ("aws cloudformation deploy --template-file=a.yml", "a.yml"),
        ("aws s3 cp a.yml s3://b/", "a.yml"),
        ("aws s3 cp a s3://b/ --recursive", ""),
        ("aws s3 cp s3://b/a .", ""),
        ("sam build -t a.yml", "a.yml"),
        ("docker build -t b -f a/Dockerfile .", "a/Dockerfile"),
        ("docker build .", ""),
        ("docker-compose -f a.yml up", "a.yml"),
        ("docker compose --file=a.yml up", "a.yml"),
        ("tail -f a", ""),
        ("jsonlint -q a.json", "a.json"),
        ("for f in a.yml b.yml; do jsonlint $f; done", "a.yml b.yml"),
        ("bash $X.sh", ""),
        ("bash *.sh", ""),
        ("cd a; bash b.sh", "a/b.sh"),
        ("cd $X; bash b.sh", ""),
        ("cd ..; bash b.sh", ""),
        ("echo bash a.sh", ""),
    ],
)
def test_what_is_read(command: str, paths: str) -> None:
    assert [read.path for call in calls(command) for read in reads(call) if read.path] == paths.split()


def test_a_path_is_pinned_within_its_word() -> None:
    [call] = calls("aws x --template-body 'file://a.yml'")
    assert [read.node.text for read in reads(call)] == ["a.yml"]


@pytest.mark.parametrize(
    ("command", "paths"),
    [
        ("a > b", "b *"),
        ("echo a > b", "b"),
        ("cat a | tee b c", "b c"),
        ("curl -sSLo a https://x/b", "a"),
        ("curl --output a https://x/b", "a"),
        ("curl -fLO https://x/b.sh", "b.sh"),
        ("wget -q https://x/b.sh", "b.sh"),
        ("wget -qO a https://x/b.sh", "a"),
        ("git clone https://x/a.git", "a"),
        ("git clone https://x/a.git b", "b"),
        ("git clone https://x/a.git .", "*"),
        ("git status", ""),
        ("git checkout a", "*"),
        ("unzip a.zip", "*"),
        ("unzip a.zip -d b", "b"),
        ("tar -xf a -C b", "b"),
        ("cp a/b c", "c c/b"),
        ("cp -r a/. .", "* ./."),
        ("mkdir -p a", "a"),
        ("aws s3 cp s3://a/b c", "c c/b"),
        ("aws s3 sync s3://a .", "* ./a"),
        ("aws s3 cp a s3://b", ""),
        ("aws cloudformation package --template-file a --output-template-file b", "b"),
        ("aws cloudformation describe-stacks", ""),
        ("pip install -r a", ""),
        ("pip install -r a -t b", "*"),
        ("npm install -g a", ""),
        ("npm ci", "*"),
        ("make", "*"),
        ("./a.sh", "*"),
        ("docker build .", ""),
        ("docker run a", "*"),
        ("grep a b", ""),
    ],
)
def test_what_is_made(command: str, paths: str) -> None:
    assert [text for call in calls(command) for text in made(call)] == paths.split()


@pytest.mark.parametrize(
    ("command", "path", "may"),
    [
        ("echo x > a/b", "a/b", True),
        ("echo x > a/b", "b", False),
        ("cd a; echo x > b", "a/b", True),
        ("cd $X; echo x > b", "c", True),
        ("mkdir a", "a/b/c", True),
        ("echo x > $X", "b", True),
        ("echo x > $X.sh", "b.sh", True),
        ("echo x > $X.sh", "b.py", False),
        ("echo x > /tmp/b", "b", False),
        ("cp a/b.sh c/", "c/b.sh", True),
        ("make", "b", True),
        ("echo x > $CODEBUILD_SRC_DIR/b", "b", True),
        ("echo x", "b", False),
    ],
)
def test_whether_a_file_may_be_made(command: str, path: str, may: bool) -> None:  # noqa: FBT001  # a fact
    found = Made(calls(command))
    assert (found.is_open(9, -1) or found.may_hold(path, 9, -1)) is may


def test_only_calls_up_to_a_number_count_and_not_the_one_that_asks() -> None:
    found = Made(calls("a", "make", "b"))
    assert [found.is_open(last, but) for last, but in [(0, -1), (0, 0), (1, 0), (2, 0)]] == [
        True,
        False,
        True,
        True,
    ]
