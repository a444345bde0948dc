"""Services of webhooks."""

from activity.webhooks import services as webhooks
from activity.webhooks.factories import WebhookFactory
from tickets import services as tickets
from tms_site.tests.faults.case import Prepare


def create_webhook(people):
    values = {"name": "Pager", "url": "https://pager.example.com", "events": ["ticket.created"]}
    return lambda: webhooks.create_webhook(actor=people["sysadmin"], values=values)


def change_webhook(people):
    number = WebhookFactory().pk
    return lambda: webhooks.change_webhook(actor=people["sysadmin"], webhook_id=number, values={"name": "Siren"})


def renew_secret(people):
    number = WebhookFactory().pk
    return lambda: webhooks.renew_secret(actor=people["sysadmin"], webhook_id=number)


def delete_webhook(people):
    number = WebhookFactory().pk
    return lambda: webhooks.delete_webhook(actor=people["sysadmin"], webhook_id=number)


def send_ping(people):
    number = WebhookFactory().pk
    return lambda: webhooks.send_ping(actor=people["sysadmin"], webhook_id=number)


def send_again(people):
    number = WebhookFactory().pk
    webhooks.send_ping(actor=people["sysadmin"], webhook_id=number)
    delivery = WebhookFactory._meta.model.objects.get(pk=number).deliveries.get()
    return lambda: webhooks.send_again(actor=people["sysadmin"], webhook_id=number, delivery_id=delivery.pk)


def change_that_webhooks_are_told_of(people):
    WebhookFactory.create_batch(2)
    return lambda: tickets.create_ticket(actor=people["requester"], title="Printer", description="Fire")


SERVICES: list[Prepare] = [
    create_webhook,
    change_webhook,
    renew_secret,
    delete_webhook,
    send_ping,
    send_again,
    change_that_webhooks_are_told_of,
]
TELLERS: list[Prepare] = []
