"""Whoever asked the desk is told by mail: once, in the own language, and only while the page opens too."""

import pytest
from django.conf import settings
from django.test import Client

from remise.accounts.models import Account
from remise.core import events
from remise.core.actor import system
from remise.core.scope import enter
from remise.desk import actions
from remise.desk.models import DeskRequest
from remise.fleet.rights import FleetRight
from remise.messages.models import Mail
from remise.organisations.models import Grant, Membership
from tests import jobs, sessions, vehicles, world
from tests.desk.office import Office, office
from tests.journeys.server import Mailbox
from tests.world import OWNER

pytestmark = pytest.mark.usefixtures("nothing_waits")


def speaks(who: Membership, language: str) -> None:
    Account.objects.using(OWNER).filter(id=who.account_id).update(language=language)


def refuse(of: Office, request: DeskRequest, reason: str = "Dat is te lang geleden.") -> None:
    of.take(request)
    of.do(actions.refuse, request, of.mirjam, reason=reason)


@pytest.mark.parametrize(("language", "wanted"), [("nl", "nl"), ("de", "de"), ("en", "en"), ("", "nl"), ("fr", "nl")])
def test_decision_is_told_in_the_readers_language(language: str, wanted: str, mailbox: Mailbox) -> None:
    of = office()
    speaks(of.owner, language)
    plate = vehicles.fresh_plate()
    request = of.late(plate=plate)
    refuse(of, request)
    jobs.work_off()
    (message,) = mailbox.taken
    assert message["To"] == of.owner.account.email
    assert plate.formatted in message["Subject"]
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "Dat is te lang geleden." in plain.get_content()
    assert f"/requests/{request.id}" in plain.get_content()
    assert f"//{of.garage.portal.slug}.localhost" in plain.get_content()
    assert f'<html lang="{wanted}">' in html.get_content()
    assert "Mirjam" not in html.get_content()


def test_acceptance_and_question_are_told(mailbox: Mailbox) -> None:
    of = office()
    speaks(of.owner, "en")
    request = of.late()
    of.take(request)
    of.do(actions.say, request, of.mirjam, text="Welke dag precies?")
    jobs.work_off()
    of.do(actions.accept, request, of.mirjam, reason="Het klopt.", answer={})
    jobs.work_off()
    subjects = [str(message["Subject"]).split(":")[0] for message in mailbox.taken]
    assert subjects == ["A question about your request", "Accepted"]
    asked = mailbox.taken[0].get_body(("plain",))
    assert asked is not None
    assert "Welke dag precies?" in asked.get_content()


def test_told_once_however_often_the_job_runs(mailbox: Mailbox) -> None:
    of = office()
    refuse(of, of.late())
    (event,) = of.events("request.refused")
    from remise.desk.telling import tell

    by = system(portal=of.garage.portal.id, name="core.deliver")
    for _run in range(3):
        with enter(by.scope):
            tell(by, event)
        with enter(by.scope):
            events.take(by, numbers=[event.id], subscriber="desk.tell.request.refused")
    jobs.work_off()
    assert len(mailbox.taken) == 1


def test_who_may_no_longer_see_it_is_not_told(mailbox: Mailbox) -> None:
    of = office()
    moved, left, closed = of.late(), of.late(), of.late()
    for request, gone in (
        (moved, lambda: Grant.objects.using(OWNER).filter(membership=of.owner).delete()),
        (left, lambda: Membership.objects.using(OWNER).filter(id=of.owner.id).update(state=Membership.State.ENDED)),
        (closed, lambda: Account.objects.using(OWNER).filter(id=of.owner.account_id).update(is_active=False)),
    ):
        refuse(of, request)
        gone()
        jobs.work_off()
    assert mailbox.taken == []
    assert not Mail.objects.using(OWNER).filter(portal=of.garage.portal.id).exists()


def test_what_the_customer_does_is_told_to_nobody(mailbox: Mailbox) -> None:
    of = office()
    request = of.late()
    of.do(actions.say, request, of.owner, text="Haast!")
    of.do(actions.withdraw, request, of.owner)
    jobs.work_off()
    assert mailbox.taken == []


def test_choice_of_language_is_kept_with_the_account() -> None:
    garage = world.garage()
    who = world.member(garage.organisation, rights=[FleetRight.VIEW])
    client = sessions.client_of(who, garage.portal)
    client.post("/language/", {"language": "de", "next": "/"})
    assert Account.objects.using(OWNER).get(id=who.account_id).language == "de"
    stranger = Client(HTTP_HOST=f"{garage.portal.slug}.localhost")
    assert stranger.post("/language/", {"language": "en"}).cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert Account.objects.using(OWNER).get(id=who.account_id).language == "de"
