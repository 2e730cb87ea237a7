"""The insurer's book of policies: made, or brought up to date. Saying it twice is saying it once."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import events
from remise.core.actor import Actor, can
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.identifiers import number_key
from remise.core.keeping import Kept, code, require_keeper, settle
from remise.core.models import Entry
from remise.mandates.models import Intermediary
from remise.mandates.rights import IntermediaryRight
from remise.policies.models import Policy, Product
from remise.policies.rights import PolicyRight


@transaction.atomic
def keep_policy(
    *, by: Actor, organisation: int, product: str, number: str, starts: date, ends: date | None = None
) -> Kept:
    """A policy of this company, known by its number; `ends` is the first day without it. Company and product stay."""
    portal = require_keeper(by, PolicyRight.KEEP)
    stored = code(number, field="number", longest=20)
    if stored is None:
        raise BrokenRule(_("The policy number is missing."), code="number_missing", field="number")
    if ends is not None and ends <= starts:
        raise BrokenRule(_("A policy ends after the day it starts."), code="ends_too_early", field="last_day")
    sold = Product.objects.filter(portal=portal, code=product.strip()).first()
    if sold is None:
        message = _("This insurer has no product with the code %(code)s.")
        raise BrokenRule(message % {"code": product.strip()}, code="product_unknown", field="product")
    known = Policy.objects.filter(portal=portal, number_key=number_key(stored)).select_for_update(no_key=True).first()
    said: dict[str, object] = {"starts": starts.isoformat(), "ends": ends and ends.isoformat()}
    if known is None:
        made = Policy.objects.create(
            portal=portal, organisation=organisation, product=sold, number=stored, starts=starts, ends=ends
        )
        _record("policy.added", by, made, after=said | {"product": sold.id})
        return Kept.ADDED
    _stays(known, organisation, sold)
    _leaves_no_entry_outside(known, starts, ends)
    before: dict[str, object] = {"starts": known.starts.isoformat(), "ends": known.ends and known.ends.isoformat()}
    if not settle(known, {"starts": starts, "ends": ends}):
        return Kept.SAME
    _record("policy.changed", by, known, before=before, after=said)
    return Kept.CHANGED


@transaction.atomic
def assign_intermediary(*, by: Actor, number: str, intermediary: int | None) -> Policy:
    """Who looks after this policy from now on; None = the insurer itself. By the insurer's people: the office reaches
    the company at once, as far as its tier opens that, and the one before reaches it no more."""
    decision = can(by, IntermediaryRight.MANAGE)
    if not decision:
        raise Forbidden(decision)
    known = (
        Policy.objects.filter(portal=by.in_portal, number_key=number_key(number))
        .select_for_update(no_key=True)
        .first()
    )
    if known is None:
        raise BrokenRule(_("There is no policy with this number."), code="policy_unknown", field="number")
    here = Intermediary.objects.filter(portal=by.in_portal)
    if intermediary is not None and not here.filter(id=intermediary).exists():
        raise NotVisible(_("This intermediary does not exist."))
    _assign(by, known, intermediary)
    return known


@transaction.atomic
def keep_assignment(*, by: Actor, number: str, intermediary: str | None) -> Kept:
    """The same by the insurer's book, which names the intermediary by its number."""
    portal = require_keeper(by, PolicyRight.KEEP)
    known = Policy.objects.filter(portal=portal, number_key=number_key(number)).select_for_update(no_key=True).first()
    if known is None:
        raise BrokenRule(_("There is no policy with this number."), code="policy_unknown", field="policy")
    wanted = (intermediary or "").strip()
    found = Intermediary.objects.filter(portal=portal, number_key=number_key(wanted)).first() if wanted else None
    if wanted and found is None:
        message = _("This insurer has no intermediary with the number %(number)s.")
        raise BrokenRule(message % {"number": wanted}, code="intermediary_unknown", field="intermediary")
    return Kept.CHANGED if _assign(by, known, found.id if found else None) else Kept.SAME


def _assign(by: Actor, known: Policy, intermediary: int | None) -> bool:
    before = known.agent_id
    if before == intermediary:
        return False
    known.agent_id = intermediary
    known.save(update_fields=["agent"])
    _record("policy.assigned", by, known, before={"intermediary": before}, after={"intermediary": intermediary})
    return True


def _stays(known: Policy, organisation: int, sold: Product) -> None:
    if known.organisation != organisation:
        message = _("This policy number belongs to another company.")
        raise BrokenRule(message, code="number_taken", field="number")
    if known.product_id != sold.id:
        message = _("This policy is of another product, and a policy keeps its product.")
        raise BrokenRule(message, code="product_stays", field="product")


def _leaves_no_entry_outside(known: Policy, starts: date, ends: date | None) -> None:
    """What was agreed on a day of the policy stays on a day of the policy."""
    agreed = Entry.objects.filter(organisation=known.organisation, item__policy=known.id, undone_by=None)
    if starts > known.starts and agreed.filter(starts__lt=starts).exists():
        message = _("Something was registered on this policy before this day.")
        raise BrokenRule(message, code="entries_before", field="starts")
    if ends is not None and (known.ends is None or ends < known.ends) and agreed.filter(starts__gte=ends).exists():
        message = _("Something was registered on this policy after this day.")
        raise BrokenRule(message, code="entries_after", field="last_day")


def _record(kind: str, by: Actor, policy: Policy, **said: dict[str, object]) -> None:
    events.record(kind, by=by, organisation=policy.organisation, subject=("policy", policy.id), **said)
