"""What the API of people takes and gives."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from accounts.models import User
from accounts.passwords import PASSWORD_MAX_LENGTH
from tms_site.lib.api.answers import iso
from tms_site.lib.api.schemas import Answer, Body, Cursor, DateTime, Limit

RoleName = Literal["requester", "agent", "sysadmin"]
ThemeName = Literal["system", "light", "dark"]

Email = Annotated[
    str,
    Field(
        min_length=3,
        max_length=254,
        description="The e-mail address, by which one logs in.",
        json_schema_extra={"format": "email"},
    ),
]
Name = Annotated[str, Field(min_length=1, max_length=150, description="The name that others see.")]
Password = Annotated[str, Field(min_length=8, max_length=PASSWORD_MAX_LENGTH)]
Zone = Annotated[str, Field(min_length=1, max_length=64, description="A time zone such as Europe/Vienna.")]


class TokenRequest(Body):
    """The form of OAuth2: a password, or a refresh token."""

    grant_type: Literal["password", "refresh_token"] = "password"
    username: str = Field(default="", max_length=320, description="The e-mail address.")
    password: str = Field(default="", max_length=PASSWORD_MAX_LENGTH)
    otp: str | None = Field(default=None, max_length=32, description="The code of the second factor, if there is one.")
    refresh_token: str = Field(default="", max_length=200)
    scope: str = Field(default="", max_length=100, description="“read” for a token that changes nothing.")
    client_id: str | None = Field(default=None, max_length=200, description="Not used.")
    client_secret: str | None = Field(default=None, max_length=200, description="Not used.")


class Tokens(Answer):
    """Tokens of a log-in."""

    access_token: str = Field(description="Goes into “Authorization: Bearer …”.")
    token_type: Literal["bearer"]
    expires_in: int = Field(description="For how many seconds the access token is good.")
    refresh_token: str = Field(description="Gets new tokens, once.")
    scope: Literal["read", "write"]


class RevokeRequest(Body):
    """The form of RFC 7009."""

    token: str = Field(min_length=1, max_length=4000, description="A token of any kind.")
    token_type_hint: str | None = Field(default=None, max_length=50, description="Not needed.")
    client_id: str | None = Field(default=None, max_length=200, description="Not used.")
    client_secret: str | None = Field(default=None, max_length=200, description="Not used.")


class Nothing(Answer):
    """An answer without content."""


class SignUp(Body):
    """An account for oneself: a Requester's."""

    email: Email
    password: Password
    username: str = Field(default="", max_length=150, description="The name that others see.")


class SignedUp(Answer):
    """What comes next. The same words whether the address was free or not, where addresses are verified."""

    email: str
    detail: str


class AnyAccount(Answer):
    """What everybody's account has."""

    id: int
    email: str
    username: str
    role: RoleName
    time_zone: str
    theme: ThemeName
    is_away: bool = Field(description="Whether tickets that are handed to a team pass by.")
    version: int


class Me(AnyAccount):
    """One's own account."""

    shortcuts: bool = Field(description="Whether single keys do something on the pages.")


class MeChange(Body):
    """What one may change about oneself; what isn't sent stays."""

    username: Name | None = None
    time_zone: Zone | None = None
    theme: ThemeName | None = None
    shortcuts: bool | None = None
    is_away: bool | None = Field(default=None, description="For whoever gets tickets.")


class Account(AnyAccount):
    """Somebody's account, for SysAdmins."""

    is_active: bool
    date_joined: DateTime
    last_login: DateTime | None


class NewAccount(Body):
    """An account for somebody. Without a password its owner, if active, gets a mail with a link to choose one."""

    email: Email
    username: Name
    role: RoleName = "requester"
    password: Password | None = None
    is_active: bool = True
    time_zone: Zone | None = None
    theme: ThemeName = "system"


class AccountChange(Body):
    """What a SysAdmin may change about somebody; what isn't sent stays."""

    email: Email | None = None
    username: Name | None = None
    role: RoleName | None = None
    is_active: bool | None = None
    time_zone: Zone | None = None
    theme: ThemeName | None = None
    is_away: bool | None = Field(default=None, description="For whoever gets tickets.")


class AccountQuery(Body):
    """Which accounts, by name."""

    role: RoleName | None = Field(default=None)
    is_active: Literal["true", "false"] | None = Field(default=None)
    q: str | None = Field(default=None, max_length=150, description="How the name or the address begins.")
    cursor: Cursor = ""
    limit: Limit = 50


class AccountPage(Answer):
    """One page of accounts."""

    items: list[Account]
    next_cursor: str | None
    previous_cursor: str | None


def me(user: User) -> dict[str, Any]:
    """Return one's own account as the API shows it."""
    return _named(user, Me)


def _named(user: User, schema: type[AnyAccount]) -> dict[str, Any]:
    return {name: getattr(user, name) for name in schema.model_fields}


def account(user: User) -> dict[str, Any]:
    """Return an account as the API shows it to SysAdmins."""
    return _named(user, AnyAccount) | {
        "is_active": user.is_active,
        "date_joined": iso(user.date_joined),
        "last_login": iso(user.last_login),
    }


def sent(body: Body) -> dict[str, Any]:
    """Return the fields that were sent. None says "as it is", as if it weren't sent."""
    return {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
