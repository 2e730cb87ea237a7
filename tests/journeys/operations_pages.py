"""How a person looks after the background work of a portal."""

from playwright.sync_api import Locator, Page

from remise.operations.rights import OperationsRight
from tests import world
from tests.journeys.browsing import Browse
from tests.world import Garage


def at_background_work(browse: Browse, garage: Garage, *, scripts: bool = True) -> Page:
    insurer = world.insurer(garage.portal)
    operator = world.member(insurer, rights=list(OperationsRight), name="Hanna Smit")
    page = browse(operator, garage.portal, scripts=scripts)
    page.goto("/operations/")
    return page


def stopped(page: Page, where: str) -> Locator:
    """The lines under one of the two lists that need a person: `gave-up` or `not-delivered`."""
    return page.locator(f"#{where} .stopped > li")


def how_it_is(page: Page) -> Locator:
    return page.locator(".note-title").first
