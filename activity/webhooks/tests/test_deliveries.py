"""What happens is told to those webhooks that want to know it, signed, and once more when it failed."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import services as accounts
from activity.outbox.models import OutboxMessage
from activity.outbox.services import pause_after
from activity.outbox.worker import Worker
from activity.webhooks import deliveries
from activity.webhooks.enums import DeliveryState, Event
from activity.webhooks.factories import WebhookFactory
from activity.webhooks.handlers import HANDLERS
from activity.webhooks.models import WebhookDelivery
from activity.webhooks.services import send_again
from tickets import services
from tickets.models import Team
from tickets.sorting import services as sorting
from tickets.trash.services import restore_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside_is_allowed")]


def work():
    return Worker(HANDLERS).work_off()


def wait(attempts=1):
    """Let the pause after a failure pass."""
    OutboxMessage.objects.update(available_at=timezone.now() - pause_after(attempts))


def open_ticket(requester, **values):
    values = {"title": "The printer is on fire", "description": "Help!"} | values
    return services.create_ticket(actor=requester, **values).ticket


def test_where_there_are_no_webhooks_nothing_is_put_into_the_outbox(requester):
    open_ticket(requester)
    assert not OutboxMessage.objects.exists()


def test_an_event_arrives_with_a_signature_that_its_secret_proves(receiver, requester):
    webhook = WebhookFactory(url=receiver.url)
    ticket = open_ticket(requester)
    assert receiver.requests == []
    assert work() == 1
    [(path, headers, body)] = receiver.requests
    told = json.loads(body)
    assert path == "/hook?from=tms"
    assert headers["TMS-Event"] == told["event"] == "ticket.created"
    assert headers["TMS-Delivery"] == told["id"]
    assert told["actor"] == {"id": requester.pk, "name": "Jane Doe"}
    assert told["ticket"]["number"] == ticket.pk
    assert told["ticket"]["url"].endswith(f"/tickets/{ticket.pk}/")
    timestamp, digest = headers["TMS-Signature"].removeprefix("t=").split(",v1=")
    signed = hmac.new(webhook.secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    assert digest == signed.hexdigest()
    assert not OutboxMessage.objects.exists()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.status_code, delivery.attempts) == (DeliveryState.DELIVERED, 204, 1)


def test_every_event_is_told_with_what_it_is_about(receiver, requester, agent, sysadmin):
    WebhookFactory(url=receiver.url)
    ticket = open_ticket(requester)
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"priority": "high", "assigned_agent": agent})
    comment = services.add_comment(actor=agent, ticket_id=ticket.pk, description="On my way.").comment
    services.edit_comment(actor=agent, ticket_id=ticket.pk, comment_id=comment.pk, description="Coming.")
    services.delete_comment(actor=sysadmin, ticket_id=ticket.pk, comment_id=comment.pk)
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    restore_ticket(actor=sysadmin, ticket_id=ticket.pk)
    work()
    told = [json.loads(body) for _path, _headers, body in receiver.requests]
    assert [each["event"] for each in told] == [
        "ticket.created", "ticket.updated", "comment.created", "comment.updated", "comment.deleted", "ticket.deleted",
        "ticket.restored",
    ]  # fmt: skip
    assert set(Event) == {each["event"] for each in told}
    assert told[1]["changes"]["priority"] == ["medium", "high"]
    assert told[1]["ticket"]["assigned_agent"]["email"] == agent.email
    assert told[2]["comment"]["description"] == "On my way."
    assert told[3]["comment"]["description"] == "Coming."
    assert told[4]["comment"] == {"id": comment.pk}
    assert told[5]["ticket"] == {"number": ticket.pk, "title": "The printer is on fire"}
    assert told[6]["ticket"]["number"] == ticket.pk
    assert told[6]["ticket"]["priority"] == "high"
    assert told[6]["ticket"]["url"].endswith(f"/tickets/{ticket.pk}/")


def test_a_ticket_is_told_with_its_category_and_team(receiver, requester, sysadmin):
    WebhookFactory(url=receiver.url)
    team = sorting.create_team(actor=sysadmin, name="Hardware")
    category = sorting.create_category(actor=sysadmin, name="Printers", default_team=team)
    open_ticket(requester, category=category)
    open_ticket(requester)
    work()
    told = [json.loads(body)["ticket"] for _path, _headers, body in receiver.requests]
    assert told[0]["category"] == {"id": category.pk, "name": "Printers"}
    assert told[0]["team"] == {"id": team.pk, "name": "Hardware"}
    assert (told[1]["category"], told[1]["team"]) == (None, None)


def test_tags_are_told_only_to_those_who_are_told_of_notes(receiver, requester, agent):
    chat = WebhookFactory(url=receiver.url)
    ticket = open_ticket(requester)
    for changes in ({"tags": ["fire"]}, {"tags": ["smoke"], "priority": "high"}):
        services.update_ticket(actor=agent, ticket_id=ticket.pk, changes=changes)
    work()
    told = [json.loads(body) for _path, _headers, body in receiver.requests]
    # That nothing but tags has changed is no news for them.
    assert [each["event"] for each in told] == ["ticket.created", "ticket.updated"]
    assert told[1]["changes"] == {"priority": ["medium", "high"]}
    assert not [each for each in told if "tags" in each["ticket"]]

    type(chat).objects.update(with_notes=True)
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"tags": []})
    work()
    last = json.loads(receiver.requests[-1][2])
    assert (last["ticket"]["tags"], last["changes"]["tags"]) == ([], [["smoke"], []])


def test_tags_that_a_webhook_may_no_longer_have_are_left_out_when_it_is_sent(receiver, requester, agent):
    webhook = WebhookFactory(url=receiver.url, with_notes=True, events=[Event.TICKET_UPDATED])
    ticket = open_ticket(requester)
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"tags": ["hot"], "priority": "high"})
    type(webhook).objects.update(with_notes=False)
    work()
    [(_path, _headers, body)] = receiver.requests
    assert b"hot" not in body


def test_a_webhook_is_told_of_a_quiet_change_and_that_it_is_quiet(receiver, requester, agent):
    ticket = open_ticket(requester)
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": "resolved"})
    services.add_comment(actor=requester, ticket_id=ticket.pk, description="Thanks!")
    WebhookFactory(url=receiver.url)
    services.resolve_again(actor=agent, ticket_id=ticket.pk)
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"priority": "low"})
    work()
    told = [json.loads(body) for _path, _headers, body in receiver.requests]
    assert [(each["quiet"], each["ticket"]["status"]) for each in told] == [(True, "resolved"), (False, "resolved")]


def test_a_receiver_that_does_not_answer_keeps_nobody_waiting_with_all_that_it_is_to_be_told(receiver, requester):
    silent = WebhookFactory(name="silent", url="http://127.0.0.1:1/hook")
    WebhookFactory(url=receiver.url)
    for _number in range(3):
        open_ticket(requester)
    # One attempt at the silent one, before all others.
    assert work() == 1 + 3
    assert len(receiver.requests) == 3
    assert sorted(silent.deliveries.values_list("attempts", flat=True)) == [0, 0, 1]
    waiting = OutboxMessage.objects.values_list("available_at", flat=True)
    assert len(waiting) == 3
    assert len(set(waiting)) == 1
    # The same one is tried again after the pause, and the others follow once it's answered.
    wait()
    assert work() == 1
    assert sorted(silent.deliveries.values_list("attempts", flat=True)) == [0, 0, 2]
    type(silent).objects.filter(pk=silent.pk).update(url=receiver.url)
    wait(2)
    assert work() == 3
    assert len(receiver.requests) == 6


def test_a_receiver_that_answers_with_an_error_is_still_told_of_the_next_thing(receiver, requester):
    receiver.answer = (500, {}, b"")
    WebhookFactory(url=receiver.url)
    open_ticket(requester)
    open_ticket(requester)
    assert work() == 2


def test_a_webhook_is_told_only_of_what_it_asked_for(requester):
    WebhookFactory(events=[Event.COMMENT_CREATED])
    WebhookFactory(is_active=False)
    open_ticket(requester)
    assert not WebhookDelivery.objects.exists()


def test_notes_are_told_only_to_those_who_asked_for_them(requester, agent):
    WebhookFactory(name="chat")
    WebhookFactory(name="vault", with_notes=True)
    ticket = open_ticket(requester)
    note = services.add_comment(actor=agent, ticket_id=ticket.pk, description="Again!", is_internal=True).comment
    services.edit_comment(actor=agent, ticket_id=ticket.pk, comment_id=note.pk, description="Again?")
    told = WebhookDelivery.objects.filter(event__startswith="comment").values_list("webhook__name", flat=True)
    assert list(told) == ["vault", "vault"]


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"events": [Event.TICKET_DELETED]}, {"with_notes": False}], ids=str
)
def test_what_a_webhook_may_no_longer_have_is_not_sent(receiver, requester, agent, change):
    webhook = WebhookFactory(url=receiver.url, with_notes=True, events=[Event.COMMENT_CREATED])
    ticket = open_ticket(requester)
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="Again!", is_internal=True)
    type(webhook).objects.update(**change)
    work()
    assert receiver.requests == []
    assert WebhookDelivery.objects.get().state == DeliveryState.CANCELLED
    assert not OutboxMessage.objects.exists()


def test_a_failure_is_noted_and_tried_again_under_the_same_key(receiver, requester):
    WebhookFactory(url=receiver.url)
    receiver.answer = (500, {}, b"out of paper")
    open_ticket(requester)
    work()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.status_code, delivery.answer) == (DeliveryState.FAILED, 500, "out of paper")
    assert work() == 0
    receiver.answer = (200, {}, b"ok")
    wait()
    assert work() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.DELIVERED, 2)
    assert len({headers["TMS-Delivery"] for _path, headers, _body in receiver.requests}) == 1


def test_what_was_delivered_already_is_not_sent_twice(receiver, requester):
    WebhookFactory(url=receiver.url)
    open_ticket(requester)
    message = OutboxMessage.objects.get()
    work()
    OutboxMessage.objects.create(kind=message.kind, payload=message.payload)
    work()
    assert len(receiver.requests) == 1


def test_a_redirect_is_not_followed(receiver, requester):
    WebhookFactory(url=receiver.url)
    receiver.answer = (302, {"Location": receiver.url + "&again"}, b"")
    open_ticket(requester)
    work()
    assert len(receiver.requests) == 1
    assert "redirects" in WebhookDelivery.objects.get().answer


def test_a_long_answer_is_cut_and_stays_on_one_line(receiver, requester):
    WebhookFactory(url=receiver.url)
    receiver.answer = (400, {}, b"no\r\n" * 500_000)
    open_ticket(requester)
    work()
    answer = WebhookDelivery.objects.get().answer
    assert len(answer) <= 500
    assert "\n" not in answer


def test_nobody_there_and_no_way_there_are_said(requester, settings):
    WebhookFactory(url="http://127.0.0.1:1/")
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    open_ticket(requester)
    work()
    assert "must not reach" in WebhookDelivery.objects.get().answer


def test_an_answer_that_is_no_http_is_said(receiver, requester):
    WebhookFactory(url=receiver.url)
    receiver.answer = (204, {"X": "y" * 70_000}, b"")
    open_ticket(requester)
    work()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.status_code) == (DeliveryState.FAILED, None)
    assert "LineTooLong" in delivery.answer


def test_a_delivery_that_is_gone_with_its_webhook_is_no_failure(requester):
    webhook = WebhookFactory()
    open_ticket(requester)
    webhook.delete()
    assert work() == 1
    assert not OutboxMessage.objects.exists()


def test_a_change_that_is_rolled_back_is_told_to_nobody(requester):
    WebhookFactory()
    with pytest.raises(Exception, match="title"):
        open_ticket(requester, title="")
    assert not WebhookDelivery.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_deliveries_of_more_than_a_month_ago_are_forgotten(requester):
    WebhookFactory()
    open_ticket(requester)
    open_ticket(requester)
    WebhookDelivery.objects.filter(pk=WebhookDelivery.objects.first().pk).update(
        created_at=timezone.now() - timedelta(days=31)
    )
    assert deliveries.forget_old_deliveries() == 1
    assert WebhookDelivery.objects.count() == 1


@pytest.mark.parametrize("persona", ["requester", "agent"])
def test_what_was_told_does_not_name_anybody_who_was_anonymised(
    request, requester, agent, other_agent, sysadmin, persona
):
    person = request.getfixturevalue(persona)
    WebhookFactory(with_notes=True)
    ticket = open_ticket(requester)
    # A team has the number of the person, and keeps its name.
    team = Team.objects.create(pk=person.pk, name="Printers")
    for changes in (
        {"assigned_agent": agent, "team": team},
        {"assigned_agent": other_agent},
        {"assigned_agent": agent},
    ):
        services.update_ticket(actor=agent, ticket_id=ticket.pk, changes=changes)
    for author in (requester, agent):
        services.add_comment(actor=author, ticket_id=ticket.pk, description="Hello")
    name, address = person.username, person.email
    accounts.anonymise_user(actor=sysadmin, user=person)
    payloads = [delivery.payload for delivery in WebhookDelivery.objects.order_by("pk")]
    told = json.dumps(payloads)
    assert (name in told, address in told) == (False, False)
    assert all(other.email in told for other in {requester, agent, other_agent} - {person})
    now = {"id": person.pk, "name": f"Removed user {person.pk}", "email": f"removed-{person.pk}@removed.invalid"}
    assert payloads[0]["ticket"]["requester"] == (now if person == requester else payloads[0]["ticket"]["requester"])
    assert payloads[1]["changes"]["team"][1] == {"id": person.pk, "label": "Printers"}
    assert payloads[1]["ticket"]["team"] == {"id": person.pk, "name": "Printers"}


def test_what_is_sent_again_names_nobody_who_was_anonymised(receiver, requester, sysadmin):
    webhook = WebhookFactory(url=receiver.url)
    open_ticket(requester)
    work()
    accounts.anonymise_user(actor=sysadmin, user=requester)
    send_again(actor=sysadmin, webhook_id=webhook.pk, delivery_id=WebhookDelivery.objects.get().pk)
    work()
    first, second = (body for _path, _headers, body in receiver.requests)
    assert (b"Jane Doe" in first, b"jane.doe" in first.lower()) == (True, True)
    assert (b"Jane Doe" in second, b"jane.doe" in second.lower()) == (False, False)


def test_deliveries_are_rewritten_some_at_a_time(requester, sysadmin, monkeypatch):
    monkeypatch.setattr(deliveries, "REWRITE_BATCH", 2)
    WebhookFactory()
    for _number in range(5):
        open_ticket(requester)
    accounts.anonymise_user(actor=sysadmin, user=requester)
    assert {each.payload["actor"]["name"] for each in WebhookDelivery.objects.all()} == {f"Removed user {requester.pk}"}
