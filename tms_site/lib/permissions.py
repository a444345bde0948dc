"""Decisions: what a policy answers, and the error that a refused action raises."""

from dataclasses import dataclass
from typing import Literal

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise


@dataclass(frozen=True)
class Allowed:
    """The action may go ahead. True in a condition."""

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True)
class Denied:
    """The action is refused, with the reason that people are shown. False in a condition."""

    reason: str | Promise

    def __bool__(self) -> Literal[False]:
        return False


Decision = Allowed | Denied
ALLOWED = Allowed()


class PermissionDeniedError(PermissionDenied):
    """A service refused the actor; `reason` is meant for people."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason


def require(decision: Decision) -> None:
    """Raise `PermissionDeniedError` with the reason unless the decision allows."""
    if isinstance(decision, Denied):
        raise PermissionDeniedError(decision.reason)
