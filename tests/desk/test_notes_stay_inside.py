"""What the desk notes is the desk's: no page, call, feed, file, mail or SQL of a customer of any kind gives it."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection

from remise.core.actor import Actor, system
from remise.core.kinds import ActorKind
from remise.core.particulars import told
from remise.core.scope import Scope, enter
from remise.desk import actions, retention
from remise.desk.handover import actions as handing
from remise.desk.models import DeskNote, DeskRequest
from remise.desk.retention import WORDS
from remise.fleet.rights import FleetRight
from remise.messages.models import Mail
from remise.organisations.rights import OrganisationRight
from remise.privacy.exporting import particulars
from tests import jobs, sessions, world
from tests.api.program import program
from tests.desk.office import Office, office, stored
from tests.world import OWNER

SECRET = "Belt altijd boos op, zegt Kees Zoutkamp"


@pytest.fixture(scope="module")
def desk() -> Office:
    return office()


@pytest.fixture(scope="module")
def noted(desk: Office) -> DeskRequest:
    """Noted, handed over, asked about and refused."""
    request = desk.late()
    desk.do(handing.note, request, desk.mirjam, text=SECRET)
    desk.do(handing.hand_over, request, desk.mirjam, to=desk.daan.id, had=None, why=f"{SECRET}.")
    desk.do(actions.say, request, desk.daan, text="Welke dag?")
    desk.do(actions.refuse, request, desk.daan, reason="Nee.")
    jobs.work_off()
    return request


def test_no_page_of_a_customer_shows_them(desk: Office, noted: DeskRequest) -> None:
    boss = world.member(desk.garage.organisation, rights=[*FleetRight, OrganisationRight.MANAGE_USERS])
    for who in (desk.owner, boss):
        client = desk.client(who)
        for page in ("/", "/requests/", f"/requests/{noted.id}", "/access/looked", "/company/changes", "/mandates/"):
            shown = client.get(page, follow=True).content.decode()
            assert SECRET not in shown, page
            assert "Daan Hoekstra" not in shown, page
        assert client.get(f"/desk/{noted.id}").status_code == 404


def test_no_call_of_a_program_gives_them(desk: Office, noted: DeskRequest) -> None:
    caller = program(desk.garage)
    told_all = [caller.get(path).json() for path in ("/requests", f"/requests/{noted.id}", "/events")]
    said = json.dumps(told_all)
    assert SECRET not in said
    assert "request.refused" in said
    assert not any(word in said for word in ("request.assigned", "request.noted", "note", "assignee"))


def test_no_mail_to_a_customer_says_them(desk: Office, noted: DeskRequest) -> None:
    mails = Mail.objects.using(OWNER).filter(portal=desk.garage.portal.id)
    assert mails.count() >= 2
    assert SECRET not in str(list(mails.values()))


@pytest.mark.parametrize("kind", [ActorKind.ACCOUNT, ActorKind.MEMBER])
def test_own_data_of_a_customer_does_not_hold_them(desk: Office, noted: DeskRequest, kind: ActorKind) -> None:
    assert noted.account == desk.owner.account_id
    scope = Scope(kind, desk.garage.portal.id, desk.owner.account_id, desk.garage.organisation.id)
    with enter(scope):
        assert SECRET not in str(particulars(desk.owner.account_id))


def test_who_wrote_them_is_told_the_own_words_and_who_got_it_the_fact(desk: Office, noted: DeskRequest) -> None:
    def parts(of: int) -> dict[str, list[object]]:
        with enter(Scope(ActorKind.ACCOUNT, desk.garage.portal.id, of)):
            return {section.name: list(section.read(of)) for section in told if section.name.startswith("desk.")}

    wrote, got = parts(desk.mirjam.account_id), parts(desk.daan.account_id)
    assert str(wrote["desk.noted"]).count(SECRET) == 2
    assert len(got["desk.handed"]) == 1
    assert SECRET not in str(got)
    assert noted.id


def customers(desk: Office) -> dict[str, Callable[[], Actor | Scope]]:
    portal, company = desk.garage.portal.id, desk.garage.organisation.id
    neighbour = world.garage(at=desk.garage.portal)
    return {
        "public": lambda: Scope(ActorKind.PUBLIC, portal),
        "account": lambda: Scope(ActorKind.ACCOUNT, portal, desk.owner.account_id),
        "member": lambda: desk.actor(desk.owner),
        "agent": lambda: Scope(ActorKind.AGENT, portal, desk.owner.account_id, company),
        "neighbour": lambda: sessions.actor_of(world.member(neighbour.organisation, rights=[])),
    }


def run(scope: Scope, statement: str) -> None:
    with enter(scope), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("who", ["public", "account", "member", "agent", "neighbour"])
@pytest.mark.parametrize("table", ["desk_desknote", "desk_answertemplate"])
def test_wall_lets_no_customer_read_or_write_them(desk: Office, noted: DeskRequest, who: str, table: str) -> None:
    found = customers(desk)[who]()
    scope = found.scope if isinstance(found, Actor) else found
    for statement in (f"select * from {table}", f"update {table} set id = id", f"delete from {table}"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(scope, statement)
    assert noted.id


def test_staff_of_another_insurer_reads_none(noted: DeskRequest) -> None:
    elsewhere = office()
    with enter(elsewhere.actor(elsewhere.mirjam).scope):
        assert not DeskNote.objects.exists()
    assert noted.id


def test_they_go_with_the_words_of_the_request(desk: Office) -> None:
    request = desk.late()
    desk.do(handing.note, request, desk.mirjam, text=SECRET)
    desk.do(actions.withdraw, request, desk.owner)
    late = system(portal=desk.garage.portal.id, name="desk.forget", clock_offset=WORDS.usual + timedelta(days=1))
    retention.forget_old(late)
    assert list(DeskNote.objects.using(OWNER).filter(request=request.id).values_list("text", flat=True)) == [""]
    assert (stored(request).about, stored(request).data) == ("", {})
    assert desk.client(desk.mirjam).get(f"/desk/{request.id}").status_code == 200
