"""What somebody finds: only what this person may open, in the own company, at clients, or in the whole portal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core.actor import Actor, can
from remise.core.limits import TooOften
from remise.core.scope import ActorKind, switch
from remise.core.search.finding import Ask, Where, found
from remise.core.search.kinds import Found, Hit, SearchKind, search_kinds
from remise.core.search.words import SHORTEST
from remise.core.words import Text
from remise.organisations.models import Organisation
from remise.search.elsewhere import elsewhere
from remise.search.rights import LookUpRight

FEW, MANY = 5, 50  # of a kind: beside the others, and by itself
LONGEST = 100  # of what is typed


@dataclass(frozen=True, slots=True)
class Line:
    """A hit in its place. `company`: whose it is, where that is not the own one. `client`: what the form says that
    goes on for that company; such a line has no page until one acts for it."""

    subject: int
    hit: Hit
    url: str
    company: str = ""
    client: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    kind: SearchKind
    lines: Sequence[Line]
    is_cut: bool = False  # there may be more


@dataclass(frozen=True, slots=True)
class Results:
    typed: str
    groups: Sequence[Group] = ()
    clients: Sequence[Group] = ()  # of companies for which one can go on
    act: str = ""  # where that is done
    refused: str = ""  # what could not be looked up, and why
    only: str = ""  # one kind alone
    exact: str = ""  # the one page that all of a number leads to

    @property
    def is_asked(self) -> bool:
        return _is_enough(self.typed)

    @property
    def count(self) -> int:
        return sum(len(group.lines) for group in (*self.groups, *self.clients))


@dataclass(frozen=True, slots=True)
class _Side:
    """One way of looking: as whom, and by what the wall goes there."""

    by: Actor  # as whom things are described
    where: Where
    asks: Sequence[Ask]


def _is_enough(typed: str) -> bool:
    """A dash is no character to look for."""
    return sum(char.isalnum() for char in typed) >= SHORTEST


def search(by: Actor, typed: str, *, only: str = "", also_elsewhere: bool = True) -> Results:
    """By kind, in their order. `only` one kind shows many of it."""
    typed = typed.strip()[:LONGEST]
    if not _is_enough(typed):
        return Results(typed)
    kinds = sorted((kind for kind in search_kinds if only in ("", kind.name)), key=lambda kind: kind.order)
    most = MANY if only else FEW
    side = _own_side(by, kinds)
    things, refused = _look(side, typed, most)
    groups = [_group(by, side, kind, some, most) for kind, some in things]
    groups = [group for group in groups if group.lines]
    over = next((one for one in elsewhere if one.works(by)), None) if also_elsewhere else None
    clients = _at_clients(by, typed, kinds, most) if over else []
    exact = _only_page(things, groups) if not clients else ""
    return Results(typed, groups, clients, over.act if over else "", refused, only, exact)


type _Things = Sequence[tuple[SearchKind, Sequence[Found]]]


def _own_side(by: Actor, kinds: Sequence[SearchKind]) -> _Side:
    if by.kind is ActorKind.STAFF and can(by, LookUpRight.CUSTOMERS):
        return _Side(holding(by), Where.PORTAL, [Ask(kind, by.in_portal) for kind in kinds])
    asks = [ask for kind in kinds if (ask := _ask(by, kind)) is not None]
    return _Side(by, Where.COMPANY, asks)


def _ask(by: Actor, kind: SearchKind) -> Ask | None:
    """Where one of the kind's rights is held; None where none is."""
    rights = set(kind.rights)
    places = {branch for right, branch in by.grants if right in rights}
    if not places or by.organisation is None:
        return None
    if None in places or not kind.in_branches:
        return Ask(kind, by.organisation)
    return Ask(kind, by.organisation, frozenset(place for place in places if place is not None))


def holding(by: Actor) -> Actor:
    """Who reads over many companies has what opens a thing in all of each: it was judged before it is described."""
    return replace(by, grants=by.grants | {(right, None) for kind in search_kinds for right in kind.rights})


def _look(side: _Side, typed: str, most: int) -> tuple[_Things, str]:
    """Kind by kind what was found, and what was refused."""
    things, refused = found(side.asks, typed, where=side.where, most=most + 1), ""
    for ask in side.asks:
        if ask.kind.look_up is not None:
            try:
                things[ask.kind.name] = list(ask.kind.look_up(side.by, typed))
            except TooOften as often:
                refused = _too_often(often)
    return [(ask.kind, things[ask.kind.name]) for ask in side.asks if things.get(ask.kind.name)], refused


def _too_often(often: TooOften) -> str:
    words = ngettext(
        "You looked up many chassis numbers. You can try again in %(minutes)s minute.",
        "You looked up many chassis numbers. You can try again in %(minutes)s minutes.",
        often.minutes,
    )
    return words % {"minutes": often.minutes}


def _group(by: Actor, side: _Side, kind: SearchKind, things: Sequence[Found], most: int) -> Group:
    hits = kind.describe(side.by, things)
    shown = [one for one in things if one.subject in hits]
    names = _names(by, shown)
    lines = [line for one in shown if (line := _line(by, kind, one, hits[one.subject], names)) is not None]
    return Group(kind, lines[:most], is_cut=len(lines) > most)


def _names(by: Actor, things: Sequence[Found]) -> Mapping[int, str]:
    others = {one.organisation for one in things} - {by.organisation}
    return dict(Organisation.objects.filter(id__in=others).values_list("id", "name")) if others else {}


def _line(by: Actor, kind: SearchKind, one: Found, hit: Hit, names: Mapping[int, str]) -> Line | None:
    if one.organisation == by.organisation:
        holds = any(right in set(kind.rights) for right, _branch in by.grants)
        return Line(one.subject, hit, hit.url) if hit.url and (holds or hit.of_the_insurer) else None
    company = names.get(one.organisation, "")
    if hit.of_the_insurer:
        return Line(one.subject, hit, hit.url, company)
    page = reverse("search:company", args=[one.organisation])
    if kind.sight:
        page += "?" + urlencode({"kind": kind.name, "thing": str(one.subject)})
    return Line(one.subject, hit, page, company if company != hit.title else "")


def _only_page(things: _Things, groups: Sequence[Group]) -> str:
    """Where all of one number leads, if nothing else was found: there is nothing to choose."""
    exact = {(kind.name, one.subject) for kind, some in things for one in some if one.exact}
    lines = [(group.kind.name, line) for group in groups for line in group.lines]
    if len(lines) != 1:
        return ""
    ((kind, line),) = lines
    return line.url if (kind, line.subject) in exact else ""


def _at_clients(by: Actor, typed: str, kinds: Sequence[SearchKind], most: int) -> list[Group]:
    """Read as an agent, who meets the clients of the office and changes nothing."""
    agent = replace(holding(by), kind=ActorKind.AGENT, branch=None)
    switch(agent.scope)
    try:
        asks = [Ask(kind, by.in_portal) for kind in kinds if kind.look_up is None]
        groups = [*_of_clients(agent, _Side(agent, Where.PORTAL, asks), typed, most)]
    finally:
        switch(by.scope)
    return groups


def _of_clients(agent: Actor, side: _Side, typed: str, most: int) -> Iterator[Group]:
    things, _refused = _look(side, typed, most)
    companies = {one.organisation for _kind, some in things for one in some}
    held: dict[int, frozenset[str]] = {}
    for over in elsewhere:
        held |= over.held(agent, sorted(companies))
    names = dict(Organisation.objects.filter(id__in=held).values_list("id", "name"))
    for kind, some in things:
        rights = set(kind.rights)
        opened = [one for one in some if one.organisation in names and held[one.organisation] & rights]
        hits = kind.describe(agent, opened) if opened else {}
        lines = [
            _client_line(one, hits[one.subject], names[one.organisation]) for one in opened if one.subject in hits
        ]
        if lines:
            yield Group(kind, lines[:most], is_cut=len(lines) > most)


def _client_line(one: Found, hit: Hit, company: str) -> Line:
    return Line(one.subject, hit, "", company if company != hit.title else "", f"{one.organisation} {hit.url}")


def place_of(by: Actor, company: str) -> Text:
    """Where was looked, in words."""
    if by.kind is ActorKind.STAFF and can(by, LookUpRight.CUSTOMERS):
        return _("all customers of this portal")
    if any(over.works(by) for over in elsewhere):
        return _("%(company)s and your clients") % {"company": company}
    return company
