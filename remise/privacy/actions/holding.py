"""Setting and lifting a legal hold."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.errors import BrokenRule, NotVisible
from remise.core.keeping import words
from remise.organisations.models import Organisation
from remise.portals.models import LegalHold
from remise.privacy.rights import require


@transaction.atomic
def set_hold(*, by: Actor, whom: str, reason: str) -> LegalHold:
    """Of a company, by its KvK number or name, or of a person, by the address: nothing about them goes any more."""
    require(by)
    assert by.account is not None
    said = words(reason, field="reason", longest=200)
    whose = _person(whom) if "@" in whom else _company(by, whom)
    hold = LegalHold(portal_id=by.in_portal, reason=said, held_by=by.account, held_from=clock.now(by), **whose)
    try:
        with transaction.atomic():
            hold.save()
    except IntegrityError as error:
        raise BrokenRule(_("This is held already."), code="held_already", field="whom") from error
    events.record("hold.set", by=by, subject=("hold", hold.id), after=whose)
    return hold


@transaction.atomic
def lift_hold(*, by: Actor, hold: int) -> LegalHold:
    """What it kept goes again with the next night. Lifting twice is lifting once."""
    require(by)
    found = LegalHold.objects.select_for_update(no_key=True).filter(portal=by.in_portal, id=hold).first()
    if found is None:
        raise NotVisible(_("There is nothing here"))
    if found.ended_at is None:
        found.ended_at, found.ended_by = clock.now(by), by.account
        found.save(update_fields=["ended_at", "ended_by"])
        events.record("hold.lifted", by=by, subject=("hold", found.id))
    return found


def _person(whom: str) -> dict[str, int]:
    ((account,),) = rows("select held_person(%s)", whom.strip())
    if account is None:
        message = _("Nobody with this address works or worked for a company of yours.")
        raise BrokenRule(message, code="unknown", field="whom")
    return {"account": account}


def _company(by: Actor, whom: str) -> dict[str, int]:
    said = whom.strip()
    companies = Organisation.objects.filter(Q(kvk=said) | Q(name__iexact=said), portal=by.in_portal)
    found = list(companies.values_list("id", flat=True)[:2])
    if len(found) != 1:
        message = (
            _("No company of yours has this KvK number or name.")
            if not found
            else _("More than one company has this name. Fill in the KvK number.")
        )
        raise BrokenRule(message, code="unknown", field="whom")
    return {"company": found[0]}
