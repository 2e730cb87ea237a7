"""Drawing up, drawing once, and what stays as it is."""

import hashlib
from pathlib import Path
from threading import Barrier

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from remise.core.models import Event
from remise.core.scope import enter
from remise.documents import actions, blobs
from remise.documents.actions import Draft, draw_up_all, pdf_of
from remise.documents.blobs import DamagedFileError
from remise.documents.models import Document
from remise.fleet.documents import RECEIPT
from remise.fleet.rights import FleetRight
from tests import jobs, world
from tests.documents.papers import BODY, made, made_in_scope, sealed, stored, text
from tests.races import at_once
from tests.world import OWNER, Garage


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def file_of(document: Document) -> Path:
    sha256 = stored(document).sha256
    assert sha256
    return Path(default_storage.path(f"documents/{sha256[:2]}/{sha256}"))


def test_pdf_of_draws_once_and_reads_afterwards(garage: Garage) -> None:
    document = made(garage)
    assert not stored(document).is_drawn
    first = sealed(garage, document)
    kept = stored(document)
    assert kept.sha256 == hashlib.sha256(first).hexdigest()
    assert kept.sealed_at
    assert kept.sealed_at == kept.drawn_at
    assert sealed(garage, kept) == first


def test_draw_up_the_same_again_is_the_same_document(garage: Garage) -> None:
    by = garage.actor(*FleetRight)

    def draw(*drafts: Draft) -> list[int]:
        with enter(by.scope):
            done = draw_up_all(by=by, kind=RECEIPT, organisation=by.company, drafts=drafts, language="nl")
        return [document.id for document in done]

    one, two, three = (
        Draft(subject=("entry", number), title="R", snapshot=BODY, edition=edition)
        for number, edition in ((1, ""), (2, ""), (1, "undone"))
    )
    first = draw(one, two)
    assert draw(one) == first[:1]
    again = draw(two, three, one)
    assert again[0::2] == [first[1], first[0]]
    events = Event.objects.using(OWNER).filter(organisation=by.company, kind="document.made")
    assert events.count() == len({*first, *again}) == 3


def test_two_who_draw_up_at_once_get_one_document(garage: Garage) -> None:
    number, by = world.number(), garage.actor(*FleetRight)

    def draw() -> int:
        draft = Draft(subject=("entry", number), title="R", snapshot=BODY)
        with enter(by.scope):
            return draw_up_all(by=by, kind=RECEIPT, organisation=by.company, drafts=[draft], language="nl")[0].id

    assert len(set(at_once(*[draw] * 4))) == 1
    events = Event.objects.using(OWNER).filter(organisation=by.company, kind="document.made")
    assert events.count() == 1


def test_two_readers_at_once_get_one_file(garage: Garage) -> None:
    document, undrawn = made(garage), Barrier(4)

    def read() -> bytes:
        by = garage.actor()
        with enter(by.scope):
            mine = Document.objects.get(id=document.id)
            undrawn.wait()  # all four saw that there is no file yet
            return pdf_of(mine, by=by)

    contents = set(at_once(*[read] * 4))
    assert len(contents) == 1  # seals differ each time: three were thrown away
    assert stored(document).sha256 == hashlib.sha256(contents.pop()).hexdigest()


def test_pdf_of_killed_in_the_middle_leaves_nothing_half(garage: Garage, monkeypatch: pytest.MonkeyPatch) -> None:
    document = made(garage)

    class Killed(BaseException):
        pass

    def die(_file: int) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", die)
        with pytest.raises(Killed):
            sealed(garage, document)
    assert not stored(document).is_drawn
    content = sealed(garage, stored(document))
    assert "GHK-12-L" in text(content)
    assert [each.name for each in file_of(document).parent.glob(f"{stored(document).sha256}*")] == [
        stored(document).sha256
    ]


@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_pdf_of_tells_a_damaged_file(garage: Garage, harm: str) -> None:
    document = made(garage)
    content = sealed(garage, document)
    match harm:
        case "changed":
            file_of(document).write_bytes(content.replace(b"%PDF-1.7", b"%PDF-1.6"))
        case "cut":
            file_of(document).write_bytes(content[:-1])
        case "gone":
            file_of(document).unlink()
    with pytest.raises(DamagedFileError):
        sealed(garage, stored(document))


def test_store_equal_files_are_one() -> None:
    content = world.unique().encode()
    assert blobs.store(content) == blobs.store(content)
    assert blobs.fetch(blobs.key(content)) == content


@pytest.mark.parametrize(
    "change",
    ["title = 'x'", "snapshot = '{}'", "number = 'x'", "language = 'de'", "entries = '{1}'", "made_at = now()"],
)
def test_document_stays_as_it_was_made(garage: Garage, owner_connection: psycopg.Connection, change: str) -> None:
    document = made(garage)
    for turn in range(2):
        drawn = "sha256 = repeat('0', 64), drawn_at = now()" if turn == 0 else "sha256 = sha256"
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner_connection.execute(f"update documents_document set {drawn}, {change} where id = {document.id}")
        sealed(garage, stored(document))


def test_drawing_is_written_once(garage: Garage, owner_connection: psycopg.Connection) -> None:
    document = made(garage)
    sealed(garage, document)
    for change in ("sha256 = repeat('0', 64)", "sha256 = null, drawn_at = null", "sealed_at = now()"):
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner_connection.execute(f"update documents_document set {change} where id = {document.id}")


def test_document_of_another_company_supersedes_nothing(garage: Garage) -> None:
    other = made(world.garage(at=garage.portal))
    by = garage.actor(*FleetRight)
    draft = Draft(subject=("entry", 1), title="R", snapshot=BODY, supersedes=other.id)
    with pytest.raises(IntegrityError), enter(by.scope):
        draw_up_all(by=by, kind=RECEIPT, organisation=by.company, drafts=[draft], language="nl")


def test_draw_up_ready_has_it_drawn_by_a_job(garage: Garage) -> None:
    jobs.forget()
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        document = actions.draw_up(
            by=by,
            kind=RECEIPT,
            organisation=by.company,
            subject=("entry", 1),
            title="R",
            snapshot=BODY,
            language="nl",
            ready=True,
        )
    assert [(name, arguments) for _number, name, arguments in jobs.waiting("documents.draw")] == [
        ("documents.draw", {"portal": garage.portal.id, "document": document.id})
    ]
    jobs.work_off()
    assert stored(document).is_drawn


def test_draw_up_rolled_back_leaves_nothing(garage: Garage) -> None:
    with enter(garage.actor().scope):
        made_in_scope(garage)
        transaction.set_rollback(True)
    assert not Document.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()
