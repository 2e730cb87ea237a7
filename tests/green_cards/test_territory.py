"""Where a card is valid: the lists of the sources on 1 January 2023, those of today, and what holds on every day."""

from datetime import date

from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from remise.fleet.rights import FleetRight
from remise.green_cards.products import SECTION
from remise.green_cards.territory import (
    BLOCK,
    ISO,
    SEPARATE,
    USUALLY_CROSSED,
    name_of,
    territory,
)
from tests import sessions, vehicles, world

THEN, NOW = date(2023, 1, 1), date(2026, 11, 22)
days = st.dates(date(2010, 1, 1), date(2040, 12, 31))
exclusions = st.frozensets(st.sampled_from([country.sign for country in SEPARATE]))


def others(day: date, **more: object) -> list[str]:
    return [box.sign for box in territory(on=day, **more) if not box.in_block]  # type: ignore[arg-type]


def crossed(day: date, **more: object) -> list[str]:
    return [box.sign for box in territory(on=day, **more) if box.crossed]  # type: ignore[arg-type]


def test_block_is_the_economic_area_and_switzerland() -> None:
    block = [
        "A",
        "B",
        "BG",
        "CY",
        "CZ",
        "D",
        "DK",
        "E",
        "EST",
        "F",
        "FIN",
        "GR",
        "H",
        "HR",
        "I",
        "IRL",
        "IS",
        "L",
        "LT",
        "LV",
        "M",
        "N",
        "NL",
        "P",
        "PL",
        "RO",
        "S",
        "SK",
        "SLO",
        "CH",
    ]
    for day in (THEN, NOW):
        assert [box.sign for box in territory(on=day) if box.in_block] == block


def test_separate_boxes_then_and_now() -> None:
    boxes = [
        "AL",
        "AND",
        "AZ",
        "BIH",
        "BY",
        "IL",
        "IR",
        "MA",
        "MD",
        "MNE",
        "NMK",
        "RUS",
        "SRB",
        "TN",
        "TR",
        "UA",
        "UK",
    ]
    assert others(THEN) == boxes
    assert others(NOW) == boxes


def test_russia_and_belarus_are_crossed_out_since_june_2023() -> None:
    assert crossed(date(2023, 5, 31)) == ["IR"]
    assert crossed(date(2023, 6, 1)) == ["BY", "IR", "RUS"]
    assert crossed(NOW) == ["BY", "IR", "RUS"]
    # A card that begins before and ends after promises nothing that ends.
    assert crossed(date(2023, 3, 1), until=date(2024, 2, 29)) == ["BY", "IR", "RUS"]


def test_signs_change_on_their_day() -> None:
    assert {"GB", "UK"} & set(others(date(2021, 9, 27))) == {"GB"}
    assert {"GB", "UK"} & set(others(date(2021, 9, 28))) == {"UK"}
    assert {"MK", "NMK"} & set(others(date(2019, 2, 11))) == {"MK"}
    assert {"MK", "NMK"} & set(others(date(2019, 2, 12))) == {"NMK"}


def test_every_country_names_its_source() -> None:
    assert all(country.source for country in (*BLOCK, *SEPARATE))


def test_countries_have_names_in_each_language() -> None:
    assert [name_of("RUS", language) for language in ("nl", "de", "en")] == ["Rusland", "Russland", "Russia"]
    assert all(name_of(sign, language) for sign in ISO for language in ("nl", "de", "en"))


@given(days, exclusions)
def test_block_is_never_crossed_out(day: date, excluded: frozenset[str]) -> None:
    boxes = territory(on=day, product_exclusions=excluded)
    assert not any(box.crossed for box in boxes if box.in_block)
    assert excluded & {box.sign for box in boxes} <= {box.sign for box in boxes if box.crossed}
    assert len({ISO[box.sign] for box in boxes}) == len(boxes)  # one box for each country


@given(days, days)
def test_a_longer_card_promises_no_more(one: date, other: date) -> None:
    first, last = sorted((one, other))
    assert set(crossed(first)) <= set(crossed(first, until=last))


@given(days)
def test_no_exclusions_leaves_only_what_nobody_covers(day: date) -> None:
    left = set(crossed(day, product_exclusions=frozenset()))
    assert left == ({"BY", "RUS"} if day >= date(2023, 6, 1) else set())
    assert set(crossed(day)) == left | USUALLY_CROSSED


def test_product_names_the_countries_that_its_card_crosses_out() -> None:
    """What the insurer leaves out, and where no insurer can give cover."""
    garage = world.garage(at=world.in_english(world.portal()))
    client = sessions.client_of(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    page = client.get(reverse("products:of_policy", args=[garage.policy.number])).content.decode()
    assert "Belarus, Iran, Russia" in page
    crossed = {box.sign for box in territory(on=vehicles.today(garage)) if box.crossed}
    assert crossed == {"BY", "IR", "RUS"}


def test_product_says_what_its_card_crossed_out_then() -> None:
    def words(on: date) -> list[str]:
        return [line.words for line in SECTION.lines({}, on) if line.label == "No cover in"]

    assert words(date(2023, 5, 31)) == ["Iran"]
    assert words(date(2023, 6, 1)) == ["Belarus, Iran, Russia"]
