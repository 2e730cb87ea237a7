"""What stands in the file of a print batch besides the cards: first what is in it, for who stands at the printer, and
before the cards of each shipment a sheet with its address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel import Locale
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core.actor import Actor
from remise.core.errors import NotVisible
from remise.documents import house
from remise.documents.kinds import DocumentKind
from remise.documents.models import Document
from remise.green_cards.addresses import FIELDS, Address
from remise.green_cards.models import DIGITS, BatchShipment, CardSettings, PrintBatch, Shipment
from remise.green_cards.posting.rules import Pages, runs_of
from remise.portals.languages import spoken
from remise.portals.models import Portal
from remise.ui.formats import moment, number

MOST_LISTED = 60  # cards on the sheet with the address; it is one page


@dataclass(frozen=True, slots=True)
class Parcel:
    """A shipment of a batch with the papers of its cards; `missing`: so many more were asked for, and had ended."""

    line: BatchShipment
    shipment: Shipment
    papers: Sequence[Document]
    missing: int

    @property
    def language(self) -> str:
        return self.papers[0].language

    @property
    def serials(self) -> list[int]:
        return [int(paper.number) for paper in self.papers]


def _never(_by: Actor, _document: Document) -> None:
    raise NotVisible(_("There is no such document."))


# They are drawn for the printer, as a part of one file, and are no documents of a company.
SHEET, CONTENTS = (
    DocumentKind(name=f"print_{name}", template=f"green_cards/typst/{name}.typ", check=_never, sealed=False)
    for name in ("sheet", "contents")
)


def title_of(batch: PrintBatch) -> str:
    return _("Print batch %(number)s") % {"number": batch.number}


def numbers(serials: Sequence[int]) -> str:
    """As they stand on the cards: those in a row by the first and the last of them."""
    rows = (f"{a:0{DIGITS}d}" if a == b else f"{a:0{DIGITS}d}–{b:0{DIGITS}d}" for a, b in runs_of(sorted(serials)))
    return ", ".join(rows)


def sheet(
    batch: PrintBatch, portal: Portal, settings: CardSettings, parcel: Parcel, pages: Pages, of: int
) -> Document:
    """In the language of the cards; what is for the printer in that of the batch."""
    with translation.override(batch.language):
        mark = {
            "left": _("Batch %(batch)s · Shipment %(shipment)s · %(place)s of %(of)s")
            % {"batch": batch.number, "shipment": parcel.shipment.id, "place": parcel.line.place, "of": of},
            "right": _("%(cards)s · pages %(first)s–%(last)s")
            % {"cards": counted(len(parcel.papers)), "first": pages.first, "last": pages.last},
        }
        title = title_of(batch)
    with translation.override(parcel.language):
        count = len(parcel.papers)
        body = {
            "mark": mark,
            "sender": " · ".join(part for part in (settings.insurer_name, settings.insurer_address) if part),
            "address": _lines(portal, settings, parcel),
            "title": ngettext("Here is your green card", "Here are your %(count)s green cards", count)
            % {"count": count},
            "text": ngettext(
                "Keep it with the vehicle when you go abroad.",
                "Keep each with its vehicle when you go abroad.",
                count,
            ),
            "cards": [_listed(paper) for paper in parcel.papers[:MOST_LISTED]],
            "more": _more(count - MOST_LISTED),
            "missing": _missing(parcel.missing),
        }
    return _paper(SHEET, batch, portal, parcel.language, title, body)


def contents(
    batch: PrintBatch, portal: Portal, parcels: Sequence[Parcel], pages: Sequence[Pages], of: int
) -> Document:
    """`of`: the pages of the whole file."""
    with translation.override(batch.language):
        rows = [
            {
                "place": str(parcel.line.place),
                "shipment": str(parcel.shipment.id),
                "to": ", ".join(part for part in (parcel.shipment.addressee, parcel.shipment.town) if part),
                "numbers": numbers(parcel.serials),
                "cards": str(len(parcel.papers)),
                "pages": f"{page.first}–{page.last}",
                "missing": _missing(parcel.missing),
            }
            for parcel, page in zip(parcels, pages, strict=True)
        ]
        body = {
            "title": title_of(batch),
            "text": _("Made on %(moment)s") % {"moment": moment(batch.made_at)},
            "facts": [
                [_("Envelopes"), number(len(parcels))],
                [_("Green cards"), number(batch.cards)],
                [_("Pages of this file"), number(of)],
                [_("Printer"), _("on both sides") if batch.both_sides else _("on one side")],
            ],
            "check": _(
                "Each envelope begins with a sheet that has its address. At its foot stand the pages that belong to"
                " it: count them before you close the envelope."
            ),
            "list_title": _("What is in it"),
            "head": [_("No."), _("Shipment"), _("To"), _("Cards"), _("Count"), _("Pages")],
            "rows": rows,
        }
        return _paper(CONTENTS, batch, portal, batch.language, title_of(batch), body)


def counted(cards: int) -> str:
    return ngettext("%(count)s card", "%(count)s cards", cards) % {"count": number(cards)}


def _lines(portal: Portal, settings: CardSettings, parcel: Parcel) -> list[str]:
    address = Address(**{name: getattr(parcel.shipment, name) for name in FIELDS})
    if address.country in ("", settings.country_code):
        return address.lines
    # In capitals, and in the language of the country in which it is posted (Universal Postal Union, S42).
    names = Locale.parse(spoken(portal)[0]).territories
    return [*address.lines, str(names[address.country]).upper()]


def _listed(paper: Document) -> list[str]:
    return [paper.snapshot["body"]["card"]["plate"], paper.number]


def _more(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext("And %(count)s more.", "And %(count)s more.", count) % {"count": number(count)}


def _missing(count: int) -> str:
    if not count:
        return ""
    said = ngettext(
        "%(count)s card ended before it was printed, and is not enclosed.",
        "%(count)s cards ended before they were printed, and are not enclosed.",
        count,
    )
    return said % {"count": number(count)}


def _paper(
    kind: DocumentKind, batch: PrintBatch, portal: Portal, language: str, title: str, body: Mapping[str, object]
) -> Document:
    """Drawn and not kept."""
    return Document(
        portal=batch.portal,
        kind=kind.name,
        language=language,
        title=title,
        snapshot={**house.frame(portal, language), "body": body},
        made_at=batch.made_at,
    )
