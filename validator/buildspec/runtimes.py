"""What builds run on: images, the runtimes in them, kinds of environments, and until when languages are supported.

As a program, `python -m validator.buildspec.runtimes CHECKOUT COMMIT > runtimes.json` makes the table of runtimes anew,
of a checkout of https://github.com/aws/aws-codebuild-docker-images.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, NamedTuple

from validator import parse
from validator.buildspec.spec import Buildspec
from validator.document import Node
from validator.shape import is_function

# What an image does about a version: it has it, fetches it while it builds, fails, or nobody knows.
Answer = Literal["has", "installs", "lacks", "unknown"]

_AWS = "aws/codebuild/"
# Behind the version of an image there may stand that of its release: `standard:7.0-23.11.08`.
_RELEASE = re.compile(r"(:\d+(?:\.\d+)?)-[\d.]+\Z", re.ASCII)
_VERSION = re.compile(r"[A-Za-z]*\d[\w.-]*", re.ASCII)
_NUMBER = re.compile(r"v?\d+(?:\.\d+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Runtime:
    """What an image has of one language.

    Attributes:
        versions: Those that are in it.
        installs: Whether it fetches any other while it builds.
    """

    versions: tuple[str, ...]
    installs: bool


@dataclass(frozen=True, slots=True)
class Image:
    """An image that builds run in.

    Attributes:
        name: As it is written.
        kind: `standard` and `lambda` are AWS's; `removed`, once were; `custom` is anybody's; `unknown` may be AWS's.
        system: Its operating system, `Ubuntu 22.04`; empty if that is not known.
        maintained: Whether AWS brings it up to date.
        deprecated: Since when AWS calls it deprecated.
        runtimes: What it has, by language; None if that is not known.
        insists: Whether it fails where a buildspec asks for no runtime at all.
    """

    name: str
    kind: Literal["standard", "lambda", "removed", "custom", "unknown"]
    system: str = ""
    maintained: bool = False
    deprecated: date | None = None
    runtimes: Mapping[str, Runtime] | None = None
    insists: bool = False

    def answer(self, language: str, version: str) -> Answer:
        """Say what it does when it is asked for a version of a language."""
        if self.runtimes is None:
            return "unknown"
        runtime = self.runtimes.get(language)
        if runtime is None:
            return "lacks"
        if any(_covers(known, version) for known in runtime.versions):
            return "has"
        # Fetched is what the language's own installer knows: `corretto17` or `17`, never `openjdk17`.
        plain = version.removeprefix("corretto") if language == "java" else version
        return "installs" if runtime.installs and _NUMBER.fullmatch(plain) else "lacks"


class Environment(NamedTuple):
    """A kind of environment: its operating system, and what kind of machine it is."""

    system: Literal["linux", "windows", "macos"]
    machine: Literal["container", "instance", "lambda"]


class End(NamedTuple):
    """The end of the support of a version: the last day, and who says so; empty where that was not looked up."""

    day: date
    source: str


class Asked(NamedTuple):
    """A runtime that a buildspec asks for.

    Attributes:
        version: As it is written; empty where it is not one that can be told: `$VERSION`, `latest`, `3.x`.
    """

    node: Node
    language: str
    version: str


def image(name: str) -> Image:
    """Say what is known of an image by its name."""
    plain = _RELEASE.sub(r"\1", name)
    if (found := _images().get(plain)) is not None:
        return replace(found, name=name)
    if not plain.startswith(_AWS):
        return Image(name, "unknown" if "/codebuild/" in plain else "custom")
    family = plain.removeprefix(_AWS).partition(":")[0]
    return Image(name, "removed" if family in _data("images")["removed"] else "unknown")


def maintained(like: str = "") -> tuple[str, ...]:
    """Give the standard images that AWS maintains, for the same processor as one of its images."""
    arm = "aarch64" in like
    found = [entry["names"][0] for entry in _data("images")["images"] if entry["maintained"]]
    return tuple(_AWS + name for name in found if ("aarch64" in name) == arm)


def environment(kind: str) -> Environment | None:
    """Say what a kind of environment is, by its name in the API: `LINUX_CONTAINER`."""
    found = _data("environments")["types"].get(kind)
    return Environment(*found) if found is not None else None


def is_lambda_compute(kind: str) -> bool:
    """Whether a kind of compute, `BUILD_LAMBDA_1GB`, is there on Lambda compute only."""
    return kind in _data("environments")["lambda_compute"]


def asked(buildspec: Buildspec) -> Iterator[Asked]:
    """Yield the runtimes that a buildspec asks for."""
    section = buildspec.node.get("phases", "install", "runtime-versions")
    if section is None or not isinstance(section.value, dict) or is_function(section.value):
        return
    for language, node in section.items():
        if isinstance(node.value, dict | list | bool) or node.value is None or "$" in language:
            continue
        # YAML reads 3.10 as 3.1; CodeBuild may not.
        text = node.value if isinstance(node.value, str) else node.text
        told = _VERSION.fullmatch(text) is not None and not text.endswith(".x")
        yield Asked(node, language, text if told else "")


@cache
def languages() -> Mapping[str, tuple[str, ...]]:
    """Give every language that an image of AWS's has, with the versions in those that AWS maintains, latest first."""
    found: dict[str, dict[str, None]] = {}
    for one in _images().values():
        for name, runtime in (one.runtimes or {}).items():
            # `3.13-uv` is 3.13, installed in another way.
            versions = [version for version in runtime.versions if one.maintained and "-" not in version]
            found.setdefault(name, {}).update(dict.fromkeys(versions))
    return {name: tuple(sorted(versions, key=_numbers, reverse=True)) for name, versions in sorted(found.items())}


def meant(language: str) -> str:
    """Give the language that is called otherwise here, `golang` for `go`; empty if there is none."""
    return str(_data("languages")["called"].get(language.lower(), ""))


def withdrawn(language: str, version: str) -> bool:
    """Whether AWS had a version of a language in its images, and has it in none that it maintains."""
    answers = {
        one.maintained
        for one in _images().values()
        if any(_covers(known, version) for known in (one.runtimes or {}).get(language, _NOTHING).versions)
    }
    return answers == {False}


def end_of_support(language: str, version: str) -> End | None:
    """Say when the support of a version ends, or ended; None if that is not known."""
    table = _data("languages")["support"].get(language, {"until": {}})
    for known, day in table["until"].items():
        if version == known or version.startswith(known + "."):
            return End(date.fromisoformat(day), "" if known in table.get("unverified", ()) else table["source"])
    return None


def supported(language: str, today: date) -> tuple[str, ...]:
    """Give the versions that images have which AWS maintains, and whose support has not ended; latest first."""
    ends = {version: end_of_support(language, version) for version in languages()[language]}
    return tuple(version for version, end in ends.items() if end is None or today <= end.day)


_NOTHING = Runtime((), installs=False)


def _covers(known: str, version: str) -> bool:
    """Whether two versions are one, or one is the other with more or with fewer digits: `18` and `18.19.0`."""
    return known == version or version.startswith(known + ".") or known.startswith(version + ".")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version, re.ASCII))


@cache
def _images() -> Mapping[str, Image]:
    tables = _data("runtimes")["images"]
    found: dict[str, Image] = {}
    for entry in _data("images")["images"]:
        runtimes = {
            language: Runtime(tuple(runtime["versions"]), runtime["installs"])
            for language, runtime in tables[entry["folder"]].items()
        }
        day = date.fromisoformat(entry["deprecated"]) if "deprecated" in entry else None
        for name in entry["names"]:
            found[_AWS + name] = Image(
                name, "standard", entry["system"], entry["maintained"], day, runtimes, entry.get("insists", False)
            )
    for entry in _data("images")["lambda"]:
        for tag in entry["tags"]:
            for name in entry["names"]:
                found[f"{_AWS}{name}:{tag}"] = Image(name, "lambda", entry["system"], maintained=True)
    return found


@cache
def _data(name: str) -> Any:
    return json.loads((files("validator.buildspec") / "data" / f"{name}.json").read_text("utf-8"))


# --- the table of runtimes -------------------------------------------------------------------------------------------


def table(checkout: Path, commit: str) -> dict[str, Any]:
    """Read which runtimes images have out of a checkout of AWS's repository of images.

    Raises:
        ValueError: There is no table of runtimes in it, or one that cannot be read.
    """
    found: dict[str, Any] = {}
    for path in sorted(checkout.rglob("runtimes.yml")):
        root = parse.load(str(path), path.read_bytes()).root
        runtimes = root.get("runtimes")
        if runtimes is None or not isinstance(runtimes.value, dict):
            message = f"{path} has no runtimes"
            raise ValueError(message)
        # What AWS no longer supports moves to a folder of its own.
        folder = path.parent.relative_to(checkout).as_posix().removeprefix("unsupported_images/")
        found[folder] = {language: _runtime(node) for language, node in sorted(runtimes.items())}
    if not found:
        message = f"there is no runtimes.yml in {checkout}"
        raise ValueError(message)
    return {"source": f"aws/aws-codebuild-docker-images, {commit}", "images": found}


def _runtime(node: Node) -> dict[str, Any]:
    versions = node.get("versions")
    names = [name for name, _ in versions.items()] if versions is not None else []
    return {
        "versions": sorted((name for name in names if name != "default"), key=lambda name: (_numbers(name), name)),
        "installs": "default" in names,
    }


def _written(content: Mapping[str, Any]) -> str:
    """Write the table, a line for each language."""
    images = ",\n".join(
        f"  {json.dumps(folder)}: {{\n"
        + ",\n".join(f"   {json.dumps(language)}: {json.dumps(runtime)}" for language, runtime in runtimes.items())
        + "\n  }"
        for folder, runtimes in content["images"].items()
    )
    return f'{{\n "source": {json.dumps(content["source"])},\n "images": {{\n{images}\n }}\n}}\n'


if __name__ == "__main__":
    sys.stdout.write(_written(table(Path(sys.argv[1]), sys.argv[2])))
