"""Attached files."""

from tms_site.tests.matrix.row import MEMBERS_405, Row

FILE = "/tickets/{ticket}/attachments/{file}/"
NOTE_FILE = "/tickets/{ticket}/attachments/{note_file}/"

ROWS = {
    # The first is the owner's, with their comment; the last stands for the files of a note.
    "tickets:attachment": Row(FILE, "login 200 404 200 200 200 login", MEMBERS_405),
    "tickets:attachment_preview": Row(FILE + "preview/", "login 200 404 200 200 200 login", MEMBERS_405),
    "tickets:attachment_delete": Row(
        FILE + "delete/", "login 200 404 403 403 200 login", "login 302 404 403 403 302 login"
    ),
}
