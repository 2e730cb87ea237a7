"""The insurer's people lay down terms and hold what must stay; each is an event without anybody's particulars."""

from datetime import timedelta

import pytest

from remise.core.actor import Actor
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.models import Event
from remise.core.scope import enter
from remise.organisations.actions import end_membership, erase_colleague
from remise.organisations.models import Membership
from remise.portals.models import LegalHold, RetentionTerm
from remise.privacy.actions.holding import lift_hold, set_hold
from remise.privacy.actions.terms import set_term
from remise.privacy.rights import PrivacyRight
from tests import sessions, vehicles, world
from tests.privacy.people import MANAGE, hold, lift
from tests.world import OWNER, Garage


class Office:
    """An insurer with somebody who answers for privacy, and one customer."""

    def __init__(self) -> None:
        self.garage: Garage = world.garage()
        self.portal = self.garage.portal
        insurer = world.insurer(self.portal)
        self.officer = world.member(insurer, rights=[PrivacyRight.MANAGE], name="Noor Privé")
        self.other = world.member(insurer, rights=[], name="Nieuw Bureau")
        self.today = vehicles.today(self.garage)

    @property
    def by(self) -> Actor:
        return sessions.actor_of(self.officer)

    def term(self, **asked: object) -> RetentionTerm:
        said = {"category": "desk.words", "days": 400, "starts": self.today, "source": "Bewaarbeleid 3"} | asked
        with enter(self.by.scope):
            return set_term(by=self.by, **said)  # type: ignore[arg-type]

    def refused(self, **asked: object) -> tuple[str, str | None]:
        with pytest.raises(BrokenRule) as error:
            self.term(**asked)
        return error.value.code, error.value.field

    def hold(self, whom: str, by: Actor | None = None) -> LegalHold:
        actor = by or self.by
        with enter(actor.scope):
            return set_hold(by=actor, whom=whom, reason="Zaak 12")

    def events(self, kind: str) -> list[Event]:
        return list(Event.objects.using(OWNER).filter(portal=self.portal.id, kind=kind).order_by("id"))


@pytest.fixture
def office() -> Office:
    return Office()


def test_f209_staff_lay_down_a_term_from_a_day_on(office: Office) -> None:
    client = sessions.client_of(office.officer, office.portal)
    assert "1 year" in client.get("/keeping/").content.decode()
    later = office.today + timedelta(days=30)
    for days, starts in ((400, office.today), (500, later)):
        form = {"days": str(days), "starts": starts.isoformat(), "source": "Bewaarbeleid 3"}
        assert client.post("/keeping/terms/desk.words", form).status_code == 302
    page = client.get("/keeping/").content.decode()
    assert "400 days" in page
    assert "500 days" in page
    assert "Bewaarbeleid 3" in page
    told = [(one.account, one.after) for one in office.events("retention.set")]
    assert told[0] == (
        office.officer.account_id,
        {"category": "desk.words", "days": 400, "starts": office.today.isoformat()},
    )
    assert len(told) == 2


def test_term_is_refused_beside_its_field(office: Office) -> None:
    yesterday = office.today - timedelta(days=1)
    assert office.refused(days=29) == ("too_short", "days")
    assert office.refused(days=36_501) == ("too_long", "days")
    assert office.refused(starts=yesterday) == ("past", "starts")
    assert office.refused(source="  ") == ("name_missing", "source")
    client = sessions.client_of(office.officer, office.portal)
    form = {"days": "29", "starts": office.today.isoformat(), "source": "x"}
    answer = client.post("/keeping/terms/desk.words", form)
    assert answer.status_code == 422
    assert "Keep it for 30 days at least." in answer.content.decode()
    with pytest.raises(NotVisible):
        office.term(category="no.such")
    assert not RetentionTerm.objects.using(OWNER).filter(portal=office.portal).exists()


def test_same_day_again_is_the_last_word(office: Office) -> None:
    office.term(days=400)
    office.term(days=500)
    assert list(RetentionTerm.objects.using(OWNER).filter(portal=office.portal).values_list("days")) == [(500,)]


def test_who_lacks_the_right_lays_nothing_down(office: Office) -> None:
    by = sessions.actor_of(office.other)
    customer = office.garage.actor(PrivacyRight.MANAGE)
    for actor, error in ((by, Forbidden), (customer, NotVisible)):
        with enter(actor.scope), pytest.raises(error):
            set_term(by=actor, category="desk.words", days=400, starts=office.today, source="x")
        with pytest.raises(error):
            office.hold("12345678", by=actor)


def test_hold_is_set_and_lifted_on_the_page(office: Office) -> None:
    client = sessions.client_of(office.officer, office.portal)
    person = world.member(office.garage.organisation, rights=[])
    form = {"whom": person.account.email.upper(), "reason": "Zaak 12"}
    assert client.post("/keeping/holds", form).status_code == 302
    again = client.post("/keeping/holds", form)
    assert (again.status_code, "This is held already." in again.content.decode()) == (422, True)
    one = LegalHold.objects.using(OWNER).get(portal=office.portal)
    assert (one.account, one.company) == (person.account_id, None)
    for _twice in range(2):
        assert client.post(f"/keeping/holds/{one.id}/lift").status_code == 302
    assert [one.after for one in office.events("hold.set")] == [{"account": person.account_id}]
    assert len(office.events("hold.lifted")) == 1


def test_company_is_held_by_its_number_or_name(office: Office) -> None:
    company = office.garage.organisation
    one = office.hold(company.kvk or "")
    assert one.company == company.id
    with enter(office.by.scope):
        lift_hold(by=office.by, hold=one.id)
    assert office.hold(company.name.lower()).company == company.id


@pytest.mark.parametrize("whom", ["00000000", "Garage Nergens", "nobody@example.test"])
def test_unknown_is_not_held(office: Office, whom: str) -> None:
    with pytest.raises(BrokenRule) as refused:
        office.hold(whom)
    assert (refused.value.code, refused.value.field) == ("unknown", "whom")


def test_person_of_another_insurer_is_unknown_here(office: Office) -> None:
    elsewhere = world.member(world.garage().organisation, rights=[])
    with pytest.raises(BrokenRule):
        office.hold(elsewhere.account.email)


def test_company_forgets_a_colleague_with_its_button_but_not_under_a_hold(office: Office) -> None:
    company = office.garage.organisation
    owner = world.member(company, rights=[MANAGE], name="Kees Bos")
    gone = world.member(company, rights=[], name="Sanne de Wit")
    by = sessions.actor_of(owner)
    with enter(by.scope):
        end_membership(by=by, membership=gone.id)
    client = sessions.client_of(owner, office.portal)
    assert "Sanne de Wit" in client.get("/company/people/former").content.decode()
    held = hold(office.portal, account=gone.account_id)
    with enter(by.scope), pytest.raises(BrokenRule) as refused:
        erase_colleague(by=by, membership=gone.id)
    assert refused.value.code == "held"
    page = client.post(f"/company/people/{gone.id}/erase", follow=True).content.decode()
    assert "The insurer has to keep this name for now" in page
    lift(held)
    for _twice in range(2):
        client.post(f"/company/people/{gone.id}/erase")
    assert Membership.objects.using(OWNER).get(id=gone.id).display_name == ""
    assert "Sanne de Wit" not in client.get("/company/people/former").content.decode()
