"""Django's admin over services: what a service refuses is shown at the form, and Django's own log stays empty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext

from tms_site.lib import unsent
from tms_site.lib.edits import EditConflict
from tms_site.lib.errors import ServiceError
from tms_site.lib.fields import VersionField
from tms_site.lib.time_limit import TooSlow, time_limit
from tms_site.lib.transactions import write_transaction

Refusal = ServiceError | ValidationError


def explained(conflict: EditConflict, in_words: Callable[[str, Any], str]) -> ValidationError:
    """Return a conflict as errors at the fields that it's about; `in_words` says a field's value for people."""
    words = gettext("Somebody else has set this to “%(theirs)s” meanwhile. Copy your text and open this page again.")
    return ValidationError(
        {each.name: words % {"theirs": in_words(each.name, each.theirs)} for each in conflict.conflicts}
    )


class VersionedForm(forms.ModelForm):  # type: ignore[type-arg] # not subscriptable at run time
    """A form that knows from which version it was made, so that nobody overwrites a colleague unawares."""

    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version


class RefusedFormMixin:
    """A form that fails with the error with which the service refused what was sent."""

    refusal: ClassVar[Refusal]

    def clean(self: Any) -> Any:
        """Add the service's error at its field, if the form has it."""
        data = super().clean()  # type: ignore[misc] # the form that this is mixed into has it
        refusal = self.refusal
        if isinstance(refusal, ServiceError):
            errors: dict[str, Any] = {refusal.field or "": str(refusal)}
        else:
            errors = getattr(refusal, "error_dict", None) or {"": refusal}
        for field, error in errors.items():
            self.add_error(field if field in self.fields else None, error)
        return data


class KeptFormMixin(forms.BaseForm):
    """A form that begins with what its author had sent after their session had ended."""

    shown_by: ClassVar[HttpRequest]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unsent.put_back(self.shown_by, self)


class CappedPaginator(Paginator):  # type: ignore[type-arg] # not subscriptable at run time
    """Pages of the first rows of a list: to count all of a log of millions would take longer than to read it."""

    cap = 10_000

    @cached_property
    def _found(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment] # a list of the admin is a query
        return rows.order_by()[: self.cap + 1].count()

    @cached_property
    def count(self) -> int:
        """How many rows the pages have together."""
        return min(self._found, self.cap)

    @property
    def is_capped(self) -> bool:
        """Whether there are more."""
        return self._found > self.cap


class CappedChangeList(ChangeList):
    """A list whose foot says how many rows there are, and whether more; above it, only a search is told."""

    def get_results(self, request: HttpRequest) -> None:
        """Find the rows of the page."""
        super().get_results(request)
        if self.paginator.is_capped or not self.query:
            # Django says beside the search box how many rows it has, unless those are all.
            self.full_result_count = self.result_count


class LookupAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not subscriptable at run time
    """The base of all our ModelAdmins: its list filters by what it offers, and by nothing else.

    Django's own would take any lookup of any field from the address: parts of password hashes could be asked for, and
    a link with a regular expression could keep the database busy. Of very many rows the list has the first, and a
    search that takes too long is given up, as on all other pages.
    """

    paginator = CappedPaginator
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return what finds the rows of the list."""
        return CappedChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list; without what was asked for, if it can't be answered in time."""
        if request.method != "GET" or not request.GET:
            return super().changelist_view(request, extra_context)
        try:
            with time_limit(settings.LIST_TIME_LIMIT):
                response = super().changelist_view(request, extra_context)
                # The rows are read by the template.
                return response.render() if isinstance(response, TemplateResponse) else response
        except TooSlow:
            why = gettext("There's too much to look through for that. Search for a number, or filter by date first.")
            messages.warning(request, why)
            return HttpResponseRedirect(request.path)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Tell whether a parameter of the address is one that the list's filters or its calendar make."""
        days = {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")}
        return lookup in days or any(lookup in self._lookups_of(each) for each in self.get_list_filter(request))

    def _lookups_of(self, list_filter: Any) -> set[str]:
        name = list_filter if isinstance(list_filter, str) else list_filter[0]
        field = self.opts.get_field(name)
        exact = f"{name}__{field.target_field.name}" if isinstance(field, ForeignKey) else name
        return {name, f"{exact}__exact", f"{name}__isnull", f"{name}__isempty"}


class DateHierarchyMixin:
    """For a ModelAdmin with a `date_hierarchy`: it also works where the database knows no time zones.

    That's MySQL and MariaDB until somebody has loaded the zones (mysql_tzinfo_to_sql). The list's days and times are
    those of UTC there, instead of an error for everybody who lives in another zone.
    """

    def changelist_view(self: Any, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list, in UTC if the database can't do better."""
        view = super().changelist_view  # type: ignore[misc] # the ModelAdmin that this is mixed into has it
        if connection.features.has_zoneinfo_database:
            plain: HttpResponse = view(request, extra_context)
            return plain
        with timezone.override(UTC):
            response: HttpResponse = view(request, extra_context)
            # The template asks the database too.
            return response.render() if isinstance(response, TemplateResponse) else response


class ActivityHistoryMixin:
    """For a ModelAdmin whose objects have their history in the activity log, which knows more than Django's own."""

    def history_address(self, obj: Any) -> str:
        """Return the address of the log's page about `obj`."""
        raise NotImplementedError

    def history_view(
        self: Any, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the activity log; of what doesn't exist Django says so, as on its other pages."""
        obj = self.get_object(request, unquote(object_id))
        if obj is not None:
            return HttpResponseRedirect(self.history_address(obj))
        response: HttpResponse = super().history_view(request, object_id, extra_context)  # type: ignore[misc] # the ModelAdmin that this is mixed into has it
        return response


class ServiceAdminMixin:
    """For a ModelAdmin whose `save_model` and `delete_model` call services.

    A `ServiceError` or `ValidationError` of the service is shown like an error of the form, with nothing typed lost;
    a refused deletion is shown as a message. Deadlocks are tried again. The activity log is the only log.
    """

    # What the form itself knows: the version isn't the model's field, which nobody edits, but a `VersionedForm`'s.
    own_fields: ClassVar[tuple[str, ...]] = ("version",)

    def changeform_view(
        self: Any,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Save in one transaction, and show the form again if a service refuses."""
        view = super().changeform_view  # type: ignore[misc] # the ModelAdmin that this is mixed into has it
        if request.method != "POST":
            return view(request, object_id, form_url, extra_context)
        try:
            return write_transaction(view)(request, object_id, form_url, extra_context)
        except (ServiceError, ValidationError) as error:
            request.tms_refusal = error  # type: ignore[attr-defined] # read by get_form below
        return view(request, object_id, form_url, extra_context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Fill in nothing from the address: what it holds may mean nothing, and Django would fail on it."""
        return {}

    def get_form(self: Any, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form that begins with what was kept, or the one that fails with what the service has just said."""
        shown = kwargs.get("fields") or flatten_fieldsets(self.get_fieldsets(request, obj))
        kwargs["fields"] = [name for name in shown if name not in self.own_fields]
        form: type[forms.ModelForm[Any]] = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc] # as above
        refusal = getattr(request, "tms_refusal", None)
        if refusal is None:
            return type(form.__name__, (KeptFormMixin, form), {"shown_by": request})
        return type(form.__name__, (RefusedFormMixin, form), {"refusal": refusal})

    def delete_view(
        self: Any, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Delete in one transaction, and lead back with a message if the service refuses."""
        view = super().delete_view  # type: ignore[misc] # as above
        try:
            response: HttpResponse = write_transaction(view)(request, object_id, extra_context)
        except ServiceError as error:
            messages.error(request, str(error))
            opts = self.opts
            return HttpResponseRedirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[object_id]))
        return response

    def get_deleted_objects(
        self: Any, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Return the objects alone: what goes with them or stands in the way the service knows and says."""
        names = [str(obj) for obj in objs]
        return names, {str(self.opts.verbose_name_plural): len(names)}, set(), []

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Write nothing: the service has told the activity log."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Write nothing: the service has told the activity log."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Write nothing: the service tells the activity log."""
