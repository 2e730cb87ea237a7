"""What the desk does with who wants to come in."""

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from remise.core.models import Event
from remise.core.scope import enter
from remise.onboarding import book
from remise.onboarding.actions import deciding
from remise.onboarding.models import Application
from remise.organisations.appointing import owners_rights
from remise.organisations.models import Branch, Grant, Invitation, Membership, Organisation
from tests import jobs, sessions, world
from tests.accounts.visiting import PASSWORD, path_in, text_of
from tests.journeys.server import Mailbox
from tests.onboarding.door import Door, door
from tests.races import at_once
from tests.world import OWNER


@pytest.fixture
def entrance() -> Door:
    return door()


def text(client: Client, name: str, *args: object) -> str:
    return str(client.get(reverse(name, args=args)).content.decode())


def approve(entrance: Door, asked: Application, client: Client | None = None, **said: object) -> Any:
    form = {"verified": ["called"]} | said
    return (client or entrance.staff()).post(reverse("applications:approve", args=[asked.id]), form)


def test_f013_approval_makes_company_and_invitation(entrance: Door, mailbox: Mailbox) -> None:
    asked = entrance.asked("registration")
    page = text(entrance.staff(), "applications:one", asked.id)
    assert "No company here has this number or name." in page
    assert approve(entrance, asked, name="Garage Vecht", kvk=asked.kvk).status_code == 302
    company = Organisation.objects.using(OWNER).get(portal=entrance.portal, kvk=asked.kvk)
    assert (company.kind, company.name, company.contact_email) == ("company", "Garage Vecht", asked.email)
    assert Branch.objects.using(OWNER).get(organisation=company.id).establishment_number is None
    invited = Invitation.objects.using(OWNER).get(organisation=company.id)
    assert {right for right, _branch in invited.rights} == set(owners_rights())
    asked.refresh_from_db(using=OWNER)
    assert (asked.state, asked.company, asked.decided_by) == ("approved", company.id, entrance.mirjam.account_id)
    jobs.work_off()
    link = path_in(mailbox.newest(asked.email))
    mail = mailbox.newest(asked.email)
    assert mail["Subject"] == f"Approved: {asked.reference}. Your invitation to Koetspoort"
    said = f"Service & Acceptatie looked at your question {asked.reference} and approved it. Garage Vecht is known at"
    assert said in text_of(mail)
    assert "You are invited as administrator of Garage Vecht." in text_of(mail)
    account = world.account(email=f"x-{asked.email}", password=PASSWORD)
    client = sessions.client_of(account, entrance.portal)
    assert "The insurer invites you" in client.get(link).content.decode()
    assert client.post(f"{link}accept").status_code == 302
    mine = Membership.objects.using(OWNER).get(organisation=company.id)
    held = Grant.objects.using(OWNER).filter(membership=mine)
    assert set(held.values_list("right", flat=True)) == set(owners_rights())
    assert set(held.values_list("granted_by", "by_system")) == {(None, "insurer")}
    assert client.get(reverse("organisations:people")).status_code == 200


def test_f008_number_given_with_the_approval_leaves_nothing_to_wait_for(entrance: Door) -> None:
    taken, asked = world.garage(at=entrance.portal), entrance.asked("registration")
    of_another = Branch.objects.using(OWNER).filter(id=taken.branch.id)
    of_another.update(relation_number="R-77")
    page = approve(entrance, asked, name="Garage Vecht", kvk=asked.kvk, relation_number="r 77")
    assert page.status_code == 422
    assert "This number is of another branch." in page.content.decode()
    assert not Organisation.objects.using(OWNER).filter(portal=entrance.portal, kvk=asked.kvk).exists()
    done = approve(entrance, asked, name="Garage Vecht", kvk=asked.kvk, relation_number="R-78")
    assert done.status_code == 302
    company = Organisation.objects.using(OWNER).get(portal=entrance.portal, kvk=asked.kvk)
    assert Branch.objects.using(OWNER).get(organisation=company.id).relation_number == "R-78"


def test_nobody_of_the_desk_invites_oneself(entrance: Door) -> None:
    asked = entrance.asked("registration", email=entrance.mirjam.account.email.upper())
    page = approve(entrance, asked, entrance.staff(entrance.mirjam), name="Garage Vecht", kvk=asked.kvk)
    assert (page.status_code, "Nobody lets oneself in" in page.content.decode()) == (422, True)
    assert not Organisation.objects.using(OWNER).filter(portal=entrance.portal, kvk=asked.kvk).exists()


def test_f013_company_that_is_known_is_not_made_again(entrance: Door) -> None:
    garage = world.garage(at=entrance.portal)
    asked = entrance.asked("registration", kvk=str(garage.organisation.kvk))
    page = text(entrance.staff(), "applications:one", asked.id)
    assert garage.organisation.name in page
    answer = approve(entrance, asked, name="Garage Vecht", kvk=asked.kvk)
    assert answer.status_code == 422
    assert "knows a company with this KvK number already" in answer.content.decode()
    asked.refresh_from_db(using=OWNER)
    assert asked.is_open


def test_f037_nothing_but_the_receipt_is_sent_before_verification(entrance: Door, mailbox: Mailbox) -> None:
    garage = world.garage(at=entrance.portal)
    asked = entrance.asked("garage", policy_number=garage.policy.number)
    jobs.work_off()
    assert approve(entrance, asked, company=garage.organisation.id, verified=[]).status_code == 422
    jobs.work_off()
    sent = [mail for mail in mailbox.delivered() if asked.email in str(mail["To"])]
    assert len(sent) == 1
    assert "/invitations/" not in str(sent[0])
    assert not Invitation.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()
    assert approve(entrance, asked, company=garage.organisation.id).status_code == 302
    jobs.work_off()
    mail = mailbox.newest(asked.email)
    assert "/invitations/for/" in path_in(mail)
    assert f"your question {asked.reference} and approved it. You are invited as administrator" in text_of(mail)
    assert entrance.staff().post(reverse("applications:again", args=[asked.id])).status_code == 302
    jobs.work_off()
    assert asked.reference in str(mailbox.newest(asked.email)["Subject"])


@pytest.mark.parametrize("is_own", [True, False])
def test_f037_company_reads_at_its_own_address_that_an_administrator_is_invited(
    entrance: Door, mailbox: Mailbox, *, is_own: bool
) -> None:
    """Whom the desk took at its word may have been another: the company hears of it, and no name of a stranger."""
    world.in_english(entrance.portal)
    garage = world.garage(at=entrance.portal)
    asked = entrance.asked("garage", policy_number=garage.policy.number)
    address = asked.email.upper() if is_own else f"info-{world.unique()}@garage.example"
    Organisation.objects.using(OWNER).filter(id=garage.organisation.id).update(contact_email=address)
    assert approve(entrance, asked, company=garage.organisation.id).status_code == 302
    jobs.work_off()
    told = [mail for mail in mailbox.delivered() if mail["To"] == address]
    assert [str(mail["Subject"]) for mail in told] == (
        [] if is_own else [f"An administrator of {garage.organisation.name} is invited: {asked.reference}"]
    )
    assert not any(word in text_of(mail) for mail in told for word in ("Vries", asked.email))
    assert not any("/invitations/" in text_of(mail) for mail in told)


def test_f036_match_is_shown_and_another_company_cannot_be_named(entrance: Door) -> None:
    garage, other = world.garage(at=entrance.portal), world.garage(at=entrance.portal)
    elsewhere = world.garage()
    world.member(garage.organisation, rights=["users.manage"], name="Kees Bos")
    asked = entrance.asked("garage", policy_number=garage.policy.number, company_name="Heel iets anders")
    page = text(entrance.staff(), "applications:one", asked.id)
    assert "the policy number" in page
    assert "Kees Bos" in page
    assert "This company has an administrator" in page
    assert "by the number in its policy file" in page  # no address of it is known
    Organisation.objects.using(OWNER).filter(id=garage.organisation.id).update(contact_email="info@brug.example")
    page = text(entrance.staff(), "applications:one", asked.id)
    assert "by its contact address" in page
    assert 'href="mailto:info@brug.example"' in page
    for company in (other, elsewhere):
        assert approve(entrance, asked, company=company.organisation.id).status_code == 422
    searched = f"{reverse('applications:approve', args=[asked.id])}?q={other.organisation.kvk}"
    form = {"company": other.organisation.id, "verified": ["met"]}
    assert entrance.staff().post(searched, form).status_code == 302


@pytest.mark.parametrize(
    ("kind", "said"), [("garage", {"policy_number": "47 11 a"}), ("office", {"intermediary_number": "r.4711"})]
)
def test_numbers_of_an_application_are_matched_however_they_are_typed(
    entrance: Door, kind: str, said: dict[str, str]
) -> None:
    garage = world.garage(at=entrance.portal)
    garage.policy.number, garage.branch.relation_number = "47.11-A", "R-4711"
    garage.policy.save(using=OWNER)
    garage.branch.save(using=OWNER)
    asked = entrance.asked(kind, company_name="Heel iets anders", **said)
    assert garage.organisation.name in text(entrance.staff(), "applications:one", asked.id)


def test_matches_take_as_many_queries_for_three_companies_as_for_one(entrance: Door) -> None:
    by, found = entrance.actor(), []
    for companies in (1, 3):
        name = f"Garage {world.unique()}"
        made = [world.organisation(entrance.portal, name=name) for _company in range(companies)]
        owner = world.member(made[0], rights=["users.manage"], name="Kees Bos")
        Membership.objects.using(OWNER).create(
            portal=entrance.portal.id,
            organisation=made[0].id,
            account=owner.account,
            display_name="Kees Bos",
            as_administrator=True,
        )
        asked = entrance.asked("garage", company_name=name, policy_number="40.0000")
        with enter(by.scope), CaptureQueriesContext(connection) as captured:
            matches = book.matches(entrance.portal.id, asked)
        # Who administers apart from everyday work is one person.
        assert [(match.people, match.administrators) for match in matches][:1] == [(1, ["Kees Bos"])]
        assert len(matches) == companies
        found.append(len(captured))
    assert found[0] == found[1]


def test_f014_contact_is_noted_and_closed(entrance: Door) -> None:
    asked = entrance.asked("contact")
    assert approve(entrance, asked).status_code == 404
    client = entrance.staff()
    assert client.post(reverse("applications:close", args=[asked.id]), {"reason": ""}).status_code == 422
    assert client.post(reverse("applications:close", args=[asked.id]), {"reason": "Gebeld."}).status_code == 302
    asked.refresh_from_db(using=OWNER)
    assert (asked.state, asked.answer) == ("closed", "Gebeld.")


def test_refused_with_a_reason_that_is_mailed(entrance: Door, mailbox: Mailbox) -> None:
    asked = entrance.asked("office")
    client = entrance.staff()
    reason = "Dit nummer kennen we niet."
    assert client.post(reverse("applications:refuse", args=[asked.id]), {"reason": reason}).status_code == 302
    jobs.work_off()
    assert reason in text_of(mailbox.newest(asked.email))


def test_two_at_once_have_one_outcome(entrance: Door) -> None:
    garage = world.garage(at=entrance.portal)
    asked = entrance.asked("garage", policy_number=garage.policy.number)
    clients = [entrance.staff(entrance.mirjam), entrance.staff(entrance.daan), entrance.staff(entrance.daan)]
    acts = [partial(approve, entrance, asked, client, company=garage.organisation.id) for client in clients]
    answers = at_once(*acts)
    assert sorted(answer.status_code for answer in answers) == [302, 422, 422]
    assert Invitation.objects.using(OWNER).filter(organisation=garage.organisation.id).count() == 1
    late = next(answer for answer in answers if answer.status_code == 422)
    assert "This was answered already" in late.content.decode()
    assert "Approved" in late.content.decode()


def move(entrance: Door, who: Membership, what: str, asked: Application) -> str:
    answer = entrance.staff(who).post(reverse(f"applications:{what}", args=[asked.id]), follow=True)
    asked.refresh_from_db(using=OWNER)
    return str(answer.content.decode())


def test_taken_application_says_whose_it_is(entrance: Door) -> None:
    asked, other = entrance.asked("contact"), entrance.asked("contact")
    assert "You are at it." in move(entrance, entrance.mirjam, "take", asked)
    assert "You are at it." in move(entrance, entrance.mirjam, "take", asked)  # again is once
    assert asked.assignee == entrance.mirjam.account_id
    daan = entrance.staff(entrance.daan)
    assert "Mirjam Postma" in text(daan, "applications:list")
    page = text(daan, "applications:one", asked.id)
    assert "Mirjam Postma is at it." in page
    assert "Note it and close" not in page
    mine = entrance.staff().get(reverse("applications:list"), {"show": "mine"}).content.decode()
    assert (asked.reference in mine, other.reference in mine) == (True, False)
    told = Event.objects.using(OWNER).filter(portal=entrance.portal.id, kind="application.taken")
    assert list(told.values_list("account", "subject")) == [(entrance.mirjam.account_id, asked.id)]


def test_colleagues_application_is_answered_by_nobody_else(entrance: Door) -> None:
    asked = entrance.asked("contact")
    move(entrance, entrance.mirjam, "take", asked)
    for what in ("close", "refuse"):
        late = entrance.staff(entrance.daan).post(
            reverse(f"applications:{what}", args=[asked.id]), {"reason": "Gebeld."}
        )
        assert (late.status_code, "Mirjam Postma is at it already." in late.content.decode()) == (422, True)
    move(entrance, entrance.daan, "give_back", asked)
    assert (asked.is_open, asked.assignee) == (True, None)
    entrance.staff(entrance.daan).post(reverse("applications:close", args=[asked.id]), {"reason": "Gebeld."})
    asked.refresh_from_db(using=OWNER)
    assert (asked.state, asked.assignee) == ("closed", entrance.daan.account_id)
    assert "This was answered already: closed, by Daan Vos." in move(entrance, entrance.mirjam, "take", asked)


def test_two_who_take_at_once_one_has_it(entrance: Door) -> None:
    asked = entrance.asked("registration")
    pages = at_once(*(partial(move, entrance, who, "take", asked) for who in (entrance.mirjam, entrance.daan)))
    asked.refresh_from_db(using=OWNER)
    winner = "Mirjam Postma" if asked.assignee == entrance.mirjam.account_id else "Daan Vos"
    assert [f"{winner} is at it already." in page for page in pages].count(True) == 1
    assert ["You are at it." in page for page in pages].count(True) == 1
    assert Event.objects.using(OWNER).filter(portal=entrance.portal.id, kind="application.taken").count() == 1


def test_list_takes_as_many_queries_for_three_as_for_one(entrance: Door) -> None:
    client, found = entrance.staff(), []
    for more in (1, 2):
        for _ in range(more):
            move(entrance, entrance.daan, "take", entrance.asked("contact"))
        client.get(reverse("applications:list"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("applications:list"))
        found.append(len(captured))
    assert found[0] == found[1]


def test_approve_and_refuse_at_once_have_one_outcome(entrance: Door) -> None:
    asked = entrance.asked("registration")
    daan = entrance.staff(entrance.daan)
    acts = [
        partial(approve, entrance, asked, name="Garage Vecht", kvk=asked.kvk),
        partial(daan.post, reverse("applications:refuse", args=[asked.id]), {"reason": "Nee."}),
    ]
    assert sorted(answer.status_code for answer in at_once(*acts)) == [302, 422]
    made = Organisation.objects.using(OWNER).filter(portal=entrance.portal, kvk=asked.kvk).count()
    asked.refresh_from_db(using=OWNER)
    assert made == (1 if asked.state == "approved" else 0)


def test_new_invitation_kills_the_old_link(entrance: Door, mailbox: Mailbox) -> None:
    garage = world.garage(at=entrance.portal)
    asked = entrance.asked("garage", policy_number=garage.policy.number)
    approve(entrance, asked, company=garage.organisation.id)
    jobs.work_off()
    old = path_in(mailbox.newest(asked.email))
    assert entrance.staff().post(reverse("applications:again", args=[asked.id])).status_code == 302
    jobs.work_off()
    assert path_in(mailbox.newest(asked.email)) != old
    assert entrance.stranger().get(old).status_code == 404


def test_late_ones_stand_on_the_home_page_and_in_their_list(entrance: Door) -> None:
    late, fine = entrance.asked("contact"), entrance.asked("contact")
    Application.objects.using(OWNER).filter(id=late.id).update(due_at="2020-01-01T00:00Z")
    client = entrance.staff()
    assert "1 who wants to come in should have had an answer" in text(client, "home")
    found = client.get(reverse("applications:list"), {"show": "late"}).content.decode()
    assert (late.reference in found, fine.reference in found) == (True, False)
    assert "Too late:" in found


def test_rights_and_customers(entrance: Door) -> None:
    asked = entrance.asked("contact")
    nobody = world.member(entrance.insurer, rights=["desk.view"], name="Nieuw")
    customer = world.member(world.organisation(entrance.portal), rights=owners_rights(), name="Karin")
    addresses = [reverse("applications:list"), reverse("applications:one", args=[asked.id])]
    assert {entrance.staff(nobody).get(address).status_code for address in addresses} == {403}
    assert {entrance.staff(customer).get(address).status_code for address in addresses} == {404}
    by = entrance.actor(nobody)
    with pytest.raises(Exception, match="right"), enter(by.scope):
        deciding.close(by=by, application=asked.id, said="Gebeld.")


def test_events_of_a_decision_hold_numbers_only(entrance: Door) -> None:
    garage = world.garage(at=entrance.portal)
    asked = entrance.asked("garage", policy_number=garage.policy.number)
    approve(entrance, asked, company=garage.organisation.id)
    told = str(list(Event.objects.using(OWNER).filter(portal=entrance.portal.id).values_list("before", "after")))
    assert all(word not in told for word in (asked.email, "Vries", garage.policy.number, "Garage Vecht"))
