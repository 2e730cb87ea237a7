"""Which particulars an office sees: the names of drivers and lessees only where its mandate says so."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from remise.core.errors import NotVisible
from remise.core.scope import enter
from remise.fleet import exports
from remise.fleet.parties.exports import begin_parties_export
from remise.fleet.parties.selectors import PartyQuery
from remise.fleet.rights import FleetRight
from remise.fleet.runs import begin_stock_export
from remise.fleet.selectors.stock import StockQuery
from remise.mandates.models import Mandate
from remise.organisations.fields import FieldGroup
from remise.organisations.models import Membership, Party
from remise.runs.models import Run
from tests import jobs, sessions, vehicles, world
from tests.config.known import FIELDS
from tests.mandates import offices
from tests.mandates.offices import REGISTER, VIEW, Office
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

DRIVER = "Wilhelmina Nergenshuizen"
LEFT_OUT = "left out by the mandate"
PEOPLE = [FieldGroup.PEOPLE.value]


@pytest.fixture
def garage() -> Garage:
    return world.garage(fields=FIELDS)


@pytest.fixture
def held(garage: Garage) -> OnCover:
    return vehicles.on_cover(garage, driver=DRIVER, lessee=DRIVER)


def acting(visser: Office, garage: Garage) -> Client:
    client = visser.client()
    offices.act(client, garage.organisation)
    return client


def read(client: Client, garage: Garage, held: OnCover) -> dict[str, str]:
    """Every page and file on which the name stands for the company's own people."""
    policy = {"policy": garage.policy.number}
    answers = {
        "vehicle": client.get(reverse("fleet:vehicle", args=[held.item]), policy),
        "receipt": client.get(reverse("fleet:receipt", args=[held.entry])),
        "export": client.get(reverse("fleet:export"), policy | {"format": "csv"}),
    }
    assert {answer.status_code for answer in answers.values()} == {200}
    return {name: answer.content.decode() for name, answer in answers.items()}


def test_names_are_left_out_unless_the_mandate_shows_them(
    garage: Garage, held: OnCover, owner: Membership, visser: Office
) -> None:
    given = offices.mandate(owner, visser)
    client = acting(visser, garage)
    for name, page in read(client, garage, held).items():
        assert DRIVER not in page, name
        assert LEFT_OUT in page, name
    offices.change(owner, given.id, rights=[VIEW], branches=None, fields=PEOPLE, last_day=None)
    for name, page in read(client, garage, held).items():
        assert DRIVER in page, name
        assert LEFT_OUT not in page, name


def test_wall_leaves_them_out_whatever_a_page_asks(
    garage: Garage, held: OnCover, owner: Membership, visser: Office
) -> None:
    assert held.item
    offices.mandate(owner, visser)
    by = offices.acts_as(visser, garage.organisation.id)
    with enter(by.scope):
        assert not Party.objects.exists()
        assert not Party.objects.filter(organisation=garage.organisation.id).update(name="Iemand")
    offices.mandate(owner, visser, purpose="de vloot", fields=PEOPLE)
    with enter(offices.acts_as(visser, garage.organisation.id).scope):
        assert set(Party.objects.values_list("name", flat=True)) == {DRIVER}


def test_two_mandates_show_what_either_shows(garage: Garage, owner: Membership, visser: Office) -> None:
    offices.mandate(owner, visser, fields=PEOPLE)
    second = offices.mandate(owner, visser, purpose="de jaarrekening 2026")
    assert offices.acts_as(visser, garage.organisation.id).withheld == frozenset()
    first = Mandate.objects.using(OWNER).exclude(id=second.id).get(organisation=garage.organisation.id)
    offices.end(owner, first.id)
    assert offices.acts_as(visser, garage.organisation.id).withheld == {FieldGroup.PEOPLE}


def test_intermediary_by_its_tier_sees_them(garage: Garage, visser: Office) -> None:
    tier = offices.tier(garage.portal, f"t{world.number()}", 1, opens=True)
    garage.policy.agent_id = offices.intermediary(visser, tier).id
    garage.policy.save(using=OWNER)
    assert offices.acts_as(visser, garage.organisation.id).withheld == frozenset()


def test_large_export_leaves_them_out_too(
    garage: Garage, held: OnCover, owner: Membership, visser: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written later, by a worker."""
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    offices.mandate(owner, visser)
    client = acting(visser, garage)
    client.post(f"{reverse('fleet:export')}?policy={garage.policy.number}", {"format": "csv"})
    jobs.work_off()
    run = Run.objects.using(OWNER).get(organisation=garage.organisation.id)
    answer = client.get(reverse("runs:result", args=[run.id]))
    written = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    assert held.plate.formatted in written.decode()
    assert DRIVER not in written.decode()


def test_what_the_company_itself_sent_in_or_had_made_is_not_read_without_them(
    garage: Garage, held: OnCover, owner: Membership, visser: Office, tmp_path: Path, settings: Settings
) -> None:
    """Lines and files hold what was typed, and whoever began it saw all of it."""
    settings.MEDIA_ROOT = tmp_path
    clerk = world.member(garage.organisation, rights=list(FleetRight))
    sent, made = file_of(garage, clerk), export_of(clerk)
    jobs.work_off()
    given = offices.mandate(owner, visser, rights=[VIEW, REGISTER])
    client = acting(visser, garage)
    results = reverse("fleet:several_results", args=[sent.id, "csv"])
    pages = [reverse("runs:detail", args=[sent.id]), reverse("runs:result", args=[made.id])]
    assert [client.get(page).status_code for page in pages] == [403, 403]
    answers = [client.post(results), client.post(reverse("runs:confirm", args=[sent.id]))]
    assert [(answer.status_code, answer["X-Reason-Code"]) for answer in answers] == [(403, "field_withheld")] * 2
    assert not any(page in client.get(reverse("runs:list")).content.decode() for page in pages)
    offices.change(owner, given.id, rights=[VIEW, REGISTER], branches=None, fields=PEOPLE, last_day=None)
    shown, fetched = (client.get(page) for page in pages)
    assert DRIVER in shown.content.decode()
    assert DRIVER in b"".join(fetched.streaming_content).decode()  # type: ignore[attr-defined]


def test_what_was_begun_without_them_stays_without_them(
    garage: Garage, held: OnCover, owner: Membership, visser: Office, tmp_path: Path, settings: Settings
) -> None:
    """Also where the mandate shows them before it is made: it is read without them again."""
    settings.MEDIA_ROOT = tmp_path
    given = offices.mandate(owner, visser)
    by = offices.acts_as(visser, garage.organisation.id)
    with enter(by.scope):
        query = StockQuery(day=vehicles.today(garage))
        run = begin_stock_export(by=by, policy=garage.policy, query=query, kind="csv")
    offices.change(owner, given.id, rights=[VIEW], branches=None, fields=PEOPLE, last_day=None)
    jobs.work_off()
    offices.change(owner, given.id, rights=[VIEW], branches=None, fields=[], last_day=None)
    answer = acting(visser, garage).get(reverse("runs:result", args=[run.id]))
    written = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert held.plate.formatted in written
    assert DRIVER not in written


def file_of(garage: Garage, clerk: Membership) -> Run:
    client, today = sessions.client_of(clerk, garage.portal), vehicles.today(garage)
    lines = f"plate;check_code;day;driver\n{vehicles.fresh_plate().formatted};0413;{today};{DRIVER}"
    client.post(reverse("fleet:several", args=["register"]), {"lines": lines})
    return Run.objects.using(OWNER).filter(organisation=garage.organisation.id).latest("id")


def export_of(clerk: Membership) -> Run:
    by = sessions.actor_of(clerk)
    with enter(by.scope):
        return begin_parties_export(by=by, query=PartyQuery(), kind="csv")


def test_who_does_not_see_a_name_does_not_fill_one_in(garage: Garage, owner: Membership, visser: Office) -> None:
    offices.mandate(owner, visser, rights=[VIEW, REGISTER])
    by = offices.acts_as(visser, garage.organisation.id)
    with pytest.raises(Exception, match="Names of drivers and lessees") as refused:
        vehicles.on_cover(garage, by=by, driver=DRIVER)
    assert getattr(refused.value, "code", "") == "field_withheld"
    assert vehicles.on_cover(garage, by=by).item


def test_offer_and_receipt_say_what_is_left_out(garage: Garage, owner: Membership, visser: Office) -> None:
    client = sessions.client_of(owner, garage.portal)
    form = {"to": visser.organisation.kvk or "", "purpose": "de vloot", "rights": VIEW, "fields_seen": PEOPLE}
    assert client.post(reverse("mandates:offer"), form).status_code == 302
    assert (
        client.post(reverse("mandates:offer"), form | {"purpose": "de premie", "fields_seen": []}).status_code == 302
    )
    kept = Mandate.objects.using(OWNER).filter(organisation=garage.organisation.id).order_by("id")
    assert [one.fields for one in kept] == [PEOPLE, []]
    received = visser.client(visser.head).get(reverse("clients:received")).content.decode()
    assert received.count("Names of drivers and lessees") == 1
    wrong = client.post(reverse("mandates:offer"), form | {"purpose": "de rest", "fields_seen": ["salaries"]})
    assert wrong.status_code == 422


def test_particulars_that_are_none_are_refused(owner: Membership, visser: Office) -> None:
    with pytest.raises(NotVisible):
        offices.mandate(owner, visser, fields=["salaries"])
