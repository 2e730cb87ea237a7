"""The insurer chooses how its notices go to the register."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.notices.access import require_connect
from remise.notices.models import RegisterSettings, RegisterWay

Way = RegisterSettings.Way


@transaction.atomic
def choose_way(*, by: Actor, way: str, insurer_code: str, starts: date) -> RegisterWay:
    """From a day on. One that has begun stays as it was: the next one takes its place. Chosen again for the same day,
    the last word counts; the same twice is done once."""
    require_connect(by)
    if way not in Way.values:
        raise BrokenRule(_("Choose how notices go."), code="choice", field="way")
    code = insurer_code.strip()
    if way != Way.NONE and not code:
        raise BrokenRule(
            _("Fill in the code by which the register knows you."), code="code_missing", field="insurer_code"
        )
    if starts < clock.today(by):
        raise BrokenRule(_("Choose today or a later day: what is past went as it went."), code="past", field="starts")
    # The row that numbers batches; where the installation has none it is made, and whoever chooses now waits here.
    RegisterSettings.objects.get_or_create(portal_id=by.in_portal)
    RegisterSettings.objects.select_for_update(no_key=True).get(portal=by.in_portal)
    said = {"way": way, "insurer_code": code}
    before = RegisterWay.objects.filter(portal=by.in_portal, starts=starts).first()
    was = {name: getattr(before, name) for name in said} if before else None
    if before is not None and was == said:
        return before
    made, _is_new = RegisterWay.objects.update_or_create(
        portal=by.in_portal, starts=starts, defaults={**said, "set_at": clock.now(by), "set_by": by.account}
    )
    events.record(
        "register_way.chosen",
        by=by,
        subject=("register_way", made.id),
        before=was,
        after={**said, "starts": starts.isoformat()},
    )
    if way == Way.HTTP and starts == clock.today(by):
        from remise.notices.tasks import send

        send.defer(by.in_portal)
    return made
