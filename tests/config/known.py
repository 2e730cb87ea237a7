"""A company with everything in it, and requests that name what is its own: for the walks over all pages."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from remise.accounts.models import OpenSession
from remise.accounts.passkeys import HOST, PASSKEY
from remise.core import clock
from remise.core.actor import system
from remise.core.models import Entry, Event
from remise.core.scope import enter
from remise.desk.actions import open_request, say, take
from remise.desk.answers.actions import write_template
from remise.desk.handover.actions import note
from remise.desk.models import AnswerTemplate, DeskMessage, DeskNote, DeskRequest
from remise.desk.rights import DeskRight
from remise.fleet.actions import deregister_vehicles, draw_up_receipt
from remise.fleet.bulk.kinds import REGISTER
from remise.fleet.models import ComparingAgreement, Finding
from remise.fleet.radar.comparing import compare_company
from remise.fleet.requests import CATALOGUE_VALUE, WrongValue
from remise.fleet.rights import FleetRight
from remise.fleet.twice.agreements import agree
from remise.green_cards.actions import issue_green_cards
from remise.green_cards.addresses import Address
from remise.green_cards.models import BatchShipment, CardSettings, GreenCard, PrintBatch, Shipment
from remise.green_cards.posting import drawing
from remise.green_cards.posting.making import make_batch
from remise.green_cards.selectors.planning import plans
from remise.help.capacities import Capacity
from remise.help.models import Comment
from remise.mandates.models import Intermediary, Mandate
from remise.messages.models import Mail
from remise.notices.actions.answering import take_answer_file
from remise.notices.actions.batching import make_file
from remise.notices.models import Batch, Notice, RegisterSettings
from remise.notices.rules import Manner
from remise.onboarding.models import Application, LinkCase, LinkRequest, LinkState
from remise.organisations.asking.actions import ask_for_right
from remise.organisations.invitations.actions import invite_colleague
from remise.organisations.models import AccessRequest, ApiToken, Branch, Grant, Invitation, Membership, Party
from remise.organisations.rights import catalogue
from remise.portals.models import LegalHold, RetentionTerm
from remise.runs.actions import cancel, confirm, send_lines
from remise.runs.models import Run
from remise.vehicles.models import Vehicle
from tests import jobs, sessions, vehicles, world
from tests.accounts.soft_key import SoftKey
from tests.api.program import token
from tests.mandates import offices
from tests.notices.telling import rule
from tests.operations.office import dead_letter
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

KEY = uuid4()
ARTICLE = "green-card"
FIELDS: list[dict[str, object]] = [
    {"name": "lessee", "kind": "party", "labels": {"nl": "Lessee"}, "required": False},
    {"name": "driver", "kind": "party", "labels": {"nl": "Bestuurder"}, "required": False},
]


@dataclass(slots=True)
class Known:
    """A company with `rows` of everything, and its people: an owner with all rights, and a reader who may look."""

    garage: Garage
    owner: Membership
    reader: Membership
    staff: Membership  # of the insurer, with all rights there are at the desk
    onlooker: Membership  # of the insurer, without any
    stand_in: Membership  # of the insurer, who handles requests
    colleagues: list[Membership]
    branches: list[Branch]
    held: list[OnCover]
    runs: list[Run]
    cases: list[DeskRequest]
    templates: list[AnswerTemplate] = field(default_factory=list)  # of the desk's answers
    document: int = 0
    file: int = 0  # of vehicles, that was sent in and thrown away
    waits: int = 0  # one that was looked through and not confirmed
    session: int = 0  # of the owner, as the list of the own sessions has it
    passkey: int = 0  # the same
    cards: list[GreenCard] = field(default_factory=list)
    jobs: list[int] = field(default_factory=list)  # that gave up
    mails: list[Mail] = field(default_factory=list)  # that were not delivered
    invited: list[Invitation] = field(default_factory=list)
    remarks: list[Comment] = field(default_factory=list)  # of readers of the help
    asked: list[AccessRequest] = field(default_factory=list)  # rights that colleagues ask for
    applications: list[Application] = field(default_factory=list)  # of who wants to come in
    links: list[LinkCase] = field(default_factory=list)  # who asks to work here
    wish: int = 0  # what the owner asks of another company
    mandates: list[Mandate] = field(default_factory=list)  # that the company gave, to an office that took them on
    offers: list[Mandate] = field(default_factory=list)  # that clients gave the company, which took them on
    clients: list[Garage] = field(default_factory=list)  # for which the company acts
    intermediary: int = 0  # at this insurer
    holds: list[LegalHold] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)  # that the state register refused
    batches: list[Batch] = field(default_factory=list)  # of notices, by file
    partner: str = ""  # another insurer, by its slug
    agreements: list[ComparingAgreement] = field(default_factory=list)  # of the insurer, to compare cover
    printed: list[PrintBatch] = field(default_factory=list)  # drawn, and not posted
    findings: list[Finding] = field(default_factory=list)  # of the register radar
    parties: list[Party] = field(default_factory=list)  # drivers of what is held
    secrets: list[str] = field(default_factory=list)

    @property
    def parameters(self) -> dict[str, object]:
        """What stands in an address for each of its parameters."""
        return {
            "finding": self.findings[0].id,
            "party": self.parties[0].id,
            "membership": self.colleagues[0].id,
            "item": self.held[0].item,
            "entry": self.held[0].entry,
            "number": self.runs[0].id,
            "case": self.cases[0].id,
            "template": self.templates[0].id,
            "document": self.document,
            "card": self.cards[0].id,
            "print_batch": self.printed[0].id,
            "shipment": self.cards[0].shipment_id,
            "letter": BatchShipment.objects.using(OWNER).filter(batch=self.printed[0]).earliest("id").shipment_id,
            "job": self.jobs[0],
            "mail": self.mails[0].id,
            "comment": self.remarks[0].id,
            "slug": ARTICLE,
            "capacity": Capacity.ADVISER,
            "code": "no-such-code",
            "token": ApiToken.objects.using(OWNER).filter(organisation=self.garage.organisation.id).earliest("id").id,
            "key": "no-such-key",
            "invitation": self.invited[0].id,
            "access": self.asked[0].id,
            "application": self.applications[0].id,
            "link": self.links[0].id,
            "wish": self.wish,
            "what": Application.Kind.GARAGE,
            "deed": "register",
            "file": self.file,
            "suffix": "csv",
            "position": 1,
            "mandate": self.mandates[0].id,
            "offer": self.offers[0].id,
            "intermediary": self.intermediary,
            "hold": self.holds[0].id,
            "agreement": self.agreements[0].id,
            "partner": self.partner,
            "notice": self.notices[0].id,
            "batch": self.batches[0].id,
            "company": self.garage.organisation.id,
            "category": "desk.words",
            "secret": "no-such-secret",
            "uidb36": "1",
            "session": self.session,
            "passkey": self.passkey,
            "policy": self.garage.policy.number,
            "product": self.garage.policy.product.code,
        }

    @property
    def entries(self) -> list[int]:
        """Never just one: the page of one receipt is another."""
        return [one.entry for one in [*self.held, self.held[0]]]

    def client(self, who: Membership) -> Client:
        return sessions.client_of(who, self.garage.portal)

    def state(self) -> tuple[object, ...]:
        """What no stranger changes."""
        of = {"organisation": self.garage.organisation.id}
        return (
            Entry.objects.using(OWNER).filter(**of).count(),
            sorted(Grant.objects.using(OWNER).filter(**of).values_list("membership", "right", "branch")),
            sorted(Membership.objects.using(OWNER).filter(**of).values_list("id", "state")),
            sorted(Run.objects.using(OWNER).filter(**of).values_list("id", "state")),
            sorted(DeskRequest.objects.using(OWNER).filter(**of).values_list("id", "state", "assignee")),
            DeskMessage.objects.using(OWNER).filter(**of).count(),
            DeskNote.objects.using(OWNER).filter(**of).count(),
            sorted(
                AnswerTemplate.objects.using(OWNER)
                .filter(portal=self.garage.portal.id)
                .values_list("id", "retired_at")
            ),
            sorted(Invitation.objects.using(OWNER).filter(**of).values_list("id", "sent", "withdrawn_at")),
            sorted(AccessRequest.objects.using(OWNER).filter(**of).values_list("id", "state")),
            sorted(LinkCase.objects.using(OWNER).filter(**of).values_list("id", "state", "assignee")),
            sorted(LinkRequest.objects.using(OWNER).filter(id=self.wish).values_list("id", "state")),
            sorted(
                Application.objects.using(OWNER)
                .filter(id__in=[one.id for one in self.applications])
                .values_list("id", "state", "assignee")
            ),
            sorted(ApiToken.objects.using(OWNER).filter(**of).values_list("id", "revoked_at")),
            sorted(Party.objects.using(OWNER).filter(**of).values_list("id", "name", "erased_at")),
            sorted(Mandate.objects.using(OWNER).filter(**of).values_list("id", "version", "sent", "ended_at")),
            sorted(
                Mandate.objects.using(OWNER)
                .filter(office=of["organisation"])
                .values_list("id", "version", "ended_at")
            ),
            sorted(
                Intermediary.objects.using(OWNER).filter(id=self.intermediary).values_list("tier", "contact", "phone")
            ),
            sorted(GreenCard.objects.using(OWNER).filter(**of).values_list("id", "void_reason", "reprints")),
            sorted(Shipment.objects.using(OWNER).filter(**of).values_list("id", "state")),
            [jobs.status_of(number) for number in self.jobs],
            sorted(
                Mail.objects.using(OWNER).filter(portal=self.garage.portal.id).values_list("id", "state", "recipient")
            ),
            sorted(
                Comment.objects.using(OWNER).filter(id__in=[one.id for one in self.remarks]).values_list("settled_at")
            ),
            sorted(LegalHold.objects.using(OWNER).filter(portal=self.garage.portal.id).values_list("id", "ended_by")),
            RetentionTerm.objects.using(OWNER).filter(portal=self.garage.portal.id).count(),
            sorted(
                ComparingAgreement.objects.using(OWNER)
                .filter(portal=self.garage.portal.id)
                .values_list("id", "ended_by")
            ),
            sorted(Notice.objects.using(OWNER).filter(**of).values_list("id", "state")),
            sorted(Batch.objects.using(OWNER).filter(portal=self.garage.portal.id).values_list("id", "sent_at")),
            Event.objects.using(OWNER).filter(**of).count(),
        )


@dataclass(slots=True)
class Spare:
    """One company for many tests that may change it: made anew after one that did."""

    made: Known | None = None
    before: tuple[object, ...] = ()

    def whole(self) -> Known:
        if self.made is None or self.made.state() != self.before:
            self.made = known()
            self.before = self.made.state()
        return self.made


def known(*, rows: int = 1) -> Known:
    """Names occur nowhere else, so that whoever sees one of them saw this company's."""
    garage = world.garage(fields=FIELDS)
    rule(garage.policy.product, Manner.VEHICLE)
    RegisterSettings.objects.using(OWNER).create(portal=garage.portal, way="file", insurer_code="0413")
    mark = world.unique()
    garage.organisation.name = f"Garage {mark}"
    garage.organisation.save(using=OWNER)
    of = garage.organisation
    people = [world.member(of, rights=[], name=f"Collega {mark} {n}") for n in range(rows)]
    branches = [world.branch(of, name=f"Filiaal {mark} {n}", establishment_number=f"{n:012d}") for n in range(rows)]
    for person in people:
        world.membership(world.organisation(garage.portal), person.account, rights=[], name="Elders")
    insurer = world.insurer(garage.portal)
    made = Known(
        garage=garage,
        owner=world.member(of, rights=[entry.right for entry in catalogue], name=f"Eigenaar {mark}"),
        reader=world.member(of, rights=[FleetRight.VIEW], name=f"Lezer {mark}"),
        colleagues=people,
        branches=branches,
        held=[_held(garage, f"Bestuurder {mark} {n}") for n in range(rows)],
        runs=[],
        cases=[],
        staff=world.member(insurer, rights=[entry.right for entry in catalogue], name="Mirjam Postma"),
        onlooker=world.member(insurer, rights=[], name="Nieuw Bureau"),
        stand_in=world.member(insurer, rights=list(DeskRight), name="Daan Hoekstra"),
    )
    for person in (made.owner, made.reader, made.staff, *people):
        world.was_apart(person)
    made.cases = [_case(made, n) for n in range(rows)]
    made.templates = [_template(made, n) for n in range(rows)]
    made.runs = [_run(made) for _ in range(rows)]
    made.document = _document(made)
    made.file = _thrown_away(made)
    made.waits = _looked_through(made)
    made.session = _session(made.owner)
    made.passkey = _passkey(made.owner, f"{garage.portal.slug}.localhost")
    made.cards = [_card(made, one) for one in made.held]
    made.printed = [_printed(made) for _number in range(rows)]
    for one in made.held:
        _card(made, one)  # and waits to be printed
    for number in range(rows):
        token(made.owner, name=f"Programma {mark} {number}")
    _gone(garage)
    made.findings = _found(made)
    Party.objects.using(OWNER).create(portal=of.portal_id, organisation=of.id, kind="person", name="Nog Iemand")
    made.parties = list(Party.objects.using(OWNER).filter(organisation=of.id).order_by("id"))
    made.jobs = [_failed(made, run) for run in made.runs]
    made.mails = [dead_letter(garage.portal, to=f"balie-{mark}-{number}@example.test") for number in range(rows)]
    made.invited = [_invited(made, f"genodigde-{mark}-{number}@example.test") for number in range(rows)]
    made.remarks = [_remark(made, f"Onduidelijk {mark} {number}") for number in range(rows)]
    made.holds = [_held_back(made, person, number) for number, person in enumerate(people)]
    made.agreements = [_agreement(made) for _one in range(rows)]
    made.partner = world.portal().slug
    made.asked = [_asked(person, f"Waarom {mark}") for person in people]
    made.applications = [_application(garage, f"aanvrager-{mark}-{number}@example.test") for number in range(rows)]
    made.links = [_link(garage, f"koppeling-{mark}-{number}@example.test") for number in range(rows)]
    made.wish = _wish(garage, made.owner)
    _let_act(made, rows, mark)
    made.notices, made.batches = _told(made, rows)
    made.secrets = [
        mark,
        *(one.email for one in made.invited),
        *(one.email for one in made.applications),
        *(one.email for one in made.links),
        *(person.account.email for person in (*people, made.owner, made.reader)),
        *(one.plate.formatted for one in made.held),
        *(one.plate.value for one in made.held),
    ]
    return made


def _told(of: Known, rows: int) -> tuple[list[Notice], list[Batch]]:
    """To the state register, by file: it has refused the first ones, and some still wait."""
    by, portal = sessions.actor_of(of.staff), of.garage.portal
    with enter(by.scope):
        batch = make_file(by=by)
    lines = "".join(f"{batch.number};{line + 1};rejected;check_code;Nee\r\n" for line in range(rows))
    with enter(by.scope):
        take_answer_file(by=by, batch=batch, content=f"batch;line;verdict;code;words\r\n{lines}".encode())
    batches = [batch]
    for _more in range(rows - 1):
        vehicles.on_cover(of.garage)
        with enter(by.scope):
            batches.append(make_file(by=by))
    vehicles.on_cover(of.garage)
    refused = Notice.objects.using(OWNER).filter(portal=portal.id, state="rejected").order_by("id")
    return list(refused), batches


def _session(of: Membership) -> int:
    now = timezone.now()
    line = OpenSession(account=of.account, key=world.unique(), began_at=now, seen_at=now)
    line.save(using=OWNER)
    return line.pk


def _passkey(of: Membership, host: str) -> int:
    made = SoftKey(f"https://{host}").make({"publicKey": {"rp": {"id": host}, "challenge": "AAAA"}})
    said = {"name": "Laptop", "credential": json.loads(made), HOST: host}
    return int(Authenticator.objects.using(OWNER).create(user=of.account, type=PASSKEY, data=said).pk)


def _invited(of: Known, email: str) -> Invitation:
    by = sessions.actor_of(of.owner)
    with enter(by.scope):
        return invite_colleague(
            by=by,
            email=email,
            name=email.partition("@")[0],
            rights=[(FleetRight.VIEW, of.branches[0].id)],
            days=7,
            tell=lambda _one, _secret: None,
        )


def _application(garage: Garage, email: str) -> Application:
    """Of a stranger who names this company's policy."""
    now = clock.now(garage.portal)
    return Application.objects.using(OWNER).create(
        portal=garage.portal.id,
        kind=Application.Kind.GARAGE,
        reference=world.unique()[-9:],
        language="nl",
        asked_at=now,
        due_at=now,
        company_name="Aanvrager",
        policy_number=garage.policy.number,
        surname="Aanvrager",
        email=email,
        phone="06 12345678",
    )


def _link(garage: Garage, email: str) -> LinkCase:
    """Of somebody without a company, at the desk: it is walked by both sides."""
    now = clock.now(garage.portal)
    return LinkCase.objects.using(OWNER).create(
        portal=garage.portal.id,
        organisation=garage.organisation.id,
        requests=[],
        account=world.account(email=email).id,
        name="Iemand",
        email=email,
        asked_at=now,
        expires_at=now + timedelta(days=9),
        due_at=now,
        state=LinkState.OPEN,
    )


def _wish(garage: Garage, who: Membership) -> int:
    now = clock.now(garage.portal)
    asked = LinkRequest.objects.using(OWNER).create(
        portal=garage.portal.id,
        account=who.account,
        by=LinkRequest.By.KVK,
        number="00000000",
        name="Joost de Vries",
        asked_at=now,
        expires_at=now + timedelta(days=9),
    )
    return asked.pk


def _let_act(of: Known, rows: int, mark: str) -> None:
    """The company lets an office act for it, and is itself the office of clients."""
    at = of.garage.portal
    visser = offices.office(at, name=f"Kantoor {mark}")
    kvk = of.garage.organisation.kvk or ""
    for number in range(rows):
        of.mandates.append(offices.mandate(of.owner, visser, purpose=f"Doel {mark} {number}"))
        client = world.garage(at=at)
        client.organisation.name = f"Klant {mark} {number}"
        client.organisation.save(using=OWNER)
        of.clients.append(client)
        gives = offices.owner_of(client)
        world.was_apart(gives)
        offer = offices.offer(gives, kvk, purpose=f"Opdracht {mark} {number}")
        offices.accept(offer, of.owner)
        of.offers.append(offer)
    other = offices.office(at, name="Assurantiekantoor")
    of.intermediary = offices.intermediary(other, offices.tier(at, f"gold-{mark}", 2, opens=True)).id


def _agreement(of: Known) -> ComparingAgreement:
    by = sessions.actor_of(of.staff)
    with enter(by.scope):
        return agree(by=by, partner=world.portal().id, basis="AVG 6(1)(f)", document="OV-1", starts=clock.today(by))


def _held_back(of: Known, person: Membership, number: int) -> LegalHold:
    """A court asked for it; only the insurer's people know."""
    RetentionTerm.objects.using(OWNER).create(
        portal=of.garage.portal,
        category="desk.words",
        starts=date(2026, 1, 1 + number),
        days=400,
        source="Het bewaarbeleid.",
    )
    return LegalHold.objects.using(OWNER).create(
        portal=of.garage.portal,
        account=person.account_id,
        reason=f"Zaak {number}",
        held_by=of.staff.account_id,
        held_from="2026-01-01 12:00+00",
    )


def _asked(person: Membership, why: str) -> AccessRequest:
    by = sessions.actor_of(person)
    with enter(by.scope):
        return ask_for_right(by=by, right=FleetRight.VIEW, branch=None, why=why, tell=lambda _asked: None)


def _held(garage: Garage, driver: str) -> OnCover:
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate, inspection_until=vehicles.back(garage, -9))
    return vehicles.on_cover(garage, plate, days=3, driver=driver, lessee=driver)


def _gone(garage: Garage) -> None:
    """One that was on cover, with two lines behind it."""
    before = vehicles.on_cover(garage, days=20)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=garage.policy, items=[before.item], day=vehicles.back(garage, 9))


def _found(of: Known) -> list[Finding]:
    """By the radar, of each vehicle: the register has another name for it since yesterday."""
    plates = [one.plate.value for one in of.held]
    said = {"in_name_since": vehicles.back(of.garage, 1), "looked_up_at": timezone.now()}
    Vehicle.objects.using(OWNER).filter(plate__in=plates).update(**said)
    by = system(portal=of.garage.portal.id, name="fleet.radar", clock_offset=of.garage.portal.clock_offset)
    by = by.acting_for(of.garage.organisation.id)
    with enter(by.scope):
        compare_company(by=by)
        return list(Finding.objects.filter(organisation=by.company, kind="sold").order_by("id"))


def _run(of: Known) -> Run:
    """Waiting: no worker runs here."""
    by = sessions.actor_of(of.owner)
    sent = _looked_through(of)
    with enter(by.scope):
        return confirm(by=by, run=sent)


def _looked_through(of: Known) -> int:
    """A file of one vehicle, that can be registered."""
    by = sessions.actor_of(of.owner)
    inputs = {"policy": of.garage.policy.number, "branch": of.garage.branch.id}
    line = {"plate": vehicles.fresh_plate().value, "check_code": vehicles.CODE, "day": str(vehicles.today(of.garage))}
    with enter(by.scope):
        return send_lines(by=by, kind=REGISTER.name, inputs=inputs, lines=[line]).id


def _thrown_away(of: Known) -> int:
    by = sessions.actor_of(of.owner)
    sent = _looked_through(of)
    with enter(by.scope):
        return cancel(by=by, run=sent).id


def _remark(of: Known, text: str) -> Comment:
    """Only the insurer's people read it."""
    return Comment.objects.using(OWNER).create(portal=of.garage.portal.id, article=ARTICLE, language="nl", text=text)


def _failed(of: Known, run: Run) -> int:
    return jobs.put_failed("runs.advance", {"portal": of.garage.portal.id, "run": run.id, "step": 1})


def _document(of: Known) -> int:
    """Not drawn yet: whoever opens it first has it drawn."""
    by = sessions.actor_of(of.owner)
    with enter(by.scope):
        return draw_up_receipt(by=by, entry=of.held[0].entry).id


def _case(of: Known, number: int) -> DeskRequest:
    """Asked, taken, and talked about."""
    by, desk = sessions.actor_of(of.owner), sessions.actor_of(of.staff)
    held = of.held[number]
    data = WrongValue(of.garage.policy.id, held.item, held.plate.value, Decimal(30_000 + number), "De prijslijst.")
    with enter(by.scope):
        request = open_request(by=by, kind=CATALOGUE_VALUE.name, data=data)
    with enter(desk.scope):
        take(by=desk, request=request.id)
    with enter(desk.scope):
        say(by=desk, request=request.id, text="Welke prijslijst?")
    with enter(desk.scope):
        note(by=desk, request=request.id, text=f"Lijkt op {of.owner.display_name}.")
    return request


def _template(of: Known, number: int) -> AnswerTemplate:
    by = sessions.actor_of(of.staff)
    with enter(by.scope):
        return write_template(
            by=by, use="reason", kind="", language="nl", title=f"Klopt {number}", text="Het klopt, {company}."
        )


def _card(of: Known, held: OnCover) -> GreenCard:
    """By post, so that there is an address to keep from others."""
    by = sessions.actor_of(of.owner)
    address = Address(f"Balie {of.owner.display_name}", "Rijnstraat 12", "8011 AB", "Zwolle")
    with enter(by.scope):
        shipment = issue_green_cards(
            by=by, policy=of.garage.policy, items=[held.item], format="paper", address=address, key=uuid4()
        )
        return GreenCard.objects.get(shipment=shipment)


def _printed(of: Known) -> PrintBatch:
    """One of the cards in each."""
    CardSettings.objects.using(OWNER).update_or_create(portal=of.garage.portal, defaults={"batch_cards": 1})
    by = sessions.actor_of(of.staff)
    with enter(by.scope):
        batch = make_batch(by=by, key=uuid4()).batch
    assert batch is not None
    drawing.draw(system(portal=of.garage.portal.id, name="green_cards.draw_batch"), batch=batch.id, place=1)
    return batch


def _shown(of: Known) -> str:
    """Of the card, on the page before the last click."""
    by = sessions.actor_of(of.owner)
    with enter(by.scope):
        (plan,) = plans(by, of.garage.policy, [of.held[0].item], today=clock.today(by))
    return plan.as_shown


type Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Ask:
    """What a page is asked with besides its address: behind the question mark, and in its form."""

    query: Callable[[Known], Words] = lambda _known: {}
    form: Callable[[Known], Words] = lambda _known: {}


def _late(known: Known) -> str:
    return vehicles.back(known.garage, 40).isoformat()


def _today(known: Known) -> str:
    return vehicles.today(known.garage).isoformat()


def _policy(known: Known) -> Words:
    return {"policy": known.garage.policy.number}


def _mail(_known: Known) -> Words:
    return {"recipient": "jan@example.test", "language": "nl", "key": str(KEY)}


# Pages that name a company's own things in another place than their address.
ASKED = {
    "fleet:stock": Ask(_policy),
    "fleet:export": Ask(_policy),
    "fleet:facts": Ask(lambda known: _policy(known) | {"plate": "GHK-12-L"}),
    "fleet:premium": Ask(_policy),
    "fleet:register": Ask(
        _policy,
        lambda known: {
            "plate": known.held[0].plate.value.replace("T", "V"),
            "check_code": vehicles.CODE,
            "day": _today(known),
            "branch": str(known.branches[0].id),
        },
    ),
    "fleet:deregister": Ask(
        lambda known: {"item": str(known.held[0].item)},
        lambda known: {"item": str(known.held[0].item), "day": _today(known)},
    ),
    "fleet:ask_registration": Ask(
        _policy,
        lambda known: {
            "plate": known.held[0].plate.value.replace("T", "V"),
            "check_code": vehicles.CODE,
            "day": _late(known),
            "branch": str(known.branches[0].id),
        },
    ),
    "fleet:ask_deregistration": Ask(
        form=lambda known: {"item": str(known.held[0].item), "day": _late(known)},
    ),
    "fleet:leave_each": Ask(
        lambda known: {"finding": str(known.findings[0].id)}, lambda known: {"finding": str(known.findings[0].id)}
    ),
    "fleet:dismiss": Ask(form=lambda _known: {"reason": "still_ours"}),
    "fleet:change": Ask(
        form=lambda known: {
            "driver": "Iemand Anders",
            "branch": str(known.garage.branch.id),
            "day": _today(known),
            "step": "confirm",
        }
    ),
    "drivers:merge": Ask(form=lambda known: {"other": str(known.parties[1].id)}),
    "fleet:ask_change": Ask(form=lambda known: {"driver": "Iemand Anders", "day": _late(known)}),
    "fleet:ask_value": Ask(form=lambda _known: {"value": "32.500", "why": "De prijslijst."}),
    "desk:say": Ask(form=lambda _known: {"text": "Die van mei."}),
    "desk:note": Ask(form=lambda _known: {"note": "Belt morgen."}),
    "desk:hand_over": Ask(
        form=lambda known: {"to": str(known.stand_in.id), "had": str(known.staff.account_id), "why": "Vakantie."}
    ),
    "desk:hand_over_many": Ask(
        form=lambda known: {"case": f"{known.cases[0].id}-{known.staff.account_id}", "take": "1"}
    ),
    "desk:answer_new": Ask(
        form=lambda _known: {"use": "reason", "language": "nl", "title": "Akkoord", "text": "Het klopt."}
    ),
    "desk:answer": Ask(
        form=lambda _known: {"use": "reason", "language": "nl", "title": "Akkoord nu", "text": "Klopt, {plate}."}
    ),
    "desk:ask": Ask(form=lambda _known: {"text": "Heb je die nog?"}),
    "desk:decide": Ask(form=lambda _known: {"outcome": "accepted", "reason": "Klopt.", "value": "31.000"}),
    "fleet:receipts": Ask(lambda known: {"entries": ",".join(str(entry) for entry in known.entries)}),
    "green_cards:request": Ask(
        lambda known: {"item": str(known.held[0].item)},
        lambda known: {
            "item": str(known.held[0].item),
            "step": "issue",
            "format": "pdf",
            "key": str(KEY),
            "shown": _shown(known),
        },
    ),
    "fleet:mail": Ask(form=_mail),
    "green_cards:mail": Ask(form=_mail),
    # The page repeats what was typed: by half of a name, which is no secret.
    "search:page": Ask(lambda _known: {"q": "collega"}),
    "search:suggest": Ask(lambda _known: {"q": "collega"}),
    "search:company": Ask(lambda known: {"kind": "plate", "thing": str(known.held[0].item)}),
    "green_cards:void": Ask(form=lambda _known: {"reason": "misprint"}),
    "applications:approve": Ask(
        form=lambda known: {"company": str(known.garage.organisation.id), "verified": "called"}
    ),
    "notices:way": Ask(form=lambda known: {"way": "file", "insurer_code": "0413", "starts": _today(known)}),
    "notices:correct": Ask(form=lambda _known: {"check_code": "9999"}),
    "applications:refuse": Ask(form=lambda _known: {"reason": "Nee."}),
    "mandates:change": Ask(form=lambda _known: {"rights": FleetRight.REGISTER}),
    **{
        f"mandates:{name}": Ask(form=lambda _known: {"right": FleetRight.REGISTER})
        for name in ("grant_wish", "decline_wish")
    },
    "clients:act": Ask(form=lambda known: {"client": str(known.clients[0].organisation.id)}),
    "policies:assign": Ask(form=lambda known: {"number": known.garage.policy.number, "intermediary": ""}),
    "agreements:agree": Ask(form=lambda known: {"basis": "AVG 6(1)(f)", "document": "OV-2", "starts": _today(known)}),
    "keeping:hold": Ask(form=lambda known: {"whom": known.garage.organisation.name, "reason": "Zaak 12."}),
    "keeping:term": Ask(form=lambda known: {"days": "400", "starts": _today(known), "source": "Het bewaarbeleid."}),
    "organisations:people": Ask(lambda known: {"branch": str(known.branches[0].id)}),
    "organisations:change": Ask(form=lambda known: {"change": f"grant:{known.colleagues[0].id}:{FleetRight.VIEW}:"}),
    "organisations:give_role": Ask(form=lambda known: {"role": "reader"}),
    "organisations:switch": Ask(form=lambda known: {"to": str(known.owner.id)}),
}
