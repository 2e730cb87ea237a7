"""Who would rather speak to somebody first leaves a number; the insurer gets in touch in time, and lateness shows."""

from playwright.sync_api import expect

from remise.onboarding.models import Application
from tests import world
from tests.journeys.browsing import Browse, no_violations, words, words_for
from tests.journeys.coming_in_pages import desk_of, go_in_by, open_application, send
from tests.world import OWNER


def test_f014_contact_is_asked_late_and_closed(browse: Browse) -> None:
    garage = world.garage()
    desk = desk_of(garage)
    his = browse(None, garage.portal)
    go_in_by(his, "Contact me")
    his.get_by_label(words("Your name")).fill("Joost de Vries")
    his.locator('input[name="email"]').fill(f"joost-{world.unique()}@example.test")
    his.get_by_label(words("Telephone number")).fill("038 123 45 67")
    his.get_by_label(words("What is it about?")).fill("Wat kost het?")
    reference = send(his)
    Application.objects.using(OWNER).filter(reference=reference).update(due_at="2021-01-04T12:00Z")

    page = browse(desk, garage.portal)
    page.goto("/")
    late = words_for(
        "%(count)s who wants to come in should have had an answer",
        "%(count)s who want to come in should have had an answer",
        1,
    )
    expect(page.get_by_role("heading", name=late % {"count": "1"})).to_be_visible()
    no_violations(page)
    open_application(page, reference)
    expect(page.get_by_text(words("Too late: %(due)s").partition("%")[0].strip()).first).to_be_visible()
    page.get_by_role("button", name=words("Take it")).dblclick()
    expect(page.get_by_text(words("You are at it. Colleagues see your name."))).to_be_visible()
    no_violations(page)
    page.get_by_label(words("What was said?")).fill("Gebeld, stuurt volgende week de cijfers.")
    page.get_by_role("button", name=words("Note it and close")).click()
    expect(page.get_by_role("heading", level=1, name=words("Who wants to come in"))).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", name=late % {"count": "1"})).to_have_count(0)
    page.goto("/applications/?show=done")
    expect(page.get_by_role("listitem").filter(has_text=reference)).to_contain_text(words("Closed"))
    no_violations(page)
