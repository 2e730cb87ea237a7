"""What this room tells a person of what it keeps. It holds the account and no name: nothing is forgotten with it."""

from django.utils.translation import gettext_lazy as _

from remise.core.particulars import Section, Untold, columns, parts

REQUESTED = Section(
    "green_cards.requested",
    _("Green cards you requested"),
    {"company": _("Company"), "at": _("When"), "format": _("Format")},
    parts("own_shipments")("sent"),
    columns("green_cards_shipment", "requested_by"),
)
UNTOLD = Untold(
    "where a company had its cards sent to: the company's, and emptied when they have arrived",
    columns("green_cards_shipment", "addressee", "street", "postcode", "town"),
)
INSURER = Untold(
    "what an insurer prints on its cards of itself",
    columns("green_cards_cardsettings", "insurer_name", "signed_by", "claims_phone"),
)
POSTED = Untold(
    "who of the insurer's people printed and posted cards: told among what one did",
    columns("green_cards_shipment", "sent_by", "returned_by")
    | columns("green_cards_printbatch", "made_by", "sent_by"),
)
