"""Rule buildspec-http-download."""

from collections.abc import Iterator

from validator.buildspec import Buildspec
from validator.buildspec.calls import Call
from validator.buildspec.downloads import downloads, is_open
from validator.buildspec.output import destination, program
from validator.buildspec.shell import Part
from validator.rule import Finding, Severity, rule

# Programs that unpack, trust or run what they read.
_TAKERS = frozenset({
    *("tar", "bsdtar", "gunzip", "zcat", "xz", "unzip", "cpio", "tee", "sh", "bash", "python", "python3", "perl"),
    *("node", "ruby", "gpg", "apt-key"),
})  # fmt: skip
# Programs that compare what came with what was meant.
_CHECKERS = frozenset({"sha256sum", "sha512sum", "sha1sum", "md5sum", "shasum", "gpg", "gpgv", "cosign", "minisign"})
_INSTALL = frozenset({"install", "add", "i", "ci", "-i"})
_NONE: frozenset[str] = frozenset()
# Programs that fetch by address, and the commands of theirs that do.
_FETCHERS = {
    "git": frozenset({"clone", "submodule"}),
    **dict.fromkeys(("pip", "pip3", "npm", "gem", "yum", "dnf", "rpm", "yarn"), _INSTALL),
}


@rule("buildspec-http-download", Severity.WARNING)
def check(buildspec: Buildspec) -> Iterator[Finding]:
    """A build downloads over HTTP without TLS.

    Whoever stands between the build and the server can hand it other files. Hosts of the build's own network are
    left out, and builds that compare checksums or signatures.

    Bad:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        commands:
          - curl -fO http://example.com/tool.tar.gz
    ```

    Good:

    ```yaml title="buildspec.yml"
    version: 0.2
    phases:
      install:
        commands:
          - curl -fO https://example.com/tool.tar.gz
          - curl -f http://localhost:8080/health
    ```
    """
    if any(call.program in _CHECKERS for call in buildspec.calls):
        return
    for call in buildspec.calls:
        for address, part in (*_downloaded(call), *_fetched(call)):
            message = f"{address!r} comes over HTTP, and anybody on the way can change it"
            yield Finding(part.node, message, "write 'https://', or compare a checksum that stands here")


def _downloaded(call: Call) -> Iterator[tuple[str, Part]]:
    for found in downloads(call):
        if is_open(found.address):
            reader = destination(call.part)
            if found.kept or (not isinstance(reader, str) and program(reader) in _TAKERS):
                yield found.address, found.part


def _fetched(call: Call) -> Iterator[tuple[str, Part]]:
    words = [word[0] for word in call.words]
    if not _FETCHERS.get(call.program, _NONE).isdisjoint(words[1:4]):
        for word, part in zip(words[1:], call.parts[1:], strict=True):
            address = word.partition("=")[2] if word.startswith("--") else word
            if is_open(address.removeprefix("git+")):
                yield address, part
