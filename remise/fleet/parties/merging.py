"""Two drivers or lessees who turn out to be one: the one stays, and the other is found as that one from then on
(docs/adr/0033). The vehicles keep the number that they were given, and the ledger is untouched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.core.words import Text
from remise.fleet.parties.actions import MOST_CHANGES, as_it_was_seen, locked, require_all_branches, save
from remise.fleet.parties.changes import LABELS, in_words
from remise.fleet.parties.selectors import Period, current, party_of, periods
from remise.fleet.rights import FleetRight
from remise.organisations.fields import FieldGroup, require_seen
from remise.organisations.models import Party

# What the one that stays gets from the other, where it has none itself.
TAKEN_OVER = ("reference", "kvk", "email", "phone")


@dataclass(frozen=True, slots=True)
class Preview:
    """Both, and what would become of them."""

    party: Party  # stays
    other: Party
    taken_over: Mapping[str, str]
    moves: Sequence[Period]  # of the other: shown with the one that stays

    @property
    def sides(self) -> list[tuple[Text, str, str, bool]]:
        """What there is of either: label, of the one that stays, of the other, and whether that is taken over."""
        lines = [
            (label, in_words(self.party, field), in_words(self.other, field), field in self.taken_over)
            for field, label in LABELS.items()
        ]
        return [line for line in lines if line[1] or line[2]]


def preview(by: Actor, *, party: int, other: int) -> Preview:
    """Raises why they cannot be made one."""
    right = FleetRight.MANAGE_PARTIES
    stays, goes = party_of(by, party, right=right), party_of(by, other, right=right)
    _require_mergeable(by, stays, goes)
    return Preview(stays, goes, taken_over(stays, goes), periods(by, goes))


@transaction.atomic
def merge_parties(*, by: Actor, party: int, other: int) -> Party:
    """The one that stays. Done again, or the other way round meanwhile, they are one already, and nothing happens.
    It is not undone: whom a vehicle had before both were one is written in the ledger by number alone."""
    require_seen(by, FieldGroup.PEOPLE, field="name")
    _one_at_a_time(by)
    rows = locked(by, [party, other])
    if party != other and len({row.merged_into or row.id for row in rows}) == 1:
        return current(by, party, right=FleetRight.MANAGE_PARTIES)
    stays, goes = (as_it_was_seen(by, row) for row in rows)
    _require_mergeable(by, stays, goes)
    taken = taken_over(stays, goes)
    Party.objects.filter(organisation=by.company, merged_into=goes.id).update(merged_into=stays.id)
    goes.merged_into = stays.id
    goes.save(update_fields=["merged_into"])
    said = {field: ["", value] for field, value in taken.items()}
    line = {
        "at": clock.now(by).isoformat(),
        "account": by.account,
        "by_system": by.by_system,
        "fields": said,
        "merged": goes.id,
    }
    for field, value in taken.items():
        setattr(stays, field, value)
    stays.changes = [line, *stays.changes][:MOST_CHANGES]
    save(stays)
    after = {"merged": goes.id, "fields": sorted(taken)}
    events.record("party.merged", by=by, subject=("party", stays.id), after=after)
    return stays


def _one_at_a_time(by: Actor) -> None:
    """In one company: of two that meet in a third one, each would else hold what the other waits for."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('fleet.merging'), %s::int)", [by.company])


def taken_over(party: Party, other: Party) -> dict[str, str]:
    """A KvK number is a company's alone."""
    lacking = (field for field in TAKEN_OVER if not getattr(party, field) and getattr(other, field))
    return {field: getattr(other, field) for field in lacking if field != "kvk" or party.kind == Party.Kind.COMPANY}


def _require_mergeable(by: Actor, party: Party, other: Party) -> None:
    if party.id == other.id:
        raise BrokenRule(_("Choose another driver or lessee than this one."), code="same_party", field="other")
    if party.kvk and other.kvk and party.kvk != other.kvk:
        message = _("These have two KvK numbers, so they are two companies. Correct the wrong one first.")
        raise BrokenRule(message, code="two_companies", field="other")
    for one in (party, other):
        require_all_branches(
            by, one, _("One of these is also known in a branch where you may not change them. Ask who works there.")
        )
