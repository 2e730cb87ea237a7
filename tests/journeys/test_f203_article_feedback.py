"""A reader says whether an article helped and what was missing; the insurer sees the worst first, and mends it."""

import pytest
from playwright.sync_api import expect

from remise.help.rights import HelpRight
from tests import world
from tests.help.people import remarks, votes
from tests.journeys.browsing import Browse, menu, no_violations, words


@pytest.mark.phone
def test_f203_vote_and_remark_reach_the_editor(browse: Browse) -> None:
    garage = world.garage()
    page = browse(world.member(garage.organisation, rights=[]), garage.portal)
    page.goto("/help/articles/premium")
    page.get_by_role("button", name=words("Yes, it helped")).click()
    expect(page.get_by_role("main")).to_contain_text(words("Thank you. Good that it helped."))
    page.get_by_role("button", name=words("No, it did not")).click()
    expect(page.get_by_role("main")).to_contain_text(words("Thank you. We will make it better."))
    assert votes(garage.portal) == [("premium", False)]
    no_violations(page)
    page.get_by_label(words("What was missing?")).fill("Ik mis een voorbeeld met bedragen.")
    page.get_by_role("button", name=words("Send what was missing")).click()
    expect(page.get_by_role("main")).to_contain_text(words("Thank you. We will correct it."))
    assert remarks(garage.portal) == ["Ik mis een voorbeeld met bedragen."]

    editor = browse(world.member(world.insurer(garage.portal), rights=list(HelpRight)), garage.portal)
    editor.goto("/")
    menu(editor).get_by_role("link", name=words("What readers say")).click()
    worst = editor.locator("section.sheet").first
    expect(worst).to_contain_text("Ik mis een voorbeeld met bedragen.")
    no_violations(editor)
    worst.get_by_role("button", name=words("Dealt with")).click()
    expect(editor.locator("section.sheet").first).not_to_contain_text("Ik mis een voorbeeld")


@pytest.mark.full
def test_f203_visitor_votes_without_scripts(browse: Browse) -> None:
    at = world.portal()
    page = browse(None, at, scripts=False)
    page.goto("/help/articles/green-card")
    page.get_by_role("button", name=words("No, it did not")).click()
    page.get_by_label(words("What was missing?")).fill("De landen.")
    page.get_by_role("button", name=words("Send what was missing")).click()
    assert (votes(at), remarks(at)) == ([("green-card", False)], ["De landen."])
