"""The app on the phone: what it would show for a second factor."""

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

SECRET = "JBSWY3DPEHPK3PXP"


def code_of(secret: str = SECRET, *, ahead: int = 0) -> str:
    """Return the code of now, or the one that comes next; each of them works once."""
    _last, now, following = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, following if ahead else now))
