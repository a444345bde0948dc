"""Numbers of rows, as they come from outside."""

# As long as any id that a database hands out.
MAX_ID = 2**63 - 1
# So many digits are always within MAX_ID.
ID_DIGITS_MAX = len(str(MAX_ID)) - 1


def is_row_number(text: str) -> bool:
    """Tell whether a text is a number that a row may have: plain digits, no more than a database takes."""
    return text.isascii() and text.isdigit() and len(text) <= ID_DIGITS_MAX
