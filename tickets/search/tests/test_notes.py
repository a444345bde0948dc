"""Internal notes are found by those who may see them, and by the search of anybody else it's as if there were none."""

import pytest

from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.merging.services import merge_tickets, undo_merge
from tickets.models import Ticket
from tickets.search import documents, engine, rebuild, syntax
from tickets.search.tests.conftest import assert_whole, terms_of
from tickets.trash.services import restore_ticket

pytestmark = pytest.mark.django_db

TITLE, DESCRIPTION = "Projector", "The lamp is dead"
# (a note on that ticket; what finds it at the desk)
FINDS = [
    ("Zirconium inside", "zirconium"),
    ("Zirconium inside", "zirc"),
    ("Zirconium inside", "inside zirconium"),
    ("Zirconium inside", "lamp zirconium"),
    ("Zirconium inside", "projector zirc lam"),
    ("Zirconium inside", '"zirconium inside"'),
    ("Zirconium inside", '"lamp is dead" "zirconium inside"'),
    ("Zirconium inside", "zirconium -kettle"),
    ("Zirconium inside", 'zirconium -"inside zirconium" -"dead zirconium"'),
    ("Sent PRN-2041 away", "PRN-2041"),
    ("Sent PRN-2041 away", "prn2041"),
    ("Sent PRN-2041 away", "2041"),
    ("Sent PRN2041 away", "PRN-2041"),
    ("Sent PRN-2041 away", '"sent prn-2041 away"'),
    ("Error 0x80070005", "0x8007"),
    ("Café crème", "cafe CREME"),
    ("打印机坏了", "打印机"),
    ("打印机坏了", "坏了 lamp"),
    ("打印机坏了", "了"),
    ("打印机坏了", '"打印机坏了"'),
]
# (a note; what finds the ticket neither with it nor by it)
MISSES = [
    ("Zirconium inside", "irconium"),
    ("Zirconium inside", '"zirc"'),
    ("Zirconium inside", '"inside zirconium"'),
    ("Zirconium inside", '"dead zirconium"'),
    ("Zirconium inside", '"projector zirconium"'),
    ("Zirconium inside", '"inside projector"'),
    ("Zirconium inside", '"inside the lamp"'),
    ("Zirconium inside", "zirconium -lamp"),
    ("Sent PRN-2041 away", "PRN-2042"),
    ("Sent PRN-2041 away", '"away 2041 prn"'),
    ("Sent PRN-2041", '"2041 prn2041"'),
    ("打印机坏了", "机打"),
    ("打印机坏了", "nn"),
]
# (a note; what the desk leaves out by it)
EXCLUDES = [
    ("Zirconium inside", "lamp -zirconium"),
    ("Zirconium inside", 'lamp -"zirconium inside"'),
    ("Sent PRN-2041 away", "lamp -prn-2041"),
    ("打印机坏了", "lamp -打印机"),
]


@pytest.fixture
def noted(agent, requester):
    """Return a function that makes a ticket of Jane's with a note on it."""

    def make(note, title=TITLE, description=DESCRIPTION):
        ticket = TicketFactory(title=title, description=description, requester=requester)
        CommentFactory(ticket=ticket, commented_by=agent, is_internal=True, description=note)
        return ticket

    return make


@pytest.mark.parametrize(("note", "text"), FINDS)
def test_the_desk_finds_a_ticket_by_its_notes_and_its_requester_does_not(
    search, noted, agent, sysadmin, requester, other_requester, note, text
):
    TicketFactory(title="Another", description="of no interest", requester=requester)
    noted(note)
    for actor, titles in ((agent, [TITLE]), (sysadmin, [TITLE]), (requester, []), (other_requester, [])):
        assert search(text, actor) == titles


@pytest.mark.parametrize(("note", "text"), MISSES)
def test_what_a_note_does_not_say_finds_nothing(search, noted, agent, requester, note, text):
    noted(note)
    assert search(text, agent) == search(text, requester) == []


@pytest.mark.parametrize(("note", "text"), EXCLUDES)
def test_a_minus_sign_leaves_out_what_a_note_says_for_the_desk_alone(search, noted, agent, requester, note, text):
    noted(note)
    assert (search(text, agent), search(text, requester)) == ([], [TITLE])


@pytest.mark.mysql
@pytest.mark.django_db(transaction=True)
def test_the_full_text_index_of_a_server_finds_the_same(search, noted, agent, requester, always_fulltext):
    cases = [(*case, [TITLE], []) for case in FINDS]
    cases += [(*case, [], []) for case in MISSES]
    cases += [(*case, [], [TITLE]) for case in EXCLUDES]
    for note, text, at_the_desk, by_its_requester in cases:
        Ticket.objects.all().delete()
        noted(note)
        assert (search(text, agent), search(text, requester)) == (at_the_desk, by_its_requester), (note, text)


@pytest.mark.mysql
@pytest.mark.django_db(transaction=True)
def test_words_that_are_frequent_in_notes_alone_are_read_instead_of_asked_for(
    search, noted, agent, requester, monkeypatch
):
    monkeypatch.setattr("tickets.search.mysql.SAMPLE", 20)
    noted("Zirconium, as ever", title="Of long ago")
    for number in range(30):
        noted("Zirconium", title=f"Lately {number}")
    with_index = "MATCH" in statement(syntax.parse("zirconium"), agent)
    assert (with_index, len(search("zirconium", agent))) == (False, 31)
    assert search("zirconium ever", agent) == ["Of long ago"]
    assert search("zirconium", requester) == search("zirconium ever", requester) == []


def statement(query, actor):
    return str(engine.filter(Ticket.objects.visible_to(actor), query, actor).query)


def test_a_word_in_a_note_counts_like_one_in_the_text(search, noted, agent, requester):
    noted("Zirconium", title="In a note")
    TicketFactory(title="In the text", description="Zirconium", requester=requester)
    TicketFactory(title="Zirconium in the title", requester=requester)
    assert search("zirconium", agent) == ["Zirconium in the title", "In the text", "In a note"]
    noted("Zirconium", title="In a later note")
    assert search("zirconium", agent)[1] == "In a later note"


def test_words_side_by_side_in_a_note_count_more(search, noted, agent):
    noted("The paper jam again", title="One")
    noted("Jam on the paper", title="Two")
    assert search("paper jam", agent)[0] == "One"


ASKED = ["lamp", "zirconium", "lamp zirconium", "lamp -zirconium", '"the lamp"', "lam dea", "projector", "1", "is"]


def trace(actor, texts=ASKED):
    """Return all that a person can tell by searching: hits, their order, where it ends, counts and suggestions."""
    tickets = Ticket.objects.visible_to(actor)
    queries = [syntax.parse(text) for text in texts]
    return (
        [engine.ranked(tickets, query, actor) for query in queries],
        [engine.filter(tickets, query, actor).count() for query in queries],
        [list(engine.filter(tickets, query, actor).order_by("title", "pk")) for query in queries],
        [engine.similar(tickets, text, actor, 5) for text in texts],
    )


def leaves_no_trace(agent, requester):
    tickets = [
        TicketFactory(title=f"{TITLE} {number}", description=DESCRIPTION, requester=requester) for number in range(6)
    ]
    before, of_desk = trace(requester), trace(agent)
    for ticket in tickets[:5]:
        for note in ("zirconium projector", "The lamp is dead, the lamp is dead 1"):
            services.add_comment(actor=agent, ticket_id=ticket.pk, description=note, is_internal=True)
    assert trace(agent) != of_desk
    return trace(requester) == before


def test_a_requester_cannot_tell_from_a_search_that_there_are_notes(agent, requester, monkeypatch):
    monkeypatch.setattr(engine, "RANKED_MAX", 3)
    assert leaves_no_trace(agent, requester)


@pytest.mark.mysql
@pytest.mark.django_db(transaction=True)
def test_nor_from_the_full_text_index_of_a_server(agent, requester, monkeypatch, always_fulltext):
    monkeypatch.setattr(engine, "RANKED_MAX", 3)
    monkeypatch.setattr(engine, "SIMILAR_CANDIDATES", 2)
    assert leaves_no_trace(agent, requester)


def test_a_requester_is_asked_for_as_if_there_were_no_notes_at_all(requester, agent):
    query = syntax.parse('lamp "is dead" -kettle')
    assert "nn" not in statement(query, requester)
    assert "nnlamp" in statement(query, agent)


@pytest.mark.parametrize("note", ["Projector lamp", "projector zirconium"])
def test_similar_tickets_are_suggested_by_what_everybody_reads(noted, agent, note):
    noted(note, title="Something else", description="altogether")
    tickets = Ticket.objects.visible_to(agent)
    assert engine.similar(tickets, note, agent, 5) == []


def test_a_word_that_notes_alone_use_often_says_as_much_as_ever_in_a_title(noted, agent, requester):
    for _each in range(30):
        noted("The VPN")
    ticket = TicketFactory(title="VPN is slow", requester=requester)
    for actor in (agent, requester):
        assert engine.similar(Ticket.objects.visible_to(actor), "VPN", actor, 5) == [ticket.pk]


def note_on(agent, ticket, text):
    return services.add_comment(actor=agent, ticket_id=ticket.pk, description=text, is_internal=True).comment


def test_notes_leave_the_rest_of_a_document_as_it_was(printer, agent, requester):
    before = terms_of(printer)
    note_on(agent, printer, "Is it PRN-2041?")
    assert before == f" zzprinter zzsmoke ttprinter rq{requester.pk} "
    assert terms_of(printer) == f" nnis nnit nnprn nn2041{before}nnprn2041 "
    note_on(agent, printer, "!!")
    assert terms_of(printer) == f" nnis nnit nnprn nn2041{before}nnprn2041 "


def test_a_note_that_says_nothing_leaves_the_document_as_it_was(printer, agent):
    before = terms_of(printer)
    note_on(agent, printer, "…!")
    assert terms_of(printer) == before


def test_a_note_is_followed_where_it_changes_and_forgotten(printer, agent, sysadmin, requester, search):
    note = note_on(agent, printer, "Toner")
    services.edit_comment(actor=agent, ticket_id=printer.pk, comment_id=note.pk, description="Drum")
    assert (search("toner", agent), search("drum", agent), search("drum", requester)) == ([], ["Printer"], [])
    assert_whole()
    services.delete_comment(actor=sysadmin, ticket_id=printer.pk, comment_id=note.pk)
    assert search("drum", agent) == []
    assert_whole()


def test_a_note_that_becomes_public_is_found_by_everybody_on_the_ticket(printer, agent, requester, search):
    note = note_on(agent, printer, "Toner")
    assert (search("toner", agent), search("toner", requester)) == (["Printer"], [])
    services.publish_note(actor=agent, ticket_id=printer.pk, comment_id=note.pk)
    assert (search("toner", agent), search("toner", requester)) == (["Printer"], ["Printer"])
    assert "nn" not in terms_of(printer)
    assert_whole()


def test_a_note_goes_with_the_comments_of_a_merge_and_comes_back(printer, agent, requester, search):
    note_on(agent, printer, "Toner")
    target = services.create_ticket(actor=requester, title="Target", description="x").ticket
    [merge] = merge_tickets(actor=agent, target_id=target.pk, source_ids=[printer.pk]).merges
    assert (search("toner", agent), search("toner", requester)) == (["Target"], [])
    assert_whole()
    undo_merge(actor=agent, ticket_id=target.pk, merge_id=merge.pk)
    assert search("toner", agent) == ["Printer"]
    assert_whole()


def test_a_ticket_is_back_from_the_trash_with_its_notes(printer, agent, sysadmin, requester, search):
    note_on(agent, printer, "Toner")
    services.delete_ticket(actor=sysadmin, ticket_id=printer.pk)
    restore_ticket(actor=sysadmin, ticket_id=printer.pk)
    assert (search("toner", agent), search("toner", requester)) == (["Printer"], [])
    assert_whole()


@pytest.mark.parametrize("batch", [1, 500])
def test_documents_of_before_are_named_and_made_again(noted, agent, search, monkeypatch, batch):
    monkeypatch.setattr(rebuild, "BATCH", batch)
    ticket, other = noted("Zirconium"), TicketFactory()
    before = documents.document(requester=ticket.requester_id, title=TITLE, texts=[DESCRIPTION])
    documents.store({ticket.pk: before})
    assert search("zirconium", agent) == []
    lines = [line for _tickets, lines in rebuild.check() for line in lines]
    assert lines == [f"Ticket #{ticket.pk} {rebuild.OUTDATED}"]
    assert sum(step.changed for step in rebuild.rebuild()) == 1
    assert search("zirconium", agent) == [TITLE]
    assert terms_of(other)
    assert_whole()


def test_long_notes_take_nothing_from_what_everybody_reads(noted, monkeypatch, agent, requester, search):
    monkeypatch.setattr(documents, "TEXT_MAX", 40)
    monkeypatch.setattr(documents, "NOTES_MAX", 40)
    ticket = noted("begin " + "x" * 40 + " end")
    CommentFactory(ticket=ticket, description="late")
    assert search("begin", agent) == search("late", agent) == search("late", requester) == [TITLE]
    assert search("end", agent) == search("begin", requester) == []


@pytest.mark.parametrize("sign", ["一", "é ", "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}", "\N{SQUARE APAATO}"])
def test_a_document_with_notes_is_never_too_long_for_a_statement(sign):
    most = documents.TEXT_MAX + documents.NOTES_MAX
    texts = [sign * most]
    assert len(documents.document(requester=1, title="Long", texts=texts, notes=texts)) < 14 * most


def test_frequent_words_are_looked_for_in_the_notes_of_all_tickets_of_a_number(noted, agent, requester, monkeypatch):
    monkeypatch.setattr(engine, "KNOWN_MAX", 2)
    first = TicketFactory(title="Its number", requester=requester)
    numbers = [first.pk, *(noted(f"Like {first.pk}").pk for _each in range(5))]
    query = syntax.parse(str(first.pk))
    for actor, found in ((agent, numbers), (requester, numbers[:1])):
        hits = engine.filter(Ticket.objects.visible_to(actor), query, actor)
        assert sorted(hits.values_list("pk", flat=True)) == found
