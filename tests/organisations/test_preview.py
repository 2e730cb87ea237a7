"""Seeing the portal as a colleague does: only looking, and never more than one may see oneself."""

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from remise.core.actor import Grants
from remise.organisations.models import AccessRequest
from remise.organisations.preview import shared
from tests.organisations.company import DEREGISTER, MANAGE, REGISTER, VIEW, Company, held_by
from tests.world import OWNER

routes = override_settings(ROOT_URLCONF="tests.organisations.routes")
END = reverse("organisations:preview_end")


def look(garage: Company) -> Client:
    client = garage.client(garage.owner)
    begun = client.post(reverse("organisations:preview", args=[garage.salesman.id]))
    assert begun["Location"] == reverse("home")
    return client


def text(client: Client, address: str = "/company/changes") -> str:
    return client.get(address).content.decode()


@routes
def test_preview_opens_what_both_may(garage: Company) -> None:
    garage.grant(garage.owner, VIEW)
    garage.grant(garage.owner, DEREGISTER)
    garage.grant(garage.salesman, VIEW)
    client = look(garage)
    page = client.get("/try/view")
    assert page.status_code == 200
    refused = client.get(reverse("organisations:people"))
    assert refused.status_code == 403
    assert "Sanne de Wit has no right for this" in refused.content.decode()
    assert "You see the portal as Sanne de Wit does, and change nothing." in refused.content.decode()


@routes
def test_preview_shows_nothing_that_one_may_not_see_oneself(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW)
    client = look(garage)
    page = client.get("/try/view")
    assert page.status_code == 403
    told = page.content.decode()
    assert "Sanne de Wit may open this, and you may not" in told
    assert "Open to Sanne de Wit and not to you: View vehicles." in told


def test_preview_changes_nothing(garage: Company) -> None:
    garage.grant(garage.salesman, MANAGE)
    client = look(garage)
    change = {"change": f"grant:{garage.salesman.id}:{VIEW}:"}
    refused = client.post(reverse("organisations:change"), change)
    assert (refused.status_code, refused["X-Reason-Code"]) == (403, "preview_only_looks")
    assert "You are only looking now" in refused.content.decode()
    part = client.post(reverse("organisations:change"), change, headers={"HX-Request": "true"})
    assert part["X-Reason-Code"] == "preview_only_looks"
    assert held_by(garage.salesman) == {(MANAGE, None)}
    assert client.post(END)["Location"] == reverse("organisations:person", args=[garage.salesman.id])
    assert client.post(reverse("organisations:change"), change).status_code == 302
    assert (VIEW, None) in held_by(garage.salesman)


def test_preview_ends_with_the_right_to_it_and_with_the_colleague(garage: Company) -> None:
    garage.grant(garage.salesman, MANAGE)
    client = look(garage)
    assert "You see the portal as" in text(client, "/")
    garage.end(garage.salesman)
    assert "You see the portal as" not in text(client, "/")


def test_preview_is_written_down_and_leaves_no_refusals(garage: Company) -> None:
    client = look(garage)
    client.get(reverse("organisations:people"))
    (event,) = garage.events("access.previewed")
    assert (event.account, event.subject) == (garage.owner.account_id, garage.salesman.id)
    assert garage.events("access.refused") == []


def test_preview_shows_what_the_colleague_asked_and_not_what_one_asked_oneself(garage: Company) -> None:
    """Each has asked for another right; whoever looks asked before giving rights oneself."""
    mine, theirs = reverse("access:mine"), garage.client(garage.salesman)
    AccessRequest.objects.using(OWNER).create(
        portal=garage.portal.id, organisation=garage.organisation.id, membership_id=garage.owner.id, right=VIEW
    )
    theirs.post(reverse("access:ask"), {"right": REGISTER, "branch": ""})
    asked = AccessRequest.objects.using(OWNER).get(membership=garage.salesman)
    page = text(look(garage), mine)
    assert page.count("You asked for it on") == 1
    assert reverse("access:withdraw", args=[asked.id]) in page


def test_preview_leaves_the_answer_unread(garage: Company) -> None:
    """That the administrator looked is no news to the colleague."""
    garage.client(garage.salesman).post(reverse("access:ask"), {"right": VIEW, "branch": ""})
    garage.grant(garage.salesman, VIEW)
    client = look(garage)
    assert "You have the right now: View vehicles" in text(client, "/")
    text(client, reverse("access:mine"))
    assert "You have the right now: View vehicles" in text(garage.client(garage.salesman), "/")


def test_preview_says_that_pages_about_oneself_stay_one_s_own(garage: Company) -> None:
    page = text(look(garage), reverse("account_sessions"))
    assert "This page is about yourself: you do not see it as Sanne de Wit does." in page


@pytest.mark.parametrize("who", ["salesman", "stranger"])
def test_preview_is_for_who_manages_colleagues_of_this_company(garage: Company, who: str) -> None:
    from tests.organisations.company import company

    client = garage.client(garage.salesman) if who == "salesman" else company().client(garage.owner)
    asked = garage.owner.id if who == "salesman" else garage.salesman.id
    answer = client.post(reverse("organisations:preview", args=[asked]))
    assert answer.status_code == 403


GRANTS = st.frozensets(
    st.tuples(st.sampled_from([str(VIEW), str(REGISTER)]), st.none() | st.integers(1, 3)), max_size=6
)


def may(grants: Grants, right: str, branch: int) -> bool:
    return (right, None) in grants or (right, branch) in grants


@given(GRANTS, GRANTS)
def test_shared_is_what_both_may_in_every_branch(one: Grants, other: Grants) -> None:
    both = shared(one, other)
    for right in (str(VIEW), str(REGISTER)):
        for branch in (1, 2, 3, 4):
            assert may(both, right, branch) == (may(one, right, branch) and may(other, right, branch))
