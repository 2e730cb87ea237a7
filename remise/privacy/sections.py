"""What a person did, told from the events of all rooms; and the columns of rooms that keep nothing of a person."""

from django.utils.translation import gettext_lazy as _

from remise.core.particulars import Section, Untold, columns, parts

DEEDS = Section(
    "privacy.deeds",
    _("What you did"),
    {
        "at": _("When"),
        "what": _("What"),
        "company": _("Company"),
        "about": _("About"),
        "number": _("Number"),
        "via": _("By way of"),
    },
    parts("own_deeds")("deed"),
    columns("core_event", "account"),
)
UNTOLD = (
    Untold("each entry of the ledger has its event, which is told", columns("core_entry", "account")),
    Untold("the name of a company that is acted for", columns("core_reach", "name")),
    Untold(
        "that a hold was set or lifted has its event; whom it holds is told when it stands in the way",
        columns("portals_legalhold", "account", "held_by", "ended_by"),
    ),
    Untold(
        "a brand, its desk and its hosts, as every visitor reads them",
        columns("portals_portal", "name", "desk_name", "desk_phone", "desk_email"),
    ),
    Untold("names of products, in three languages", columns("policies_product", "names")),
    Untold("a vehicle as the register publishes it", columns("vehicles_vehicle", "in_name_since")),
)
