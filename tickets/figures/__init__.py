"""The figures of the dashboard: what each ticket contributes, sums of that which changes keep, and the page.

- `facts`: what one ticket contributes, a pure function of its columns. Every figure is a sum of these.
- `models`: the sums (RollUp, Histogram), and what changes have added since (FigureDelta).
- `receivers`: a change appends the difference that it makes, in its own transaction, and touches no sum: nobody waits.
- `services`: `fold` moves differences into the sums, some at a time; `rebuild` makes the sums anew from the tickets.
- `reading`: sums plus differences that aren't folded yet, and so exact at any moment.
- `page`, `charts`, `views`: the dashboard.

Days and months are those of the setting TIME_ZONE, whoever looks: a sum can't follow everybody's clock.
"""
