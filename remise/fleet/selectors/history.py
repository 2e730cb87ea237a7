"""One vehicle on a policy: what holds, and everything that led there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import NotVisible
from remise.core.ledger.operations import Segment
from remise.core.models import Entry, Item
from remise.core.words import Text
from remise.desk.models import DeskRequest
from remise.desk.selectors import visible_requests
from remise.fleet.entries import doer_of, made_on, what_happened
from remise.fleet.findings import AT_DESK, Explained, explain
from remise.fleet.models import RegistrationVersion
from remise.fleet.radar.selectors import Found, shown_of
from remise.fleet.rules import nearest
from remise.fleet.selectors.branches import branches_of, branches_of_entries, may_see
from remise.fleet.selectors.covers import whole
from remise.fleet.selectors.findings import open_findings
from remise.fleet.selectors.receipts import emptied_by, terms_of
from remise.organisations.fields import living_parties, party_names
from remise.organisations.models import Branch
from remise.organisations.names import doers
from remise.policies.models import Policy
from remise.policies.selectors import rules_of


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened to a vehicle on its policy."""

    entry: Entry
    by: str  # as this reader may know it
    what: str  # as entries.what_happened says it
    corrected: bool  # undone by a later entry
    emptied: tuple[str, ...]  # labels of what it made empty


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """`request` is the desk's, where this reader may see it."""

    explained: Explained
    request: DeskRequest | None
    found: Found | None  # with what there is to do, where the customer acts on it

    @property
    def title(self) -> Text:
        return self.explained.title

    @property
    def text(self) -> Text:
        return self.explained.text


@dataclass(frozen=True, slots=True)
class History:
    """What holds now (else next, else last), and everything that led there, newest first."""

    item: Item
    versions: list[RegistrationVersion]
    lines: list[Line]
    lessee: str
    driver: str
    living: frozenset[int]  # of these two, whose page can be opened
    branch: Branch | None
    findings: list[OpenFinding]
    shown: RegistrationVersion | None  # what held on the day asked for; without one, what holds now, next or last
    cover: Segment | None  # all of the cover that this is a part of
    place: Branch | None  # the branch it stood in then; `branch` is that of the version known last

    @property
    def latest(self) -> RegistrationVersion | None:
        return self.versions[-1] if self.versions else None

    def runs(self, today: date) -> bool:
        """Is it on cover, or going to be?"""
        return self.latest is not None and (self.latest.ends is None or self.latest.ends > today)


def history(by: Actor, item: int, *, day: date | None = None, known_at: datetime | None = None) -> History:
    """All about one vehicle on a policy; raises NotVisible where this actor may not see it. With a day: what held on
    it, as known at a moment or now."""
    found = Item.objects.filter(id=item, kind=RegistrationVersion.KIND, organisation=by.company).first()
    branch = branches_of(found.policy, [found.key]).get(found.key) if found else None
    if found is None or not may_see(by, branch):
        raise NotVisible(_("There is no such vehicle."))
    versions = list(RegistrationVersion.objects.filter(item=found).known().order_by("starts"))
    branch_of = branches_of_entries(found.policy, [found.key])
    entries = list(Entry.objects.filter(item=found).order_by("-id"))
    undone = {entry.undoes_id for entry in entries if entry.undoes_id}
    seen = [entry for entry in entries if may_see(by, branch_of.get(entry.id))]
    who = doers(by, [doer_of(entry, by) for entry in seen])
    emptied = _emptied(found, seen)
    held, last = versions, nearest(versions, clock.today(by))
    if day is not None:
        held = list(RegistrationVersion.objects.filter(item=found).known(known_at).order_by("starts"))
        last = next((one for one in held if one.starts <= day and (one.ends is None or day < one.ends)), None)
        branch = last.branch if last else branch
        if not may_see(by, branch):
            raise NotVisible(_("There is no such vehicle."))
    cover = nearest(whole(held), last.starts) if last else None
    branches = Branch.objects.filter(organisation=by.company).in_bulk(
        {one for one in (branch, last.branch if last else None) if one}
    )
    named = [party for party in (last.lessee, last.driver) if party] if last else []
    names, living = party_names(by, named), living_parties(by, named)
    return History(
        item=found,
        versions=versions,
        lines=[
            Line(entry, name, what_happened(entry), entry.id in undone, emptied.get(entry.id, ()))
            for entry, name in zip(seen, who, strict=True)
        ],
        lessee=names.get(last.lessee or 0, "") if last else "",
        driver=names.get(last.driver or 0, "") if last else "",
        living=living,
        branch=branches.get(branch or 0),
        findings=_findings(by, found),
        shown=last,
        cover=cover,
        place=branches.get((last.branch if last else branch) or 0),
    )


def _emptied(item: Item, entries: Sequence[Entry]) -> dict[int, tuple[str, ...]]:
    """By entry; the product is asked for the few that made anything empty."""
    changes = [entry for entry in entries if what_happened(entry) == "changed"]
    clearing = [entry for entry in changes if None in terms_of(entry).values()]
    policy = Policy.objects.select_related("product").get(id=item.policy) if clearing else None
    return {entry.id: emptied_by(entry, rules_of(policy, on=made_on(entry))) for entry in clearing if policy}


def _findings(by: Actor, item: Item) -> list[OpenFinding]:
    found = list(open_findings(by).filter(item=item).select_related("item").order_by("id"))
    own = {one.finding.id: one for one in shown_of(by, [one for one in found if one.kind not in AT_DESK])}
    requests = visible_requests(by).in_bulk([one.request for one in found if one.request]) if found else {}
    return [
        OpenFinding(explain(one.kind, one.said), requests.get(one.request or 0), own.get(one.id)) for one in found
    ]
