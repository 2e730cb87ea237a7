"""How a person works with the pages of the desk, and a customer with those of a request."""

from playwright.sync_api import Page, expect

from remise.desk.rights import DeskRight
from remise.fleet.rights import UnderwritingRight
from remise.organisations.models import Membership
from tests import world
from tests.journeys.browsing import Browse, words
from tests.world import Garage


def underwriter(garage: Garage, name: str = "Mirjam Postma") -> Membership:
    insurer = world.insurer(garage.portal)
    return world.member(insurer, rights=[*DeskRight, *UnderwritingRight], name=name)


def at_desk(browse: Browse, garage: Garage, who: Membership) -> Page:
    page = browse(who, garage.portal)
    page.goto("/desk/")
    return page


def open_case(page: Page, plate: str) -> None:
    page.locator("[data-case]").filter(has_text=plate).click()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()


def take(page: Page) -> None:
    page.get_by_role("button", name=words("Take it"), exact=True).click()
    expect(page.get_by_label(words("Reason"))).to_be_visible()


def decide(page: Page, button: str, reason: str) -> None:
    page.get_by_label(words("Reason")).fill(reason)
    page.get_by_role("button", name=button, exact=True).click()
