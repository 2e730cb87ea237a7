"""What is held stays, whichever job comes by; the same of others goes. And every job says what it let go of."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from remise.api.models import IdempotencyKey
from remise.core.actor import system
from remise.core.jobs import JOBS
from remise.core.scope import enter
from remise.desk.models import DeskRequest
from remise.green_cards.models import Shipment
from remise.messages.models import Mail
from remise.organisations.models import AccessRequest, ApiToken, Invitation, Membership
from remise.portals.models import LetGo, Portal, RetentionTerm
from remise.portals.retention import categories, kept, term
from remise.runs.models import Run, RunRow
from tests import world
from tests.privacy.people import hold, lift
from tests.world import OWNER, Garage

LONG_AGO = timezone.now() - timedelta(days=4000)
TABLES = {
    "organisations.invitations": "invitation",
    "organisations.asked": "asked",
    "desk.words": "request",
    "messages.mails": "mail",
    "messages.secrets": "secret",
    "runs.rows": "run",
    "green_cards.addresses": "shipment",
    "api.answers": "answer",
}


class Rows:
    """One old row of each kind, of one company and one person of it; whether each still says something."""

    def __init__(self, garage: Garage) -> None:
        self.who = who = world.member(garage.organisation, rights=[])
        of = {"portal": garage.portal.id, "organisation": garage.organisation.id}
        self.invitation = Invitation.objects.using(OWNER).create(
            **of, email=f"{world.unique()}@example.test", display_name="Iemand", invited_by=who.account_id,
            secret_sha=world.unique(), expires_at=LONG_AGO, declined_at=LONG_AGO,
        )  # fmt: skip
        self.asked = AccessRequest.objects.using(OWNER).create(
            **of, membership=who, right="vehicles.view", why="Daarom", state="declined", decided_at=LONG_AGO
        )
        self.request = DeskRequest.objects.using(OWNER).create(
            **of, kind="x", subject_kind="x", subject=1, data={"why": "Daarom"}, state="withdrawn",
            account=who.account_id, opened_at=LONG_AGO, due_at=LONG_AGO, decided_at=LONG_AGO,
        )  # fmt: skip
        self.mail, self.secret = (
            Mail.objects.using(OWNER).create(
                portal=garage.portal.id, reference=uuid4(), kind="x", sender="a", recipient=who.account.email,
                language="nl", text="Hallo", secret=secret, state="sent", written_at=LONG_AGO, settled_at=LONG_AGO,
            )
            for secret in (False, True)
        )  # fmt: skip
        self.run = Run.objects.using(OWNER).create(
            **of, kind="x", inputs={}, state="done", account=who.account_id, language="nl", began_at=LONG_AGO,
            ended_at=LONG_AGO,
        )  # fmt: skip
        self.row = RunRow.objects.using(OWNER).create(**of, run=self.run, position=1, key="1", data={"driver": "J."})
        self.shipment = Shipment.objects.using(OWNER).create(
            **of, key=uuid4(), format="pdf", requested_at=LONG_AGO, requested_by=who.account_id,
            street="Rijnstraat 12", forget_on=LONG_AGO.date(),
        )  # fmt: skip
        self.answer = IdempotencyKey.objects.using(OWNER).create(
            **of, token=token_of(who), key=world.unique(),
            sent_sha="x", at=LONG_AGO,
        )  # fmt: skip

    def say(self) -> dict[str, bool]:
        def now(one: object) -> object:
            model = type(one)
            return model._default_manager.using(OWNER).filter(pk=one.pk).first()  # type: ignore[attr-defined]

        return {
            "invitation": now(self.invitation).email != "",  # type: ignore[attr-defined]
            "asked": now(self.asked).why != "",  # type: ignore[attr-defined]
            "request": now(self.request).data != {},  # type: ignore[attr-defined]
            "mail": now(self.mail).text != "",  # type: ignore[attr-defined]
            "secret": now(self.secret).text != "",  # type: ignore[attr-defined]
            "run": now(self.row).data != {},  # type: ignore[attr-defined]
            "shipment": now(self.shipment).street != "",  # type: ignore[attr-defined]
            "answer": now(self.answer) is not None,
        }


def token_of(who: Membership) -> ApiToken:
    return ApiToken.objects.using(OWNER).create(
        portal=who.portal, organisation=who.organisation, membership=who, name=world.unique(), prefix="x",
        secret_sha=world.unique(), rights=[], expires_at=LONG_AGO,
    )  # fmt: skip


def night(at: Portal) -> None:
    for name in JOBS:
        if name.split(".")[1].startswith("forget"):
            JOBS[name].run(portal=at.id)


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("of_company", [True, False], ids=["company", "person"])
def test_held_rows_stay_and_others_go_with_every_job(of_company: bool) -> None:
    garage = world.garage()
    other = world.garage(at=garage.portal)
    held, free = Rows(garage), Rows(other)
    one = hold(
        garage.portal,
        company=garage.organisation if of_company else None,
        account=None if of_company else held.who.account_id,
    )
    night(garage.portal)
    assert held.say() == dict.fromkeys(held.say(), True)
    assert free.say() == dict.fromkeys(free.say(), False)
    nights = {one.category: (one.gone, one.held) for one in LetGo.objects.using(OWNER).filter(portal=garage.portal)}
    assert {nights[category] for category in TABLES} == {(1, 1)}
    lift(one)
    night(garage.portal)
    assert held.say() == dict.fromkeys(held.say(), False)


def test_every_category_is_noted_every_night() -> None:
    at = world.portal()
    for name in (*(name for name in JOBS if name.split(".")[1].startswith("forget")), "documents.sweep"):
        JOBS[name].run(portal=at.id)
    noted = set(LetGo.objects.using(OWNER).filter(portal=at).values_list("category", flat=True))
    assert noted == {category.name for category in categories}


def test_term_that_has_started_last_counts() -> None:
    at = world.portal()
    category = categories["desk.words"]
    by = system(portal=at.id, name="test")
    today = timezone.now().date()
    for days, starts in ((100, -30), (200, -1), (300, 5)):
        RetentionTerm.objects.using(OWNER).create(
            portal=at, category=category.name, days=days, starts=today + timedelta(days=starts), source="Beleid"
        )
    with enter(by.scope):
        assert kept(by, category) == timedelta(days=200)
        assert kept(by, categories["desk.words"]) != category.usual
        assert term(at.id, category, on=today - timedelta(days=31)) is None
    elsewhere = system(portal=world.portal().id, name="test")
    with enter(elsewhere.scope):
        assert kept(elsewhere, category) == category.usual


def test_job_goes_by_the_term_that_was_laid_down() -> None:
    garage = world.garage()
    rows = Rows(garage)
    for category in TABLES:
        RetentionTerm.objects.using(OWNER).create(
            portal=garage.portal, category=category, days=5000, starts=LONG_AGO.date(), source="Beleid"
        )
    night(garage.portal)
    shown = rows.say()
    assert {name for name, stays in shown.items() if not stays} == {
        "shipment"
    }  # its day was laid down when it was sent
