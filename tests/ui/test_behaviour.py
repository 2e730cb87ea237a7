"""What the scripts and the style sheet do in a real browser, on the gallery served alone."""

import re
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import override_settings
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import launched

pytestmark = pytest.mark.journey

MIDDLEWARE = [
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
WIDTHS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 860}}


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with override_settings(
        REMISE_GALLERY=True, ROOT_URLCONF="tests.ui.urls", MIDDLEWARE=MIDDLEWARE, ALLOWED_HOSTS=["127.0.0.1"]
    ):
        app = StaticFilesHandler(WSGIHandler())
        server = make_server("127.0.0.1", 0, app, Server, Silent)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The gallery on a desk; whatever the browser complains of fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/gallery/")
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("gbb01b", "GBB-01-B"),
        ("12abcd", "12-AB-CD"),
        ("ab1234", "AB-12-34"),
        ("1abc23", "1-ABC-23"),
        ("x999xx", "X-999-XX"),
        ("ab-12-cd", "AB-12-CD"),
        ("ab 12 cd", "AB-12-CD"),
    ],
)
def test_plate_gets_capitals_and_dashes_while_typing(page: Page, typed: str, shown: str) -> None:
    plate = page.locator("#id_good-plate")
    plate.fill("")
    plate.press_sequentially(typed)
    expect(plate).to_have_value(shown)


def test_plate_keeps_the_caret_when_a_character_is_changed_in_the_middle(page: Page) -> None:
    plate = page.locator("#id_good-plate")
    plate.fill("")
    plate.press_sequentially("gbb01b")
    for key in ("ArrowLeft", "ArrowLeft", "Backspace", "7"):
        plate.press(key)
    expect(plate).to_have_value("GBB-07-B")
    assert plate.evaluate("input => input.selectionStart") == 6


def test_plate_can_be_taken_away_with_backspace_alone(page: Page) -> None:
    plate = page.locator("#id_good-plate")
    plate.focus()
    plate.press("End")
    for _ in "GBB01B":
        plate.press("Backspace")
    expect(plate).to_have_value("")


def test_button_says_the_whole_sentence(page: Page) -> None:
    button = page.locator("[data-sentence]")
    expect(button).to_have_text("Insure GBB-01-B from today")
    page.get_by_role("button", name="yesterday").first.click()
    expect(button).to_have_text("Insure GBB-01-B from yesterday")
    page.locator("#id_good-plate").fill("")
    expect(button).to_have_text("Insure the vehicle")


def test_day_outside_the_window_is_not_chosen_and_says_why(page: Page) -> None:
    days = page.locator(".days").first
    days.locator('[data-day="2026-09-23"]').click(force=True)
    expect(page.locator("#id_good-starts")).to_have_value("2026-10-21")
    expect(days.locator(".days-why")).to_have_text("More than 28 days back cannot be done online.")


def test_all_28_days_can_be_chosen(page: Page) -> None:
    free = page.locator(".days").first.locator("[data-day]:not([aria-disabled])")
    assert free.count() == 28
    assert free.first.get_attribute("data-day") == "2026-09-24"


def test_days_are_walked_with_the_arrow_keys(page: Page) -> None:
    page.locator(".days").first.locator('[data-day="2026-10-21"]').focus()
    for key in ("ArrowUp", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#id_good-starts")).to_have_value("2026-10-13")


def test_ticked_rows_raise_the_action_bar(page: Page) -> None:
    bar = page.locator("[data-action-bar]")
    expect(bar).to_be_hidden()
    page.locator("[data-row]").first.check()
    expect(bar).to_contain_text("1 vehicle chosen")
    page.locator("[data-row]").nth(3).click(modifiers=["Shift"])
    expect(bar).to_contain_text("4 vehicles chosen")
    page.locator("[data-all]").check()
    expect(bar).to_contain_text("5 vehicles chosen")
    page.locator("[data-all]").uncheck()
    expect(bar).to_be_hidden()


def test_slash_goes_to_the_search_box_but_not_from_an_input(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#find")).to_have_value("/")


def test_menu_closes_with_escape_and_by_a_click_elsewhere(page: Page) -> None:
    menu = page.locator("details.place")
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu.locator("summary")).to_be_focused()
    expect(menu).not_to_have_attribute("open", "")
    menu.locator("summary").click()
    page.locator("h1").first.click()
    expect(menu).not_to_have_attribute("open", "")


def test_receipt_number_is_copied(page: Page) -> None:
    page.get_by_role("button", name="Copy").click()
    done = page.get_by_role("button", name="Copied")
    expect(done.locator("use")).to_have_attribute("href", re.compile("#check$"))
    assert page.evaluate("navigator.clipboard.readText()") == "2026-004312"
    expect(page.get_by_role("button", name="Copy").locator("use")).to_have_attribute("href", re.compile("#copy$"))


def test_side_panel_opens_with_what_htmx_brings_and_closes_with_escape(page: Page) -> None:
    def answer(route: Route) -> None:
        route.fulfill(body="<h2>GBB-01-B</h2>", content_type="text/html")

    page.route("**/panel", answer)
    page.evaluate("htmx.ajax('GET', '/panel', {target: '#drawer', swap: 'innerHTML'})")
    expect(page.locator("#drawer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()


def test_page_can_be_used_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.goto(f"{address}/gallery/")
    expect(page.locator("#id_good-starts")).to_be_visible()
    expect(page.locator("[data-sentence]")).to_have_text("Insure the vehicle")
    expect(page.locator("[data-action-bar]")).to_be_visible()
    expect(page.locator("[data-copy]")).to_be_hidden()
    page.locator("details.place summary").click()
    expect(page.locator("details.place .pop-line").first).to_be_visible()
    context.close()


def test_receipt_prints_without_the_frame(page: Page) -> None:
    page.emulate_media(media="print")
    expect(page.locator(".receipt")).to_be_visible()
    for part in (".side", ".top-tools", ".receipt > .do"):
        expect(page.locator(part).first).to_be_hidden()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["", "?portal=werkbank&state=sold", "door/", "refusal/"])
def test_page_passes_axe_and_fits_its_width(browser: Browser, address: str, width: str, path: str) -> None:
    context = browser.new_context(
        viewport={"width": WIDTHS[width]["width"], "height": WIDTHS[width]["height"]}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{address}/gallery/{path}")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == WIDTHS[width]["width"]
    context.close()
