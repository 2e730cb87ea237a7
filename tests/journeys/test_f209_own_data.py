"""A person's data: one click gives the export, a mistake is put right, and closing the account leaves the ledger
whole."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from remise.core.models import Entry
from remise.fleet.rights import FleetRight
from remise.privacy.rights import PrivacyRight
from tests import sessions, vehicles, world
from tests.journeys.browsing import Browse, menu, no_violations, words
from tests.privacy.people import MANAGE, unpacked
from tests.world import OWNER


def to_my_data(page: Page) -> None:
    page.goto("/")
    page.locator("details.person summary").click()
    page.get_by_role("link", name=words("My data")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words("My data"))


@pytest.mark.phone
def test_f209_export_correction_and_closing(browse: Browse, tmp_path: Path) -> None:
    garage = world.garage()
    kees = world.member(garage.organisation, rights=[MANAGE, FleetRight.VIEW], name="Kees Bos")
    sanne = world.member(garage.organisation, rights=list(FleetRight), name="Sanne Verhoeven")
    held = vehicles.on_cover(garage, by=sessions.actor_of(sanne))
    boss = browse(kees, garage.portal)
    receipt = f"/vehicles/receipts/{held.entry}"
    boss.goto(receipt)
    expect(boss.get_by_role("main")).to_contain_text("Sanne Verhoeven")
    entries = list(Entry.objects.using(OWNER).filter(organisation=garage.organisation.id).values())

    page = browse(sanne, garage.portal)
    to_my_data(page)
    no_violations(page)
    with page.expect_download() as download:
        page.get_by_role("link", name=words("Download my data")).click()
    read, data = unpacked(Path(download.value.path()).read_bytes())
    assert "Sanne Verhoeven" in read
    assert "Kees Bos" not in read
    assert data["particulars"]["accounts.account"][0]["email"] == sanne.account.email

    page.get_by_role("link", name=words("Change"), exact=True).click()
    page.get_by_label(words("Surname")).fill("")
    page.get_by_role("button", name=words("Change my details")).click()
    expect(page.get_by_role("main")).to_contain_text(words("Fill in your surname."))
    no_violations(page)
    page.get_by_label(words("Surname")).fill("de Wit")
    page.get_by_label(words("Your name for colleagues")).fill("Sanne de Wit")
    page.get_by_role("button", name=words("Change my details")).click()
    expect(page.get_by_role("main")).to_contain_text("Sanne de Wit")
    boss.goto(receipt)
    expect(boss.get_by_role("main")).to_contain_text("Sanne de Wit")

    page.get_by_role("link", name=words("Read what goes and what stays")).click()
    no_violations(page)
    page.get_by_role("button", name=words("Close my account for good")).click()
    expect(page.get_by_role("main")).to_contain_text(words("Tick this first: it cannot be undone."))
    page.get_by_label(words("I have read what goes and what stays. Close my account.")).check()
    page.get_by_role("button", name=words("Close my account for good")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words("Your account is closed"))
    no_violations(page)
    page.goto("/me/data")
    expect(page).to_have_url(re.compile("/account/sign-in/"))

    for path in (receipt, f"/vehicles/{held.item}"):
        boss.goto(path)
        expect(boss.get_by_role("main")).to_contain_text(held.plate.formatted)
        expect(boss.get_by_role("main")).not_to_contain_text("Sanne")
    boss.goto(receipt)
    expect(boss.get_by_role("main")).to_contain_text(words("a former colleague"))
    assert list(Entry.objects.using(OWNER).filter(organisation=garage.organisation.id).values()) == entries


def test_f209_last_administrator_reads_the_way_out(browse: Browse) -> None:
    garage = world.garage()
    kees = world.member(garage.organisation, rights=[MANAGE], name="Kees Bos")
    page = browse(kees, garage.portal)
    page.goto("/me/close")
    expect(page.get_by_role("main")).to_contain_text(garage.organisation.name)
    expect(page.get_by_role("button", name=words("Close my account for good"))).to_have_count(0)
    no_violations(page)
    page.get_by_role("link", name=words("To who may do what")).click()
    expect(page).to_have_url(re.compile("/company/people$"))


def test_f209_insurer_lays_down_a_term_and_holds_a_person(browse: Browse) -> None:
    garage = world.garage()
    person = world.member(garage.organisation, rights=[], name="Sanne de Wit")
    officer = world.member(world.insurer(garage.portal), rights=[PrivacyRight.MANAGE], name="Noor")
    page = browse(officer, garage.portal)
    page.goto("/")
    menu(page).get_by_role("link", name=words("What we keep")).click()
    no_violations(page)
    page.get_by_role("link", name=words("Words of requests to the desk")).click()
    page.get_by_label(words("Keep it for so many days")).fill("7")
    page.get_by_label(words("Which law or policy says so?")).fill("Bewaarbeleid 3")
    page.get_by_role("button", name=words("Lay this term down")).click()
    expect(page.get_by_role("main")).to_contain_text("30")
    no_violations(page)
    page.get_by_label(words("Keep it for so many days")).fill("500")
    page.get_by_role("button", name=words("Lay this term down")).click()
    expect(page.get_by_role("main")).to_contain_text("Bewaarbeleid 3")
    page.get_by_label(words("Whom")).fill(person.account.email)
    page.get_by_label(words("Why")).fill("Zaak 12")
    page.get_by_role("button", name=words("Hold it")).click()
    expect(page.locator("#holds")).to_contain_text("Zaak 12")

    theirs = browse(person, garage.portal)
    theirs.goto("/me/close")
    expect(theirs.get_by_role("button", name=words("Close my account for good"))).to_have_count(0)
    page.get_by_role("button", name=words("Lift")).first.click()
    expect(page.locator("#holds")).to_contain_text("Zaak 12")
    theirs.goto("/me/close")
    expect(theirs.get_by_role("button", name=words("Close my account for good"))).to_be_visible()
