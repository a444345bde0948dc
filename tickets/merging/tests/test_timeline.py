"""What the timeline of a merged ticket tells, and to whom."""

import pytest
from django.urls import reverse

from tickets.merging.services import merge_tickets, undo_merge
from tms_site.tests.api.client import api

pytestmark = pytest.mark.django_db


def merge(agent, target, *sources):
    numbers = [each.pk for each in sources]
    return merge_tickets(actor=agent, target_id=target.pk, source_ids=numbers, of_others=True).merges


def undo(agent, made):
    return undo_merge(actor=agent, ticket_id=made.target_id, merge_id=made.pk)


def timelines(client, user, ticket) -> tuple[str, str, str]:
    """What the page, its print and the API tell a person of a ticket's changes."""
    page = client.get(ticket.get_absolute_url(), {"original": "1"}).content.decode()
    paper = client.get(reverse("timeline:print", args=[ticket.pk])).getvalue().decode()
    return page, paper, str(api(user).get(f"/tickets/{ticket.pk}/timeline").json())


def test_whose_ticket_went_into_somebody_elses_is_not_told_its_number(
    client_for, agent, other_requester, target, foreign
):
    (made,) = merge(agent, target, foreign)
    for told in timelines(client_for(other_requester), other_requester, foreign):
        assert "merged the ticket into another one" in told
        assert f"#{target.pk}" not in told
    undo(agent, made)
    for told in timelines(client_for(other_requester), other_requester, foreign):
        assert "undid the merge into another ticket" in told
        assert f"#{target.pk}" not in told


def test_the_desk_and_whoever_has_both_tickets_are_told_the_number(
    client_for, agent, requester, target, source, foreign
):
    merge(agent, target, source, foreign)
    for user, ticket in ((agent, source), (agent, foreign), (requester, source)):
        page, _paper, answer = timelines(client_for(user), user, ticket)
        assert f"merged the ticket into #{target.pk}" in page
        assert f"merged the ticket into #{target.pk}" in answer


def test_what_the_desk_prints_of_it_is_what_its_requester_may_read(client_for, agent, target, foreign):
    merge(agent, target, foreign)
    _page, paper, _answer = timelines(client_for(agent), agent, foreign)
    assert "merged the ticket into another one" in paper
    assert f"#{target.pk}" not in paper
