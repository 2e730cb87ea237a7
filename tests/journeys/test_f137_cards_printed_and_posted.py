"""Three cards to one address in one request: one shipment with three cards. The insurer's people print what waits as
one file, post it, and the customer sees that it is in the post."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from remise.fleet.rights import FleetRight
from remise.green_cards.models import Shipment
from remise.green_cards.posting.rights import PostingRight
from tests import jobs, world
from tests.green_cards.cards import HOME, held, issue
from tests.green_cards.pdf import Pdf
from tests.green_cards.posting.office import fresh, post
from tests.journeys.browsing import Browse, menu, no_violations, words, words_for
from tests.journeys.card_pages import ask_for, cards, choose_paper, go_on, to_request
from tests.world import OWNER, Garage

TOWN = "Meppel"


@pytest.fixture
def garage() -> Garage:
    made = world.garage()
    made.branch.street, made.branch.postcode, made.branch.town = "Rijnstraat 12", "8011 AB", "Zwolle"
    made.branch.save(using=OWNER)
    return made


def owner(browse: Browse, garage: Garage) -> Page:
    return browse(world.member(garage.organisation, rights=list(FleetRight), name="Sanne de Wit"), garage.portal)


def printer(browse: Browse, garage: Garage) -> Page:
    mirjam = world.member(world.insurer(garage.portal), rights=[*PostingRight], name="Mirjam Postma")
    page = browse(mirjam, garage.portal)
    page.goto("/")
    menu(page).get_by_role("link", name=words("Print and post")).click()
    return page


def make(page: Page) -> None:
    page.get_by_role("button", name=words("Make a print batch")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1")
    expect(page.get_by_role("main")).to_contain_text(words("The file is being made"))
    no_violations(page)
    jobs.work_off()
    expect(page.get_by_role("link", name=words("Download the file"))).to_be_visible()


@pytest.mark.phone
@pytest.mark.usefixtures("nothing_waits")
def test_f137_three_cards_to_one_address(browse: Browse, garage: Garage) -> None:
    sanne = owner(browse, garage)
    to_request(sanne, *[held(garage) for _ in range(3)])
    choose_paper(sanne, TOWN)
    go_on(sanne)
    ask_for(sanne, 3)
    receipt = sanne.url
    made = cards(garage)
    (shipment,) = {card.shipment_id for card in made}
    expect(sanne.get_by_role("main")).to_contain_text(TOWN)
    no_violations(sanne)

    desk = printer(browse, garage)
    expect(desk.locator("tbody tr")).to_have_count(1)
    expect(desk.locator("tbody tr").first).to_contain_text(TOWN)
    no_violations(desk)
    make(desk)
    no_violations(desk)
    with desk.expect_download() as download:
        desk.get_by_role("link", name=words("Download the file")).click()
    pages = Pdf(Path(download.value.path()).read_bytes()).pages
    assert TOWN in pages[2]
    assert [card.number for card in made if any(card.number in page for page in pages[4::2])] == [
        card.number for card in made
    ]
    sanne.goto(receipt)
    expect(sanne.get_by_role("main")).to_contain_text(words("Being printed"))
    desk.get_by_role("button", name=words("It is in the post")).click()
    said = words_for(
        "%(shown)s envelope was posted on %(moment)s", "%(shown)s envelopes were posted on %(moment)s", 1
    )
    expect(desk.get_by_role("main")).to_contain_text(said.partition("%(moment)s")[0] % {"shown": 1})
    no_violations(desk)

    posted = words("Posted on %(day)s").partition("%(day)s")[0].strip()
    sanne.reload()
    expect(sanne.get_by_role("main")).to_contain_text(posted)
    sanne.goto(f"/cards/{made[0].id}")
    expect(sanne.get_by_role("main")).to_contain_text(posted)
    no_violations(sanne)
    assert fresh(Shipment(id=shipment)).state == Shipment.State.SENT


@pytest.mark.usefixtures("nothing_waits")
def test_f137_printed_wrongly_and_taken_back(browse: Browse, garage: Garage) -> None:
    good, wrong = (issue(garage, held(garage), format="paper", address=HOME) for _ in range(2))
    desk = printer(browse, garage)
    make(desk)
    desk.get_by_label(words("No. %(place)s was printed wrongly") % {"place": 2}).check()
    desk.get_by_role("button", name=words("It is in the post")).click()
    expect(desk.get_by_role("button", name=words("Take that back"))).to_be_visible()
    assert (fresh(good).state, fresh(wrong).state) == ("sent", "waiting")
    desk.get_by_role("button", name=words("Take that back")).click()
    expect(desk.get_by_role("button", name=words("It is in the post"))).to_be_visible()
    assert (fresh(good).state, fresh(wrong).state) == ("printing", "waiting")
    desk.get_by_label(words("Print again from envelope no.")).fill("2")
    desk.get_by_role("button", name=words("Make the file")).click()
    jobs.work_off()
    desk.reload()
    part = words("From no. %(place)s: %(pages)s pages") % {"place": 2, "pages": 4}
    with desk.expect_download() as download:
        desk.get_by_role("link", name=part).click()
    assert len(Pdf(Path(download.value.path()).read_bytes()).pages) == 4
    no_violations(desk)


def came_back(desk: Page, shipment: Shipment) -> None:
    desk.get_by_role("radio", name=words("Wrong address")).check(force=True)
    desk.get_by_role("button", name=words("It came back")).click()
    expect(desk.get_by_role("button", name=words("It came back"))).to_have_count(0)
    no_violations(desk)
    assert fresh(shipment).state == Shipment.State.RETURNED


@pytest.mark.phone
@pytest.mark.usefixtures("nothing_waits")
def test_f137_letter_came_back_and_is_sent_again(browse: Browse, garage: Garage) -> None:
    shipment = issue(garage, held(garage), held(garage), format="paper", address=HOME)
    post(garage)
    desk = printer(browse, garage)
    desk.get_by_label(words("Number of the shipment")).fill(str(shipment.id))
    desk.get_by_role("button", name=words("Look it up")).click()
    expect(desk.get_by_role("main")).to_contain_text(HOME.street)
    no_violations(desk)
    came_back(desk, shipment)
    desk.get_by_role("button", name=words("It did not come back")).click()
    expect(desk.get_by_role("button", name=words("It came back"))).to_be_visible()
    assert fresh(shipment).state == Shipment.State.SENT
    came_back(desk, shipment)

    sanne = owner(browse, garage)
    sanne.goto("/")
    title = words_for(
        "A letter with %(count)s green card came back", "A letter with %(count)s green cards came back", 2
    )
    expect(sanne.get_by_role("main")).to_contain_text(title % {"count": 2})
    no_violations(sanne)
    sanne.goto(f"/cards/{cards(garage)[0].id}")
    expect(sanne.get_by_role("main")).to_contain_text(words("Wrong address"))
    sanne.get_by_role("textbox", name=words("Town")).fill("")
    send = sanne.get_by_role("button", name=words("Send again to this address"))
    send.click()
    expect(sanne.get_by_role("main")).to_contain_text(words("Fill in the town."))
    no_violations(sanne)
    sanne.get_by_role("textbox", name=words("Town")).fill(TOWN)
    send.dblclick()
    expect(sanne.get_by_role("main")).to_contain_text(words("The cards are sent again, to the address below."))
    expect(sanne.get_by_role("main")).to_contain_text(TOWN)
    no_violations(sanne)
    (again,) = Shipment.objects.using(OWNER).filter(again_of=shipment.id)
    assert (again.state, again.town) == (Shipment.State.WAITING, TOWN)
    desk.goto("/")
    menu(desk).get_by_role("link", name=words("Print and post")).click()
    expect(desk.locator("tbody tr").first).to_contain_text(TOWN)


@pytest.mark.usefixtures("nothing_waits")
def test_f137_batch_of_what_is_wanted_up_to_a_day(browse: Browse, garage: Garage) -> None:
    soon, later = (issue(garage, held(garage), format="paper", address=HOME) for _ in range(2))
    Shipment.objects.using(OWNER).filter(id=soon.id).update(post_by=date(2030, 3, 1))
    Shipment.objects.using(OWNER).filter(id=later.id).update(post_by=date(2030, 3, 2))
    desk = printer(browse, garage)
    desk.get_by_label(words("To be posted up to and including")).fill("2030-03-01")
    desk.get_by_role("button", name=words("Show what that is")).click()
    expect(desk.locator("tbody tr")).to_have_count(1)
    no_violations(desk)
    label = words_for("Make a print batch of %(shown)s shipment", "Make a print batch of %(shown)s shipments", 1)
    desk.get_by_role("button", name=label % {"shown": 1}).click()
    expect(desk.get_by_role("main")).to_contain_text(words("The file is being made"))
    assert (fresh(soon).state, fresh(later).state) == ("printing", "waiting")
