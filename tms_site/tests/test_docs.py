"""What the documents say is what the code does."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.enums import Role
from tms_site.environment import BASE_DIR
from tms_site.management.commands import write_permissions_doc

DOCS = BASE_DIR / "docs"
PAGES = [*DOCS.glob("*.md"), *BASE_DIR.glob("*.md")]
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]+")
# Helpers of tms_site.environment whose first argument names a variable.
READERS = {
    "str",
    "flag",
    "number",
    "words",
    "origin",
    "choice",
    "roles",
    "networks",
    "text",
    "sender",
    "origins",
    "exact_origins",
    "extensions",
}
# Set by one of our own programs for another; and Django's own, which the programs set themselves.
INTERNAL = {"TMS_GREETING", "DJANGO_SETTINGS_MODULE"}


def code_files():
    for folder in ("accounts", "activity", "tickets", "tms_site", "scripts"):
        for path in (BASE_DIR / folder).rglob("*.py"):
            if "tests" not in path.parts and path.name != "test_settings.py":
                yield path
    yield from (BASE_DIR / "gunicorn.conf.py", BASE_DIR / "conftest.py", BASE_DIR / "manage.py")
    yield BASE_DIR / "tms_site" / "tests" / "api" / "test_schemathesis.py"


def names_in(nodes, constants):
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Name):
            yield constants.get(node.id, "")


def variables_read_by(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    constants = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = set()
    settings = path.name in {"settings.py", "environment.py", "databases.py"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            function = ast.unparse(node.func)
            reads = function in {"os.environ.get", "os.getenv"} or (settings and function.split(".")[-1] in READERS)
            found |= set(names_in(node.args[:1], constants)) if reads else set()
        elif (
            isinstance(node, ast.Subscript)
            and ast.unparse(node.value) == "os.environ"
            and isinstance(node.ctx, ast.Load)
        ):
            found |= set(names_in([node.slice], constants))
        elif isinstance(node, ast.For | ast.comprehension) and isinstance(node.iter, ast.Tuple) and settings:
            found |= set(names_in(node.iter.elts, constants))
    return {name for name in found if VARIABLE.fullmatch(name)} - INTERNAL


def rows(page: str) -> list[list[str]]:
    """Return the cells of all tables of a page, without their heads."""
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]


def test_every_variable_that_the_code_reads_is_explained_and_no_other():
    read = set().union(*(variables_read_by(path) for path in code_files()))
    explained = [row[0].strip("`") for row in rows((DOCS / "configuration.md").read_text()) if row[0].startswith("`")]
    assert len(read) > 30
    assert len(explained) == len(set(explained))
    assert set(explained) == read


def test_the_example_file_knows_no_variable_that_is_not_explained():
    named = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (BASE_DIR / ".env.example").read_text(), re.MULTILINE))
    explained = {row[0].strip("`") for row in rows((DOCS / "configuration.md").read_text())}
    assert named
    assert named <= explained


def test_the_readme_names_only_variables_that_exist():
    readme = (BASE_DIR / "README.md").read_text()
    named = {cell for row in rows(readme) for cell in re.findall(r"`([A-Z][A-Z0-9_]{3,})`", row[0])}
    explained = {row[0].strip("`") for row in rows((DOCS / "configuration.md").read_text())}
    assert named
    assert named <= explained


def test_the_page_about_permissions_is_what_the_policies_say():
    assert write_permissions_doc.PAGE.read_text() == write_permissions_doc.permissions_page(), (
        "run `python manage.py write_permissions_doc`"
    )


@pytest.mark.django_db
def test_the_page_that_shows_the_same_in_tms_has_a_column_for_each_role(client_for, requester):
    page = client_for(requester).get("/permissions/").content.decode()
    columns = page.partition("</thead>")[0].count('<th scope="col">')
    assert columns == 1 + len(Role)
    assert set(re.findall(r'colspan="(\d+)"', page)) == {str(columns)}


def test_the_command_writes_that_page(monkeypatch, tmp_path, capsys):
    page = BASE_DIR / "data" / "permissions.md"
    monkeypatch.setattr(write_permissions_doc, "BASE_DIR", tmp_path)
    monkeypatch.setattr(write_permissions_doc, "PAGE", tmp_path / page.name)
    call_command("write_permissions_doc")
    assert (tmp_path / page.name).read_text() == write_permissions_doc.permissions_page()
    assert capsys.readouterr().out == "Wrote permissions.md\n"


def test_the_pages_that_the_code_refers_to_exist():
    named = {(path, name) for path in code_files() for name in re.findall(r"[\w/-]+\.md\b", path.read_text())}
    assert named
    missing = [(str(path), name) for path, name in named if not any((at / name).is_file() for at in (BASE_DIR, DOCS))]
    assert missing == []


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z0-9-]*):", (BASE_DIR / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/configuration.md"])
def test_the_commands_that_a_page_names_exist(name):
    page = "\n".join(re.findall(r"```sh\n.*?```|`[^`\n]+`", (BASE_DIR / name).read_text(), re.DOTALL))
    assert set(re.findall(r"\bmake ([a-z][a-z-]+)", page)) <= targets()
    commands = {path.stem for path in BASE_DIR.glob("*/management/commands/*.py")}
    own = set(re.findall(r"manage\.py ([a-z_]+)", page)) - {"check", "migrate", "createcachetable", "collectstatic"}
    assert own <= commands


def test_the_readme_names_the_two_commands():
    readme = (BASE_DIR / "README.md").read_text()
    assert {"run", "test"} <= set(re.findall(r"make ([a-z-]+)", readme))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(path):
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", path.read_text()):
        assert (path.parent / target).exists(), target


def headings(page: str) -> list[tuple[int, str, str]]:
    """Return the level, the words and the text of each section of a page; a # within a block of code begins none."""
    plain = re.sub(r"^```.*?^```$", lambda block: block[0].replace("#", " "), page, flags=re.MULTILINE | re.DOTALL)
    parts = re.split(r"^(#+) (.+)$", plain, flags=re.MULTILINE)[1:]
    return [(len(mark), words, text) for mark, words, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True)]


def problems_of_headings(page: str) -> list[str]:
    """Return the headings that come twice, that have nothing below them, or that stand against the text before."""
    found = headings(page)
    words = [heading.casefold() for _level, heading, _text in found]
    problems = [f"twice: {heading}" for heading in set(words) if words.count(heading) > 1]
    following = [*(level for level, _heading, _text in found[1:]), 0]
    problems += [
        f"empty: {heading}"
        for (level, heading, text), after in zip(found, following, strict=True)
        if not text.strip() and after <= level
    ]
    return problems + [f"no blank line: {line}" for line in re.findall(r"^[^#\n].*\n(#{2,} .+)$", page, re.MULTILINE)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_section_of_a_page_has_a_text_and_a_heading_of_its_own(path):
    assert problems_of_headings(path.read_text()) == []


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ("# A\n\n## B\n\n## C\n\ntext\n", "empty: B"),
        ("# A\n\ntext\n\n## B\n", "empty: B"),
        ("# A\n\n## B\n\ntext\n\n### b\n\ntext\n", "twice: b"),
        ("# A\n\ntext\n## B\n\ntext\n", "no blank line: ## B"),
    ],
)
def test_a_wrong_heading_is_found(page, problem):
    assert problems_of_headings(page) == [problem]


def test_a_comment_in_a_block_of_code_is_no_heading():
    assert problems_of_headings("# A\n\n```sh\n# B\n# B\nls\n```\n") == []


def anchors(path: Path) -> set[str]:
    words = [heading for _level, heading, _text in headings(path.read_text())]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in words}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_to_sections_lead_to_one(path):
    for page, section in re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", path.read_text()):
        assert section in anchors(path.parent / page if page else path), (page, section)


def named_tests(page: str) -> set[str]:
    return set(re.findall(r"`((?:[\w/]+/)?tests/[\w/]+\.py(?:::\w+)?)`", page))


@pytest.mark.parametrize("node", sorted(named_tests((DOCS / "security.md").read_text())))
def test_the_tests_that_the_page_about_security_names_exist(node):
    name, _, function = node.partition("::")
    source = (BASE_DIR / name).read_text()
    assert not function or re.search(rf"^def {function}\(", source, re.MULTILINE), node


def test_each_promise_names_its_test():
    promises = [row for row in rows((DOCS / "security.md").read_text()) if row[0].isdigit()]
    assert [int(row[0]) for row in promises] == sorted({int(row[0]) for row in promises})
    wanted = {1, 2, 6, *range(9, 19), 20, 21, 27, 28, 30, 32}
    assert wanted <= {int(row[0]) for row in promises}
    for row in promises:
        assert named_tests(" | ".join(row)), row[0]
