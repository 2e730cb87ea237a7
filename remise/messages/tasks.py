from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.jobs import URGENT, Lane, daily, stepwise
from remise.messages import retention, sending


@stepwise("messages.send", label=_("Send a mail"), lane=Lane.QUICK, priority=URGENT)
def send(actor: Actor, *, mail: str) -> None:
    sending.send(actor, mail=mail)


@daily("messages.forget", label=_("Let go of old mails"))
def forget(actor: Actor) -> None:
    retention.forget_old(actor)
