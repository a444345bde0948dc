"""What happens to users, told inside the transaction that does it, with `send`: a receiver's error rolls it back.

Each has `actor` (accounts.actors.Actor) and `at` (datetime) besides:

user_created        user
user_updated        user, changes: {field: (old, new)}; a password is told as {"password": ("", "changed")}
user_deleted        user_id, label
user_leaving_desk   user: is about to be deactivated, demoted or deleted and can't hold unresolved tickets after it
"""

from django.dispatch import Signal

user_created = Signal()
user_updated = Signal()
user_deleted = Signal()
user_leaving_desk = Signal()
