"""Several web machines are one site (docs/operations.md): it doesn't matter which of them is asked."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from uuid import uuid4

import httpx
import pytest

from tickets.attachments.models import Attachment
from tickets.models import Ticket

pytestmark = [pytest.mark.mysql, pytest.mark.nginx, pytest.mark.django_db]

NEW = "/tickets/new/"
# Answers of nginx when a machine goes while it has a request in hand.
NOT_NOW = {502, 504}


def new_ticket(**values):
    return {"title": "Printer", "description": "It's on fire.", "priority": "low", "client_token": uuid4().hex} | values


def test_a_session_of_one_holds_on_the_other_and_ends_on_both(site, visitor):
    jane = visitor().log_in(site.a, site.people.jane)
    assert jane.is_logged_in(site.b)
    assert jane.is_logged_in(site.a)
    jane.post(site.b, "/accounts/logout/", {})
    assert not jane.is_logged_in(site.a)


def test_wrong_passwords_count_on_both_together(site, visitor):
    somebody = visitor()
    ways = [site.a, site.b, site.a, site.b, site.a]
    tries = [somebody.try_password(way, "nobody@example.com", "wrong").status_code for way in ways]
    assert tries == [422] * 5
    assert somebody.try_password(site.b, "nobody@example.com", "wrong").status_code == 429
    assert somebody.try_password(site.a, "nobody@example.com", "wrong").status_code == 429


def test_a_visitor_is_known_by_their_address_whatever_they_say_of_it(site, visitor):
    guesser = visitor()
    answers = [
        guesser.try_password(
            (site.a, site.b)[number % 2],
            f"guess{number}@example.com",
            "wrong",
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        ).status_code
        for number in range(11)
    ]
    assert answers == [422] * 10 + [429]
    # Would all of them have nginx's address, nobody else could log in now.
    assert visitor().log_in(site.b, site.people.john)


@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 200), ("127.0.2.1", 301)])
def test_only_a_proxy_of_ours_is_believed_about_https(site, address, status):
    transport = httpx.HTTPTransport(local_address=address)
    with httpx.Client(transport=transport) as client:
        answer = client.get(
            f"http://127.0.0.1:{site.first.port}/accounts/login/", headers={"X-Forwarded-Proto": "https"}
        )
    assert answer.status_code == status


def test_a_file_that_one_took_is_given_out_by_the_other(site, visitor):
    jane = visitor().log_in(site.a, site.people.jane)
    content = bytes(range(256)) * 4000
    values = {"description": "See the log.", "client_token": uuid4().hex}
    path = f"/tickets/{site.people.ticket}/"
    sent = jane.post(site.a, f"{path}comments/", values, files={"attachments": ("all.log", content)})
    assert sent.status_code == 302
    number = Attachment.objects.get(ticket=site.people.ticket).pk
    for way in (site.b, site.a):
        answer = jane.get(way, f"{path}attachments/{number}/")
        assert (answer.status_code, answer.content == content) == (200, True)


def test_the_same_form_sent_to_both_at_once_is_one_ticket_and_one_answer(site, visitor):
    jane = visitor().log_in(site.a, site.people.jane)
    values, together = new_ticket(), threading.Barrier(4)

    def send(way):
        together.wait()
        return jane.post(way, NEW, values)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(send, [site.a, site.b] * 2))
    assert {answer.status_code for answer in answers} == {302}
    (place,) = {answer.headers["Location"] for answer in answers}
    ticket = Ticket.objects.get(client_token=values["client_token"])
    assert place == ticket.get_absolute_url()


def test_who_looks_at_a_ticket_by_one_is_seen_by_the_other(site, visitor):
    john, alex = visitor().log_in(site.a, site.people.john), visitor().log_in(site.b, site.people.alex)
    path = f"/tickets/{site.people.ticket}/presence/"
    assert john.get(site.a, path).status_code == 200
    assert json.loads(alex.get(site.b, path).content)["text"] == "John Smith is looking at this."
    assert json.loads(john.get(site.a, path).content)["text"] == "Alex Johnson is looking at this."


class Load:
    """People who open tickets by the way that leads to both, and send again what nobody acknowledged."""

    def __init__(self, site, people):
        self.acknowledged, self.odd = [], []
        self._way, self._enough = site.both, threading.Event()
        self._more = threading.Condition()
        self._threads = [threading.Thread(target=self._work, args=(person,)) for person in people]
        for thread in self._threads:
            thread.start()

    def wait_for(self, more):
        """Return once so many more tickets are acknowledged."""
        with self._more:
            wanted = len(self.acknowledged) + more
            assert self._more.wait_for(lambda: len(self.acknowledged) >= wanted or self.odd, timeout=120)

    def stop(self):
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def _work(self, person):
        for number in count():
            values = new_ticket(title=f"Ticket {number}")
            while not self._enough.is_set() and not self._is_taken(person, values):
                self._enough.wait(0.05)
            if self._enough.is_set():
                return

    def _is_taken(self, person, values):
        try:
            status = person.post(self._way, NEW, values).status_code
        except httpx.TransportError as error:
            status = repr(error)
        with self._more:
            if status == 302:
                self.acknowledged.append(values["client_token"])
            elif status not in NOT_NOW:
                self.odd.append(status)
            self._more.notify_all()
        return status == 302


def test_when_one_is_killed_under_load_the_other_goes_on_and_nothing_is_lost(site, visitor):
    load = Load(site, [visitor().log_in(site.both, site.people.jane) for _number in range(3)])
    try:
        load.wait_for(10)
        site.first.end()
        load.wait_for(10)
        site.first.start()
        site.first.wait()
        load.wait_for(10)
    finally:
        load.stop()
    assert load.odd == []
    there = list(Ticket.objects.filter(title__startswith="Ticket ").values_list("client_token", flat=True))
    assert set(load.acknowledged) <= set(there)
    assert len(there) == len(set(there))
