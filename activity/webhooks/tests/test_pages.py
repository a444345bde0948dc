"""SysAdmins keep webhooks on pages of their own."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activity.enums import ActivityType, TargetType
from activity.models import ActivityLog
from activity.outbox.models import OutboxMessage
from activity.webhooks import services
from activity.webhooks.enums import Event
from activity.webhooks.factories import WebhookFactory
from activity.webhooks.models import Webhook, WebhookDelivery
from tickets import services as tickets
from tms_site.tests.rivals import rival

pytestmark = pytest.mark.django_db

SENT = {
    "name": "Pager",
    "url": "https://pager.example.com/hook",
    "events": ["ticket.created", "comment.created"],
    "is_active": "on",
    "client_token": "abc",
}


@pytest.fixture
def client(client_for, sysadmin):
    return client_for(sysadmin)


def entries():
    log = ActivityLog.objects.filter(target_type=TargetType.WEBHOOK).order_by("pk")
    return [(each.activity_type, each.details) for each in log]


def test_a_webhook_is_registered_and_shown_with_its_secret(client, sysadmin):
    response = client.post("/webhooks/new/", SENT, follow=True)
    webhook = Webhook.objects.get()
    assert (webhook.name, webhook.url, webhook.events) == (SENT["name"], SENT["url"], sorted(SENT["events"]))
    assert webhook.created_by == sysadmin
    assert len(webhook.secret) == 40
    assert webhook.secret in response.content.decode()
    assert entries() == [(ActivityType.CREATE, "Registered the webhook “Pager”.")]


def test_what_a_webhook_is_told_of_is_said_in_the_words_of_its_form(client):
    page = client.get(WebhookFactory(events=["ticket.created", "of.yore"]).get_absolute_url()).content.decode()
    assert "A ticket was opened, of.yore" in page
    assert "ticket.created" not in page


def test_the_secret_does_not_stand_in_the_log(client):
    client.post("/webhooks/new/", SENT)
    assert Webhook.objects.get().secret not in str(ActivityLog.objects.values_list("changes", "details"))


def test_the_same_form_sent_twice_is_one_webhook(client):
    first, second = client.post("/webhooks/new/", SENT), client.post("/webhooks/new/", SENT)
    assert first["Location"] == second["Location"]
    assert Webhook.objects.count() == 1
    assert len(entries()) == 1


def test_a_form_that_came_twice_at_once_makes_one_webhook(sysadmin):
    def send():
        values = {name: SENT[name] for name in ("name", "url", "events")}
        return services.create_webhook(actor=sysadmin, values=values, client_token="abc")

    # The second savepoint stands before the row: right then, the other one commits.
    with rival(send, before="SAVEPOINT", passing=1):
        webhook = send()
    assert webhook == Webhook.objects.get()
    assert len(entries()) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Beeper"},
        {"url": "https://beeper.example.com/hook"},
        {"events": ["ticket.created"]},
        {"with_notes": "on"},
        {"is_active": ""},
    ],
)
def test_another_webhook_by_the_same_form_is_not_lost_and_can_be_registered_too(client, other):
    client.post("/webhooks/new/", SENT)
    refused = client.post("/webhooks/new/", SENT | other)
    assert refused.status_code == 422
    assert "This form has become the webhook “Pager” before, with other settings." in refused.content.decode()
    assert len(entries()) == Webhook.objects.count() == 1
    token = refused.context["form"]["client_token"].value()
    assert client.post("/webhooks/new/", SENT | other | {"client_token": token}).status_code == 302
    assert Webhook.objects.count() == 2


@pytest.mark.parametrize("events", [[], ["ticket.exploded"], ["ticket.created", "ticket.exploded"]])
def test_a_webhook_is_told_of_something_that_there_is(sysadmin, events):
    webhook = WebhookFactory(events=["ticket.created"])
    with pytest.raises(ValidationError) as changing:
        services.change_webhook(actor=sysadmin, webhook_id=webhook.pk, values={"events": events})
    with pytest.raises(ValidationError) as making:
        services.create_webhook(actor=sysadmin, values={"name": "W", "url": webhook.url, "events": events})
    assert [list(refused.value.message_dict) for refused in (changing, making)] == [["events"]] * 2
    assert Webhook.objects.get().events == ["ticket.created"]


def test_what_is_not_said_of_a_webhook_stays(sysadmin):
    webhook = WebhookFactory(name="Pager", events=["ticket.created"])
    services.change_webhook(actor=sysadmin, webhook_id=webhook.pk, values={"is_active": False})
    webhook = Webhook.objects.get()
    assert (webhook.name, webhook.events, webhook.is_active) == ("Pager", ["ticket.created"], False)
    assert ActivityLog.objects.latest("pk").details == "Webhook “Pager”: deactivated."


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", " ", "required"),
        ("name", "x" * 61, "at most 60"),
        ("name", "a\0b", "character"),
        ("url", "nonsense", "Enter an address"),
        ("url", "x" * 501, "at most 500"),
        ("url", "https://me:secret@example.com", "Leave out name and password"),
        ("url", "https://a\0b.example.com", "Enter an address"),
        ("events", [], "Choose what it is told of"),
        ("events", ["ticket.exploded"], "valid choice"),
        ("client_token", "x y", "out of date"),
    ],
)
def test_bad_input_gets_a_message_and_keeps_what_was_typed(client, field, value, words):
    response = client.post("/webhooks/new/", SENT | {"name": "Kept"} | {field: value})
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert "<title>Error:" in page
    assert "Kept" in page or field == "name"
    assert not Webhook.objects.exists()


def test_a_webhook_is_changed_and_the_log_says_how(client):
    webhook = WebhookFactory(name="Pager", events=["ticket.created"])
    path = f"/webhooks/{webhook.pk}/edit/"
    assert "Pager" in client.get(path).content.decode()
    values = SENT | {"name": "Siren", "events": ["ticket.deleted"], "is_active": "", "version": "1"}
    assert client.post(path, values).status_code == 302
    webhook.refresh_from_db()
    assert (webhook.name, webhook.events, webhook.is_active, webhook.version) == ("Siren", ["ticket.deleted"], False, 2)
    [(kind, details)] = entries()
    assert kind == ActivityType.UPDATE
    assert "changed the events from ticket.created to ticket.deleted" in details


def test_saving_without_a_change_writes_nothing(client):
    webhook = WebhookFactory(name="Pager", url=SENT["url"], events=sorted(SENT["events"]))
    client.post(f"/webhooks/{webhook.pk}/edit/", SENT | {"version": "1"})
    assert entries() == []


def test_a_stale_form_does_not_write_over_a_colleagues_change(client):
    webhook = WebhookFactory(name="Pager", version=2)
    response = client.post(f"/webhooks/{webhook.pk}/edit/", SENT | {"name": "Mine", "version": "1"})
    assert response.status_code == 409
    assert "Somebody else has changed this meanwhile." in response.content.decode()
    assert "Mine" in response.content.decode()
    webhook.refresh_from_db()
    assert webhook.name == "Pager"


def test_bad_input_when_changing_changes_nothing(client):
    webhook = WebhookFactory(name="Pager")
    response = client.post(f"/webhooks/{webhook.pk}/edit/", SENT | {"url": "nonsense"})
    assert response.status_code == 422
    webhook.refresh_from_db()
    assert webhook.url == "https://pager.example.com/hook"


def test_deleting_asks_first_and_takes_what_waits_along(client, requester):
    webhook = WebhookFactory(name="Pager")
    tickets.create_ticket(actor=requester, title="Fire", description="Help")
    path = f"/webhooks/{webhook.pk}/delete/"
    assert "Delete this webhook?" in client.get(path).content.decode()
    assert client.post(path).status_code == 302
    assert not Webhook.objects.exists()
    assert not WebhookDelivery.objects.exists()
    assert entries() == [(ActivityType.DELETE, "Deleted the webhook “Pager”.")]


def test_a_new_secret_replaces_the_old_one(client):
    webhook = WebhookFactory(name="Pager")
    response = client.post(f"/webhooks/{webhook.pk}/secret/", follow=True)
    old = webhook.secret
    webhook.refresh_from_db()
    assert webhook.secret != old
    assert webhook.secret in response.content.decode()
    assert entries() == [(ActivityType.UPDATE, "Gave the webhook “Pager” a new secret.")]


@pytest.mark.usefixtures("inside_is_allowed")
def test_a_test_says_at_once_what_came_of_it(client, receiver):
    webhook = WebhookFactory(name="Pager", url=receiver.url, is_active=False)
    page = client.post(f"/webhooks/{webhook.pk}/test/", follow=True).content.decode()
    assert "It answered 204 in" in page
    assert receiver.requests[0][1]["TMS-Event"] == "ping"
    receiver.answer = (404, {}, b"no such hook")
    page = client.post(f"/webhooks/{webhook.pk}/test/", follow=True).content.decode()
    assert "It was not delivered: no such hook" in page
    assert [details for _kind, details in entries()] == ["Tested the webhook “Pager”."] * 2


@pytest.mark.usefixtures("inside_is_allowed")
def test_a_delivery_is_sent_again_under_its_key(client, receiver, requester):
    webhook = WebhookFactory(name="Pager", url=receiver.url)
    tickets.create_ticket(actor=requester, title="Fire", description="Help")
    OutboxMessage.objects.all().delete()
    delivery = webhook.deliveries.get()
    client.post(f"/webhooks/{webhook.pk}/deliveries/{delivery.pk}/again/")
    client.post(f"/webhooks/{webhook.pk}/deliveries/{delivery.pk}/again/")
    assert [headers["TMS-Delivery"] for _path, headers, _body in receiver.requests] == [delivery.key] * 2
    assert [details for _kind, details in entries()] == ["Sent the webhook “Pager” a delivery again."] * 2


def test_a_test_that_a_worker_took_up_first_is_on_its_way(client, sysadmin):
    webhook = WebhookFactory()
    message = services.send_ping(actor=sysadmin, webhook_id=webhook.pk)
    assert message.payload == {"delivery": webhook.deliveries.get().pk}


@pytest.mark.parametrize("action", ["", "edit/", "delete/"])
def test_a_webhook_that_is_not_there_is_not_found(client, action):
    assert client.get(f"/webhooks/987654/{action}").status_code == 404


def test_a_delivery_belongs_to_its_webhook(client, requester):
    webhook, other = WebhookFactory(events=[Event.TICKET_CREATED]), WebhookFactory(events=[])
    tickets.create_ticket(actor=requester, title="Fire", description="Help")
    delivery = webhook.deliveries.get()
    assert client.post(f"/webhooks/{other.pk}/deliveries/{delivery.pk}/again/").status_code == 404


def test_where_there_are_none_the_list_says_what_they_are_for(client):
    assert "No webhooks yet" in client.get("/webhooks/").content.decode()


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_pages_take_as_many_queries_for_one_as_for_fifty(client, sysadmin, count):
    webhooks = WebhookFactory.create_batch(count)
    for _ in range(count):
        services.send_ping(actor=sysadmin, webhook_id=webhooks[0].pk)
    client.get("/webhooks/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/webhooks/").content.decode().count("data-list-row") == count
    assert len(queries) == 4
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/webhooks/{webhooks[0].pk}/").content.decode().count("data-list-row") == count
    assert len(queries) == 5


@pytest.mark.parametrize("allowed", [True, False])
def test_the_form_says_whether_plain_http_is_taken(client, settings, allowed):
    settings.WEBHOOK_ALLOW_HTTP = allowed
    assert ("also by http" in client.get("/webhooks/new/").content.decode()) is allowed
