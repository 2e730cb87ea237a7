"""A trip in words."""

from collections.abc import Sequence

from django import template
from django.utils.translation import gettext as _

from remise.core.words import language_now
from remise.green_cards.territory import name_in
from remise.green_cards.trips.lines import named
from remise.green_cards.trips.rules import Verdict

register = template.Library()


@register.filter
def country(iso: str) -> str:
    return name_in(iso, language_now())


@register.filter
def countries(found: Sequence[str]) -> str:
    return named(found)


@register.simple_tag
def verdict_words(verdict: Verdict, no_cover: Sequence[str]) -> str:
    match verdict:
        case Verdict.NOT_INSURED:
            return _("You are not insured when you leave")
        case Verdict.NOT_EVERYWHERE:
            return _("You are not insured in %(countries)s") % {"countries": named(no_cover)}
        case Verdict.ASK:
            return _("Ask the insurer's desk about the trailer first")
        case Verdict.INSURANCE_ENDS:
            return _("You are not insured until you are back")
        case Verdict.TOO_LONG:
            return _("You can go, for six months at most")
        case Verdict.PAPER:
            return _("You can go, with the green card on paper")
        case Verdict.SHOW:
            return _("You can go, with the green card")
        case Verdict.FREE:
            return _("You can go; no green card is required")
