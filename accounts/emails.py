"""E-mail addresses as names: two spellings of one address are the same user."""

from contextlib import suppress


def email_key(email: str) -> str:
    """Return the form in which an address is unique: without blanks, case folded, its domain in ASCII.

    Stored in a column of its own, because unique constraints over expressions are silently not created on MySQL
    and MariaDB. The result is ASCII for each address that Django's validator lets in, so
    that no collation can take two of them for one.
    """
    local, _at, domain = email.strip().casefold().rpartition("@")
    # What isn't a domain stays as it is: the form's validator will refuse it, the key still has to be some text.
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    return f"{local}@{domain}"
