"""The log's pages, for SysAdmins. Others see the timeline of the tickets that they may see, and nothing else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.mixins import RoleRequiredMixin
from accounts.models import User
from activity import exports, policies, services
from activity.filters import ActivityFilter
from activity.forms import ConfirmPurgeForm, PurgeForm
from activity.listing import Listing
from activity.models import ActivityLog
from activity.querysets import ActivityQuerySet
from activity.seals import is_intact
from activity.sentences import changed_fields
from tickets.mixins import UNPROCESSABLE, PersonRequest
from tickets.models import Ticket
from tms_site.lib.counts import capped_count
from tms_site.lib.csv_export import csv_response
from tms_site.lib.export_limit import begun_in_time, export_refusal
from tms_site.lib.listing import PAGE, answer_list
from tms_site.lib.once import once

PAGE_SIZE = 50


class LogView(RoleRequiredMixin):
    """The whole log, newest first. One view answers the page or, for htmx, only the results."""

    required = policies.can_see_log

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show one page of the log."""
        return self.show(request, ActivityLog.objects.visible_to(request.user), reverse("activity:list"))

    def show(
        self, request: PersonRequest, entries: ActivityQuerySet, path: str, person: User | None = None
    ) -> HttpResponse:
        """Render the page, or the fragment."""
        chosen = ActivityFilter(request.GET, entries, fixed_user=person)
        listing = Listing(chosen, path=path, cursor=request.GET.get(PAGE, ""), size=PAGE_SIZE)
        context = {"chosen": chosen, "person": person}
        return answer_list(request, listing, context, page="activity/log.html", results="activity/_results.html")


class UserLogView(LogView):
    """What one person did."""

    def get(self, request: PersonRequest, user_id: int) -> HttpResponse:  # type: ignore[override] # one argument more
        """Show one page of the person's entries; 404 when there's no such person."""
        person = User.objects.for_choice().filter(pk=user_id).first()
        if person is None:
            raise Http404
        entries = ActivityLog.objects.visible_to(request.user).filter(user=person)
        return self.show(request, entries, reverse("activity:user", args=[person.pk]), person)


class ExportView(RoleRequiredMixin):
    """The filtered log as CSV: the same address parameters as the page's."""

    required = policies.can_see_log

    def entries(self, request: PersonRequest) -> ActivityQuerySet:
        """Return the entries that the file is about, before any filter."""
        return ActivityLog.objects.visible_to(request.user)

    def get(self, request: PersonRequest) -> HttpResponseBase:
        """Send the file, and note who took it; 429 for too many in a minute, a page for what takes too long."""
        refusal = export_refusal(request)
        if refusal is not None:
            return refusal
        chosen = ActivityFilter(request.GET, self.entries(request))
        filters = chosen.data.urlencode()

        # The file shows its own entry, which is there only if there's a file.
        @transaction.atomic
        def begin() -> HttpResponseBase:
            services.record_export(actor=request.user, filters=filters)
            rows = exports.rows(chosen.qs, timezone.get_current_timezone())
            return csv_response(f"activity-{timezone.localdate():%Y-%m-%d}.csv", exports.header(), rows)

        why = gettext(
            "There are too many entries to look through for these filters. "
            "Choose a ticket, a person, or a shorter time."
        )
        return begun_in_time(request, begin, why=why, back=f"{reverse('activity:list')}?{filters}")


class EntryView(RoleRequiredMixin):
    """One entry with everything that it keeps."""

    required = policies.can_see_log

    def get(self, request: PersonRequest, entry_id: int) -> HttpResponse:
        """Show the entry."""
        entry = ActivityLog.objects.visible_to(request.user).filter(pk=entry_id).first()
        if entry is None:
            raise Http404
        tickets = Ticket.objects.visible_to(request.user).only("id", "title")
        ticket = None if entry.ticket_id is None else tickets.filter(pk=entry.ticket_id).first()
        context = {
            "entry": entry,
            "ticket": ticket,
            "fields": changed_fields(entry.changes),
            "intact": is_intact(entry),
        }
        return render(request, "activity/entry.html", context)


class PurgeView(RoleRequiredMixin):
    """Removing old entries: first what would go, then the confirmation."""

    required = policies.can_purge

    def get(self, request: PersonRequest) -> HttpResponse:
        """Ask what is to go; once that's said, show it and ask for the confirmation."""
        if "before" not in request.GET:
            return self.ask(request, PurgeForm(initial={"user": request.GET.get("user", "")}))
        form = PurgeForm(request.GET)
        if not form.is_valid():
            return self.ask(request, form, status=UNPROCESSABLE)
        return self.confirm(request, form, ConfirmPurgeForm(initial=self._typed(form)))

    @once("activity:list")
    def post(self, request: PersonRequest) -> HttpResponse:
        """Purge, say how much went, and lead back to the log."""
        form = ConfirmPurgeForm(request.POST)
        if not form.is_valid():
            what = PurgeForm(request.POST)
            if not what.is_valid():
                return self.ask(request, what, status=UNPROCESSABLE)
            return self.confirm(request, what, form, status=UNPROCESSABLE)
        data = form.cleaned_data
        removed = services.purge(actor=request.user, before=data["before"], user=data["user"])
        text = ngettext("%(count)d entry is purged.", "%(count)d entries are purged.", removed)
        messages.success(request, text % {"count": removed})
        return redirect("activity:list")

    def ask(self, request: PersonRequest, form: PurgeForm, status: int = 200) -> HttpResponse:
        """Render the form that says what is to go."""
        return render(request, "activity/purge.html", {"form": form}, status=status)

    def confirm(
        self, request: PersonRequest, what: PurgeForm, form: ConfirmPurgeForm, status: int = 200
    ) -> HttpResponse:
        """Render what would go, with the confirmation; if that's nothing, ask again."""
        before, user = what.cleaned_data["before"], what.cleaned_data["user"]
        count = capped_count(ActivityLog.objects.purgeable(before, user))
        if not count.value:
            what.add_error("before", gettext("There's nothing to purge: no such entry is from before that."))
            return self.ask(request, what, status=UNPROCESSABLE)
        context: dict[str, Any] = {
            "form": form,
            "before": before,
            "person": user,
            "count": count,
            "typed": self._typed(what),
        }
        return render(request, "activity/purge_confirm.html", context, status=status)

    @staticmethod
    def _typed(form: PurgeForm) -> dict[str, str]:
        return {name: form.data.get(name, "") for name in ("before", "user")}
