"""How an administrator works with the page of who may do what, and how a refusal is read."""

from playwright.sync_api import Locator, Page, Response, expect

from remise.organisations.models import Branch, Membership
from remise.organisations.rights import label_of
from tests.journeys.browsing import words


def switch(page: Page, right: str, of: Membership, branch: Branch | None = None) -> Locator:
    """The cell of the matrix."""
    place = branch.name if branch else words("All branches")
    return page.get_by_role("switch", name=f"{label_of(right)}, {of.display_name}, {place}", exact=True)


def flip(page: Page, right: str, of: Membership, branch: Branch | None = None) -> None:
    """Click on the cell and see it changed, without another page."""
    cell = switch(page, right, of, branch)
    before = cell.get_attribute("aria-checked") == "true"
    cell.click()
    expect(switch(page, right, of, branch)).to_have_attribute("aria-checked", str(not before).lower())


def refused(page: Page, path: str, right: str) -> None:
    """403 with its reason: a page that says what is missing and who can give it, and a document for programs."""
    answer = page.goto(path)
    assert isinstance(answer, Response)
    assert (answer.status, answer.headers["x-reason-code"]) == (403, "right_missing")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(str(label_of(right)))
    problem = page.evaluate(
        "async path => { const answer = await fetch(path, {headers: {Accept: 'application/json'}});"
        " return [answer.status, answer.headers.get('content-type'), await answer.json()] }",
        path,
    )
    assert problem[:2] == [403, "application/problem+json"]
    assert (problem[2]["code"], problem[2]["missing"]) == ("right_missing", right)
