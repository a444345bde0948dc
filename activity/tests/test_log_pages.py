"""The log's pages: who opens them, what filters find, how one pages, what one entry shows."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from accounts.factories import UserFactory
from activity import views
from activity.factories import EntryFactory
from activity.models import ActivityLog
from tickets import services
from tickets.factories import TicketFactory
from tickets.fields import NAMESAKES_MAX

pytestmark = pytest.mark.django_db
LOG = "/activity/"
PAGES = [LOG, "/activity/users/1/", "/activity/1/", "/activity/purge/"]
NOW = timezone.now()


@pytest.fixture
def boss(client_for, sysadmin):
    client = client_for(sysadmin)
    ActivityLog.objects.all().delete()
    return client


def shown(response):
    assert response.status_code == 200
    return [entry.details for entry in response.context["listing"].page.items]


def ignored(response):
    return response.context["listing"].ignored


# --- who -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PAGES, "/activity/users/999999/"])
@pytest.mark.parametrize("who", ["requester", "agent"])
def test_others_hear_why_they_may_not(client_for, request, who, path):
    response = client_for(request.getfixturevalue(who)).get(path)
    assert response.status_code == 403
    assert "Only SysAdmins can see the activity log." in response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_visitors_are_sent_to_log_in(anonymous, path):
    assert anonymous.get(path).url == f"/accounts/login/?next={quote(path, safe='')}"


@pytest.mark.parametrize("path", ["/activity/users/999999/", f"/activity/users/{'9' * 30}/", "/activity/999999/"])
def test_what_does_not_exist_is_not_found(boss, path):
    assert boss.get(path).status_code == 404


@pytest.mark.parametrize("path", [LOG, "/activity/users/{user}/", "/activity/{entry}/"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_log_is_only_read(boss, sysadmin, path, method):
    entry = EntryFactory(user=sysadmin)
    path = path.format(user=sysadmin.pk, entry=entry.pk)
    assert getattr(boss, method)(path).status_code == 405
    assert ActivityLog.objects.count() == 1


def test_what_is_left_out_is_named_without_what_could_do_harm(boss):
    response = boss.get(LOG, {"user": "\u202eab\x00c"})
    assert ignored(response) == ["User “\ufffdab\ufffdc”"]
    assert "\x00" not in response.content.decode()


# --- filters ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def log(requester, agent):
    day = timedelta(days=1)
    EntryFactory(user=requester, activity_type="create", ticket_id=7, activity_date=NOW - 9 * day, details="a")
    EntryFactory(user=agent, activity_type="update", ticket_id=7, activity_date=NOW - 5 * day, details="b")
    EntryFactory(user=agent, activity_type="delete", ticket_id=8, activity_date=NOW - 1 * day, details="c")


def date(days_ago):
    return (NOW - timedelta(days=days_ago)).date().isoformat()


def test_the_log_shows_the_newest_first(boss, log):
    assert shown(boss.get(LOG)) == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"user": "JOHN.SMITH@example.com"}, "cb"),
        ({"activity_type": "update"}, "b"),
        ({"activity_type": ["create", "delete"]}, "ca"),
        ({"ticket": "7"}, "ba"),
        ({"ticket": "#7", "activity_type": "create"}, "a"),
        ({"ticket": "7", "user": "jane.doe@example.com"}, "a"),
        ({"after": date(6)}, "cb"),
        ({"before": date(3)}, "ba"),
        ({"after": date(6), "before": date(3)}, "b"),
        ({"after": f"{date(6)}T10:00"}, "cb"),
        ({"after": f"{date(6)}T10:00:00+02:00"}, "cb"),
        ({"user": "", "ticket": " ", "after": ""}, "cba"),
        ({"ticket": "9"}, ""),
    ],
)
def test_filters_find(boss, log, query, expected):
    response = boss.get(LOG, query)
    assert "".join(shown(response)) == expected
    assert ignored(response) == []


def test_the_user_filter_takes_an_id(boss, log, agent):
    assert shown(boss.get(LOG, {"user": agent.pk})) == ["c", "b"]


@pytest.mark.parametrize(
    "query",
    [
        {"user": "999999"},
        {"user": "x"},
        {"user": "9" * 40},
        {"activity_type": "dance"},
        {"after": "soon"},
        {"after": "2026-02-30"},
        {"after": "2026-02-30T10:00"},
        {"before": "0001-01-01"},
        {"before": "9999-12-31"},
        {"ticket": "x"},
        {"ticket": "-1"},
        {"ticket": "9" * 40},
        {"ticket": "²"},
        {"bogus": "1"},
        {"ticket[]": "7"},
        {"page": "x"},
        {"page": "eyJh:b:c"},
        {"user": "a\x00b"},
        {"ticket": "\u202e7"},
    ],
)
def test_unknown_values_are_named_and_everything_else_is_shown(boss, log, query):
    response = boss.get(LOG, query)
    assert shown(response) == ["c", "b", "a"]
    assert len(ignored(response)) == 1
    assert "We left out what TMS doesn't know:" in response.content.decode()


def test_people_are_found_by_number_address_and_name(boss, log, agent):
    by_number = shown(boss.get(LOG, {"user": agent.pk}))
    assert by_number
    for text in (agent.email, agent.username, agent.username.upper()):
        response = boss.get(LOG, {"user": text})
        assert (shown(response), ignored(response)) == (by_number, [])


def test_the_beginning_of_a_name_means_all_who_have_it_unless_they_are_very_many(boss, log, agent):
    namesake = UserFactory(username="John Smithson")
    EntryFactory(user=namesake, details="d")
    response = boss.get(LOG, {"user": "John S"})
    assert set(shown(response)) >= {"b", "c", "d"}
    assert "User: <b>John S</b>" in response.content.decode()
    UserFactory.create_batch(NAMESAKES_MAX, username="John S.")
    assert ignored(boss.get(LOG, {"user": "John S"})) == ["User “John S”"]


def test_of_two_values_of_a_filter_that_takes_one_the_last_counts(boss, log):
    response = boss.get(f"{LOG}?ticket=7&ticket=8")
    assert (shown(response), ignored(response)) == (["c"], ["Ticket “7”"])


def test_each_value_is_a_chip_that_leads_to_the_list_without_it(boss, log, agent):
    response = boss.get(
        f"{LOG}?activity_type=update&activity_type=create&user={agent.pk}&ticket=7&after={date(6)}T10:00"
    )
    chips = {str(chip.value): chip.remove_url for chip in response.context["listing"].chips}
    assert list(chips) == ["John Smith", "Changed", "Created", f"{date(6)} 10:00", "#7"]
    assert "activity_type=create" in chips["Changed"]
    assert "activity_type=update" not in chips["Changed"]


def test_dates_mean_days_in_the_zone_of_the_visitor(boss, sysadmin):
    sysadmin.time_zone = "Pacific/Auckland"
    sysadmin.save()
    EntryFactory(activity_date=datetime(2026, 1, 30, 10, 59, 59, tzinfo=UTC), details="30 January")
    EntryFactory(activity_date=datetime(2026, 1, 30, 11, tzinfo=UTC), details="31 January")
    assert shown(boss.get(LOG, {"after": "2026-01-31"})) == ["31 January"]


# --- paging ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", [{}, {"after": "2020-01-01"}])
def test_pages_follow_one_another_without_gaps_or_repeats(boss, monkeypatch, query):
    monkeypatch.setattr(views, "PAGE_SIZE", 2)
    for number in range(5):
        EntryFactory(details=str(number))
    first = boss.get(LOG, query)
    EntryFactory(details="arrived meanwhile")
    second = boss.get(first.context["listing"].next_url)
    third = boss.get(second.context["listing"].next_url)
    assert [shown(page) for page in (first, second, third)] == [["4", "3"], ["2", "1"], ["0"]]
    assert third.context["listing"].next_url == ""
    assert shown(boss.get(third.context["listing"].previous_url)) == ["2", "1"]
    assert 'rel="next"' in first.content.decode()
    assert 'rel="next"' not in third.content.decode()


def test_a_page_that_has_become_empty_leads_to_the_first(boss, monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 1)
    EntryFactory.create_batch(2)
    url = boss.get(LOG).context["listing"].next_url
    ActivityLog.objects.order_by("pk").first().delete()
    response = boss.get(url)
    assert (len(shown(response)), ignored(response)) == (1, ["a page that has become empty"])


def test_the_count_stops_at_a_thousand(boss, monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 1)
    ActivityLog.objects.bulk_create(
        ActivityLog(activity_date=NOW, activity_type="read", target_type="tickets") for _number in range(1001)
    )
    assert boss.get(LOG).context["listing"].count_label == "1,000+ entries"


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_the_log_takes_as_many_queries_for_50_rows_as_for_one(boss, rows, django_assert_num_queries):
    for _number in range(rows):
        EntryFactory(user=UserFactory())
    with django_assert_num_queries(4):  # session, visitor, entries, the views of the rail
        boss.get(LOG)


@pytest.mark.parametrize("rows", [1, 3, 50, 51])
def test_a_persons_log_takes_as_few(boss, agent, rows, django_assert_num_queries):
    EntryFactory.create_batch(rows, user=agent)
    # Session, visitor, person, entries; beyond a page the count.
    with django_assert_num_queries(5 if rows <= 50 else 6):
        boss.get(f"/activity/users/{agent.pk}/")


# --- fragments -------------------------------------------------------------------------------------------------------


def test_htmx_gets_the_results_alone_and_the_shortest_address(boss, log):
    headers = {"HX-Request": "true", "HX-Target": "results"}
    response = boss.get(LOG, {"ticket": "7", "user": "", "bogus": "1"}, headers=headers)
    page = response.content.decode()
    assert "<html" not in page
    assert 'id="results"' in page
    assert "2 entries" in page
    assert response["HX-Push-Url"] == "/activity/?ticket=7"
    assert {"HX-Request", "HX-Target"} <= {name.strip() for name in response["Vary"].split(",")}


def test_a_boosted_or_restored_request_gets_the_whole_page(boss, log):
    for headers in (
        {"HX-Request": "true"},
        {"HX-Request": "true", "HX-Target": "results", "HX-History-Restore-Request": "true"},
    ):
        assert "<html" in boss.get(LOG, headers=headers).content.decode()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (LOG, "Nothing yet"),
        (f"{LOG}?ticket=1", "No activity matches"),
        ("/activity/users/{user}/", "What this person does"),
    ],
)
def test_an_empty_list_says_why(boss, agent, path, words):
    assert words in boss.get(path.format(user=agent.pk)).content.decode()


# --- one person, one entry -------------------------------------------------------------------------------------------


def test_a_persons_log_shows_what_they_did_and_nothing_else(boss, log, agent):
    response = boss.get(f"/activity/users/{agent.pk}/")
    assert shown(response) == ["c", "b"]
    assert "Activity of John Smith" in response.content.decode()
    assert ignored(boss.get(f"/activity/users/{agent.pk}/?user=1")) == ["user"]


def test_an_entry_shows_all_that_it_keeps(boss, agent, requester):
    ticket = services.create_ticket(actor=requester, title="Printer", description="It burns.\nStill.").ticket
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"description": "<b>Out</b>"})
    entry = ActivityLog.objects.latest("pk")
    page = boss.get(f"/activity/{entry.pk}/").content.decode()
    assert "It burns.<br>Still." in page
    assert "&lt;b&gt;Out&lt;/b&gt;" in page
    assert f'href="/tickets/{ticket.pk}/"' in page
    assert "somebody has changed it" not in page


def test_an_entry_that_was_changed_behind_tms_says_so(boss):
    entry = EntryFactory()
    ActivityLog.objects.filter(pk=entry.pk).update(details="Nothing happened.")
    assert "somebody has changed it in the database" in boss.get(f"/activity/{entry.pk}/").content.decode()


@pytest.mark.parametrize("changes", [[], "x", {"title": 7, "status": ["a", "b", "c"], "resolution_date": [1, 2]}])
def test_an_entry_whose_changes_make_no_sense_opens_too(boss, changes):
    ticket = TicketFactory()
    entry = EntryFactory(
        activity_type="update", target_type="ticket", target_id=ticket.pk, ticket_id=ticket.pk, changes=changes
    )
    assert boss.get(f"/activity/{entry.pk}/").status_code == 200
    assert boss.get(f"/tickets/{ticket.pk}/").status_code == 200


def test_an_entry_about_a_deleted_ticket_has_no_link_to_it(boss, sysadmin):
    ticket = TicketFactory()
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    page = boss.get(f"/activity/{ActivityLog.objects.latest('pk').pk}/").content.decode()
    assert f"#{ticket.pk} (deleted)" in page
    assert f'href="/tickets/{ticket.pk}/"' not in page


def test_an_entry_without_a_ticket_opens_too(boss):
    assert boss.get(f"/activity/{EntryFactory().pk}/").status_code == 200
