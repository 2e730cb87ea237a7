"""Drawing up a document, and its file. Who may do so is asked by the room whose document it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import NotVisible
from remise.documents import blobs, drawing, house, joining, sealing
from remise.documents.kinds import kinds
from remise.documents.models import Document
from remise.portals.models import Portal

type Subject = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One document to draw up. `title` names the file too: no particulars of a person in it, nor in `snapshot`, for
    both are kept (docs/adr/0011). There is one document of a kind about a subject in a language and `edition`: asked
    for again, it is the same one."""

    subject: Subject
    title: str
    snapshot: Mapping[str, Any]  # as JSON: texts as they are printed, in the document's language
    number: str = ""
    edition: str = ""
    as_of: date | None = None
    known_at: datetime | None = None
    entries: Sequence[int] = field(default=())
    supersedes: int | None = None


def draw_up(
    *,
    by: Actor,
    kind: str,
    organisation: int,
    subject: Subject,
    title: str,
    snapshot: Mapping[str, Any],
    language: str,
    number: str = "",
    edition: str = "",
    as_of: date | None = None,
    known_at: datetime | None = None,
    entries: Sequence[int] = (),
    supersedes: int | None = None,
    ready: bool = False,
) -> Document:
    """The document's row, in the caller's transaction; its file is drawn when it is first read, or by a job after
    commit when it should be `ready` before."""
    draft = Draft(
        subject=subject,
        title=title,
        snapshot=snapshot,
        number=number,
        edition=edition,
        as_of=as_of,
        known_at=known_at,
        entries=entries,
        supersedes=supersedes,
    )
    return draw_up_all(by=by, kind=kind, organisation=organisation, drafts=[draft], language=language, ready=ready)[0]


@transaction.atomic
def draw_up_all(
    *, by: Actor, kind: str, organisation: int, drafts: Sequence[Draft], language: str, ready: bool = False
) -> list[Document]:
    """Many of one kind, in the order of the drafts: as many statements as for one, but for their events."""
    from remise.documents import tasks

    kinds[kind]  # a kind that nobody registered could not be drawn
    assert by.portal is not None
    frame = house.frame(Portal.objects.get(id=by.portal), language)
    rows = [
        _row(draft, by=by, kind=kind, organisation=organisation, language=language, frame=frame) for draft in drafts
    ]
    found, made = _insert(rows, kind, organisation, language)
    for document in made:
        events.record(
            "document.made",
            by=by,
            organisation=organisation,
            subject=("document", document.id),
            after={"kind": kind, "about": document.subject_kind, "id": document.subject},
        )
        if ready:
            tasks.draw.defer(document.portal, document=document.id)
    return [found[_key(row)] for row in rows]


def pdf_of(document: Document, *, by: Actor) -> bytes:
    """Its file. The first reader draws, seals and stores it; who does the same at that moment gets the first one's.
    Nothing is locked while it is drawn; until all is stored, nothing is written down."""
    if not document.is_drawn:
        drawn = drawing.draw([document])
        seal = sealing.sealer(by) if kinds[document.kind].sealed else None
        content = seal.seal(drawn) if seal else drawn
        if _record(document, content, seal):
            return content
    assert document.sha256
    return blobs.fetch(document.sha256)


def print_file(documents: Sequence[Document]) -> bytes:
    """Several as one tagged file for the printer, each beginning on a page of its own; not sealed and not kept."""
    return joining.join(drawing.draw_parts(documents))


@transaction.atomic
def read(*, by: Actor, document: int) -> tuple[Document, bytes | None]:
    """The document and its file, for who may read it; who looked is written down. No file while a job draws it."""
    found = Document.objects.filter(id=document, organisation=by.company).first()
    if found is None or found.kind not in kinds:
        raise NotVisible(_("There is no such document."))
    kind = kinds[found.kind]
    kind.check(by, found)
    if not found.is_drawn and kind.takes_long(found):
        return found, None
    content = pdf_of(found, by=by)
    events.record("document.read", by=by, organisation=found.organisation, subject=("document", found.id))
    return found, content


def _row(
    draft: Draft, *, by: Actor, kind: str, organisation: int, language: str, frame: Mapping[str, Any]
) -> Document:
    assert by.portal is not None
    subject_kind, subject = draft.subject
    return Document(
        portal=by.portal,
        organisation=organisation,
        kind=kind,
        subject_kind=subject_kind,
        subject=subject,
        edition=draft.edition,
        language=language,
        title=draft.title,
        number=draft.number,
        snapshot={**frame, "body": draft.snapshot},
        as_of=draft.as_of,
        known_at=draft.known_at,
        entries=list(draft.entries),
        supersedes_id=draft.supersedes,
        made_at=clock.now(by),
    )


type Key = tuple[str, int, str]


def _key(document: Document) -> Key:
    return document.subject_kind, document.subject, document.edition


def _insert(
    rows: list[Document], kind: str, organisation: int, language: str
) -> tuple[dict[Key, Document], list[Document]]:
    """Two who draw up the same at once meet at the constraint; returns all of them, and the new ones."""
    same = Document.objects.filter(
        organisation=organisation, kind=kind, language=language, subject__in={row.subject for row in rows}
    )
    found = {_key(document): document for document in same}
    wanted = list({_key(row): row for row in rows if _key(row) not in found}.values())
    try:
        with transaction.atomic():
            made = Document.objects.bulk_create(wanted)
    except IntegrityError:
        now_found = {_key(document): document for document in same.all()}
        if now_found.keys() == found.keys():
            raise  # nobody else did: it is another constraint
        made = Document.objects.bulk_create([row for row in wanted if _key(row) not in now_found])
        found = now_found
    return found | {_key(document): document for document in made}, made


@transaction.atomic
def _record(document: Document, content: bytes, seal: sealing.Sealer | None) -> bool:
    """Write down the file of who comes first. The row is taken before the file is stored and given free when both
    stand: no row ever names a file that is not there. A kill in between leaves a file that no row names, which the
    daily sweep removes; until the row stands it keeps off (`blobs.hold`)."""
    now = timezone.now()
    document_now = Document.objects.filter(id=document.id, sha256=None)
    first = document_now.update(
        sha256=blobs.key(content),
        drawn_at=now,
        sealed_at=now if seal else None,
        seal=seal.number if seal else None,
    )
    if first:
        blobs.hold(blobs.key(content))
        blobs.store(content)
    document.refresh_from_db(fields=["sha256", "drawn_at", "sealed_at", "seal"])
    return bool(first)
