"""What the scripts say to the person who started them."""

import sys
from typing import NoReturn

STOPPED = "\nStopped. The next `make run` goes on from here."


def say(text: str) -> None:
    """Print a line at once, even into a pipe."""
    print(text, flush=True)


def progress(text: str) -> None:
    """Show `text` in place of the line before it; only a terminal can do that, so a pipe or file gets nothing."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="", flush=True)


def end_progress() -> None:
    """Remove the line that `progress` shows."""
    progress("")


def fail(text: str) -> NoReturn:
    """End the program with one clear line on standard error and status 1."""
    raise SystemExit(text)
