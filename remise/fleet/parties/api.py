"""Drivers and lessees for programs: the selectors and actions of the pages."""

from typing import Any, Literal

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Query, Router, Schema, Status

from remise.core import paging
from remise.core.schemas import Before, Call, Cursor, Listed, Number, Sent, asks
from remise.core.schemas import listed as part_of
from remise.fleet.parties import described as shown
from remise.fleet.parties.actions import Particulars, add_party, change_party, erase_party
from remise.fleet.parties.described import PartyListed, PartyShown, PartyWithHistory
from remise.fleet.parties.forms import PartyForm
from remise.fleet.parties.merging import merge_parties
from remise.fleet.parties.selectors import ORDER, PartyQuery, current, page, periods
from remise.fleet.rights import FleetRight
from remise.organisations.access import require
from remise.ui.forms import valid

router = Router(tags=[_("vehicles")])


class PartyFilters(Schema):
    search: str = Field("", max_length=100, description=_("What a word of the name, or a number, begins with."))
    kind: Literal["", "person", "company"] = ""
    now: bool = Field(False, description=_("Only who has a vehicle today."))


class Sending(Sent):
    """As on the page; the page's own form and the rules judge it."""

    kind: str = Field("person", examples=["person"])
    name: str = Field("", examples=["J. Jansen"])
    reference: str = Field("", examples=["K-1001"])
    kvk: str = ""
    email: str = Field("", examples=["jan@example.com"])
    phone: str = ""

    def particulars(self) -> Particulars:
        return Particulars(**valid(PartyForm(self.model_dump())).cleaned_data)


class Merging(Sent):
    other: Number = Field(description=_("Who is this one as well: its id."), examples=[8])


@router.get(
    "/parties",
    response=Listed[PartyListed],
    url_name="parties",
    openapi_extra=asks(FleetRight.VIEW),
    summary=_("List drivers and lessees"),
    description=_("By name, fifty at a time."),
)
def parties(request: Call, filters: Query[PartyFilters], cursor: Cursor = "", before: Before = "") -> dict[str, Any]:
    require(request, FleetRight.VIEW)
    query = PartyQuery(filters.search, filters.kind, filters.now)
    after, until = (paging.opened(text, ORDER) for text in (cursor, before))
    found = page(request.actor, query, after=after, before=until)
    return part_of(found, shown.listed(found.rows))


@router.get(
    "/parties/{int:party}",
    response=PartyWithHistory,
    url_name="party",
    openapi_extra=asks(FleetRight.VIEW),
    summary=_("One driver or lessee, with every vehicle"),
    description=_("As known now. Of who was merged, the one that stayed."),
)
def party(request: Call, party: int) -> dict[str, Any]:
    require(request, FleetRight.VIEW)
    found = current(request.actor, party)
    return shown.with_history(found, periods(request.actor, found))


@router.post(
    "/parties",
    response={201: PartyShown},
    url_name="add_party",
    openapi_extra=asks(FleetRight.MANAGE_PARTIES),
    summary=_("Write a driver or lessee down"),
    description=_("Needed for what tells two of one name apart; whom a vehicle names is there by itself."),
)
def add(request: Call, response: HttpResponse, sent: Sending) -> Status[dict[str, Any]]:
    require(request, FleetRight.MANAGE_PARTIES)
    made = add_party(by=request.actor, particulars=sent.particulars())
    response["Location"] = reverse("api:party", args=[made.id])
    return Status(201, shown.party(made))


@router.post(
    "/parties/{int:party}",
    response=PartyShown,
    url_name="change_party",
    openapi_extra=asks(FleetRight.MANAGE_PARTIES),
    summary=_("Change who a driver or lessee is"),
    description=_("All of it: what is left out becomes empty."),
)
def change(request: Call, party: int, sent: Sending) -> dict[str, Any]:
    require(request, FleetRight.MANAGE_PARTIES)
    return shown.party(change_party(by=request.actor, party=party, particulars=sent.particulars()))


@router.post(
    "/parties/{int:party}/merger",
    response=PartyShown,
    url_name="merge_party",
    openapi_extra=asks(FleetRight.MANAGE_PARTIES),
    summary=_("Make two drivers or lessees one"),
    description=_(
        "This one stays; the other is found as this one from then on, by its number, its name and its vehicles. What"
        " this one lacks it gets from the other. It cannot be undone; sent twice it is done once."
    ),
)
def merge(request: Call, party: int, sent: Merging) -> dict[str, Any]:
    require(request, FleetRight.MANAGE_PARTIES)
    return shown.party(merge_parties(by=request.actor, party=party, other=sent.other))


@router.post(
    "/parties/{int:party}/erasure",
    response={204: None},
    url_name="erase_party",
    openapi_extra=asks(FleetRight.MANAGE_PARTIES),
    summary=_("Erase a driver or lessee"),
    description=_("Refused while one of them is named with a vehicle on cover. Vehicles and receipts stay."),
)
def erase(request: Call, party: int) -> Status[None]:
    require(request, FleetRight.MANAGE_PARTIES)
    erase_party(by=request.actor, party=party)
    return Status(204, None)
