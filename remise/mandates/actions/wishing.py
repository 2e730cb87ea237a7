"""Who acts by a mandate asks for one right more; who gives mandates in the company says yes by changing it, or no.

What is wished stands in the company's events alone, and is told for so many days (rules.WISHED).
"""

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.core.limits import refusing
from remise.mandates import selectors
from remise.mandates.actions import giving
from remise.mandates.models import Mandate
from remise.mandates.rights import unknown
from remise.mandates.rules import BY_PERSON, last_day_of


@transaction.atomic
def wish_for_right(*, by: Actor, right: str) -> Mandate:
    """By who acts for a client. Asking again, while it is told, is asking once."""
    mandate = selectors.own_mandate(by)
    if mandate is None or unknown([right]):
        raise NotVisible(_("There is nothing here"))
    locked = Mandate.objects.select_for_update(no_key=True).get(id=mandate.id)  # two clicks meet here
    if right in locked.rights:
        raise BrokenRule(_("The mandate gives this right already."), code="right_held")
    if not selectors.is_wished(by, locked, right):
        with refusing(_("You asked for many rights today. Speak to your client, or go on tomorrow.")):
            BY_PERSON.take(by.account)
        _record("mandate.wished", by, locked, right)
    return locked


@transaction.atomic
def grant_wish(*, by: Actor, mandate: int, right: str, must_end: bool) -> Mandate:
    """The right is added; all else of the mandate stays."""
    found = _wished(by, mandate, right)
    return giving.change_mandate(
        by=by,
        mandate=found.id,
        rights=[*found.rights, right],
        branches=found.branches,
        fields=found.fields,
        last_day=last_day_of(found.ends),
        must_end=must_end,
    )


@transaction.atomic
def decline_wish(*, by: Actor, mandate: int, right: str) -> Mandate:
    found = _wished(by, mandate, right)
    _record("mandate.wish_declined", by, found, right)
    return found


def _wished(by: Actor, mandate: int, right: str) -> Mandate:
    found = giving.standing(by, mandate)
    if right in found.rights or not selectors.is_wished(by, found, right):
        raise BrokenRule(_("A colleague answered this already, or it is not asked any more."), code="answered")
    return found


def _record(kind: str, by: Actor, mandate: Mandate, right: str) -> None:
    subject = ("mandate", mandate.id)
    events.record(kind, by=by, organisation=mandate.organisation, subject=subject, after={"right": right})
