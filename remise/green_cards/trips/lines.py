"""The rules in words, in the reader's language: each line with the day of its rule and where it comes from."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core.identifiers import Plate
from remise.core.words import Text, language_now
from remise.green_cards.rules import Span
from remise.green_cards.territory import SYSTEM, name_in
from remise.green_cards.trips.tables import ABROAD, CHANGED, LIGHT_BELOW, TOLD, TRAILERS, Fact, Kind
from remise.ui.formats import day as shown_day


@dataclass(frozen=True, slots=True)
class Line:
    """`code` is for programs and stays as it is."""

    code: str
    words: str
    since: date
    source: str


def _line(code: str, words: str, since: date, source: Text) -> Line:
    return Line(code, words, since, str(source))


def named(countries: Iterable[str]) -> str:
    """In the reader's language: "Morocco, Tunisia and Turkey"."""
    names = sorted(name_in(iso, language_now()) for iso in countries)
    if len(names) < 2:
        return "".join(names)
    return _("%(most)s and %(last)s") % {"most": ", ".join(names[:-1]), "last": names[-1]}


def of_fact(fact: Fact) -> Line:
    """As it is said beside a country's name."""
    match fact.kind:
        case Kind.NOT_ASKED:
            words = _("No green card is required: your plate is proof. Taking it along is advised.")
        case Kind.MUST_SHOW:
            words = _("You must be able to show the green card; without it you risk a fine.")
        case Kind.DIGITAL:
            words = _(
                "A PDF on your telephone or a print on white paper is accepted. Take a print all the same: an empty"
                " telephone proves nothing."
            )
        case Kind.PAPER:
            words = _("The paper original is needed: ask for the card by post.")
        case Kind.WHITE_REFUSED:
            words = _("A card that you print on white paper yourself may be refused.")
        case Kind.SECOND_CARD:
            words = _("A trailer with a plate of its own needs a second card here, also when you only drive through.")
    return _line(fact.kind, words, fact.dated, fact.source)


def take_card(fact: Fact, countries: tuple[str, ...]) -> Line:
    where = {"countries": named(countries)}
    match fact.kind:
        case Kind.PAPER:
            words = _("The green card on paper, the original by post: %(countries)s.") % where
        case Kind.MUST_SHOW if fact.starts >= CHANGED:
            words = _("The green card, to show on paper or as a PDF: %(countries)s.") % where
        case Kind.MUST_SHOW:
            words = _("The green card, to show, the original by post: %(countries)s.") % where
        case _:
            words = _("The green card, on paper or as a PDF: not required, but advised.")
    return _line("take_card", words, fact.dated, fact.source)


def take_second(fact: Fact, trailer: Plate, countries: tuple[str, ...]) -> Line:
    words = ngettext(
        "A second card, of trailer %(plate)s: %(countries)s asks for it, also of who drives through.",
        "A second card, of trailer %(plate)s: %(countries)s ask for it, also of who drives through.",
        len(countries),
    ) % {"plate": trailer.formatted, "countries": named(countries)}
    return _line("take_second", words, fact.dated, fact.source)


def light_trailer() -> Line:
    words = _(
        "Your trailer goes along on the car's card: ask for a card on which it is noted. Damage that it does goes to"
        " the car's liability cover."
    )
    return _line("light_trailer", words, TOLD, TRAILERS)


def heavy_without_card(asking: Collection[str]) -> Line:
    """Where others would ask for one, it says where."""
    words = _("Your trailer with a plate of its own needs no card of its own on this trip.")
    if asking:
        only = ngettext("Only %(countries)s asks for one.", "Only %(countries)s ask for one.", len(asking))
        words = f"{words} {only % {'countries': named(asking)}}"
    return _line("heavy_without_card", words, TOLD, TRAILERS)


def ask_about_trailer(mass: int, *, has_plate: bool) -> Line:
    if mass == LIGHT_BELOW:
        words = _("Of a trailer of exactly 750 kg no source says which card it needs. Ask the insurer's desk.")
    elif has_plate:
        words = _(
            "Of a trailer lighter than 750 kg with a plate of its own no source says which card it needs. Ask the"
            " insurer's desk."
        )
    else:
        words = _(
            "Of a trailer heavier than 750 kg without a plate of its own no source says which card it needs. Ask the"
            " insurer's desk."
        )
    return _line("ask_about_trailer", words, TOLD, TRAILERS)


def too_long(limit: date) -> Line:
    words = _(
        "You stay longer than six calendar months. After %(day)s you need local insurance, and no card for this trip"
        " runs further."
    )
    return _line("too_long", words % {"day": shown_day(limit)}, TOLD, ABROAD)


def outside(since: date) -> Line:
    words = _("You are not insured here: this country is not in the green card system, and no card counts.")
    return _line("outside", words, since, SYSTEM)


def agreement_ended(since: date, source: Text) -> Line:
    words = _("You are not insured here: no insurer can give cover, and the country is crossed out on the card.")
    return _line("agreement_ended", words, since, source)


def left_out(since: date, source: Text) -> Line:
    words = _("You are not insured here: your insurer leaves this country out, and it is crossed out on the card.")
    return _line("left_out", words, since, source)


def not_insured(plate: Plate, day: date) -> Line:
    words = _("%(plate)s is not insured on %(day)s, when this trip begins.")
    return _line("not_insured", words % {"plate": plate.formatted, "day": shown_day(day)}, day, _("Your policy"))


def insurance_ends(plate: Plate, last: date) -> Line:
    words = _("%(plate)s is insured up to and including %(day)s: not to the end of this trip.")
    return _line("insurance_ends", words % {"plate": plate.formatted, "day": shown_day(last)}, last, _("Your policy"))


def has_card(number: str, span: Span, *, without: tuple[str, ...] = (), until: date | None = None) -> Line:
    """`without`: where it counts for nothing; `until`: as far as a card for this trip can go."""
    if without and until:
        words = _(
            "You have card %(number)s already: it is valid up to and including %(day)s, but not in %(countries)s."
        )
    elif without:
        words = _("You have card %(number)s already: it is valid to the end of the trip, but not in %(countries)s.")
    elif until:
        words = _("You have card %(number)s already: it is valid up to and including %(day)s.")
    else:
        words = _("You have card %(number)s already: it is valid for the whole trip.")
    said = {"number": number, "day": shown_day(min(span.last, until or span.last)), "countries": named(without)}
    return _line("has_card", words % said, span.first, _("Your green card"))


def card_ends(number: str, span: Span) -> Line:
    words = _("Your card %(number)s ends on %(day)s, before you are back. Ask for a new one.")
    said = {"number": number, "day": shown_day(span.last)}
    return _line("card_ends", words % said, span.first, _("Your green card"))
