"""Many small files, few requests: folders of static files arrive as one file."""

import json
import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from tms_site import bundles
from tms_site.bundles import BundleFinder

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
NAMED = re.compile(r"\{%\s*static\s+['\"]([^'\"]+)['\"]\s*%\}")


@pytest.fixture
def root(tmp_path):
    for name, text in {
        "js/page/b.js": "const word = 2;\n",
        "js/page/a.js": "const word = 1;\n",
        "js/alone.js": "const word = 0;\n",
        "css/look/10-one.css": "a { color: red; }\n",
        "css/look/20-two.css": "b { color: red; }\n",
        "css/empty/notes.txt": "nothing",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_each_folder_of_scripts_or_styles_is_a_bundle(root):
    assert bundles.names(root) == ["css/look.css", "js/page.js"]


def test_styles_follow_each_other_in_the_order_of_their_names(root):
    one, two = "/* 10-one.css */\na { color: red; }\n", "/* 20-two.css */\nb { color: red; }\n"
    assert bundles.content(root, "css/look.css") == f"{one}\n{two}"


def test_each_module_stands_in_a_block_of_its_own(root):
    blocks = re.findall(
        r"// (\w)\.js\ntry \{\n(.*?)\} catch \(error\) \{", bundles.content(root, "js/page.js"), re.DOTALL
    )
    assert blocks == [("a", "const word = 1;\n"), ("b", "const word = 2;\n")]


@pytest.mark.parametrize(
    "line", ['import { a } from "./a.js";', 'import "./a.js";', "import * as a from './a.js';", "export const a = 1;"]
)
def test_a_module_that_needs_another_is_refused(root, line):
    (root / "js/page/a.js").write_text(f"{line}\n")
    with pytest.raises(ValueError, match=r"a\.js"):
        bundles.content(root, "js/page.js")


def test_a_module_may_load_another_on_demand(root):
    (root / "js/page/a.js").write_text("import(address);\n")
    assert "import(address);" in bundles.content(root, "js/page.js")


def test_a_bundle_is_found_as_a_file_and_follows_its_parts(root):
    finder = BundleFinder(root=root)
    path = finder.find("js/page.js")
    os.utime(path, (1, 1))
    assert finder.find("js/page.js", find_all=True) == [path]
    assert Path(path).stat().st_mtime == 1, "an unchanged bundle keeps its time"
    (root / "js/page/c.js").write_text("const word = 3;\n")
    assert finder.find("js/page.js") == path
    assert "const word = 3;" in Path(path).read_text()


@pytest.mark.parametrize("path", ["js/alone.js", "js/page/a.js", "css/empty.css", "../js/page.js", "js", ""])
def test_nothing_else_is_found_here(root, path):
    assert not BundleFinder(root=root).find(path)
    assert BundleFinder(root=root).find(path, find_all=True) == []


def test_a_file_that_no_finder_knows_is_none():
    assert finders.find("nothing") is None


def test_production_gets_bundles_with_a_digest_compressed_and_no_parts(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    # Our own files only: the packages' would take a minute to compress.
    settings.STATICFILES_FINDERS = settings.STATICFILES_FINDERS[:2]
    call_command("collectstatic", verbosity=0, interactive=False)
    paths = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert {"css/tms.css", "js/page.js", "js/tickets.js"} <= paths.keys()
    assert not [name for name in paths if name.count("/") > 1]
    for name in ("css/tms.css", "js/page.js"):
        assert (tmp_path / paths[name]).read_text() == bundles.content(settings.BASE_DIR / "static", name)
        assert (tmp_path / f"{paths[name]}.br").is_file()


def test_every_file_that_a_template_names_is_there():
    named = {name for path in TEMPLATES for name in NAMED.findall(path.read_text())}
    assert "js/page.js" in named
    assert [name for name in named if not finders.find(name)] == []


def test_every_bundle_is_named_by_a_template_and_none_hides_a_file():
    text = "".join(path.read_text() for path in TEMPLATES)
    root = settings.BASE_DIR / "static"
    assert [name for name in bundles.names(root) if name not in text or (root / name).exists()] == []
