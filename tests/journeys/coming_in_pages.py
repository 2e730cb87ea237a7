"""Coming in the way a person does: the ways in, the forms at the door, and the desk that answers."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connections
from playwright.sync_api import Page, expect
from procrastinate.contrib.django import app

from remise.organisations.models import Membership, Organisation
from remise.organisations.rights import IntakeRight
from tests import jobs, world
from tests.journeys.browsing import no_violations, words
from tests.journeys.server import SEND
from tests.world import Garage

HANDLES = [IntakeRight.HANDLE, "desk.view", "desk.decide"]


def desk_of(garage: Garage) -> Membership:
    insurer = Organisation.objects.using(world.OWNER).filter(portal=garage.portal, kind="insurer").first()
    return world.member(insurer or world.insurer(garage.portal), rights=[*HANDLES], name="Mirjam Postma")


def person(page: Page, email: str, *, initials: bool = True) -> None:
    page.get_by_label(words("First name")).fill("Eva")
    if initials:
        page.get_by_label(words("Initials")).fill("e.m.")
    page.get_by_label(words("Surname")).fill("Bakker")
    page.locator('input[name="email"]').fill(email)
    page.locator('input[name="phone"]').fill("06 1234 5678")


def go_in_by(page: Page, way: str) -> None:
    """From the sign-in page."""
    page.goto("/account/sign-in/")
    page.get_by_role("link", name=words("Your company has no account or no administrator?")).click()
    expect(page.get_by_role("heading", level=1, name=words("What do you want to do?"))).to_be_visible()
    no_violations(page)
    page.get_by_role("link", name=words(way)).first.click()
    expect(page.locator("form.join")).to_be_visible()
    no_violations(page)


def send(page: Page) -> str:
    """Empty once, then as filled in; gives the reference."""
    page.locator("form.join button[type=submit]").dblclick()
    expect(page.get_by_role("heading", level=1, name=words("We received your question"))).to_be_visible()
    no_violations(page)
    return page.locator("dl dd").first.inner_text()


def open_application(page: Page, reference: str) -> None:
    page.goto("/applications/")
    no_violations(page)
    page.get_by_role("listitem").filter(has_text=reference).get_by_role("link").click()
    expect(page.get_by_role("heading", level=2, name=words("What was sent"))).to_be_visible()
    no_violations(page)


def work() -> None:
    """What a worker does besides sending mails, which wait for who looks into the mailbox. In a thread of its own: in
    that of a browser's driver no other loop may turn."""
    with ThreadPoolExecutor(1) as beside:
        while due := [job for job in jobs.waiting() if job[1] != SEND]:
            number, name, arguments = due[0]
            jobs.forget(number)
            beside.submit(app.tasks[name].func, **arguments).result()
        beside.submit(connections.close_all).result()
