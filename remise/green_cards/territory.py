"""Where a card is valid: dated lists with their sources, and the boxes that follow from them for a day.

Signs are those of the card (the international signs of vehicles), not ISO codes. Nothing here asks a clock: the day
comes in, so that a card of last year shows what held last year.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from babel import Locale
from django.utils.translation import gettext_lazy as _

from remise.core.words import Text

MODEL = _("Council of Bureaux, Internal Regulations; model card of UNECE R.E.4, annex")


@dataclass(frozen=True, slots=True)
class Country:
    """One box of the card. `since` and `until` say when it stood on cards under this sign (`until` exclusive);
    `no_cover_from` is the day from which no insurer can give cover there."""

    sign: str
    iso: str
    since: date | None = None
    until: date | None = None
    usually_crossed: bool = False  # insurers leave it out unless their product says otherwise
    no_cover_from: date | None = None
    source: Text = MODEL

    def stands_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


ENDED = _("Council of Bureaux: agreements with the bureaux of Russia and Belarus ended, no cover from 1 June 2023")
SIGN_UK = _("The sign UK instead of GB since 28 September 2021; outside the block since 2021")
SIGN_NMK = _("The sign NMK instead of MK since 2019 (Prespa agreement)")

# The European Economic Area and Switzerland (with Liechtenstein): one box that cannot be crossed out.
BLOCK = tuple(
    Country(sign, iso, since)
    for sign, iso, since in (
        ("A", "AT", None),
        ("B", "BE", None),
        ("BG", "BG", None),
        ("CY", "CY", None),
        ("CZ", "CZ", None),
        ("D", "DE", None),
        ("DK", "DK", None),
        ("E", "ES", None),
        ("EST", "EE", None),
        ("F", "FR", None),
        ("FIN", "FI", None),
        ("GR", "GR", None),
        ("H", "HU", None),
        ("HR", "HR", date(2013, 7, 1)),
        ("I", "IT", None),
        ("IRL", "IE", None),
        ("IS", "IS", None),
        ("L", "LU", None),
        ("LT", "LT", None),
        ("LV", "LV", None),
        ("M", "MT", None),
        ("N", "NO", None),
        ("NL", "NL", None),
        ("P", "PT", None),
        ("PL", "PL", None),
        ("RO", "RO", None),
        ("S", "SE", None),
        ("SK", "SK", None),
        ("SLO", "SI", None),
        ("CH", "CH", None),
    )
)
SEPARATE = (
    Country("AL", "AL"),
    Country("AND", "AD"),
    Country("AZ", "AZ"),
    Country("BIH", "BA"),
    Country("BY", "BY", no_cover_from=date(2023, 6, 1), source=ENDED),
    Country("GB", "GB", until=date(2021, 9, 28), source=SIGN_UK),
    Country("IL", "IL"),
    Country("IR", "IR", usually_crossed=True),
    Country("MA", "MA"),
    Country("MD", "MD"),
    Country("MK", "MK", until=date(2019, 2, 12), source=SIGN_NMK),
    Country("MNE", "ME"),
    Country("NMK", "MK", since=date(2019, 2, 12), source=SIGN_NMK),
    Country("RUS", "RU", no_cover_from=date(2023, 6, 1), source=ENDED),
    Country("SRB", "RS"),
    Country("TN", "TN"),
    Country("TR", "TR"),
    Country("UA", "UA"),
    Country("UK", "GB", since=date(2021, 9, 28), source=SIGN_UK),
)
USUALLY_CROSSED = frozenset(country.sign for country in SEPARATE if country.usually_crossed)
# Small states without a box of their own: what holds in the one around them holds there.
WITHIN = {"LI": "CH", "MC": "FR", "SM": "IT", "VA": "IT"}
# Within reach by road, and not on the card: no insurer can give cover there by it.
OUTSIDE = ("AM", "DZ", "EG", "GE", "IQ", "JO", "KZ", "LB", "LY", "SY", "XK")
SYSTEM = _("Council of Bureaux: members of the green card system")
ISO = {country.sign: country.iso for country in (*BLOCK, *SEPARATE)}


@dataclass(frozen=True, slots=True)
class Box:
    """One country of the card's eighth box. The block's are never crossed out."""

    sign: str
    crossed: bool
    in_block: bool


def territory(
    *, on: date, product_exclusions: Collection[str] = USUALLY_CROSSED, until: date | None = None
) -> tuple[Box, ...]:
    """The boxes of a card that begins `on` and runs to `until` (the same day where none is given): the block, then
    the other countries by sign. A country whose agreement ends while the card runs is crossed out from the start, for
    the card promises cover to its last day."""
    last = until or on
    block = [Box(country.sign, crossed=False, in_block=True) for country in BLOCK if country.stands_on(on)]
    others = [
        Box(country.sign, crossed=country.sign in product_exclusions or _ends_by(country, last), in_block=False)
        for country in SEPARATE
        if country.stands_on(on)
    ]
    return (*block, *sorted(others, key=lambda box: box.sign))


def _ends_by(country: Country, last: date) -> bool:
    return country.no_cover_from is not None and country.no_cover_from <= last


def listed_since(on: date) -> date:
    """The day since which the card names the countries that it names `on` that day, and crosses out those."""
    told = {day for one in SEPARATE for day in (one.since, one.until, one.no_cover_from) if day is not None}
    return max(day for day in told if day <= on)


def country_of(iso: str, *, on: date) -> Country | None:
    """By whose box cover goes there on that day; None where the card knows no such country."""
    iso = WITHIN.get(iso, iso)
    return next((one for one in (*BLOCK, *SEPARATE) if one.iso == iso and one.stands_on(on)), None)


def every_country() -> frozenset[str]:
    """That the card has, or is around: what somebody may drive to."""
    return frozenset({*ISO.values(), *WITHIN, *OUTSIDE})


def name_of(sign: str, language: str) -> str:
    """The country as its readers call it; "Rusland" for RUS in Dutch."""
    return name_in(ISO[sign], language)


def with_signs(signs: Iterable[str], language: str) -> list[str]:
    """As whoever looks at a card finds them on it: "Belarus (BY)"."""
    return [f"{name_of(sign, language)} ({sign})" for sign in signs]


def name_in(iso: str, language: str) -> str:
    return str(Locale.parse(language).territories[iso])
