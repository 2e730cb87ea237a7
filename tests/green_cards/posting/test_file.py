"""The file of a print batch, read as a reader reads it: what the list says is what lies on the printer."""

import io
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from pytest_django import Settings

from remise.core.errors import BrokenRule
from remise.core.models import Event
from remise.core.scope import enter
from remise.documents import blobs, print_files
from remise.documents.models import PrintFile
from remise.documents.sweeping import named
from remise.green_cards.models import CardSettings, GreenCard, Shipment
from remise.green_cards.posting import drawing as batch_drawing
from remise.green_cards.posting.manifest import as_csv
from remise.green_cards.posting.selectors import lines_of
from remise.green_cards.posting.sending import print_again, read_file, read_list
from tests import world
from tests.green_cards.cards import HOME, held, issue
from tests.green_cards.posting.office import batch, drawn, file, job, lines, staff
from tests.privacy.people import hold, lift
from tests.world import OWNER, Garage

SIDES = pytest.mark.parametrize("both_sides", [True, False], ids=["both sides", "one side"])


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def posted(garage: Garage, cards: int = 1, **address: str) -> Shipment:
    to = replace(HOME, **address)
    return issue(garage, *[held(garage) for _ in range(cards)], format="paper", address=to)


def printer(garage: Garage, *, both_sides: bool) -> None:
    CardSettings.objects.using(OWNER).update_or_create(portal=garage.portal, defaults={"both_sides": both_sides})


def numbers(shipment: Shipment) -> list[str]:
    found = GreenCard.objects.using(OWNER).filter(shipment=shipment.id).order_by("serial")
    return [card.number for card in found]


@SIDES
def test_pages_of_each_envelope_are_those_that_the_list_tells(garage: Garage, both_sides: bool) -> None:
    printer(garage, both_sides=both_sides)
    shipments = [posted(garage, 3), posted(garage), posted(garage, 2)]
    of = batch(garage)
    pages = drawn(garage, of).pages
    stored = PrintFile.objects.using(OWNER).get(subject=of.id)
    found = lines(of)
    assert stored.pages == len(pages) == found[-1].last_page
    for line, shipment in zip(found, shipments, strict=True):
        assert line.first_page is not None
        assert line.last_page is not None
        own = pages[line.first_page - 1 : line.last_page]
        assert f"Zending {shipment.id}" in own[0] or f"Shipment {shipment.id}" in own[0]
        assert "Rijnstraat 12" in own[0]
        assert re.search(rf"{line.first_page}.{line.last_page}\b", own[0])
        fronts = [page for page in own if "INTERNATIONAL MOTOR INSURANCE CARD" in page]
        assert [number for page in fronts for number in numbers(shipment) if number in page] == numbers(shipment)
        if both_sides:
            assert line.first_page % 2 == 1
            assert own[1] == ""
            assert all(place % 2 == 0 for place, page in enumerate(own) if page in fronts)
        assert f"{line.first_page}–{line.last_page}" in pages[0]


def test_first_sheet_lists_every_envelope_and_the_list_is_the_same(garage: Garage) -> None:
    shipments = [posted(garage, 2) for _ in range(3)]
    of = batch(garage)
    front = drawn(garage, of).pages[0]
    by = staff(garage)
    with enter(by.scope):
        table = as_csv(of, lines_of(by, of), PrintFile.objects.get(subject=of.id).pages).decode("utf-8-sig")
    rows = [row.split(";") for row in table.splitlines()[1:]]
    assert [row[2] for row in rows] == [str(one.id) for one in shipments]
    for row, shipment in zip(rows, shipments, strict=True):
        first, last = numbers(shipment)
        assert f"{first}–{last}" in front
        assert row[8] == f"{first}, {last}"
        assert f"{row[9]}–{row[10]}" in front
    assert {row[11] for row in rows} == {str(len(file(garage, of).pages))}


@SIDES
def test_file_is_tagged_from_its_first_page_to_its_last(garage: Garage, both_sides: bool) -> None:
    """Each piece of each page that has a tag leads to it, and each tag to its page (ISO 32000-1, 14.7)."""
    printer(garage, both_sides=both_sides)
    posted(garage, 5)
    posted(garage)
    content = drawn(garage, batch(garage)).content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        metadata = bytes(pdf.Root.Metadata.read_bytes())
        assert b"pdfuaid:part" in metadata
        assert b"pdfaid:part" in metadata
        pages = {page.obj.objgen: place for place, page in enumerate(pdf.pages)}
        tree = dict(_numbers(pdf.Root.StructTreeRoot.ParentTree))
        tagged = [page for page in pdf.pages if "/StructParents" in page.obj]
        assert len({int(page.obj.StructParents) for page in tagged}) == len(tagged)
        for page in tagged:
            owners = tree[int(page.obj.StructParents)]
            assert len(owners) > 0
            assert all(owner.get("/Pg", page.obj).objgen in pages for owner in owners if owner is not None)
        met = [pages[tag.Pg.objgen] for tag in _tags(pdf.Root.StructTreeRoot.K) if "/Pg" in tag]
        assert met == sorted(met)
        assert set(met) == {pages[page.obj.objgen] for page in tagged}
        assert len(pdf.pages) - len(tagged) == (3 if both_sides else 0)  # the white backs
        links = [note for page in pdf.pages for note in page.obj.get("/Annots", [])]
        assert len(links) == 6
        assert all(str(tree[int(link.StructParent)].S) == "/Link" for link in links)


def _numbers(tree: pikepdf.Object) -> Iterator[tuple[int, pikepdf.Object]]:
    flat = list(tree.Nums)
    yield from zip((int(number) for number in flat[::2]), flat[1::2], strict=True)


def _tags(tag: object) -> Iterator[pikepdf.Object]:
    if isinstance(tag, pikepdf.Array):
        for kid in tag:
            yield from _tags(kid)
    elif isinstance(tag, pikepdf.Dictionary) and "/S" in tag:
        yield tag
        if "/K" in tag:
            yield from _tags(tag.K)


def test_address_stands_in_the_window_of_the_envelope(garage: Garage) -> None:
    """DIN 5008, form B: from 20 to 105 mm from the left, and from 45 to 90 mm from the top."""
    posted(garage, addressee="Autobedrijf De Vries t.a.v. de administratie", street="Langestraat 100-102 bis")
    content = drawn(garage, batch(garage)).content
    with pdfium.PdfDocument(content) as document:
        page = document[2]
        text = page.get_textpage()
        height = page.get_height()
        for words in ("Autobedrijf De Vries", "Langestraat 100-102 bis", "8011 AB Zwolle"):
            start, count = text.search(words).get_next()
            boxes = [text.get_charbox(start + n) for n in range(count)]
            left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
            top, bottom = height - max(box[3] for box in boxes), height - min(box[1] for box in boxes)
            mm = 72 / 25.4
            assert 20 * mm < left < right < 105 * mm
            assert 45 * mm < top < bottom < 90 * mm


def test_country_stands_under_an_address_abroad_only(garage: Garage) -> None:
    posted(garage, country="DE", postcode="48143", town="Münster")
    posted(garage)
    pages = drawn(garage, batch(garage)).pages
    sheets = [page for page in pages if "Rijnstraat 12" in page and "INTERNATIONAL" not in page]
    assert ["DUITSLAND" in page for page in sheets] == ["48143" in page for page in sheets]
    assert any("DUITSLAND" in page for page in sheets)


def test_printed_again_from_an_envelope_on(garage: Garage) -> None:
    for _ in range(3):
        posted(garage, 2)
    of = batch(garage)
    whole = drawn(garage, of).pages
    second = lines(of)[1]
    assert second.first_page is not None
    by = staff(garage)
    with enter(by.scope):
        print_again(by=by, batch=of.id, place=2)
    assert drawn(garage, of, place=2).pages == whole[second.first_page - 1 :]
    assert file(garage, of).pages == whole
    assert GreenCard.objects.using(OWNER).filter(portal=garage.portal.id, reprints__gt=0).count() == 0


def test_drawn_twice_is_one_file(garage: Garage) -> None:
    """As after a worker that was killed, or two that took one job."""
    posted(garage)
    of = batch(garage)
    first = drawn(garage, of)
    batch_drawing.draw(job(garage), batch=of.id, place=1)
    assert file(garage, of).content == first.content
    assert PrintFile.objects.using(OWNER).filter(subject=of.id).count() == 1


def test_page_too_many_makes_no_file(garage: Garage, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would put all that follows in the wrong envelope."""
    posted(garage)
    of = batch(garage)
    monkeypatch.setattr("remise.green_cards.posting.rules.CARD_PAGES", 3)
    with pytest.raises(ValueError, match="pages"):
        batch_drawing.draw(job(garage), batch=of.id, place=1)
    assert not PrintFile.objects.using(OWNER).filter(subject=of.id).exists()


def test_file_is_read_as_it_was_made_and_who_did_is_written_down(garage: Garage) -> None:
    posted(garage)
    of = batch(garage)
    by = staff(garage)
    with enter(by.scope), pytest.raises(BrokenRule) as early:
        read_file(by=by, batch=of.id)
    assert early.value.code == "not_drawn"
    made = drawn(garage, of)
    with enter(by.scope):
        _batch, content = read_file(by=by, batch=of.id)
    assert content == made.content
    assert Event.objects.using(OWNER).filter(kind="print_batch.read", subject=of.id).count() == 1


def test_list_of_it_says_names_and_who_read_it_is_written_down(garage: Garage) -> None:
    posted(garage)
    of = batch(garage)
    by = staff(garage)
    with enter(by.scope):
        _batch, content = read_list(by=by, batch=of.id)
    assert HOME.addressee in content.decode("utf-8-sig")
    assert Event.objects.using(OWNER).filter(kind="print_batch.listed", subject=of.id).count() == 1


def test_file_goes_on_its_day_and_its_numbers_stay(garage: Garage) -> None:
    shipment = posted(garage, 2)
    of = batch(garage)
    drawn(garage, of)
    stored = PrintFile.objects.using(OWNER).get(subject=of.id)
    assert stored.sha256 is not None
    for days, there in ((29, True), (30, False), (30, False)):
        by = replace(job(garage), clock_offset=job(garage).clock_offset + timedelta(days=days))
        print_files.forget(by)
        with enter(by.scope):
            assert named([stored.sha256]) == ({stored.sha256} if there else set())
    assert blobs.exists(stored.sha256)  # until the nightly sweep removes what nobody names
    by = staff(garage)
    with enter(by.scope), pytest.raises(BrokenRule) as late:
        read_file(by=by, batch=of.id)
    assert late.value.code == "forgotten"
    Shipment.objects.using(OWNER).filter(id=shipment.id).update(
        state="sent", sent_at=of.made_at, addressee="", street="", postcode="", town="", country="",
        erased_at=of.made_at,
    )  # fmt: skip
    with enter(by.scope):
        table = as_csv(of, lines_of(by, of), stored.pages).decode("utf-8-sig")
    assert HOME.street not in table
    assert HOME.town not in table
    assert all(number in table for number in numbers(shipment))


def test_file_stays_while_one_of_its_companies_is_held(garage: Garage) -> None:
    posted(garage)
    of = batch(garage)
    drawn(garage, of)
    held_back = hold(garage.portal, company=garage.organisation)
    by = replace(job(garage), clock_offset=job(garage).clock_offset + timedelta(days=40))
    stored = PrintFile.objects.using(OWNER).filter(subject=of.id)
    for there in (True, False):
        print_files.forget(by)
        assert stored.get().sha256 is not None if there else stored.get().sha256 is None
        lift(held_back)


@pytest.mark.full
def test_hundred_cards_are_drawn_at_a_thousand_a_minute(garage: Garage) -> None:
    shipments = [posted(garage, 10) for _ in range(10)]
    CardSettings.objects.using(OWNER).update_or_create(portal=garage.portal, defaults={"batch_cards": 1000})
    of = batch(garage)
    started = time.process_time()
    pages = drawn(garage, of).pages
    a_card = (time.process_time() - started) / of.cards
    found = lines(of)
    assert len(found) == len(shipments)
    assert len(pages) == found[-1].last_page
    assert a_card * 1000 < 60
