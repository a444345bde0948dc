"""The demo organisation: who works there and what they asked the helpdesk in the last three weeks."""

from tickets.seeding.people import PEOPLE
from tickets.seeding.run import SeedReport, seed
from tickets.seeding.stories import STORIES

__all__ = ["PEOPLE", "STORIES", "SeedReport", "seed"]
