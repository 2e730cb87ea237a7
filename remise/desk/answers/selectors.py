"""Which templates there are, and which ones are offered beside a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.errors import NotVisible
from remise.core.identifiers import Plate
from remise.desk.answers import rules
from remise.desk.answers.rules import Placeholder
from remise.desk.kinds import kinds
from remise.desk.models import AnswerTemplate
from remise.desk.selectors import Case
from remise.organisations.names import names_in
from remise.portals.languages import spoken_of
from remise.portals.models import Portal
from remise.ui.formats import day as shown_day

SHOWN_RETIRED = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """One as the list shows it."""

    template: AnswerTemplate
    kind: str
    language: str
    who: str  # wrote it, or retired it


@dataclass(frozen=True, slots=True)
class Offer:
    """One as it would be sent, for the request on the page."""

    id: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Offers:
    """Those of one language."""

    language: str
    is_readers: bool  # who asked reads it
    templates: Sequence[Offer]


def templates(by: Actor) -> list[Shown]:
    in_use = AnswerTemplate.objects.filter(portal=by.in_portal, retired_at__isnull=True)
    found = list(in_use.order_by("use", "kind", "language", "title"))
    names = names_in(by.organisation, [one.made_by for one in found])
    return [_shown(one, names[one.made_by]) for one in found]


def retired(by: Actor) -> list[Shown]:
    """The last ones, the newest first."""
    gone = AnswerTemplate.objects.filter(portal=by.in_portal, retired_at__isnull=False)
    found = list(gone.order_by("-retired_at", "-id")[:SHOWN_RETIRED])
    names = names_in(by.organisation, [one.retired_by for one in found])
    return [_shown(one, names[one.retired_by or 0]) for one in found]


def template_of(by: Actor, number: int) -> AnswerTemplate:
    found = AnswerTemplate.objects.filter(id=number, portal=by.in_portal).first()
    if found is None:
        raise NotVisible(_("There is no such template."))
    return found


def language_of(case: Case, portal: Portal) -> str:
    """In which who asked reads; the portal's own where nobody did, or nobody is left."""
    ((language,),) = rows("select language_of_asker(%s)", case.request.id)
    return spoken_of(portal, language or "")


def offers(by: Actor, case: Case, portal: Portal) -> dict[str, list[Offers]]:
    """By use: for this kind of request and for all kinds, those in the reader's language first."""
    reads = language_of(case, portal)
    here = AnswerTemplate.objects.filter(
        Q(kind=case.request.kind) | Q(kind=""), portal=by.in_portal, retired_at__isnull=True
    )
    found = sorted(here, key=lambda one: (one.language != reads, one.language, not one.kind, one.title))
    known = {language: _known(case, language) for language in {one.language for one in found}}
    return {
        use: [
            Offers(
                _called(language),
                language == reads,
                [Offer(one.id, one.title, rules.filled(one.text, known[language])) for one in ones if one.use == use],
            )
            for language, ones in ((key, list(group)) for key, group in groupby(found, key=lambda one: one.language))
            if any(one.use == use for one in ones)
        ]
        for use in AnswerTemplate.Use.values
    }


def _known(case: Case, language: str) -> dict[str, str]:
    """What is known of this request, as it is written in this language."""
    if case.data is None:
        return {}
    with override(language):
        met = case.kind.rule_met(case.request.organisation, case.data, clock.day_of(case.request.opened_at))
        day = case.kind.day(case.data)
        return {
            Placeholder.COMPANY: case.company.name,
            Placeholder.PLATE: Plate(case.plate).formatted if case.plate else "",
            Placeholder.DAY: shown_day(day) if day else "",
            Placeholder.LIMIT: met.limit if met else "",
        }


def _shown(one: AnswerTemplate, who: str) -> Shown:
    kind = kinds.get(one.kind)
    return Shown(one, str(kind.label) if kind else "", _called(one.language), who)


def _called(language: str) -> str:
    return str(get_language_info(language)["name_local"]).capitalize()
