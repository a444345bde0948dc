"""Webhooks."""

from tms_site.tests.matrix.row import SYSADMIN_200, SYSADMIN_302, SYSADMIN_405, Row

WEBHOOK = "/webhooks/{webhook}/"
SENT = {"name": "Kite", "url": "https://kites.example.com/", "events": "ticket.created"}

ROWS = {
    "webhooks:list": Row("/webhooks/", SYSADMIN_200, SYSADMIN_405),
    "webhooks:create": Row("/webhooks/new/", SYSADMIN_200, SYSADMIN_302, SENT),
    "webhooks:detail": Row(WEBHOOK, SYSADMIN_200, SYSADMIN_405),
    "webhooks:edit": Row(WEBHOOK + "edit/", SYSADMIN_200, SYSADMIN_302, SENT),
    "webhooks:delete": Row(WEBHOOK + "delete/", SYSADMIN_200, SYSADMIN_302),
    "webhooks:secret": Row(WEBHOOK + "secret/", SYSADMIN_405, SYSADMIN_302),
    "webhooks:test": Row(WEBHOOK + "test/", SYSADMIN_405, SYSADMIN_302),
    "webhooks:again": Row(WEBHOOK + "deliveries/{delivery}/again/", SYSADMIN_405, SYSADMIN_302),
}
