"""Markdown that people write, as HTML that can do no harm."""

import re
from functools import lru_cache
from html import unescape

import nh3
from django.utils.html import linebreaks, strip_tags
from django.utils.safestring import SafeString, mark_safe
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from tms_site.lib.mentions import mentions

ALLOWED_TAGS = frozenset(
    {"a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong"}
    # What marks a mention; Markdown itself has no way to write it.
    | {"b"}
    | {"table", "tbody", "td", "th", "thead", "tr", "ul"}
)
ALLOWED_SCHEMES = frozenset({"http", "https", "mailto"})
# Longer texts are logs that somebody pasted; parsing them as Markdown would take seconds.
MARKDOWN_MAX = 20_000
# The parser looks from each opening bracket to the end of the paragraph: 20,000 brackets would take it seconds.
BRACKET_STEPS_MAX = 500_000
# It looks from each "://" back to the last mark-up for a scheme: 6,000 of them would take it seconds, 500 don't.
ADDRESS_STEPS_MAX = 10_000_000
REMEMBERED_TEXTS = 256
# Of so much of a text a beginning in plain words is made.
BEGINNING = 1_000

# A whole address with a scheme that's allowed, or a place on this site or page.
_LINK = re.compile(rf"(?:{'|'.join(sorted(ALLOWED_SCHEMES))}):|/(?!/)|#", re.IGNORECASE)


def _is_allowed_link(url: str) -> bool:
    return _LINK.match(url) is not None


def _takes_too_long(text: str) -> bool:
    brackets, addresses = text.count("[") * len(text), text.count("://") * len(text)
    return brackets > BRACKET_STEPS_MAX or addresses > ADDRESS_STEPS_MAX


def _leave_heaps_alone(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and _takes_too_long(token.content):
            token.children = [Token("text", "", 0, content=token.content)]
            token.content = ""


def _make_images_links(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = _without_images(token.children)


def _without_images(tokens: list[Token]) -> list[Token]:
    """Return the tokens with each image as a link by its description, or as this alone within a link."""
    parts, within_link = [], False
    for token in tokens:
        within_link = token.type == "link_open" or (within_link and token.type != "link_close")
        parts += _described(token, linked=not within_link) if token.type == "image" else [token]
    return parts


def _described(image: Token, *, linked: bool) -> list[Token]:
    address = str(image.attrs["src"])
    description = "".join(child.content for child in image.children or ())
    text = Token("text", "", 0, content=description or address)
    if not linked:
        return [text]
    return [Token("link_open", "a", 1, attrs={"href": address}), text, Token("link_close", "a", -1)]


def _mark_mentions(state: StateCore) -> None:
    names = state.env.get("mentions")
    if not names:
        return
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = [part for child in token.children for part in _marked(child, names)]


def _marked(token: Token, names: tuple[str, ...]) -> list[Token]:
    """Return a piece of text in parts, with the names in it between tags of their own."""
    if token.type != "text":
        return [token]
    parts, last = [], 0
    for begin, end, _name in mentions(token.content, names):
        parts += [
            Token("text", "", 0, content=token.content[last:begin]),
            Token("mention_open", "b", 1),
            Token("text", "", 0, content=token.content[begin:end]),
            Token("mention_close", "b", -1),
        ]
        last = end
    return [*parts, Token("text", "", 0, content=token.content[last:])]


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # "js-default" has HTML off; images would tell a remote server who reads a ticket, so they become links.
    parser = MarkdownIt("js-default", {"breaks": True, "html": False, "linkify": True, "typographer": False})
    parser.enable(["table", "strikethrough"])
    # Without a scheme, names of files would be taken for sites: .md and .py are countries too.
    parser.linkify = LinkifyIt({"//": None, "ftp:": None}, {"fuzzy_link": False})
    parser.core.ruler.before("linkify", "images", _make_images_links)
    parser.core.ruler.before("inline", "heaps", _leave_heaps_alone)
    parser.core.ruler.push("mentions", _mark_mentions)
    parser.validateLink = _is_allowed_link  # type: ignore[method-assign] # the documented way to choose links
    return parser


@lru_cache(maxsize=REMEMBERED_TEXTS)
def render_markdown(text: str, names: tuple[str, ...] = ()) -> SafeString:
    """Return `text` as HTML: first made with raw HTML off, then cleaned to an allow-list of tags and link schemes.

    Headings begin at the third level, because the page's own stand above them. Texts longer than MARKDOWN_MAX are
    shown as they were typed. Where one of `names` stands after an @, it's marked by <b>, but in code. Recent results
    are remembered, as conversations are read more often than written.
    """
    if len(text) > MARKDOWN_MAX:
        return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 - escaped by the same call
    html = _parser().render(text, {"mentions": names}).replace("<h1>", "<h3>").replace("</h1>", "</h3>")
    html = html.replace("<h2>", "<h4>").replace("</h2>", "</h4>")
    clean = nh3.clean(
        html,
        tags=set(ALLOWED_TAGS),
        attributes={"a": {"href"}, "*": set()},
        url_schemes=set(ALLOWED_SCHEMES),
        link_rel="nofollow noopener noreferrer ugc",
    )
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it


def plain_beginning(text: str) -> str:
    """Return the beginning of a text as words without the signs of Markdown; it's no HTML, and isn't safe as such."""
    return unescape(strip_tags(render_markdown(text[:BEGINNING]))).strip()
