"""What the desk does about a notice that the register refused."""

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.core.identifiers import CheckCode
from remise.core.models import Item
from remise.fleet.actions import change_check_code
from remise.notices.access import notice_of, require_handle
from remise.notices.models import Notice
from remise.policies.models import Policy

State = Notice.State


@transaction.atomic
def send_again(*, by: Actor, notice: int) -> Notice:
    """As it is: the register has put right on its side what it refused it for."""
    require_handle(by)
    held = _held(by, notice)
    held.state, held.batch, held.line, held.sent_at, held.answered_at = State.PENDING, None, None, None, None
    held.save(update_fields=["state", "batch", "line", "sent_at", "answered_at"])
    events.record(
        "notice.sent_again",
        by=by,
        organisation=held.organisation,
        subject=("notice", held.id),
        after={"item": held.item_id, "policy": held.policy, "kind": held.kind},
    )
    _go(by)
    return held


@transaction.atomic
def correct_code(*, by: Actor, notice: int, check_code: CheckCode) -> None:
    """Another check code: of the vehicle itself, so that what the ledger says and what the register is told are one.
    The refused notice is replaced by one that follows from that."""
    require_handle(by)
    found = notice_of(by, notice)
    if found.item_id is None or found.check_code is None:
        raise BrokenRule(_("There is no check code in this notice."), code="no_check_code", field="check_code")
    policy = Policy.objects.get(portal=by.in_portal, id=found.policy)
    # Before the notice, as every change of cover holds them.
    Item.objects.select_for_update(no_key=True).get(id=found.item_id)
    held = _held(by, notice)
    change_check_code(by=by, policy=policy, item=found.item_id, check_code=check_code)
    held.refresh_from_db()
    if held.state == State.REJECTED:
        raise BrokenRule(
            _("This notice is about a cover that ended before the last one. Its check code cannot be changed here."),
            code="earlier_cover",
        )


def _held(by: Actor, notice: int) -> Notice:
    held = Notice.objects.select_for_update(no_key=True).get(portal=by.in_portal, id=notice_of(by, notice).id)
    if held.state != State.REJECTED:
        raise BrokenRule(_("The register has not refused this notice."), code="not_refused")
    return held


def _go(by: Actor) -> None:
    from remise.notices.tasks import send

    send.defer_after(1, by.in_portal)
