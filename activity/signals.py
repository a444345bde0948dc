"""What happens to the log and to webhooks, told inside the transaction that does it, with `send`, as for tickets.

Each has `actor` (accounts.actors.Actor) and `at` (datetime) besides:

log_exported            filters: the parameters of the list's address; `actor` took it as a file
log_purged              removed: how many entries went; before: what was older; user: only this person's, or None
webhook_created         webhook: a Webhook; changes: what it began with
webhook_updated         webhook, changes: {field: (old, new)}
webhook_deleted         webhook: as it is, just before it goes
webhook_secret_renewed  webhook
webhook_tested          webhook: it's sent something harmless
webhook_sent_again      webhook: it's sent a delivery once more
"""

from django.dispatch import Signal

log_exported = Signal()
log_purged = Signal()
webhook_created = Signal()
webhook_updated = Signal()
webhook_deleted = Signal()
webhook_secret_renewed = Signal()
webhook_tested = Signal()
webhook_sent_again = Signal()
