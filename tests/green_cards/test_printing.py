"""The card on paper: what stands on it, what is struck through, and what stands beside it only."""

import io

import pikepdf
import pytest
from django.utils import translation

from remise.core.scope import enter
from remise.documents.actions import pdf_of, print_file
from remise.documents.models import Document
from remise.fleet.rights import FleetRight
from remise.green_cards.actions import reprint_card
from remise.green_cards.models import CardSettings, GreenCard
from remise.green_cards.printing import qr_svg
from remise.ui.formats import day as shown_day
from tests import world
from tests.green_cards.cards import card, held, issue
from tests.green_cards.pdf import Pdf
from tests.world import OWNER, Garage

HOME, ABROAD, CLAIMS = "038 111 22 33", "+31 38 111 22 44", "038 111 22 55"


@pytest.fixture
def garage() -> Garage:
    made = world.garage()
    authorised(made, insurer_code="123")
    made.branch.street, made.branch.postcode, made.branch.town = "Rijnstraat 12", "8011 AB", "Zwolle"
    made.branch.save(using=OWNER)
    return made


def authorised(of: Garage, *, insurer_code: str | None) -> None:
    CardSettings.objects.using(OWNER).update_or_create(
        portal=of.portal,
        defaults={
            "insurer_code": insurer_code,
            "insurer_name": "Koetspoort Verzekeringen N.V.",
            "insurer_address": "Postbus 1, 8000 AA Zwolle",
            "signed_by": "M. van der Horst",
            "assistance_home": HOME,
            "assistance_abroad": ABROAD,
            "claims_phone": CLAIMS,
        },
    )


def printed(garage: Garage, *documents: int | None) -> Pdf:
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        found = [Document.objects.get(id=number) for number in documents if number is not None]
        return Pdf(pdf_of(found[0], by=by) if len(found) == 1 else print_file(found))


def test_card_says_what_the_models_boxes_ask(garage: Garage) -> None:
    made = card(garage)
    front, beside = printed(garage, made.document_id).pages
    plate = f"{made.plate[:2]}-{made.plate[2:5]}-{made.plate[5:]}"
    for said in (
        "INTERNATIONAL MOTOR INSURANCE CARD",
        "CARTE INTERNATIONALE D",
        "INTERNATIONAAL MOTORRIJTUIGVERZEKERINGSBEWIJS",
        "Nederlands Bureau der Motorrijtuigverzekeraars",
        f"NL / 123 / {made.number}",
        plate,
        "VOLVO",
        "Garage De Brug",
        "Rijnstraat 12",
        "Koetspoort Verzekeringen N.V.",
        "M. van der Horst",
        *(str(part) for day in (made.valid_from, made.valid_to) for part in (day.day, day.month, day.year)),
        *made.territory["block"],
        *made.territory["covered"],
        *made.territory["crossed"],
    ):
        assert said in front, said
    assert "SPECIMEN" not in front
    with translation.override("nl"):
        for said in (HOME, ABROAD, CLAIMS, made.number, plate, shown_day(made.valid_from), shown_day(made.valid_to)):
            assert said in beside, said
    assert "Rusland (RUS)" in beside
    assert f"/cards/check/{made.token}" in beside.replace(" ", "")


def test_nothing_but_the_models_boxes_stands_on_the_card(garage: Garage) -> None:
    front = printed(garage, card(garage).document_id).pages[0]
    for foreign in (HOME, ABROAD, CLAIMS, "check/", garage.portal.desk_email, "Pagina"):
        assert foreign not in front


def test_uncovered_countries_are_struck_through_and_no_others(garage: Garage) -> None:
    made = card(garage)
    pdf = printed(garage, made.document_id)
    assert made.territory["crossed"] == ["BY", "IR", "RUS"]
    assert [sign for sign in made.territory["crossed"] if not pdf.is_crossed(sign)] == []
    assert [sign for sign in made.territory["covered"] if pdf.is_crossed(sign)] == []


def test_who_cannot_see_is_told_which_countries_are_crossed_out(garage: Garage) -> None:
    content = printed(garage, card(garage).document_id).content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        told = {str(thing.Alt) for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing}
    assert {sign for sign in ("BY", "IR", "RUS") if not any(alt.startswith(f"{sign}: ") for alt in told)} == set()
    assert not any(alt.startswith("TR: ") for alt in told)


def test_insurer_without_a_code_prints_specimens(garage: Garage) -> None:
    authorised(garage, insurer_code=None)
    made = card(garage)
    front = printed(garage, made.document_id).pages[0]
    assert f"NL / SPECIMEN / {made.number}" in front
    assert front.count("SPECIMEN") == 2


def test_printed_card_keeps_what_held_when_it_was_made(garage: Garage) -> None:
    made = card(garage)
    authorised(garage, insurer_code="999")
    garage.organisation.name = "Garage Heet Nu Anders"
    garage.organisation.save(using=OWNER)
    front = printed(garage, made.document_id).pages[0]
    assert "NL / 123 /" in front
    assert "Anders" not in front


@pytest.mark.parametrize(("before", "after"), [("123", None), (None, "123"), ("123", "999")])
def test_reprint_is_the_card_as_it_was_made(garage: Garage, before: str | None, after: str | None) -> None:
    """A specimen never becomes a card, nor a card a specimen: what its number stands for is what was printed."""
    authorised(garage, insurer_code=before)
    made = card(garage)
    authorised(garage, insurer_code=after)
    garage.organisation.name = "Garage Heet Nu Anders"
    garage.organisation.save(using=OWNER)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        again = reprint_card(by=by, card=made.id, language="en")
    original, reprinted = (printed(garage, number).pages for number in (made.document_id, again.id))
    assert reprinted[0] == original[0]
    assert ("SPECIMEN" in reprinted[0]) is (before is None)
    assert ("This is a specimen" in reprinted[1]) is (before is None)


def test_reprint_is_marked_beside_the_card(garage: Garage) -> None:
    made = card(garage)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        again = reprint_card(by=by, card=made.id, language="en")
    original, marked = (printed(garage, number).pages for number in (made.document_id, again.id))
    assert "Reprint 1" in marked[1]
    assert "Reprint" not in original[1] + original[0] + marked[0]


def test_many_cards_are_one_tagged_file_for_the_printer(garage: Garage) -> None:
    shipment = issue(garage, *[held(garage) for _ in range(3)])
    made = list(GreenCard.objects.using(OWNER).filter(shipment=shipment.id).order_by("serial"))
    pdf = printed(garage, *[one.document_id for one in made])
    pages = pdf.pages
    assert len(pages) == 6
    for place, one in enumerate(made):
        assert one.number in pages[2 * place]
        assert one.number in pages[2 * place + 1]
    with pikepdf.open(io.BytesIO(pdf.content)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in opened.Root


def test_code_is_drawn_from_lines_alone() -> None:
    drawn = qr_svg("http://koetspoort.localhost/cards/check/abc")
    assert drawn.startswith("<svg")
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
    assert drawn.count("M") > 100
