"""Asking to come in without an account: exactly these fields, one answer for every number, one application a form."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from remise.core.models import Event
from remise.core.scope import ActorKind, Scope, enter
from remise.onboarding.forms import FORMS
from remise.onboarding.models import Application
from remise.onboarding.rules import LETTERS
from remise.onboarding.tasks import forget
from remise.portals.models import RetentionTerm
from tests import jobs, world
from tests.journeys.server import Mailbox
from tests.onboarding.door import Door, door, typed
from tests.races import at_once
from tests.world import OWNER

KINDS = ("registration", "contact", "office", "garage")
PERSON = ["surname", "given_name", "initials", "infix"]


@pytest.fixture
def entrance() -> Door:
    return door()


def test_f035_form_of_an_office_asks_exactly_this() -> None:
    fields = [name for name in FORMS["office"].base_fields if name != "key"]
    assert fields == ["intermediary_number", "company_name", *PERSON, "email", "phone"]


def test_f036_form_of_a_garage_asks_exactly_this() -> None:
    fields = [name for name in FORMS["garage"].base_fields if name != "key"]
    assert fields == ["company_name", "policy_number", *PERSON, "gender", "email", "phone"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_field_but_the_infix_must_be_filled(entrance: Door, kind: str) -> None:
    for name in typed(kind):
        answer = entrance.send(kind, entrance.stranger(f"10.8.{world.number() % 250}.7"), **{name: ""})
        may_be_empty = name == "infix" or (kind == "contact" and name == "company_name")
        assert answer.status_code == (302 if may_be_empty else 422), name


@pytest.mark.parametrize("kind", KINDS)
def test_sent_form_is_answered_with_reference_and_time(entrance: Door, kind: str, mailbox: Mailbox) -> None:
    with time_machine.travel(datetime(2026, 10, 21, 8, 0, tzinfo=UTC), tick=True):  # a Wednesday, 10.00
        asked = entrance.asked(kind)
        page = entrance.stranger().get(entrance.send(kind)["Location"]).content.decode()
    assert set(asked.reference) <= {*LETTERS, "-"}
    assert len(asked.reference) == 9
    wanted = (
        datetime(2026, 10, 21, 12, 0, tzinfo=UTC) if kind == "contact" else datetime(2026, 10, 23, 8, 0, tzinfo=UTC)
    )
    assert abs(asked.due_at - wanted) < timedelta(minutes=1)
    assert entrance.newest().reference in page
    jobs.work_off()
    mail = mailbox.newest(asked.email)
    assert asked.reference in str(mail["Subject"])
    assert "Joost" not in str(mail)  # what a stranger typed is in no mail
    assert "Garage Vecht" not in str(mail)


def test_form_sent_twice_is_one_application(entrance: Door, mailbox: Mailbox) -> None:
    mailbox.reset()
    said = typed("garage") | {"key": str(uuid4())}
    first, second = (entrance.send("garage", **said) for _ in range(2))
    references = [re.findall(r"<dd>([A-Z0-9]{4}-[A-Z0-9]{4})</dd>", _page(entrance, one)) for one in (first, second)]
    assert references[0] == references[1] != []
    assert Application.objects.using(OWNER).filter(portal=entrance.portal.id).count() == 1
    jobs.work_off()
    assert len([mail for mail in mailbox.delivered() if said["email"] in str(mail["To"])]) == 1


def test_form_sent_at_once_is_one_application(entrance: Door) -> None:
    said = typed("garage") | {"key": str(uuid4())}
    answers = at_once(*(partial(entrance.send, "garage", **said) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {302}
    assert Application.objects.using(OWNER).filter(portal=entrance.portal.id).count() == 1


def _page(entrance: Door, answer: HttpResponse) -> str:
    assert answer.status_code == 302, answer.content.decode()
    return str(entrance.stranger().get(answer["Location"]).content.decode())


def _plain(page: str) -> str:
    """Without the tokens, and the reference that each form has of its own."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    page = re.sub(r"for=[\w%:.-]+", "for=SIGNED", page)
    return re.sub(r"[A-Z0-9]{4}-[A-Z0-9]{4}", "REFERENCE", page)


@pytest.mark.parametrize("kind", ["garage", "office", "registration"])
def test_f036_known_and_unknown_numbers_get_the_same_answer(entrance: Door, kind: str, mailbox: Mailbox) -> None:
    garage = world.garage(at=entrance.portal)
    known = {
        "garage": {"policy_number": garage.policy.number},
        "office": {"intermediary_number": str(garage.branch.relation_number)},
        "registration": {"kvk": str(garage.organisation.kvk)},
    }[kind]
    unknown = {"garage": {"policy_number": "40.31"}, "office": {"intermediary_number": "1-9"}}.get(
        kind, {"kvk": "0" * 8}
    )
    told = []
    entrance.send(kind, **unknown)  # what is done once in a process is not counted
    for said in (known, unknown):
        mailbox.reset()
        jobs.forget()
        with time_machine.travel(datetime(2026, 10, 21, 8, 0, tzinfo=UTC), tick=False):
            with CaptureQueriesContext(connection) as asked:
                answer = entrance.send(kind, entrance.stranger(f"10.7.{world.number() % 250}.9"), **said)
            page = _plain(_page(entrance, answer))
        jobs.work_off()
        statements = [re.sub(r"'[^']*'|\d+", "", each["sql"]) for each in asked]
        mails = [re.sub(r"[A-Z0-9]{4}-[A-Z0-9]{4}", "", str(mail["Subject"])) for mail in mailbox.delivered()]
        told.append((answer.status_code, sorted(answer.cookies), page, statements, mails))
    assert told[0] == told[1]
    assert len(told[0][4]) == 1


def test_form_tells_the_term_that_the_insurer_laid_down(entrance: Door) -> None:
    RetentionTerm.objects.using(OWNER).create(
        portal=entrance.portal, category="onboarding.asked", days=40, starts=date(2020, 1, 1), source="Bewaarbeleid 3"
    )
    page = entrance.stranger().get(reverse("onboarding:form", args=["contact"])).content.decode()
    assert "is let go of 40 days after the answer" in page


def test_limits_count_by_address_and_by_place(entrance: Door) -> None:
    said = typed("contact")
    answers = [entrance.send("contact", entrance.stranger(f"10.6.0.{n}"), **said) for n in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 4 + [422] * 2
    assert "many forms" in answers[-1].content.decode()
    cache.clear()
    place = entrance.stranger("10.6.1.1")
    answers = [entrance.send("contact", place) for _ in range(32)]
    assert [answer.status_code for answer in answers].count(422) == 2


@pytest.mark.parametrize(
    "bad", [{"email": "x@[127.0.0.1]"}, {"phone": "bel me"}, {"policy_number": "--"}, {"key": "x"}]
)
def test_nonsense_is_refused_beside_its_field(entrance: Door, bad: dict[str, str]) -> None:
    assert entrance.send("garage", **bad).status_code == 422
    assert not Application.objects.using(OWNER).filter(portal=entrance.portal.id).exists()


@pytest.mark.parametrize("kind", ["public", "account"])
def test_who_sends_one_reads_none(entrance: Door, kind: str) -> None:
    entrance.asked("contact")
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        enter(Scope(ActorKind(kind), entrance.portal.id, 1)),
    ):
        list(Application.objects.all())


def test_another_insurers_people_see_none(entrance: Door) -> None:
    asked = entrance.asked("contact")
    other = door()
    assert other.staff().get(reverse("applications:one", args=[asked.id])).status_code == 404
    assert asked.reference not in other.staff().get(reverse("applications:list")).content.decode()


def test_events_hold_no_particulars(entrance: Door) -> None:
    entrance.asked("garage")
    told = Event.objects.using(OWNER).filter(portal=entrance.portal.id, kind="application.made").values_list("after")
    assert {tuple(sorted(after or {})) for (after,) in told} == {("kind", "reference")}


def test_particulars_are_let_go_of(entrance: Door) -> None:
    asked, waits = entrance.asked("contact"), entrance.asked("garage")
    entrance.staff().post(reverse("applications:close", args=[asked.id]), {"reason": "Gebeld, komt terug."})
    forget.run(portal=entrance.portal.id)
    assert _read(asked).email
    world_moves(entrance, timedelta(days=190))
    forget.run(portal=entrance.portal.id)
    gone = _read(asked)
    assert [getattr(gone, name) for name in Application.PARTICULARS] == [""] * len(Application.PARTICULARS)
    assert (gone.state, gone.reference) == ("closed", asked.reference)
    assert _read(waits).email  # nobody answered it yet
    page: Any = entrance.staff().get(reverse("applications:one", args=[asked.id]))
    assert "no longer kept" in page.content.decode()
    world_moves(entrance, timedelta(days=700))
    forget.run(portal=entrance.portal.id)
    assert not _read(waits).email


def world_moves(entrance: Door, by: timedelta) -> None:
    entrance.portal.clock_offset = by
    entrance.portal.save(using=OWNER)


def _read(asked: Application) -> Application:
    return Application.objects.using(OWNER).get(id=asked.id)
