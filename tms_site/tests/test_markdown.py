"""Markdown that people write can do no harm, whatever they write."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.enums import DESCRIPTION_MAX
from tms_site.lib.markdown import ALLOWED_SCHEMES, ALLOWED_TAGS, MARKDOWN_MAX, render_markdown
from tms_site.tests.xss_corpus import BAD_SCHEMES, XSS, XSS_LINKS

# Generous: it's the difference between linear and quadratic that matters.
SECONDS_AT_MOST = 3
LINK_ATTRIBUTES = {"href", "rel"}


class Reader(HTMLParser):
    """Collects each tag with its attributes, as a browser would find them."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def assert_inert(html):
    for tag, attributes in Reader(html).tags:
        assert tag in ALLOWED_TAGS
        if tag != "a":
            assert not attributes, (tag, attributes)
            continue
        assert set(attributes) <= LINK_ATTRIBUTES
        if "href" in attributes:
            assert_safe_address(attributes["href"])


def assert_safe_address(address):
    # What browsers do to an address before they look for its scheme.
    address = re.sub("[\t\r\n]", "", address).lstrip("".join(map(chr, range(0x21))))
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", address, re.IGNORECASE)
    if scheme:
        assert scheme[1].lower() in ALLOWED_SCHEMES, address
    else:
        assert re.match(r"/(?![/\\])|#|$", address), address


def test_the_corpus_is_large_enough_to_mean_something():
    assert len(set(XSS)) >= 60
    assert len(set(BAD_SCHEMES)) >= 20


@pytest.mark.parametrize("text", [*XSS, *XSS_LINKS, *BAD_SCHEMES])
def test_hostile_text_becomes_inert_html(text):
    assert_inert(render_markdown(text))


MARKUP = [*"<>\"'`&;:()[]!#*_~|\\/\n =-", "a", "on", "script", "javascript:", "http:"]


@settings(deadline=None)
@given(st.lists(st.sampled_from(MARKUP)).map("".join))
def test_no_mixture_of_markup_characters_becomes_active(text):
    assert_inert(render_markdown(text))


@pytest.mark.parametrize("address", ["http://example.com/a?b=c", "https://example.com", "mailto:jane@example.com"])
def test_links_to_the_web_and_to_mail_stay_links(address):
    (paragraph, link) = Reader(render_markdown(f"[here]({address})")).tags
    assert paragraph[0] == "p"
    assert link == ("a", {"href": address, "rel": "nofollow noopener noreferrer ugc"})


@pytest.mark.parametrize("address", BAD_SCHEMES)
def test_links_with_any_other_scheme_lead_nowhere(address):
    for _tag, attributes in Reader(render_markdown(f"[here](<{address}>)")).tags:
        assert_safe_address(attributes.get("href", "#"))


def links_of(text):
    return [attributes["href"] for tag, attributes in Reader(render_markdown(text)).tags if tag == "a"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://intranet.example.com/a.", "https://intranet.example.com/a"),
        ("(http://wiki/A_(b))", "http://wiki/A_(b)"),
        ("**https://example.com/__init__.py**", "https://example.com/__init__.py"),
        ("ask jane@example.com, please", "mailto:jane@example.com"),
        ("mailto:jane@example.com", "mailto:jane@example.com"),
    ],
)
def test_plain_addresses_of_pages_and_mailboxes_are_links(text, address):
    assert links_of(text) == [address]
    assert 'rel="nofollow noopener noreferrer ugc"' in render_markdown(text)


@pytest.mark.parametrize("text", ["`https://a.example`", "```\nhttps://a.example\n```", "    me@a.example"])
def test_addresses_in_code_stay_text(text):
    assert links_of(text) == []


@pytest.mark.parametrize("text", ["www.example.com", "report.md", "//evil.example", "ftp://a.example", "data:text/x"])
def test_what_only_may_be_an_address_stays_text(text):
    assert links_of(text) == []


def test_an_address_within_a_link_makes_no_second_one():
    assert links_of("[see https://a.example](https://b.example)") == ["https://b.example"]


@pytest.mark.parametrize(
    ("image", "html"),
    [
        ("![the *plan*](https://a.example/x.png)", '<a href="https://a.example/x.png" rel="{rel}">the plan</a>'),
        ("![](/x.png)", '<a href="/x.png" rel="{rel}">/x.png</a>'),
        ("**![b](/x.png)**", '<strong><a href="/x.png" rel="{rel}">b</a></strong>'),
        ("[![b](/x.png) c](/y)", '<a href="/y" rel="{rel}">b c</a>'),
        ("![b](javascript:x)", "![b](javascript:x)"),
    ],
)
def test_an_image_is_a_link_by_its_description(image, html):
    rel = "nofollow noopener noreferrer ugc"
    assert render_markdown(image) == f"<p>{html.format(rel=rel)}</p>\n"


@pytest.mark.parametrize(
    "image", ["![alt](https://evil.example/x.png)", "![alt](/static/x.png)", "![alt][r]\n\n[r]: /x"]
)
def test_images_are_never_shown_because_they_tell_who_reads(image):
    assert "<img" not in render_markdown(image)


@pytest.mark.parametrize(
    ("marks", "level"), [("#", "h3"), ("##", "h4"), ("###", "h3"), ("####", "h4"), ("#####", "h5"), ("######", "h6")]
)
def test_headings_stand_below_those_of_the_page(marks, level):
    assert render_markdown(f"{marks} Title").startswith(f"<{level}>Title</{level}>")


@pytest.mark.parametrize("underline", ["===", "---"])
def test_underlined_headings_stand_below_those_of_the_page(underline):
    assert {"h1", "h2"}.isdisjoint(tag for tag, _attributes in Reader(render_markdown(f"Title\n{underline}")).tags)


def test_text_about_heading_tags_is_left_alone():
    assert "&lt;h1&gt;" in render_markdown("Use `<h1>` for titles")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** *slanted* ~~gone~~ `code`", ["<strong>bold</strong>", "<em>slanted</em>", "<s>gone</s>", "<code>"]),
        ("- one\n- two", ["<ul>", "<li>one</li>"]),
        ("1. one\n2. two", ["<ol>", "<li>two</li>"]),
        ("> quoted", ["<blockquote>"]),
        ("a\nb", ["<p>a<br>"]),
        ("| a | b |\n|---|---|\n| 1 | 2 |", ["<table>", "<th>a</th>", "<td>2</td>"]),
        ("```\nlet it = be;\n```", ["<pre><code>let it = be;"]),
    ],
)
def test_what_people_use_to_structure_text_works(text, html):
    rendered = render_markdown(text)
    for part in html:
        assert part in rendered


def test_the_result_needs_no_escaping_and_is_empty_for_nothing():
    assert hasattr(render_markdown("x"), "__html__")
    assert render_markdown("") == ""


@pytest.mark.parametrize("address", ["/tickets/12/", "#comment-3"])
def test_links_to_places_of_this_site_stay_links(address):
    assert f'href="{address}"' in render_markdown(f"[here]({address})")


@pytest.mark.parametrize("address", ["//evil.example", "/\\evil.example", "\\\\evil.example", "evil", "../x", "?a"])
def test_links_that_only_look_like_places_of_this_site_stay_text(address):
    links = [attributes["href"] for tag, attributes in Reader(render_markdown(f"[x]({address})")).tags if tag == "a"]
    assert links in ([], ["/%5Cevil.example"])


def test_a_link_has_no_attributes_of_the_writers_choice():
    assert "title" not in render_markdown('[here](http://example.com "a title")')


PIECES = ("> ", "[", "*", "`", "- ", "(", "![", "**a ", "* a\n", " - a\n", "[a][", "[a](", "<http://a>", "*a_ ", "#\n")
ADDRESSES = ("://", "http://", "http://a.", "http://a.b/(", "https://a.b/ ", "a@", "a@b.co ", "mailto:a@", "![a](/b) ")


@pytest.mark.parametrize("piece", [*PIECES, *ADDRESSES])
def test_no_text_that_fits_a_field_keeps_the_server_busy(piece):
    for length in (MARKDOWN_MAX, DESCRIPTION_MAX):
        begin = time.process_time()
        render_markdown((piece * length)[:length])
        assert time.process_time() - begin < SECONDS_AT_MOST


@pytest.mark.parametrize("tail", ["*", "]", "a", "`"])
def test_many_brackets_before_a_long_paragraph_do_not_keep_the_server_busy(tail):
    begin = time.process_time()
    render_markdown("[" * 1000 + tail * (MARKDOWN_MAX - 1000))
    assert time.process_time() - begin < SECONDS_AT_MOST


@pytest.mark.parametrize("text", ["[" * 5000, "http://a." * 2000])
def test_a_heap_of_brackets_or_addresses_is_shown_as_typed(text):
    assert render_markdown(text) == f"<p>{text}</p>\n"


def test_a_text_too_long_for_markdown_is_shown_as_typed_and_escaped():
    html = render_markdown("**a** <script>\n" * MARKDOWN_MAX)
    assert html.startswith("<p>**a** &lt;script&gt;<br>**a**")
    assert hasattr(html, "__html__")


def test_names_after_an_at_sign_are_marked_where_they_are_known():
    html = render_markdown("@ann Lee, **@Bob** and @Zoe: `@Bob` [@Bob](https://x.example)", ("ann", "ann lee", "bob"))
    assert "<b>@ann Lee</b>," in html
    assert "<strong><b>@Bob</b></strong> and @Zoe" in html
    assert "<code>@Bob</code>" in html
    assert_inert(html)
    assert "<b>" not in render_markdown("@Bob")


@pytest.mark.parametrize("text", XSS)
def test_marking_names_makes_nothing_of_a_text_that_was_none(text):
    assert_inert(render_markdown(f"@{text} @Bob {text}", (text.casefold(), "bob")))


def test_marking_many_names_in_a_long_text_takes_no_time():
    names = tuple(f"{'x' * length} y" for length in range(140))
    began = time.monotonic()
    render_markdown("@x " * (MARKDOWN_MAX // 3), names)
    assert time.monotonic() - began < SECONDS_AT_MOST
