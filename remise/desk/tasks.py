from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.jobs import daily
from remise.desk import retention


@daily("desk.forget", label=_("Let go of the words of old requests"))
def forget(actor: Actor) -> None:
    retention.forget_old(actor)
