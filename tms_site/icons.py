"""Our own drawings for statuses, priorities and the brand, on a 16-pixel grid, in the colour of the text."""

from typing import Final

_RING = '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.75"/>'


def _bars(lit: int) -> str:
    """Return three rising bars, the first ``lit`` of them solid."""
    bars = ((2, 10, 4), (6.5, 6.5, 7.5), (11, 3, 11))
    dim = ' opacity=".3"'
    return "".join(
        f'<rect x="{x}" y="{y}" width="3" height="{height}" rx="1" fill="currentColor"{"" if index < lit else dim}/>'
        for index, (x, y, height) in enumerate(bars)
    )


OWN_ICONS: Final[dict[str, str]] = {
    "status-open": _RING,
    "status-in_progress": f'{_RING}<path d="M8 4.75a3.25 3.25 0 0 1 0 6.5z" fill="currentColor"/>',
    "status-waiting": (
        f'{_RING}<path d="M6.4 5.75v4.5M9.6 5.75v4.5" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/>'
    ),
    "status-resolved": (
        '<path fill="currentColor" fill-rule="evenodd" d="M8 1.1a6.9 6.9 0 1 0 0 13.8A6.9 6.9 0 0 0 8 1.1Z'
        'm3.6 5.3a.9.9 0 0 0-1.3-1.2L7 8.7 5.7 7.4a.9.9 0 1 0-1.3 1.3l2 1.9a.9.9 0 0 0 1.3 0z"/>'
    ),
    "priority-low": _bars(1),
    "priority-medium": _bars(2),
    "priority-high": _bars(3),
    "priority-urgent": (
        '<path fill="currentColor" fill-rule="evenodd" d="M4 1.5A2.5 2.5 0 0 0 1.5 4v8A2.5 2.5 0 0 0 4 14.5h8'
        "a2.5 2.5 0 0 0 2.5-2.5V4A2.5 2.5 0 0 0 12 1.5zM8 4a1 1 0 0 1 1 1v3.5a1 1 0 0 1-2 0V5a1 1 0 0 1 1-1Z"
        'm0 6.25a1 1 0 1 1 0 2 1 1 0 0 1 0-2Z"/>'
    ),
    "brand": (
        '<path fill="none" stroke="currentColor" stroke-width="1.5" d="M2 5.5c0-.6.4-1 1-1h10c.6 0 1 .4 1 1v1'
        'a1.6 1.6 0 0 0 0 3v1c0 .6-.4 1-1 1H3c-.6 0-1-.4-1-1v-1a1.6 1.6 0 0 0 0-3z"/>'
        '<path stroke="currentColor" stroke-width="1.5" stroke-linecap="round" d="M10 6.6v.2m0 2.4v.2"/>'
    ),
}
