"""The admin's pages of users, for tests."""

from django.test import Client

from accounts.models import User

USERS = "/admin/accounts/user/"


def form_of(user: User, **changes: object) -> dict[str, object]:
    data = {
        "email": user.email,
        "username": user.username,
        "role": user.role,
        "time_zone": user.time_zone,
        "theme": user.theme,
    }
    if user.is_active:
        data["is_active"] = "on"
    return data | changes


def change(client: Client, user: User, **changes: object):
    return client.post(f"{USERS}{user.pk}/change/", form_of(user, **changes))


def act(client: Client, action: str, *users: User, **extra: str):
    data = {"action": action, "_selected_action": [user.pk for user in users], **extra}
    return client.post(USERS, data, follow=True)


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]
