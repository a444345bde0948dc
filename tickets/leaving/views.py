"""The page that asks where the open tickets of agents go who are about to be deactivated."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from accounts import policies as account_policies
from accounts.errors import MOST_LEAVERS, TooManyLeavers
from accounts.mixins import RoleRequiredMixin
from accounts.models import User
from accounts.querysets import UserQuerySet
from tickets.leaving.forms import LeavingForm
from tickets.leaving.services import Departure, deactivate_agents
from tickets.mixins import UNPROCESSABLE, PersonRequest, attempt
from tickets.models import Ticket
from tms_site.lib.numbers import is_row_number


class LeavingView(RoleRequiredMixin):
    """Asks, deactivates, and says who got what. The admin's list of users leads here."""

    required = account_policies.can_list_users
    request: PersonRequest

    def get(self, request: PersonRequest) -> HttpResponse:
        """Ask."""
        if self.are_too_many():
            return self.refuse()
        return self.show(self.get_users(), LeavingForm())

    @cached_property
    def numbers(self) -> set[int]:
        """The numbers of those whom the form, or else the address, names."""
        texts = self.request.POST.getlist("user") or self.request.GET.getlist("user")
        return {int(text) for text in texts if is_row_number(text)}

    def are_too_many(self) -> bool:
        """Tell whether more are named than can leave at once."""
        return len(self.numbers) > MOST_LEAVERS

    def refuse(self) -> HttpResponse:
        """Say that they are too many, and lead back to the users: rather nobody than some of them."""
        messages.error(self.request, str(TooManyLeavers()))
        return redirect("admin:accounts_user_changelist")

    def get_named(self) -> UserQuerySet:
        """Return whom the form, or else the address, names."""
        named: UserQuerySet = User.objects.visible_to(self.request.user).filter(pk__in=self.numbers)
        return named.order_by("username", "pk")

    def get_users(self) -> list[User]:
        """Return those who can still leave; raises Http404 when it's nobody."""
        users = list(self.get_named().active())
        if not users:
            raise Http404
        return users

    def post(self, request: PersonRequest) -> HttpResponse:
        """Do what was chosen, and lead back to the users; the same form sent again leads there too."""
        if self.are_too_many():
            return self.refuse()
        named = list(self.get_named())
        if named and not any(user.is_active for user in named):
            words = ngettext("%(names)s is deactivated already.", "%(names)s are deactivated already.", len(named))
            messages.info(request, words % {"names": _names(named)})
            return redirect("admin:accounts_user_changelist")
        users, form = self.get_users(), LeavingForm(request.POST)
        done = attempt(form, lambda: deactivate_agents(actor=request.user, users=users, **form.arguments()))
        if done is None:
            return self.show(users, form, status=UNPROCESSABLE)
        messages.success(request, _in_words(done))
        return redirect("admin:accounts_user_changelist")

    def show(self, users: list[User], form: LeavingForm, status: int = 200) -> HttpResponse:
        """Render the question."""
        form.offer_choices(self.request.user)
        form.leave_out(users)
        count = Ticket.objects.filter(assigned_agent__in=users).unresolved().count()
        context = {"form": form, "users": users, "count": count}
        return render(self.request, "tickets/leaving/leaving.html", context, status=status)


def _names(users: Iterable[User]) -> str:
    return ", ".join(user.label for user in users)


def _in_words(done: Departure) -> str:
    words = ngettext("%(names)s is deactivated.", "%(names)s are deactivated.", len(done.users))
    sentences = [words % {"names": _names(done.users)}]
    for agent, count in done.given.items():
        words = ngettext("%(count)d ticket went to %(who)s.", "%(count)d tickets went to %(who)s.", count)
        sentences.append(words % {"count": count, "who": agent.label if agent else gettext("nobody")})
    return " ".join(sentences)
