"""The trash's pages, for SysAdmins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from accounts.mixins import RoleRequiredMixin
from tickets import policies
from tickets.mixins import PersonRequest
from tickets.models import Ticket
from tickets.trash import services
from tickets.trash.models import TrashedTicket
from tms_site.lib import listing
from tms_site.lib.errors import ServiceError
from tms_site.lib.keyset import Order
from tms_site.lib.listing import PAGE
from tms_site.lib.once import once

PAGE_SIZE = 50
LAST_DELETED_FIRST = Order("-deleted_at", "deleted_at", descending=True)


@dataclass
class Everything:
    """No filters: the whole trash."""

    qs: Any
    data: QueryDict = field(default_factory=lambda: QueryDict(mutable=True))
    ignored: list[str] = field(default_factory=list)


class Listing(listing.Listing[TrashedTicket]):
    """One page of the trash, what was deleted last first."""

    labels: dict[str, str | Promise] = {}  # noqa: RUF012 - there are no filters to label

    @property
    def order(self) -> Order:
        """What was deleted last comes first."""
        return LAST_DELETED_FIRST

    @property
    def count_label(self) -> str:
        """The count in words."""
        return ngettext("%(count)s ticket", "%(count)s tickets", self.count.value) % {"count": self.count}


class TrashView(RoleRequiredMixin):
    """Which tickets were deleted."""

    required = policies.can_see_trash

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show one page of the list."""
        trash = Everything(TrashedTicket.objects.visible_to(request.user))
        shown = Listing(trash, path=reverse("tickets:trash"), cursor=request.GET.get(PAGE, ""), size=PAGE_SIZE)
        return render(request, "tickets/trash/list.html", {"listing": shown, "days": settings.TRASH_DAYS})


class TrashedTicketView(RoleRequiredMixin):
    """What one of them was, and the button that brings it back."""

    required = policies.can_see_trash

    def get(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Show it; once it's restored, lead to the ticket."""
        trashed = TrashedTicket.objects.visible_to(request.user).for_list().filter(pk=ticket_id).first()
        if trashed is None:
            return redirect(get_object_or_404(Ticket.objects.visible_to(request.user).only("pk"), pk=ticket_id))
        context = {"trashed": trashed, "may_restore": policies.can_restore(request.user, trashed)}
        return render(request, "tickets/trash/ticket.html", context)


class RestoreView(RoleRequiredMixin):
    """The button that brings a ticket back."""

    required = policies.can_see_trash
    http_method_names = ["post", "options"]  # noqa: RUF012 - Django reads it from the class

    @once("tickets:detail", "ticket_id")
    def post(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Restore it, and lead to it."""
        try:
            ticket = services.restore_ticket(actor=request.user, ticket_id=ticket_id)
        except TrashedTicket.DoesNotExist as error:
            raise Http404 from error
        except ServiceError as error:
            messages.error(request, str(error))
            return redirect("tickets:trashed", ticket_id)
        messages.success(request, gettext("Ticket #%(number)s is restored.") % {"number": ticket_id})
        return redirect(ticket)
