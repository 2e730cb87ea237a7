"""From snapshots to a file, by Typst. The same snapshots give the same bytes: the moment that is written into the
file is the document's, and no font or package comes from elsewhere.

Data goes in as JSON and comes out as text: whatever a company calls itself is never read as markup.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import local
from typing import Any

import typst

from remise.documents import letters
from remise.documents.kinds import kinds
from remise.documents.models import Document

ROOT = Path(__file__).resolve().parents[1]  # all that a template may read
MAIN = Path(__file__).parent / "typst" / "main.typ"
FONTS = Path(__file__).parent / "typst" / "fonts"
# To be kept (ISO 19005-2, level A) and to be read by everybody (ISO 14289-1).
STANDARDS: "list[typst.PDFStandard]" = ["a-2a", "ua-1"]
TOGETHER = 4  # documents drawn at once for the printer: what the typesetter keeps in mind grows faster than they do

_of_thread = local()


def draw(documents: Sequence[Document], *, to_print: bool = False, both_sides: bool = False) -> bytes:
    """One file, each document beginning on a page of its own, and of those printed on `both_sides` on a sheet of its
    own. What is drawn `to_print` is not sealed, and says nothing of a seal."""
    made = _compiler().compile(
        format="pdf",
        sys_inputs=_inputs(documents, to_print=to_print) | {"both_sides": str(both_sides)},
        pdf_standards=STANDARDS,
        timestamp=int(max(document.made_at for document in documents).timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def draw_parts(documents: Sequence[Document], *, both_sides: bool = False) -> Iterator[bytes]:
    """For the printer, so many documents in each file: to be joined (`joining`)."""
    for start in range(0, len(documents), TOGETHER):
        yield draw(documents[start : start + TOGETHER], to_print=True, both_sides=both_sides)


def pictures(documents: Sequence[Document], *, ppi: float = 110) -> list[bytes]:
    """Each page as PNG: to look at."""
    made = _compiler().compile(format="png", ppi=ppi, sys_inputs=_inputs(documents))
    assert made is not None
    return [made] if isinstance(made, bytes) else made


def _compiler() -> typst.Compiler:
    """One a thread: it keeps what it read. Given a path, it does; given bytes, it would keep each of them."""
    if not hasattr(_of_thread, "compiler"):
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        _of_thread.compiler = typst.Compiler(MAIN, root=ROOT, font_paths=fonts, ignore_system_fonts=True)
    return _of_thread.compiler  # type: ignore[no-any-return]


def _inputs(documents: Sequence[Document], *, to_print: bool = False) -> dict[str, str]:
    return {"data": json.dumps([letters.printable(_data(document, to_print)) for document in documents])}


def _data(document: Document, to_print: bool) -> Mapping[str, Any]:
    return {
        "template": f"/{kinds[document.kind].template}",
        "sealed": kinds[document.kind].sealed and not to_print,
        "language": document.language,
        "title": document.title,
        "number": document.number,
        "made": _moment(document.made_at),
        **document.snapshot,
    }


def _moment(at: datetime) -> list[int]:
    return list(at.astimezone(UTC).timetuple()[:6])
