"""What is done to drivers and lessees: written down, changed, erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor, can
from remise.core.doors import rows
from remise.core.errors import BrokenRule, Forbidden
from remise.core.identifiers import IdentifierError, KvkNumber, Plate, mail_address, number_key
from remise.core.ledger.versions import VersionQuerySet
from remise.fleet.models import RegistrationVersion
from remise.fleet.parties.selectors import current, merged_with, no_such_party
from remise.fleet.rights import FleetRight
from remise.messages.actions import forget_address
from remise.organisations.access import visible_branches
from remise.organisations.fields import FieldGroup, require_seen
from remise.organisations.models import Party
from remise.runs.actions import forget_exports
from remise.ui.formats import number

MOST_CHANGES = 50  # that are kept of one party
FEW = 5
FIELD_OF = {
    "organisations_party_kvk": "kvk",
    "organisations_party_kvk_of_a_company": "kvk",
    "organisations_party_reference": "reference",
    "organisations_party_known_by_name": "reference",
}
ERASED: dict[str, object] = {
    "name": "",
    "kvk": None,
    "reference": None,
    "email": "",
    "phone": "",
    "changes": [],
}


@dataclass(frozen=True, slots=True)
class Particulars:
    """As they were typed."""

    kind: str
    name: str
    reference: str = ""
    kvk: str = ""
    email: str = ""
    phone: str = ""


@transaction.atomic
def add_party(*, by: Actor, particulars: Particulars) -> Party:
    """Somebody whom no vehicle has yet. The branch worked in sees it, beside who sees the whole company."""
    branch = _branch(by)
    _require(by, branch)
    party = Party(portal=by.in_portal, organisation=by.company, branch=branch, made_at=clock.now(by))
    _fill(party, _read(particulars))
    save(party)
    events.record("party.added", by=by, subject=("party", party.id))
    return party


@transaction.atomic
def change_party(*, by: Actor, party: int, particulars: Particulars) -> Party:
    """What was there before is kept beside it, and goes with it."""
    return _change(by, _held(by, party), _read(particulars))


def _change(by: Actor, found: Party, wanted: Mapping[str, object]) -> Party:
    changed = [field for field, value in wanted.items() if getattr(found, field) != value]
    if not changed:
        return found
    elsewhere = _("This driver or lessee is also known in a branch where you may not change it. Ask who works there.")
    require_all_branches(by, found, elsewhere)
    said = {field: [getattr(found, field) or "", wanted[field] or ""] for field in changed}
    line = {"at": clock.now(by).isoformat(), "account": by.account, "by_system": by.by_system, "fields": said}
    _fill(found, wanted)
    found.changes = [line, *found.changes][:MOST_CHANGES]
    save(found)
    events.record("party.changed", by=by, subject=("party", found.id), after={"fields": sorted(changed)})
    return found


@transaction.atomic
def remember_address(*, by: Actor, party: int, email: str) -> None:
    """Where a receipt or card went is offered the next time."""
    _change(by, _held(by, party), {"email": _email(email.strip())})


@transaction.atomic
def erase_party(*, by: Actor, party: int) -> None:
    """Who it was is forgotten, with all that was changed of it and by what it is found; the ledger keeps the number.
    Refused while a vehicle on cover, or one that will be, has this driver or lessee."""
    found = _held(by, party)
    ((is_held,),) = rows("select held_here(%s, %s)", by.company, None)
    if is_held:
        raise BrokenRule(_("The insurer has to keep this name for now. Ask its desk until when."), code="held")
    require_all_branches(
        by, found, _("This driver or lessee is also known in a branch where you may not erase. Ask who works there.")
    )
    still = vehicles_of(found).not_ended(clock.today(by)).order_by("plate")
    plates = still.values_list("plate", flat=True).distinct()
    if named := [Plate(plate).formatted for plate in plates[:FEW]]:
        if more := plates.count() - len(named):
            named.append(_("%(count)s more") % {"count": number(more)})
        message = _("Still the driver or lessee of %(plates)s. Name another one for it first, or deregister it.")
        raise BrokenRule(message % {"plates": ", ".join(named)}, code="in_use")
    erase(by, found)


def require_all_branches(by: Actor, party: Party, message: str) -> None:
    """Who may do this in some branches does not do it to those of others."""
    branches = visible_branches(by, FleetRight.MANAGE_PARTIES)
    if branches is None:
        return
    written_down = {one.branch for one in (party, *merged_with(party))} - {None}
    if written_down - set(branches) or vehicles_of(party).exclude(branch__in=branches).exists():
        raise BrokenRule(message, code="other_branch")


def erase(by: Actor, party: Party) -> None:
    """With whoever was merged into this one. Mails to all their addresses are emptied with it, and lists that were
    made before are no longer there."""
    everybody = [*merged_with(party), party]
    for one in everybody:
        for address in _addresses(one, everybody):
            forget_address(organisation=one.organisation, address=address)
        _fill(one, ERASED)
        one.erased_at = clock.now(by)
        one.save()
    forget_exports(by=by, organisation=party.organisation)
    events.record("party.erased", by=by, organisation=party.organisation, subject=("party", party.id))


def _addresses(party: Party, erased: Sequence[Party]) -> set[str]:
    """That it has and had; one that it had and somebody else has by now is theirs."""
    had = {address.lower() for line in party.changes for address in line["fields"].get("email", ()) if address}
    others = Party.objects.filter(Party.LIVING, organisation=party.organisation)
    others = others.exclude(id__in=[one.id for one in erased])
    theirs = others.alias(lower=Lower("email")).filter(lower__in=had).values_list("email", flat=True)
    had -= {email.lower() for email in theirs}
    return had | {party.email.lower()} if party.email else had


def vehicles_of(party: Party) -> VersionQuerySet[RegistrationVersion]:
    """As known now, also those named with whoever was merged into this one."""
    ids = {party.id, *(one.id for one in merged_with(party))}
    known: VersionQuerySet[RegistrationVersion] = RegistrationVersion.objects.known()
    return known.filter(Q(driver__in=ids) | Q(lessee__in=ids), organisation=party.organisation)


def _branch(by: Actor) -> int | None:
    """For who may do this in some branches alone one of these."""
    where = visible_branches(by, FleetRight.MANAGE_PARTIES)
    return by.branch if where is None or by.branch in where else min(where, default=None)


def _require(by: Actor, branch: int | None) -> None:
    decision = can(by, FleetRight.MANAGE_PARTIES, organisation=by.organisation, branch=branch)
    if not decision:
        raise Forbidden(decision)
    require_seen(by, FieldGroup.PEOPLE, field="name")


def _held(by: Actor, party: int) -> Party:
    """Locked with whoever was merged into this one, so that no vehicle gets who is erased at this moment
    (organisations.parties)."""
    (found,) = locked(by, [party])
    return as_it_was_seen(by, found)


def locked(by: Actor, parties: Sequence[int]) -> list[Party]:
    """Each with whoever was merged into it, in one order, so that two at once do not wait for each other."""
    stayed = [current(by, number, right=FleetRight.MANAGE_PARTIES).id for number in parties]
    every = Party.objects.filter(Q(id__in=[*stayed, *parties]) | Q(merged_into__in=stayed), organisation=by.company)
    found = {one.id: one for one in every.select_for_update().order_by("id")}
    return [found[number] for number in parties]


def as_it_was_seen(by: Actor, party: Party) -> Party:
    """What was meant for one is not done to whom it was merged with meanwhile."""
    if party.erased_at is not None:
        raise no_such_party()
    if party.merged_into is not None:
        stayed = current(by, party.id, right=FleetRight.MANAGE_PARTIES)
        raise BrokenRule(_("This is %(name)s by now: look there.") % {"name": stayed.name}, code="merged")
    return party


def _read(said: Particulars) -> dict[str, object]:
    """As it is kept; raises BrokenRule beside the field."""
    name = " ".join(said.name.split())
    if not name or not name.isprintable():
        raise BrokenRule(_("Fill in the name."), code="required", field="name")
    if said.kind not in Party.Kind.values:
        raise BrokenRule(_("Choose one of the options."), code="invalid_choice", field="kind")
    reference = said.reference.strip()
    if reference and (not number_key(reference) or not reference.isprintable() or set(reference) & set("()")):
        message = _("A number has letters or digits, and no brackets.")
        raise BrokenRule(message, code="reference", field="reference")
    return {
        "kind": said.kind,
        "name": name,
        "reference": reference or None,
        "kvk": _kvk(said),
        "email": _email(said.email.strip()),
        "phone": " ".join(said.phone.split()),
    }


def _kvk(said: Particulars) -> str | None:
    if not said.kvk.strip():
        return None
    if said.kind != Party.Kind.COMPANY:
        raise BrokenRule(_("A person has no KvK number."), code="kvk_of_a_person", field="kvk")
    try:
        return KvkNumber.parse(said.kvk).value
    except IdentifierError as error:
        raise BrokenRule(str(error), code=error.code, field="kvk") from error


def _email(typed: str) -> str:
    try:
        return mail_address(typed) if typed else ""
    except IdentifierError as error:
        raise BrokenRule(str(error), code=error.code, field="email") from error


def _fill(party: Party, values: Mapping[str, object]) -> None:
    for field, value in values.items():
        setattr(party, field, value)


def save(party: Party) -> None:
    """What the database holds is said in its own words, also to the second of two at once."""
    try:
        with transaction.atomic():
            party.save()
    except IntegrityError as error:
        broken = next((one for one in Party._meta.constraints if one.name and one.name in str(error)), None)
        if broken is None or broken.name not in FIELD_OF:
            raise
        message = broken.violation_error_message or ""
        raise BrokenRule(message, code=broken.name, field=FIELD_OF[broken.name]) from error
