"""What happens to users, told inside the transaction that does it, with `send`: a receiver's error rolls it back.

Each has `actor` (accounts.actors.Actor) and `at` (datetime) besides:

user_created        user
user_updated        user, changes: {field: (old, new)}; a password is told as {"password": ("", "changed")}
user_anonymised     user, as they are now; names: the names and addresses that they had
user_deleted        user_id, label
user_leaving_desk   user, deleting: whether the user is about to be deleted (sent before every deletion), or only
                    deactivated or demoted to requester (sent before that for agents and sysadmins)
api_logged_in       user: a program was given tokens for their password
api_logged_out      user
api_token_reused    user; no actor: a refresh token came a second time, so it has been copied, and the log-in ended
token_created       token: a PersonalToken
token_revoked       token: as it was
"""

from django.dispatch import Signal

user_created = Signal()
user_updated = Signal()
user_anonymised = Signal()
user_deleted = Signal()
user_leaving_desk = Signal()
api_logged_in = Signal()
api_logged_out = Signal()
api_token_reused = Signal()
token_created = Signal()
token_revoked = Signal()
