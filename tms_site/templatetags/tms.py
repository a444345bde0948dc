"""Template tags and filters that every page may use: icons, times, people.

Load with ``{% load tms %}``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from django import forms, template
from django.conf import settings
from django.core.validators import validate_email
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext
from heroicons.templatetags.heroicons import heroicon_micro, heroicon_outline

from tms_site.icons import OWN_ICONS
from tms_site.lib import unsent
from tms_site.lib.browsers import browser_in_words
from tms_site.lib.fields import new_token
from tms_site.lib.markup import format_text
from tms_site.lib.moments import absolute_time
from tms_site.lib.options import options_html
from tms_site.lib.text import size_in_words
from tms_site.lib.undo import address_of

register = template.Library()
register.filter("size_in_words", size_in_words)
register.filter("browser_in_words", browser_in_words)

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_RELATIVE_DAYS: Final = 30
_AVATAR_HUES: Final = 6
_SMALL_ICON: Final = 16
# How many of the drawings, names and moments that pages repeat are kept by each process.
_KEPT: Final = 4096
# Parts of pages have some kilobytes each.
_PARTS_KEPT: Final = 512


@register.simple_tag
def icon(name: str, size: int = _SMALL_ICON, **attrs: object) -> SafeString:
    """Return a decorative icon as inline SVG, hidden from screen readers.

    Args:
        name: one of ours (``status-open``, ``priority-high``, …) or the name of a heroicon (``trash``).
        size: width and height in pixels.
        attrs: further attributes; underscores become dashes.

    Raises:
        heroicons.IconDoesNotExist: no icon has that name.
    """
    return _icon(name, size, tuple(attrs.items()))


@lru_cache(maxsize=_KEPT)
def _icon(name: str, size: int, further: tuple[tuple[str, object], ...]) -> SafeString:
    attrs = {"aria_hidden": "true", "focusable": "false", **dict(further)}
    if name in OWN_ICONS:
        pairs = "".join(format_html(' {}="{}"', key.replace("_", "-"), value) for key, value in attrs.items())
        return mark_safe(  # noqa: S308 - the drawing is a constant of ours, the attributes are escaped above
            f'<svg viewBox="0 0 16 16" width="{int(size)}" height="{int(size)}"{pairs}>{OWN_ICONS[name]}</svg>'
        )
    if name.endswith("-fill"):
        return mark_safe(heroicon_micro(name.removesuffix("-fill"), size=size, **attrs))  # noqa: S308 - heroicons escapes
    return mark_safe(heroicon_outline(name, size=size, **{"stroke_width": "1.75", **attrs}))  # noqa: S308 - heroicons escapes


@register.simple_tag
def remembered(template_name: str, **context: Hashable) -> SafeString:
    """Include a template that depends on nothing but its arguments and the language: it's rendered once for each.

    Most of a page is the same for everybody who has the same rights; it shall not take longer than the rest of it.

    Args:
        template_name: the template; it sees neither the request nor the rest of the page, so that nobody meets what
            was made for somebody else.
        context: its arguments.
    """
    render = _render.__wrapped__ if settings.DEBUG else _render
    return render(template_name, tuple(context.items()), get_language())


@lru_cache(maxsize=_PARTS_KEPT)
def _render(template_name: str, context: tuple[tuple[str, Hashable], ...], language: str | None) -> SafeString:
    return render_to_string(template_name, dict(context))


@register.simple_tag
def client_token() -> SafeString:
    """Return the hidden field that names a submission, for a form that's nothing but a button."""
    return format_html('<input type="hidden" name="client_token" value="{}">', new_token())


@register.simple_tag(takes_context=True)
def made_for(context: template.Context, address: str = "") -> SafeString:
    """Return the hidden field by which what's typed into a form outlives the session (tms_site.lib.unsent).

    Args:
        context: of the page; it knows the user.
        address: of the page that puts it back into the form; by default the one that's shown.
    """
    request = context["request"]
    name = unsent.name_of(address or request.path, request.user.pk)
    return format_html('<input type="hidden" name="{}" value="{}">', unsent.FIELD, name)


@register.simple_tag
def ago(moment: datetime | None) -> SafeString | str:
    """Return a moment as ``<time>``: relative words, the absolute time and zone as its tooltip.

    Args:
        moment: an aware datetime, or None for nothing at all.
    """
    return moments_as_html()(moment) if moment else ""


def moments_as_html() -> Callable[[datetime], SafeString]:
    """Return what `ago` does with a moment, for many of them: what they're seen from is looked up once."""
    now, zone, language = timezone.now(), timezone.get_current_timezone_name(), get_language()

    def as_html(moment: datetime) -> SafeString:
        attributes = _time_attributes(moment.replace(microsecond=0), zone, language)
        return format_text("<time {}>{}</time>", attributes, relative_time(moment, now))

    return as_html


@register.simple_tag
def at(moment: datetime | None) -> SafeString | str:
    """Return a moment as ``<time>`` with its date and time spelled out, in the reader's zone.

    Args:
        moment: an aware datetime, or None for nothing at all.
    """
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), absolute_time(moment))


@lru_cache(maxsize=_KEPT)
def _time_attributes(moment: datetime, zone: str, language: str | None) -> SafeString:
    """Return what of a time doesn't change while it's looked at; `zone` and `language` are the reader's."""
    local = timezone.localtime(moment)
    return format_html('datetime="{}" title="{}"', local.isoformat(timespec="seconds"), absolute_time(moment))


def relative_time(moment: datetime, now: datetime) -> str:
    """Return how far an aware moment lies from now, in few words; beyond 30 days its date."""
    seconds = int((now - moment).total_seconds())
    if abs(seconds) >= _RELATIVE_DAYS * _DAY:
        return _day(timezone.localtime(moment).date(), get_language())
    minutes = abs(seconds) // _MINUTE
    return _distance(minutes if seconds > 0 else -minutes, get_language())


@lru_cache(maxsize=_KEPT)
def _day(day: date, language: str | None) -> str:
    return formats.date_format(day, "j M Y")


@lru_cache(maxsize=_KEPT)
def _distance(minutes: int, language: str | None) -> str:
    if not minutes:
        return gettext("just now")
    span = _span(abs(minutes) * _MINUTE)
    return gettext("%(span)s ago") % {"span": span} if minutes > 0 else gettext("in %(span)s") % {"span": span}


def _span(seconds: int) -> str:
    if seconds < _HOUR:
        count = seconds // _MINUTE
        return ngettext("%(count)s min", "%(count)s min", count) % {"count": count}
    if seconds < _DAY:
        count = seconds // _HOUR
        return ngettext("%(count)s hour", "%(count)s hours", count) % {"count": count}
    count = seconds // _DAY
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


@register.simple_tag
def person(who: object, nobody: str = "") -> SafeString:
    """Return a person's avatar and name.

    Args:
        who: a user, or the name of one who is gone; None for nobody.
        nobody: what stands there for nobody; "Unassigned" unless given.
    """
    if not who:
        return _nobody(nobody or gettext("Unassigned"))
    return _person(str(who))


@lru_cache(maxsize=_KEPT)
def _person(name: str) -> SafeString:
    return format_html('<span class="person">{}<bdi class="person-name">{}</bdi></span>', avatar(name), name)


def _nobody(words: str) -> SafeString:
    return format_html(
        '<span class="person person-none"><span class="avatar avatar-none" aria-hidden="true"></span>'
        '<span class="person-name">{}</span></span>',
        words,
    )


@register.simple_tag
def avatar(who: object, size: str = "") -> SafeString:
    """Return a person's initials in a circle, decorative; `size` is "lg" or nothing."""
    name = str(who)
    larger = f" avatar-{size}" if size else ""
    return format_html(
        '<span class="avatar avatar-{}{}" aria-hidden="true">{}</span>', avatar_hue(name), larger, initials(name)
    )


@register.simple_tag
def options(choices: Iterable[Any]) -> SafeString:
    """Return the options of a select; each choice has `value`, `label` and `chosen`."""
    return _options(tuple((choice.value, str(choice.label), choice.chosen) for choice in choices))


# Several hundred agents, on every list.
@lru_cache(maxsize=128)
def _options(choices: tuple[tuple[str, str, bool], ...]) -> SafeString:
    return options_html(
        ((value, label) for value, label, _chosen in choices), {value for value, _label, chosen in choices if chosen}
    )


@register.filter
def undo_address(message: object) -> str:
    """Return where a notice's Undo posts to; nothing for a notice without one."""
    return address_of(message)


@register.filter
def initials(name: object) -> str:
    """Return at most two letters for a person's avatar: the first of the first and of the last word."""
    words: list[str] = re.findall(r"\w+", str(name))
    if not words:
        return "?"
    return words[0][:1] if len(words) == 1 else words[0][:1] + words[-1][:1]


@register.filter
def avatar_hue(name: object) -> int:
    """Return the number of the avatar colour for a name: always the same for the same name."""
    return sum(map(ord, str(name))) % _AVATAR_HUES


@register.filter
def number(value: int) -> str:
    """Return a whole number with its thousands set apart."""
    return f"{value:,}"


@register.filter
def same_words(bound: BoundField) -> BoundField:
    """Give a field's own error messages and limit to the browser, so that both sides say the same.

    forms.js reads the attributes. The field belongs to one form instance, so nothing leaks into other requests.
    """
    field, attrs = bound.field, bound.field.widget.attrs
    if field.required and "required" in field.error_messages:
        attrs.setdefault("data-error-required", str(field.error_messages["required"]))
    if isinstance(field, forms.EmailField):
        attrs.setdefault("data-error-email", str(field.error_messages.get("invalid", validate_email.message)))
    limit = getattr(field, "max_length", None)
    if limit and isinstance(field.widget, (forms.TextInput, forms.Textarea)):
        attrs.setdefault("data-counter", str(limit))
    return bound
