"""Web, worker and database killed in turn, at random moments, while people register vehicles, mail the receipts, ask
for green cards and mail those: what was confirmed is there, and once; every mail arrives; no number is missing."""

import itertools
import os
import re
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import httpx
import psycopg
import pytest

from remise.config import serve
from remise.core import clock
from remise.core.identifiers import Plate
from remise.fleet.rights import FleetRight
from remise.messages.rules import MAILS_A_DAY
from remise.organisations.models import Membership
from tests import vehicles, world
from tests.journeys.server import Mailbox
from tests.kills.servers import PATIENCE, Database, Killable, Web, struck
from tests.sessions import client_of
from tests.world import Garage

pytestmark = pytest.mark.full

REGISTRATIONS = 200
EACH = MAILS_A_DAY // 2  # registrations by one person: a receipt and a card are mailed of each
TOKEN = "0" * 32


@pytest.fixture
def worker(postgres: Database, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Killable]:
    monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("SMTP_PORT", str(mailbox.port))
    made = Killable(serve.worker().command)
    yield made
    made.stop()


@dataclass(slots=True)
class Person:
    """As stubborn as people are: no answer, try again."""

    web: Web
    garage: Garage
    cookie: str

    @classmethod
    def of(cls, member: Membership, web: Web, garage: Garage) -> "Person":
        return cls(web, garage, client_of(member, garage.portal).cookies["session"].value)

    def send(self, path: str, data: dict[str, str], *, until: int, said: str = "") -> httpx.Response:
        """Until the page says that it was done: by its status, or in the words of a refusal."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            with suppress(httpx.HTTPError):
                answer = self._post(path, data)
                if answer.status_code == until or (said and answer.status_code == 422 and said in answer.text):
                    return answer
                assert answer.status_code >= 500, (path, answer.status_code, answer.text)
            time.sleep(0.05)
        raise AssertionError(f"no answer of {path}")

    def _post(self, path: str, data: dict[str, str]) -> httpx.Response:
        return httpx.post(
            f"http://127.0.0.1:{self.web.port}{path}",
            data=data | {"csrfmiddlewaretoken": TOKEN},
            cookies={"session": self.cookie, "csrf": TOKEN},
            headers={"Host": f"{self.garage.portal.slug}.localhost:{self.web.port}", "Accept-Language": "en"},
            timeout=10,
        )

    def register(self, plate: str) -> None:
        day = clock.today(self.garage.portal).isoformat()
        sent = {"plate": plate, "check_code": "0413", "day": day}
        self.send("/vehicles/register", sent, until=302, said="is already insured on this policy")

    def mail(self, page: str, to: str) -> None:
        self.send(f"{page}/mail", {"recipient": to, "language": "en", "key": str(uuid.uuid4())}, until=302)

    def request_card(self, item: int) -> None:
        details = {"item": str(item), "format": "pdf"}
        page = self.send("/cards/request", details | {"step": "check"}, until=200).text
        hidden = dict(re.findall(r'<input type="hidden" name="(key|shown)" value="([^"]+)"', page))
        self.send("/cards/request", details | hidden | {"step": "issue"}, until=302)


def ask(statement: str, *values: object) -> list[tuple[object, ...]]:
    """As the owner of the tables; the server may be away for a moment."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            with psycopg.connect(os.environ["DATABASE_OWNER_URL"], connect_timeout=5) as owner:
                return owner.execute(statement.encode(), values).fetchall()
        except psycopg.OperationalError:
            assert time.monotonic() < give_up
            time.sleep(0.05)


ENTRY = (
    "select e.id, e.item_id from core_entry e join core_item i on i.id = e.item_id where i.policy = %s and i.key = %s"
)


def do_all(people: list[Person], plates: list[str], garage: Garage, confirmed: set[str]) -> None:
    for number, plate in enumerate(plates):
        person = people[number // EACH]
        person.register(plate)
        ((entry, item),) = ask(ENTRY, garage.policy.id, plate)
        person.mail(f"/vehicles/receipts/{entry}", f"receipt-{plate}@example.test")
        person.request_card(int(str(item)))
        ((card,),) = ask("select id from green_cards_greencard where item_id = %s", item)
        person.mail(f"/cards/{card}", f"card-{plate}@example.test")
        confirmed.add(plate)


def test_kill_at_random_moments_loses_and_doubles_nothing(
    web: Web, worker: Killable, postgres: Database, mailbox: Mailbox
) -> None:
    garage = world.garage()
    members = [world.member(garage.organisation, rights=list(FleetRight)) for _ in range(REGISTRATIONS // EACH)]
    people = [Person.of(member, web, garage) for member in members]
    plates = [vehicles.in_register(Plate(f"KL{number:03d}R")).plate for number in range(REGISTRATIONS)]
    company = garage.organisation.id
    confirmed: set[str] = set()
    victims: Iterator[Killable | Database] = itertools.cycle([web, worker, postgres])
    with struck(lambda: next(victims).kill(), confirmed) as kills:
        do_all(people, plates, garage, confirmed)
    assert len(kills) >= 12
    once = dict.fromkeys(sorted(confirmed), 1)
    assert len(once) == REGISTRATIONS

    def counted(statement: str, *values: object) -> dict[object, object]:
        return dict(ask(f"select key, count(*) from ({statement}) found group by key order by key", *values))  # type: ignore[arg-type]

    items = "select i.key from core_item i join"
    assert counted(f"{items} core_entry e on e.item_id = i.id where i.policy = %s", garage.policy.id) == once
    assert (
        counted(
            f"{items} fleet_registrationversion v on v.item_id = i.id where i.policy = %s and v.known_to is null",
            garage.policy.id,
        )
        == once
    )
    registered = f"{items} core_event e on e.subject = i.id where e.organisation = %s and e.kind = %s"
    assert counted(registered, company, "vehicle.registered") == once
    assert counted(f"{items} green_cards_greencard c on c.item_id = i.id where c.organisation = %s", company) == once
    serials = [
        serial for (serial,) in ask("select serial from green_cards_greencard where portal = %s", garage.portal.id)
    ]
    assert sorted(map(int, map(str, serials))) == list(range(1, REGISTRATIONS + 1))

    wait_until_sent(garage)
    documents = ask(
        "select kind, count(*), count(sha256) from documents_document where organisation = %s group by 1", company
    )
    assert {(count, drawn) for _kind, count, drawn in documents} == {(REGISTRATIONS, REGISTRATIONS)}
    assert len(documents) == 2
    read = {str(mail["Message-ID"]): mail for mail in mailbox.taken}
    assert Counter(str(mail["To"]) for mail in read.values()) == Counter(
        f"{what}-{plate}@example.test" for plate in confirmed for what in ("receipt", "card")
    )
    for mail in read.values():
        (pdf,) = [part for part in mail.iter_attachments() if part.get_content_type() == "application/pdf"]
        assert pdf.get_content().startswith(b"%PDF")
        assert b"ETSI.CAdES.detached" in pdf.get_content()
    # A worker killed between the server's yes and its own note sends again, and mail programs show it once.
    assert len(mailbox.taken) - len(read) <= len(kills)


def wait_until_sent(garage: Garage) -> None:
    give_up = time.monotonic() + 2 * PATIENCE
    state = "select state, count(*) from messages_mail where portal = %s group by state"
    while dict(ask(state, garage.portal.id)) != {"sent": 2 * REGISTRATIONS}:  # type: ignore[arg-type]
        assert time.monotonic() < give_up, ask(state, garage.portal.id)
        time.sleep(0.5)
