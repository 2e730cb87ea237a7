"""What a product says of its cards: the section `[version.card]` of its file, from the version's first day on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from remise.core.identifiers import Plate
from remise.core.words import language_now
from remise.green_cards import rules
from remise.green_cards.rules import USUAL, CardRules, Delivery, Term
from remise.green_cards.territory import ISO, name_of, territory
from remise.policies.rules import ProductRules
from remise.policies.sections import Case, Line, Section
from remise.ui.formats import day as shown_day

NAME = "card"
_A_LEAP_YEAR = 2024


def _known(signs: list[str]) -> list[str]:
    if unknown := [sign for sign in signs if sign not in ISO]:
        raise ValueError(f"no country of the card has the sign {', '.join(unknown)}")
    return sorted(signs)


class CardSaid(BaseModel):
    """What is left out is as usual in the market."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    term: Term = USUAL.term
    months: int = Field(USUAL.months, ge=1, le=13)
    due_month: int = Field(USUAL.due_month, ge=1, le=12)
    due_day: int = Field(USUAL.due_day, ge=1, le=31)
    excluded: Annotated[list[str], AfterValidator(_known)] = sorted(USUAL.excluded)
    automatic: bool = USUAL.automatic
    ahead_days: int = Field(USUAL.ahead_days, ge=1, le=90)
    delivery: Delivery = USUAL.delivery


def card_rules(product: ProductRules) -> CardRules:
    """A product that says nothing of cards: the usual run."""
    stored = product.sections.get(NAME)
    if stored is None:
        return USUAL
    said = CardSaid.model_validate(stored)
    return CardRules(
        term=said.term,
        months=said.months,
        due_month=said.due_month,
        due_day=said.due_day,
        excluded=frozenset(said.excluded),
        source=product.source,
        starts=product.starts,
        automatic=said.automatic,
        ahead_days=said.ahead_days,
        delivery=said.delivery,
    )


def _lines(stored: Mapping[str, Any], on: date) -> Sequence[Line]:
    said = CardSaid.model_validate(stored)
    if said.term is Term.MONTHS:
        runs = ngettext("%(months)s month", "%(months)s months", said.months) % {"months": said.months}
    else:
        due = date(_A_LEAP_YEAR, said.due_month, said.due_day)
        runs = _("until the main due date, %(day)s") % {"day": shown_day(due, "plain")}
    lines = [Line(_("A card runs"), runs), Line(_("Comes"), _when(said))]
    if said.automatic:
        lines.append(Line(_("Delivery"), _DELIVERED[said.delivery]()))
    crossed = [box.sign for box in territory(on=on, product_exclusions=said.excluded) if box.crossed]
    if crossed:
        countries = (name_of(sign, language_now()) for sign in crossed)
        lines.append(Line(_("No cover in"), ", ".join(sorted(countries))))
    return lines


def _when(said: CardSaid) -> str:
    if not said.automatic:
        return _("when you ask for it")
    return ngettext(
        "by itself: at registration, and the next one %(days)s day before it ends",
        "by itself: at registration, and the next one %(days)s days before it ends",
        said.ahead_days,
    ) % {"days": said.ahead_days}


_DELIVERED = {
    Delivery.LIST: lambda: _("as a PDF in the list of cards"),
    Delivery.MAIL: lambda: _("as a PDF in the list of cards, and by mail"),
    Delivery.POST: lambda: _("as a PDF in the list of cards, and on paper by post"),
}


def _judge(product: ProductRules, case: Case) -> Mapping[str, object]:
    """The card of this vehicle, were its cover to run on."""
    said = card_rules(product)
    span = rules.span(said, Plate(case.plate), [(case.day, None)], today=case.today)
    return {"automatic": said.automatic, "first": span.first.isoformat(), "last": span.last.isoformat()}


def _tell(judged: Mapping[str, object]) -> Sequence[Line]:
    comes = _("by itself") if judged["automatic"] else _("when you ask for it")
    said = {name: shown_day(date.fromisoformat(str(judged[name]))) for name in ("first", "last")}
    days = _("%(first)s up to and including %(last)s") % said
    return [Line(_("Green card"), f"{comes}: {days}")]


SECTION = Section(NAME, gettext_lazy("Green cards"), CardSaid, _lines, _judge, _tell)
