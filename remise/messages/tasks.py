from remise.core.actor import Actor
from remise.core.jobs import URGENT, Lane, daily, stepwise
from remise.messages import sending


@stepwise("messages.send", lane=Lane.QUICK, priority=URGENT)
def send(actor: Actor, *, mail: str) -> None:
    sending.send(actor, mail=mail)


@daily("messages.forget")
def forget(actor: Actor) -> None:
    sending.forget_old(actor)
