"""A file of CSV whose head is no good is told so once, whatever stands under it."""

import pytest

pytestmark = pytest.mark.django_db
NO_NAME = "no column of users is called so. There are: key, email, name"


@pytest.mark.parametrize(
    ("head", "problem", "end"),
    [
        ("email,colour", f"“colour”: {NO_NAME}", "password_hash."),
        ("name,role", "email: there's no such column, and each line must have it.", "have it."),
        ("email\tname", f"“email name”: {NO_NAME}", "with commas or semicolons between the columns."),
        ("email;name,role", f"“email;name”: {NO_NAME}", "anew with one of them between the columns."),
    ],
)
@pytest.mark.parametrize("rows", [0, 300])
def test_a_wrong_head_is_told_once_whatever_stands_under_it(head, problem, end, rows, write, refused):
    lines = refused(write("users.csv", f"{head}\n".encode() + b"a@example.com,b\n" * rows))
    assert lines[0].startswith(f"users.csv, line 1, {problem}")
    assert lines[0].endswith(end)
    assert lines[1:] == ["1 problem. Nothing was written."]


def test_a_head_of_nobodys_is_told_once_of_another_helpdesks_file_too(write, refused):
    lines = refused(write("list.csv", b"Number\tFrom\n1\tJane\n2\tJohn\n"), "--mapping", "osticket")
    assert lines[0].startswith(
        "list.csv, line 1: has none of the columns Ticket Number, Email, staff_id and type. There"
    )
    assert lines[1:] == ["1 problem. Nothing was written."]


def test_columns_without_a_name_may_stand_there_as_long_as_they_are_empty(write, bring):
    assert "Wrote 1 users" in bring(write("users.csv", b"email,name,\njane@example.com,Jane,\n"))


def test_a_file_with_nothing_but_a_good_head_is_called_so(write, bring):
    assert bring(write("users.csv", b"email,name\n")) == "Nothing to import: there are no lines in it.\n"
