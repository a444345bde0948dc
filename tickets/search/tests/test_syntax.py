"""What may be typed into the search box, and what it means."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tickets.search import snippets, terms
from tickets.search.syntax import WORDS_MAX, Query, Word, parse
from tickets.search.tests.behaviour import HOSTILE


def word(*required, phrase=False, prefix=True):
    return Word(required, phrase=phrase, prefix=prefix)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("printer", (word("printer"),)),
        ("Printer printer", (word("printer"),)),
        ("to do", (word("to", prefix=False), word("do", prefix=False))),
        ('"on fire"', (word("on", "fire", phrase=True, prefix=False),)),
        ('"fire"', (word("fire", prefix=False),)),
        ('"not closed', (word("not", "closed", phrase=True, prefix=False),)),
        ("PRN-2041", (word("prn"), word("2041"))),
        ("打印机", (word("_0jju_0h4z", "_0h4z_0jrh", prefix=False),)),
    ],
)
def test_words_and_phrases(text, words):
    if text == "打印机":
        first, second = (terms.encode(pair) for pair in ("打印", "印机"))
        words = (word(first, second, prefix=False),)
    assert parse(text).words == words


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [("#7", 7, 0), ("7", 7, 1), ("007", 7, 1), ("#7 ink", None, 2), ("7.5", None, 2), ("٣", None, 1)],
)
def test_numbers(text, number, words):
    query = parse(text)
    assert (query.number, len(query.words)) == (number, words)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("status:open", {"status": ["open"]}),
        ("STATUS:Open,waiting status:resolved", {"status": ["open", "waiting", "resolved"]}),
        ("priority:high assigned:me", {"priority": ["high"], "assigned_agent": ["me"]}),
        ('requester:"Jane Doe"', {"requester": ["Jane Doe"]}),
        ("requester:jane.doe@example.com", {"requester": ["jane.doe@example.com"]}),
        ("is:unassigned", {"assigned_agent": ["none"]}),
        ("is:assigned", {"assigned_agent": ["any"]}),
        ("is:in-progress", {"status": ["in_progress"]}),
        ('status:"in progress"', {"status": ["in_progress"]}),
        ("status:in-progress,Open", {"status": ["in_progress", "open"]}),
        ("status: open", {"status": ["open"]}),
        ("is:  Unassigned priority: high", {"assigned_agent": ["none"], "priority": ["high"]}),
        ("created:> 2026-01-01", {"created_after": ["2026-01-02"]}),
        ("created: <= 2026-01-01", {"created_before": ["2026-01-01"]}),
        ("updated: 7d", {"updated_after": ["7d"]}),
        ("is:mine is:open", {"assigned_agent": ["me"], "status": ["open"]}),
        ("is:unresolved", {"status": ["open", "in_progress", "waiting"]}),
        ("created:>2026-01-01", {"created_after": ["2026-01-02"]}),
        ("created:>=2026-01-01", {"created_after": ["2026-01-01"]}),
        ("updated:<2026-01-01", {"updated_before": ["2025-12-31"]}),
        ("updated:<=2026-01-01", {"updated_before": ["2026-01-01"]}),
        ("resolved:2026-01-01", {"resolved_after": ["2026-01-01"], "resolved_before": ["2026-01-01"]}),
        (
            "created:2026-01-01..2026-02-01",
            {"created_after": ["2026-01-01"], "created_before": ["2026-02-01"]},
        ),
        ("created:2026-01-01..", {"created_after": ["2026-01-01"]}),
        ("created:..2026-01-01", {"created_before": ["2026-01-01"]}),
        ("created:7d", {"created_after": ["7d"]}),
        ("created:>nonsense", {"created_after": ["nonsense"]}),
        (
            "created:>0001-01-01 created:<0001-01-01",
            {"created_after": ["0001-01-02"], "created_before": ["0001-01-01"]},
        ),
        ("sort:title", {"sort": ["title"]}),
    ],
)
def test_fields(text, fields):
    query = parse(f"ink {text} paper")
    assert query.fields == fields
    assert query.text == "ink paper"
    assert query.words == (word("ink"), word("paper"))
    assert query.unknown == ()


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("colour:red", ("colour",)),
        ("colour:red shape:round", ("colour", "shape")),
        ("https://example.com/a", ()),
        ("note: this", ()),
        ("status: unknown", ()),
        ("created: 3 tickets", ()),
        ("10:30", ()),
        ("status:", ()),
        ("created:..", ()),
        ('C:\\temp "a:b"', ()),
    ],
)
def test_what_is_no_field_is_words(text, unknown):
    query = parse(text)
    assert query.unknown == unknown
    assert query.fields == {}
    assert query.text == text


@pytest.mark.parametrize(
    ("text", "refused", "named"),
    [
        ("is:bogus", "is:bogus", "after “is:” may stand assigned, unassigned, mine"),
        ('is:"all mine"', 'is:"all mine"', "may stand"),
        ("created:>", "created:>", "it needs a date such as 2026-01-31"),
        ("-status:open", "-status:open", "a minus sign goes before words only"),
        ("-is:open", "-is:open", "a minus sign goes before words only"),
    ],
)
def test_what_a_field_cannot_mean_is_left_out_and_said(text, refused, named):
    query = parse(f"ink {text} paper")
    assert query.refused == (refused,)
    assert f"“{refused}” was left out: " in query.notes[0]
    assert named in query.notes[0]
    assert (query.text, query.fields, query.unknown) == ("ink paper", {}, ())


@pytest.mark.parametrize(
    ("text", "excluded"),
    [
        ("ink -paper", (word("paper", prefix=False),)),
        ('ink -"paper jam"', (word("paper", "jam", phrase=True, prefix=False),)),
        ("ink -PRN-2041", (word("prn", "2041", phrase=True, prefix=False),)),
        ("ink -“paper jam” -a", (word("paper", "jam", phrase=True, prefix=False), word("a", prefix=False))),
        ("ink -colour:red", (word("colour", "red", phrase=True, prefix=False),)),
    ],
)
def test_a_minus_sign_leaves_words_out(text, excluded):
    query = parse(text)
    assert (query.words, query.excluded, query.notes) == ((word("ink"),), excluded, ())
    assert parse(query.text) == query


@pytest.mark.parametrize("text", ["ink - paper", "ink-paper", "ink --paper", "ink -+paper"])
def test_other_dashes_leave_nothing_out(text):
    assert parse(text).words == (word("ink"), word("paper"))
    assert parse(text).excluded == ()


def test_a_negative_number_is_a_word():
    assert parse("error -1073741819").words == (word("error"), word("1073741819"))


def test_nothing_but_exclusions_needs_a_word():
    query = parse("-paper")
    assert (query.words, query.number) == ((), None)
    assert query.notes == ("A search needs a word that tickets have, beside those that they don't have.",)


def test_or_between_words_is_not_understood_and_this_is_said():
    query = parse("ink OR paper")
    assert query.words == (word("ink"), word("paper"))
    assert query.notes == ("“OR” isn't understood: all words must be there.",)
    for text in ("OR paper", "ink or paper", "the OR"):
        assert parse(text).notes == ()
        assert word("or", prefix=False) in parse(text).words


@pytest.mark.parametrize("text", ["“to the”", "„to the“", "«to the»"])
def test_typographic_quotes_are_quotes(text):
    assert parse(text).words == (word("to", "the", phrase=True, prefix=False),)


def test_there_are_only_so_many_words():
    assert len(parse(" ".join(f"word{number}" for number in range(50))).words) == WORDS_MAX


@pytest.mark.parametrize("text", ["", "%", '"', "()", "🖨"])
def test_signs_are_nothing_to_look_for(text):
    assert (parse(text).words, parse(text).number) == ((), None)


@given(st.text(max_size=200))
@example('a:"')
@example("\ud800")
@example("\u017f:ﬁ")
def test_anything_can_be_typed(text):
    query = parse(text)
    assert isinstance(query, Query)
    for each in query.words:
        assert each.required
        for term in each.required:
            assert term.isascii()
            assert term.replace("_", "").isalnum()
            assert len(term) <= terms.TERM_MAX
    assert parse(query.text).words == query.words or query.fields
    assert "<script" not in snippets.snippet([text, f"<script>{text}"], query)


@given(st.text(max_size=100))
def test_terms_are_found_by_what_they_were_made_of(text):
    folded = terms.fold(text)
    indexed = set(terms.sequence(folded)) | terms.extras(folded)
    for each in parse(text.replace(":", " ").replace('"', " ")).words:
        wanted = each.required[-1]
        assert set(each.required[:-1]) <= indexed
        assert any(term.startswith(wanted) if each.prefix else term == wanted for term in indexed)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_has_a_meaning(text):
    assert isinstance(parse(text), Query)
