import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from validator.discover import Found, Missed, files

Tree = Callable[..., Path]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """Write files below an empty working directory, and give that."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)

    def write(*names: str, **texts: str) -> Path:
        for name in names:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(texts.get("text", "a: 1\n"))
        return tmp_path

    return write


@pytest.fixture(params=["walked", "listed by git"])
def either(request: pytest.FixtureRequest, tree: Tree) -> Tree:
    """Write files below a working directory that is no repository, then below one that is."""
    if request.param == "listed by git":
        git(tree(), "init")
    return tree


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=n", "-c", "user.email=e@example.com", "-c", "protocol.file.allow=always")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def shown(*paths: str, exclude: tuple[str, ...] = (), root: Path | None = None) -> list[str]:
    return [one.path for one in files(paths, exclude=exclude, root=root) if isinstance(one, Found)]


def missed(*paths: str) -> list[tuple[str, str]]:
    return [(one.path, one.reason) for one in files(paths) if isinstance(one, Missed)]


# --- by walking ----------------------------------------------------------------------------------------------------


def test_takes_the_files_whose_names_can_matter_sorted(tree: Tree) -> None:
    tree("b.yml", "a/c.JSON", "a.template", "x.yaml", "buildspec", "readme.md", "pyproject.toml", "a/run.py")
    assert shown(".") == ["a.template", "a/c.JSON", "b.yml", "buildspec", "x.yaml"]


def test_takes_a_named_file_whatever_its_name_is(tree: Tree) -> None:
    tree("policy.txt", "b.yml")
    assert list(files(["policy.txt"])) == [Found("policy.txt", Path("policy.txt").absolute(), given=True)]


def test_tells_named_files_from_met_ones(tree: Tree) -> None:
    tree("a.yml", "b.yml")
    found = [one for one in files([".", "b.yml", "./b.yml"]) if isinstance(one, Found)]
    assert [(one.path, one.given) for one in found] == [("a.yml", False), ("b.yml", True)]


def test_nothing_is_asked_for_nothing(tree: Tree) -> None:
    tree("a.yml")
    assert shown() == []


def test_says_what_is_not_there(tree: Tree) -> None:
    tree("a.yml")
    assert missed("b.yml", "c/d.yml") == [("b.yml", "does not exist"), ("c/d.yml", "does not exist")]


@pytest.mark.parametrize("folder", [".git", "node_modules", ".venv", ".aws-sam", ".terraform", "__pycache__"])
def test_skips_folders_of_other_programs(either: Tree, folder: str) -> None:
    either("a.yml")
    either(f"deep/{folder}/b/c.yml")
    assert shown(".") == ["a.yml"]


def test_skips_a_python_environment_of_any_name(either: Tree) -> None:
    either("a.yml", "env3/pyvenv.cfg", "env3/lib/b.json", "cdk.out/c.template.json")
    assert shown(".") == ["a.yml", "cdk.out/c.template.json"]


def test_enters_any_folder_that_is_named(tree: Tree) -> None:
    tree("node_modules/a.yml")
    assert shown("node_modules") == ["node_modules/a.yml"]


def test_heeds_ignore_files_without_git(tree: Tree) -> None:
    top = tree("a.yml", "build/b.yml", "c/d.yml", "c/e.yml", "c/keep/x.yml", "c/x.yml")
    (top / ".gitignore").write_text("build/\nx.yml\n!\n[z-a]\n")
    (top / "c/.gitignore").write_text("/e.yml\n!keep/x.yml\n")
    assert shown(".") == ["a.yml", "c/d.yml", "c/keep/x.yml"]


def test_matches_patterns_without_git_as_git_does(tree: Tree) -> None:
    names = [
        "a.yml",
        "b/a.yml",
        "b/c/d.yml",
        "b/c/e.yml",
        "logs/x.json",
        "b/logs/x.json",
        "tmp/y.yml",
        "b/tmp",
        "z y.yml",
    ]
    top = tree(*[name + "/f.yml" if name == "b/tmp" else name for name in names])
    (top / ".gitignore").write_text("/a.yml\nb/**/e.yml\nlogs/*\n!logs/x.json\ntmp\nz\\ y.yml\n# c\n\n")
    (top / "b/.gitignore").write_text("!tmp\n")
    walked = shown(".")
    git(top, "init")
    assert walked == shown(".")


# --- by git --------------------------------------------------------------------------------------------------------


def test_takes_what_git_tracks_or_does_not_ignore(tree: Tree) -> None:
    top = tree("kept.yml", "new.yml", "gone.yml", "build/out.yml", "build/forced.yml")
    (top / ".gitignore").write_text("build/\n")
    git(top, "init")
    git(top, "add", "--force", "kept.yml", "gone.yml", "build/forced.yml")
    (top / "gone.yml").unlink()
    assert shown(".") == ["build/forced.yml", "kept.yml", "new.yml"]


def test_walks_a_named_folder_that_git_ignores(tree: Tree) -> None:
    top = tree("build/a/out.yml", "b.yml")
    (top / ".gitignore").write_text("build/\n")
    git(top, "init")
    assert shown("build", "build/a") == ["build/a/out.yml"]


def test_shows_paths_below_a_named_folder_from_the_working_directory(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tree("a/b.yml", "c/d.yml")
    git(top, "init")
    monkeypatch.chdir(top / "c")
    assert shown("../a", ".", str(top / "a")) == ["../a/b.yml", "d.yml"]


def test_keeps_an_absolute_path_outside_the_working_directory(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    top = tree("a/b.yml", "c/d.yml")
    monkeypatch.chdir(top / "c")
    assert shown(str(top / "a"), str(top / "c")) == [f"{top.as_posix()}/a/b.yml", "d.yml"]


def test_enters_submodules_and_clones_but_not_submodules_that_are_not_there(tree: Tree) -> None:
    top = tree("a.yml", "library/s.yml", "library/ignored.yml")
    for folder in (top / "library", top / "work", top / "work/clone"):
        folder.mkdir(exist_ok=True)
        git(folder, "init")
    (top / "library/.gitignore").write_text("ignored.yml\n")
    git(top / "library", "add", ".")
    git(top / "library", "commit", "-m", "x")
    git(top / "work", "submodule", "add", str(top / "library"), "sub")
    git(top / "work", "submodule", "add", str(top / "library"), "empty")
    shutil.rmtree(top / "work/empty")
    (top / "work/empty").mkdir()
    tree("work/clone/n.yml", "work/own.yml", "work/sub/ignored.yml")
    assert shown("work") == ["work/clone/n.yml", "work/own.yml", "work/sub/s.yml"]
    assert shown("work/empty") == []


def test_asks_the_repository_of_the_folder_not_that_of_the_hook(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    top = tree("one/a.yml", "two/b.yml", "two/build/c.yml")
    (top / "two/.gitignore").write_text("build/\n")
    for folder in ("one", "two"):
        git(top / folder, "init")
    monkeypatch.setenv("GIT_DIR", str(top / "one/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(top / "one"))
    monkeypatch.setenv("GIT_INDEX_FILE", "no/index")
    assert shown("two") == ["two/b.yml"]


def _without_git(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(top / "nowhere"))


def _of_somebody_else(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")


def _damaged(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (top / ".git/HEAD").write_text("nonsense")


@pytest.mark.parametrize("trouble", [_without_git, _of_somebody_else, _damaged])
def test_walks_where_git_cannot_say(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, trouble: Callable[[Path, pytest.MonkeyPatch], None]
) -> None:
    top = tree("a.yml", "build/b.yml", "c/d.yml", "c/build/e.yml", "c/skip.yml")
    (top / ".gitignore").write_text("build/\nskip.yml\n")
    git(top, "init")
    trouble(top, monkeypatch)
    assert shown(".") == ["a.yml", "c/d.yml"]
    assert shown("c") == ["c/d.yml"]
    assert shown("build") == ["build/b.yml"]


def test_runs_no_program_that_a_repository_names(tree: Tree) -> None:
    top = tree("a.yml")
    git(top, "init")
    (top / "hook").write_text("#!/bin/sh\ntouch ran\n")
    (top / "hook").chmod(0o755)
    git(top, "config", "core.fsmonitor", str(top / "hook"))
    assert shown(".") == ["a.yml"]
    assert not (top / "ran").exists()


def test_a_file_in_a_merge_conflict_comes_once(tree: Tree) -> None:
    top = tree("a.yml", text="a: 0\n")
    git(top, "init", "--initial-branch", "main")
    git(top, "add", ".")
    git(top, "commit", "-m", "x")
    for branch, text in (("other", "a: 1\n"), ("main", "a: 2\n")):
        git(top, "checkout", "-B", branch, *(["main"] if branch == "other" else []))
        tree("a.yml", text=text)
        git(top, "commit", "-am", branch)
    subprocess.run(["git", "merge", "other"], cwd=top, check=False, capture_output=True)
    assert shown(".") == ["a.yml"]


# --- what is left out ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paths", [(".",), ("vendor", "a.yml"), ("vendor/x/b.yml", "a.yml")])
@pytest.mark.parametrize("pattern", ["vendor", "vendor/", "vendor/**", "b.yml", "/vendor/*/b.yml"])
def test_leaves_out_what_is_excluded_even_if_it_is_named(either: Tree, paths: tuple[str, ...], pattern: str) -> None:
    either("a.yml", "vendor/x/b.yml")
    assert shown(*paths, exclude=(pattern,)) == ["a.yml"]


def test_exclusions_are_relative_to_the_root(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    top = tree("a/b.yml", "a/c/b.yml", "a/c/d.yml")
    monkeypatch.chdir(top / "a/c")
    assert shown("..", exclude=("/a/b.yml", "d.yml"), root=top) == ["b.yml"]


def test_exclusions_can_be_taken_back(tree: Tree) -> None:
    tree("a.json", "b.json")
    assert shown(".", exclude=("*.json", "!b.json")) == ["b.json"]


def test_what_is_excluded_is_not_missed(tree: Tree) -> None:
    tree("a.yml")
    assert list(files(["vendor/gone.yml"], exclude=("vendor/",))) == []


# --- links ---------------------------------------------------------------------------------------------------------

links = pytest.mark.skipif(sys.platform == "win32", reason="links need privileges there")


@links
def test_a_linked_file_comes_once_under_its_own_path(either: Tree) -> None:
    top = either("z/real.yml", "a.yml")
    (top / "link.yml").symlink_to("z/real.yml")
    (top / "again.yml").symlink_to("link.yml")
    found = [one for one in files([".", "link.yml"]) if isinstance(one, Found)]
    assert [(one.path, one.given) for one in found] == [("a.yml", False), ("z/real.yml", True)]


@links
def test_a_link_out_of_the_tree_comes_under_its_own_path(tree: Tree) -> None:
    top = tree("outside/a.yml", "inside/b.yml")
    (top / "inside/one.yml").symlink_to("../outside/a.yml")
    (top / "inside/two.yml").symlink_to("../outside/a.yml")
    assert shown("inside") == ["inside/b.yml", "inside/one.yml"]


@links
def test_links_to_folders_are_not_followed(either: Tree) -> None:
    top = either("outside/a.yml", "inside/b.yml")
    (top / "inside/out").symlink_to("../outside")
    (top / "inside/up.yml").symlink_to("..")
    (top / "inside/loop").symlink_to("loop")
    assert shown("inside") == ["inside/b.yml"]


@links
def test_a_linked_folder_that_is_named_is_entered(either: Tree) -> None:
    top = either("real/a.yml", "real/ignored.yml")
    (top / "real/.gitignore").write_text("ignored.yml\n")
    (top / "link").symlink_to("real")
    assert shown("link") == ["link/a.yml"]
    assert shown("link", "real") == ["real/a.yml"]


@links
def test_goes_up_from_where_a_link_leads(tree: Tree) -> None:
    top = tree("far/away/a.yml", "far/b.yml", "b.yml", "link/c.yml")
    shutil.rmtree(top / "link")
    (top / "link").symlink_to("far/away")
    assert shown("link/../b.yml") == ["far/b.yml"]


@links
def test_says_which_links_lead_nowhere(tree: Tree) -> None:
    top = tree("a.yml")
    (top / "gone.yml").symlink_to("nothing")
    (top / "loop.yml").symlink_to("loop.yml")
    (top / "loop.txt").symlink_to("loop.txt")
    nowhere = ("gone.yml", "is a symbolic link that leads nowhere")
    circle = "is a symbolic link that leads in a circle"
    assert missed(".") == [nowhere, ("loop.yml", circle)]
    assert missed("gone.yml", "loop.txt") == [nowhere, ("loop.txt", circle)]
    assert shown(".") == ["a.yml"]


# --- odd things on a disk ------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes there")
def test_never_waits_for_a_pipe(tree: Tree) -> None:
    top = tree("a.yml")
    os.mkfifo(top / "pipe.yml")
    assert shown(".") == ["a.yml"]
    assert missed("pipe.yml") == [("pipe.yml", "is not a regular file")]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is locked for this user")
def test_says_which_folders_are_locked(either: Tree) -> None:
    top = either("a.yml", "locked/b.yml", "locked/tracked.yml")
    if (top / ".git").exists():
        git(top, "add", "locked/tracked.yml")
    (top / "locked").chmod(0)
    try:
        reasons = dict(missed("."))
        assert reasons["locked"] == "permission denied"
        assert shown(".") == ["a.yml"]
    finally:
        (top / "locked").chmod(0o755)


def test_says_which_folders_cannot_be_listed(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree("a.yml", "locked/b.yml")
    scan = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert missed(".") == [("locked", "permission denied")]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_shows_every_path_as_text_that_can_be_written(either: Tree) -> None:
    top = either("white space.yml", "new\nline.yml", "caf\u00e9.yml", "esc\x1b[0m.yml", "right\u202eleft.yml")
    (top / os.fsdecode(b"latin-\xe9.yml")).write_text("a: 1\n")
    found = [one for one in files(["."]) if isinstance(one, Found)]
    assert [one.path for one in found] == [
        "caf\u00e9.yml",
        "esc\\x1b[0m.yml",
        "latin-\\xe9.yml",
        "new\\nline.yml",
        "right\\u202eleft.yml",
        "white space.yml",
    ]
    assert all(one.file.is_file() for one in found)


def test_a_tree_deeper_than_python_can_recurse(either: Tree) -> None:
    top = either("a.yml")
    folders = ["/".join("d" * depth) for depth in range(1, 1200)]
    for folder in folders:
        (top / folder).mkdir()
    deep = either(f"{folders[-1]}/b.yml") / folders[-1] / "b.yml"
    assert shown(".") == ["a.yml", f"{folders[-1]}/b.yml"]
    # Nor could pytest remove it.
    deep.unlink()
    for folder in reversed(folders):
        (top / folder).rmdir()


def test_what_is_not_needed_is_not_imported() -> None:
    heavy = "{'pathspec', 'subprocess', 'json', 'difflib', 'yaml'}"
    code = f"import sys, validator.discover; print(sorted({heavy} & sys.modules.keys()))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
