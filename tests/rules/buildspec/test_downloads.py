"""What builds fetch: files, packages and images that another day are others."""

import pytest

from validator.testing import check_rule, findings

SPEC = "version: 0.2\nphases:\n  build:\n    commands:\n      - |\n        {}\n"
RULES = (
    *("buildspec-curl-no-fail", "buildspec-http-download", "buildspec-unpinned-install"),
    *("buildspec-unpinned-package", "buildspec-unpinned-image"),
)


def reported(rule: str, command: str) -> list[str]:
    text = SPEC.format(command.replace("\n", "\n        "))
    return [one.at.text for one in findings(f"buildspec-{rule}", {"buildspec.yml": text})]


@pytest.mark.parametrize("rule", RULES)
def test_does_what_its_documentation_says(rule: str) -> None:
    check_rule(rule)


@pytest.mark.parametrize(
    "command",
    [
        *(
            "curl -o x https://e.com/x",
            "curl -LO https://e.com/x",
            "curl -sSLo x https://e.com/x",
            "curl https://e.com > x",
        ),
        *("curl --output x https://e.com/x", "curl --location --remote-name https://e.com/x"),
    ],
)
def test_curl_without_fail(command: str) -> None:
    assert reported("curl-no-fail", command) == ["curl"]


@pytest.mark.parametrize(
    "command",
    [
        *("curl -fo x https://e.com/x", "curl -sSfLo x https://e.com/x", "curl --fail -O https://e.com/x"),
        *("curl https://e.com/x", "curl -o /dev/null https://e.com/x", "curl -so x -w '%{http_code}' https://e.com/x"),
        *("wget https://e.com/x", "echo curl -o x https://e.com/x", "curl https://e.com | jq ."),
    ],
)
def test_curl_with_fail_or_without_a_file(command: str) -> None:
    assert not reported("curl-no-fail", command)


@pytest.mark.parametrize(
    ("command", "at"),
    [
        ("curl -fO http://e.com/x", "http://e.com/x"),
        ("curl http://e.com/x | tar xz", "http://e.com/x"),
        ("wget http://e.com/x", "http://e.com/x"),
        ("git clone http://e.com/x.git", "http://e.com/x.git"),
        ("pip install -i http://e.com/simple x==1", "http://e.com/simple"),
        ("npm ci --registry=http://e.com/", "--registry=http://e.com/"),
        ("sudo yum install -y http://e.com/x.rpm", "http://e.com/x.rpm"),
    ],
)
def test_http(command: str, at: str) -> None:
    assert reported("http-download", command) == [at]


@pytest.mark.parametrize(
    "command",
    [
        *(
            "curl -fO https://e.com/x",
            "curl http://e.com/health",
            "curl http://e.com/x | jq .",
            "wget http://localhost/x",
        ),
        *(
            "wget http://169.254.169.254/latest",
            "curl -O http://mirror/x",
            "curl -O http://a.internal/x",
            "echo http://e.com",
        ),
        *("wget -O http://10.0.0.1/x", "curl -O http://$HOST/x", "curl -H 'X: http://e.com' -O https://e.com/x"),
        *("wget http://e.com/x\nsha256sum -c x.sha256", "wget --spider http://e.com/x", "curl -O http://[::1]/x"),
    ],
)
def test_no_http(command: str) -> None:
    assert not reported("http-download", command)


@pytest.mark.parametrize(
    ("command", "at"),
    [
        ("pip install -U boto3", "boto3"),
        ("pip3 install --upgrade pip cfn-lint", "cfn-lint"),
        ("python3 -m pip install --user -U 'boto3>=1.2'", "'boto3>=1.2'"),
        ("pip install awscli --upgrade", "awscli"),
        ("npm install -g lerna\nnpm publish", "lerna"),
        ("pip install twine\npython -m twine upload dist/*", "twine"),
    ],
)
def test_the_newest(command: str, at: str) -> None:
    assert reported("unpinned-install", command) == [at]
    assert not reported("unpinned-package", command)


@pytest.mark.parametrize(
    ("command", "at"),
    [
        ("pip install boto3 requests", "boto3"),
        ("pip install --upgrade pip", "pip"),
        ("npm i -g serverless", "serverless"),
        ("npm install jsonlint -g", "jsonlint"),
        ("npm install -g aws-cdk@latest", "aws-cdk@latest"),
        ("yarn global add lerna", "lerna"),
        ("gem install cfn-nag", "cfn-nag"),
        ("go install example.com/x@latest", "example.com/x@latest"),
        ("cargo install just", "just"),
        (
            "wget https://github.com/a/b/releases/latest/download/b.zip",
            "https://github.com/a/b/releases/latest/download/b.zip",
        ),
    ],
)
def test_any_version(command: str, at: str) -> None:
    assert reported("unpinned-package", command) == [at]
    assert not reported("unpinned-install", command)


@pytest.mark.parametrize(
    "command",
    [
        *(
            "pip install .",
            "pip install -e .[dev]",
            "pip install -r requirements.txt --upgrade",
            "pip install ./lib dist/x.whl",
        ),
        *(
            "pip install boto3==1.2 'x~=1.0' 'y<2'",
            "pip install -U -c constraints.txt boto3",
            "pip install boto3==$VERSION",
        ),
        *(
            "pip install git+https://github.com/a/b@v1",
            "pip install $PACKAGES",
            "pip download boto3",
            "echo pip install -U x",
        ),
        *("npm install", "npm ci", "npm install --prefix web", "npm i -g yarn@1.22.0 @aws/x@^2", "npm install ./x.tgz"),
        *(
            "gem install bundler -v 2.0",
            "gem install bundler:2.0",
            "go install ./...",
            "go install example.com/x@v1.2.3",
        ),
        *(
            "cargo install just --version 1.0",
            "yarn install",
            "yarn add x@1.0.0",
            "pip install -t lib -r r.txt",
            "pip list",
        ),
    ],
)
def test_a_version(command: str) -> None:
    assert not reported("unpinned-install", command + "\nnpm publish")
    assert not reported("unpinned-package", command)


@pytest.mark.parametrize(
    ("command", "at"),
    [
        ("docker run --rm -v $PWD:/x alpine sh", "alpine"),
        ("docker run -it -v/a:/b --name x a/b:latest", "a/b:latest"),
        ("docker pull host:5000/img", "host:5000/img"),
    ],
)
def test_any_image(command: str, at: str) -> None:
    assert reported("unpinned-image", command) == [at]


@pytest.mark.parametrize(
    "command",
    [
        *("docker run alpine:3.19", "docker pull host:5000/img:1", "docker run a@sha256:abc", "docker run $IMAGE"),
        *("docker run $OPTIONS alpine", "docker build -t app .\ndocker run app", "docker tag x:1 app\ndocker run app"),
        *("docker login alpine", "docker push app", "docker run --name x $IMAGE alpine", "docker ps"),
    ],
)
def test_one_image(command: str) -> None:
    assert not reported("unpinned-image", command)


def test_the_image_of_a_task_without_a_digest() -> None:
    task = "version: 0.2\nbatch:\n  build-list:\n    - env: {{image: {}}}\n"
    images = ("aws/codebuild/standard:7.0", "a/b:1", "a/b@sha256:12", "$IMAGE")
    found = [findings("buildspec-unpinned-image", {"buildspec.yml": task.format(image)}) for image in images]
    assert [len(each) for each in found] == [0, 1, 0, 0]
