"""What becomes of a mandate is mailed to the other side: once, in its own language, and to nobody of what one did."""

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from remise.accounts.models import Account
from remise.core.scope import ActorKind, Scope, enter
from remise.mandates.actions import answering
from remise.mandates.models import Mandate
from remise.mandates.rights import MandateRight
from remise.mandates.tasks import settle
from remise.organisations.models import Membership, Organisation
from remise.privacy.actions.closing import close_account
from tests import jobs, world
from tests.accounts.visiting import text_of
from tests.journeys.server import Mailbox
from tests.mandates import offices
from tests.mandates.offices import CLIENTS, REGISTER, VIEW, Office, days
from tests.privacy.people import account_of
from tests.races import at_once
from tests.world import OWNER, Garage

pytestmark = pytest.mark.usefixtures("nothing_waits")


@pytest.fixture
def garage() -> Garage:
    made = world.garage()
    world.in_english(made.portal)
    return made


def told(mailbox: Mailbox) -> list[tuple[str, str]]:
    """To whom, and the subject; each once."""
    jobs.work_off()
    found = sorted((str(mail["To"]), str(mail["Subject"])) for mail in mailbox.taken)
    mailbox.taken.clear()
    return found


def text(mailbox: Mailbox) -> str:
    jobs.work_off()
    (mail,) = mailbox.taken
    return text_of(mail)


def address(of: Membership) -> str:
    return of.account.email


# --- the company


@pytest.mark.parametrize("by_mail", [True, False])
def test_giver_reads_that_it_was_accepted(
    garage: Garage, owner: Membership, visser: Office, mailbox: Mailbox, *, by_mail: bool
) -> None:
    if by_mail:
        secrets: list[str] = []
        offices.offer(owner, "kantoor@visser.example", told=secrets)
        with enter(Scope(ActorKind.ACCOUNT, garage.portal.id, visser.head.account_id)):
            answering.accept_mailed(account=visser.head.account_id, secret=secrets[0], office=visser.organisation.id)
    else:
        offices.mandate(owner, visser)
    said = text(mailbox)
    assert told(mailbox) == [(address(owner), "Kantoor Visser accepted your mandate")]
    assert f"Kantoor Visser acts for {garage.organisation.name} by it." in said
    assert "What for: de jaarrekening" in said
    assert "Rights: View vehicles" in said
    assert reverse("mandates:show", args=[Mandate.objects.using(OWNER).latest("id").id]) in said


@pytest.mark.parametrize("by_mail", [True, False])
def test_giver_reads_that_it_was_declined_and_not_by_whom(
    garage: Garage, owner: Membership, visser: Office, mailbox: Mailbox, *, by_mail: bool
) -> None:
    secrets: list[str] = []
    to = "kantoor@visser.example" if by_mail else visser.organisation.kvk or ""
    made = offices.offer(owner, to, told=secrets)
    if by_mail:
        with enter(Scope(ActorKind.PUBLIC, garage.portal.id)):
            answering.decline_mailed(secrets[0])
            answering.decline_mailed(secrets[0])
    else:
        visser.client(visser.head).post(reverse("clients:decline", args=[made.id]))
    assert "Kantoor Visser" not in text(mailbox)
    assert told(mailbox) == [(address(owner), f"{to} declined your mandate")]


def test_giver_reads_in_the_own_language_that_it_was_handed_back_and_why(
    garage: Garage, owner: Membership, visser: Office, mailbox: Mailbox
) -> None:
    given = offices.mandate(owner, visser)
    told(mailbox)
    Account.objects.using(OWNER).filter(id=owner.account_id).update(language="de")
    visser.client(visser.head).post(reverse("clients:hand_back", args=[given.id]), {"why": "Wir hören auf."})
    said = text(mailbox)
    assert "Wir hören auf." in said
    with translation.override("de"):
        assert gettext("Look at the mandate") in said
    assert "Look at the mandate" not in said
    ((to, _subject),) = told(mailbox)
    assert to == address(owner)


def test_who_gave_it_and_left_is_followed_by_who_gives_mandates_now(
    garage: Garage, owner: Membership, visser: Office, mailbox: Mailbox
) -> None:
    given = offices.mandate(owner, visser)
    told(mailbox)
    others = [world.member(garage.organisation, rights=[MandateRight.MANAGE], name=name) for name in ("Ank", "Bo")]
    world.member(garage.organisation, rights=[VIEW], name="Cor")
    Membership.objects.using(OWNER).filter(id=owner.id).update(state=Membership.State.ENDED)
    visser.client(visser.head).post(reverse("clients:hand_back", args=[given.id]), {"why": ""})
    assert told(mailbox) == sorted((address(one), "Kantoor Visser handed your mandate back") for one in others)


def test_who_works_alone_and_closes_the_account_hands_back_and_that_is_told(
    garage: Garage, owner: Membership, mailbox: Mailbox
) -> None:
    account, secrets = world.account(), list[str]()
    offices.offer(owner, account.email, told=secrets)
    with enter(Scope(ActorKind.ACCOUNT, garage.portal.id, account.id)):
        answering.accept_mailed(account=account.id, secret=secrets[0], office=None)
    told(mailbox)
    own = Organisation.objects.using(OWNER).get(portal=garage.portal, kind=Organisation.Kind.PERSON)
    by = account_of(Membership.objects.using(OWNER).get(organisation=own.id), garage.portal)
    with enter(by.scope):
        assert close_account(by=by, account=account.id)
    subjects = [subject for to, subject in told(mailbox) if to == address(owner)]
    assert subjects == ["A person who works alone handed your mandate back"]


# --- the office


def test_office_reads_that_it_was_ended_and_why(
    garage: Garage, owner: Membership, visser: Office, mailbox: Mailbox
) -> None:
    """By who took it on; not who ended it."""
    given = offices.mandate(owner, visser)
    told(mailbox)
    offices.end(owner, given.id, why="Wij gaan naar een ander.")
    said = text(mailbox)
    assert "Wij gaan naar een ander." in said
    assert "Ended: " in said
    assert "Last day" not in said
    assert owner.display_name not in said
    assert told(mailbox) == [(address(visser.head), f"{garage.organisation.name} ended your mandate")]


def test_office_reads_what_it_may_do_after_a_change(
    garage: Garage, owner: Membership, visser: Office, mailbox: Mailbox
) -> None:
    given = offices.mandate(owner, visser)
    told(mailbox)
    same = {"rights": [VIEW, REGISTER], "branches": None, "last_day": None}
    offices.change(owner, given.id, **same)
    offices.change(owner, given.id, **same)  # nothing is changed by it
    said = text(mailbox)
    assert "Rights: View vehicles, Register vehicles" in said
    assert "Last day: none: until it is ended" in said
    assert told(mailbox) == [(address(visser.head), f"{garage.organisation.name} changed your mandate")]


def test_changed_offer_is_nobodys_yet(garage: Garage, owner: Membership, visser: Office, mailbox: Mailbox) -> None:
    made = offices.offer(owner, visser.organisation.kvk or "")
    offices.change(owner, made.id, rights=[REGISTER], branches=None, last_day=None)
    assert told(mailbox) == []


def test_who_took_it_on_and_may_no_more_is_followed_by_who_takes_them_on(
    garage: Garage, owner: Membership, visser: Office, mailbox: Mailbox
) -> None:
    given = offices.mandate(owner, visser)
    told(mailbox)
    second = world.member(visser.organisation, rights=[CLIENTS], name="Piet Visser")
    world.take_away(visser.head, CLIENTS)
    offices.end(owner, given.id)
    assert [to for to, _subject in told(mailbox)] == [address(second)]


# --- the calendar


def ending(garage: Garage, owner: Membership, visser: Office, *, last: int, began: int = 60) -> Mandate:
    """Taken on so many days ago, with its last day so many days ahead."""
    given = offices.mandate(owner, visser, last_day=offices.today(garage.portal) + days(last))
    taken_on = given.given_at - days(began)
    Mandate.objects.using(OWNER).filter(id=given.id).update(accepted_at=taken_on)
    return given


def test_both_sides_read_once_that_a_mandate_ends_soon(
    garage: Garage, owner: Membership, visser: Office, mailbox: Mailbox
) -> None:
    given = ending(garage, owner, visser, last=14)
    told(mailbox)
    settle.run(portal=garage.portal.id)
    both = sorted(
        [
            (address(owner), "Kantoor Visser: your mandate ends soon"),
            (address(visser.head), f"Your mandate of {garage.organisation.name} ends soon"),
        ]
    )
    assert told(mailbox) == both
    at_once(*[lambda: settle.run(portal=garage.portal.id)] * 2)
    assert told(mailbox) == []
    offices.change(owner, given.id, rights=[VIEW], branches=None, last_day=offices.today(garage.portal) + days(13))
    told(mailbox)
    at_once(*[lambda: settle.run(portal=garage.portal.id)] * 2)
    assert told(mailbox) == both  # another last day


@pytest.mark.parametrize(("last", "began"), [(15, 60), (14, 0), (9, 5)])
def test_last_day_far_ahead_or_known_from_the_start_is_no_mail(
    garage: Garage, owner: Membership, visser: Office, mailbox: Mailbox, last: int, began: int
) -> None:
    ending(garage, owner, visser, last=last, began=began)
    told(mailbox)
    settle.run(portal=garage.portal.id)
    assert told(mailbox) == []


def test_mandate_that_was_ended_does_not_end_once_more(
    garage: Garage, owner: Membership, visser: Office, mailbox: Mailbox
) -> None:
    given = ending(garage, owner, visser, last=5)
    settle.run(portal=garage.portal.id)
    offices.end(owner, given.id)
    assert (address(visser.head), f"Your mandate of {garage.organisation.name} ends soon") not in told(mailbox)


def test_program_follows_that_a_mandate_ends_soon(garage: Garage, owner: Membership, visser: Office) -> None:
    given = ending(garage, owner, visser, last=5)
    settle.run(portal=garage.portal.id)
    (event,) = offices.events(garage.organisation, "mandate.ending")
    assert (event.subject, event.after) == (given.id, {"ends": str(given.ends)})
    assert (event.account, event.by_system) == (None, "mandates.settle")
