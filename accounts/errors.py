"""What the services of accounts refuse, in words for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tms_site.lib.errors import ServiceError

# As many as the page that asks for their tickets can list, and its address name.
MOST_LEAVERS = 100
# Which of the two, nobody is told.
WRONG_CREDENTIALS = _("The e-mail address or the password is wrong.")


class LastSysAdmin(ServiceError):  # noqa: N818 - it names a state of the house, and is what the specification calls it
    """The change would leave nobody who can run the place."""

    def __init__(self, field: str | None = None) -> None:
        super().__init__(
            _("This is the last active SysAdmin. Make somebody else a SysAdmin first, then try again."), field=field
        )


class TooManyLeavers(ServiceError):  # noqa: N818 - a reason that people read, not a failure
    """More people than the page takes that asks where their open tickets go."""

    def __init__(self) -> None:
        super().__init__(
            _("Nobody was deactivated: at most %(most)d at once, if some of them work on open tickets. Choose fewer.")
            % {"most": MOST_LEAVERS}
        )


class UserHasHistory(ServiceError):  # noqa: N818 - as above
    """The user has tickets or comments, which are never deleted with them."""

    def __init__(self) -> None:
        super().__init__(
            _("This user has tickets or comments, so the account can't be deleted. Deactivate or anonymise it instead.")
        )


class UserIsGone(ServiceError):  # noqa: N818 - as above
    """Somebody else deleted the user meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("This user has been deleted meanwhile."))


class PresentSession(ServiceError):  # noqa: N818 - it names a state of the house, no mistake
    """One ends the session that one is using by logging out, which also tells the log."""

    def __init__(self) -> None:
        super().__init__(_("You are using this session. Log out to end it."))
