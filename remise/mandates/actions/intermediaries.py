"""What the insurer says of an intermediary: its number, its tier, and whom its customers call."""

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import events
from remise.core.actor import Actor, can
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.keeping import Kept, code, require_keeper, settle, words
from remise.mandates.models import Intermediary, Tier
from remise.mandates.rights import IntermediaryBookRight, IntermediaryRight


@transaction.atomic
def set_intermediary(
    *, by: Actor, intermediary: int, tier: int, contact: str, phone: str = "", email: str = ""
) -> Intermediary:
    """From the next page on: a higher tier opens what it opens, a lower one closes it."""
    decision = can(by, IntermediaryRight.MANAGE)
    if not decision:
        raise Forbidden(decision)
    here = Intermediary.objects.filter(portal=by.in_portal, id=intermediary)
    found = here.select_for_update(no_key=True).first()
    if found is None or not Tier.objects.filter(portal=by.in_portal, id=tier).exists():
        raise NotVisible(_("This intermediary does not exist."))
    before = found.tier_id
    _settle(by, found, {"tier_id": tier, **_reached(contact, phone, email)}, before=before)
    return found


@transaction.atomic
def keep_intermediary(
    *, by: Actor, office: int, number: str, tier: str, contact: str, phone: str = "", email: str = ""
) -> Kept:
    """By the insurer's books: an office of this portal, known by it; saying it twice is saying it once."""
    portal = require_keeper(by, IntermediaryBookRight.KEEP)
    stored = code(number, field="number", longest=20)
    ranked = Tier.objects.filter(portal=portal, code=tier.strip()).first()
    if stored is None or ranked is None:
        field = "number" if stored is None else "tier"
        raise BrokenRule(_("An intermediary has a number and a tier of this insurer."), code=field, field=field)
    reached = _reached(contact, phone, email)
    known = Intermediary.objects.filter(portal=portal, office=office).select_for_update(no_key=True).first()
    if known is None:
        made = Intermediary.objects.create(portal_id=portal, office_id=office, number=stored, tier=ranked, **reached)
        _record(by, made, before=None)
        return Kept.ADDED
    changed = _settle(by, known, {"number": stored, "tier_id": ranked.id, **reached}, before=known.tier_id)
    return Kept.CHANGED if changed else Kept.SAME


def _reached(contact: str, phone: str, email: str) -> dict[str, str]:
    if not (phone.strip() or email.strip()):
        raise BrokenRule(_("Give a phone number or a mail address."), code="unreachable", field="phone")
    name = words(contact, field="contact", longest=160)
    return {"contact": name, "phone": phone.strip(), "email": email.strip()}


def _settle(by: Actor, found: Intermediary, wanted: dict[str, object], *, before: int) -> bool:
    changed = settle(found, wanted)
    if changed:
        _record(by, found, before=before)
    return bool(changed)


def _record(by: Actor, found: Intermediary, *, before: int | None) -> None:
    """The tier; whom customers call stands in the row."""
    events.record(
        "intermediary.changed" if before else "intermediary.added",
        by=by,
        organisation=found.office_id,
        subject=("intermediary", found.id),
        before={"tier": before} if before else None,
        after={"tier": found.tier_id},
    )
