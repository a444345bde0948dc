"""What somebody has written and not sent: kept for them alone, until it's sent."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts import services as accounts
from accounts.enums import Role
from accounts.models import User
from activity.models import ActivityLog
from tickets import services
from tickets.drafts.models import Draft
from tickets.drafts.services import MOST_DRAFTS, discard_draft, save_draft
from tickets.enums import DESCRIPTION_MAX
from tickets.factories import TicketFactory
from tickets.merging.services import merge_tickets
from tickets.models import Comment, Ticket
from tickets.trash.models import TrashedRow
from tickets.trash.services import restore_ticket
from tms_site.lib.errors import ServiceError
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.lib.transactions import TryAgain
from tms_site.tests.rivals import rival

pytestmark = pytest.mark.django_db
SCRIPT = {"Accept": "application/json"}
WORDS = "I think it is the toner"
# With those for the session and its user, and the two of a savepoint.
PAGE, SAVING = 9, 7


@pytest.fixture
def ticket(requester):
    return TicketFactory(requester=requester)


def save(client, ticket, *, by_script=True, **data):
    address = reverse("tickets:draft", args=[ticket.pk]) if ticket else reverse("tickets:new_draft")
    return client.post(address, {"description": WORDS, **data}, headers=SCRIPT if by_script else {})


def composer(client, ticket):
    return client.get(ticket.get_absolute_url()).context["comment_form"]


def test_what_is_typed_is_in_the_form_again_with_its_date_and_a_button_to_give_it_up(client_for, requester, ticket):
    client = client_for(requester)
    assert save(client, ticket).status_code == 204
    page = client.get(ticket.get_absolute_url()).content.decode()
    assert WORDS in page
    assert "Draft from <time" in page
    assert reverse("tickets:draft_discard", args=[ticket.pk]) in page


def test_each_saving_takes_the_place_of_the_one_before(client_for, requester, ticket):
    client = client_for(requester)
    for text in ("I", "I think ", "I think\r\nso "):
        save(client, ticket, description=text)
    assert Draft.objects.get().text == "I think\nso "


def test_people_have_one_draft_for_each_ticket_and_one_for_a_new_ticket(client_for, agent, ticket):
    client, other = client_for(agent), TicketFactory()
    for place, words in ((ticket, "one"), (other, "two"), (None, "three"), (ticket, "four")):
        save(client, place, description=words)
    assert [str(composer(client, place)["description"].value()) for place in (ticket, other)] == ["four", "two"]
    assert client.get(reverse("tickets:create")).context["form"]["description"].value() == "three"
    assert Draft.objects.count() == 3


def test_nobody_else_reads_a_draft(client_for, requester, agent, other_agent, sysadmin, ticket):
    save(client_for(agent), ticket)
    for somebody in (requester, other_agent, sysadmin):
        client = client_for(somebody)
        for path in (
            ticket.get_absolute_url(),
            f"{ticket.get_absolute_url()}print/",
            "/activity/",
            "/tickets/export.csv",
        ):
            response = client.get(path)
            content = b"".join(response) if response.streaming else response.content
            assert WORDS.encode() not in content, (somebody, path)
        assert client.get("/tickets/", {"q": "toner"}).context["listing"].page.items == []


def test_a_draft_leaves_no_trace_in_the_log_nor_on_the_ticket(client_for, agent, ticket):
    before = Ticket.objects.values().get(pk=ticket.pk)
    save(client_for(agent), ticket)
    assert Ticket.objects.values().get(pk=ticket.pk) == before
    assert not ActivityLog.objects.filter(ticket_id=ticket.pk).exists()


def test_a_strangers_ticket_takes_no_draft(client_for, other_requester, ticket):
    assert save(client_for(other_requester), ticket).status_code == 404
    assert not Draft.objects.exists()


def test_a_draft_on_a_ticket_that_one_may_not_see_any_more_is_not_shown(client_for, requester, agent, ticket):
    client = client_for(agent)
    save(client, ticket)
    User.objects.filter(pk=agent.pk).update(role=Role.REQUESTER)
    assert client.get(ticket.get_absolute_url()).status_code == 404


def test_a_note_comes_back_as_a_note(client_for, agent, ticket):
    client = client_for(agent)
    save(client, ticket, kind="note")
    assert composer(client, ticket).is_note


def test_a_note_of_somebody_who_may_write_none_any_more_does_not_come_back_as_a_reply(client_for, agent):
    ticket = TicketFactory(requester=agent)
    client = client_for(agent)
    save(client, ticket, kind="note")
    User.objects.filter(pk=agent.pk).update(role=Role.REQUESTER)
    assert WORDS not in client.get(ticket.get_absolute_url()).content.decode()


def test_a_requester_drafts_no_notes(requester, ticket):
    with pytest.raises(PermissionDeniedError):
        save_draft(actor=requester, ticket_id=ticket.pk, text=WORDS, is_internal=True)


@pytest.mark.parametrize("htmx", [False, True])
def test_a_draft_is_gone_once_it_is_sent(client_for, agent, ticket, htmx):
    client = client_for(agent)
    save(client, ticket, client_token="abc")
    token = composer(client, ticket)["client_token"].value()
    data = {"description": f"{WORDS}.", "client_token": token}
    address = reverse("tickets:comment_add", args=[ticket.pk])
    answer = client.post(address, data, headers={"HX-Request": "true"} if htmx else {})
    assert answer.status_code == (200 if htmx else 302)
    assert Comment.objects.get().description == f"{WORDS}."
    assert not Draft.objects.exists()
    assert not composer(client, ticket)["description"].value()


def test_a_saving_that_arrives_after_the_sending_keeps_nothing_and_does_not_call_it_saved(client_for, agent, ticket):
    client = client_for(agent)
    services.add_comment(actor=agent, ticket_id=ticket.pk, description=WORDS, client_token="abc")
    assert save(client, ticket, client_token="abc").status_code == 205
    services.create_ticket(actor=agent, title="Toner", description=WORDS, client_token="abc")
    assert save(client, None, client_token="abc").status_code == 205
    assert not Draft.objects.exists()


def test_what_somebody_says_by_another_way_ends_no_draft(client_for, agent, ticket):
    client = client_for(agent)
    save(client, ticket, client_token="abc")
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="By the API.")
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="In another tab.", client_token="xyz")
    assert composer(client, ticket)["description"].value() == WORDS


def test_the_draft_of_a_new_ticket_is_in_its_form_and_gone_once_it_is_sent(client_for, requester):
    client = client_for(requester)
    save(client, None, title="Toner", client_token="abc")
    form = client.get(reverse("tickets:create")).context["form"]
    assert [form[name].value() for name in ("title", "description", "client_token")] == ["Toner", WORDS, "abc"]
    client.post(
        reverse("tickets:create"),
        {"title": "Toner", "description": WORDS, "priority": "low", "client_token": "abc"},
    )
    assert Ticket.objects.get().description == WORDS
    assert not Draft.objects.exists()


def test_a_title_that_an_address_brings_along_goes_before_the_drafts(client_for, requester):
    client = client_for(requester)
    save(client, None, title="Toner")
    form = client.get(reverse("tickets:create"), {"title": "Paper"}).context["form"]
    assert (form["title"].value(), form["description"].value()) == ("Paper", WORDS)


def test_the_button_saves_without_a_script_and_says_so(client_for, requester, ticket):
    client = client_for(requester)
    answer = client.post(reverse("tickets:draft", args=[ticket.pk]), {"description": WORDS}, follow=True)
    assert answer.redirect_chain == [(ticket.get_absolute_url(), 302)]
    assert "Your draft is saved." in answer.content.decode()
    assert WORDS in answer.content.decode()


def test_an_empty_text_gives_the_draft_up(client_for, requester, ticket):
    client = client_for(requester)
    save(client, ticket)
    answer = save(client, ticket, description=" \n", by_script=False)
    assert answer.status_code == 302
    assert not Draft.objects.exists()


@pytest.mark.parametrize("place", ["ticket", "new"])
def test_discarding_empties_the_form(client_for, requester, ticket, place):
    client = client_for(requester)
    save(client, ticket)
    save(client, None)
    args = [ticket.pk] if place == "ticket" else []
    name = "tickets:draft_discard" if args else "tickets:new_draft_discard"
    answer = client.post(reverse(name, args=args), follow=True)
    assert WORDS not in answer.content.decode()
    assert [draft.ticket_id for draft in Draft.objects.all()] == [None if args else ticket.pk]


def test_discarding_gives_htmx_the_empty_form(client_for, requester, ticket):
    client = client_for(requester)
    save(client, ticket)
    answer = client.post(reverse("tickets:draft_discard", args=[ticket.pk]), headers={"HX-Request": "true"})
    assert b'id="composer"' in answer.content
    assert WORDS.encode() not in answer.content


@pytest.mark.parametrize("by_script", [False, True])
@pytest.mark.parametrize("text", ["x" * (DESCRIPTION_MAX + 1), "a\x00b"])
def test_text_that_no_comment_may_be_is_not_kept_and_the_page_says_why(client_for, requester, ticket, text, by_script):
    client = client_for(requester)
    save(client, ticket)
    answer = save(client, ticket, description=text, by_script=by_script)
    assert answer.status_code == 422
    assert bool(answer.content) is not by_script
    assert Draft.objects.get().text == WORDS
    with pytest.raises(ValidationError):
        save_draft(actor=requester, ticket_id=ticket.pk, text=text)


def test_inserting_a_canned_reply_stays_the_same_submission(client_for, agent, ticket):
    data = {"description": WORDS, "client_token": "abc"}
    answer = client_for(agent).post(reverse("tickets:reply_insert", args=[ticket.pk]), data)
    assert answer.context["comment_form"]["client_token"].value() == "abc"


def test_people_keep_no_more_than_their_newest_drafts(agent):
    long_ago = timezone.now() - timedelta(days=9)
    tickets = TicketFactory.create_batch(MOST_DRAFTS + 1)
    Draft.objects.bulk_create(
        [Draft(user=agent, ticket=ticket, text=WORDS, updated_at=long_ago) for ticket in tickets[1:]]
    )
    save_draft(actor=agent, ticket_id=tickets[0].pk, text=WORDS)
    assert Draft.objects.count() == MOST_DRAFTS
    assert Draft.objects.filter(ticket=tickets[0]).exists()


def test_a_draft_that_is_saved_twice_at_once_is_tried_again_and_takes_its_turn(agent, ticket):
    def save_it():
        return save_draft(actor=agent, ticket_id=ticket.pk, text=WORDS)

    # The second savepoint stands before the row: right then, the other one commits.
    with rival(save_it, before="SAVEPOINT", passing=1), pytest.raises(TryAgain):
        save_it()
    save_it()
    assert Draft.objects.get().text == WORDS


def test_drafts_go_with_the_trash_and_come_back_from_it(agent, sysadmin, ticket):
    save_draft(actor=agent, ticket_id=ticket.pk, text=WORDS)
    number = ticket.pk
    services.delete_ticket(actor=sysadmin, ticket_id=number)
    assert not Draft.objects.exists()
    restore_ticket(actor=sysadmin, ticket_id=number)
    assert Draft.objects.get().text == WORDS
    services.delete_ticket(actor=sysadmin, ticket_id=number)
    call_command("empty_trash", "--days", "0", stdout=StringIO())
    assert not Draft.objects.exists()
    assert not TrashedRow.objects.exists()


def test_a_draft_follows_a_merge(client_for, agent, other_agent, requester, ticket):
    target = TicketFactory(requester=requester)
    save_draft(actor=agent, ticket_id=ticket.pk, text=WORDS, is_internal=True)
    save_draft(actor=agent, ticket_id=target.pk, text="Or the drum")
    save_draft(actor=requester, ticket_id=ticket.pk, text="Any news?")
    merge_tickets(actor=other_agent, target_id=target.pk, source_ids=[ticket.pk])
    form = composer(client_for(agent), target)
    assert (form["description"].value(), form.is_note) == (f"Or the drum\n\n{WORDS}", True)
    assert composer(client_for(requester), target)["description"].value() == "Any news?"
    assert Draft.objects.count() == 2


def test_a_draft_does_not_follow_a_merge_to_where_its_author_may_not_go(agent, requester, ticket):
    save_draft(actor=requester, ticket_id=ticket.pk, text=WORDS)
    target = TicketFactory()
    merge_tickets(actor=agent, target_id=target.pk, source_ids=[ticket.pk], of_others=True)
    assert Draft.objects.get().ticket_id == ticket.pk
    with pytest.raises(ServiceError):
        save_draft(actor=requester, ticket_id=ticket.pk, text=f"{WORDS}, really")
    assert discard_draft(actor=requester, ticket_id=ticket.pk)


def test_drafts_go_with_their_author(agent, ticket):
    save_draft(actor=agent, ticket_id=ticket.pk, text=WORDS)
    agent.delete()
    assert not Draft.objects.exists()


def test_who_is_anonymised_leaves_no_draft(sysadmin, agent, requester, ticket):
    for number in (ticket.pk, None):
        save_draft(actor=agent, ticket_id=number, text=WORDS)
    kept = save_draft(actor=requester, ticket_id=ticket.pk, text=WORDS)
    accounts.anonymise_user(actor=sysadmin, user=agent)
    assert list(Draft.objects.all()) == [kept]


def test_a_draft_costs_its_page_no_query(client_for, agent, ticket, django_assert_num_queries):
    client = client_for(agent)
    client.get(ticket.get_absolute_url())
    for text in ("", WORDS):
        save_draft(actor=agent, ticket_id=ticket.pk, text=text)
        with django_assert_num_queries(PAGE):
            client.get(ticket.get_absolute_url())


def test_saving_is_cheap(client_for, agent, ticket, django_assert_num_queries):
    client = client_for(agent)
    save(client, ticket, client_token="abc")
    with django_assert_num_queries(SAVING):
        save(client, ticket, description="More", client_token="abc")
