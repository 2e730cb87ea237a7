"""The pages of drivers and lessees: found, shown with their history, changed, told apart, downloaded, erased."""

import re
from collections.abc import Sequence
from datetime import timedelta
from html import unescape
from io import BytesIO
from time import sleep
from uuid import uuid4

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connections
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from remise.core import clock
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.jobs import JOBS
from remise.core.models import Event, LookupKey
from remise.core.scope import enter
from remise.fleet.actions import change_each, correct_entry, deregister_vehicles, mail_receipt, register_vehicles
from remise.fleet.changing import Change
from remise.fleet.models import RegistrationVersion
from remise.fleet.parties import exports
from remise.fleet.parties.actions import Particulars, add_party, change_party, erase_party, remember_address
from remise.fleet.parties.changes import changes_of
from remise.fleet.parties.selectors import ORDER, PartyQuery, asked, page, party_of, periods, suggested
from remise.fleet.rights import FleetRight
from remise.messages.models import Mail
from remise.organisations.models import Branch, Grant, Membership, Party
from remise.portals.models import LetGo, RetentionTerm
from remise.runs.models import Run
from remise.search.selectors import search
from tests import jobs, plans, races, sessions, vehicles, world
from tests.fleet.test_naming_parties import named
from tests.fleet.test_together import FIELDS, by_of, wanted
from tests.mandates import offices
from tests.organisations.test_erasing import holding
from tests.privacy.people import hold
from tests.runs.test_exports import during_part
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

NAME = "Ottoline Vijverberg"
EMAIL = "ottoline.vijverberg@example.test"
VIEW, MANAGE = FleetRight.VIEW, FleetRight.MANAGE_PARTIES


def party(garage: Garage, name: str = NAME) -> Party:
    return Party.objects.using(OWNER).get(organisation=garage.organisation.id, name=name)


def on_cover(garage: Garage, name: str = NAME, *, role: str = "driver", **more: object) -> OnCover:
    return vehicles.on_cover(garage, cover="wa", **{role: name}, **more)  # type: ignore[arg-type]


def left(garage: Garage, held: OnCover, *, days: int = 1) -> None:
    """It was on cover until so many days ago."""
    by = by_of(garage)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=garage.policy, items=[held.item], day=vehicles.back(garage, days))


def in_branch(garage: Garage, branch: Branch, *rights: str) -> Membership:
    member = world.member(garage.organisation, rights=[])
    of = {"portal": garage.portal.id, "organisation": garage.organisation.id, "membership": member}
    for right in rights:
        Grant.objects.using(OWNER).create(**of, right=right, branch=branch, by_system="insurer")
    return member


def found(garage: Garage, query: PartyQuery | None = None) -> list[str]:
    actor = by_of(garage)
    with enter(actor.scope):
        return [line.party.name for line in page(actor, query or PartyQuery()).rows]


def change(garage: Garage, one: Party, **said: str) -> None:
    by = by_of(garage)
    with enter(by.scope):
        particulars = {"kind": one.kind, "name": one.name, "reference": one.reference or "", "kvk": one.kvk or ""}
        change_party(by=by, party=one.id, particulars=Particulars(**particulars | said))


def erase(garage: Garage, one: Party) -> str:
    """The code of the refusal; empty where it was done."""
    by = by_of(garage)
    try:
        with enter(by.scope):
            erase_party(by=by, party=one.id)
    except BrokenRule as refusal:
        return refusal.code
    return ""


def owner_client(garage: Garage, *rights: str) -> Client:
    return sessions.client_of(world.member(garage.organisation, rights=list(rights or FleetRight)), garage.portal)


def test_empty_list_has_nothing_to_search_and_says_how_it_fills(lessor: Garage) -> None:
    client = owner_client(lessor, VIEW)
    page = client.get(reverse("drivers:list")).content.decode()
    assert "Nobody yet" in page
    assert 'role="search"' not in page.partition("<main")[2]
    narrowed = client.get(reverse("drivers:list"), {"q": "zzz"}).content.decode()
    assert "Nobody found" in narrowed
    assert 'role="search"' in narrowed.partition("<main")[2]


def test_list_is_searched_by_word_and_number_and_by_who_drives_now(lessor: Garage) -> None:
    on_cover(lessor, "Anaïs van der Bérg")
    on_cover(lessor, "Bakkerij Bos B.V.", role="lessee")
    left(lessor, on_cover(lessor, "Piet Bakker", days=9), days=2)
    change(lessor, party(lessor, "Piet Bakker"), reference="K-1001")
    change(lessor, party(lessor, "Bakkerij Bos B.V."), kvk="12345678")
    everybody = ["Anaïs van der Bérg", "Bakkerij Bos B.V.", "Piet Bakker"]
    assert found(lessor) == everybody
    for typed, names in {
        "berg ana": everybody[:1],
        "bak": everybody[1:],
        "k1001": everybody[2:],
        "K-10": everybody[2:],
        "1234": everybody[1:2],
        "Zuid": [],
        "!": [],
    }.items():
        assert found(lessor, PartyQuery(typed)) == names, typed
    assert found(lessor, PartyQuery(kind="company")) == everybody[1:2]
    assert found(lessor, PartyQuery(now=True)) == everybody[:2]
    assert found(lessor, PartyQuery("bak", now=True)) == everybody[1:2]


def test_line_counts_the_vehicles_of_today(lessor: Garage) -> None:
    both = on_cover(lessor, lessee=NAME)
    on_cover(lessor, role="lessee")
    left(lessor, on_cover(lessor, "Piet", days=9), days=2)
    by = by_of(lessor)
    with enter(by.scope):
        she, piet = page(by, PartyQuery()).rows
    assert (she.vehicles, she.more, piet.vehicles) == (2, 1, 0)
    assert both.plate.value >= she.plate
    assert piet.until == vehicles.back(lessor, 2)


def test_history_joins_what_goes_on_and_tells_the_roles_apart(lessor: Garage) -> None:
    """Other terms of a vehicle do not begin another period; another driver does."""
    held = on_cover(lessor, days=20, lessee="Taxi Noord B.V.")
    by, one = by_of(lessor), party(lessor)
    with enter(by.scope):
        change_each(
            by=by,
            policy=lessor.policy,
            changes=[
                Change(held.plate, vehicles.back(lessor, 15), {"cover": "casco"}),
                Change(held.plate, vehicles.back(lessor, 10), {"driver": "Piet Bakker"}),
                Change(held.plate, vehicles.back(lessor, 5), {"driver": NAME}),
            ],
        )
        mine = periods(by, one)
        lessee = periods(by, party_of(by, party(lessor, "Taxi Noord B.V.").id))
    spans = [(period.starts, period.last_day, period.role) for period in mine]
    assert spans == [
        (vehicles.back(lessor, 5), None, "driver"),
        (vehicles.back(lessor, 20), vehicles.back(lessor, 11), "driver"),
    ]
    assert [(period.starts, period.last_day, period.role) for period in lessee] == [
        (vehicles.back(lessor, 20), None, "lessee")
    ]


def test_newest_of_a_history_are_the_first_of_all(lessor: Garage) -> None:
    held = [on_cover(lessor, role=role, days=days) for role, days in (("driver", 28), ("lessee", 9), ("driver", 2))]
    on_cover(lessor, days=17, lessee=NAME)
    one, by = party(lessor), by_of(lessor)
    with enter(by.scope):
        changes = [
            Change(held[0].plate, vehicles.back(lessor, 1), {"cover": "casco"}),
            Change(held[0].plate, vehicles.back(lessor, 8), {"driver": "Piet Bakker"}),
            Change(held[0].plate, vehicles.back(lessor, 6), {"driver": NAME, "lessee": NAME}),
            Change(held[1].plate, vehicles.back(lessor, 4), {"cover": "casco"}),
        ]
        change_each(by=by, policy=lessor.policy, changes=changes)
        every = periods(by, one)
        assert len(every) == 7
        assert [periods(by, one, most=most) for most in range(9)] == [every[:most] for most in range(9)]


def test_page_shows_particulars_vehicles_and_what_was_changed(lessor: Garage) -> None:
    held = on_cover(lessor, days=3)
    client, one = owner_client(lessor), party(lessor)
    form = {"kind": "person", "name": NAME, "reference": "K-7", "email": EMAIL}
    assert client.post(reverse("drivers:edit", args=[one.id]), form).status_code == 302
    shown = client.get(reverse("drivers:one", args=[one.id])).content.decode()
    for text in (NAME, "K-7", EMAIL, held.plate.formatted, lessor.policy.number):
        assert text in shown
    assert reverse("fleet:vehicle", args=[held.item]) in shown
    vehicle = client.get(reverse("fleet:vehicle", args=[held.item])).content.decode()
    assert reverse("drivers:one", args=[one.id]) in vehicle


def test_change_keeps_what_was_there_and_the_event_says_no_name(lessor: Garage) -> None:
    on_cover(lessor)
    one = party(lessor)
    change(lessor, one, name="Ottoline de Boer", email=EMAIL)
    change(lessor, party(lessor, "Ottoline de Boer"), email=EMAIL)  # nothing new
    by = by_of(lessor)
    with enter(by.scope):
        (line,) = changes_of(by, party_of(by, one.id))
    assert sorted((str(label), old, new) for label, old, new in line.fields) == [
        ("E-mail address", "", EMAIL),
        ("Name", NAME, "Ottoline de Boer"),
    ]
    (event,) = Event.objects.using(OWNER).filter(subject=one.id, kind="party.changed")
    assert event.said == {"fields": ["email", "name"]}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": " "}, "name"),
        ({"kvk": "12345678"}, "kvk"),
        ({"kind": "company", "kvk": "123"}, "kvk"),
        ({"kind": "robot"}, "kind"),
        ({"email": "no address"}, "email"),
        ({"reference": "--"}, "reference"),
        ({"reference": "K(1)"}, "reference"),
        ({"reference": "k-1001"}, "reference"),
        ({"name": "j jansen"}, "reference"),
    ],
)
def test_refusal_stands_beside_its_field(lessor: Garage, said: dict[str, str], field: str) -> None:
    named(lessor, "Somebody", reference="K 1001")
    named(lessor, "J. Jansen")
    one = named(lessor, NAME)
    with pytest.raises(BrokenRule) as refused:
        change(lessor, one, **said)
    assert refused.value.field == field


def test_another_of_one_name_is_written_down_with_a_number(lessor: Garage) -> None:
    on_cover(lessor)
    client, first = owner_client(lessor), party(lessor)
    again = client.post(reverse("drivers:add"), {"kind": "person", "name": NAME})
    assert again.status_code == 422
    made = client.post(reverse("drivers:add"), {"kind": "person", "name": NAME, "reference": "K-2"})
    other = Party.objects.using(OWNER).get(organisation=lessor.organisation.id, reference="K-2")
    assert made.headers["Location"] == reverse("drivers:one", args=[other.id])
    for one in (first, other):
        shown = client.get(reverse("drivers:one", args=[one.id])).content.decode()
        assert reverse("drivers:one", args=[first.id + other.id - one.id]) in shown
    by = by_of(lessor)
    with enter(by.scope):
        assert suggested(by, "ott") == [NAME, f"{NAME} (K-2)"]


def test_two_who_give_one_number_at_once_do_not_both_get_it(lessor: Garage) -> None:
    first, second = named(lessor, "Anna"), named(lessor, "Piet")
    done = races.at_once(
        lambda: change(lessor, first, reference="K-1"), lambda: change(lessor, second, reference="k1")
    )
    assert sorted(type(one).__name__ for one in done) == ["BrokenRule", "NoneType"]


# Erasing


def everything(garage: Garage, name: str) -> tuple[Party, OnCover]:
    """Driven, leased, changed, mailed to."""
    held = on_cover(garage, name, days=9, lessee=name)
    one, email = party(garage, name), f"{name.lower()}@example.test"
    change(garage, one, email=email, phone="06 1234 5678")
    by = by_of(garage)
    with enter(by.scope):
        mail_receipt(by=by, entry=held.entry, recipient=email.upper(), language="nl", key=uuid4())
    return one, held


def test_erased_party_stands_nowhere_and_the_ledger_is_whole(
    lessor: Garage, owner_connection: psycopg.Connection, files: None
) -> None:
    one, held = everything(lessor, "Quirinius")
    Mail.objects.using(OWNER).filter(portal=lessor.portal.id).update(
        state="sent", settled_at=clock.now(by_of(lessor))
    )
    assert holding(owner_connection, "quirinius") == {
        "organisations_party",
        "core_lookupkey",
        "messages_mail",
    }
    left(lessor, held)
    before = Event.objects.using(OWNER).filter(organisation=lessor.organisation.id).count()
    assert erase(lessor, one) == ""
    assert holding(owner_connection, "quirinius") == set()
    assert not LookupKey.objects.using(OWNER).filter(kind="party", subject=one.id).exists()
    assert Event.objects.using(OWNER).filter(organisation=lessor.organisation.id).count() == before + 1
    client = owner_client(lessor)
    shown = client.get(reverse("fleet:vehicle", args=[held.item]), {"day": vehicles.back(lessor, 5).isoformat()})
    assert "erased" in shown.content.decode()
    assert client.get(reverse("fleet:receipt", args=[held.entry])).status_code == 200
    assert client.get(reverse("drivers:one", args=[one.id])).status_code == 404
    assert found(lessor) == []


def test_erased_party_stands_in_no_mail_to_an_earlier_address_nor_in_one_that_waits(
    lessor: Garage, owner_connection: psycopg.Connection, files: None
) -> None:
    """An address of theirs that is another's by now is the other's."""
    one, held = everything(lessor, "Quirinius")
    by = by_of(lessor)
    change(lessor, one, email="at.home@quirinius.test")
    another = named(lessor, "Ottoline")
    change(lessor, another, email="Shared@example.test")
    change(lessor, one, email="shared@example.test")
    with enter(by.scope):
        for recipient in ("AT.HOME@quirinius.test", "shared@example.test"):
            mail_receipt(by=by, entry=held.entry, recipient=recipient, language="nl", key=uuid4())
    change(lessor, one, email="")
    left(lessor, held)
    assert erase(lessor, one) == ""
    assert holding(owner_connection, "quirinius") == set()
    mails = Mail.objects.using(OWNER).filter(portal=lessor.portal.id).order_by("id")
    assert [(mail.recipient, mail.state) for mail in mails] == [
        ("", "withdrawn"),
        ("", "withdrawn"),
        ("shared@example.test", "waiting"),
    ]


def test_lists_that_were_made_before_are_not_fetched_after_erasing(lessor: Garage, files: None) -> None:
    """One that is being made is begun anew."""
    jobs.forget()
    one, clerk = named(lessor, NAME), world.member(lessor.organisation, rights=list(FleetRight))
    client = sessions.client_of(clerk, lessor.portal)
    made = export_of(clerk)
    jobs.work_off()
    place = Run.objects.using(OWNER).get(id=made.id).result
    making, erased = export_of(clerk), list[str]()
    with during_part(1, lambda: erased.append(erase(lessor, one))):
        jobs.work_off()
    assert erased == [""]
    assert client.get(reverse("runs:result", args=[made.id])).status_code == 404
    assert not default_storage.exists(place)
    again = Run.objects.using(OWNER).get(id=making.id)
    with default_storage.open(again.result) as file:
        lines = file.read().splitlines()
    assert (again.state, len(lines)) == ("done", 1)  # its header


def export_of(clerk: Membership) -> Run:
    by = sessions.actor_of(clerk)
    with enter(by.scope):
        return exports.begin_parties_export(by=by, query=PartyQuery(), kind="csv")


@pytest.mark.parametrize("role", ["driver", "lessee"])
def test_party_of_a_vehicle_on_cover_is_not_erased(lessor: Garage, role: str) -> None:
    held = on_cover(lessor, role=role)
    one = party(lessor)
    answer = owner_client(lessor).post(reverse("drivers:erase", args=[one.id]))
    assert (answer.status_code, held.plate.formatted in answer.content.decode()) == (422, True)
    assert party(lessor).name == NAME


def test_party_of_a_cover_that_is_still_to_begin_is_not_erased(lessor: Garage) -> None:
    by = by_of(lessor)
    with enter(by.scope):
        register_vehicles(by=by, policy=lessor.policy, wanted=[wanted(lessor, days=3, cover="wa", driver=NAME)])
    assert erase(lessor, party(lessor)) == "in_use"


def test_refusal_to_erase_counts_the_vehicles_that_it_does_not_name(lessor: Garage) -> None:
    for _place in range(7):
        on_cover(lessor)
    client = owner_client(lessor, VIEW, MANAGE)
    answer = client.post(reverse("drivers:erase", args=[party(lessor).id]))
    assert answer.status_code == 422
    assert ", 2 more. Name another one" in answer.content.decode()
    assert "7 vehicles now" in answer.content.decode()


def test_mistyped_name_can_be_erased_once_the_line_is_undone(lessor: Garage) -> None:
    held, by = on_cover(lessor), by_of(lessor)
    with enter(by.scope):
        correct_entry(by=by, policy=lessor.policy, entry=held.entry)
    assert erase(lessor, party(lessor)) == ""


def test_name_that_the_insurer_holds_is_not_erased(lessor: Garage) -> None:
    one = named(lessor)
    hold(lessor.portal, company=lessor.organisation)
    assert erase(lessor, one) == "held"


def test_new_one_of_that_name_after_erasing_is_somebody_else(lessor: Garage) -> None:
    one = named(lessor, NAME)
    assert erase(lessor, one) == ""
    on_cover(lessor)
    assert party(lessor).id != one.id


def test_nobody_is_erased_while_a_vehicle_gets_them(lessor: Garage) -> None:
    """Whichever comes first: no vehicle on cover has a driver whose row is empty."""
    for number in range(4):
        name = f"Driver {number}"
        one = named(lessor, name)
        by, asked = by_of(lessor), [wanted(lessor, cover="wa", driver=name)]

        def act(asked: Sequence[object] = asked) -> None:
            with enter(by.scope):
                register_vehicles(by=by, policy=lessor.policy, wanted=asked)  # type: ignore[arg-type]

        def go(one: Party = one) -> str:
            return erase(lessor, one)

        races.at_once(act, go)
        by = by_of(lessor)
        with enter(by.scope):
            drivers = (
                RegistrationVersion.objects.known().filter(organisation=by.company).values_list("driver", flat=True)
            )
            erased = Party.objects.filter(organisation=by.company).exclude(erased_at=None)
            assert not set(drivers) & set(erased.values_list("id", flat=True))


def test_database_keeps_nothing_of_who_is_erased(lessor: Garage) -> None:
    one = named(lessor, reference="K-1")
    with pytest.raises(IntegrityError, match="nothing_when_erased"):
        Party.objects.using(OWNER).filter(id=one.id).update(name="", erased_at=clock.now(by_of(lessor)))


def test_night_lets_go_of_who_had_no_vehicle_for_the_term(lessor: Garage) -> None:
    other = world.garage(at=lessor.portal)
    left(lessor, on_cover(lessor, "Gone", days=20), days=15)
    left(lessor, on_cover(lessor, "Lately", days=20), days=2)
    on_cover(lessor, "Still", days=20)
    named(lessor, "Never")
    named(lessor, "New")
    held = named(other, "Held")
    old = Party.objects.using(OWNER).filter(portal=lessor.portal.id).exclude(name="New")
    old.update(made_at=clock.now(by_of(lessor)) - timedelta(days=30))
    hold(lessor.portal, company=other.organisation)
    RetentionTerm.objects.using(OWNER).create(
        portal=lessor.portal, category="fleet.parties", days=10, starts=vehicles.today(lessor), source="Beleid"
    )
    JOBS["fleet.forget_parties"].run(portal=lessor.portal.id)
    assert found(lessor) == ["Lately", "New", "Still"]
    assert Party.objects.using(OWNER).get(id=held.id).name == "Held"
    noted = LetGo.objects.using(OWNER).get(portal=lessor.portal, category="fleet.parties")
    assert (noted.gone, noted.held) == (2, 1)
    assert Event.objects.using(OWNER).filter(portal=lessor.portal.id, kind="party.erased").count() == 2


# Who sees whom


def test_branch_sees_those_of_its_own_vehicles_and_whom_it_wrote_down(lessor: Garage, north: Branch) -> None:
    on_cover(lessor, "Here", branch=lessor.branch.id)
    on_cover(lessor, "There", branch=north.id)
    on_cover(lessor, "Both", branch=lessor.branch.id)
    on_cover(lessor, "Both", branch=north.id)
    member = in_branch(lessor, north, *FleetRight)
    by = sessions.actor_of(member)
    with enter(by.scope):
        made = add_party(by=by, particulars=Particulars("person", "Written down"))
        names = [line.party.name for line in page(by, PartyQuery()).rows]
        (both,) = page(by, PartyQuery("both")).rows
        assert suggested(by, "here") == []
    assert made.branch == north.id
    assert (names, both.vehicles) == (["Both", "There", "Written down"], 1)
    client = sessions.client_of(member, lessor.portal)
    assert client.get(reverse("drivers:one", args=[party(lessor, "Here").id])).status_code == 404
    assert client.post(reverse("drivers:edit", args=[party(lessor, "Here").id])).status_code == 404
    assert b"Here" not in client.get(reverse("drivers:export"), {"format": "csv"}).content
    shown = client.get(reverse("drivers:one", args=[party(lessor, "Both").id])).content.decode()
    assert shown.count(lessor.policy.number) == 1


def test_branch_does_not_erase_who_drives_elsewhere_too(lessor: Garage, north: Branch) -> None:
    left(lessor, on_cover(lessor, branch=lessor.branch.id, days=5))
    left(lessor, on_cover(lessor, branch=north.id, days=5))
    by = sessions.actor_of(in_branch(lessor, north, *FleetRight))
    with enter(by.scope), pytest.raises(BrokenRule) as refused:
        erase_party(by=by, party=party(lessor).id)
    assert refused.value.code == "other_branch"
    with enter(by.scope), pytest.raises(BrokenRule) as refused:
        change_party(by=by, party=party(lessor).id, particulars=Particulars("person", "Another name"))
    assert refused.value.code == "other_branch"


def test_other_company_meets_nobody(lessor: Garage) -> None:
    on_cover(lessor)
    other = world.garage(at=lessor.portal)
    by = by_of(other)
    with enter(by.scope):
        assert not Party.objects.exists()
        with pytest.raises(NotVisible):
            party_of(by, party(lessor).id)
        with pytest.raises(NotVisible):
            erase_party(by=by, party=party(lessor).id)


def test_who_may_only_look_changes_nobody(lessor: Garage) -> None:
    on_cover(lessor)
    one, client = party(lessor), owner_client(lessor, VIEW)
    assert client.get(reverse("drivers:one", args=[one.id])).status_code == 200
    for name in ("edit", "erase"):
        assert client.post(reverse(f"drivers:{name}", args=[one.id])).status_code == 403
    by = lessor.actor(VIEW)
    with enter(by.scope), pytest.raises(Forbidden):
        add_party(by=by, particulars=Particulars("person", "Somebody"))


def test_mandate_without_names_shows_nobody(lessor: Garage) -> None:
    on_cover(lessor)
    owner, visser = offices.owner_of(lessor), offices.office(lessor.portal)
    offices.mandate(owner, visser, rights=[VIEW, MANAGE])
    client = visser.client()
    offices.act(client, lessor.organisation)
    listed = client.get(reverse("drivers:list")).content.decode()
    assert (NAME in listed, "left out by the mandate" in listed) == (False, True)
    assert client.get(reverse("drivers:one", args=[party(lessor).id])).status_code == 404
    assert NAME.encode() not in client.get(reverse("drivers:export"), {"format": "csv"}).content
    assert NAME not in client.get(reverse("drivers:suggest"), {"driver": "ott"}).content.decode()
    assert client.post(reverse("drivers:add"), {"kind": "person", "name": "Somebody"}).status_code == 422


def test_look_from_outside_is_told_to_the_company(lessor: Garage) -> None:
    on_cover(lessor)
    owner, visser = offices.owner_of(lessor), offices.office(lessor.portal)
    offices.mandate(owner, visser, rights=[VIEW], fields=["people"])
    client = visser.client()
    offices.act(client, lessor.organisation)
    client.get(reverse("drivers:one", args=[party(lessor).id]))
    looked = Event.objects.using(OWNER).filter(organisation=lessor.organisation.id, kind="looked")
    assert looked.filter(subject_kind="party", subject=party(lessor).id).count() == 1


# Files and mails


def test_list_is_downloaded_as_it_is_shown(lessor: Garage) -> None:
    on_cover(lessor, '=cmd("x")')
    on_cover(lessor, "Bakkerij Bos B.V.", role="lessee")
    client = owner_client(lessor)
    written = client.get(reverse("drivers:export"), {"format": "csv", "kind": "company"}).content.decode("utf-8-sig")
    assert [line.split(";")[0] for line in written.splitlines()[1:]] == ["Bakkerij Bos B.V."]
    assert "'=cmd" in client.get(reverse("drivers:export"), {"format": "csv"}).content.decode()
    book = load_workbook(BytesIO(client.get(reverse("drivers:export"), {"format": "xlsx"}).content))
    assert book.active is not None
    assert [row[0] for row in book.active.values][1:] == ["Bakkerij Bos B.V.", '\'=cmd("x")']
    event = (
        Event.objects.using(OWNER).filter(organisation=lessor.organisation.id, kind="parties.exported").latest("id")
    )
    assert event.said == {"format": "xlsx", "parties": 2}


def test_large_list_is_written_by_a_run(lessor: Garage, files: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    monkeypatch.setattr(exports, "PART", 2)
    names = [f"Driver {n}" for n in range(5)]
    for name in names:
        named(lessor, name)
    client = owner_client(lessor)
    assert client.get(reverse("drivers:export"), {"format": "csv"}).status_code == 302
    client.post(reverse("drivers:export"), {"format": "csv"})
    jobs.work_off()
    run = Run.objects.using(OWNER).get(organisation=lessor.organisation.id)
    answer = client.get(reverse("runs:result", args=[run.id]))
    written = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    assert [line.split(";")[0] for line in written.decode("utf-8-sig").splitlines()[1:]] == names


def test_one_is_downloaded_with_every_vehicle(lessor: Garage) -> None:
    left(lessor, on_cover(lessor, days=9), days=4)
    held = on_cover(lessor, role="lessee", days=2)
    client = owner_client(lessor)
    answer = client.get(reverse("drivers:export_one", args=[party(lessor).id]), {"format": "csv"})
    lines = [line.split(";") for line in answer.content.decode("utf-8-sig").splitlines()[1:]]
    assert [line[0] for line in lines] == [NAME, NAME]
    assert (lines[0][6], lines[0][10], lines[1][10]) == (
        held.plate.formatted,
        "",
        vehicles.back(lessor, 4).isoformat(),
    )


def test_address_of_the_driver_is_offered_and_remembered_where_ticked(lessor: Garage, files: None) -> None:
    held = on_cover(lessor)
    client = owner_client(lessor)
    path = reverse("fleet:mail", args=[held.entry])
    client.post(path, {"recipient": "other@example.test", "language": "nl", "key": str(uuid4())})
    assert party(lessor).email == ""
    client.post(path, {"recipient": EMAIL, "language": "nl", "remember": "on", "key": str(uuid4())})
    assert party(lessor).email == EMAIL
    assert f'value="{EMAIL}"' in client.get(reverse("fleet:receipt", args=[held.entry])).content.decode()
    stranger = owner_client(lessor, FleetRight.REGISTER, FleetRight.DEREGISTER)
    assert EMAIL not in stranger.get(reverse("fleet:receipt", args=[held.entry])).content.decode()


def test_remembered_address_takes_nothing_back_that_is_changed_meanwhile(lessor: Garage) -> None:
    one, by = named(lessor), by_of(lessor)

    def another_number() -> None:
        with enter(by.scope):
            particulars = Particulars(kind=one.kind, name=one.name, phone="06 1234 5678")
            change_party(by=by, party=one.id, particulars=particulars)
            sleep(0.6)

    def remember() -> None:
        sleep(0.3)
        with enter(by.scope):
            remember_address(by=by, party=one.id, email=EMAIL)

    assert races.at_once(another_number, remember) == [None, None]
    kept = Party.objects.using(OWNER).get(id=one.id)
    assert (kept.phone, kept.email) == ("06 1234 5678", EMAIL)
    assert [sorted(line["fields"]) for line in kept.changes] == [["email"], ["phone"]]


@pytest.fixture
def files(tmp_path: object, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def test_lists_keep_their_index_behind_the_wall() -> None:
    garage = world.garage(fields=FIELDS)
    for of in (garage, world.garage(at=garage.portal)):
        Party.objects.using(OWNER).bulk_create(
            Party(portal=of.portal.id, organisation=of.organisation.id, kind="person", name=f"Driver {n:05d} Bos")
            for n in range(4000)
        )
    with connections[OWNER].cursor() as cursor:
        cursor.execute("vacuum analyze organisations_party")
    by = by_of(garage)
    rows = asked(by, PartyQuery()).order_by(ORDER.column, ORDER.tie)[:51]
    plans.assert_uses_index(rows, "organisations_party_by_name", by.scope, at_most=60)


def test_system_lets_go_in_its_own_portal_alone(lessor: Garage) -> None:
    one = named(lessor, NAME)
    Party.objects.using(OWNER).filter(id=one.id).update(made_at="2001-01-01 12:00+00")
    JOBS["fleet.forget_parties"].run(portal=world.portal().id)
    assert party(lessor).name == NAME


def test_refusal_to_erase_counts_them_all_and_leads_to_their_list(lessor: Garage) -> None:
    held = [on_cover(lessor) for _one in range(7)]
    on_cover(lessor, "Iemand Anders")
    one, client = party(lessor), owner_client(lessor)
    answer = client.post(reverse("drivers:erase", args=[one.id]))
    text = unescape(answer.content.decode())
    assert ", 2 more. Name another one for it first" in text
    (link,) = re.findall(r'href="(/vehicles/\?policy=[^"]+party=\d+)"', text)
    shown = client.get(link)
    assert {row.item_id for row in shown.context["page"].rows} == {one.item for one in held}
    assert shown.context["totals"].vehicles == 7
    assert f"Only of {NAME}" in unescape(shown.content.decode())
    file = client.get(reverse("fleet:export"), {"party": str(one.id), "format": "csv"}).content.decode()
    assert len(file.splitlines()) == 1 + 7


def test_vehicles_are_listed_with_who_drives_and_leases_them_and_found_by_that(lessor: Garage) -> None:
    led = on_cover(lessor, "Bakkerij Bos B.V.", role="lessee")
    driven = on_cover(lessor)
    client = owner_client(lessor)
    page = client.get(reverse("fleet:stock"))
    assert "Bakkerij Bos B.V.</td>" in page.content.decode()
    for typed, item in (("vijver", driven.item), ("Bakkerij B", led.item)):
        found = client.get(reverse("fleet:stock"), {"q": typed}).context
        assert [row.item_id for row in found["page"].rows] == [item]
        assert found["totals"].vehicles == 1
    assert client.get(reverse("fleet:stock"), {"q": "vi"}).context["totals"].vehicles == 0


def test_who_sees_no_names_finds_no_vehicle_by_them(lessor: Garage, north: Branch) -> None:
    on_cover(lessor)
    client = sessions.client_of(in_branch(lessor, north, VIEW), lessor.portal)
    for asked_ in ({"q": "vijver"}, {"party": str(party(lessor).id)}):
        found = client.get(reverse("fleet:stock"), asked_)
        assert (found.context["page"].rows, NAME in found.content.decode()) == ([], False)


def test_search_box_tells_the_vehicles_of_today_as_the_list_does(lessor: Garage) -> None:
    for _one in range(2):
        left(lessor, on_cover(lessor, days=9))
    now = [on_cover(lessor, days=2) for _one in range(5)]
    with enter(by_of(lessor).scope):
        (line,) = page(by_of(lessor), PartyQuery()).rows
        (group,) = [one for one in search(by_of(lessor), "vijver").groups if one.kind.name == "party"]
    assert (line.vehicles, line.more) == (5, 4)
    plates = [one.plate.formatted for one in now]
    (hit,) = group.lines
    assert sum(plate in hit.hit.detail for plate in plates) + 2 == 5
    assert "2 more" in hit.hit.detail
