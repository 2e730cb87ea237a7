"""Who of the insurer's people sees the notices, and who handles them."""

from django.utils.translation import gettext as _

from remise.core.actor import Actor, can
from remise.core.errors import Forbidden, NotVisible
from remise.core.scope import ActorKind
from remise.fleet.rights import UnderwritingRight
from remise.notices.models import Batch, Notice
from remise.notices.rights import NoticeRight


def require_view(by: Actor) -> None:
    """For customers these pages are not there."""
    if by.kind is not ActorKind.STAFF:
        raise NotVisible(_("There is nothing here"))
    _require(by, NoticeRight.VIEW)


def require_handle(by: Actor) -> None:
    if by.kind is not ActorKind.STAFF:
        raise NotVisible(_("There is nothing here"))
    _require(by, NoticeRight.HANDLE)


def require_connect(by: Actor) -> None:
    if by.kind is not ActorKind.STAFF:
        raise NotVisible(_("There is nothing here"))
    _require(by, NoticeRight.CONNECT)


def may_connect(by: Actor) -> bool:
    return bool(can(by, NoticeRight.CONNECT))


def may_handle(by: Actor) -> bool:
    return bool(can(by, NoticeRight.HANDLE))


def may_correct(by: Actor) -> bool:
    """A check code is the vehicle's own: changing it takes the right to that as well."""
    return may_handle(by) and bool(can(by, UnderwritingRight.ALLOW_LATE))


def notice_of(by: Actor, number: int) -> Notice:
    require_view(by)
    found = Notice.objects.filter(portal=by.in_portal, id=number).select_related("batch").first()
    if found is None:
        raise NotVisible(_("There is no such notice."))
    return found


def batch_of(by: Actor, number: int) -> Batch:
    require_view(by)
    found = Batch.objects.filter(portal=by.in_portal, id=number).first()
    if found is None:
        raise NotVisible(_("There is no such batch."))
    return found


def _require(by: Actor, right: NoticeRight) -> None:
    decision = can(by, right)
    if not decision:
        raise Forbidden(decision)
