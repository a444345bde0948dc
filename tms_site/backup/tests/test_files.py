"""All stored files are found, wherever they lie."""

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from tms_site.backup import files


def test_files_are_found_in_folders_of_any_depth(tmp_path):
    storage = FileSystemStorage(tmp_path)
    for name in ("b/c/two", "a/one", "three"):
        storage.save(name, ContentFile(b"x"))
    assert list(files.names(storage)) == ["three", "a/one", "b/c/two"]


def test_where_nothing_was_ever_attached_there_are_none(tmp_path):
    assert list(files.names(FileSystemStorage(tmp_path / "attachments"))) == []
