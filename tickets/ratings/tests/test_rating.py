"""The requester of a resolved ticket says how it went: who may, what follows, and who sees it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from activity.models import ActivityLog
from tickets import policies, services
from tickets.enums import Status
from tickets.factories import TicketFactory
from tickets.models import Ticket
from tickets.ratings.models import Rating
from tickets.ratings.services import rate_ticket
from tickets.trash.services import restore_ticket
from tickets.workflow import WorkflowError
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.tests.integrity import findings

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(requester, agent):
    """Jane's ticket, which John has resolved."""
    made = services.create_ticket(actor=requester, title="Printer jams", description="It does.", priority="low").ticket
    services.assign_to_me(actor=agent, ticket_id=made.pk)
    return resolve(agent, made)


def resolve(agent, ticket):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": Status.RESOLVED})
    return Ticket.objects.get(pk=ticket.pk)


def rate(actor, ticket, value="good", text="", **when):
    return rate_ticket(actor=actor, ticket_id=ticket.pk, value=value, text=text, **when)


def path(ticket):
    return reverse("tickets:rate", args=[ticket.pk])


def told():
    entries = ActivityLog.objects.filter(target_type="rating").order_by("pk")
    return [(entry.user.username, entry.details, entry.changes) for entry in entries]


# --- Rating -------------------------------------------------------------------------------------------------------


def test_the_requester_rates_a_resolved_ticket_and_the_log_knows(requester, agent, ticket):
    rating, changed = rate(requester, ticket, "bad", "  It jams\tagain ")
    assert changed
    assert (rating.value, rating.text, rating.agent) == ("bad", "It jams again", agent)
    assert rating.month == timezone.localdate().replace(day=1)
    changes = {"rating": [None, "bad"], "rating_text": ["", "It jams again"]}
    assert told() == [("Jane Doe", f"Rated ticket #{ticket.pk}: Bad.", changes)]


def test_the_same_again_changes_nothing_and_is_not_told(requester, ticket):
    rate(requester, ticket, "good", "Thanks")
    assert rate(requester, ticket, "good", "Thanks")[1] is False
    assert len(told()) == 1


def test_a_rating_can_be_changed_for_some_days(requester, ticket, settings):
    settings.RATING_DAYS = 3
    first, _changed = rate(requester, ticket, "good", "Thanks")
    later = first.rated_at + timedelta(days=3)
    rating, changed = rate(requester, ticket, "bad", "Thanks", at=later)
    assert (changed, rating.value, rating.rated_at, Rating.objects.count()) == (True, "bad", first.rated_at, 1)
    assert told()[-1][2] == {"rating": ["good", "bad"]}
    with pytest.raises(PermissionDeniedError, match="changed for 3 days"):
        rate(requester, ticket, "good", at=later + timedelta(seconds=1))
    assert Rating.objects.get().value == "bad"


def test_a_first_rating_is_welcome_at_any_time(requester, ticket):
    assert rate(requester, ticket, at=timezone.now() + timedelta(days=400))[1]


def test_a_ticket_that_is_resolved_again_is_rated_anew(requester, agent, ticket):
    rate(requester, ticket, "good")
    services.add_comment(actor=requester, ticket_id=ticket.pk, description="It's back.")
    reopened = Ticket.objects.get(pk=ticket.pk)
    assert not policies.can_rate(requester, reopened, Rating.objects.get())
    again = resolve(agent, ticket)
    old = Rating.objects.get()
    assert not policies.rates_this_resolution(again, old)
    rating, changed = rate(requester, again, "good", at=timezone.now() + timedelta(days=90))
    assert changed
    assert rating.rated_at > old.rated_at
    assert Rating.objects.count() == 1
    assert [changes["rating"] for _who, _details, changes in told()] == [[None, "good"], ["good", "good"]]


def move(agent, ticket, date):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"resolution_date": date})
    return Ticket.objects.get(pk=ticket.pk)


@pytest.fixture
def rated(requester, agent):
    """Jane's ticket, resolved 40 days ago, and rated a day later."""
    now = timezone.now()
    fields = {"title": "Printer jams", "description": "It does.", "at": now - timedelta(days=60)}
    made = services.create_ticket(actor=requester, **fields).ticket
    date = now - timedelta(days=40)
    services.update_ticket(actor=agent, ticket_id=made.pk, changes={"status": Status.RESOLVED}, at=date)
    return rate(requester, made, at=date + timedelta(days=1))[0]


def test_a_corrected_date_leaves_the_rating_with_its_resolution(requester, agent, rated):
    for hours in (-20, 23, 24):
        ticket = move(agent, rated.ticket, rated.rated_at + timedelta(hours=hours - 24))
        assert policies.rates_this_resolution(ticket, rated)
        assert not policies.can_rate(requester, ticket, rated)
    with pytest.raises(WorkflowError, match="rated it before that") as refusal:
        move(agent, ticket, rated.rated_at + timedelta(days=1))
    assert refusal.value.field == "resolution_date"
    assert Ticket.objects.get().resolution_date == rated.rated_at


def test_a_corrected_date_of_a_later_resolution_takes_no_earlier_rating_over(requester, agent, rated):
    services.update_ticket(actor=agent, ticket_id=rated.ticket_id, changes={"status": Status.OPEN})
    resolve(agent, rated.ticket)
    ticket = move(agent, rated.ticket, rated.rated_at + timedelta(days=1))
    assert policies.can_rate(requester, ticket, rated)
    with pytest.raises(WorkflowError, match="rated it after that"):
        move(agent, ticket, rated.rated_at - timedelta(hours=1))
    assert policies.can_rate(requester, Ticket.objects.get(), rated)


@pytest.mark.parametrize(("value", "text"), [("great", ""), ("", ""), ("good", "x" * 501), ("good", "a\x00b")])
def test_what_is_no_rating_is_refused(requester, ticket, value, text):
    with pytest.raises(ValidationError):
        rate(requester, ticket, value, text)
    assert not Rating.objects.exists()


def test_nobody_else_rates(agent, sysadmin, other_requester, ticket):
    for person in (agent, sysadmin):
        with pytest.raises(PermissionDeniedError, match="Only the person who asked"):
            rate(person, ticket)
    with pytest.raises(Ticket.DoesNotExist):
        rate(other_requester, ticket)


def test_a_deactivated_account_rates_nothing(requester, ticket):
    assert policies.can_rate(requester, ticket)
    requester.is_active = False
    assert str(policies.can_rate(requester, ticket).reason) == "Your account is deactivated."


def test_a_ticket_that_is_not_resolved_is_not_rated(requester):
    with pytest.raises(PermissionDeniedError, match="once it's resolved"):
        rate(requester, TicketFactory(requester=requester))


def test_nobody_rates_their_own_work(agent):
    lately = timezone.now()
    ticket = TicketFactory(requester=agent, assigned_agent=agent, status=Status.RESOLVED, resolution_date=lately)
    with pytest.raises(PermissionDeniedError, match="their own work"):
        rate(agent, ticket)


def test_a_rating_goes_into_the_trash_and_comes_back_with_its_ticket(requester, sysadmin, ticket):
    rate(requester, ticket, "good", "Thanks")
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    assert not Rating.objects.exists()
    restore_ticket(actor=sysadmin, ticket_id=ticket.pk)
    assert (Rating.objects.get().value, Rating.objects.get().text) == ("good", "Thanks")


# --- Integrity ----------------------------------------------------------------------------------------------------


def test_check_integrity_finds_a_rating_that_was_changed_behind_the_logs_back(requester, ticket):
    rate(requester, ticket, "bad", "No")
    rate(requester, ticket, "bad", "Never")
    assert findings() == []
    Rating.objects.update(value="good")
    assert findings() == [f"Rating of ticket #{ticket.pk}: it isn't what the log says was said"]
    Rating.objects.update(value="bad", month="2020-01-01")
    assert findings() == [f"Rating of ticket #{ticket.pk}: counted in another month than that in which it was given"]


def test_check_integrity_finds_a_rating_that_nobody_gave(ticket):
    now = timezone.now()
    Rating.objects.create(ticket=ticket, value="good", rated_at=now, month=timezone.localdate(now).replace(day=1))
    assert findings() == [f"Rating of ticket #{ticket.pk}: the log doesn't know of it"]


# --- Pages --------------------------------------------------------------------------------------------------------


def test_the_ticket_asks_its_requester_and_nobody_else(client_for, requester, agent, ticket):
    page = client_for(requester).get(ticket.get_absolute_url()).content.decode()
    assert "How did we do?" in page
    assert f'action="{path(ticket)}"' in page
    assert "rating-title" not in client_for(agent).get(ticket.get_absolute_url()).content.decode()


def test_one_button_of_the_card_rates_and_the_desk_reads_it(client_for, requester, agent, ticket):
    response = client_for(requester).post(path(ticket), {"value": "bad", "text": "<b>Slow</b>"}, follow=True)
    # On a phone the card stands far below the top of the page.
    assert response.redirect_chain == [(f"{ticket.get_absolute_url()}#rating", 302)]
    page = response.content.decode()
    assert 'id="rating" tabindex="-1"' in page
    assert "Thank you. The helpdesk sees your rating." in page
    assert "Change your rating" in page
    seen = client_for(agent).get(ticket.get_absolute_url()).content.decode()
    assert "<q>&lt;b&gt;Slow&lt;/b&gt;</q>" in seen
    assert "Change your rating" not in seen


def test_the_page_shows_what_was_said_and_keeps_what_is_refused(client_for, requester, ticket):
    rate(requester, ticket, "good", "Thanks")
    client = client_for(requester)
    assert client.get(path(ticket)).context["form"].initial == {"value": "good", "text": "Thanks"}
    response = client.post(path(ticket), {"text": "Typed"})
    assert response.status_code == 422
    assert 'value="Typed"' in response.content.decode()
    assert "Choose one of the two." in response.content.decode()


def test_an_old_rating_stays_in_sight_while_the_ticket_is_open_again(client_for, requester, agent, ticket):
    rate(requester, ticket, "good")
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": Status.OPEN})
    page = client_for(agent).get(ticket.get_absolute_url()).content.decode()
    assert "about an earlier resolution" in page


def test_the_list_is_filtered_by_rating(client_for, requester, agent, ticket):
    rate(requester, ticket, "bad")
    TicketFactory()
    client = client_for(agent)
    listing = client.get("/tickets/", {"rating": "bad"}).context["listing"]
    assert [each.pk for each in listing.page.items] == [ticket.pk]
    assert [str(chip.value) for chip in listing.chips] == ["Bad"]
    assert client.get("/tickets/", {"rating": "good"}).context["listing"].page.items == []
    assert client.get("/tickets/", {"rating": "great"}).context["listing"].ignored == ["Rating “great”"]
