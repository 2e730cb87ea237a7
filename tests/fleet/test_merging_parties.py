"""Two drivers or lessees who are one person: made one, found as one by whatever they were called, and never half."""

from collections.abc import Callable, Sequence
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from remise.core.errors import BrokenRule, NotVisible
from remise.core.jobs import JOBS
from remise.core.models import Entry, Event
from remise.core.scope import enter
from remise.fleet.actions import change_each, register_vehicles
from remise.fleet.changing import Change
from remise.fleet.models import RegistrationVersion
from remise.fleet.parties import exports
from remise.fleet.parties.actions import Particulars, add_party, change_party
from remise.fleet.parties.addresses import recipient_of
from remise.fleet.parties.changes import changes_of
from remise.fleet.parties.merging import merge_parties
from remise.fleet.parties.selectors import PartyQuery, current, page, periods, suggested
from remise.fleet.rights import FleetRight
from remise.fleet.wanted import Wanted
from remise.organisations.models import Branch, Party
from remise.portals.models import RetentionTerm
from tests import races, sessions, vehicles, world
from tests.api.program import Program, program
from tests.api.test_feed import told_of
from tests.fleet.test_naming_parties import drivers, named, register
from tests.fleet.test_parties import MANAGE, VIEW, erase, found, in_branch, left, on_cover, owner_client, party
from tests.fleet.test_together import by_of, codes, wanted
from tests.vehicles import OnCover
from tests.world import OWNER, Garage


def merge(garage: Garage, stays: Party, goes: Party) -> str:
    """The code of the refusal; empty where it was done."""
    by = by_of(garage)
    try:
        with enter(by.scope):
            merge_parties(by=by, party=stays.id, other=goes.id)
    except (BrokenRule, NotVisible) as refusal:
        return refusal.code
    return ""


def stored(one: Party) -> Party:
    return Party.objects.using(OWNER).get(id=one.id)


def merged_events(garage: Garage) -> list[Event]:
    of = Event.objects.using(OWNER).filter(organisation=garage.organisation.id)
    return list(of.filter(kind="party.merged"))


def two(garage: Garage) -> tuple[Party, Party, OnCover, OnCover]:
    """One driver under two names, each with a vehicle."""
    first, second = on_cover(garage, "Jan Jansen", days=9), on_cover(garage, "Jan Janssen", days=5)
    return party(garage, "Jan Jansen"), party(garage, "Jan Janssen"), first, second


def merged(garage: Garage) -> tuple[Party, Party, OnCover, OnCover]:
    jan, janssen, first, second = two(garage)
    assert merge(garage, jan, janssen) == ""
    return jan, janssen, first, second


def test_one_stays_with_the_vehicles_of_both_and_the_ledger_is_as_it_was(lessor: Garage) -> None:
    jan, janssen, first, second = two(lessor)
    before = list(RegistrationVersion.objects.using(OWNER).order_by("id").values())
    entries = Entry.objects.using(OWNER).count()
    assert merge(lessor, jan, janssen) == ""
    by = by_of(lessor)
    with enter(by.scope):
        had = periods(by, current(by, jan.id))
        (line,) = page(by, PartyQuery()).rows
        assert [one.party.id for one in page(by, PartyQuery(now=True)).rows] == [jan.id]
    assert {one.item for one in had} == {first.item, second.item}
    assert (line.party.id, line.vehicles, line.plate) == (jan.id, 2, min(first.plate.value, second.plate.value))
    assert list(RegistrationVersion.objects.using(OWNER).order_by("id").values()) == before
    assert Entry.objects.using(OWNER).count() == entries


def test_who_drives_and_leases_one_vehicle_under_two_names_has_it_once(lessor: Garage) -> None:
    on_cover(lessor, "Jan Jansen", lessee="Jan Janssen")
    merge(lessor, party(lessor, "Jan Jansen"), party(lessor, "Jan Janssen"))
    by = by_of(lessor)
    with enter(by.scope):
        (line,) = page(by, PartyQuery()).rows
    assert line.vehicles == 1


def test_vehicle_receipt_and_exports_show_the_one(lessor: Garage) -> None:
    jan, janssen, _first, second = merged(lessor)
    client = owner_client(lessor)
    for address in (
        reverse("fleet:vehicle", args=[second.item]),
        reverse("fleet:receipt", args=[second.entry]),
        reverse("fleet:export") + f"?policy={lessor.policy.number}&format=csv",
        reverse("drivers:export") + "?format=csv",
        reverse("drivers:list"),
    ):
        answer = client.get(address)
        said = answer.content.decode("utf-8-sig")
        assert "Jan Jansen" in said, address
        assert "Janssen" not in said, address
    gone = client.get(reverse("drivers:one", args=[janssen.id]))
    assert gone["Location"] == reverse("drivers:one", args=[jan.id])
    assert client.get(reverse("drivers:edit", args=[janssen.id]))["Location"] == reverse(
        "drivers:edit", args=[jan.id]
    )


def test_either_name_finds_the_one_in_list_search_box_and_suggestions(lessor: Garage) -> None:
    jan, _janssen, _first, _second = merged(lessor)
    assert found(lessor, PartyQuery("janssen")) == found(lessor, PartyQuery("jansen")) == ["Jan Jansen"]
    by = by_of(lessor)
    with enter(by.scope):
        assert suggested(by, "janss") == ["Jan Jansen"]
    caller = program(lessor)
    for typed in ("Jan Janssen", "Jan Jansen", "jan"):
        groups = caller.get("/search", q=typed).json()
        shown = [hit["title"] for group in groups if group["kind"] == "party" for hit in group["hits"]]
        assert shown == ["Jan Jansen"], typed
    assert stored(jan).name == "Jan Jansen"


def test_what_the_one_lacks_is_taken_over_and_what_it_has_stays(lessor: Garage) -> None:
    jan = named(lessor, "Jan Jansen", email="jan@example.test")
    other = named(lessor, "Jan Janssen", reference="K-2", email="other@example.test", phone="06 12345678")
    merge(lessor, jan, other)
    one = stored(jan)
    assert (one.name, one.reference, one.email, one.phone) == (
        "Jan Jansen",
        "K-2",
        "jan@example.test",
        "06 12345678",
    )
    by = by_of(lessor)
    with enter(by.scope):
        (line,) = changes_of(by, current(by, jan.id))
    assert line.merged == "Jan Janssen"
    assert {(str(label), new) for label, _old, new in line.fields} == {
        ("Your own number", "K-2"),
        ("Telephone number", "06 12345678"),
    }
    (event,) = merged_events(lessor)
    assert (event.subject, event.said) == (jan.id, {"merged": other.id, "fields": ["phone", "reference"]})


def test_history_of_both_stays_readable(lessor: Garage) -> None:
    jan, other = named(lessor, "Jan Jansen"), named(lessor, "J. Janssen")
    by = by_of(lessor)
    with enter(by.scope):
        change_party(by=by, party=other.id, particulars=Particulars("person", "Jan Janssen"))
    merge(lessor, jan, other)
    with enter(by.scope):
        lines = changes_of(by, current(by, jan.id))
    assert [(line.merged, line.of) for line in lines] == [("Jan Janssen", ""), ("", "Jan Janssen")]
    shown = owner_client(lessor).get(reverse("drivers:one", args=[jan.id])).content.decode()
    for said in ("Merged with Jan Janssen", "J. Janssen", "Also known as"):
        assert said in shown


# Whom a field means


@pytest.mark.parametrize(
    "text", ["Jan Janssen", "jan jánssen", "K-2", "Jan Janssen (K-2)", "Jan Jansen (K-2)", "K-1"]
)
def test_file_that_still_sends_the_other_means_the_one(lessor: Garage, text: str) -> None:
    jan = named(lessor, "Jan Jansen", reference="K-1")
    merge(lessor, jan, named(lessor, "Jan Janssen", reference="K-2"))
    assert codes(list(register(lessor, [wanted(lessor, cover="wa", driver=text)]))) == [""]
    assert drivers(lessor) == [jan.id]
    assert Party.objects.using(OWNER).filter(organisation=lessor.organisation.id).count() == 2


def test_two_of_one_name_who_are_one_are_no_longer_told_apart(lessor: Garage) -> None:
    first, second = named(lessor, reference="K-1001"), named(lessor, reference="K-1002")
    assert codes(list(register(lessor, [wanted(lessor, cover="wa", driver="J. Jansen")]))) == ["name_shared"]
    merge(lessor, first, second)
    assert codes(list(register(lessor, [wanted(lessor, cover="wa", driver="J. Jansen")]))) == [""]
    assert drivers(lessor) == [first.id]


def test_the_one_can_be_called_as_the_other_was(lessor: Garage) -> None:
    jan, janssen = named(lessor, "Jan Jansen"), named(lessor, "Jan Janssen", reference="K-2")
    other = named(lessor, "Jansje")
    merge(lessor, jan, janssen)
    merge(lessor, jan, other)
    by = by_of(lessor)
    with enter(by.scope):
        change_party(by=by, party=jan.id, particulars=Particulars("person", "Jansje", reference="K-2"))
    register(lessor, [wanted(lessor, cover="wa", driver="Jansje"), wanted(lessor, cover="wa", driver="K-2")])
    assert drivers(lessor) == [jan.id, jan.id]


def test_somebody_new_of_the_former_name_is_meant_by_it(lessor: Garage) -> None:
    """Who has a name or a number now goes before who had it."""
    merge(lessor, named(lessor, "Jan Jansen"), named(lessor, "Jan Janssen", reference="K-2"))
    by = by_of(lessor)
    with enter(by.scope):
        new = add_party(by=by, particulars=Particulars("person", "Jan Janssen"))
    register(lessor, [wanted(lessor, cover="wa", driver="Jan Janssen")])
    assert drivers(lessor) == [new.id]


def test_change_to_the_same_one_by_another_number_changes_nothing(lessor: Garage) -> None:
    _jan, _janssen, _first, second = merged(lessor)
    by = by_of(lessor)
    with enter(by.scope):
        verdicts = change_each(
            by=by,
            policy=lessor.policy,
            changes=[Change(second.plate, vehicles.today(lessor), {"driver": "Jan Jansen"})],
        )
    assert codes(list(verdicts)) == ["nothing_changes"]


def test_mail_goes_to_the_address_of_the_one(lessor: Garage) -> None:
    jan, _janssen, _first, second = merged(lessor)
    by = by_of(lessor)
    with enter(by.scope):
        change_party(by=by, party=jan.id, particulars=Particulars("person", "Jan Jansen", email="jan@example.test"))
        to = recipient_of(by, second.item)
    assert to is not None
    assert (to.number, to.address) == (jan.id, "jan@example.test")


# Once, whatever happens at the same time


def test_sent_twice_it_is_done_once(lessor: Garage) -> None:
    jan, janssen, _first, _second = two(lessor)
    done = races.at_once(*[lambda: merge(lessor, jan, janssen)] * 4)
    assert done == [""] * 4
    assert len(merged_events(lessor)) == 1
    assert len(stored(jan).changes) == 1


def test_both_ways_at_once_one_stays(lessor: Garage) -> None:
    jan, janssen, _first, _second = two(lessor)
    done = races.at_once(lambda: merge(lessor, jan, janssen), lambda: merge(lessor, janssen, jan))
    assert done == ["", ""]
    assert sorted(one.merged_into is None for one in (stored(jan), stored(janssen))) == [False, True]
    assert len(found(lessor)) == 1


def test_three_in_a_ring_at_once_leave_no_chain_and_somebody(lessor: Garage) -> None:
    a, b, c = (named(lessor, name) for name in ("Anna", "Berta", "Carla"))
    for _turn in range(3):
        ways: list[Callable[[], str]] = [
            lambda: merge(lessor, a, b),
            lambda: merge(lessor, b, c),
            lambda: merge(lessor, c, a),
        ]
        races.at_once(*ways)
    rows = {one.id: one for one in Party.objects.using(OWNER).filter(organisation=lessor.organisation.id)}
    assert len(found(lessor)) >= 1
    for one in rows.values():
        assert one.merged_into is None or rows[one.merged_into].merged_into is None


def test_whom_others_were_merged_with_takes_them_along(lessor: Garage) -> None:
    jan, janssen, _first, second = merged(lessor)
    last = named(lessor, "Johannes Jansen")
    assert merge(lessor, last, jan) == ""
    assert stored(janssen).merged_into == stored(jan).merged_into == last.id
    by = by_of(lessor)
    with enter(by.scope):
        assert second.item in {one.item for one in periods(by, current(by, janssen.id))}


def test_vehicle_that_gets_the_other_meanwhile_is_shown_with_the_one(lessor: Garage) -> None:
    for number in range(4):
        stays, goes = named(lessor, f"Stays {number}"), named(lessor, f"Goes {number}")
        asked = [wanted(lessor, cover="wa", driver=goes.name)]

        def act(asked: Sequence[Wanted] = asked) -> None:
            by = by_of(lessor)
            with enter(by.scope):
                register_vehicles(by=by, policy=lessor.policy, wanted=asked)

        def join(stays: Party = stays, goes: Party = goes) -> str:
            return merge(lessor, stays, goes)

        races.at_once(act, join)
        by = by_of(lessor)
        with enter(by.scope):
            assert len(periods(by, current(by, stays.id))) == 1
            assert [one.party.name for one in page(by, PartyQuery(goes.name)).rows] == [stays.name]


def test_page_that_was_open_does_not_erase_the_one(lessor: Garage) -> None:
    jan, janssen = named(lessor, "Jan Jansen"), named(lessor, "Jan Janssen")
    merge(lessor, jan, janssen)
    assert erase(lessor, janssen) == "merged"
    client = owner_client(lessor)
    answer = client.post(reverse("drivers:edit", args=[janssen.id]), {"kind": "person", "name": "Piet"})
    assert (answer.status_code, "Jan Jansen by now" in answer.content.decode()) == (422, True)
    assert stored(jan).name == "Jan Jansen"


# Forgetting


def test_erasing_the_one_leaves_nothing_of_either(lessor: Garage) -> None:
    jan, janssen, first, second = merged(lessor)
    assert erase(lessor, jan) == "in_use"
    left(lessor, first)
    assert erase(lessor, jan) == "in_use"  # by the vehicle of the other
    left(lessor, second)
    assert erase(lessor, jan) == ""
    for one in (stored(jan), stored(janssen)):
        assert (one.name, one.changes, one.erased_at is not None) == ("", [], True)
    page_of = owner_client(lessor).get(
        reverse("fleet:vehicle", args=[second.item]), {"day": vehicles.back(lessor, 3).isoformat()}
    )
    assert "erased" in page_of.content.decode()
    register(lessor, [wanted(lessor, cover="wa", driver="Jan Janssen")])
    assert janssen.id not in drivers(lessor)[-1:]


def test_night_keeps_who_has_a_vehicle_by_the_other_and_lets_go_of_both(lessor: Garage) -> None:
    jan, janssen, first, second = merged(lessor)
    left(lessor, first, days=4)
    RetentionTerm.objects.using(OWNER).create(
        portal=lessor.portal, category="fleet.parties", days=10, starts=vehicles.today(lessor), source="Beleid"
    )
    vehicles.later(lessor, 40)
    JOBS["fleet.forget_parties"].run(portal=lessor.portal.id)
    assert stored(jan).erased_at is None
    left(lessor, second)
    vehicles.later(lessor, 40)
    JOBS["fleet.forget_parties"].run(portal=lessor.portal.id)
    assert [stored(one).name for one in (jan, janssen)] == ["", ""]


def test_all_that_is_kept_of_one_tells_how_else_it_was_written_down(lessor: Garage) -> None:
    jan, _janssen, _first, _second = merged(lessor)
    by = by_of(lessor)
    with enter(by.scope):
        book = load_workbook(BytesIO(exports.export_party(by=by, party=current(by, jan.id), kind="xlsx")))
    names = [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert names == ["Jan Jansen", "Jan Jansen", "Jan Janssen"]


# Refusals and rights


def test_what_cannot_be_one_is_refused_and_nothing_happens(lessor: Garage) -> None:
    bakery = named(lessor, "Bakkerij B.V.", kind="company", kvk="12345678")
    butcher = named(lessor, "Slagerij B.V.", kind="company", kvk="87654321")
    assert merge(lessor, bakery, butcher) == "two_companies"
    assert merge(lessor, bakery, bakery) == "same_party"
    stranger = named(world.garage(at=lessor.portal), "Iemand")
    assert merge(lessor, bakery, stranger) == merge(lessor, stranger, bakery) == "not_found"
    assert len(found(lessor)) == 2
    assert stored(stranger).merged_into is None


def test_kvk_number_stays_with_a_company(lessor: Garage) -> None:
    jan, company = named(lessor, "Jan Jansen"), named(lessor, "Jansen B.V.", kind="company", kvk="12345678")
    assert merge(lessor, jan, company) == ""
    assert (stored(jan).kind, stored(jan).kvk) == ("person", None)
    register(lessor, [wanted(lessor, cover="wa", driver="12345678")])
    assert drivers(lessor) == [jan.id]


def test_who_works_in_one_branch_merges_nobody_of_another(lessor: Garage, north: Branch) -> None:
    on_cover(lessor, "Here", branch=north.id)
    on_cover(lessor, "Both", branch=north.id)
    on_cover(lessor, "Both", branch=lessor.branch.id)
    on_cover(lessor, "There", branch=lessor.branch.id)
    by = sessions.actor_of(in_branch(lessor, north, *FleetRight))
    for stays, goes, code in (("Here", "Both", "other_branch"), ("Both", "Here", "other_branch")):
        with enter(by.scope), pytest.raises(BrokenRule) as refused:
            merge_parties(by=by, party=party(lessor, stays).id, other=party(lessor, goes).id)
        assert refused.value.code == code
    with enter(by.scope), pytest.raises(NotVisible):
        merge_parties(by=by, party=party(lessor, "Here").id, other=party(lessor, "There").id)
    client = sessions.client_of(in_branch(lessor, north, *FleetRight), lessor.portal)
    address = reverse("drivers:merge", args=[party(lessor, "Here").id])
    assert f"?other={party(lessor, 'There').id}" not in client.get(address, {"q": "There"}).content.decode()


def test_who_wrote_the_other_down_still_sees_the_one(lessor: Garage, north: Branch) -> None:
    member = in_branch(lessor, north, VIEW, MANAGE)
    by = sessions.actor_of(member)
    with enter(by.scope):
        theirs = add_party(by=by, particulars=Particulars("person", "Noor Noord"))
    merge(lessor, named(lessor, "Noor van Noord"), theirs)
    with enter(by.scope):
        assert [line.party.name for line in page(by, PartyQuery()).rows] == ["Noor van Noord"]


def test_page_shows_both_side_by_side_and_merges(lessor: Garage) -> None:
    jan, janssen, _first, second = two(lessor)
    Party.objects.using(OWNER).filter(id=janssen.id).update(reference="K-2")
    client = owner_client(lessor)
    address = reverse("drivers:merge", args=[jan.id])
    assert f"{address}?other={janssen.id}" in client.get(address, {"q": "jan"}).content.decode()
    shown = client.get(address, {"other": janssen.id}).content.decode()
    for said in ("Jan Jansen", "Jan Janssen", "K-2", "taken over", second.plate.formatted, "It cannot be undone"):
        assert said in shown, said
    done = client.post(address, {"other": janssen.id})
    assert done["Location"] == reverse("drivers:one", args=[jan.id])
    assert client.post(address, {"other": janssen.id})["Location"] == done["Location"]
    assert stored(janssen).merged_into == jan.id


def test_without_the_right_there_is_no_page_and_no_way(lessor: Garage) -> None:
    jan, janssen, _first, _second = two(lessor)
    client: Client = owner_client(lessor, VIEW)
    address = reverse("drivers:merge", args=[jan.id])
    assert client.get(address).status_code == 403
    assert client.post(address, {"other": janssen.id}).status_code == 403
    assert address not in client.get(reverse("drivers:one", args=[jan.id])).content.decode()
    assert stored(janssen).merged_into is None


def test_program_merges_and_follows_it(lessor: Garage) -> None:
    jan, janssen, _first, second = two(lessor)
    caller: Program = program(lessor)
    done = caller.post(f"/parties/{jan.id}/merger", {"other": janssen.id})
    assert (done.status_code, done.json()["id"], done.json()["name"]) == (200, jan.id, "Jan Jansen")
    assert caller.get(f"/parties/{janssen.id}").json()["id"] == jan.id
    (told,) = (one for one in caller.get(f"/vehicles/{second.item}").json()["cover"])
    assert (told["driver"]["id"], told["driver"]["name"]) == (jan.id, "Jan Jansen")
    assert [one["data"] for one in told_of(caller, "party.merged", 1)] == [
        {"party": jan.id, "fields": [], "merged": janssen.id}
    ]
