"""The insurer's own people: which rights they hold and give, what the frame shows them, and whom they meet."""

import pytest
from django.urls import reverse

from remise.core.actor import can
from remise.core.errors import NotVisible
from remise.core.scope import ActorKind, enter
from remise.desk.rights import DeskRight
from remise.fleet.rights import ComparingRight, FleetRight, UnderwritingRight
from remise.green_cards.posting.rights import PostingRight
from remise.help.rights import HelpRight
from remise.mandates.rights import ClientRight, IntermediaryRight, MandateRight
from remise.notices.rights import NoticeRight
from remise.operations.rights import OperationsRight
from remise.organisations import actions
from remise.organisations.models import Grant, Membership, Organisation
from remise.organisations.rights import (
    AccessRight,
    ConnectionRight,
    IntakeRight,
    LetInRight,
    OrganisationRight,
    catalogue,
    offered,
    roles,
)
from remise.privacy.rights import PrivacyRight
from remise.search.rights import LookUpRight
from tests import sessions, world
from tests.sessions import actor_of, client_of
from tests.world import OWNER

MANAGE = OrganisationRight.MANAGE_USERS
OF_STAFF = {
    *DeskRight,
    *UnderwritingRight,
    *ComparingRight,
    *OperationsRight,
    *HelpRight,
    *AccessRight,
    *IntakeRight,
    *LetInRight,
    *IntermediaryRight,
    *LookUpRight,
    *NoticeRight,
    *PostingRight,
    *PrivacyRight,
    MANAGE,
}
ALL = [str(entry.right) for entry in catalogue]


@pytest.fixture
def head() -> Membership:
    """Holds in the database whatever there is."""
    return world.member(world.insurer(world.portal()), rights=list(ALL), name="Mirjam Postma")


def portal_of(who: Membership) -> Organisation:
    return Organisation.objects.using(OWNER).select_related("portal").get(id=who.organisation)


def test_staff_act_in_the_portal_with_rights_of_the_desk_only(head: Membership) -> None:
    by = actor_of(head)
    assert (by.kind, by.organisation) == (ActorKind.STAFF, head.organisation)
    assert (by.scope.portal, by.scope.organisation) == (head.portal, None)
    assert {right for right, _ in by.grants} == OF_STAFF
    elsewhere = head.organisation + 1
    assert can(by, UnderwritingRight.ALLOW_LATE, organisation=elsewhere, branch=7)
    assert can(by, MANAGE)
    assert not can(by, MANAGE, organisation=elsewhere)
    assert not can(by, FleetRight.REGISTER, organisation=elsewhere)
    assert not can(by, FleetRight.REGISTER)


def test_customer_holds_no_right_of_the_desk() -> None:
    owner = world.member(world.organisation(world.portal()), rights=list(ALL))
    by = actor_of(owner)
    assert by.kind is ActorKind.MEMBER
    assert {right for right, _ in by.grants} == {*FleetRight, *ConnectionRight, *MandateRight, *ClientRight, MANAGE}
    assert not can(by, DeskRight.VIEW)


def test_each_side_gives_its_own_rights(head: Membership) -> None:
    clerk = world.member(portal_of(head), rights=[], name="Tom")
    company = world.organisation(portal_of(head).portal)
    owner, salesman = world.member(company, rights=[MANAGE]), world.member(company, rights=[], name="Bram")
    staff, customer = actor_of(head), actor_of(owner)
    assert {entry.right for entry in offered(staff)} == OF_STAFF
    assert {entry.right for entry in offered(customer)} == {
        *FleetRight,
        *ConnectionRight,
        *MandateRight,
        *ClientRight,
        MANAGE,
    }
    for by, whom, right in ((staff, clerk, DeskRight.DECIDE), (customer, salesman, FleetRight.REGISTER)):
        with enter(by.scope):
            actions.grant_right(by=by, membership=whom.id, right=right)
    for by, whom, right in (
        (staff, clerk, FleetRight.REGISTER),
        (customer, salesman, DeskRight.DECIDE),
        (staff, salesman, FleetRight.REGISTER),  # nobody gives rights in a company that is not one's own
        (staff, salesman, DeskRight.DECIDE),
    ):
        with pytest.raises(NotVisible), enter(by.scope):
            actions.grant_right(by=by, membership=whom.id, right=right)
    held = Grant.objects.using(OWNER).filter(membership__in=[clerk, salesman]).values_list("right", flat=True)
    assert set(held) == {DeskRight.DECIDE, FleetRight.REGISTER}


def test_roles_are_those_of_the_side(head: Membership) -> None:
    staff = actor_of(head)
    assert [role.name for role in roles(staff)] == ["desk", "underwriter", "operator", "desk_manager"]
    clerk = world.member(portal_of(head), rights=[], name="Tom")
    with enter(staff.scope):
        actions.grant_role(by=staff, membership=clerk.id, role="underwriter")
    held = Grant.objects.using(OWNER).filter(membership=clerk).values_list("right", flat=True)
    # Writing the templates of all is the head's.
    assert set(held) == {*LetInRight, *LookUpRight, DeskRight.VIEW, DeskRight.DECIDE, *UnderwritingRight}
    with pytest.raises(NotVisible), enter(staff.scope):
        actions.grant_role(by=staff, membership=clerk.id, role="sales")


def test_staff_read_all_companies_of_their_portal_and_no_other(head: Membership) -> None:
    mine, other = world.garage(at=portal_of(head).portal), world.garage()
    by = actor_of(head)
    with enter(by.scope):
        found = set(Organisation.objects.values_list("id", flat=True))
    assert mine.organisation.id in found
    assert other.organisation.id not in found


def test_frame_names_the_insurer_and_leads_to_the_desk(head: Membership) -> None:
    client = client_of(head, portal_of(head).portal)
    page = client.get("/").content.decode()
    assert portal_of(head).name in page
    assert reverse("desk:queue") in page
    assert reverse("fleet:stock") not in page
    assert reverse("organisations:switch") not in page
    matrix = client.get(reverse("organisations:people")).content.decode()
    assert "Override the catalogue value" in matrix
    assert "Register vehicles" not in matrix
    assert client.get(reverse("help:who_can_help")).status_code == 200


def test_page_of_a_customer_explains_itself_to_staff(head: Membership) -> None:
    answer = client_of(head, portal_of(head).portal).get("/vehicles/")
    assert (answer.status_code, answer["X-Reason-Code"]) == (403, "right_missing")
    assert "You work at the insurer." in answer.content.decode()


def test_door_tells_what_kind_of_company_it_is(head: Membership) -> None:
    """The middleware, and not only the tests' own actors, makes staff of them."""
    clerk = world.member(portal_of(head), rights=[], name="Tom")
    answer = sessions.client_of(clerk, portal_of(head).portal).get("/desk/")
    assert (answer.status_code, answer["X-Reason-Code"]) == (403, "right_missing")
