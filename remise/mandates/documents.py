"""The receipt of a mandate: drawn up when a party first asks for it, in that reader's language (docs/adr/0011). Each
party has its own, for neither may read the other's papers; what is given, changed and ended each has one."""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import rights
from remise.core.actor import Actor, can
from remise.core.errors import Forbidden, NotVisible
from remise.core.words import language_now
from remise.documents.actions import draw_up
from remise.documents.kinds import DocumentKind
from remise.documents.models import Document
from remise.mandates import selectors
from remise.mandates.rights import ClientRight, MandateRight
from remise.mandates.rules import State
from remise.mandates.selectors import Shown
from remise.organisations.models import Organisation
from remise.ui.formats import day, moment

RECEIPT = "mandates.receipt"
ABOUT = "mandate"


@transaction.atomic
def draw_up_given(*, by: Actor, mandate: int) -> Document:
    """For the company that gave it."""
    _require(by, MandateRight.MANAGE)
    row, shown = selectors.given_one(by, mandate)
    return _draw_up(by, shown, client=_own(by).name, office="" if row.office_is_person else shown.office)


@transaction.atomic
def draw_up_received(*, by: Actor, mandate: int) -> Document:
    """For the office that took it on."""
    _require(by, ClientRight.MANAGE)
    found = selectors.received_one(by, mandate)
    own = _own(by)
    name = "" if own.kind == Organisation.Kind.PERSON else own.name
    return _draw_up(by, found.mandate, client=found.mandate.client, office=name)


def may_read(by: Actor, _document: Document) -> None:
    """Of the own company, whichever party that is."""
    if not (can(by, MandateRight.MANAGE) or can(by, ClientRight.MANAGE)):
        raise Forbidden(rights.missing(MandateRight.MANAGE))


KIND = DocumentKind(name=RECEIPT, template="mandates/typst/receipt.typ", check=may_read)


def _require(by: Actor, right: MandateRight | ClientRight) -> None:
    decision = can(by, right)
    if not decision:
        raise Forbidden(decision)


def _own(by: Actor) -> Organisation:
    return Organisation.objects.get(id=by.company)


def _draw_up(by: Actor, shown: Shown, *, client: str, office: str) -> Document:
    if not shown.is_taken_on:
        raise NotVisible(_("Nobody took it on: there is nothing to receipt."))
    number = f"M-{shown.id}-{shown.version}"
    language = language_now()
    return draw_up(
        by=by,
        kind=RECEIPT,
        organisation=by.company,
        subject=(ABOUT, shown.id),
        title=_("Mandate %(number)s") % {"number": number},
        number=number,
        edition=str(shown.version),
        language=language,
        as_of=shown.starts,
        supersedes=_before(by, shown, language),
        snapshot=_snapshot(shown, client=client, office=office or _("a person who works alone")),
    )


def _before(by: Actor, shown: Shown, language: str) -> int | None:
    same = Document.objects.filter(organisation=by.company, kind=RECEIPT, subject_kind=ABOUT, subject=shown.id)
    found = same.filter(language=language).exclude(edition=str(shown.version)).order_by("-id")
    return found.values_list("id", flat=True).first()


def _snapshot(shown: Shown, *, client: str, office: str) -> dict[str, object]:
    """Who gave it and who took it on are not named: a sealed file cannot forget (docs/adr/0007)."""
    said = {"office": office, "client": client}
    over = shown.state in {State.ENDED, State.HANDED_BACK}
    return {
        "kind": _("Mandate"),
        "at": moment(shown.ended_at or shown.given_at),
        "headline": _("%(office)s acts for %(client)s no more") % said
        if over
        else _("%(office)s may act for %(client)s") % said,
        "facts": list(_facts(shown, client=client, office=office)),
        "rights_title": _("What the office may do") if not over else _("What the office could do"),
        "rights": [str(right) for right in shown.rights],
        "personal": _("Persons are not named here: who gave it and who accepted it are shown in the portal."),
    }


def _facts(shown: Shown, *, client: str, office: str) -> Iterator[tuple[str, str]]:
    yield _("Given by"), client
    yield _("Given to"), office
    yield _("For"), shown.purpose
    yield _("Branches"), ", ".join(shown.branches) or _("the whole company")
    yield _("Left out"), ", ".join(shown.left_out) or _("nothing")
    yield _("First day"), day(shown.starts)
    yield _("Last day"), day(shown.last_day) if shown.last_day else _("none: until it is ended")
    if shown.ended_at is None:
        return
    handed_back = shown.state is State.HANDED_BACK
    yield _("Ended"), moment(shown.ended_at)
    yield _("Ended by"), office if handed_back else client
