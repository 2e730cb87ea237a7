"""Whom an office reaches: what the projection holds, what the wall shows through it, and that both follow at once."""

from functools import partial

import pytest
from django.db import ProgrammingError, connection, connections
from hypothesis import given, settings
from hypothesis import strategies as st

from remise.core.actor import Actor
from remise.core.models import Event, Item, Reach
from remise.core.scope import ActorKind, Scope, enter
from remise.desk.models import DeskRequest
from remise.mandates.acting import acts_for
from remise.mandates.actions.intermediaries import set_intermediary
from remise.mandates.models import Mandate
from remise.organisations.models import Organisation
from remise.policies.actions import assign_intermediary
from tests import sessions, vehicles, world
from tests.mandates import offices
from tests.mandates.offices import REGISTER, VIEW, Office
from tests.races import at_once
from tests.world import OWNER, Garage


def seen(by: Office) -> set[int]:
    """By SQL, as the agent: whose vehicles there are."""
    with enter(offices.agent(by).scope), connection.cursor() as cursor:
        cursor.execute("select distinct organisation from core_item")
        return {company for (company,) in cursor.fetchall()}


def staff_of(garage: Garage) -> Actor:
    member = world.member(world.insurer(garage.portal), rights=["intermediaries.manage"], name="Mirjam Postma")
    return sessions.actor_of(member)


def test_agent_meets_clients_in_reach_only(garage: Garage, visser: Office) -> None:
    others = [world.garage(at=garage.portal), world.garage()]
    for one in (garage, *others):
        vehicles.on_cover(one)
    assert seen(visser) == set()
    given_ = offices.mandate(offices.owner_of(garage), visser)
    assert seen(visser) == {garage.organisation.id}
    stranger = offices.office(garage.portal, name="Kantoor De Haan")
    assert seen(stranger) == set()
    with enter(offices.agent(visser).scope):
        assert set(Organisation.objects.values_list("id", flat=True)) == {garage.organisation.id}
        assert set(DeskRequest.objects.values_list("organisation", flat=True)) <= {garage.organisation.id}
    with pytest.raises(ProgrammingError, match="permission denied"), enter(offices.agent(visser).scope):
        list(Mandate.objects.all())
    offices.end(offices.owner_of(garage), given_.id)
    assert seen(visser) == set()


def test_what_ended_yesterday_reaches_nobody_however_stale_the_projection(garage: Garage, visser: Office) -> None:
    vehicles.on_cover(garage)
    today = offices.today(garage.portal)
    offices.mandate(offices.owner_of(garage), visser, last_day=today)
    assert seen(visser) == {garage.organisation.id}
    garage.portal.clock_offset = offices.days(1)  # midnight: nothing was projected anew
    garage.portal.save(using=OWNER)
    assert offices.reached(visser.organisation) == {garage.organisation.id}
    assert seen(visser) == set()
    assert offices.rights_for(visser.clerk, garage.organisation) is None
    page = visser.client().get("/clients/").content.decode()
    assert garage.organisation.name not in page


def test_renamed_client_is_found_by_its_new_name(garage: Garage, visser: Office) -> None:
    offices.mandate(offices.owner_of(garage), visser)
    garage.organisation.name = "Zonnehof Auto's"
    garage.organisation.save(using=OWNER)
    row = Reach.objects.using(OWNER).get(viewer=visser.organisation.id)
    assert row.name == "zonnehof auto's"


def test_assigned_policy_reaches_as_far_as_the_tier_opens(garage: Garage, visser: Office) -> None:
    silver = offices.tier(garage.portal, "silver", 1, opens=False)
    gold = offices.tier(garage.portal, "gold", 2, opens=True, rights=[VIEW, REGISTER, "users.manage"])
    ranked = offices.intermediary(visser, silver)
    staff = staff_of(garage)
    with enter(staff.scope):
        assign_intermediary(by=staff, number=garage.policy.number, intermediary=ranked.id)
    assert offices.reached(visser.organisation) == set()
    assert offices.rights_for(visser.clerk, garage.organisation) is None
    with enter(staff.scope):
        set_intermediary(by=staff, intermediary=ranked.id, tier=gold.id, contact="Petra", phone="1")
    assert offices.reached(visser.organisation) == {garage.organisation.id}
    assert offices.rights_for(visser.clerk, garage.organisation) == {(VIEW, None), (REGISTER, None)}
    gold.opens = False
    gold.save(using=OWNER)
    assert offices.reached(visser.organisation) == set()
    gold.opens = True
    gold.save(using=OWNER)
    with enter(staff.scope):
        assign_intermediary(by=staff, number=garage.policy.number, intermediary=None)
    assert offices.reached(visser.organisation) == set()


def test_intermediary_of_another_insurer_cannot_be_assigned(garage: Garage, visser: Office) -> None:
    from remise.core.errors import NotVisible

    elsewhere = offices.office(world.portal())
    foreign = offices.intermediary(elsewhere, offices.tier(elsewhere.portal, "gold", 1, opens=True))
    staff = staff_of(garage)
    with pytest.raises(NotVisible), enter(staff.scope):
        assign_intermediary(by=staff, number=garage.policy.number, intermediary=foreign.id)


def test_changes_at_once_leave_the_projection_right(garage: Garage, visser: Office) -> None:
    """One mandate ends while another one begins: whoever comes last has seen the other."""
    owner = offices.owner_of(garage)
    running = offices.mandate(owner, visser, purpose="eerste")
    for round_ in range(6):
        made = offices.offer(owner, visser.organisation.kvk or "", purpose=f"ronde {round_}")
        results = at_once(partial(offices.end, owner, running.id), partial(offices.accept, made, visser.head))
        assert results == [None, None]
        assert offices.reached(visser.organisation) == {garage.organisation.id}
        running = made


STEPS = st.lists(
    st.tuples(st.sampled_from(["give", "end", "assign", "tier", "days", "branch"]), st.integers(0, 3)), max_size=12
)


@settings(max_examples=25)
@given(steps=STEPS)
def test_projection_is_what_a_full_one_gives(steps: list[tuple[str, int]]) -> None:
    """Whatever happened, in whatever order: the rows that were kept are those that all would be made anew."""
    garage = world.garage()
    clients = [garage, world.garage(at=garage.portal)]
    office = offices.office(garage.portal)
    tiers = [
        offices.tier(garage.portal, "silver", 1, opens=False),
        offices.tier(garage.portal, "gold", 2, opens=True, rights=[VIEW, REGISTER]),
    ]
    ranked = offices.intermediary(office, tiers[0])
    owners = [offices.owner_of(one) for one in clients]
    made: list[tuple[int, int]] = []
    for number, (step, choice) in enumerate(steps):
        place = choice % 2
        if step == "give":
            rights = [[VIEW], [REGISTER], [VIEW, REGISTER], [VIEW]][choice]
            one = offices.mandate(owners[place], office, purpose=f"doel {number}", rights=rights)
            made.append((place, one.id))
        elif step == "branch":
            branch = [clients[place].branch.id]
            one = offices.mandate(owners[place], office, purpose=f"doel {number}", branches=branch)
            made.append((place, one.id))
        elif step == "end" and made:
            place, mandate = made.pop(choice % len(made))
            offices.end(owners[place], mandate)
        elif step == "days" and made:
            place, mandate = made[choice % len(made)]
            last = offices.today(garage.portal) + offices.days(choice)
            offices.change(owners[place], mandate, rights=[VIEW], branches=None, last_day=last)
        elif step == "assign":
            policy = clients[place].policy
            policy.agent_id = None if choice > 1 else ranked.id
            policy.save(using=OWNER)
        elif step == "tier":
            ranked.tier = tiers[choice % 2]
            ranked.save(using=OWNER)
    of = Reach.objects.using(OWNER).filter(viewer=office.organisation.id)
    kept = sorted(of.values_list("organisation", "name", "rights", "until"), key=str)
    with connections[OWNER].cursor() as cursor:
        cursor.execute("delete from core_reach where viewer = %s", [office.organisation.id])
        cursor.execute("select reach_settle_office(%s)", [office.organisation.id])
    assert sorted(of.values_list("organisation", "name", "rights", "until"), key=str) == kept
    for client in clients:
        told = offices.rights_for(office.clerk, client.organisation)
        assert (told is not None) is (client.organisation.id in {row[0] for row in kept})


def test_agent_writes_nothing_of_a_client(garage: Garage, visser: Office) -> None:
    held = vehicles.on_cover(garage)
    offices.mandate(offices.owner_of(garage), visser, rights=[VIEW, REGISTER])
    with enter(offices.agent(visser).scope), connection.cursor() as cursor:
        assert Item.objects.filter(id=held.item).exists()
        for table in ("desk_deskrequest", "core_item", "organisations_organisation", "core_reach"):
            cursor.execute("select has_table_privilege(%s, 'insert, update, delete')", [table])
            assert cursor.fetchone() == (False,), table


def test_door_tells_nobody_elses(garage: Garage, visser: Office) -> None:
    """Asked for another account than that of the scope it tells nothing."""
    offices.mandate(offices.owner_of(garage), visser)
    other = world.account()
    with enter(Scope(ActorKind.ACCOUNT, garage.portal.id, other.id)):
        assert acts_for(visser.clerk.account_id, office=visser.organisation.id, client=garage.organisation.id) is None
    with enter(Scope(ActorKind.ACCOUNT, world.portal().id, visser.clerk.account_id)):
        assert acts_for(visser.clerk.account_id, office=visser.organisation.id, client=garage.organisation.id) is None


def test_events_of_an_office_are_the_clients(garage: Garage, visser: Office) -> None:
    offices.mandate(offices.owner_of(garage), visser)
    client = visser.client()
    offices.act(client, garage.organisation)
    client.get("/vehicles/register")
    (refused,) = offices.events(garage.organisation, "access.refused")
    assert (refused.account, refused.office) == (visser.clerk.account_id, visser.organisation.id)
    assert not Event.objects.using(OWNER).filter(organisation=visser.organisation.id, kind="access.refused").exists()
