"""Services of tokens."""

from accounts.factories import UserFactory
from accounts.tokens import services as tokens
from tms_site.tests.faults.case import Prepare


def start_login(people):
    tokens.start_login(actor=people["agent"])
    return lambda: tokens.start_login(actor=people["agent"])


def refresh(people):
    issued = tokens.start_login(actor=people["agent"])
    return lambda: tokens.refresh(refresh_token=issued.refresh_token)


def refresh_again(people):
    issued = tokens.start_login(actor=people["agent"])
    tokens.refresh(refresh_token=issued.refresh_token)
    return lambda: tokens.refresh(refresh_token=issued.refresh_token)


def end_login(people):
    tokens.start_login(actor=people["agent"])
    login = people["agent"].api_logins.get()
    return lambda: tokens.end_login(actor=people["agent"], login_id=login.pk)


def create_personal_token(people):
    return lambda: tokens.create_personal_token(
        actor=people["agent"], name="Report", scope="read", days=7, client_token="t"
    )


def revoke_personal_token(people):
    token = tokens.create_personal_token(actor=UserFactory(agent=True), name="Report", scope="read", days=7).token
    return lambda: tokens.revoke_personal_token(actor=token.user, token_id=token.pk)


SERVICES: list[Prepare] = [
    start_login,
    refresh,
    refresh_again,
    end_login,
    create_personal_token,
    revoke_personal_token,
]
