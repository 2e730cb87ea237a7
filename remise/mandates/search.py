"""Intermediaries by their number; and what an office finds at its clients."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy

from remise.core.actor import Actor, can
from remise.core.doors import rows
from remise.core.models import Reach
from remise.core.scope import ActorKind
from remise.core.search.kinds import Found, Hit, SearchKind, any_number
from remise.mandates.acting import counting
from remise.mandates.models import Intermediary
from remise.mandates.rights import ClientRight, IntermediaryRight
from remise.search.elsewhere import Elsewhere


def _intermediaries(by: Actor, found: Sequence[Found]) -> Mapping[int, Hit]:
    """Only the insurer's people read that table; an office knows its own number by a door."""
    if by.kind is not ActorKind.STAFF:
        own = rows("select number from own_intermediary()")
        return {one.subject: Hit(own[0][0], reverse("clients:inbox")) for one in found} if own else {}
    known = Intermediary.objects.filter(portal=by.in_portal, id__in=[one.subject for one in found])
    may_edit = bool(can(by, IntermediaryRight.MANAGE))
    return {
        one.id: Hit(
            one.number,
            reverse("intermediaries:edit", args=[one.id]) if may_edit else "",
            one.contact,
            of_the_insurer=may_edit,
        )
        for one in known
    }


KIND = SearchKind(
    "intermediary",
    gettext_lazy("Intermediaries"),
    "users",
    (ClientRight.ACT,),
    _intermediaries,
    any_number(20),
    in_branches=False,
    order=56,
)


def held_at_clients(by: Actor, companies: Sequence[int]) -> Mapping[int, frozenset[str]]:
    """The rights that this office holds in all of each of these clients, for who reads as an agent."""
    reached = Reach.objects.filter(viewer=by.company, organisation__in=companies)
    return {organisation: counting(rights) for organisation, rights in reached.values_list("organisation", "rights")}


def works_for_clients(by: Actor) -> bool:
    """Whether somebody may look over the clients now: in the own office, and not as a colleague."""
    return (
        by.kind is ActorKind.MEMBER and by.office is None and by.looks_as is None and bool(can(by, ClientRight.ACT))
    )


AT_CLIENTS = Elsewhere("clients", works_for_clients, held_at_clients, "clients:act")
