"""Which shell the commands of a buildspec are for."""

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from validator.buildspec.spec import Buildspec

Dialect = Literal["sh", "bash", "powershell", "cmd"]

_NAMED: dict[str, Dialect] = {
    "bash": "bash",
    "sh": "sh",
    "powershell.exe": "powershell",
    "powershell": "powershell",
    "pwsh.exe": "powershell",
    "pwsh": "powershell",
    "cmd.exe": "cmd",
    "cmd": "cmd",
}
# Where a command can begin.
_START = r"(?:^|[;&|({=])[ \t]*"
_VERBS = (
    "Add|Clear|Compress|Convert|ConvertFrom|ConvertTo|Copy|Expand|Export|ForEach|Get|Import|Install|Invoke|Join|Move|New"
    "|Out|Pop|Push|Read|Remove|Rename|Resolve|Select|Set|Sort|Split|Start|Stop|Test|Update|Where|Write"
)
_POWERSHELL = re.compile(
    rf"""
      \$env:(?:[A-Z_][A-Z0-9_]+\b | path\b)        # a variable of the environment; in a shell `$env` and a colon
    | \$Env:\w
    | {_START}(?:{_VERBS})-[A-Z][A-Za-z]+\b        # Get-ChildItem
    | (?:^|[;{{])[ \t]*\$\w+[ \t]*=[ \t]           # $files = …; in a test of a shell it stands behind `[` or `||`
    | {_START}(?:else)?if[ \t]*\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)[ \t]*\n?[ \t]*\{{
    | {_START}(?:foreach|try|param)[ \t]*[({{]
    | \$ErrorActionPreference\b | \$PSVersionTable\b | \$LASTEXITCODE\b
    | [ \t]-(?:eq|ne|and|or|not|match|like)[ \t]+\$(?:null|true|false)\b
    | \[[A-Za-z.]+\]::\w                           # [uri]::EscapeUriString
    """,
    re.VERBOSE | re.MULTILINE,
)
_CMD = re.compile(
    rf"""
      {_START}@?(?i:echo[ \t]+off | rem[ \t] | setlocal\b | xcopy[ \t] | robocopy[ \t])
    | {_START}(?i:if[ \t]+(?:not[ \t]+)?exist[ \t] | call[ \t]+\S | set[ \t]+[A-Za-z_]\w*=\S*%)
    """,
    re.VERBOSE | re.MULTILINE,
)
# Both shells of Windows know these; PowerShell is what CodeBuild takes there.
_WINDOWS = re.compile(
    rf"""
      {_START}(?:&[ \t]*)?["']?\.{{1,2}}\\\w         # .\build.bat
    | {_START}["']?[A-Za-z]:\\\w
    | {_START}(?:[\w./\\-]+\.(?i:bat|cmd|ps1)\b | choco[ \t]+\w)
    | {_START}(?:powershell(?:\.exe)?[ \t] | cmd(?:\.exe)?[ \t]+/[a-zA-Z])
    """,
    re.VERBOSE | re.MULTILINE,
)
# No sign of Windows counts where one of these is: keywords of a shell, programs of Linux.
_LINUX = re.compile(
    rf"{_START}(?:\[\[?[ \t]|(?:apt-get|yum|dnf|apk|chmod)[ \t]|export[ \t]+\w+=|(?:fi|esac)\b)", re.MULTILINE
)


def dialect(buildspec: "Buildspec") -> Dialect:
    """Say which shell the commands of a buildspec are for.

    What `env.shell` names; else what the commands look like, all of them together, for nobody writes for two shells;
    else `sh`, which is what CodeBuild takes on Linux.
    """
    shell = buildspec.node.get("env", "shell")
    if shell is not None and isinstance(shell.value, str):
        named = _NAMED.get(re.split(r"[/\\]", shell.value.strip().lower())[-1])
        if named is not None:
            return named
    if buildspec.system == "windows":
        return "powershell"
    texts = [command.text or "" for command in buildspec.commands()]
    if any(_POWERSHELL.search(text) for text in texts):
        return "powershell"
    if any(_LINUX.search(text) for text in texts):
        return "sh"
    if any(_CMD.search(text) for text in texts):
        return "cmd"
    return "powershell" if any(_WINDOWS.search(text) for text in texts) else "sh"
