"""A button that is pressed twice: it works once, and both answers are the same."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.utils import timezone

from tms_site.lib.once import AT_WORK_SECONDS, once
from tms_site.tests.test_concurrency import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


def posted(name="abc", path="/kites/7/", user=None):
    request = RequestFactory().post(path, {"client_token": name} if name else {})
    request.user = user or AnonymousUser()
    return request


class Button:
    """A view that counts how often it works."""

    def __init__(self, answer="/done/"):
        self.presses, self.answer = 0, answer

    def press(self, name="abc", path="/kites/7/", user=None):
        return self.view(posted(name, path, user), kite_id=7)

    @property
    def view(self):
        @once("tickets:detail", "kite_id")
        def view(request, kite_id):
            self.presses += 1
            if isinstance(self.answer, Exception):
                raise self.answer
            return (
                HttpResponse(status=self.answer) if isinstance(self.answer, int) else HttpResponseRedirect(self.answer)
            )

        return view


def test_the_second_press_does_nothing_and_leads_to_the_same_place():
    button = Button()
    assert [button.press().url, button.press().url] == ["/done/", "/done/"]
    assert button.presses == 1


def test_another_submission_another_button_and_another_person_work_anew(requester, agent):
    button = Button()
    button.press()
    button.press(name="other")
    button.press(path="/kites/8/")
    button.press(user=requester)
    button.press(user=agent)
    assert button.presses == 5


def test_without_a_name_each_press_counts():
    button = Button()
    button.press(name="")
    button.press(name="")
    assert button.presses == 2


def test_presses_take_no_room_from_the_limits():
    cache.set("limit", 1)
    button = Button()
    for name in "abc":
        button.press(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM tms_cache")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("answer", [422, LookupError("gone")])
def test_what_was_refused_may_be_sent_again(answer):
    button = Button(answer)
    for _time in range(2):
        if isinstance(answer, Exception):
            with pytest.raises(LookupError):
                button.press()
        else:
            assert button.press().status_code == answer
    assert button.presses == 2


@pytest.mark.parametrize("name", ["ü" * 300, "a\nb", "<b>"])
def test_a_name_of_any_letters_is_taken(name):
    button = Button()
    assert [button.press(name).status_code, button.press(name).status_code] == [302, 302]
    assert button.presses == 1


@pytest.mark.django_db(transaction=True)
def test_ten_presses_at_once_work_once():
    button = Button()
    answers = at_once(*[button.press] * 10)
    assert {answer.url for answer in answers} <= {"/done/", "/tickets/7/"}
    assert button.presses == 1


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_at_work_the_second_is_led_to_where_it_will_lead():
    button, started, may_end = Button(), threading.Event(), threading.Event()

    @once("tickets:detail", "kite_id")
    def slow(request, kite_id):
        started.set()
        assert may_end.wait(10)
        return HttpResponseRedirect("/done/")

    def first():
        return slow(posted(), kite_id=7)

    def second():
        assert started.wait(10)
        try:
            return button.press()
        finally:
            may_end.set()

    assert [answer.url for answer in at_once(first, second)] == ["/done/", "/tickets/7/"]
    assert button.presses == 0


def test_a_press_whose_process_was_killed_may_be_repeated_once_it_cannot_be_at_work_any_more(monkeypatch):
    button = Button()

    @once("tickets:detail", "kite_id")
    def killed(request, kite_id):
        # What the database holds at this moment is all that is left of it.
        assert button.press().url == "/tickets/7/"
        now = timezone.now() + timedelta(seconds=AT_WORK_SECONDS + 1)
        with monkeypatch.context() as later:
            later.setattr("django.core.cache.backends.db.tz_now", lambda: now)
            assert button.press().url == "/done/"
        return HttpResponseRedirect("/never seen/")

    killed(posted(), kite_id=7)
    assert button.presses == 1
