"""What nobody at a screen left open may do asks for the proof anew: after the right, and before anything else."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from remise.accounts.adapters import MFAAdapter
from remise.core.scope import enter
from remise.fleet.rights import FleetRight
from remise.mandates.rights import MandateRight
from remise.organisations.asking.actions import ask_for_right
from remise.organisations.models import ApiToken, Invitation, Membership
from remise.organisations.rights import ConnectionRight, OrganisationRight
from tests import sessions, world
from tests.accounts.visiting import code_of
from tests.organisations.company import Company, company, held_by

OFFER, ADMINISTER = reverse("mandates:offer"), reverse("organisations:administer")


def aged(garage: Company, client: Client, *, minutes: int) -> Client:
    return sessions.aged(client, garage.portal, minutes=minutes)


def test_proof_is_asked_anew_after_five_minutes(garage: Company) -> None:
    rights: list[str] = [OrganisationRight.MANAGE_USERS, MandateRight.MANAGE]
    owner = world.member(garage.organisation, rights=rights)
    sessions.couple(owner.account)
    # Coupled long enough ago that the session still counts both factors.
    for minutes, asked in ((4, False), (6, True)):
        client = aged(garage, garage.client(owner), minutes=minutes)
        answer = client.get(OFFER)
        assert (answer.status_code == 302) is asked
        if asked:
            assert answer["Location"].startswith("/account/again/")
    answer = aged(garage, garage.client(owner), minutes=6).post(ADMINISTER, {"apart": "yes"})
    assert answer["Location"].startswith("/account/again/")


KEEPS, ORDINARY = OrganisationRight.MANAGE_USERS, FleetRight.VIEW
CHANGE, PEOPLE = reverse("organisations:change"), reverse("organisations:people")


def click(client: Client, verb: str, whom: Membership, right: str, **more: Any) -> Any:
    said = {"change": f"{verb}:{whom.id}:{right}:", "next": f"{PEOPLE}?q=jan"}
    return client.post(CHANGE, said, **more)


def both_factors(garage: Company) -> None:
    """The owner's app is one that shows codes."""
    sessions.couple(garage.owner.account)
    secret = {"secret": MFAAdapter().encrypt(world.SECRET)}
    Authenticator.objects.using(world.OWNER).filter(user=garage.owner.account).update(data=secret)


def test_ordinary_right_for_a_colleague_stays_one_click(garage: Company) -> None:
    both_factors(garage)
    client = aged(garage, garage.client(garage.owner), minutes=6)
    assert click(client, "grant", garage.salesman, ORDINARY)["Location"] == f"{PEOPLE}?q=jan#p-{garage.salesman.id}"
    assert (ORDINARY, None) in held_by(garage.salesman)
    assert click(client, "revoke", garage.salesman, ORDINARY)["Location"].startswith(PEOPLE)
    garage.grant(garage.salesman, KEEPS)
    assert click(client, "revoke", garage.salesman, KEEPS)["Location"].startswith(
        PEOPLE
    )  # taking gives nobody a thing
    assert held_by(garage.salesman) == set()


@pytest.mark.parametrize("is_own", [True, False])
def test_right_that_decides_and_any_for_oneself_ask_for_proof_and_lead_back(garage: Company, is_own: bool) -> None:
    both_factors(garage)
    whom, right = (garage.owner, ORDINARY) if is_own else (garage.salesman, KEEPS)
    before = held_by(whom)
    client = aged(garage, garage.client(garage.owner), minutes=6)
    answer = click(client, "grant", whom, right)
    assert answer["Location"].startswith("/account/again/")
    assert held_by(whom) == before
    assert "Nothing was changed yet" in client.get(answer["Location"]).content.decode()
    proven = client.post(answer["Location"], {"code": code_of()})
    assert proven["Location"] == f"{PEOPLE}?q=jan#p-{whom.id}"  # the page, which carries out nothing
    assert held_by(whom) == before
    for _ in range(2):  # a second click does no harm
        assert click(client, "grant", whom, right)["Location"].startswith(PEOPLE)
    assert held_by(whom) == before | {(right, None)}
    assert len([event for event in garage.events("right.granted") if event.subject == whom.id]) == 1


def test_click_by_htmx_leaves_the_page_for_the_proof(garage: Company) -> None:
    """The page of the proof is not put into the cell."""
    both_factors(garage)
    client = aged(garage, garage.client(garage.owner), minutes=6)
    answer = click(client, "grant", garage.salesman, KEEPS, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["HX-Redirect"].startswith("/account/again/")
    assert held_by(garage.salesman) == set()


def test_set_of_rights_and_a_yes_ask_the_same(garage: Company) -> None:
    """The other ways to give what decides for the company."""
    both_factors(garage)
    colleague = sessions.actor_of(garage.salesman)
    with enter(colleague.scope):
        wants = ask_for_right(by=colleague, right=KEEPS, branch=None, why="", tell=lambda _one: None)
    client = aged(garage, garage.client(garage.owner), minutes=6)
    role = reverse("organisations:give_role", args=[garage.salesman.id])
    for path, said in ((role, {"role": "owner"}), (reverse("access:approve", args=[wants.id]), {})):
        assert client.post(path, said)["Location"].startswith("/account/again/")
    assert held_by(garage.salesman) == set()
    assert client.post(role, {"role": "reader"})["Location"].endswith(f"/people/{garage.salesman.id}")
    assert held_by(garage.salesman) == {(ORDINARY, None)}


INVITE = reverse("invitations:invite")


def invited(garage: Company) -> list[tuple[str, str]]:
    return list(
        Invitation.objects.using(world.OWNER)
        .filter(organisation=garage.organisation.id)
        .values_list("display_name", "email")
    )


def form(role: str) -> dict[str, str]:
    return {"name": "Ank Bos", "email": "ank@example.test", "role": role, "branch": "0"}


def test_invitation_with_a_right_that_decides_asks_for_proof_and_keeps_what_was_typed(garage: Company) -> None:
    both_factors(garage)
    client = aged(garage, garage.client(garage.owner), minutes=6)
    answer = client.post(INVITE, form("owner"))
    assert answer["Location"].startswith("/account/again/")
    assert invited(garage) == []
    proven = client.post(answer["Location"], {"code": code_of()})
    assert proven["Location"] == reverse("invitations:overview")
    assert invited(garage) == [("Ank Bos", "ank@example.test")]


def test_invitation_with_ordinary_rights_asks_for_none(garage: Company) -> None:
    both_factors(garage)
    client = aged(garage, garage.client(garage.owner), minutes=6)
    for role in ("reader", "none"):
        said = form(role) | {"email": f"{role}@example.test"}
        assert client.post(INVITE, said)["Location"] == reverse("invitations:overview")
    assert len(invited(garage)) == 2


def test_invitation_with_a_mistake_is_mended_before_proof_is_asked(garage: Company) -> None:
    both_factors(garage)
    client = aged(garage, garage.client(garage.owner), minutes=6)
    assert client.post(INVITE, form("owner") | {"email": "ank"}).status_code == 422


def test_invitation_kept_for_one_company_is_never_sent_for_another(garage: Company) -> None:
    """Chosen in a second tab while the first one asks for the proof."""
    both_factors(garage)
    other = company(at=garage.portal, name="Autohuis Aa")
    there = world.membership(other.organisation, garage.owner.account, rights=[KEEPS], name="Kees Bos")
    client = aged(garage, garage.client(garage.owner), minutes=6)
    client.post(reverse("organisations:switch"), {"to": str(garage.owner.id)})
    answer = client.post(INVITE, form("owner") | {"for_company": str(garage.organisation.id)})
    client.post(reverse("organisations:switch"), {"to": str(there.id)})
    proven = client.post(answer["Location"], {"code": code_of()})
    assert (proven.status_code, proven["X-Reason-Code"]) == (409, "other_company")
    assert invited(garage) == invited(other) == []


def test_who_may_give_nothing_is_refused_and_not_asked(garage: Company) -> None:
    client = aged(garage, garage.client(garage.salesman), minutes=6)
    assert click(client, "grant", garage.owner, KEEPS).status_code == 403


def test_who_lacks_the_right_is_not_asked_for_proof(garage: Company) -> None:
    client = aged(garage, garage.client(garage.salesman), minutes=6)
    assert client.get(OFFER).status_code == 403
    assert client.post(ADMINISTER, {"apart": "yes"}).status_code == 403


def test_form_kept_before_looking_as_a_colleague_is_not_sent_while_looking(garage: Company) -> None:
    """A key made so would be in the colleague's name."""
    both_factors(garage)
    rights = [ConnectionRight.MANAGE_TOKENS, FleetRight.VIEW]
    for right in rights:
        garage.grant(garage.owner, right)
        garage.grant(garage.salesman, right)
    client = aged(garage, garage.client(garage.owner), minutes=6)
    said = {"name": "Kassa", "rights": [FleetRight.VIEW], "lifetime": "30"}
    answer = client.post(reverse("tokens:make"), said)
    assert answer["Location"].startswith("/account/again/")
    client.post(reverse("organisations:preview", args=[garage.salesman.id]))
    proven = client.post(answer["Location"], {"code": code_of()})
    assert (proven.status_code, proven["X-Reason-Code"]) == (403, "preview_only_looks")
    assert not ApiToken.objects.using(world.OWNER).filter(organisation=garage.organisation.id).exists()
