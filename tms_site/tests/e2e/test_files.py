"""Files are dropped, pasted and chosen; without script they're chosen."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tickets.attachments.models import Attachment
from tickets.factories import TicketFactory, picture_bytes
from tickets.models import Ticket
from tms_site.tests.e2e.axe import DESKTOP, PHONE
from tms_site.tests.e2e.conftest import SEND_COMMENT

pytestmark = pytest.mark.browser

# Hands files to the page as the system does when somebody drops or pastes them.
HAND = """([kind, name, type]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["something"], name, { type }));
    const target = document.querySelector("#comment_description");
    const init = { bubbles: true, cancelable: true };
    if (kind === "paste") target.dispatchEvent(new ClipboardEvent("paste", { ...init, clipboardData: transfer }));
    else for (const each of ["dragover", "drop"])
        document.body.dispatchEvent(new DragEvent(each, { ...init, dataTransfer: transfer }));
}"""


def payload(name: str, content: bytes = b"All is well.") -> FilePayload:
    return {"name": name, "mimeType": "", "buffer": content}


def names_of(page: Page) -> list[str]:
    return page.locator(".attach-list .file-name").all_inner_texts()


def test_files_are_chosen_dropped_and_pasted_and_go_with_the_comment(open_page, requester, settings, expected):
    expected.append("422")
    settings.ATTACHMENT_MAX_FILE = 2000
    ticket = TicketFactory(requester=requester)
    page = open_page(requester, ticket.get_absolute_url())
    choose = page.get_by_label("Attach files")
    choose.set_input_files([payload("report.pdf"), payload("run.exe"), payload("huge.txt", b"x" * 2001)])
    problem = page.locator("[data-files-problem]")
    expect(problem).to_contain_text("“run.exe”: files that end in .exe aren't taken.")
    expect(problem).to_contain_text("“huge.txt” is larger than 2 KB.")
    choose.set_input_files([payload("screen.png", picture_bytes())])
    expect(problem).to_be_hidden()
    page.evaluate(HAND, ["drop", "dropped.txt", "text/plain"])
    page.evaluate(HAND, ["paste", "image.png", "image/png"])
    page.evaluate(HAND, ["paste", "unwanted.txt", "text/plain"])
    expect(page.locator(".attach-list li")).to_have_count(5)
    page.get_by_role("button", name="Remove unwanted.txt").click()
    assert names_of(page)[:3] == ["report.pdf", "screen.png", "dropped.txt"]
    assert names_of(page)[3].startswith("screenshot-")

    # What the server refuses comes back with its files.
    page.evaluate("document.querySelectorAll('form').forEach((form) => delete form.dataset.validate)")
    page.get_by_role("button", name=SEND_COMMENT).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert len(names_of(page)) == 4
    expect(page.locator("[data-files-lost]")).to_have_count(0)
    page.get_by_label("Comment*").fill("Look at these.")
    page.get_by_role("button", name=SEND_COMMENT).click()
    expect(page.locator("#thread .file")).to_have_count(4)
    expect(page.locator(".attach-list li")).to_have_count(0)
    assert Attachment.objects.count() == 4
    preview = page.get_by_role("img", name="Preview of screen.png")
    preview.scroll_into_view_if_needed()
    expect(preview).to_have_js_property("naturalWidth", 40)

    with page.expect_download() as download:
        page.get_by_role("link", name="report.pdf", exact=True).click()
    assert download.value.suggested_filename == "report.pdf"
    page.get_by_role("link", name="Remove report.pdf").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove file").click()
    expect(page.locator("#thread")).to_contain_text("removed the file, which was “report.pdf”")
    assert Attachment.objects.count() == 3


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_without_javascript_files_are_chosen_and_a_refused_form_says_that_they_must_be_chosen_again(
    open_page, requester, expected, width
):
    expected.append("422")
    page = open_page(requester, "/tickets/new/", java_script_enabled=False, width=width)
    page.get_by_label("Title").fill("Projector is dead")
    page.get_by_label("Attach files").set_input_files([payload("a.txt"), payload("b.txt")])
    page.get_by_label("Description").fill(" ")
    page.get_by_role("button", name="Create ticket").click()
    expect(page.get_by_text("They were a.txt, b.txt.")).to_be_visible()
    page.get_by_label("Description").fill("No light at all.")
    page.get_by_label("Attach files").set_input_files([payload("a.txt"), payload("b.txt")])
    page.get_by_role("button", name="Create ticket").click()
    expect(page.locator("#description .file")).to_have_count(2)
    assert Ticket.objects.get().attachments.count() == 2


def test_an_empty_comment_is_told_of_files_only_where_some_are_chosen(open_page, requester):
    page = open_page(requester, TicketFactory(requester=requester).get_absolute_url())
    send = page.get_by_role("button", name=SEND_COMMENT)
    problem = page.locator("#comment_description_error")
    send.click()
    expect(problem).to_have_text("Write a line of text.")
    page.get_by_label("Attach files").set_input_files([{"name": "a.txt", "mimeType": "", "buffer": b"x"}])
    send.click()
    expect(problem).to_have_text("Write a line of text: a file can't go without one either.")
    page.get_by_role("button", name="Remove a.txt").click()
    send.click()
    expect(problem).to_have_text("Write a line of text.")
