"""Paths and dotted names that pages, docstrings and comments mention lead to something that is there."""

import ast
import importlib
import io
import re
import tokenize
from contextlib import suppress
from functools import cache

import pytest

from tms_site.environment import BASE_DIR

ROOMS = (
    "accounts",
    "activity",
    "benchmarks",
    "deploy",
    "docs",
    "drills",
    "scripts",
    "static",
    "templates",
    "tickets",
    "tms_site",
)
ROOM = rf"(?<![\w./-])(?:{'|'.join(ROOMS)})"
PATH = re.compile(rf"{ROOM}/[\w./*-]*[\w*/]")
# A name of a file or of a host is no name of Python; NAME stands for any.
FOREIGN = r"(?!\.(?:csv|example)\b)"
DOTTED = re.compile(rf"{ROOM}{FOREIGN}(?:\.[A-Za-z_]\w*)+")
ROWS = re.compile(r"security\.md, rows? (\d+(?:(?:, | to | and )\d+)*)")
IN_COMMENT = re.compile(rf"#.*(?:{ROOM}[/.]|{ROWS.pattern})")
PAGES = [*BASE_DIR.glob("*.md"), *BASE_DIR.glob("docs/*.md"), BASE_DIR / "docker-compose.yml"]
SOURCES = [path for room in ROOMS for path in (BASE_DIR / room).rglob("*.py") if "migrations" not in path.parts]


def spans(page: str) -> str:
    """Return what a page shows as code, line by line; of another file all of it."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", page, re.DOTALL)) or page


def words_of(source: str) -> str:
    """Return the docstrings of a module, and its comments if one of them may mention a place."""
    # Taking a module to pieces costs ten times what a look at its lines does.
    tokens = tokenize.generate_tokens(io.StringIO(source).readline) if IN_COMMENT.search(source) else ()
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, documented)]
    return "\n".join([*comments, *(ast.get_docstring(node) or "" for node in nodes)])


@cache
def is_path(path: str) -> bool:
    return bool(list(BASE_DIR.glob(path.rstrip("/")))) if "*" in path else (BASE_DIR / path).exists()


@cache
def is_name(dotted: str) -> bool:
    """Tell whether a dotted name is a module, or something that a module has."""
    module, _, rest = dotted.partition(".")
    found = importlib.import_module(module)
    for part in rest.split("."):
        with suppress(ModuleNotFoundError):
            importlib.import_module(f"{module}.{part}")
        module = f"{module}.{part}"
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


def lost(text: str) -> list[str]:
    """Return the paths and dotted names of a text that lead nowhere."""
    paths = [path for path in PATH.findall(text) if "NAME" not in path and not is_path(path)]
    return paths + [name for name in DOTTED.findall(text) if not is_name(name)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_what_a_page_mentions_is_there(path):
    assert lost(spans(path.read_text())) == []


def test_what_docstrings_and_comments_mention_is_there():
    assert len(SOURCES) > 300
    found = {str(path.relative_to(BASE_DIR)): lost(words_of(path.read_text())) for path in SOURCES}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "wrong",
    [
        "tickets/policies.py",
        "tms_site/nothing/",
        "tickets/tests/test_no*thing.py",
        "accounts.tokens.fingerprints",
        "tickets.models.Nothing",
    ],
)
def test_what_is_not_there_is_found(wrong):
    assert lost(f"See `{wrong}`.") == [wrong]


@pytest.mark.parametrize(
    "right",
    [
        "tickets/policies/",
        "docs/*.md",
        "tms_site/lib/once.py",
        "accounts.models.User",
        "activity.receivers",
        "tickets.csv",
    ],
)
def test_what_is_there_is_let_pass(right):
    assert lost(f"See `{right}`.") == []


def test_the_promises_that_the_code_refers_to_are_held():
    page = (BASE_DIR / "docs" / "security.md").read_text()
    held = set(re.findall(r"^\| (\d+) \|", page, re.MULTILINE))
    sources = {path: path.read_text() for path in SOURCES}
    named = {
        (str(path.relative_to(BASE_DIR)), number)
        for path, source in sources.items()
        if ROWS.search(source)
        for numbers in ROWS.findall(words_of(source))
        for number in re.findall(r"\d+", numbers)
    }
    assert named
    assert {each for each in named if each[1] not in held} == set()
