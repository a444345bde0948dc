"""Merging on the pages: the question, what will happen, where numbers lead."""

import pytest
from django.urls import reverse

from accounts.factories import UserFactory
from tickets import services
from tickets.api.names import names_for
from tickets.api.schemas import ticket_row
from tickets.factories import CommentFactory, TicketFactory
from tickets.merging.models import Merge
from tickets.merging.services import merge_tickets
from tickets.models import Comment, Ticket

pytestmark = pytest.mark.django_db


def address(ticket):
    return reverse("tickets:merge", args=[ticket.pk])


def page_of(client, ticket, **kwargs):
    return client.get(ticket.get_absolute_url(), **kwargs).content.decode()


def merge(agent, target, source, **kwargs):
    return merge_tickets(actor=agent, target_id=target.pk, source_ids=[source.pk], **kwargs).merges[0]


def test_the_preview_says_what_will_happen_and_changes_nothing(client_for, agent, target, source):
    client = client_for(agent)
    assert address(source) in page_of(client, source)
    assert client.get(address(source)).status_code == 200
    page = client.get(address(source), {"direction": "there", "numbers": f"#{target.pk}"}).content.decode()
    for text in (
        f"Merge into #{target.pk} Printer?",
        f"#{source.pk} <bdi>Fire!</bdi>",
        "1 comment moves along.",
        "1 internal note moves along and stays internal.",
        "Jane Doe reads all of its comments",
    ):
        assert text in page, text
    assert "different people" not in page
    assert not Merge.objects.exists()


def test_merging_leads_to_the_ticket_that_goes_on_and_offers_undo(client_for, agent, target, source, state):
    before, client = state(), client_for(agent)
    response = client.post(address(source), {"direction": "there", "numbers": str(target.pk)}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(target.get_absolute_url(), 302)]
    undo = reverse("tickets:merge_undo", args=[target.pk, Merge.objects.get().pk])
    for text in (f"#{source.pk} is part of #{target.pk} now.", f"from #{source.pk}", "The printer, again.", undo):
        assert text in page, text
    response = client.post(undo, follow=True)
    assert response.redirect_chain == [(source.get_absolute_url(), 302)]
    assert f"#{source.pk} is a ticket of its own again." in response.content.decode()
    assert state() == before


def test_the_same_form_again_after_undo_asks_once_more_and_merges_then(client_for, agent, target, foreign):
    client = client_for(agent)
    form = {"direction": "there", "numbers": str(target.pk), "of_others": "on", "client_token": "abc"}
    assert client.post(address(foreign), form).status_code == 302
    client.post(reverse("tickets:merge_undo", args=[target.pk, Merge.objects.get().pk]))
    client.get(target.get_absolute_url())
    refused = client.post(address(foreign), form)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "and that was undone since. Send it once more to merge again." in page
    assert f"Merge into #{target.pk} Printer?" in page
    token = refused.context["form"]["client_token"].value()
    assert f'name="client_token" value="{token}"' in page
    assert not Ticket.objects.filter(merged_into=target).exists()
    assert client.post(address(foreign), form | {"client_token": token}).status_code == 302
    assert Ticket.objects.get(merged_into=target) == foreign


def test_several_become_part_of_this_one(client_for, agent, target, source, requester):
    third = services.create_ticket(actor=requester, title="Ash", description="Grey.").ticket
    form = {"direction": "here", "numbers": f"{source.pk}, #{third.pk} {source.pk}"}
    page = client_for(agent).post(address(target), form, follow=True).content.decode()
    assert f"2 tickets are part of #{target.pk} now." in page
    assert "All that" not in page
    assert set(Ticket.objects.filter(merged_into=target)) == {source, third}


def test_different_people_want_a_word(client_for, agent, target, foreign):
    client, form = client_for(agent), {"direction": "here", "numbers": str(foreign.pk)}
    page = client.get(address(target), form).content.decode()
    assert "Jane Doe will read what Michael Brown wrote" in page
    refused = client.post(address(target), form)
    assert refused.status_code == 422
    assert "Confirm that you know who will read what." in refused.content.decode()
    assert "Michael Brown won" in refused.content.decode()
    assert client.post(address(target), {**form, "of_others": "on"}).status_code == 302


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        ("987654321", "There is no ticket with this number: #987654321."),
        ("twelve", "Enter numbers of tickets"),
        ("", "Enter numbers of tickets, such as 12, 13."),
        ("1 2", "give one number"),
        ("9" * 30, "Enter numbers of tickets"),
        (" ".join(map(str, range(1000, 1060))), "No more than 50 tickets"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_cannot_be_is_said_and_kept(client_for, agent, target, numbers, reason, method):
    response = getattr(client_for(agent), method)(address(target), {"direction": "there", "numbers": numbers})
    assert response.status_code == 422
    assert reason in response.content.decode()
    assert f'value="{numbers}"' in response.content.decode() or not numbers


def test_itself_and_merged_ones_are_refused(client_for, agent, target, source, requester):
    client = client_for(agent)
    itself = client.get(address(target), {"direction": "here", "numbers": str(target.pk)})
    assert "be merged into itself" in itself.content.decode()
    merge(agent, target, source)
    third = services.create_ticket(actor=requester, title="Ash", description="Grey.").ticket
    again = client.get(address(third), {"direction": "here", "numbers": str(source.pk)})
    assert f"#{source.pk} was merged into #{target.pk} already." in again.content.decode()


def test_the_old_number_leads_on(client_for, agent, requester, target, source):
    merge(agent, target, source)
    for user in (agent, requester):
        response = client_for(user).get(source.get_absolute_url())
        assert (response.status_code, response["Location"]) == (302, target.get_absolute_url())
    page = client_for(agent).get(source.get_absolute_url(), {"original": "1"}).content.decode()
    assert f"#{source.pk} is part of another ticket" in page
    assert 'id="composer"' not in page


def test_a_chain_leads_to_its_end(client_for, agent, requester, target, source):
    last = services.create_ticket(actor=requester, title="New", description="Please.").ticket
    merge(agent, target, source)
    merge(agent, last, target)
    response = client_for(requester).get(source.get_absolute_url(), follow=True)
    assert [where for where, _status in response.redirect_chain] == [target.get_absolute_url(), last.get_absolute_url()]


def test_tickets_that_lead_to_one_another_show_themselves_instead_of_leading_on_forever(
    client_for, agent, requester, target, source
):
    before = services.create_ticket(actor=requester, title="Ash", description="Grey.").ticket
    for number, following in ((before.pk, source), (source.pk, target), (target.pk, source)):
        Ticket.objects.filter(pk=number).update(merged_into=following)
    for user in (agent, requester):
        response = client_for(user).get(before.get_absolute_url(), follow=True)
        assert response.redirect_chain == [(source.get_absolute_url(), 302)]


def test_whose_ticket_went_to_another_person_learns_only_that(client_for, agent, other_requester, target, foreign):
    merge(agent, target, foreign, of_others=True)
    client = client_for(other_requester)
    page = page_of(client, foreign)
    assert "part of another one" in page
    assert target.get_absolute_url() not in page
    assert client.get(target.get_absolute_url()).status_code == 404


def test_a_text_that_comes_too_late_is_kept(client_for, requester, agent, target, source):
    client = client_for(requester)
    merge(agent, target, source)
    response = client.post(reverse("tickets:comment_add", args=[source.pk]), {"description": "My long text"})
    page = response.content.decode()
    assert response.status_code == 422
    assert f"merged into #{target.pk} meanwhile" in page
    assert "My long text</textarea>" in page
    assert not Comment.objects.filter(description="My long text").exists()


def test_lists_show_it_as_merged_and_not_among_the_open_ones(client_for, agent, target, source):
    merge(agent, target, source)
    client = client_for(agent)
    assert "pill-merged" in client.get(reverse("tickets:list")).content.decode()
    page = client.get(reverse("tickets:list"), {"status": ["open", "in_progress", "waiting"]}).content.decode()
    assert "Fire!" not in page
    assert "Printer" in page


def test_a_search_finds_the_words_where_they_are_now(client_for, agent, target, source):
    merge(agent, target, source)
    found = client_for(agent).get(reverse("tickets:list"), {"q": "water"}).context["listing"].page.items
    assert [ticket.pk for ticket in found] == [target.pk]


def test_an_undo_that_cannot_be_says_why(client_for, sysadmin, target, source):
    made = merge(sysadmin, target, source)
    water = Comment.objects.get(description="Water.")
    services.delete_comment(actor=sysadmin, ticket_id=target.pk, comment_id=water.pk)
    undo = reverse("tickets:merge_undo", args=[target.pk, made.pk])
    page = client_for(sysadmin).post(undo, follow=True).content.decode()
    assert "was deleted since" in page


def test_notes_stay_out_of_a_requesters_sight(client_for, agent, requester, target, source):
    merge(agent, target, source)
    page = page_of(client_for(requester), target)
    assert "Water." in page
    assert "A dragon?" not in page
    assert "Undo merge" not in page
    assert f"merged #{source.pk} into this ticket" in page


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_the_preview_takes_the_same_queries(client_for, agent, rows, django_assert_max_num_queries):
    target = TicketFactory()
    sources = [CommentFactory(ticket=TicketFactory(requester=UserFactory())).ticket for _row in range(rows)]
    client = client_for(agent)
    with django_assert_max_num_queries(7):
        client.get(address(target), {"direction": "here", "numbers": " ".join(str(source.pk) for source in sources)})


def test_the_api_says_that_it_is_merged_and_the_number_to_the_desk_only(client_for, agent, requester, target, source):
    merge(agent, target, source)
    tickets = Ticket.objects.in_bulk([source.pk, target.pk])
    for user, number in ((agent, target.pk), (requester, None)):
        row = ticket_row(user, tickets[source.pk], names_for(user, tickets.values()))
        assert (row["is_merged"], row["merged_into"], row["status"]) == (True, number, "resolved")
    row = ticket_row(agent, tickets[target.pk], names_for(agent, tickets.values()))
    assert (row["is_merged"], row["merged_into"]) == (False, None)


def test_a_comment_sent_again_after_its_ticket_became_part_of_somebody_elses_says_nothing_of_that(
    client_for, agent, requester, other_requester
):
    mine, theirs = TicketFactory(requester=requester), TicketFactory(requester=other_requester)
    client, said = client_for(requester), {"description": "It smokes.", "client_token": "a-token-of-a-form"}
    path = reverse("tickets:comment_add", args=[mine.pk])
    client.post(path, said)
    merge(agent, theirs, mine, of_others=True)
    again = client.post(path, said)
    assert again["Location"] == mine.get_absolute_url()
    page = client.get(again["Location"]).content.decode()
    assert "Your comment is posted." in page
    assert f"#{theirs.pk}" not in page
    assert Comment.objects.count() == 1


def test_a_comment_sent_again_after_its_ticket_became_part_of_ones_own_leads_to_it(client_for, agent, requester):
    source, target = TicketFactory(requester=requester), TicketFactory(requester=requester)
    client, said = client_for(requester), {"description": "It smokes.", "client_token": "a-token-of-a-form"}
    path = reverse("tickets:comment_add", args=[source.pk])
    client.post(path, said)
    merge(agent, target, source)
    assert client.post(path, said)["Location"] == Comment.objects.get().get_absolute_url()
    assert Comment.objects.get().ticket == target
