"""What holds for cars that go abroad: dated facts with their sources. Countries by their ISO code, which stays as it
is where the sign on the card changes.

`starts` and `ends` say when the advice goes by a fact (`ends` exclusive); `since`, where it is another day, when the
rule itself began.

The insurer's lists of 2023 stand here as customers were told them then. On some countries they were behind: Bosnia
and Herzegovina, Montenegro and Serbia no longer asked for a card. On 1 January 2025 the rules for paper changed
everywhere; from that day on the advice goes by the bureaux alone.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from remise.core.words import Text
from remise.green_cards.territory import BLOCK, SEPARATE, WITHIN

EARLIEST = date(2020, 7, 1)  # white paper and PDF are allowed since; of trips before it nothing is known here
CHANGED = date(2025, 1, 1)
TOLD = date(2023, 1, 1)  # the day of the insurer's lists

LISTS = _("Country lists of the insurer, 1 January 2023")
AGREEMENT = _("Multilateral Agreement of 30 May 2002 between the bureaux: no check at the border (bcf.asso.fr)")
BOSNIA = _("Commission Implementing Decision (EU) 2020/1358: Bosnia and Herzegovina in the Multilateral Agreement")
MONTENEGRO = _("Commission Implementing Decision (EU) 2021/1145: Montenegro in the Multilateral Agreement")
SERBIA = _("Association of Serbian Insurers (uos.rs): Serbia in the Multilateral Agreement")
CHECKED = _("Bureau Central Français (bcf.asso.fr): countries outside the Multilateral Agreement")
DIGITAL = _("Council of Bureaux (cobx.org): each country accepts the card on paper or as a PDF")
WHITE = _("Council of Bureaux (cobx.org): white paper and PDF are allowed")
TRAILERS = _("Advice of the insurer on trailers, 1 January 2023")
ABROAD = _("Advice of the insurer on long stays, 1 January 2023")


class Kind(StrEnum):
    """What a fact says of the countries it names."""

    NOT_ASKED = "not_asked"  # no green card is asked for: the plate is proof
    MUST_SHOW = "must_show"  # who cannot show it risks a fine
    DIGITAL = "digital"  # a PDF on a telephone is enough
    PAPER = "paper"  # the paper original is needed
    WHITE_REFUSED = "white_refused"  # a print on white paper may be refused
    SECOND_CARD = "second_card"  # a trailer with a plate of its own needs a card too


@dataclass(frozen=True, slots=True)
class Fact:
    kind: Kind
    countries: frozenset[str]
    source: Text
    starts: date
    ends: date | None = None
    since: date | None = None

    @property
    def dated(self) -> date:
        """The day of the rule."""
        return self.since or self.starts

    def holds_on(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day < self.ends)


OF_THE_CARD = frozenset({*(country.iso for country in (*BLOCK, *SEPARATE)), "LI"})
UNION = frozenset(country.iso for country in BLOCK) - {"CH", "IS", "NO"}
# The list of 2023 counts 28 states of the Union: the United Kingdom is one of them.
EUROPE = UNION | {"GB", "AD", "CH", "IS", "LI", "NO"}
PAPER_TOLD = frozenset({"AL", "AZ", "BA", "IL", "IR", "MA", "MD", "ME", "MK", "RU", "TN", "TR", "UA"})
SHOWN_TOLD = frozenset({"AL", "BA", "BY", "IL", "IR", "MA", "MD", "ME", "MK", "RS", "RU", "TN", "TR", "UA"})
CHECKING = frozenset({"AL", "AZ", "BY", "IL", "IR", "MA", "MD", "MK", "RU", "TN", "TR", "UA"})

FACTS = (
    Fact(Kind.NOT_ASKED, EUROPE, AGREEMENT, EARLIEST, since=date(2002, 5, 30)),
    Fact(Kind.NOT_ASKED, frozenset({"BA"}), BOSNIA, CHANGED, since=date(2020, 10, 19)),
    Fact(Kind.NOT_ASKED, frozenset({"ME"}), MONTENEGRO, CHANGED, since=date(2021, 8, 2)),
    Fact(Kind.NOT_ASKED, frozenset({"RS"}), SERBIA, CHANGED, since=date(2012, 1, 1)),
    Fact(Kind.MUST_SHOW, SHOWN_TOLD, LISTS, EARLIEST, CHANGED, since=TOLD),
    Fact(Kind.MUST_SHOW, CHECKING, CHECKED, CHANGED),
    Fact(Kind.DIGITAL, EUROPE, WHITE, EARLIEST, CHANGED),
    Fact(Kind.DIGITAL, OF_THE_CARD, DIGITAL, CHANGED),
    Fact(Kind.PAPER, PAPER_TOLD, LISTS, EARLIEST, CHANGED, since=TOLD),
    Fact(Kind.WHITE_REFUSED, OF_THE_CARD - EUROPE, LISTS, EARLIEST, CHANGED, since=TOLD),
    Fact(Kind.SECOND_CARD, frozenset({"DE", "ES", "PL"}), TRAILERS, EARLIEST, since=TOLD),
)

LONGEST_MONTHS = 6  # of one stay abroad, in calendar months
LIGHT_BELOW = 750  # kg of maximum mass: lighter trailers have no plate of their own, heavier ones have


def fact(kind: Kind, iso: str, *, on: date) -> Fact | None:
    """Of this country, or of the one whose box it shares."""
    found = (one for one in FACTS if one.kind is kind and one.holds_on(on))
    return next((one for one in found if one.countries & {iso, WITHIN.get(iso, iso)}), None)


def countries(kind: Kind, *, on: date) -> frozenset[str]:
    return frozenset[str]().union(*(one.countries for one in FACTS if one.kind is kind and one.holds_on(on)))
