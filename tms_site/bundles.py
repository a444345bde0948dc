"""Bundles: the files of `static/js/NAME/` arrive as `js/NAME.js`, those of `static/css/NAME/` as `css/NAME.css`.

So a page loads few files while each stays small. A bundle is found like any other static file, so templates say
`{% static 'js/page.js' %}`, and collectstatic, the hashed manifest and WhiteNoise take it for one.
"""

import atexit
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

KINDS = ("css", "js")
# The parts themselves are not served: collectstatic ignores these.
PARTS = [f"{kind}/*/*.{kind}" for kind in KINDS]
# Modules of a bundle share no names, so they neither import nor export any; `import()` is something else.
STATIC_IMPORT = re.compile(r"^\s*(?:import\s*[\w{*\"']|export\s)", re.MULTILINE)


def names(root: Path) -> list[str]:
    """Return the names of all bundles below a folder of static files."""
    folders = [folder for kind in KINDS for folder in sorted((root / kind).glob("*/"))]
    return [f"{folder.parent.name}/{folder.name}.{folder.parent.name}" for folder in folders if _parts(folder)]


def content(root: Path, name: str) -> str:
    """Return a bundle: its parts in the order of their names.

    Each module stands in a block of its own, where nothing that it declares meets another's, and where its failure is
    reported and stops no other.

    Raises:
        ValueError: A module imports or exports.
    """
    path = Path(name)
    wrap = _module if path.suffix == ".js" else _style
    return "\n".join(wrap(part.name, part.read_text(encoding="utf-8")) for part in _parts(root / path.with_suffix("")))


def _parts(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*.{folder.parent.name}"))


def _style(name: str, text: str) -> str:
    return f"/* {name} */\n{text}"


def _module(name: str, text: str) -> str:
    if STATIC_IMPORT.search(text):
        message = f"{name}: modules of a bundle neither import nor export; load what is rarely needed with import()"
        raise ValueError(message)
    return f"// {name}\ntry {{\n{text}}} catch (error) {{\n  reportError(error);\n}}\n"


class BundleFinder(BaseFinder):
    """Finds bundles, made anew whenever they are asked for, as files in a folder of this process."""

    def __init__(self, app_names: Iterable[str] | None = None, root: Path | None = None) -> None:
        """Look below `root`, or else below our own folder of static files."""
        self.root = root or Path(settings.STATICFILES_DIRS[0])

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return where the bundle lies, or nothing."""
        found = [self._write(path)] if path in names(self.root) else []
        # Django takes an empty text for a place.
        return found[0] if found and not find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield all bundles, with the storage that holds them."""
        for name in names(self.root):
            self._write(name)
            yield name, self.storage

    @cached_property
    def storage(self) -> FileSystemStorage:
        """Make the folder of this process, which goes with it."""
        folder = tempfile.mkdtemp(prefix="tms-bundles-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return FileSystemStorage(location=folder)

    def _write(self, name: str) -> str:
        """Write the bundle unless it lies there already, and return where: an unchanged file keeps its time."""
        path, text = Path(self.storage.path(name)), content(self.root, name)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(path)
        return str(path)
