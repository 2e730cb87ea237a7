"""The receipt's PDF: what it says, to whom, and what it leaves out."""

import html
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from remise.core.identifiers import CheckCode, Plate
from remise.core.models import Entry, Event
from remise.core.scope import enter
from remise.documents.actions import pdf_of
from remise.documents.models import Document
from remise.fleet.actions import (
    correct_entry,
    deregister_vehicles,
    draw_up_receipt,
    override_value,
    register_vehicle,
)
from remise.fleet.rights import FleetRight, UnderwritingRight
from remise.organisations.models import Grant, Membership
from remise.ui.formats import day as shown_day
from remise.ui.formats import money
from tests import sessions, vehicles, world
from tests.documents.papers import sealing_key, seals, text
from tests.world import OWNER, Garage

FIELDS: list[dict[str, object]] = [
    {"name": "driver", "kind": "party", "labels": {"nl": "Bestuurder", "en": "Driver"}, "required": False}
]


@pytest.fixture
def garage() -> Garage:
    return world.garage(fields=FIELDS)


def receipt(garage: Garage, entry: int, language: str = "en") -> tuple[Document, str]:
    by = garage.actor(*FleetRight)
    with translation.override(language), enter(by.scope):
        document = draw_up_receipt(by=by, entry=entry)
        return document, text(pdf_of(document, by=by))


def opened(client: Client, entry: int) -> Any:
    return client.get(f"/vehicles/receipts/{entry}/pdf", follow=True)


def test_receipt_says_what_its_page_says(garage: Garage) -> None:
    vehicle = vehicles.in_register()
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        done = register_vehicle(
            by=by,
            policy=garage.policy,
            plate=Plate(vehicle.plate),
            check_code=CheckCode(vehicles.CODE),
            starts=vehicles.today(garage),
            branch=garage.branch.id,
            details={"driver": "Jan Jansen"},
        )
    document, said = receipt(garage, done.entry.id)
    for part in (
        done.plate.formatted,
        done.entry.receipt,
        "Volvo EX30",
        vehicles.CODE,
        "Zwolle",
        garage.policy.number,
        "Garage De Brug",
        "Koetspoort Verzekeringen N.V.",
    ):
        assert part in said, part
    assert (document.as_of, document.entries) == (vehicles.today(garage), [done.entry.id])
    assert document.known_at == done.entry.at


def test_receipt_names_no_person(garage: Garage) -> None:
    """Sealed and kept, it could not forget anybody (docs/adr/0007)."""
    held = vehicles.on_cover(garage, driver="Jan Jansen")
    document, said = receipt(garage, held.entry)
    assert "Jansen" not in said
    assert "Jansen" not in str(document.snapshot)
    assert ("Driver", "on record") in document.snapshot["body"]["facts"]


def test_receipt_shows_the_value_that_was_fixed_on_page_and_paper(garage: Garage) -> None:
    known = vehicles.on_cover(garage, Plate(vehicles.in_register().plate))
    unknown = vehicles.on_cover(garage)
    trade = vehicles.on_cover(garage, Plate(f"HA{world.number() % 10_000:04d}"))
    by = sessions.actor_of(world.member(world.insurer(garage.portal), rights=[UnderwritingRight.OVERRIDE_VALUE]))
    with enter(by.scope):
        override_value(by=by, policy=garage.policy, item=known.item, value=Decimal(38_000))
        changed = Entry.objects.filter(item=known.item).latest("id").id
    today = shown_day(vehicles.today(garage))
    fixed = {
        known.entry: f"{money(41_495, 'whole')} (RDW, {today})",
        changed: f"{money(38_000, 'whole')} (the insurer's desk, {today})",
        unknown.entry: "not known yet",
        trade.entry: None,
    }
    client = sessions.client_of(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    for entry, value in fixed.items():
        document, _said = receipt(garage, entry)
        assert dict(document.snapshot["body"]["facts"]).get("Catalogue value") == value
        page = client.get(f"/vehicles/receipts/{entry}").content.decode()
        assert ("Catalogue value" in page) == (value is not None)
        assert (value or "") in html.unescape(page)


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_receipt_is_in_the_language_of_its_reader(garage: Garage, language: str) -> None:
    held = vehicles.on_cover(garage)
    document, _said = receipt(garage, held.entry, language)
    assert document.language == language
    assert receipt(garage, held.entry, language)[0].id == document.id


def test_receipt_of_a_deregistration(garage: Garage) -> None:
    held = vehicles.on_cover(garage, days=3)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        (done,) = deregister_vehicles(by=by, policy=garage.policy, items=[held.item], day=vehicles.back(garage, 1))
    _document, said = receipt(garage, done.entry.id)
    assert f"{held.plate.formatted} is insured up to and including" in " ".join(said.split())
    assert done.entry.receipt in said


def test_receipt_that_was_undone_gets_another_one(garage: Garage) -> None:
    """What was sealed stays; the page leads to the one that says so."""
    held = vehicles.on_cover(garage)
    first, _said = receipt(garage, held.entry)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        correction = correct_entry(by=by, policy=garage.policy, entry=held.entry)
    second, said = receipt(garage, held.entry)
    assert second.supersedes_id == first.id
    assert f"undone by receipt {correction.receipt}" in " ".join(said.split())
    assert second.entries == [held.entry, correction.id]
    third, said = receipt(garage, correction.id)
    assert third.supersedes_id is None
    original = Entry.objects.using(OWNER).get(id=held.entry)
    assert original.receipt in said
    assert f"{held.plate.formatted} is not insured" in " ".join(said.split())
    # The first one is still what it was.
    with enter(by.scope):
        assert "undone" not in text(pdf_of(Document.objects.get(id=first.id), by=by))


def test_page_opens_it_in_the_browser(garage: Garage) -> None:
    held = vehicles.on_cover(garage)
    who = world.member(garage.organisation, rights=[FleetRight.VIEW])
    answer = opened(sessions.client_of(who, garage.portal), held.entry)
    number = Entry.objects.using(OWNER).get(id=held.entry).receipt
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="receipt-{number}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert held.plate.formatted in text(answer.content)
    (seal,) = seals(answer.content, sealing_key(garage))
    assert seal.bottom_line
    looked = Event.objects.using(OWNER).get(organisation=garage.organisation.id, kind="document.read")
    assert (looked.account, looked.subject_kind) == (who.account_id, "document")
    assert answer.content == opened(sessions.client_of(who, garage.portal), held.entry).content


def test_page_of_another_branch_is_not_found(garage: Garage) -> None:
    """Also by the document's own address."""
    elsewhere = world.branch(garage.organisation, name="Deventer", establishment_number="000012345678")
    who = world.member(garage.organisation, rights=[], name="Piet Bakker")
    _grant(who, FleetRight.VIEW, elsewhere.id)
    held = vehicles.on_cover(garage)
    document, _said = receipt(garage, held.entry)
    client = sessions.client_of(who, garage.portal)
    assert opened(client, held.entry).status_code == 404
    assert client.get(f"/documents/{document.id}/").status_code == 404


def test_page_without_the_right_is_refused(garage: Garage) -> None:
    held = vehicles.on_cover(garage)
    document, _said = receipt(garage, held.entry)
    client = sessions.client_of(world.member(garage.organisation, rights=[]), garage.portal)
    assert client.get(f"/documents/{document.id}/").status_code == 403
    assert opened(client, held.entry).status_code == 403


def _grant(who: Membership, right: str, branch: int) -> None:
    Grant.objects.using(OWNER).create(
        portal=who.portal,
        organisation=who.organisation,
        membership=who,
        right=right,
        branch_id=branch,
        by_system="insurer",
    )
