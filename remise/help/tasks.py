from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.jobs import daily
from remise.help import retention


@daily("help.forget", label=_("Let go of old remarks about the help"))
def forget(actor: Actor) -> None:
    retention.forget_old(actor)
