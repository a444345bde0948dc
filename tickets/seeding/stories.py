"""All stories of the demo."""

from tickets.seeding import mail_and_access, network, software_and_people

STORIES = (*network.STORIES, *mail_and_access.STORIES, *software_and_people.STORIES)
