"""How a person works with the pages of the fleet."""

from datetime import date

from playwright.sync_api import Locator, Page, expect

from remise.core.identifiers import Plate
from tests.journeys.browsing import choose_day, day_field, words


def type_plate(page: Page, plate: Plate) -> None:
    """Letter by letter, then wait for what the register says of it."""
    field = page.get_by_label(words("Plate"), exact=True)
    field.fill("")
    with page.expect_response(lambda answer: f"plate={plate.formatted}" in answer.url):
        field.press_sequentially(plate.value.lower())
    expect(field).to_have_value(plate.formatted)


def check_code(page: Page) -> Locator:
    return page.get_by_label(words("Check code"))


def fill_registration(page: Page, plate: Plate | None, code: str, day: date) -> None:
    """All three of them; the field of the check code comes back with the register's answer."""
    if plate:
        type_plate(page, plate)
    if code:
        check_code(page).fill(code)
    choose_day(page, day)


def submit(page: Page) -> None:
    """The one button that carries the whole sentence."""
    page.locator("button[data-sentence]").click()


def fact(place: Page | Locator, label: str) -> Locator:
    """What stands behind this label."""
    page = place.page if isinstance(place, Locator) else place
    return place.locator("dl.facts > div").filter(has=page.locator(f'dt:text-is("{label}")')).locator("dd").first


def listed(page: Page) -> list[str]:
    """The plates in the list, from top to bottom."""
    return [text.split()[-1] for text in page.locator("tbody .plate").all_inner_texts()]


def refusal(field: Locator, text: str) -> None:
    """Beside its field, and told to a screen reader as what is wrong with it."""
    expect(field).to_have_attribute("aria-invalid", "true")
    error = f"{field.get_attribute('id')}_error"
    assert error in (field.get_attribute("aria-describedby") or "").split()
    expect(field.page.locator(f"#{error}")).to_contain_text(text)


def type_earlier(page: Page, day: date) -> None:
    """A day that is not drawn: on a desk the calendar gives way to the field."""
    button = page.get_by_role("button", name=words("Type an earlier day"))
    if button.is_visible():
        button.click()
    day_field(page).fill(day.isoformat())
