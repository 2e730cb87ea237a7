"""Acting for a client: beside the office that one works for, the session keeps a client of it. Each request asks the
database anew whether that is allowed, and what; nothing that was true a moment ago counts.

Who acts for a client is a member of the client's company to the wall and to the rights, without a membership there
and with the office in every event. So the wall is exactly the client's, and every page works as it is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from remise.core.actor import Actor, Assurance, Grants, can
from remise.core.doors import rows
from remise.core.scope import ActorKind
from remise.mandates.rights import ClientRight, can_be_mandated
from remise.mandates.views.ended import no_more
from remise.organisations import actors, refusals
from remise.organisations.fields import FieldGroup
from remise.organisations.requests import CLIENT, Client, Ground, MemberRequest, as_member
from remise.organisations.rights import catalogue
from remise.organisations.selectors import OwnMembership
from remise.organisations.standing_in import Standing, View
from remise.ui.shell import Band

type Page = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Told:
    """What the door tells: as whom one acts for a client, by which office, on which grounds and with which rights."""

    office: int
    office_name: str
    own_name: str
    client_name: str
    grounds: tuple[Ground, ...]
    grants: Grants
    withheld: frozenset[str]


def of_the_office(page: Page) -> Page:
    """Marks a page about the office itself, whichever client one acts for: its offers, the choice of a client."""
    page.of_the_office = True  # type: ignore[attr-defined]
    return page


def over_all_clients(page: Page) -> Page:
    """Marks a page over all clients of the office: it reads them as an agent does, and changes nothing."""
    page.over_all_clients = True  # type: ignore[attr-defined]
    return of_the_office(page)


def act_for(session: SessionBase, *, office: int, client: int) -> None:
    session[CLIENT] = [office, client]


def stop_acting(session: SessionBase) -> None:
    session.pop(CLIENT, None)


def find(request: MemberRequest, member: Actor, view: View) -> Standing:
    """As whom this request is made (organisations.standing_in); asked in the scope of the account."""
    if getattr(view, "over_all_clients", False):
        decision = can(member, ClientRight.ACT)
        if member.kind is not ActorKind.MEMBER or not decision:
            return Standing(member)  # the page refuses
        return Standing(replace(member, kind=ActorKind.AGENT, branch=None))
    chosen = request.session.get(CLIENT)
    if chosen is None or getattr(view, "of_the_office", False) or member.kind is not ActorKind.MEMBER:
        return Standing(member)
    office, client = chosen
    if office != member.organisation:
        return Standing(member)
    decision = can(member, ClientRight.ACT)
    if not decision:
        return Standing(member, refuse=lambda asked: refusals.forbidden(asked, decision))
    told = acts_for(member.account, office=office, client=client)
    if told is None:
        return Standing(member, refuse=partial(no_more, client=client))
    return Standing(
        _actor(member, client, told), Client(client, told.client_name, office, told.office_name, told.grounds)
    )


def find_later(organisation: int, account: int, office: int) -> OwnMembership | None:
    """For the system: what a job goes on with, where its work was begun from this office."""
    told = acts_for(account, office=office, client=organisation)
    if told is None:
        return None
    return _own(organisation, told)


def acts_for(account: int | None, *, office: int, client: int) -> Told | None:
    """What this person may do for this client now, from this office."""
    found = rows(
        "select office, office_name, own_name, client_name, mandate, purpose, rights, branches, until, fields"
        " from acts_for(%s, %s, %s)",
        account,
        office,
        client,
    )
    if not found:
        return None
    _office, office_name, own_name, client_name = found[0][:4]
    grounds = [row[4:] for row in found]
    return Told(office, office_name, own_name, client_name, _grounds(grounds), _grants(grounds), _withheld(grounds))


def band(plain: HttpRequest) -> Band | None:
    """Over each page."""
    client = getattr(as_member(plain), "client", None)
    if client is None:
        return None
    said = {"client": client.name}
    return Band(_("You act for %(client)s.") % said, _("Stop"), reverse("clients:stop"), icon="users")


def _actor(member: Actor, client: int, told: Told) -> Actor:
    places = {branch for _right, branch in told.grants}
    return actors.member(
        _own(client, told),
        account=member.account or 0,
        portal=member.in_portal,
        branch=places.pop() if len(places) == 1 else None,
        assurance=Assurance(member.assurance),
        clock_offset=member.clock_offset,
        via=member.via,
        office=told.office,
    )


def _own(client: int, told: Told) -> OwnMembership:
    return OwnMembership(0, client, told.client_name, told.own_name, told.grants, withheld=told.withheld)


def _grounds(found: Iterable[tuple[Any, ...]]) -> tuple[Ground, ...]:
    """One for each mandate; of an intermediary with several policies one, for as long as the last of them runs."""
    by_mandate: dict[int | None, Ground] = {}
    for mandate, purpose, rights, _branches, until, _fields in found:
        before = by_mandate.get(mandate)
        by_mandate[mandate] = Ground(mandate, purpose, counting(rights), _longer(before, until))
    return tuple(by_mandate.values())


def _longer(before: Ground | None, until: date | None) -> date | None:
    if before is None:
        return until
    return None if before.until is None or until is None else max(before.until, until)


def _grants(found: Iterable[tuple[Any, ...]]) -> Grants:
    return frozenset(
        (right, branch)
        for _mandate, _purpose, rights, branches, _until, _fields in found
        for right in counting(rights)
        for branch in (branches if branches is not None else [None])
    )


def _withheld(found: Iterable[tuple[Any, ...]]) -> frozenset[str]:
    """What every one of the grounds leaves out. To the intermediary of a policy nothing is left out."""
    shown = [FieldGroup.values if fields is None else fields for *_others, fields in found]
    return frozenset(FieldGroup.values).difference(*shown)


def counting(rights: Iterable[str]) -> frozenset[str]:
    """Those that a mandate can give, whatever stands in a row or in a tier."""
    return frozenset(right for right in rights if (entry := catalogue.get(right)) and can_be_mandated(entry.right))
