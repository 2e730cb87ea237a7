"""The lists, twice: as the insurer told them on 1 January 2023, and as they are now (functions.md, note B)."""

from datetime import date

from remise.green_cards.trips.tables import EARLIEST, FACTS, OF_THE_CARD, Kind, countries

THEN, NOW = date(2023, 1, 1), date(2026, 11, 23)


def isos(text: str) -> set[str]:
    return set(text.split())


UNION = isos("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK")


def test_f139_digital_is_enough_in_33_countries_in_2023() -> None:
    then = countries(Kind.DIGITAL, on=THEN)
    assert then == UNION | {"GB"} | {"AD", "LI", "IS", "NO", "CH"}  # 28 and five others
    assert len(then) == 33


def test_f139_every_country_of_the_card_accepts_it_since_2025() -> None:
    assert countries(Kind.DIGITAL, on=date(2024, 12, 31)) == countries(Kind.DIGITAL, on=THEN)
    assert countries(Kind.DIGITAL, on=date(2025, 1, 1)) == OF_THE_CARD
    assert countries(Kind.DIGITAL, on=NOW) == OF_THE_CARD
    assert len(OF_THE_CARD) == 48


def test_f140_paper_is_needed_in_13_countries_in_2023_and_in_none_now() -> None:
    then = countries(Kind.PAPER, on=THEN)
    assert then == isos("AL AZ BA IR IL MK MA MD ME UA RU TN TR")
    assert len(then) == 13
    assert countries(Kind.PAPER, on=NOW) == set()


def test_f141_white_print_may_be_refused_where_the_digital_card_is_not_enough_until_2025() -> None:
    assert countries(Kind.WHITE_REFUSED, on=THEN) == OF_THE_CARD - countries(Kind.DIGITAL, on=THEN)
    assert countries(Kind.WHITE_REFUSED, on=NOW) == set()


def test_f142_it_must_be_shown_in_14_countries_in_2023_and_in_12_now() -> None:
    then = countries(Kind.MUST_SHOW, on=THEN)
    assert then == isos("AL BA IL IR MA MD ME UA RU RS TN TR MK BY")
    assert len(then) == 14
    now = countries(Kind.MUST_SHOW, on=NOW)
    assert now == then - {"BA", "ME", "RS"} | {"AZ"}
    assert len(now) == 12


def test_f143_nobody_asks_for_it_in_the_36_signatories_now() -> None:
    # With Liechtenstein, which shares a box with Switzerland and is counted with it.
    assert countries(Kind.NOT_ASKED, on=THEN) == countries(Kind.DIGITAL, on=THEN)
    now = countries(Kind.NOT_ASKED, on=NOW)
    assert now == UNION | isos("NO IS CH LI AD GB RS BA ME")
    assert len(now) == 36
    assert now | countries(Kind.MUST_SHOW, on=NOW) == OF_THE_CARD
    assert not now & countries(Kind.MUST_SHOW, on=NOW)


def test_f145_a_heavy_trailer_needs_a_second_card_in_three_countries() -> None:
    assert countries(Kind.SECOND_CARD, on=THEN) == countries(Kind.SECOND_CARD, on=NOW) == {"DE", "PL", "ES"}


def test_every_fact_has_a_source_and_a_day_that_is_not_to_come() -> None:
    for fact in FACTS:
        assert str(fact.source)
        assert fact.dated <= NOW
        assert fact.starts >= EARLIEST
        assert fact.countries <= OF_THE_CARD
