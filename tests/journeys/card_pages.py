"""How a person works with the pages of the green cards, and what stands on the paper."""

from base64 import b64decode

from playwright.sync_api import Page, expect

from remise.green_cards.models import GreenCard
from tests.green_cards.pdf import Pdf
from tests.journeys.browsing import words, words_for
from tests.vehicles import OnCover
from tests.world import OWNER, Garage


def cards(garage: Garage) -> list[GreenCard]:
    found = GreenCard.objects.using(OWNER).filter(organisation=garage.organisation.id)
    return list(found.select_related("shipment").order_by("serial"))


def tick(page: Page, *held: OnCover) -> None:
    for one in held:
        page.get_by_role("checkbox", name=words("Choose %(plate)s") % {"plate": one.plate.formatted}).check()


def to_request(page: Page, *held: OnCover) -> None:
    """From the list of vehicles."""
    page.goto("/vehicles/")
    tick(page, *held)
    page.get_by_role("button", name=words("Request green card"), exact=True).click()


def choose_paper(page: Page, town: str) -> None:
    page.get_by_text(
        words("On paper, by post|To the address below, all in one envelope. And the PDF at once.").split("|")[0]
    ).click()
    page.locator("summary").filter(has_text=words("Change")).click()
    page.get_by_role("textbox", name=words("Town")).fill(town)


def go_on(page: Page) -> None:
    page.get_by_role("button", name=words("Next")).click()
    expect(page.get_by_role("heading", level=1, name=words("Is this right?"))).to_be_visible()


def ask_for(page: Page, number: int) -> None:
    label = words_for("Request %(count)s green card", "Request %(count)s green cards", number)
    page.get_by_role("button", name=label % {"count": number}).click()
    title = words_for("%(count)s green card is ready", "%(count)s green cards are ready", number)
    expect(page.get_by_role("heading", level=1, name=title % {"count": number})).to_be_visible()


READ = (
    " const bytes = new Uint8Array(await answer.arrayBuffer());"
    " return [answer.headers.get('content-type'),"
    " btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))]; }"
)


def pdf(page: Page, address: str) -> Pdf:
    """The file behind a link, fetched by the page itself: a headless browser shows none."""
    kind, content = page.evaluate(f"async address => {{ const answer = await fetch(address); {READ}", address)
    assert kind == "application/pdf"
    return Pdf(b64decode(content))


def print_out(page: Page, label: str) -> Pdf:
    """The file behind a button, fetched by the page with the button's own form."""
    kind, content = page.get_by_role("button", name=words(label), exact=True).evaluate(
        "async button => { const form = button.form;"
        f" const answer = await fetch(form.action, {{method: 'POST', body: new FormData(form)}}); {READ}"
    )
    assert kind == "application/pdf"
    return Pdf(b64decode(content))


def public_address(card: GreenCard) -> str:
    return f"/cards/check/{card.token}"
