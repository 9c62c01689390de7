"""What commands fetch from elsewhere: files, packages, images."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from validator.buildspec.calls import ANYTHING, Call
from validator.buildspec.shell import Part

_DOWNLOADERS = frozenset({"curl", "wget"})
# Options of curl and wget behind which an address is none that they fetch from.
_NOT_FROM = frozenset({
    *("-H", "--header", "-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "-e", "--referer", "-x"),
    *("--proxy", "--preproxy", "-F", "--form", "-A", "--user-agent", "--json", "--resolve", "--connect-to"),
})  # fmt: skip
# A cluster of short options of curl, up to the first that takes a value.
_CLUSTER = re.compile(r"-[#0-9aBfgGiIjJklLMnNOpqRsSvVZ]*([a-zA-Z#:]?)")
_ADDRESS = re.compile(r"(https?)://(?:[^/@\s]*@)?(\[[^\]]*\]|[^/:?#\s]*)")
# Hosts on the machine itself, in its network, or of AWS's own services for it.
_LOCAL = re.compile(
    r"\[.*\]|localhost|[^.]*|.*\.(?:local|localhost|internal|test|lan|intranet|corp|svc)|(?:0|10|127|169\.254|192\.168"
    r"|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d+)+",
    re.IGNORECASE,
)


class Download(NamedTuple):
    """A file that a call of curl or wget fetches.

    Attributes:
        address: As far as it is known; unknown parts are `*`.
        part: The word that the address is.
        kept: Whether what comes is written to a file.
        checked: Whether the call fails where the server answers with an error.
    """

    call: Call
    address: str
    part: Part
    kept: bool
    checked: bool


def downloads(call: Call) -> Iterator[Download]:
    """Yield what a call of curl or wget fetches, where its address is written out."""
    if call.program not in _DOWNLOADERS:
        return
    words = [word[0] for word in call.words]
    kept, checked = _kept(call, words), call.program == "wget" or _checked(words)
    for before, word, part in zip(words, words[1:], call.parts[1:], strict=False):
        if _ADDRESS.match(word) and before not in _NOT_FROM:
            yield Download(call, word, part, kept, checked)


def is_open(address: str) -> bool:
    """Whether an address is one of HTTP without TLS, of a host that is known and elsewhere."""
    found = _ADDRESS.match(address)
    return found is not None and found[1] == "http" and not is_local(address)


def is_local(address: str) -> bool:
    """Whether an address leads to the machine itself or to its own network, or may."""
    found = _ADDRESS.match(address)
    return found is None or ANYTHING in found[2] or _LOCAL.fullmatch(found[2]) is not None


def _kept(call: Call, words: list[str]) -> bool:
    if any(file != "/dev/null" for file in call.writes):
        return True
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if call.program == "wget":
            if word == "--spider" or re.fullmatch(r"-[a-z]*O(-|/dev/stdout|/dev/null)", word):
                return False
            if re.fullmatch(r"-[a-z]*O", word) or word == "--output-document":
                return after not in {"-", "/dev/null", "/dev/stdout"}
            if word.startswith("--output-document="):
                return word.partition("=")[2] not in {"-", "/dev/null", "/dev/stdout"}
        elif word in {"-O", "--remote-name", "--remote-name-all"} or (_is_cluster(word) and "O" in word):
            return True
        elif word == "--output" or (_is_cluster(word) and word.endswith("o")):
            return after not in {"-", "/dev/null", "/dev/stdout"}
    return call.program == "wget"


def _checked(words: list[str]) -> bool:
    """Say whether curl fails for an error of the server, or says which there was."""
    told = {"--fail", "--fail-with-body", "-w", "--write-out"}
    return any(word in told or (_is_cluster(word) and "f" in word) for word in words)


def _is_cluster(word: str) -> bool:
    found = _CLUSTER.match(word)
    return found is not None and not word.startswith("--") and found.end() == len(word)


# --- packages --------------------------------------------------------------------------------------------------------


class Package(NamedTuple):
    """A package that a call installs by name.

    Attributes:
        pinned: Whether a version is said, or a range that ends somewhere.
        newest: Whether the call asks for the newest, even where one is there already.
    """

    call: Call
    name: str
    part: Part
    pinned: bool
    newest: bool


_PIP = re.compile(r"pip[23]?(?:\.\d+)?")
_PYTHON = re.compile(r"python[23]?(?:\.\d+)?")
_PIP_VALUES = frozenset({
    *("-r", "--requirement", "-c", "--constraint", "-e", "--editable", "-i", "--index-url", "--extra-index-url", "-t"),
    *("--target", "-f", "--find-links", "--prefix", "--root", "--platform", "--python-version", "--python", "-d"),
    *("--implementation", "--abi", "--only-binary", "--no-binary", "--trusted-host", "--proxy", "--cache-dir", "--log"),
    *("--progress-bar", "--src", "--timeout", "--retries", "--upgrade-strategy", "--config-settings"),
})  # fmt: skip
_NPM_VALUES = frozenset({"--prefix", "-C", "--registry", "-w", "--workspace", "--cache", "--userconfig", "--loglevel"})
_PIP_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(?:\[[\w,.-]*\])?")
_NPM_NAME = re.compile(r"(@[\w.-]+/)?[\w][\w.-]*")
_FILE = re.compile(r".*\.(?:whl|zip|tgz|tar(?:\.\w+)?|txt|gem)|.*[/\\].*|\.+")
_NEWEST = frozenset({"", "latest", "next", "stable", "master", "main", "HEAD", "beta", "canary"})


def packages(call: Call) -> Iterator[Package]:
    """Yield the packages that a call of pip, npm, yarn, gem, cargo or go installs by name; files are none."""
    words = [word[0] for word in call.words]
    program = call.program
    if _PYTHON.fullmatch(program) and words[1:3] == ["-m", "pip"]:
        words, program, skipped = words[2:], "pip", 2
    elif program == "uv" and words[1:2] == ["pip"]:
        words, program, skipped = words[1:], "pip", 1
    else:
        skipped = 0
    parts = call.parts[skipped:]
    at = next((at for at, word in enumerate(words) if at and not word.startswith("-")), 0)
    command = words[at] if at else ""
    if (_PIP.fullmatch(program) or program == "pipx") and command == "install":
        yield from _pip(call, words, parts, at)
    elif (program in {"npm", "pnpm", "yarn"} and command in {"install", "i", "add"}) or words[1:3] == ["global", "add"]:
        if program in {"npm", "pnpm", "yarn"}:
            yield from _npm(call, words, parts, at + (command == "global"))
    elif program in {"gem", "cargo"} and command == "install":
        yield from _versioned(call, words, parts, at)
    elif program == "go" and command in {"install", "get"}:
        for word, part in zip(words[at + 1 :], parts[at + 1 :], strict=True):
            name, sign, version = word.partition("@")
            if sign and ANYTHING not in word:
                yield Package(call, name, part, version not in _NEWEST, newest=False)


def _pip(call: Call, words: list[str], parts: tuple[Part, ...], at: int) -> Iterator[Package]:
    given = {word.partition("=")[0] for word in words}
    fixed = bool(given & {"-c", "--constraint", "--require-hashes", "--no-index"})
    newest = bool(given & {"-U", "--upgrade"}) or any(re.fullmatch(r"-[a-zA-Z]*U[a-zA-Z]*", word) for word in words)
    for before, word, part in zip(words[at:], words[at + 1 :], parts[at + 1 :], strict=False):
        if before in _PIP_VALUES or word.startswith("-") or ANYTHING in word or _FILE.fullmatch(word):
            continue
        name = _PIP_NAME.match(word)
        if name is not None:
            rest = word[name.end() :]
            yield Package(call, name[0], part, fixed or bool(re.search(r"==|~=|<|@", rest)), newest)


def _npm(call: Call, words: list[str], parts: tuple[Part, ...], at: int) -> Iterator[Package]:
    for before, word, part in zip(words[at:], words[at + 1 :], parts[at + 1 :], strict=False):
        name = _NPM_NAME.match(word)
        if before in _NPM_VALUES or name is None or ANYTHING in word or "://" in word or word.endswith(".tgz"):
            continue
        rest = word[name.end() :]
        if not rest or rest.startswith("@"):
            yield Package(call, name[0], part, rest[1:] not in _NEWEST, newest=False)


def _versioned(call: Call, words: list[str], parts: tuple[Part, ...], at: int) -> Iterator[Package]:
    options = {word.partition("=")[0] for word in words}
    fixed = bool(options & {"-v", "--version", "--vers", "--path", "--git", "-g", "--file", "--local"})
    for before, word, part in zip(words[at:], words[at + 1 :], parts[at + 1 :], strict=False):
        # Short options take values here.
        if word.startswith("-") or re.fullmatch("-[a-zA-Z]", before) or ANYTHING in word or _FILE.fullmatch(word):
            continue
        name, sign, version = word.replace("@", ":").partition(":")
        yield Package(call, name, part, fixed or bool(sign and version), newest=False)


# --- images ----------------------------------------------------------------------------------------------------------

_ENGINES = frozenset({"docker", "podman", "nerdctl", "finch"})
# Options of `docker run` that take no value; all other long ones without `=` take the word behind them.
_SWITCHES = frozenset({
    *("--rm", "--privileged", "--interactive", "--tty", "--detach", "--init", "--read-only", "--no-healthcheck"),
    *("--oom-kill-disable", "--publish-all", "--sig-proxy", "--disable-content-trust", "--quiet", "--all-tags"),
})  # fmt: skip


class Image(NamedTuple):
    """A container image that a call takes from a registry."""

    call: Call
    name: str
    part: Part


def images(call: Call) -> Iterator[Image]:
    """Yield the images that a call of Docker runs or pulls, where their names are written out."""
    words = [word[0] for word in call.words]
    if call.program not in _ENGINES:
        return
    rest = words[1:]
    if rest[:1] in (["container"], ["image"]):
        rest = rest[1:]
    if not rest or rest[0] not in {"run", "pull", "create"}:
        return
    at = len(words) - len(rest) + 1
    while at < len(words) and words[at].startswith("-"):
        at += 1 + _takes_a_value(words[at], rest[0])
    if at < len(words) and ANYTHING not in words[at] and words[at]:
        yield Image(call, words[at], call.parts[at])


def _takes_a_value(option: str, command: str) -> bool:
    if option.startswith("--"):
        return "=" not in option and option not in _SWITCHES
    # `-it`, `-itv /a:/b`, `-v/a:/b`: what follows a letter that takes a value is the value.
    switches = "itdPq" if command != "pull" else "aq"
    return len(option[1:].lstrip(switches)) == 1


def is_pinned(image: str) -> bool:
    """Whether an image's name says which one it is: by a digest, or by a tag that is not `latest`."""
    tag = image.rpartition("/")[2].partition(":")[2]
    return "@" in image or tag not in {"", "latest"}


_PUBLISHERS = (
    *(("twine", "upload"), ("npm", "publish"), ("yarn", "publish"), ("pnpm", "publish"), ("gem", "push")),
    *(("cargo", "publish"), ("poetry", "publish"), ("uv", "publish"), ("flit", "publish"), ("mvn", "deploy")),
    *(("gh", "release"), ("goreleaser", "release"), ("helm", "push")),
)


# What installs the others; it comes with the image, and its newest version is seldom what breaks a build.
_INSTALLERS = frozenset({"pip", "setuptools", "wheel"})


def unpinned(call: Call, *, publishing: bool) -> tuple[list[Package], list[Package]]:
    """Give the packages that a call installs in any version: those where that matters most, and all others.

    Args:
        call: The call.
        publishing: Whether the build publishes what others install.
    """
    loose = [one for one in packages(call) if not one.pinned]
    grave = [one for one in loose if (one.newest or publishing) and one.name.lower() not in _INSTALLERS]
    return grave, [one for one in loose if one not in grave and not (grave and one.name.lower() in _INSTALLERS)]


def publishes(call: Call) -> bool:
    """Whether a call publishes a package that others install."""
    if call.program.startswith("python") and call.words[1:2] == (("-m",),):
        return call.words[2:4] == (("twine",), ("upload",))
    return any(call.starts(*names) for names in _PUBLISHERS)
