from django.utils.translation import gettext_lazy as _

from remise.api import retention
from remise.core.actor import Actor
from remise.core.jobs import daily


@daily("api.forget", label=_("Let go of old answers to programs"))
def forget(actor: Actor) -> None:
    retention.forget_old(actor)
