from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.jobs import daily
from remise.operations import retention


@daily("operations.forget", label=_("Let go of work that gave up long ago"))
def forget(actor: Actor) -> None:
    retention.forget_old(actor)
