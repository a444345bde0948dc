"""Bulk actions: choose, see what will happen, see what happened, undo."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext, ngettext

from accounts.mixins import RoleRequiredMixin
from tickets import policies
from tickets.bulk import services
from tickets.bulk.actions import DELETE, MERGE, Action
from tickets.bulk.forms import BulkForm, kinds_for, numbers_of, selection_of
from tickets.bulk.models import BulkRow, BulkRun, Outcome
from tickets.bulk.preview import Preview, found
from tickets.bulk.selection import Selection, keep
from tickets.bulk.services import MOST
from tickets.filters import TicketFilter
from tickets.merging.services import MERGE_MAX
from tickets.mixins import UNPROCESSABLE, PersonRequest
from tickets.models import Ticket
from tms_site.lib.errors import ServiceError
from tms_site.lib.forms import with_values
from tms_site.lib.redirects import is_safe_path
from tms_site.lib.time_limit import TooSlow, time_limit

QUERY_MAX = 4_000
LISTS = (reverse_lazy("tickets:list"), reverse_lazy("tickets:assigned"))


class BulkView(RoleRequiredMixin):
    """From a list's selection to what will happen: nothing is changed before the last button.

    The steps before it have addresses of their own, so that one can go back to them, load them anew, and come back to
    them after a log-in.
    """

    required = policies.can_act_in_bulk
    http_method_names = ["get", "head", "post", "options"]  # noqa: RUF012 - Django reads it from the class
    # What was chosen, whichever way it came.
    data: QueryDict

    def get(self, request: PersonRequest) -> HttpResponse:
        """Ask for the value, or show what will happen, as `step` says; without a selection lead to the list."""
        self.data = request.GET
        if "action" not in self.data:
            return self.back(request, gettext("Select the tickets first."))
        return self.answer(request)

    def post(self, request: PersonRequest) -> HttpResponse:
        """Do it, if `step` says so."""
        self.data = request.POST
        return self.answer(request, may_run=self.data.get("step") == "run")

    def answer(self, request: PersonRequest, *, may_run: bool = False) -> HttpResponse:
        """Go on with what was chosen."""
        kind = self.data.get("action", "")
        if kind not in dict(kinds_for(request.user)):
            return self.back(request, gettext("Choose what to do with the tickets."))
        if kind == MERGE or not may_run:
            return self.choose(request, kind)
        form = BulkForm(self.data, actor=request.user, kind=kind)
        return self.run(request, form) if form.is_valid() else self.ask_again(request, form)

    def choose(self, request: PersonRequest, kind: str) -> HttpResponse:
        """Show how many are chosen and ask what they shall become; once that's said, show what will happen."""
        try:
            numbers, capped = self._numbers(request)
        except TooSlow:
            return self.back(request, gettext("There are too many tickets to look through. Add a filter."))
        if kind == MERGE:
            return self.merge(request, numbers)
        tickets = found(request.user, numbers)
        if not tickets:
            gone = gettext("These tickets aren't there any more.")
            return self.back(request, gone if numbers else gettext("Select at least one ticket."))
        if kind == DELETE:
            return self.preview(request, Action(DELETE), tickets, capped=capped)
        said = self._said(kind, tickets)
        form = BulkForm(actor=request.user, kind=kind, initial=said)
        if self.data.get("step") == "preview":
            form = BulkForm(with_values({}, **said), actor=request.user, kind=kind)
            if form.is_valid():
                return self.preview(request, form.meant(), tickets, capped=capped)
        numbers = [ticket.pk for ticket in tickets]
        return self.show(request, form, numbers=numbers, capped=capped, status=UNPROCESSABLE if form.errors else 200)

    def _numbers(self, request: PersonRequest) -> tuple[list[int], bool]:
        """Return what is chosen, and whether more match than that."""
        if not self.data.get("all"):
            numbers = numbers_of(self.data)
        else:
            tickets = Ticket.objects.visible_to(request.user)
            chosen = TicketFilter(self._query(), tickets, actor=request.user)
            with time_limit(settings.LIST_TIME_LIMIT):
                numbers = list(chosen.qs.order_by("-pk").values_list("pk", flat=True)[: MOST + 1])
        return numbers[:MOST], len(numbers) > MOST

    def _query(self) -> QueryDict:
        """Return the filters of the list that one comes from."""
        return QueryDict(self.data.get("query", "")[:QUERY_MAX])

    def _said(self, kind: str, tickets: list[Ticket]) -> dict[str, str]:
        """Return the values of the form's fields."""
        chosen = " ".join(f"{ticket.pk}:{ticket.version}" for ticket in tickets)
        return {"chosen": chosen, "action": kind, "value": self.data.get("value", "")}

    def merge(self, request: PersonRequest, numbers: list[int]) -> HttpResponse:
        """Lead to the page that merges: into the oldest of them, unless one decides otherwise there."""
        if len(numbers) <= 1:
            return self.back(request, gettext("Select at least 2 tickets to merge."))
        if len(numbers) > MERGE_MAX + 1:
            text = gettext("Select at most %(most)d tickets to merge.") % {"most": MERGE_MAX + 1}
            return self.back(request, text)
        oldest, *others = sorted(numbers)
        query = QueryDict(mutable=True)
        query.update({"direction": "here", "numbers": ", ".join(map(str, others))})
        return redirect(f"{reverse('tickets:merge', args=[oldest])}?{query.urlencode()}")

    def preview(
        self, request: PersonRequest, action: Action, tickets: list[Ticket], *, capped: bool = False
    ) -> HttpResponse:
        """Show what will happen to the tickets as they are now."""
        preview = Preview(action, tickets, request.user, {ticket.pk: ticket.version for ticket in tickets})
        form = BulkForm(actor=request.user, kind=action.kind, confirm=True, initial=self._said(action.kind, tickets))
        return self.show(request, form, preview=preview, capped=capped)

    def run(self, request: PersonRequest, form: BulkForm) -> HttpResponse:
        """Do it, and lead to the results; for deleting, only once the number was typed."""
        action, chosen = form.meant(), dict(form.cleaned_data["chosen"])
        if action.kind == DELETE:
            preview = Preview(action, found(request.user, chosen), request.user, chosen)
            form = BulkForm(self.data, actor=request.user, kind=DELETE, count=preview.count, confirm=True)
            if not form.is_valid() and not self._was_sent(request, form):
                return self.show(request, form, preview=preview, status=UNPROCESSABLE)
        token = form.cleaned_data["client_token"] or str(form["client_token"].value())
        try:
            run = services.run_bulk(actor=request.user, action=action, chosen=chosen.items(), client_token=token)
        except (ServiceError, ValidationError) as error:
            return self.back(request, services.reason_of(error))
        return redirect(run)

    @staticmethod
    def _was_sent(request: PersonRequest, form: BulkForm) -> bool:
        """Tell whether this very form was sent before: what it deleted is no longer there to be counted."""
        token = form.cleaned_data.get("client_token")
        runs = BulkRun.objects.filter(actor=request.user, action=DELETE)
        return bool(token) and set(form.errors) == {"confirmation"} and runs.filter(client_token=token).exists()

    def ask_again(self, request: PersonRequest, form: BulkForm) -> HttpResponse:
        """Show the form with its mistakes, and what was typed."""
        numbers = [number for number, _version in form.cleaned_data.get("chosen", [])]
        return self.show(request, form, numbers=numbers, status=UNPROCESSABLE)

    def show(
        self,
        request: PersonRequest,
        form: BulkForm,
        *,
        numbers: list[int] | None = None,
        preview: Preview | None = None,
        capped: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        """Render the step."""
        if preview is None:
            form.offer_choices(request.user)
        query = self._query().urlencode()
        context: dict[str, Any] = {
            "form": form,
            "numbers": numbers,
            # Then the filters say which, in an address that isn't too long for any server.
            "everything": bool(self.data.get("all")),
            "preview": preview,
            "capped": capped,
            "label": dict(kinds_for(request.user))[form.kind],
            "deletes": form.kind == DELETE,
            "query": query,
            "list_url": self._list_url(),
        }
        return render(request, "tickets/bulk/choose.html", context, status=status)

    def back(self, request: PersonRequest, why: str) -> HttpResponse:
        """Say why nothing is done, and lead back to the list."""
        messages.error(request, why)
        action, everything = self.data.get("action", ""), bool(self.data.get("all"))
        keep(request, Selection(selection_of(self.data), action, everything))
        return redirect(self._list_url())

    def _list_url(self) -> str:
        """Return the very page of the list that one comes from; without one, the list with its filters."""
        page = self.data.get("list", "")
        if len(page) <= QUERY_MAX and is_safe_path(page) and urlsplit(page).path in map(str, LISTS):
            return page
        query = self._query().urlencode()
        return f"{reverse('tickets:list')}?{query}" if query else reverse("tickets:list")


class BulkRunView(RoleRequiredMixin):
    """What is of one run: the actor's own."""

    required = policies.can_act_in_bulk

    def get_run(self, request: PersonRequest, run_id: int) -> BulkRun:
        """Return the run; 404 for what is somebody else's, as for what isn't there."""
        run = BulkRun.objects.filter(pk=run_id, actor=request.user).first()
        if run is None:
            raise Http404
        return run


class BulkResultView(BulkRunView):
    """What became of each ticket."""

    def get(self, request: PersonRequest, run_id: int) -> HttpResponse:
        """Show the results, those that weren't done first."""
        run = self.get_run(request, run_id)
        rows = sorted(run.rows.order_by("pk"), key=lambda row: row.outcome == Outcome.DONE)
        context = {
            "run": run,
            "rows": rows,
            "counts": _counts(rows),
            "deleted": run.action == DELETE,
            "may_undo": run.rows.standing().exists(),
        }
        return render(request, "tickets/bulk/result.html", context)


def _counts(rows: list[BulkRow]) -> list[tuple[str, int]]:
    return [(str(Outcome(value).label), many) for value, many in Counter(row.outcome for row in rows).most_common()]


class BulkUndoView(BulkRunView):
    """Undoes a run."""

    http_method_names = ["post", "options"]  # noqa: RUF012 - Django reads it from the class

    def post(self, request: PersonRequest, run_id: int) -> HttpResponse:
        """Undo what can be undone, and lead back to the results."""
        run = self.get_run(request, run_id)
        try:
            services.undo_run(actor=request.user, run_id=run.pk)
        except ServiceError as error:
            messages.error(request, str(error))
            return redirect(run)
        many = run.rows.filter(outcome=Outcome.UNDONE).count()
        text = ngettext("%(count)d ticket is as it was before.", "%(count)d tickets are as they were before.", many)
        messages.success(request, text % {"count": many})
        return redirect(run)
