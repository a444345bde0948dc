"""The field that files come by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from tickets.attachments import files
from tickets.attachments.files import Upload
from tms_site.lib.text import size_in_words


class FilesInput(forms.FileInput):
    """An input for several files. It tells its limits to the script, which checks them before anything is sent."""

    allow_multiple_selected = True

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the attributes, with the limits as they are now; the arguments are Django's."""
        limits = {
            "accept": ",".join(f".{ending}" for ending in sorted(settings.ATTACHMENT_EXTENSIONS)),
            "data-max-file": settings.ATTACHMENT_MAX_FILE,
            "data-max-total": settings.ATTACHMENT_MAX_COMMENT,
            "data-most": files.MOST_FILES,
        }
        return super().build_attrs(base_attrs, limits | (extra_attrs or {}))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """Return all files of that name."""
        return files.getlist(name) if isinstance(files, MultiValueDict) else []


class FilesField(forms.Field):
    """Files to attach: a list of `Upload`."""

    widget = FilesInput

    def __init__(self) -> None:
        super().__init__(label=_("Attachments"), required=False)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        """Return the field as the form shows it, with its limits in words."""
        self.help_text = _("Up to %(file)s each and %(total)s together.") % {
            "file": size_in_words(settings.ATTACHMENT_MAX_FILE),
            "total": size_in_words(settings.ATTACHMENT_MAX_COMMENT),
        }
        return super().get_bound_field(form, field_name)

    def to_python(self, value: Any) -> list[Upload]:
        """Return the files."""
        return [Upload(file) for file in value or ()]

    def validate(self, value: Any) -> None:
        """Refuse what isn't taken; raises ValidationError."""
        super().validate(value)
        files.check(value)


class FilesForm(forms.Form):
    """A form that files may come with."""

    attachments = FilesField()

    @cached_property
    def lost_files(self) -> list[str]:
        """The names of files that came with a form that's shown again: browsers don't put them back by themselves."""
        if not self.is_bound or not isinstance(self.files, MultiValueDict):
            return []
        return [Upload(file).name for file in self.files.getlist(self.add_prefix("attachments"))]
