"""The plan of the house, enforced: one way in for writes, one place for permissions, nothing inline in pages."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from pkgutil import iter_modules

import pytest
from django.apps import apps
from django.db.models import CharField, UniqueConstraint
from importlinter import configuration
from importlinter.application import use_cases

from tms_site.environment import BASE_DIR

APPS = ("accounts", "tickets", "activity", "tms_site")
MOST_LINES = 400
# Which files may write these rows: services, the helper that inserts for them, and what only tests and migrations run.
MAY_WRITE = re.compile(r"/(services(/.*)?|factories|models|lib/submissions)\.py$|/migrations/|/tests/|/services/")
MODELS = {"Ticket", "Comment", "User", "TicketRevision", "CommentRevision", "UserRevision", "Attachment"}
ROWS = {"ticket", "comment", "user", "obj", "object", "instance", "actor", "agent", "requester", "person", "row"}
WRITES_OF_ROWS = {"save", "delete", "asave", "adelete", "save_base", "set_password", "set_unusable_password"}
WRITES_OF_MODELS = {
    f"{prefix}{name}"
    for prefix in ("", "a")
    for name in ("create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "update", "delete")
}
QUERYSETS = {"queryset", "tickets", "comments", "users", "get_queryset", "requested_tickets", "assigned_tickets"}
# Where rights are derived from the role; everybody else asks a policy. Services guard the last SysAdmin by it.
MAY_ASK_FOR_ROLES = re.compile(
    r"/(policies(/.*)?|querysets|models|enums|actors|services(/.*)?|factories)\.py$|/migrations/|/tests/"
)
ROLE_QUESTIONS = {"works_at_desk", "runs_the_place", "is_staff", "is_superuser"}
# What writes an entry of the log, and whose work that is; made-up entries come from the factory of tests.
RECORDS = {"record", "record_read", "Entry", "ActivityLog"}
MAY_RECORD = re.compile(r"^activity/(receivers/.*|factories)\.py$|/migrations/|/tests/")


def python_files():
    for app in APPS:
        yield from sorted((BASE_DIR / app).rglob("*.py"))


def templates():
    yield from sorted((BASE_DIR / "templates").rglob("*.*"))


def name_of(path: Path) -> str:
    return str(path.relative_to(BASE_DIR))


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, ast.Attribute]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func


def links(node: ast.expr) -> list[str]:
    """Return the names of a chain such as `Ticket.objects.filter(…).order_by(…)`, from its end to its root."""
    names = []
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            return [*names, node.id] if isinstance(node, ast.Name) else names


def writes(source: str) -> list[str]:
    tree = ast.parse(source)
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    found = [f"line {call.lineno}: {ast.unparse(call)}" for call in names if links(call.func) == ["insert_once"]]
    for call, function in calls(tree):
        chain = links(function.value)
        of_model = function.attr in WRITES_OF_MODELS and (MODELS | QUERYSETS) & set(chain)
        of_row = function.attr in WRITES_OF_ROWS and chain and chain[0] in ROWS | MODELS
        if of_model or of_row:
            found.append(f"line {call.lineno}: {ast.unparse(call)}")
    return found


@pytest.mark.parametrize(
    "source",
    [
        "Ticket.objects.create(title='x')",
        "Ticket.objects.filter(pk=1).update(title='x')",
        "models.Ticket.objects.visible_to(user).filter(pk=1).delete()",
        "User.objects.get(pk=1).delete()",
        "Comment.objects.all()[:3].bulk_update([], [])",
        "self.object.delete()",
        "ticket.save(update_fields=['title'])",
        "request.user.set_password('x')",
        "queryset.update(is_active=False)",
        "self.get_queryset().delete()",
        "insert_once(row, earlier)",
    ],
)
def test_the_search_for_writes_finds_them(source):
    assert writes(source)


@pytest.mark.parametrize(
    "source", ["context.update(ticket=1)", "form.save()", "services.create_ticket(actor=user)", "cache.delete('x')"]
)
def test_the_search_for_writes_lets_others_pass(source):
    assert not writes(source)


def test_tickets_comments_and_users_are_written_by_services_only():
    found = {
        name_of(path): writes(path.read_text()) for path in python_files() if not MAY_WRITE.search(f"/{name_of(path)}")
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


def recorders(source: str) -> set[str]:
    """Return the names of the functions that write entries of the log."""
    return {
        function.name
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and _records(links(call.func))
    }


def _records(names: list[str]) -> bool:
    is_written = "ActivityLog" in names and names[0].removeprefix("a") in {"create", "bulk_create", "get_or_create"}
    return is_written or bool(names and names[0] in RECORDS)


@pytest.mark.parametrize(
    "call",
    ["record(entry)", "services.record_read(actor=actor)", "Entry(kind, target)", "ActivityLog.objects.create()"],
)
def test_the_search_for_who_records_finds_them(call):
    assert recorders(f"def tell(): {call}") == {"tell"}


def test_the_search_for_who_records_lets_readers_pass():
    assert not recorders("def read(): return ActivityLog.objects.filter(pk=1).first()")


def test_only_receivers_write_entries_of_the_log():
    found = {
        f"{name_of(path)} {function}"
        for path in python_files()
        if not MAY_RECORD.search(name_of(path))
        for function in recorders(path.read_text())
    }
    # What they write them with.
    assert found == {"activity/services.py record", "activity/services.py record_read"}


def test_no_view_saves_a_form_past_the_services():
    found = [
        f"{name_of(path)}:{call.lineno}"
        for path in python_files()
        if path.name == "views.py" or path.parent.name == "views"
        for call, function in calls(ast.parse(path.read_text()))
        if function.attr == "save" and "form" in links(function.value)
    ]
    assert found == []


def loads_of_roles(path: Path) -> list[str]:
    return [
        f"{name_of(path)} {ast.unparse(node)}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ROLE_QUESTIONS
    ]


def comparisons_of_roles(path: Path) -> list[str]:
    return [
        f"{name_of(path)}:{node.lineno} {ast.unparse(node)}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Compare) and re.search(r"\brole\b|\bRole\.|ROLES\b", ast.unparse(node))
    ]


def test_only_policies_and_querysets_ask_what_a_role_may_do():
    found = {
        load
        for path in python_files()
        if not MAY_ASK_FOR_ROLES.search(f"/{name_of(path)}")
        for load in loads_of_roles(path)
    }
    # The conversation marks who answers for the helpdesk; that's a fact about the author, not a permission.
    assert found == {"activity/timeline/events.py comment.commented_by.works_at_desk"}


def test_no_form_compares_roles():
    forms = [path for path in python_files() if path.name in {"forms.py", "filters.py", "fields.py"}]
    assert len(forms) >= 3
    assert [found for path in forms for found in comparisons_of_roles(path)] == []


def test_imports_go_one_way():
    # Not by way of its command, which sets logging up anew and thereby silences every logger for the tests after it.
    configuration.configure()
    assert use_cases.lint_imports(config_filename=str(BASE_DIR / "pyproject.toml"), cache_dir=None)


def test_every_module_of_the_site_but_its_library_stands_above_the_applications():
    contracts = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    rooms = next(contract for contract in contracts if contract["name"] == "Rooms of the house")
    declared = {name.removeprefix("tms_site.") for name in rooms["layers"][0].split(" : ")}
    modules = {module.name for module in iter_modules([str(BASE_DIR / "tms_site")])}
    assert declared == modules - {"lib", "tests", "test_settings"}


def test_no_module_grows_beyond_a_screenful_of_screens():
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in python_files()}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


# --- Templates and static files -----------------------------------------------------------------------------------

TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
COMMENTS = re.compile(r"\{% comment.*?endcomment %\}|<!--.*?-->|\{#.*?#\}", re.DOTALL)
INLINE = {
    "script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"<[a-z][^>]*\s(?:on[a-z]+|hx-on[:a-z-]*)\s*=", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
}
ROLE_IN_TEMPLATE = re.compile(
    r"\{%\s*(?:el)?if[^%]*?(\brole\b|is_staff|is_superuser|works_at_desk|runs_the_place|perms\.)[^%]*%\}"
)
# What a template translates: one text, or one for each number.
TRANSLATED = re.compile(
    r"""\{% translate (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')"""
    r"""|\{% blocktranslate\b[^%]*%\}(?P<block>.*?)\{% endblocktranslate %\}""",
    re.DOTALL,
)
# What says that a sentence goes on in another text: no translator could put the parts into another order.
PIECE = re.compile(r"^\s*(?:[,.;:)]|(?:and|or|but)\b)|[,(]\s*$|\b(?:the|a|an|each|and|or)\s*$")
UNESCAPED = re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off|\|\s*safeseq\b")
ELSEWHERE = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
# Names that only stand as examples in texts.
EXAMPLES = re.compile(r"//(?:[a-z]+\.)?example\.(?:com|org)", re.IGNORECASE)


def inline(html: str) -> list[str]:
    bare = TAGS.sub("x", COMMENTS.sub("", html))
    return [f"{kind}: {match[0][:80]}" for kind, pattern in INLINE.items() for match in pattern.finditer(bare)]


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<script type="module">x</script>',
        "<style>a{}</style>",
        '<p class="a" style="color:red">',
        '<p {% if a > b %}class="x"{% endif %} onclick="x()">',
        '<div hx-on:click="x()">',
        '<a href="javascript:void(0)">',
    ],
)
def test_the_search_for_inline_code_finds_it(html):
    assert inline(html)


def test_no_template_has_inline_scripts_styles_or_event_attributes():
    found = {name_of(path): inline(path.read_text()) for path in templates() if path.suffix == ".html"}
    assert {name: places for name, places in found.items() if places} == {}


def test_no_template_compares_roles():
    found = {name_of(path): ROLE_IN_TEMPLATE.findall(path.read_text()) for path in templates()}
    assert {name: places for name, places in found.items() if places} == {}


def pieces(template: str) -> list[str]:
    found = [text for match in TRANSLATED.finditer(COMMENTS.sub("", template)) for text in match.groups() if text]
    return [part for text in found for part in text.split("{% plural %}") if PIECE.search(part)]


@pytest.mark.parametrize(
    "template",
    [
        '{% translate ", by nobody" %}',
        "{% translate 'at the end of each' %} {% translate 'Day' %}",
        "{% blocktranslate count n=n %}{{ n }} moves,{% plural %}{{ n }} move.{% endblocktranslate %}",
        "{% blocktranslate %}and {{ n }} more{% endblocktranslate %}",
    ],
)
def test_a_piece_of_a_sentence_is_found(template):
    assert len(pieces(template)) == 1


def test_templates_translate_whole_sentences():
    found = {name_of(path): pieces(path.read_text()) for path in templates()}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_no_template_switches_escaping_off():
    found = {name_of(path): UNESCAPED.findall(COMMENTS.sub("", path.read_text())) for path in templates()}
    plain_text = {name for name in found if name.endswith(".txt")}
    assert {name: places for name, places in found.items() if places and name not in plain_text} == {}


def test_pages_load_nothing_from_other_hosts():
    files = [*templates(), *(BASE_DIR / "static").rglob("*.*")]
    found = {
        name_of(path): [address for address in ELSEWHERE.findall(path.read_text()) if not EXAMPLES.match(address)]
        for path in files
        if path.suffix in {".html", ".txt", ".css", ".js", ".svg"}
    }
    assert {name: addresses for name, addresses in found.items() if addresses} == {}


def test_no_vendored_code_lies_in_the_repository():
    names = [path.name for path in (BASE_DIR / "static").rglob("*") if path.is_file()]
    assert not [name for name in names if re.search(r"\.min\.|bootstrap|htmx|jquery|axe", name)]


def test_what_must_be_unique_is_so_on_every_engine():
    # MySQL and MariaDB silently leave out unique constraints with conditions or expressions.
    constraints = [
        constraint
        for app in ("accounts", "tickets", "activity")
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    assert constraints
    assert [c.name for c in constraints if c.condition or c.expressions or c.include] == []


def test_unique_texts_fit_an_index_of_innodb():
    for app in ("accounts", "tickets", "activity"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.get_fields():
                if getattr(field, "unique", False) and isinstance(field, CharField):
                    assert field.max_length * 4 <= 3072, f"{model.__name__}.{field.name}"
