"""Accounts: one's own for everybody, everybody's for SysAdmins."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from ninja import Query, Router

from accounts import policies, services
from accounts.api.schemas import (
    Account,
    AccountChange,
    AccountPage,
    AccountQuery,
    Me,
    MeChange,
    NewAccount,
    account,
    me,
    sent,
)
from accounts.forms import send_password_link
from accounts.models import User
from accounts.tokens.auth import ApiRequest, actor_of
from tms_site.lib.api.answers import answer, no_content, required_version
from tms_site.lib.api.pages import answer_page, load
from tms_site.lib.api.schemas import Id
from tms_site.lib.keyset import Order, paginate
from tms_site.lib.permissions import require
from tms_site.lib.time_limit import time_limit

router = Router(tags=["People"])

BY_NAME = Order("username", "username", descending=False)


@router.get("/me", response=Me, summary="Get your own account", url_name="get_me")
def get_me(request: ApiRequest) -> HttpResponse:
    """Return the account that the token belongs to."""
    user = actor_of(request)
    return answer(request, me(user), version=user.version)


@router.patch("/me", response=Me, summary="Change your own account", url_name="change_me")
def change_me(request: ApiRequest, body: MeChange) -> HttpResponse:
    """Change your name, time zone or theme. `If-Match` takes the ETag of what you change."""
    user = actor_of(request)
    version = required_version(request, user.version)
    changed = services.update_profile(actor=user, user=user, changes=sent(body), version=version, exact=True)
    return answer(request, me(changed), version=changed.version)


@router.get("", response=AccountPage, summary="List accounts", url_name="list_users")
def list_users(request: ApiRequest, query: Query[AccountQuery]) -> HttpResponse:
    """Return a page of accounts in the order of their names. SysAdmins only."""
    actor = actor_of(request)
    require(policies.can_list_users(actor))
    users = User.objects.visible_to(actor).only(*Account.model_fields)
    if query.role:
        users = users.filter(role=query.role)
    if query.is_active:
        users = users.filter(is_active=query.is_active == "true")
    if query.q:
        users = users.beginning_with(query.q)
    with time_limit(settings.LIST_TIME_LIMIT):
        page = load(lambda: paginate(users, BY_NAME, query.cursor, query.limit))
    return answer_page(request, page, [account(user) for user in page.items])


@router.post("", response={201: Account}, summary="Make an account", url_name="create_user")
def create_user(request: ApiRequest, body: NewAccount) -> HttpResponse:
    """Make an account for somebody. SysAdmins only."""
    user = services.create_user(actor=actor_of(request), **body.model_dump())
    if body.password is None:
        transaction.on_commit(lambda: send_password_link(request, user))
    return answer(request, account(user), status=HTTPStatus.CREATED, version=user.version)


@router.get("/{int:user_id}", response=Account, summary="Get an account", url_name="get_user")
def get_user(request: ApiRequest, user_id: Id) -> HttpResponse:
    """Return somebody's account. SysAdmins only."""
    user = _user(request, user_id)
    return answer(request, account(user), version=user.version)


@router.patch("/{int:user_id}", response=Account, summary="Change an account", url_name="change_user")
def change_user(request: ApiRequest, user_id: Id, body: AccountChange) -> HttpResponse:
    """Change somebody's account. `If-Match` takes the ETag of what you change. SysAdmins only."""
    user = _user(request, user_id)
    version = required_version(request, user.version)
    changed = services.change_user(actor=actor_of(request), user=user, changes=sent(body), version=version, exact=True)
    return answer(request, account(changed), version=changed.version)


@router.delete("/{int:user_id}", response={204: None}, summary="Delete an account", url_name="delete_user")
def delete_user(request: ApiRequest, user_id: Id) -> HttpResponse:
    """Delete an account that has left no tickets or comments; 409 for others. SysAdmins only."""
    services.delete_user(actor=actor_of(request), user=_user(request, user_id))
    return no_content()


def _user(request: ApiRequest, user_id: int) -> User:
    actor = actor_of(request)
    require(policies.can_list_users(actor))
    user: User = User.objects.visible_to(actor).get(pk=user_id)
    return user
