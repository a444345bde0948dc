"""Handing tickets over: by load, to somebody, with a note."""

import pytest
from django.core.exceptions import ValidationError

from accounts import services as accounts
from accounts.factories import UserFactory
from activity.models import ActivityLog
from tickets import services
from tickets.factories import TicketFactory
from tickets.handing.load import NobodyAvailable
from tickets.handing.services import assign_by_load, hand_over
from tickets.models import Comment, Ticket
from tms_site.lib.edits import EditConflict
from tms_site.lib.errors import SentBefore
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.tests.integrity import findings


def opened(requester):
    return services.create_ticket(actor=requester, title="Printer", description="Fire").ticket


def away(user):
    accounts.update_profile(actor=user, user=user, changes={"is_away": True})


def test_who_has_least_to_do_gets_the_ticket(pair, requester, sysadmin, agent, other_agent):
    TicketFactory.create_batch(2, assigned_agent=agent)
    TicketFactory(assigned_agent=other_agent)
    TicketFactory.create_batch(3, assigned_agent=other_agent, status="resolved")
    given = [assign_by_load(actor=sysadmin, ticket_id=opened(requester).pk, team=pair).ticket for _each in range(3)]
    assert [ticket.assigned_agent for ticket in given] == [other_agent, agent, other_agent]
    assert {ticket.team for ticket in given} == {pair}
    assert ActivityLog.objects.filter(activity_type="update", target_type="ticket").count() == 3


def test_whoever_is_away_or_gone_gets_nothing(pair, requester, sysadmin, agent, other_agent):
    away(agent)
    TicketFactory.create_batch(5, assigned_agent=other_agent)
    assert (
        assign_by_load(actor=sysadmin, ticket_id=opened(requester).pk, team=pair).ticket.assigned_agent == other_agent
    )
    accounts.deactivate_user(actor=sysadmin, user=other_agent)
    ticket = opened(requester)
    with pytest.raises(NobodyAvailable, match="Nobody of the team “Pair” is available"):
        assign_by_load(actor=sysadmin, ticket_id=ticket.pk, team=pair)
    ticket.refresh_from_db()
    assert (ticket.team, ticket.version) == (None, 1)


def test_the_same_form_sent_twice_gives_the_ticket_away_once(pair, requester, sysadmin):
    ticket = opened(requester)
    first = assign_by_load(actor=sysadmin, ticket_id=ticket.pk, team=pair, version=1)
    again = assign_by_load(actor=sysadmin, ticket_id=ticket.pk, team=pair, version=1)
    assert again.ticket.assigned_agent == first.ticket.assigned_agent
    assert Ticket.objects.get().version == 2


def test_somebody_else_who_took_it_meanwhile_is_not_robbed(pair, requester, sysadmin):
    ticket, third = opened(requester), UserFactory(agent=True)
    services.assign_to_me(actor=third, ticket_id=ticket.pk, version=1)
    with pytest.raises(EditConflict):
        assign_by_load(actor=sysadmin, ticket_id=ticket.pk, team=pair, version=1)


def test_a_note_goes_along_and_requesters_never_see_it(pair, requester, agent, other_agent):
    ticket = opened(requester)
    done = hand_over(actor=agent, ticket_id=ticket.pk, team=pair, agent=other_agent, note="Ask *Jane*.", version=1)
    assert (done.result.ticket.assigned_agent, done.note.is_internal) == (other_agent, True)
    assert not Comment.objects.visible_to(requester).exists()
    assert findings() == []


@pytest.mark.parametrize("note", ["", " \n"])
def test_without_a_note_none_is_written(pair, requester, agent, other_agent, note):
    done = hand_over(actor=agent, ticket_id=opened(requester).pk, team=pair, agent=other_agent, note=note)
    assert (done.result.ticket.assigned_agent, done.note) == (other_agent, None)
    assert not Comment.objects.exists()


def test_a_note_that_is_refused_takes_the_handing_over_back(pair, requester, agent, other_agent):
    ticket = opened(requester)
    with pytest.raises(ValidationError):
        hand_over(actor=agent, ticket_id=ticket.pk, team=pair, agent=other_agent, note="a\x00b")
    assert Ticket.objects.get().version == 1


def test_by_load_needs_a_team(requester, agent):
    with pytest.raises(ValidationError, match="Choose the team"):
        hand_over(actor=agent, ticket_id=opened(requester).pk, team=None, agent=None, by_load=True)


def test_requesters_hand_nothing_over(pair, requester, agent):
    ticket = opened(requester)
    with pytest.raises(PermissionDeniedError):
        assign_by_load(actor=requester, ticket_id=ticket.pk, team=pair)
    with pytest.raises(PermissionDeniedError):
        hand_over(actor=requester, ticket_id=ticket.pk, team=pair, agent=agent, note="x")
    assert not Comment.objects.exists()


# --- the page --------------------------------------------------------------------------------------------------------


def page(ticket):
    return f"{ticket.get_absolute_url()}hand-over/"


def test_the_page_hands_a_ticket_to_whoever_has_least_to_do(pair, requester, client_for, agent, other_agent):
    ticket, client = opened(requester), client_for(agent)
    away(other_agent)
    shown = client.get(page(ticket)).content.decode()
    assert "Whoever of the team has least to do" in shown
    assert "Alex Johnson (away)" in shown
    data = {"version": 1, "team": pair.pk, "assigned_agent": "load", "note": "Please.", "client_token": "abc"}
    assert client.post(page(ticket), data).status_code == 302
    assert client.post(page(ticket), data).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.assigned_agent, ticket.version, Comment.objects.count()) == (agent, 2, 1)


def test_another_note_by_the_same_form_is_not_lost_and_can_be_left_too(pair, requester, client_for, agent, other_agent):
    ticket, client = opened(requester), client_for(agent)
    data = {"version": 1, "team": "", "assigned_agent": other_agent.pk, "note": "Please.", "client_token": "abc"}
    assert client.post(page(ticket), data).status_code == 302
    refused = client.post(page(ticket), data | {"note": "Please, and hurry."})
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert "You have left another note with this form before. Send it once more." in shown
    assert "Please, and hurry.</textarea>" in shown
    assert Comment.objects.count() == 1
    again = data | {"note": "Please, and hurry.", "client_token": refused.context["form"]["client_token"].value()}
    assert client.post(page(ticket), again).status_code == 302
    assert [note.description for note in Comment.objects.order_by("pk")] == ["Please.", "Please, and hurry."]


def test_with_another_note_by_the_same_form_nothing_else_is_changed_either(pair, requester, agent, other_agent):
    ticket = opened(requester)
    hand_over(actor=agent, ticket_id=ticket.pk, team=None, agent=agent, note="Mine.", client_token="abc")
    with pytest.raises(SentBefore):
        hand_over(actor=agent, ticket_id=ticket.pk, team=pair, agent=other_agent, note="Yours.", client_token="abc")
    ticket.refresh_from_db()
    assert (ticket.team, ticket.assigned_agent) == (None, agent)


def test_the_page_keeps_what_was_typed_when_nobody_is_there(pair, requester, client_for, agent, other_agent):
    ticket = opened(requester)
    away(agent)
    away(other_agent)
    data = {"version": 1, "team": pair.pk, "assigned_agent": "load", "note": "Please."}
    answer = client_for(agent).post(page(ticket), data)
    assert answer.status_code == 422
    assert "is available" in answer.content.decode()
    assert "Please." in answer.content.decode()


def test_the_page_asks_whom_to_choose_when_nothing_was_chosen(pair, requester, client_for, agent):
    ticket, client = opened(requester), client_for(agent)
    data = {"version": 1, "team": "", "assigned_agent": "", "note": " ", "client_token": "abc"}
    answer = client.post(page(ticket), data)
    assert answer.status_code == 422
    assert "Choose who takes the ticket, or a team." in answer.content.decode()
    assert client.post(page(ticket), data | {"team": pair.pk}).status_code == 302


def test_the_page_takes_a_ticket_from_somebody_and_sent_twice_says_so_twice(requester, client_for, agent):
    ticket, client = opened(requester), client_for(agent)
    services.assign_to_me(actor=agent, ticket_id=ticket.pk)
    data = {"version": 2, "team": "", "assigned_agent": "", "note": "", "client_token": "abc"}
    for _time in range(2):
        said = client.post(page(ticket), data, follow=True).content.decode()
        assert "Nobody works on this ticket now." in said


def test_the_page_shows_both_when_somebody_else_was_quicker(pair, requester, client_for, agent, other_agent):
    ticket = opened(requester)
    services.assign_to_me(actor=other_agent, ticket_id=ticket.pk)
    data = {"version": 1, "team": "", "assigned_agent": agent.pk, "note": "Mine!"}
    answer = client_for(agent).post(page(ticket), data)
    assert answer.status_code == 409
    assert "Mine!" in answer.content.decode()


def test_away_is_set_in_the_profile_by_the_desk_only(client_for, agent, requester):
    fields = {"username": "John", "time_zone": "UTC", "theme": "dark", "is_away": "on", "version": "1"}
    for person, found in ((agent, True), (requester, False)):
        client_for(person).post("/accounts/profile/", fields)
        person.refresh_from_db()
        assert person.is_away == found
