"""Size, count and kind of files are limited on the server, names are made harmless (docs/security.md, rows 7, 8)."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageOps

from tickets.attachments import files, images, kinds
from tickets.attachments.models import Attachment
from tickets.attachments.names import NAME_MAX, display_name
from tickets.factories import picture_bytes, upload
from tickets.models import Comment, Ticket

LIMIT = 1000
CORNERS = ((0, 0), (1, 0), (0, 1), (1, 1))


@pytest.fixture(autouse=True)
def limits(settings):
    settings.ATTACHMENT_MAX_FILE = LIMIT
    settings.ATTACHMENT_MAX_COMMENT = 2500


def problems(*uploads):
    try:
        files.check(uploads)
    except ValidationError as error:
        return error.messages
    return []


@pytest.mark.parametrize(
    ("size", "problem"), [(0, "is empty"), (1, ""), (LIMIT, ""), (LIMIT + 1, "is larger than 1000\xa0bytes")]
)
def test_a_file_has_one_byte_at_least_and_as_many_as_the_limit_at_most(size, problem):
    found = problems(upload("a.txt", b"x" * size))
    assert found == ([f"“a.txt” {problem}."] if problem else [])


def test_files_together_have_a_limit_too():
    assert problems(*[upload(content=b"x" * 1000)] * 2, upload(content=b"x" * 500)) == []
    assert "Together" in problems(*[upload(content=b"x" * 1000)] * 2, upload(content=b"x" * 501))[0]


def test_there_are_twenty_files_at_most():
    assert problems(*[upload(content=b"x")] * 20) == []
    assert problems(*[upload(content=b"x")] * 21) == ["Attach at most 20 files at a time."]


@pytest.mark.parametrize(
    "name",
    ["a.exe", "a.svg", "a.html", "a.htm", "a.js", "a.php", "a.png.svg", "a.txt.", "a", ".htaccess", "a.PNG.html",
     "a.txt/x.exe", "a.svg\u200b", "a.png\x00.html", "a.pdf .bat", "a.xhtml", "a.shtml", "a.xml"],
)  # fmt: skip
def test_an_ending_that_is_not_on_the_list_is_refused(name):
    # A dot or blank at the end is nothing to a desktop: what stands before it counts.
    found = problems(upload(name, b"x"))
    assert bool(found) == (name != "a.txt.")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ana\\plan.pdf", "plan.pdf"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("a\u200b\u2060b.png", "ab.png"),
        ("  two   words .txt ", "two words .txt"),
        ("line\r\nbreak.txt", "line break.txt"),
        ("nul\x00.txt", "nul.txt"),
        ('<img src=x onerror="a">.png', "_img src=x onerror=_a__.png"),
        ("...", "file"),
        ("\u200b", "file"),
        ("", "file"),
        ("Gru\u0308ße aus Köln 🎫.pdf", "Grüße aus Köln 🎫.pdf"),
        ("x" * 300 + ".pdf", "x" * 145 + "….pdf"),
        ("x" * 300, "x" * 150),
    ],
)
def test_a_name_is_shown_without_what_could_mislead(raw, shown):
    assert display_name(raw) == shown
    assert len(display_name(raw)) <= NAME_MAX


def test_what_a_file_is_sent_as_depends_on_its_ending_alone():
    assert kinds.content_type("a.PNG") == "image/png"
    assert kinds.content_type("a.unheard-of") == "application/octet-stream"
    # What a browser would lay out or run as a page has no type here.
    risky = ("html", "xml", "svg", "javascript", "xhtml", "flash")
    assert not [kind for kind in kinds.TYPES.values() if any(word in kind for word in risky) and "openxml" not in kind]


# --- Pictures -----------------------------------------------------------------------------------------------------


def preview(data):
    return images.preview_of(io.BytesIO(data), images.Allowance())


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_preview_is_made_of_the_four_kinds_of_pictures(kind):
    found = preview(picture_bytes(2000, 1000, kind))
    assert (found.width, found.height) == (2000, 1000)
    with Image.open(io.BytesIO(found.data)) as small:
        assert (small.format, small.size) == ("WEBP", (960, 480))


def test_a_preview_has_nothing_of_a_picture_but_its_pixels():
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "Secret place", 6  # a description; turned by a quarter
    data = picture_bytes(40, 20, "JPEG", exif=exif, comment=b"<script>alert(1)</script>") + b"<?php evil(); ?>"
    found = preview(data)
    assert (found.width, found.height) == (20, 40)
    assert not any(word in found.data for word in (b"Secret", b"script", b"php"))
    with Image.open(io.BytesIO(found.data)) as small:
        assert not small.getexif()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_preview_is_turned_the_right_way_up(orientation):
    sent, exif, data = Image.new("RGB", (40, 20), "teal"), Image.Exif(), io.BytesIO()
    sent.paste("red", (0, 0, 20, 10))  # its corner tells where the top left has gone
    exif[0x0112] = orientation
    sent.save(data, "PNG", exif=exif)
    found = preview(data.getvalue())
    with Image.open(data) as raw, Image.open(io.BytesIO(found.data)) as small:
        upright = ImageOps.exif_transpose(raw)
        assert (found.width, found.height) == small.size == upright.size
        assert [_is_red(small, *at) for at in CORNERS] == [_is_red(upright, *at) for at in CORNERS]
        assert not small.getexif()


def _is_red(image, right, bottom):
    return image.convert("RGB").getpixel((right * (image.width - 1), bottom * (image.height - 1)))[0] > 128


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_whose_metadata_make_no_sense_has_a_preview(kind):
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "Secret place", 6
    odd = exif.tobytes().replace(b"\x01\x0e", b"\x01\x07")  # text where a number belongs
    found = preview(picture_bytes(40, 20, kind, exif=odd))
    assert (found.width, found.height) == (20, 40)


def test_a_picture_that_cannot_be_read_has_no_preview_and_the_log_says_why(caplog):
    assert preview(picture_bytes(kind="WEBP", exif=b"no EXIF at all")) is None
    assert "No preview of an attached picture." in caplog.text
    assert "not a TIFF file" in caplog.text


def test_of_what_is_no_picture_at_all_the_log_says_nothing(caplog):
    assert preview(b"Dear helpdesk, this is a text.") is None
    assert caplog.text == ""


def test_of_an_animation_the_first_frame_is_shown():
    data = io.BytesIO()
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue")]
    frames[0].save(data, "GIF", save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(preview(data.getvalue()).data)) as small:
        assert not getattr(small, "is_animated", False)
        assert small.convert("RGB").getpixel((5, 5))[0] > 200


def test_a_decompression_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(images, "MOST_PIXELS", 100)
    assert preview(picture_bytes(10, 10)) is not None
    assert preview(picture_bytes(10, 11)) is None
    monkeypatch.undo()
    assert images.MOST_PIXELS < Image.MAX_IMAGE_PIXELS  # where Pillow itself only warns
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert preview(picture_bytes(30, 10)) is None  # where it refuses


def test_a_large_picture_has_a_preview_only_where_it_can_be_decoded_at_a_fraction():
    assert preview(picture_bytes(5000, 4000, "JPEG", mode="L")) is not None
    assert preview(picture_bytes(4000, 4000, mode="1")) is not None
    assert preview(picture_bytes(4000, 4001, mode="1")) is None


def test_pictures_that_are_sent_together_have_previews_as_far_as_they_may_be_decoded():
    allowance = images.Allowance(pixels=250)
    found = [images.preview_of(io.BytesIO(picture_bytes(10, 10)), allowance) for _number in range(3)]
    assert [each is not None for each in found] == [True, True, False]


@pytest.mark.parametrize(
    "data",
    [b"", b"no picture", picture_bytes()[:60], b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture_bytes(kind="BMP"),
     picture_bytes(kind="TIFF"), picture_bytes(kind="PDF")],
)  # fmt: skip
def test_what_is_no_picture_of_these_kinds_has_no_preview(data):
    assert preview(data) is None


# --- The form -----------------------------------------------------------------------------------------------------


def send(client, path, *uploads, **fields):
    return client.post(path, {"description": "Look", "client_token": "t", "attachments": list(uploads), **fields})


def file(name="a.txt", size=10):
    return SimpleUploadedFile(name, b"x" * size)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["comment", "ticket"])
def test_a_refused_file_keeps_the_text_and_says_that_files_must_be_chosen_again(client_for, requester, ticket, path):
    address = "/tickets/new/" if path == "ticket" else f"{ticket.get_absolute_url()}comments/"
    response = send(client_for(requester), address, file(size=LIMIT + 1), file("b.exe"), title="Kite", priority="low")
    page = response.content.decode()
    assert response.status_code == 422
    assert "“a.txt” is larger than 1000\xa0bytes." in page
    assert "“b.exe”: files that end in .exe aren&#x27;t taken." in page
    assert "They were a.txt, b.exe." in page
    assert "Look" in page
    assert (Comment.objects.count(), Attachment.objects.count(), Ticket.objects.count()) == (0, 0, 1)


@pytest.mark.django_db
def test_no_more_than_the_limits_of_what_is_sent_is_kept(client_for, requester, ticket, monkeypatch):
    seen = []

    def look(uploads):
        seen.extend((each.size, len(each.file.read())) for each in uploads)

    monkeypatch.setattr(files, "check", look)
    monkeypatch.setattr(files, "store", lambda *upload: None)
    with pytest.raises(RuntimeError):
        send(client_for(requester), f"{ticket.get_absolute_url()}comments/", file(size=3000), file(size=500))
    assert seen[0][0] == 3000
    assert seen[0][1] < LIMIT


@pytest.mark.django_db
def test_a_body_beyond_all_reason_is_refused_before_it_is_read(client_for, requester, ticket, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client, path = client_for(requester), f"{ticket.get_absolute_url()}comments/"
    assert send(client, path, file(size=900)).status_code == 302
    assert send(client, path, file(size=7000)).status_code == 413
    # Where no files belong there's no room for them either.
    assert client.post(f"{ticket.get_absolute_url()}edit/", {"attachments": file(size=1500)}).status_code == 413


@pytest.mark.django_db
def test_files_that_come_where_none_belong_are_passed_over(client_for, requester, ticket, monkeypatch):
    monkeypatch.setattr("tempfile.NamedTemporaryFile", None)
    form = {"title": "Kite", "description": "Wind", "priority": "low", "version": "1", "attachments": file()}
    assert client_for(requester).post(f"{ticket.get_absolute_url()}edit/", form).status_code == 302
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_the_thirty_first_form_with_files_in_a_minute_is_too_many(client_for, requester, ticket, fresh_limits):
    client, path = client_for(requester), f"{ticket.get_absolute_url()}comments/"
    for number in range(30):
        assert send(client, path, file(), client_token=f"t{number}").status_code == 302
    response = send(client, path, file(), client_token="more")
    assert response.status_code == 429
    assert "Wait a minute, then try again." in response.content.decode()
    assert send(client, path, client_token="plain").status_code == 302
    assert Attachment.objects.count() == 30
