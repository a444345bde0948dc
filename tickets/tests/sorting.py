"""Teams, categories and tags for tests with many tickets, straight in the database."""

from tickets.models import Category, Tag, Team, TicketTag
from tickets.sorting.names import name_key


def make():
    """Return three teams and four categories."""
    teams = [Team.objects.create(name=f"Team {number}") for number in range(3)]
    return teams, [Category.objects.create(name=f"Category {number}") for number in range(4)]


def tag(numbers):
    """Give each hundredth ticket a rare tag, each fifth a frequent one."""
    rare, frequent = (Tag.objects.create(name=name, name_key=name_key(name)) for name in ("rare", "frequent"))
    rows = [TicketTag(ticket_id=number, tag=rare) for number in list(numbers)[::100]]
    rows += [TicketTag(ticket_id=number, tag=frequent) for number in list(numbers)[::5]]
    TicketTag.objects.bulk_create(rows, batch_size=2000)
