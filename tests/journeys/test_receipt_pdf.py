"""A vehicle goes on the policy, and its receipt is taken along as a sealed file."""

from playwright.sync_api import expect

from remise.core.identifiers import Plate
from remise.core.models import Entry
from remise.fleet.rights import FleetRight
from tests import vehicles, world
from tests.documents.papers import sealing_key, seals, text
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.fleet_pages import fill_registration, submit
from tests.world import OWNER

FETCH = """async address => {
  const answer = await fetch(address)
  const content = Array.from(new Uint8Array(await answer.arrayBuffer()))
  return [answer.headers.get("content-type"), answer.headers.get("content-disposition"), content]
}"""


def test_f117_receipt_as_pdf(browse: Browse) -> None:
    garage = world.garage()
    vehicle = vehicles.in_register()
    plate = Plate(vehicle.plate)
    rights = [FleetRight.VIEW, FleetRight.REGISTER]
    page = browse(world.member(garage.organisation, rights=[*rights]), garage.portal)
    page.goto("/vehicles/register")
    fill_registration(page, plate, vehicles.CODE, vehicles.today(garage))
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(plate.formatted)
    no_violations(page)
    entry = Entry.objects.using(OWNER).get(organisation=garage.organisation.id)
    expect(page.get_by_role("article")).to_contain_text(entry.receipt)

    link = page.get_by_role("link", name=words("PDF"), exact=True)
    # Fetched as the link says: a browser without a window shows no PDF of its own.
    kind, named, content = page.evaluate(FETCH, link.get_attribute("href"))
    assert (kind, named.endswith(f'{entry.receipt}.pdf"')) == ("application/pdf", True)
    said = text(bytes(content))
    assert plate.formatted in said
    assert entry.receipt in said
    (seal,) = seals(bytes(content), sealing_key(garage))
    assert seal.bottom_line
