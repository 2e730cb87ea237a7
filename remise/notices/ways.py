"""How an insurer's notices reach the register on a day: as it chose itself, else as the installation was set up."""

from django.db.models import QuerySet

from remise.core import clock
from remise.core.actor import Actor
from remise.notices.models import Notice, RegisterSettings, RegisterWay


def settings_of(by: Actor) -> RegisterSettings:
    """Those of the portal, with the way that holds today; where nothing was laid down the register is not connected.
    To be read, and not to be saved."""
    found = RegisterSettings.objects.filter(portal=by.in_portal).first()
    settings = found or RegisterSettings(portal_id=by.in_portal)
    chosen = RegisterWay.objects.filter(portal=by.in_portal, starts__lte=clock.today(by)).order_by("-starts").first()
    if chosen is not None:
        settings.way, settings.insurer_code = chosen.way, chosen.insurer_code
    return settings


def under_way(by: Actor) -> QuerySet[Notice, Notice]:
    """Of which the register may tell by a connection what became of them."""
    going = Notice.objects.filter(portal=by.in_portal, state__in=Notice.UNDER_WAY)
    return going.filter(batch__way=RegisterSettings.Way.HTTP)


def is_answered(by: Actor, way: str) -> bool:
    """Whether answers are to be fetched: also of what went by a connection before notices went by file."""
    return way == RegisterSettings.Way.HTTP or (way == RegisterSettings.Way.FILE and under_way(by).exists())


def to_come(by: Actor) -> list[RegisterWay]:
    """Chosen, and not begun."""
    return list(RegisterWay.objects.filter(portal=by.in_portal, starts__gt=clock.today(by)).order_by("starts"))
