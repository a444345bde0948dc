"""The states of a ticket: which leads to which, and what happens to the resolution date on the way."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from tickets.enums import Status
from tms_site.lib.edits import same_minute
from tms_site.lib.errors import ServiceError

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.OPEN: frozenset({Status.IN_PROGRESS, Status.WAITING, Status.RESOLVED}),
    Status.IN_PROGRESS: frozenset({Status.OPEN, Status.WAITING, Status.RESOLVED}),
    Status.WAITING: frozenset({Status.OPEN, Status.IN_PROGRESS, Status.RESOLVED}),
    Status.RESOLVED: frozenset({Status.OPEN, Status.IN_PROGRESS}),
}


class WorkflowError(ServiceError):
    """The workflow has no such step; `field` names what is wrong."""


def next_statuses(status: str) -> list[Status]:
    """Return the statuses that a form offers for a ticket in `status`: itself and those that it leads to."""
    current = Status(status)
    return [candidate for candidate in Status if candidate is current or candidate in TRANSITIONS[current]]


def check_transition(old: str, new: str) -> None:
    """Raise WorkflowError unless a ticket may go from `old` to `new`. Staying is always allowed."""
    if old == new or Status(new) in TRANSITIONS[Status(old)]:
        return
    raise WorkflowError(
        _("A ticket can't go from “%(old)s” to “%(new)s”.") % {"old": Status(old).label, "new": Status(new).label},
        field="status",
    )


def resolution_date_after(
    *,
    old_status: str,
    new_status: str,
    old_date: datetime | None,
    given: datetime | None,
    creation_date: datetime,
    now: datetime,
) -> datetime | None:
    """Return the resolution date that a ticket has after a change.

    Args:
        old_status: the status before.
        new_status: the status after; the step itself is checked by `check_transition`.
        old_date: the resolution date before.
        given: the date that the form gave; None when it gave none.
        creation_date: when the ticket was opened.
        now: the moment of the change.

    Raises:
        WorkflowError: a date is given for an unresolved ticket, lies before its creation or in the future.
    """
    if new_status != Status.RESOLVED:
        # A form that shows the old date sends it along when the ticket is reopened: that's no wish to keep it.
        if given is not None and not (old_status == Status.RESOLVED and same_minute(given, old_date)):
            raise WorkflowError(_("Only a resolved ticket has a resolution date."), field="resolution_date")
        return None
    if given is None:
        return old_date or now
    if same_minute(given, old_date):
        return old_date
    if given > now:
        raise WorkflowError(_("The resolution date can't be in the future."), field="resolution_date")
    if same_minute(given, creation_date):
        return max(given, creation_date)
    if given < creation_date:
        raise WorkflowError(_("A ticket can't be resolved before it was created."), field="resolution_date")
    return given


def check_rated_resolution(*, rated_at: datetime, old_date: datetime, new_date: datetime) -> None:
    """Raise WorkflowError where the date of a resolution moves past the moment when the ticket was rated.

    A rating is about the present resolution if it was given after its date, and about an earlier one if before
    (`policies.rates_this_resolution`). A date that moves past the rating would turn one into the other.
    """
    if old_date <= rated_at < new_date:
        message = _(
            "Its requester has rated it before that. If it wasn't resolved by then, reopen it and resolve it again."
        )
        raise WorkflowError(message, field="resolution_date")
    if new_date <= rated_at < old_date:
        message = _("Its requester has rated it after that, and it was reopened then: it was resolved again later.")
        raise WorkflowError(message, field="resolution_date")


def may_reopen(resolution_date: datetime | None, *, now: datetime, days: int) -> bool:
    """Tell whether a requester's comment still reopens a ticket: within `days` of its resolution."""
    return resolution_date is not None and now <= resolution_date + timedelta(days=days)


def status_after_reopening(*, assigned: bool) -> Status:
    """Return where a ticket goes that its requester reopens or answers on: to its agent, or into the open ones."""
    return Status.IN_PROGRESS if assigned else Status.OPEN


def status_without_agent(status: str) -> str:
    """Return the status of a ticket whose agent has left the desk: nobody is at work on it any more."""
    return Status.OPEN if status == Status.IN_PROGRESS else status
