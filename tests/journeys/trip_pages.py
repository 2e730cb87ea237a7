"""How a person works with the trip adviser."""

from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from remise.core.identifiers import Plate
from remise.green_cards.territory import name_in
from tests.journeys.browsing import words


def country(page: Page, iso: str) -> Locator:
    """The entry that speaks of this country; there is one."""
    name = name_in(iso, str(page.locator("html").get_attribute("lang")))
    found = page.locator(".trip-countries > li").filter(has=page.locator(".trip-country", has_text=name))
    expect(found).to_have_count(1)
    return found


def fill_in(
    page: Page, first: date, days: int, *to: str, via: tuple[str, ...] = (), plate: Plate | None = None
) -> None:
    page.goto("/trips/")
    for field, chosen in (("to", to), ("via", via)):
        for iso in chosen:
            page.locator(f'select[name="{field}"]').last.select_option(iso)
    page.get_by_label(words("From"), exact=True).fill(first.isoformat())
    page.get_by_label(words("Up to and including"), exact=True).fill((first + timedelta(days - 1)).isoformat())
    if plate is not None:
        page.locator('input[name="plate"]').fill(plate.formatted)


def pull(page: Page, mass: int, plate: Plate | None = None) -> None:
    page.get_by_text(words("A trailer"), exact=True).click()
    page.get_by_label(words("Maximum mass in kg")).fill(str(mass))
    if plate is not None:
        page.locator('input[name="trailer"]').fill(plate.formatted)


def advice(page: Page) -> None:
    page.get_by_role("button", name=words("What do I need?")).click()
    expect(page.get_by_role("heading", level=2, name=words("Take along"))).to_be_visible()


def title(page: Page, said: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(said)
