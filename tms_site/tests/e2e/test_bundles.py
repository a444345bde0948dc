"""Modules that arrive as one file don't hinder each other."""

import pytest

from tms_site import bundles

pytestmark = pytest.mark.browser


@pytest.fixture
def expected() -> list[str]:
    return ["missing"]


def test_modules_share_no_names_and_the_failure_of_one_stops_no_other(open_page, tmp_path):
    folder = tmp_path / "js" / "page"
    folder.mkdir(parents=True)
    (folder / "a.js").write_text("const word = 'a';\nfunction say() { window.said = [word]; }\nsay();\n")
    (folder / "b.js").write_text("const word = 'b';\nfunction say() { missing(); }\nsay();\n")
    (folder / "c.js").write_text("const word = 'c';\nfunction say() { window.said.push(word); }\nsay();\n")
    page = open_page()
    page.add_script_tag(content=bundles.content(tmp_path, "js/page.js"), type="module")
    assert page.evaluate("window.said") == ["a", "c"]
