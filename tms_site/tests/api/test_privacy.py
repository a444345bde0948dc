"""What the API tells is what the pages tell: nobody gets more by asking another way (docs/security.md, row 3)."""

import html
import re

import pytest

from accounts.enums import Role
from activity.enums import ActivityType, TargetType
from activity.models import ActivityLog
from tickets import services
from tickets.attachments import kinds
from tickets.enums import Priority, Status
from tms_site.tests.api.test_api_matrix import program

pytestmark = pytest.mark.django_db

# What a file is sent as follows from the ending of its name, which the page shows.
TYPES = set(kinds.TYPES.values())
WORDS = TYPES | {word for choices in (Status, Priority, Role, ActivityType, TargetType) for word in choices.values}
# Names of things that pages show as pictures or places, and moments, which they show in the reader's zone.
KINDS = {"comment", "opened", "changed", "removed"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")

PARTS = ("comments", "timeline")
# What the API says, and the page that shows it: of a list, those of its tickets too, which say a little more.
SAME = {
    "/tickets": "/tickets/ /tickets/{ticket}/",
    "/tickets/assigned": "/tickets/assigned/ /tickets/{ticket}/",
    "/tickets/{ticket}": "/tickets/{ticket}/",
    "/tickets/{ticket}/comments": "/tickets/{ticket}/",
    "/tickets/{ticket}/comments/{comment}": "/tickets/{ticket}/",
    "/tickets/{ticket}/timeline": "/tickets/{ticket}/",
    "/tickets/{ticket}/attachments": "/tickets/{ticket}/",
    "/tickets/{ticket}/attachments/{file}": "/tickets/{ticket}/",
    "/users/me": "/accounts/profile/",
    "/users/{user}": "/admin/accounts/user/{user}/change/",
    "/activity/users/{user}": "/activity/users/{user}/",
}


def texts(value):
    """Every text of an answer."""
    if isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str) and not MOMENT.fullmatch(value) and value not in WORDS | KINDS:
        yield value


def bare(page):
    """The words of a page: entities resolved, marks and tags of Markdown gone."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html.unescape(page)))


@pytest.mark.parametrize("person", ["owner", "stranger", "agent", "other_agent", "sysadmin"])
@pytest.mark.parametrize("path", SAME)
def test_an_answer_says_nothing_that_the_page_does_not_show(world, person, path):
    changes = {"category": world.category, "team": world.category.default_team, "tags": ["buoyant"]}
    services.update_ticket(actor=world.people["agent"], ticket_id=world.ticket.pk, changes=changes)
    answer = program(world, person).get(world.path(path))
    pages = [world.client(person).get(page) for page in world.path(SAME[path]).split()]
    assert answer.status_code == pages[0].status_code
    if answer.status_code != 200:
        return
    content = "".join(page.content.decode() for page in pages)
    shown = content + bare(content)
    found = answer.json()
    for entry in found["items"] if path.startswith("/activity") else []:
        # An entry's own page has the rest.
        del entry["request_id"], entry["target_label"]
    missing = [text for text in texts(found) if text.replace("*", "") not in html.unescape(shown)]
    assert missing == []


@pytest.mark.parametrize(
    "path", ["/tickets", *(f"/tickets/{{ticket}}{part}" for part in ("", "/comments", "/timeline", "/attachments"))]
)
def test_a_requester_learns_nobodys_number_but_their_own_and_no_tag(world, path):
    services.update_ticket(actor=world.people["agent"], ticket_id=world.ticket.pk, changes={"tags": ["buoyant"]})
    content = program(world, "owner").get(world.path(path)).content.decode()
    for name, user in world.people.items():
        assert (str(user.pk) in content) == (name == "owner"), name
        assert user.email not in content, name
    assert "Hot air" not in content
    assert "buoyant" not in content


def test_no_answer_has_a_password_or_a_token(world):
    sender = program(world, "sysadmin")
    secrets = {user.password for user in world.people.values()} | set(
        ActivityLog.objects.values_list("seal", flat=True)
    )
    for path in ("/users", "/users/{user}", "/users/me", "/activity", "/tickets", "/tickets/{ticket}"):
        content = sender.get(world.path(path)).content.decode()
        assert not [secret for secret in secrets if secret in content], path
