"""Form fields of the ticket pages."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.querysets import UserQuerySet
from tickets.enums import DESCRIPTION_MAX, TITLE_MAX
from tickets.models import TEXT_VALIDATORS
from tickets.services.agents import UNKNOWN_AGENT
from tickets.services.meanwhile import Seen
from tickets.sorting.offered import Offered
from tms_site.lib.fields import OUT_OF_DATE, TOO_LONG, empty_messages, refuse_nul_once
from tms_site.lib.listed import ListedField
from tms_site.lib.numbers import is_row_number
from tms_site.lib.text import clean_block, clean_line

ADDRESS_MAX = 320
# So much of a name or an address is looked at while one types.
BEGINNING_MAX = 150
# A longer list of people is no help: then one types an e-mail address.
PEOPLE_LISTED = 500
# So many people of one name, or whose names begin so, are meant together.
NAMESAKES_MAX = 20
MINUTES = "%Y-%m-%dT%H:%M"


# What the script of a page that was open before an update makes of a text with three numbers: it took it for one.
_NO_NUMBER = "NaN"
_SEEN = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,18})(?:-([0-9]{1,18}))?)?")


class SeenField(forms.CharField):
    """How much of a conversation a form's author has seen: `12.3-4`; less from pages of an older TMS."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(label="", required=False)

    def to_python(self, value: Any) -> Any:
        """Return a Seen, or None for nothing; raises ValidationError."""
        text = super().to_python(value)
        if not text or text == _NO_NUMBER:
            return None
        found = _SEEN.fullmatch(text)
        if found is None:
            raise ValidationError(OUT_OF_DATE, code="invalid")
        comment, merge, revision = (None if number is None else int(number) for number in found.groups())
        return Seen(comment or 0, merge, revision)


class _TextField(forms.CharField):
    """Text without `maxlength`: the browser would cut what is pasted silently. The script counts, the server refuses.

    Args:
        missing: what is said where nothing was typed, or nothing that can be seen.
    """

    default_validators = TEXT_VALIDATORS
    default_error_messages = {"max_length": TOO_LONG}  # noqa: RUF012 - Django reads it from the class

    def __init__(self, *, missing: str | Promise | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if missing is not None:
            self.error_messages |= empty_messages(missing)
        refuse_nul_once(self)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return the limit as the script reads it; the text runs in the direction of its own letters."""
        return {"data-counter": str(self.max_length), "dir": "auto"}


class LineField(_TextField):
    """One line of text, cleaned as the services clean it."""

    def __init__(self, *, max_length: int = TITLE_MAX, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the text with its blanks folded."""
        return clean_line(super().to_python(value) or "")


class TitleField(LineField):
    """A ticket's title."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Title"), missing=_("Enter a title."), **kwargs)


class BlockField(_TextField):
    """Text of several lines, cleaned as the services clean it."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int = DESCRIPTION_MAX, rows: int = 8, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, widget=forms.Textarea({"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the text with plain line breaks."""
        return clean_block(super().to_python(value) or "")


class DescriptionField(BlockField):
    """A ticket's description."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Description"), missing=_("Enter a description."), **kwargs)


class PersonField(ListedField):
    """A person by id or e-mail address; nobody when blank."""

    def __init__(self, *, people: UserQuerySet, unknown: str | Promise, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.people = people
        self.unknown = unknown

    def find(self, text: str) -> User | None:
        """Return the person whose id or e-mail address `text` is, if they can be chosen."""
        return find_person(self.people, text)

    def find_any(self, text: str) -> User | None:
        """Return the person whose id or e-mail address `text` is: whoever chooses people works at the desk."""
        return find_person(User.objects.all(), text)

    def offer_people(self) -> None:
        """Load the people who can be chosen, for a form that's shown."""
        raise NotImplementedError


class AgentField(PersonField):
    """Who works on a ticket."""

    def __init__(self) -> None:
        super().__init__(label=_("Assigned agent"), people=User.objects.assignable(), unknown=UNKNOWN_AGENT)

    def offer_people(self) -> None:
        """Offer everybody at the desk."""
        self.offer(self.people.names(), _("Nobody"))

    def offer_from(self, offered: Offered) -> None:
        """Offer everybody at the desk, from what has been read for several fields."""
        self.offer(offered.agents, _("Nobody"))


class RequesterField(PersonField):
    """Whose ticket it is: nobody means oneself."""

    def __init__(self, *, people: UserQuerySet) -> None:
        unknown = _("Choose an active person, by number or e-mail address.")
        super().__init__(label=_("Requester"), people=people, unknown=unknown)

    def offer_people(self) -> None:
        """Offer everybody, or ask for an address where that would be too many."""
        people = self.people.names(limit=PEOPLE_LISTED + 1)
        if len(people) <= PEOPLE_LISTED:
            self.offer(people, _("Myself"))
            return
        self.help_text = _("An e-mail address. Leave it empty for a ticket of your own.")
        self.widget.attrs |= {"inputmode": "email", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """Return what the field shows for a person: which one of the list, or their address where there's none."""
        is_listed = isinstance(self.widget, forms.Select)
        return value.email if isinstance(value, User) and not is_listed else super().prepare_value(value)


def find_person(people: UserQuerySet, text: str) -> User | None:
    """Return the person whose id or e-mail address `text` is, or None."""
    if is_row_number(text):
        return people.filter(pk=int(text)).first()
    if "@" in text and len(text) <= ADDRESS_MAX and "\x00" not in text:
        return people.with_email(text).first()
    return None


def find_people(people: UserQuerySet, beginning: str, most: int) -> list[User]:
    """Return people whose name or address begins so, at most so many; none for what nobody begins with. Two queries."""
    if not beginning or len(beginning) > BEGINNING_MAX or "\x00" in beginning:
        return []
    # Each by an index of its own: for both at once all names may be read, where the matches are late in the alphabet.
    by_name = people.filter(username__istartswith=beginning).order_by("username", "pk")
    by_address = people.filter(email_key__istartswith=beginning).order_by("email_key")
    found = {person.pk: person for matches in (by_name, by_address) for person in matches[:most]}
    return list(found.values())[:most]


def find_named(people: UserQuerySet, text: str, most: int) -> list[User]:
    """Return people of this name, or where nobody has it, those whose name or address begins so; at most so many."""
    if text.isdigit():
        return []
    return list(people.filter(username__iexact=text)[:most]) or find_people(people, text, most)


class MinuteField(forms.DateTimeField):
    """A date and time in the visitor's zone, to the minute."""

    widget = forms.DateTimeInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.DateTimeInput({"type": "datetime-local"}, format=MINUTES),
            error_messages={"invalid": _("Enter a date and a time.")},
            **kwargs,
        )
        # What the form showed comes back as it is, even in an hour that the clock has twice.
        self.present: datetime | None = None

    def prepare_value(self, value: Any) -> Any:
        """Return what the field shows for a date."""
        return timezone.localtime(value).strftime(MINUTES) if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> Any:
        """Return an aware datetime or None; raises ValidationError."""
        if self.present is not None and value == self.prepare_value(self.present):
            return self.present
        return super().to_python(value)
