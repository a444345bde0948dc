"""Two programs at once, on whichever engine the suite runs."""

import pytest

from accounts.tokens import services
from accounts.tokens.models import ApiLogin
from tickets.attachments.models import Attachment
from tickets.factories import TicketFactory
from tickets.models import Comment, Ticket
from tms_site.tests.api.client import Api, api
from tms_site.tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def statuses(*calls):
    return sorted(response.status_code for response in at_once(*calls))


def test_of_two_changes_from_one_tag_one_wins_and_the_other_is_stale(agent, other_agent):
    first, second = api(agent), api(other_agent)
    for _round in range(5):
        ticket = TicketFactory()
        path = f"/tickets/{ticket.pk}"
        tag = first.get(path)["ETag"]
        # Different fields: on a page they'd be merged, but whoever says If-Match means this very version.
        found = statuses(
            lambda path=path, tag=tag: first.patch(path, {"priority": "low"}, If_Match=tag),
            lambda path=path, tag=tag: second.patch(path, {"title": "Another"}, If_Match=tag),
        )
        assert found == [200, 412]
        ticket.refresh_from_db()
        assert ticket.version == 2


def test_one_key_sent_five_times_at_once_makes_one_ticket_and_one_comment(agent):
    program = api(agent)
    body = {"title": "Kite", "description": "Wind"}
    one_is_first = [200, 200, 200, 200, 201]
    assert statuses(*[lambda: program.post("/tickets", body, Idempotency_Key="k")] * 5) == one_is_first
    path = f"/tickets/{Ticket.objects.get().pk}/comments"
    assert statuses(*[lambda: program.post(path, {"description": "Wind"}, Idempotency_Key="k")] * 5) == [200] * 4 + [
        201
    ]
    assert Comment.objects.count() == 1


@pytest.mark.usefixtures("fresh_limits")
def test_one_key_sent_at_once_with_a_file_to_one_ticket_and_to_another_makes_one_file(agent, stored):
    program, here, elsewhere = api(agent), TicketFactory(), TicketFactory()

    def send(ticket, key):
        return lambda: program.upload(f"/tickets/{ticket.pk}/attachments", Idempotency_Key=key)

    assert statuses(*[send(here, "one")] * 5) == [200, 200, 200, 200, 201]
    # Nobody waits for the other's ticket here: the second one is told that the key has been used for another thing.
    assert statuses(send(here, "two"), send(elsewhere, "two")) == [201, 422]
    assert (Attachment.objects.count(), stored()) == (2, 2)


def test_a_refresh_token_that_comes_twice_at_once_is_good_once_and_ends_the_log_in(agent):
    token = services.start_login(actor=agent).refresh_token

    def refresh():
        return Api().form("/token", grant_type="refresh_token", refresh_token=token)

    assert statuses(refresh, refresh) == [200, 401]
    assert ApiLogin.objects.count() == 0
