"""Dealer stock, lease, rental, driving school and own cars: each with its own fields, card rule and premium line."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from remise.fleet.models import RegistrationVersion
from remise.fleet.premium import premium_line
from remise.fleet.rights import FleetRight
from remise.policies.fields import label
from remise.policies.models import Policy
from remise.policies.rules import FieldKind, ProductRules
from remise.policies.selectors import in_force
from remise.ui.formats import in_language
from tests import vehicles, world
from tests.journeys.browsing import Browse, choose_day, no_violations, words
from tests.journeys.fleet_pages import fact, fill_registration, refusal, submit
from tests.world import OWNER, Garage


@dataclass(frozen=True)
class Kind:
    code: str
    typed: dict[str, str] = field(default_factory=dict)  # a choice by its value
    wrong: tuple[str, str] = ("", "")  # a field, and what is refused in it
    kept: dict[str, Any] = field(default_factory=dict)  # what the registration holds of it
    by_itself: bool = True  # the card
    measured: bool = False

    def __str__(self) -> str:
        return self.code


KINDS = [
    Kind("dealer-stock", by_itself=False, measured=True),
    Kind(
        "lease",
        {
            "cover": "full",
            "lessee": "Bouwbedrijf Jansen",
            "driver": "Anna Bos",
            "contract": "L-1",
            "lease_ends": "2030-11-22",
        },
        ("lessee", ""),
        {"contract": "L-1", "lease_ends": "2030-11-22"},
    ),
    Kind(
        "rental",
        {"cover": "liability", "seats": "9", "abroad": "yes"},
        ("seats", "10"),
        {"seats": 9, "abroad": True},
    ),
    Kind(
        "driving-school", {"cover": "limited", "dual_controls": "no"}, ("dual_controls", ""), {"dual_controls": False}
    ),
    Kind(
        "private",
        {"cover": "full", "driver": "Anna Bos", "km": "15.000"},
        ("km", "300000"),
        {"km": 15_000},
    ),
    Kind(
        "old-timers",
        {"storage": "Loods 2, Deventer", "appraised": "48.000"},
        ("appraised", "veel"),
        {"storage": "Loods 2, Deventer", "appraised": "48000.00"},
        by_itself=False,
        measured=True,
    ),
]


def rules(garage: Garage) -> ProductRules:
    versions = list(garage.policy.product.versions.using(OWNER).order_by("starts"))
    return in_force(versions, vehicles.today(garage)).rules


def fill(page: Page, asked: ProductRules, typed: dict[str, str]) -> None:
    for rule in asked.fields:
        place = page.get_by_label(label(rule))
        if rule.kind in {FieldKind.CHOICE, FieldKind.YES_NO}:
            place.select_option(typed.get(rule.name, ""))
        else:
            place.fill(typed.get(rule.name, ""))


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_f129_kind_of_policy(browse: Browse, kind: Kind) -> None:
    portal = world.portal()
    world.sold(portal, kind.code)
    garage = world.garage(at=portal)
    asked, today, since = rules(garage), vehicles.today(garage), vehicles.back(garage, 2)
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate, in_name_since=since)
    employee = world.member(garage.organisation, rights=[*FleetRight])
    page = browse(employee, garage.portal)
    page.goto("/vehicles/register")

    # Its own fields, and no others.
    for rule in asked.fields:
        expect(page.get_by_label(label(rule))).to_be_visible()
    expect(page.get_by_label("Lessee")).to_have_count(int("lessee" in kind.typed))
    # What it does to the premium, before anything happens: of another day as soon as that is chosen.
    sentence = page.locator("#premium")
    expect(sentence).to_contain_text(premium_line(asked, today, today=today))
    with page.expect_response(lambda answer: "/register/premium" in answer.url):
        choose_day(page, since)
    expect(sentence).to_contain_text(premium_line(asked, since, today=today))
    no_violations(page)

    # What is wrong is said beside its field.
    fill_registration(page, plate, vehicles.CODE, since)
    if kind.typed:
        name, wrong = kind.wrong
        fill(page, asked, kind.typed | {name: wrong})
        submit(page)
        rule = next(rule for rule in asked.fields if rule.name == name)
        refusal(page.get_by_label(label(rule)), "")
        no_violations(page)
        fill(page, asked, kind.typed)
    submit(page)
    receipt = page.get_by_role("article")
    expect(receipt).to_contain_text(plate.formatted)
    expect(fact(receipt, words("Premium"))).to_have_text(premium_line(asked, since, today=today))
    for rule in asked.fields:
        if rule.name in kind.kept:
            expect(fact(receipt, label(rule))).to_be_visible()
    no_violations(page)
    held = RegistrationVersion.objects.using(OWNER).get(plate=plate.value)
    assert held.details == kind.kept
    assert (held.cover or "") == kind.typed.get("cover", "")
    assert (held.lessee is not None, held.driver is not None) == ("lessee" in kind.typed, "driver" in kind.typed)

    page.get_by_role("link", name=words("Show the vehicle")).click()
    for rule in asked.fields:
        if rule.name in kind.kept:
            expect(fact(page, label(rule))).to_be_visible()
    no_violations(page)

    # The rules, in words, with their source: the card's too.
    page.get_by_role("link", name=words("Rules of this policy")).click()
    shown = page.get_by_role("main")
    expect(shown).to_contain_text(asked.source)
    comes = fact(page, words("Comes"))
    expect(comes).to_contain_text(words("when you ask for it") if not kind.by_itself else str(30))
    basis = words("what changes costs nothing now, and counts in a later premium")
    expect(fact(page, words("Basis"))).to_have_text(
        basis if kind.measured else words("charged and refunded by the day, within the insurance year")
    )
    for rule in asked.fields:
        expect(fact(page, label(rule))).to_be_visible()
    no_violations(page)


@pytest.mark.full
def test_f129_kind_of_vehicle_that_does_not_fit(browse: Browse) -> None:
    """Refused with the way to the desk; or asked about once, and then taken."""
    portal = world.portal()
    lease, stock = world.sold(portal, "lease"), world.sold(portal, "dealer-stock")
    garage = world.garage(at=portal)
    policies = {product.code: world.policy(garage.organisation, product) for product in (lease, stock)}
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate, kind="Motorfiets", make="BMW", model="R 1250 GS")
    employee = world.member(garage.organisation, rights=[*FleetRight])
    page = browse(employee, garage.portal)

    def register(policy: Policy) -> None:
        page.goto(f"/vehicles/register?policy={policy.number}")
        fill_registration(page, plate, vehicles.CODE, vehicles.today(garage))

    register(policies["lease"])
    page.get_by_label(in_language({"nl": "Lessee", "de": "Leasingnehmer", "en": "Lessee"})).fill("Bouwbedrijf Jansen")
    page.get_by_label(in_language({"nl": "Dekking", "de": "Deckung", "en": "Cover"})).select_option("full")
    submit(page)
    refusal(page.get_by_label(words("Plate"), exact=True), plate.formatted)
    no_violations(page)
    page.get_by_role("button", name=words("Ask the desk")).click()
    expect(page.get_by_role("main")).to_contain_text(words("Another kind of vehicle"))
    no_violations(page)

    register(policies["dealer-stock"])
    submit(page)
    refusal(page.get_by_label(words("Plate"), exact=True), plate.formatted)
    sure = page.get_by_label(words("This kind of vehicle is right"))
    no_violations(page)
    sure.check()
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(plate.formatted)
    assert RegistrationVersion.objects.using(OWNER).get(plate=plate.value).policy == policies["dealer-stock"].id


@pytest.mark.full
def test_f129_desk_reads_the_rules_and_their_examples(browse: Browse) -> None:
    from remise.desk.rights import DeskRight

    portal = world.portal()
    for code in ("lease", "rental"):
        world.sold(portal, code)
    page = browse(world.member(world.insurer(portal), rights=[DeskRight.VIEW]), portal)
    page.goto("/products/")
    no_violations(page)
    page.get_by_role("main").get_by_role("link").filter(has_text="Leas").first.click()
    main = page.get_by_role("main")
    expect(main.locator("details.example")).to_have_count(4)
    expect(main).not_to_contain_text(words("Not as expected"))
    main.locator("details.example summary").first.click()
    expect(main.locator("details.example").first).to_contain_text(str(date(2026, 11, 23).day))
    main.get_by_text(words("Show these rules")).first.click()
    expect(main).to_contain_text("2020-01, art. 2")
    no_violations(page)
