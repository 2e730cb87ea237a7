"""What is printed: the card itself, box by box after the model (UNECE R.E.4, annex), and the page that goes with it.
Nothing but the model's boxes may stand on the card, so all that helps a driver stands on the second page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import StringIO
from typing import Any

import qrcode
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from remise.documents.models import Document
from remise.green_cards import territory
from remise.green_cards.models import CardSettings, GreenCard
from remise.portals.models import Portal
from remise.portals.requests import address_at, host_of
from remise.ui.formats import day as shown_day
from remise.ui.formats import plate_text

KIND_NAME = "green_card"
SUBJECT = "green_card"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What all cards of one request have in common."""

    portal: Portal
    settings: CardSettings
    holder: Sequence[str]  # name and address of the policyholder, box 9
    host: str
    language: str


def sheet(portal: Portal, settings: CardSettings, holder: Sequence[str], *, language: str) -> Sheet:
    return Sheet(portal, settings, holder, host_of(portal), language)


def check_url(of: Sheet, card: GreenCard) -> str:
    return address_at(of.host, reverse("green_cards:check", args=[card.token]))


def title_of(card: GreenCard) -> str:
    """Also the file's name: no particulars in it."""
    return _("Green card %(number)s") % {"number": card.number}


def snapshot(of: Sheet, card: GreenCard) -> dict[str, Any]:
    """All that is printed of one card, in the language of the second page."""
    with translation.override(of.language):
        front = _card(of, card)
        return {"card": front, "page": _page(of, card, front, reprint=0)}


def snapshot_again(of: Sheet, card: GreenCard, original: Document, *, reprint: int) -> dict[str, Any]:
    """The same card as it was printed, whatever the insurer's settings and the company's name are by now; the page
    that goes with it is today's, and so is the word for who cannot see what is crossed out."""
    with translation.override(of.language):
        front = {**original.snapshot["body"]["card"], "crossed_word": _("crossed out")}
        return {"card": front, "page": _page(of, card, front, reprint=reprint)}


def _card(of: Sheet, card: GreenCard) -> dict[str, Any]:
    settings = of.settings
    return {
        "specimen": settings.insurer_code is None,
        "country_code": settings.country_code,
        "insurer_code": settings.insurer_code or "",
        "number": card.number,
        "bureau": settings.bureau,
        "from": _day(card.valid_from),
        "to": _day(card.valid_to),
        "plate": plate_text(card.plate),
        "category": card.category,
        "with_trailer": card.with_trailer,
        "make": card.make,
        "block": card.territory["block"],
        "others": [
            {"sign": sign, "crossed": sign in card.territory["crossed"]}
            for sign in sorted([*card.territory["covered"], *card.territory["crossed"]])
        ],
        "crossed_word": _("crossed out"),
        "holder": list(of.holder),
        "insurer": [line for line in (settings.insurer_name, settings.insurer_address) if line],
        "signed_by": settings.signed_by,
        "signature": settings.signature,
        "mark": "",
    }


def _page(of: Sheet, card: GreenCard, front: Mapping[str, Any], *, reprint: int) -> dict[str, Any]:
    url = check_url(of, card)
    settings = of.settings
    crossed = territory.with_signs(card.territory["crossed"], of.language)
    return {
        "title": _("With your green card %(number)s") % {"number": card.number},
        "vehicle": plate_text(card.plate),
        "span": _("Valid from %(first)s up to and including %(last)s")
        % {"first": shown_day(card.valid_from), "last": shown_day(card.valid_to)},
        "trailer": _of_trailer(card),
        "mark": (_("Reprint %(number)s") % {"number": reprint}) if reprint else "",
        "specimen": _(
            "This is a specimen: the insurer has not entered the code that its national bureau gave it. It proves no"
            " cover."
        )
        if front["specimen"]
        else "",
        "help_title": _("Breakdown or accident"),
        "help": [
            [_("Assistance in your own country"), settings.assistance_home],
            [_("Assistance abroad"), settings.assistance_abroad],
            [_("Report a loss"), settings.claims_phone],
        ],
        "check_title": _("Is this card still valid?"),
        "check": _(
            "Scan the code, or open the address. It says at once whether the card is valid, and nothing else."
        ),
        "url": url,
        "qr": qr_svg(url),
        "qr_alt": _("QR code that opens the page on which this card is checked"),
        "crossed_title": _("No cover here"),
        "crossed": crossed,
        "crossed_text": _("These countries are crossed out on the card. You are not insured there."),
        "advice_title": _("Before you leave"),
        "advice": [
            _("Keep the card with you, on paper or as this file on your telephone."),
            _("After an accident: write the number of the card on the European accident statement."),
            _("The card ends when the insurance ends, also before the last day that is printed on it."),
        ],
    }


def _of_trailer(card: GreenCard) -> str:
    if card.is_second:
        said = {"trailer": plate_text(card.plate), "car": plate_text(card.pulled_by)}
        return (
            _("The second card, for trailer %(trailer)s. It is valid while %(car)s, which pulls it, is insured.")
            % said
        )
    if card.with_trailer:
        return _("A trailer or caravan lighter than 750 kg without a plate of its own goes along on this card.")
    return ""


def _day(day: date) -> Mapping[str, int]:
    return {"day": day.day, "month": day.month, "year": day.year}


@lru_cache(maxsize=512)
def qr_svg(text: str) -> str:
    """As lines of squares: the library's own path draws each square apart, which shows as hairlines in print and
    makes every snapshot twice as long. Medium correction: paper gets folded."""
    # One of the eight masks, any of which every reader takes: looking for the prettiest took six times as long.
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4, mask_pattern=3)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    size = len(matrix)
    path = StringIO()
    for y, row in enumerate(matrix):
        x = 0
        while x < size:
            run = x
            while run < size and row[run]:
                run += 1
            if run > x:
                path.write(f"M{x} {y}h{run - x}v1h{x - run}z")
            x = max(run, x + 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path.getvalue()}" fill="#000"/></svg>'
    )
