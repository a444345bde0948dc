"""Hits show where: the words marked, everything escaped, nothing that one may not see."""

import pytest
from django.db import connection
from django.urls import reverse

from tickets.factories import CommentFactory, TicketFactory
from tickets.search.snippets import READ_MAX, marked_title, snippet
from tickets.search.syntax import parse


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("The printer smokes", "print", "The <mark>printer</mark> smokes"),
        ("The PRINTER smokes", "printer smokes", "The <mark>PRINTER</mark> <mark>smokes</mark>"),
        ("Device PRN-2041 is gone", "prn-2041", "Device <mark>PRN</mark>-<mark>2041</mark> is gone"),
        ("Device PRN-2041 is gone", "prn2041", "Device <mark>PRN-2041</mark> is gone"),
        ("Das Café schließt", "cafe SCHLIESST", "Das <mark>Café</mark> <mark>schließt</mark>"),
        ("Cafe\u0301 au lait", "café", "<mark>Cafe\u0301</mark> au lait"),
        ("هذا كِتَابٌ جديد", "كتاب", "هذا <mark>كِتَابٌ</mark> جديد"),
        ("打印机坏了", "打印机", "<mark>打印</mark>机坏了"),
        ("Das Gerät PRN-2041 fehlt", "prn2041", "Das Gerät <mark>PRN-2041</mark> fehlt"),
        ("Für „Drucker“ und Fax", "druck", "Für „<mark>Drucker</mark>“ und Fax"),
        ("\u0131s\u0131 22 derece", "\u0131s\u0131", "<mark>\u0131s\u0131</mark> 22 derece"),
        ("½ litre of ink", "12", "<mark>½</mark> litre of ink"),
        ("Etwa 3½ Liter", "312", "Etwa <mark>3½</mark> Liter"),
        (
            "on fire, then on fire",
            '"on fire"',
            "<mark>on</mark> <mark>fire</mark>, then <mark>on</mark> <mark>fire</mark>",
        ),
        ("<script>alert(1)</script>", "alert", "&lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt;"),
        ("a\n\n  b  c", "b", "a <mark>b</mark> c"),
        ("On the **3rd floor** run `print` or **print**", "run", "On the 3rd floor <mark>run</mark> print or print"),
        ("It is **broken**", "broken", "It is <mark>broken</mark>"),
        ("nothing here", "printer", ""),
        ("", "printer", ""),
    ],
)
def test_the_words_are_marked_and_the_rest_is_escaped(text, query, expected):
    assert snippet([text], parse(query)) == expected


def test_of_a_long_text_the_place_is_shown():
    found = snippet(["begin " * 50 + "the printer " + "end " * 100], parse("printer"))
    assert found.startswith("… begin begin")
    assert "the <mark>printer</mark> end" in found
    assert found.endswith("…")
    assert found.index("<mark>") < 30
    assert len(found) < 220


def test_of_several_texts_the_one_with_most_words_is_shown():
    assert snippet(["printer", "The toner of the printer", "toner"], parse("printer toner")).startswith(
        "The <mark>toner"
    )


@pytest.mark.parametrize(
    ("title", "query", "expected"),
    [
        ("Exchange <b>server</b>", "exchange", "<mark>Exchange</mark> &lt;b&gt;server&lt;/b&gt;"),
        ("<i>Printer</i> & `print`", "print", "&lt;i&gt;<mark>Printer</mark>&lt;/i&gt; &amp; `<mark>print</mark>`"),
        ("Device PRN-2041", "prn2041", "Device <mark>PRN-2041</mark>"),
        ("long " * 40 + "ink", "ink", "long " * 40 + "<mark>ink</mark>"),
        ("Nothing <here>", "printer", ""),
    ],
)
def test_the_words_are_marked_in_the_whole_title(title, query, expected):
    assert marked_title(title, parse(query)) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("sort", ["", "title"])
def test_a_list_marks_what_is_found_in_titles_only(client_for, agent, sort):
    TicketFactory(title="The <b>toner</b>", description="Nothing")
    client = client_for(agent)
    page = client.get(reverse("tickets:list"), {"q": "toner", "sort": sort}).content.decode()
    assert ">The &lt;b&gt;<mark>toner</mark>&lt;/b&gt;</a>" in page
    page = client.get(reverse("tickets:list")).content.decode()
    assert ">The &lt;b&gt;toner&lt;/b&gt;</a>" in page


@pytest.mark.django_db
@pytest.mark.parametrize("sort", ["", "title"])
def test_a_list_shows_them(client_for, agent, sort):
    ticket = TicketFactory(title="Device", description="<b>Nothing</b>")
    CommentFactory(ticket=ticket, description="The <b>toner</b> is empty")
    page = client_for(agent).get(reverse("tickets:list"), {"q": "toner", "sort": sort}).content.decode()
    assert '<p class="row-snippet">The &lt;b&gt;<mark>toner</mark>&lt;/b&gt; is empty</p>' in page


@pytest.mark.django_db
def test_a_list_without_a_search_shows_none(client_for, agent):
    TicketFactory(description="toner")
    assert b"row-snippet" not in client_for(agent).get(reverse("tickets:list"), {"status": "open"}).content


# The look at the newest documents is one more, for each time that a query is planned.
RANKED, SORTED = (9, 8) if connection.vendor == "sqlite" else (10, 9)


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3, 50])
@pytest.mark.parametrize(("query", "most"), [({"q": "ink"}, RANKED), ({"q": "ink", "sort": "title"}, SORTED)])
def test_a_search_takes_a_constant_number_of_queries(client_for, agent, rows, query, most, django_assert_num_queries):
    TicketFactory.create_batch(rows, title="Ink", description="ink")
    client = client_for(agent)
    client.get(reverse("tickets:list"), query)
    with django_assert_num_queries(most):
        client.get(reverse("tickets:list"), query)


@pytest.mark.django_db
def test_fields_of_the_search_box_become_filters(client_for, agent):
    TicketFactory(title="Ink", status="open")
    TicketFactory(title="Ink again", status="waiting")
    response = client_for(agent).get(reverse("tickets:list"), {"q": "ink status:waiting colour:none"})
    listing = response.context["listing"]
    assert listing.chosen.data.getlist("status") == ["waiting"]
    assert [str(chip.value) for chip in listing.chips if chip.label == "Status"] == ["Waiting"]
    assert "There is no search field “colour”" in response.content.decode()
    response = client_for(agent).get(reverse("tickets:list"), {"q": "status:waiting status:nonsense"})
    assert [ticket.title for ticket in response.context["listing"].page.items] == ["Ink again"]
    assert response.context["listing"].ignored == ["Status “nonsense”"]


@pytest.mark.django_db
def test_pages_of_a_ranking_neither_repeat_nor_leave_out(client_for, agent, settings):
    settings.TICKETS_PAGE_SIZE = 2
    TicketFactory.create_batch(5, title="Ink")
    client, seen, address = client_for(agent), [], f"{reverse('tickets:list')}?q=ink"
    while address:
        listing = client.get(address).context["listing"]
        seen += [ticket.pk for ticket in listing.page.items]
        assert str(listing.count) == "5"
        last, address = listing, listing.next_url
    assert len(seen) == len(set(seen)) == 5
    back = client.get(last.previous_url).context["listing"]
    assert [ticket.pk for ticket in back.page.items] == seen[2:4]
    assert not client.get(back.previous_url).context["listing"].previous_url
    for bad in ("x", last.previous_url.partition("page=")[2][:-3]):
        odd = client.get(reverse("tickets:list"), {"q": "ink", "page": bad}).context["listing"]
        assert [ticket.pk for ticket in odd.page.items] == seen[:2]
        assert odd.ignored


def test_a_line_of_letters_without_end_is_looked_through_in_one_go():
    assert snippet(["x" * READ_MAX] * 200, parse("printer")) == ""
