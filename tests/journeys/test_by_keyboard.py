"""From the list to the receipt and on to the next plate without a mouse, and without losing sight of where one is."""

import re

from playwright.sync_api import Locator, Page, expect

from remise.fleet.rights import FleetRight
from tests import vehicles, world
from tests.journeys.browsing import Browse, words
from tests.journeys.fleet_pages import check_code

# Does it, or what is drawn around it, look otherwise than without the focus? A date field is left out: Tab walks its
# parts, and focus() begins again at the first of them.
SHOWS_FOCUS = """element => {
  if (element.type === 'date') return true;
  const parts = [element, element.parentElement, element.nextElementSibling].filter(Boolean);
  const drawn = (style) => [style.outline, style.boxShadow, style.borderColor, style.background].join();
  const both = (part) => drawn(getComputedStyle(part)) + drawn(getComputedStyle(part, '::before'));
  const focused = parts.map(both).join();
  element.blur();
  const plain = parts.map(both).join();
  element.focus({ focusVisible: true });
  return focused !== plain;
}"""


def tab_to(page: Page, wanted: Locator, *, at_most: int = 40) -> None:
    """Whatever has the focus on the way shows it."""
    for _ in range(at_most):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
        here = page.locator("*:focus")
        if here.count():
            assert here.evaluate(SHOWS_FOCUS), here.evaluate("element => element.outerHTML")
    raise AssertionError(f"{at_most} times Tab does not lead to {wanted}")


def test_register_by_keyboard(browse: Browse) -> None:
    garage = world.garage()
    page = browse(world.member(garage.organisation, rights=[FleetRight.VIEW, FleetRight.REGISTER]), garage.portal)
    page.goto("/vehicles/")
    tab_to(page, page.get_by_role("main").get_by_role("link", name=words("Register a vehicle")).first)
    page.keyboard.press("Enter")
    for plate in (vehicles.fresh_plate(), vehicles.fresh_plate()):
        expect(page.get_by_label(words("Plate"), exact=True)).to_be_focused()
        with page.expect_response(re.compile(plate.formatted)):
            page.keyboard.type(plate.value.lower())
        tab_to(page, check_code(page), at_most=3)
        page.keyboard.type(vehicles.CODE)
        button = page.locator("button[data-sentence]")
        tab_to(page, button)
        expect(button).to_contain_text(plate.formatted)
        page.keyboard.press("Enter")
        expect(page.get_by_role("article")).to_contain_text(plate.formatted)
        tab_to(page, page.get_by_role("link", name=words("Next plate")))
        page.keyboard.press("Enter")
