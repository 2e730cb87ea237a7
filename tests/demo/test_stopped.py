"""What the demo tells of background work that went wrong: shown, and repaired by the page's own buttons."""

import re

from remise.core.scope import enter
from remise.demo import stopped
from remise.documents.models import Document
from remise.fleet.actions import draw_up_receipt
from remise.fleet.rights import FleetRight
from remise.messages.models import Mail
from tests import jobs, vehicles, world
from tests.journeys.server import Mailbox
from tests.operations.office import office
from tests.world import OWNER


def test_demo_has_something_to_repair_and_it_can_be_repaired(mailbox: Mailbox) -> None:
    jobs.forget()
    garage = world.garage()
    by = garage.actor(*FleetRight)
    held = vehicles.on_cover(garage, days=3)
    with enter(by.scope):
        document = draw_up_receipt(by=by, entry=held.entry).id
    jobs.forget()
    stopped.tell(garage.portal)
    client = office(garage.portal).client()
    page = client.get("/operations/").content.decode()
    assert "inkoop@garagedebrugg.example" in page
    assert "tried 12 times" in page
    for action in re.findall(r'action="(/operations/[\w/-]+(?:retry|send-again))"', page):
        assert client.post(action).status_code == 302
    mailbox.delivered()
    jobs.work_off()
    assert Document.objects.using(OWNER).get(id=document).drawn_at is not None
    assert Mail.objects.using(OWNER).get(portal=garage.portal.id).state == Mail.State.SENT
    assert "Every mail was delivered" in client.get("/operations/").content.decode()
