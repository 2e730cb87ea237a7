from remise.core.actor import Actor
from remise.core.jobs import daily
from remise.desk import retention


@daily("desk.forget")
def forget(actor: Actor) -> None:
    retention.forget_old(actor)
