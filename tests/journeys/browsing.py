"""One person's browser: signed in or not, of some width, in some language; and what must hold for every page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils.translation import gettext, ngettext
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from remise.accounts.models import Account
from remise.organisations.models import Membership
from remise.portals.models import Portal
from tests import sessions
from tests.journeys.server import Server

# Under these names `makemessages` does not take the tests' texts for texts of the interface.
words: Callable[[str], str] = gettext
words_for: Callable[[str, str, int], str] = ngettext

WIDTHS = {"desktop": (1280, 860), "phone": (390, 844)}
# What holds needs no description of each element in which it does: that takes as long as looking.
AXE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
PART_OF_A_PAGE = frozenset({"stylesheet", "script", "font", "image"})


@dataclass
class Browse:
    """Opens browsers for a test and notes whatever they complain of."""

    browser: Browser
    server: Server
    language: str
    width: str
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(self, who: Membership | Account | None, at: Portal, *, scripts: bool = True) -> Page:
        """A browser of its own at this insurer, in which this person has signed in with both factors. Addresses may
        be given without the host."""
        width, height = WIDTHS[self.width]
        phone = self.width == "phone"
        context = self.browser.new_context(
            base_url=self.server.address(at),
            viewport={"width": width, "height": height},
            is_mobile=phone,
            has_touch=phone,
            java_script_enabled=scripts,
            locale=self.language,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        if who is not None:
            cookie = sessions.client_of(who, at).cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.server.address(at)}])
        page = context.new_page()
        self._listen(page)
        return page

    @property
    def is_phone(self) -> bool:
        return self.width == "phone"

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def _listen(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        """A refused style or script is an error here too. What only repeats an answer's status is judged there. A
        question that was dropped because the page was left for the next one is none: htmx tells it in two lines."""
        if message.text.startswith("htmx:sendAbort"):
            if self.complaints and self.complaints[-1].startswith("htmx:afterRequest"):
                self.complaints.pop()
            return
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.complaints.append(message.text)

    def _response(self, answer: Response) -> None:
        if answer.status >= 500:
            self.complaints.append(f"{answer.status} {answer.url}\n{self.server.said()}")
        elif answer.status >= 400 and answer.request.resource_type in PART_OF_A_PAGE:
            self.complaints.append(f"{answer.status} {answer.url}")


def no_violations(page: Page) -> None:
    """WCAG 2.2 AA as far as a program can tell, and nothing beside the screen. The bars that stay at the edges of a
    phone cover what a finger's width of scrolling uncovers: only what is wrong in both places is wrong."""
    page.wait_for_load_state()  # a page that is about to come has no document yet
    found = Axe().run(page, options=AXE)
    if found.violations_count:
        page.evaluate("window.scrollBy(0, window.scrollY ? -48 : 48)")
        again = Axe().run(page, options=AXE)
        assert not _broken(found) & _broken(again), f"{page.url}\n{again.generate_report()}"
    beside = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beside <= 0, f"{page.url} is {beside} px wider than the screen"


def _broken(found: AxeResults) -> set[tuple[str, str]]:
    violations = found.response["violations"]
    return {(rule["id"], str(node["target"])) for rule in violations for node in rule["nodes"]}


def menu(page: Page) -> Locator:
    """The side bar of a desk, or the bottom bar of a phone with everything in it unfolded."""
    bar = page.get_by_role("navigation", name=words("Main menu"))
    more = bar.locator("details:not([open]) summary")
    if more.count():
        more.click()
    return bar


def menu_labels(page: Page) -> list[str]:
    return [label.strip() for label in menu(page).get_by_role("link").all_inner_texts()]


def choose_day(page: Page, day: date) -> None:
    """As a person would: in the calendar drawn on a desk, else in the phone's own field."""
    drawn = page.locator(f'.days [data-day="{day.isoformat()}"]')
    if drawn.is_visible():
        drawn.click()
    else:
        day_field(page).fill(day.isoformat())
    expect(day_field(page)).to_have_value(day.isoformat())


def day_field(page: Page) -> Locator:
    return page.locator('input[type="date"][name="day"]')
