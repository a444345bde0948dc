"""Words that are remembered are those of the reader's language."""

from datetime import date

from django.utils import formats, translation

from tms_site.lib.saying import remembered_by_language


def test_a_value_is_put_into_words_once_in_each_language():
    asked = []

    @remembered_by_language
    def month(value):
        """Return a month."""
        asked.append((translation.get_language(), value))
        return formats.date_format(value, "F")

    said = []
    for language in ("en", "de", "en", "de"):
        with translation.override(language):
            said.append(month(date(2026, 3, 1)))
    assert said == ["March", "März", "March", "März"]
    assert asked == [("en", date(2026, 3, 1)), ("de", date(2026, 3, 1))]
    assert (month.__name__, month.__doc__) == ("month", "Return a month.")
