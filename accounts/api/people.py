"""How the API names a person: everybody who sees the name gets it, the number only who may look the person up."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from accounts import policies
from accounts.actors import Actor
from tms_site.lib.api.schemas import Answer


class Person(Answer):
    """Somebody."""

    id: int | None = Field(description="The number, for those who may look the person up.")
    name: str = Field(description="The name that others see.")


def person(actor: Actor, user_id: int, name: str) -> dict[str, Any]:
    """Return a person as `actor` may know them."""
    return {"id": user_id if policies.can_look_up(actor, user_id) else None, "name": name}
