"""A template is written, chosen beside a reason in the customer's language, changed before it is sent, retired."""

import pytest
from playwright.sync_api import expect

from remise.accounts.models import Account
from tests import vehicles
from tests.desk.office import Office, office, stored
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.desk_pages import open_case, take
from tests.world import OWNER


@pytest.fixture
def desk() -> Office:
    return office()


@pytest.mark.phone
def test_desk_templates(browse: Browse, desk: Office) -> None:
    plate = vehicles.fresh_plate()
    request = desk.late(plate=plate)
    Account.objects.using(OWNER).filter(id=desk.owner.account_id).update(language="de")
    page = browse(desk.mirjam, desk.garage.portal)
    page.goto("/desk/answers/")
    main = page.get_by_role("main")
    expect(main).to_contain_text(words("No templates yet"))
    no_violations(page)
    for language, title, text in (
        ("nl", "Nog niet op naam", "{plate} stond nog niet op naam van {company}."),
        ("de", "Noch nicht zugelassen", "{plate} war noch nicht auf {company} zugelassen, Grenze {limit}."),
    ):
        page.goto("/desk/answers/new")
        page.locator("#id_language").select_option(language)
        page.get_by_label(words("Title")).fill(title)
        page.get_by_label(words("Text"), exact=True).fill(text.replace("{plate}", "{kenteken}"))
        page.get_by_role("button", name=words("Offer this template")).click()
        expect(page.get_by_label(words("Text"), exact=True)).to_have_attribute("aria-invalid", "true")
        expect(main).to_contain_text("{kenteken}")
        no_violations(page)
        page.get_by_label(words("Text"), exact=True).fill(text)
        page.get_by_role("button", name=words("Offer this template")).click()
        expect(page.get_by_role("link", name=title)).to_be_visible()
    no_violations(page)

    page.goto("/desk/")
    open_case(page, plate.formatted)
    take(page)
    chosen = page.locator("#id_reason_template")
    # The customer reads German: that one stands first.
    expect(chosen.locator("optgroup").first).to_have_attribute(
        "label", words("%(language)s: the customer's language") % {"language": "Deutsch"}
    )
    reason = page.get_by_label(words("Reason"))
    chosen.select_option(label="Nog niet op naam")
    company = desk.garage.organisation.name
    expect(reason).to_have_value(f"{plate.formatted} stond nog niet op naam van {company}.")
    # Another one takes its place, as long as it was not changed; then it comes behind what was written.
    chosen.select_option(label="Noch nicht zugelassen")
    german = f"{plate.formatted} war noch nicht auf {company} zugelassen, Grenze 28 Tage."
    expect(reason).to_have_value(german)
    reason.fill("Guten Tag.")
    chosen.select_option(label="Nog niet op naam")
    chosen.select_option(label="Noch nicht zugelassen")
    expect(reason).to_have_value(f"Guten Tag.\n\n{german}")
    no_violations(page)
    page.get_by_role("button", name=words("Refuse"), exact=True).click()
    expect(main).to_contain_text(words("Nothing waits for you"))
    assert stored(request).reason.replace("\r", "") == f"Guten Tag.\n\n{german}"

    # Retired, it is offered no more; what was sent keeps its words.
    page.goto("/desk/answers/")
    main.get_by_role("link", name="Noch nicht zugelassen").click()
    no_violations(page)
    page.get_by_role("button", name=words("Retire this template")).click()
    expect(main).to_contain_text(words("%(title)s is offered no more.") % {"title": "Noch nicht zugelassen"})
    no_violations(page)
    theirs = browse(desk.owner, desk.garage.portal)
    theirs.goto(f"/requests/{request.id}")
    expect(theirs.get_by_role("main")).to_contain_text(german)
