"""What is found, by whom: all that one may open, however it is written, and nothing else."""

from collections.abc import Callable, Iterable
from html import unescape

import pytest
from django.test import Client

from remise.core.actor import Actor
from remise.core.models import LookupKey
from remise.core.scope import enter
from remise.core.search.kinds import search_kinds
from remise.fleet.rights import FleetRight
from remise.organisations.models import Branch, Membership, Party
from remise.organisations.rights import catalogue
from remise.search.selectors import Line, Results, search
from tests import sessions, vehicles, world
from tests.mandates import offices
from tests.search.findable import Findable, findable
from tests.world import OWNER


@pytest.fixture(scope="module")
def company() -> Findable:
    return findable()


@pytest.fixture(scope="module")
def neighbour(company: Findable) -> Findable:
    """Another customer of the same insurer."""
    return findable(at=company.garage)


def found(by: Actor, typed: str, *, only: str = "") -> Results:
    with enter(by.scope):
        return search(by, typed, only=only)


def lines(results: Results) -> dict[str, list[Line]]:
    return {group.kind.name: list(group.lines) for group in results.groups}


def subjects(results: Results) -> set[tuple[str, int]]:
    return {(kind, line.subject) for kind, found_ in lines(results).items() for line in found_}


def staff_of(company: Findable, *rights: str) -> Membership:
    return world.member(world.insurer(company.garage.portal, name=world.unique()), rights=list(rights), name="Mirjam")


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "small": str.lower,
    "capitals": str.upper,
    "with spaces": lambda text: f"  {text} ",
    "bare": lambda text: text.replace("-", "").replace(".", ""),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "kind",
    [
        *("plate", "chassis", "party", "policy", "receipt", "card"),
        *("company", "kvk", "establishment", "relation", "branch", "person", "account"),
    ],
)
def test_owner_finds_each_kind_in_any_way_of_writing(company: Findable, kind: str, way: str) -> None:
    results = found(sessions.actor_of(company.owner), WAYS[way](company.typed()[kind]))
    assert len(lines(results)[kind]) == 1, lines(results)


def test_every_kind_is_tried(company: Findable) -> None:
    """A kind that a room adds is named in `Findable.typed`; that of intermediaries has a test of its own."""
    assert {kind.name for kind in search_kinds} == {*company.typed(), "intermediary"}


@pytest.mark.parametrize("kind", ["plate", "policy", "kvk", "establishment"])
def test_number_is_found_by_its_beginning(company: Findable, kind: str) -> None:
    typed = company.typed()[kind]
    results = found(sessions.actor_of(company.owner), typed[: len(typed) - 1])
    assert lines(results)[kind]
    assert not results.exact


@pytest.mark.parametrize("kind", ["chassis", "receipt", "account"])
def test_number_that_is_told_whole_is_found_by_nothing_less(company: Findable, kind: str) -> None:
    typed = company.typed()[kind]
    for less in (typed[:-1], typed[1:]):
        assert kind not in lines(found(sessions.actor_of(company.owner), less))


def test_card_is_found_without_its_zeros(company: Findable) -> None:
    typed = f"{company.card.serial:02d}"
    assert [line.subject for line in lines(found(sessions.actor_of(company.owner), typed))["card"]] == [
        company.card.id
    ]


@pytest.mark.parametrize(
    "typed", ["berg", "van der berg", "BÉRG", "Berg, Anaïs", "ana ber", "anais van der ber", "v.d. berg"]
)
def test_name_is_found_by_its_words(company: Findable, typed: str) -> None:
    (line,) = lines(found(sessions.actor_of(company.owner), typed))["party"]
    assert line.hit.title == company.driver
    assert line.url == f"/drivers/{line.subject}"
    assert company.here.plate.formatted in line.hit.detail


def test_branch_is_found_by_its_name_and_follows_it() -> None:
    company = findable()
    owner, salesman = sessions.actor_of(company.owner), sessions.actor_of(company.salesman)
    for by in (owner, salesman):
        (line,) = lines(found(by, "mépp"))["branch"]
        assert (line.subject, line.hit.title) == (company.meppel.id, company.meppel.name)
        assert f"branch={company.meppel.id}" in line.url
    assert "branch" in lines(found(owner, "zwolle"))
    assert "branch" not in lines(found(salesman, "zwolle"))  # works in the other one alone
    (line,) = lines(found(sessions.actor_of(staff_of(company, "customers.view")), company.meppel.name))["branch"]
    assert line.company == company.garage.organisation.name
    Branch.objects.using(OWNER).filter(id=company.meppel.id).update(name="Dedemsvaart")
    assert "branch" not in lines(found(owner, company.meppel.name))
    assert "branch" in lines(found(owner, "dedems"))


def test_driver_is_found_by_the_own_number(company: Findable) -> None:
    mark = world.unique()
    Party.objects.using(OWNER).filter(organisation=company.garage.organisation.id).update(reference=f"K-{mark}")
    for typed in (f"k{mark}".replace("-", ""), f"K-{mark}"):
        results = found(sessions.actor_of(company.owner), typed)
        (line,) = lines(results)["party"]
        assert (line.hit.title, results.exact) == (company.driver, line.url)
    assert found(sessions.actor_of(company.salesman), f"K-{mark}").count == 0  # nobody of that branch


def test_one_character_is_not_looked_up(company: Findable) -> None:
    results = found(sessions.actor_of(company.owner), company.here.plate.value[0])
    assert (results.is_asked, results.count) == (False, 0)


@pytest.mark.parametrize("kind", ["plate", "chassis", "policy", "receipt", "card"])
def test_all_of_one_number_goes_straight_there(company: Findable, kind: str) -> None:
    client = sessions.client_of(company.owner, company.garage.portal)
    answer = client.get("/search/", {"q": company.typed()[kind]})
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200


def test_name_of_one_stays_on_the_page(company: Findable) -> None:
    client = sessions.client_of(company.owner, company.garage.portal)
    answer = client.get("/search/", {"q": company.colleague.display_name})
    assert answer.status_code == 200
    assert company.colleague.display_name.replace("'", "&#x27;") in answer.content.decode()


# --- who finds what


def test_salesman_of_one_branch_finds_its_vehicles_only(company: Findable) -> None:
    by = sessions.actor_of(company.salesman)
    assert lines(found(by, company.there.plate.formatted))["plate"]
    for kind in ("plate", "chassis", "party", "receipt", "card", "person", "account"):
        assert found(by, company.typed()[kind]).count == 0, kind
    assert [line.subject for line in lines(found(by, company.meppel.relation_number or ""))["relation"]] == [
        company.meppel.id
    ]


def test_vehicle_that_moved_is_found_where_it_is_now(company: Findable) -> None:
    held = vehicles.on_cover(company.garage, days=3)
    key = LookupKey.objects.using(OWNER).get(kind="plate", subject=held.item)
    assert (key.key, key.branch) == (held.plate.value, company.garage.branch.id)


def test_stranger_finds_nothing_of_another_company(company: Findable, neighbour: Findable) -> None:
    by = sessions.actor_of(neighbour.owner)
    mine = {line.subject for line in _all(found(by, typed) for typed in neighbour.typed().values())}
    for kind, typed in company.typed().items():
        others = [line for line in _all([found(by, typed)]) if line.subject not in mine]
        assert others == [], kind


def _all(results: Iterable[Results]) -> list[Line]:
    return [line for one in results for found_ in lines(one).values() for line in found_]


def test_who_holds_no_right_finds_nothing(company: Findable) -> None:
    by = sessions.actor_of(company.colleague)
    assert [kind for kind, typed in company.typed().items() if found(by, typed).count] == []


def test_staff_who_look_up_customers_find_all_of_the_portal(company: Findable, neighbour: Findable) -> None:
    by = sessions.actor_of(staff_of(company, "customers.view"))
    for of in (company, neighbour):
        for kind, typed in of.typed().items():
            found_ = lines(found(by, typed))[kind]
            assert any(line.url.startswith(f"/search/customers/{of.garage.organisation.id}") for line in found_), kind


def test_staff_without_that_right_find_no_customer(company: Findable) -> None:
    by = sessions.actor_of(staff_of(company, *{entry.right for entry in catalogue} - {"customers.view"}))
    assert [kind for kind, typed in company.typed().items() if found(by, typed).count] == []


def test_staff_of_another_insurer_find_nothing(company: Findable) -> None:
    elsewhere = world.insurer(world.portal())
    by = sessions.actor_of(world.member(elsewhere, rights=["customers.view"], name="Tom"))
    assert [kind for kind, typed in company.typed().items() if found(by, typed).count] == []


def test_number_of_an_intermediary(company: Findable) -> None:
    visser = offices.office(company.garage.portal)
    known = offices.intermediary(visser, offices.tier(company.garage.portal, "gold", 2, opens=True), number="T-47.11")
    own = found(sessions.actor_of(visser.clerk), "t4711")
    assert [(line.subject, line.url) for line in lines(own)["intermediary"]] == [(known.id, "/clients/")]
    staff = sessions.actor_of(staff_of(company, "customers.view", "intermediaries.manage"))
    assert [line.url for line in lines(found(staff, "T 4711"))["intermediary"]] == [f"/intermediaries/{known.id}/"]
    assert "intermediary" not in lines(found(sessions.actor_of(company.owner), "t4711"))


# --- offices


def test_office_that_acts_finds_what_its_mandate_shows(company: Findable) -> None:
    visser = offices.office(company.garage.portal)
    gives = offices.owner_of(company.garage)
    offices.mandate(gives, visser, rights=[FleetRight.VIEW])
    by = offices.acts_as(visser, company.garage.organisation.id)
    assert lines(found(by, company.here.plate.formatted))["plate"]
    assert found(by, company.driver).count == 0  # names of drivers are left out
    assert found(by, company.colleague.display_name).count == 0


def test_office_finds_at_its_clients_and_goes_on_for_one(company: Findable) -> None:
    visser = offices.office(company.garage.portal)
    offices.mandate(offices.owner_of(company.garage), visser, rights=[FleetRight.VIEW])
    by = sessions.actor_of(visser.clerk)
    results = found(by, company.here.plate.formatted)
    ((group,),) = [results.clients]
    (line,) = group.lines
    assert (line.client, line.company) == (
        f"{company.garage.organisation.id} /vehicles/{company.here.item}",
        company.garage.organisation.name,
    )
    client = sessions.client_of(visser.clerk, company.garage.portal)
    opened = client.post("/clients/act", {"client": line.client}, follow=True)
    assert opened.status_code == 200
    assert opened.redirect_chain[-1][0] == f"/vehicles/{company.here.item}"
    assert found(by, company.driver).count == 0
    assert not found(by, company.colleague.display_name).clients


def test_office_finds_nothing_where_it_acts_in_one_branch_or_for_nobody(
    company: Findable, neighbour: Findable
) -> None:
    visser = offices.office(company.garage.portal)
    gives = offices.owner_of(company.garage)
    offices.mandate(gives, visser, rights=[FleetRight.VIEW], branches=[company.meppel.id])
    by = sessions.actor_of(visser.clerk)
    for plate in (company.here.plate, company.there.plate, neighbour.here.plate):
        assert found(by, plate.formatted).count == 0


# --- keys follow


def test_keys_follow_a_name_that_changes_and_one_that_is_forgotten(company: Findable) -> None:
    member = world.member(company.garage.organisation, rights=[], name="Wilhelmina Ösel")
    assert _keys("person", member.id) == ["osel", "wilhelmina osel"]
    member.display_name = "Wil de Vries"
    member.save(using=OWNER)
    assert _keys("person", member.id) == ["vries", "wil vries"]
    Membership.objects.using(OWNER).filter(id=member.id).update(state="ended")
    assert _keys("person", member.id) == []
    party = Party.objects.using(OWNER).create(
        portal=member.portal, organisation=member.organisation, kind="person", name="Bo Ek"
    )
    assert _keys("party", party.id) == ["bo ek", "ek"]
    Party.objects.using(OWNER).filter(id=party.id).update(name="", erased_at="2026-01-01 12:00+00")
    assert _keys("party", party.id) == []
    Party.objects.using(OWNER).filter(id=party.id).delete()
    member.delete(using=OWNER)


def test_keys_of_what_changes_otherwise_stay_as_they_are(company: Findable) -> None:
    before = list(LookupKey.objects.using(OWNER).filter(subject=company.owner.id, kind="person").values_list("id"))
    Membership.objects.using(OWNER).filter(id=company.owner.id).update(display_name=company.owner.display_name)
    after = list(LookupKey.objects.using(OWNER).filter(subject=company.owner.id, kind="person").values_list("id"))
    assert before == after != []


def _keys(kind: str, subject: int) -> list[str]:
    found_ = LookupKey.objects.using(OWNER).filter(kind=kind, subject=subject)
    return sorted(found_.values_list("key", flat=True))


def test_no_chassis_or_account_number_is_a_key(company: Findable) -> None:
    keys = set(LookupKey.objects.using(OWNER).values_list("key", flat=True))
    assert company.vin not in keys
    assert company.colleague.account.number not in keys


# --- where hits lead


def test_no_hit_leads_to_a_refusal(company: Findable, neighbour: Findable) -> None:
    """Whoever looks, whatever is found: its page opens."""
    at = company.garage.portal
    visser = offices.office(at)
    people = [company.owner, company.salesman, company.colleague, neighbour.owner, visser.clerk]
    people += [world.member(company.garage.organisation, rights=[right], name="Een") for right in FleetRight]
    people += [staff_of(company, "customers.view"), staff_of(company, *{entry.right for entry in catalogue})]
    opened = 0
    for who in people:
        client, by = sessions.client_of(who, at), sessions.actor_of(who)
        for typed in _beginnings(company):
            for line in _all([found(by, typed)]):
                assert client.get(line.url).status_code == 200, (who.display_name, typed, line)
                opened += 1
    assert opened > 100


def _beginnings(of: Findable) -> set[str]:
    whole = {*of.typed().values(), of.there.plate.formatted}
    return whole | {text[:2] for text in whole} | {text[:5] for text in whole}


def test_who_guesses_chassis_numbers_is_stopped(company: Findable) -> None:
    who = world.member(company.garage.organisation, rights=[FleetRight.VIEW], name="Raad")
    by = sessions.actor_of(who)
    guesses = [f"{company.vin[:-4]}{number:04d}" for number in range(30)]
    assert [results.refused for guess in guesses if (results := found(by, guess)).refused] == []
    stopped = found(by, company.vin)
    assert (stopped.count, bool(stopped.refused)) == (0, True)
    client: Client = sessions.client_of(who, company.garage.portal)
    assert client.get("/search/", {"q": company.vin}).status_code == 200


def test_company_reads_that_the_insurer_looked(company: Findable) -> None:
    staff = staff_of(company, "customers.view")
    client = sessions.client_of(staff, company.garage.portal)
    page = client.get("/search/", {"q": company.vin}, follow=True)
    assert page.status_code == 200
    assert company.here.plate.formatted in page.content.decode()
    told = sessions.client_of(company.owner, company.garage.portal).get("/access/looked")
    assert company.here.plate.formatted in told.content.decode()


@pytest.mark.parametrize("kind", ["plate", "chassis", "receipt", "card", "party"])
def test_insurer_meets_what_was_found_on_top_of_the_companys_page(company: Findable, kind: str) -> None:
    client = sessions.client_of(staff_of(company, "customers.view"), company.garage.portal)
    typed = company.typed()[kind]
    (line,) = lines(found(sessions.actor_of(staff_of(company, "customers.view")), typed))[kind]
    page = client.get(line.url)
    assert page.context["found"].title == line.hit.title

    told = sessions.client_of(company.owner, company.garage.portal).get("/access/looked")
    assert line.hit.title in unescape(told.content.decode())


def test_clients_are_looked_through_for_who_acts_for_them_alone(company: Findable) -> None:
    assert not found(sessions.actor_of(company.owner), "zz").act
    visser = offices.office(company.garage.portal)
    assert found(sessions.actor_of(visser.clerk), "zz").act == "clients:act"


@pytest.mark.parametrize("typed", ["", "T", "T-", " - ", "--"])
def test_one_character_and_dashes_are_not_looked_for(company: Findable, typed: str) -> None:
    """And nothing is told to be missing: the page says how much to type."""
    assert not found(sessions.actor_of(company.owner), typed).is_asked
