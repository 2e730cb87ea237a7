"""What stopped in the background is seen at a glance and repaired by a person of the insurer: with the real worker
and the real mail server."""

import pytest
from playwright.sync_api import expect

from remise.core.scope import ActorKind, Scope, enter
from remise.documents.models import Document
from remise.fleet.actions import draw_up_receipt
from remise.fleet.rights import FleetRight
from remise.messages import outbox
from remise.messages.models import Mail
from tests import jobs, vehicles, world
from tests.journeys import server as servers
from tests.journeys.browsing import Browse, menu, no_violations, words, words_for
from tests.journeys.operations_pages import at_background_work, how_it_is, stopped
from tests.journeys.server import Mailbox
from tests.world import OWNER, Garage


def receipt(garage: Garage) -> int:
    """A document of which nobody has asked the file yet."""
    held = vehicles.on_cover(garage, days=3)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        return draw_up_receipt(by=by, entry=held.entry).id


def mail_to(garage: Garage, address: str) -> None:
    with enter(Scope(ActorKind.PUBLIC, garage.portal.id)):
        outbox.write(
            kind="test",
            recipient=address,
            sender="Koetspoort <portal@koetspoort.example>",
            subject="Je ontvangstbewijs",
            text="Hallo",
            html="",
        )


@pytest.mark.phone
def test_failed_job_is_tried_again_and_gone_from_the_page(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    document = receipt(garage)
    number = jobs.put_failed("documents.draw", {"portal": garage.portal.id, "document": document})
    with servers.worker(mailbox):
        page = at_background_work(browse, garage)
        gave_up = words_for("%(count)s job gave up", "%(count)s jobs gave up", 1) % {"count": 1}
        expect(how_it_is(page)).to_contain_text(gave_up)
        (line,) = stopped(page, "gave-up").all()
        expect(line).to_contain_text(words("Draw a document"))
        expect(line).to_contain_text(garage.organisation.name)
        no_violations(page)
        line.get_by_text(words("Let it go"), exact=True).click()
        no_violations(page)
        line.get_by_role("button", name=words("Try again")).click()
        expect(
            page.get_by_text(words("It is tried again now. Once it is done it is gone from this page."))
        ).to_be_visible()
        jobs.eventually(lambda: jobs.status_of(number) is None)
        page.goto("/operations/")
        expect(stopped(page, "gave-up")).to_have_count(0)
        expect(page.locator("#gave-up")).to_contain_text(words("No work gave up"))
        # The worker is seen by its heartbeat.
        expect(how_it_is(page)).to_contain_text(words("Everything is being done"))
        no_violations(page)
    assert Document.objects.using(OWNER).get(id=document).drawn_at is not None


@pytest.mark.phone
def test_dead_letter_is_sent_again_and_arrives(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    address = f"inkoop-{world.unique()}@garagedebrug.example"
    mailbox.reset()
    mailbox.answers = ["550 no such person"]
    mail_to(garage, address)
    with servers.worker(mailbox):
        jobs.eventually(lambda: Mail.objects.using(OWNER).get(recipient=address).state == Mail.State.REFUSED)
        page = at_background_work(browse, garage)
        came_back = words_for("%(count)s mail was not delivered", "%(count)s mails were not delivered", 1)
        expect(how_it_is(page)).to_contain_text(came_back % {"count": 1})
        (line,) = stopped(page, "not-delivered").all()
        expect(line).to_contain_text(address)
        expect(line).to_contain_text(words("The mail server refuses it. Often the address does not exist."))
        assert mailbox.taken == []
        line.get_by_role("button", name=words("Send again")).click()
        expect(stopped(page, "not-delivered")).to_have_count(0)
        jobs.eventually(lambda: any(address in str(mail["To"]) for mail in mailbox.taken))
        expect(how_it_is(page)).to_contain_text(words("Everything is being done"))
        no_violations(page)
    assert len([mail for mail in mailbox.taken if address in str(mail["To"])]) == 1


@pytest.mark.full
@pytest.mark.once
def test_page_follows_the_work_by_itself(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    document = receipt(garage)
    jobs.put("documents.draw", {"portal": garage.portal.id, "document": document})
    page = at_background_work(browse, garage)
    expect(how_it_is(page)).to_contain_text(words("Nothing is being done: no worker is running"))
    expect(page.locator("#operations-under-way")).to_contain_text(words("Draw a document"))
    no_violations(page)
    with servers.worker(mailbox):
        jobs.eventually(lambda: Document.objects.using(OWNER).get(id=document).drawn_at is not None)
        expect(how_it_is(page)).to_contain_text(words("Everything is being done"))
        expect(page.locator("#operations-under-way")).to_contain_text(words("Nothing is waiting"))


@pytest.mark.full
@pytest.mark.once
def test_without_scripts_the_same_is_done(browse: Browse, mailbox: Mailbox) -> None:
    garage = world.garage()
    number = jobs.put_failed("documents.draw", {"portal": garage.portal.id, "document": receipt(garage)})
    page = at_background_work(browse, garage, scripts=False)
    expect(menu(page).get_by_role("link", name=words("Background work"))).to_be_visible()
    (line,) = stopped(page, "gave-up").all()
    line.get_by_text(words("Let it go"), exact=True).click()
    line.get_by_role("button", name=words("Do not do it")).click()
    expect(page.locator("#gave-up")).to_contain_text(words("No work gave up"))
    assert jobs.status_of(number) is None
