"""Who can help with what, which article needs work first, and what a remark leaves out."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from remise.core.opening import Week
from remise.help.capacities import Capacity, Topic
from remise.help.causes import AT_THE_DOOR, CAUSES, causes_for
from remise.help.rules import LEFT_OUT, Helper, Tally, at_the_door, for_whom, without_particulars, worst_first

WEEK = Week.parse("Mo-Fr 08:00-17:30")
DESK = Helper("desk", WEEK)
RIGHTS = Helper("rights", WEEK, topics=frozenset({Topic.RIGHTS}), capacities=frozenset({Capacity.OWNER}))
ADVISERS = Helper("advisers", WEEK, capacities=frozenset({Capacity.ADVISER}))
BRAND_A = Helper("a", WEEK, partner=1)
BRAND_B = Helper("b", WEEK, partner=2)
ALL = [RIGHTS, ADVISERS, BRAND_A, BRAND_B, DESK]


@pytest.mark.parametrize(
    ("topic", "capacity", "partners", "first"),
    [
        (Topic.RIGHTS, Capacity.OWNER, (), "rights"),
        (Topic.BLOCKED, Capacity.ADVISER, (), "advisers"),
        (Topic.VEHICLES, Capacity.OWNER, (), "desk"),
        (Topic.RIGHTS, Capacity.OWNER, (2,), "b"),
        ("", "", (), "desk"),
        ("", Capacity.ADVISER, (), "advisers"),
    ],
)
def test_f005_right_one_comes_first(topic: str, capacity: str, partners: tuple[int, ...], first: str) -> None:
    assert for_whom(ALL, topic=topic, capacity=capacity, partners=partners)[0].name == first


def at_door(name: str, *capacities: str, phone: str = "038 000 00 00", partner: int | None = None) -> Helper:
    topics = frozenset({Topic.SIGN_IN})
    return Helper(name, WEEK, phone, topics=topics, capacities=frozenset(capacities), partner=partner)


TRADE = at_door("trade", Capacity.OWNER)
OFFICES = at_door("offices", Capacity.ADVISER)


@pytest.mark.parametrize(
    ("known", "capacity", "called"),
    [
        ([], "", None),
        ([RIGHTS, DESK], Capacity.OWNER, None),
        ([TRADE], "", "trade"),
        ([TRADE], Capacity.ADVISER, "trade"),
        ([TRADE, OFFICES], Capacity.ADVISER, "offices"),
        ([TRADE, OFFICES], "", "trade"),
        ([TRADE, at_door("all")], "", "all"),
        ([at_door("page", phone=""), at_door("brand", partner=1)], "", None),
    ],
)
def test_one_is_called_by_who_does_not_get_in(known: list[Helper], capacity: str, called: str | None) -> None:
    found = at_the_door(known, Topic.SIGN_IN, capacity=capacity)
    assert (found.name if found else None) == called


helpers = some.builds(
    Helper,
    name=some.text(max_size=3),
    week=some.just(WEEK),
    topics=some.frozensets(some.sampled_from(Topic.values), max_size=2),
    capacities=some.frozensets(some.sampled_from(Capacity.values), max_size=2),
    partner=some.sampled_from([None, 1, 2]),
)


@given(
    known=some.lists(helpers, max_size=6),
    topic=some.sampled_from(["", *Topic.values]),
    capacity=some.sampled_from(["", *Capacity.values]),
    partners=some.frozensets(some.sampled_from([1, 2, 3])),
)
def test_nobody_is_left_without_and_no_partner_is_shown_to_others(
    known: list[Helper], topic: str, capacity: str, partners: frozenset[int]
) -> None:
    found = for_whom([*known, DESK], topic=topic, capacity=capacity, partners=partners)
    assert DESK in found
    assert all(one.partner is None or one.partner in partners for one in found)
    assert all(not topic or not one.topics or topic in one.topics for one in found)
    own = [one.partner is not None for one in found]
    assert own == sorted(own, reverse=True)  # one's own partner stands first


def test_f029_every_capacity_has_causes_of_its_own_and_knows_mail_and_old_names() -> None:
    shown = {capacity: [cause.anchor for cause in causes_for(capacity)] for capacity in AT_THE_DOOR}
    for anchors in shown.values():
        assert len(anchors) == len(set(anchors))
    assert "deep-link" in shown[Capacity.CAR_SALESMAN]
    assert "deep-link" not in shown[Capacity.ADVISER]
    assert "certificate" in shown[Capacity.ADVISER]
    assert "certificate" not in shown[Capacity.GARAGE_HOLDER]
    assert shown[Capacity.DRIVER] == ["no-account-needed", "accident"]
    for capacity in set(AT_THE_DOOR) - {Capacity.DRIVER}:
        assert {"no-mail", "app-lost", "blocked", "password"} <= set(shown[capacity])
    assert {cause.anchor for cause in CAUSES} == {anchor for anchors in shown.values() for anchor in anchors}


def test_worst_article_comes_first_and_one_bad_vote_says_little() -> None:
    tallies = [Tally("good", 9, 1, 0), Tally("bad", 2, 8, 1), Tally("one-no", 0, 1, 0), Tally("silent", 0, 0, 0)]
    assert [one.article for one in worst_first(tallies)] == ["bad", "one-no", "silent", "good"]


@given(helped=some.integers(0, 1000), did_not=some.integers(0, 1000))
def test_score_lies_between_and_each_vote_moves_it(helped: int, did_not: int) -> None:
    score = Tally("x", helped, did_not, 0).score
    assert 0 < score < 1
    assert Tally("x", helped + 1, did_not, 0).score > score > Tally("x", helped, did_not + 1, 0).score


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Bel mij op 038 000 10 10 graag", f"Bel mij op {LEFT_OUT} graag"),
        ("mail jan@garage.example", f"mail {LEFT_OUT}"),
        ("mijn auto GBB-01-B en gbb01b", f"mijn auto {LEFT_OUT} en {LEFT_OUT}"),
        ("polis 402231 klopt niet", f"polis {LEFT_OUT} klopt niet"),
        ("29 dagen, 21% en EH3 blijven", "29 dagen, 21% en EH3 blijven"),
        ("sinds 1 januari 2025", "sinds 1 januari 2025"),
    ],
)
def test_particulars_are_left_out(typed: str, kept: str) -> None:
    assert without_particulars(typed) == kept


@given(
    before=some.text(alphabet="abc ,.", max_size=20),
    number=some.from_regex(r"\A[0-9]{6,12}\Z"),
    address=some.from_regex(r"\A[a-z]{1,8}@[a-z]{1,8}\.nl\Z"),
)
def test_no_number_or_address_stays(before: str, number: str, address: str) -> None:
    kept = without_particulars(f"{before} {number} en {address}")
    assert number not in kept
    assert "@" not in kept
