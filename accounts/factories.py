"""Users for tests and benchmarks. They're written straight to the database: no log entries, no signals."""

from __future__ import annotations

from typing import Any

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from accounts.enums import Role
from accounts.models import User

PASSWORD = "Hello123."  # noqa: S105 - the demo's known password


class UserFactory(DjangoModelFactory[User]):
    """A requester with a verified address; `agent=True` and `sysadmin=True` are the other roles."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        requester = factory.Trait(role=Role.REQUESTER)
        agent = factory.Trait(role=Role.AGENT)
        sysadmin = factory.Trait(role=Role.SYSADMIN)

    email = factory.Sequence(lambda number: f"user{number}@example.com")
    username = factory.Faker("name")
    role = Role.REQUESTER
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password")
        verified = kwargs.pop("verified", True)
        user = model_class(*args, **kwargs)
        user.set_password(password)
        user.save()
        EmailAddress.objects.create(user_id=user.pk, email=user.email.lower(), primary=True, verified=verified)
        return user
